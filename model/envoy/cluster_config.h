// Envoy's clusters as far as they act on what is simulated, named as in Envoy's API v3
// (config/cluster/v3). An absent optional is an unset field: Envoy's own default is applied where
// it is read. Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/envoy/route_config.h"
#include "sim/time.h"

namespace spillway::model::envoy {

struct RetryBudget {
  std::optional<double> budget_percent;                ///< absent: 20
  std::optional<std::uint32_t> min_retry_concurrency;  ///< absent: 3
  std::optional<sim::Duration> budget_interval;
  bool operator==(const RetryBudget&) const = default;
};

/// The thresholds of the DEFAULT priority.
struct CircuitBreakers {
  std::optional<std::uint32_t> max_connections;       ///< absent: 1024
  std::optional<std::uint32_t> max_pending_requests;  ///< absent: 1024
  std::optional<std::uint32_t> max_requests;          ///< absent: 1024
  std::optional<std::uint32_t> max_retries;           ///< absent: 3
  std::optional<RetryBudget> retry_budget;            ///< in place of max_retries
  bool operator==(const CircuitBreakers&) const = default;
};

struct OutlierDetection {
  std::optional<std::uint32_t> consecutive_5xx;
  std::optional<std::uint32_t> enforcing_consecutive_5xx;
  std::optional<std::uint32_t> consecutive_gateway_failure;
  std::optional<std::uint32_t> enforcing_consecutive_gateway_failure;
  std::optional<std::uint32_t> consecutive_local_origin_failure;
  std::optional<std::uint32_t> enforcing_consecutive_local_origin_failure;
  std::optional<sim::Duration> interval;
  std::optional<sim::Duration> base_ejection_time;
  std::optional<sim::Duration> max_ejection_time;
  std::optional<sim::Duration> max_ejection_time_jitter;
  std::optional<std::uint32_t> max_ejection_percent;
  std::optional<bool> always_eject_one_host;
  std::optional<std::uint32_t> success_rate_minimum_hosts;
  std::optional<std::uint32_t> success_rate_request_volume;
  std::optional<std::uint32_t> success_rate_stdev_factor;
  std::optional<std::uint32_t> enforcing_success_rate;
  std::optional<std::uint32_t> enforcing_local_origin_success_rate;
  std::optional<std::uint32_t> failure_percentage_threshold;
  std::optional<std::uint32_t> enforcing_failure_percentage;
  std::optional<std::uint32_t> failure_percentage_minimum_hosts;
  std::optional<std::uint32_t> failure_percentage_request_volume;
  bool split_external_local_origin_errors = false;
  bool operator==(const OutlierDetection&) const = default;
};

struct SlowStartConfig {
  std::optional<sim::Duration> slow_start_window;
  std::optional<double> aggression;
  std::optional<double> min_weight_percent;
  bool operator==(const SlowStartConfig&) const = default;
};

enum class LbPolicy { round_robin, least_request, random, ring_hash, maglev, original_dst };

struct Cluster {
  std::string name;
  std::string type = "EDS";
  LbPolicy lb_policy = LbPolicy::round_robin;
  bool typed_lb_policy = false;  ///< written as load_balancing_policy, not as lb_policy
  std::optional<std::uint32_t> choice_count;         ///< least_request; absent: 2
  std::optional<double> active_request_bias;         ///< least_request
  std::optional<SlowStartConfig> slow_start_config;  ///< round_robin, least_request
  std::optional<std::uint64_t> minimum_ring_size;    ///< ring_hash
  std::optional<std::uint64_t> maximum_ring_size;    ///< ring_hash
  std::optional<std::uint64_t> table_size;           ///< maglev
  std::vector<HashPolicy> hash_policy;               ///< of a typed hashing policy
  std::optional<sim::Duration> connect_timeout;      ///< absent: 5 s
  std::optional<CircuitBreakers> circuit_breakers;
  std::optional<OutlierDetection> outlier_detection;  ///< absent: off
  std::optional<double> healthy_panic_threshold;      ///< percent; absent: 50
  std::optional<sim::Duration> update_merge_window;   ///< absent: 1 s
  bool locality_weighted_lb = false;
  bool http2 = false;  ///< upstream connections are HTTP/2; else HTTP/1.1
  bool use_downstream_protocol = false;
  std::optional<sim::Duration> idle_timeout;         ///< of pooled connections
  std::optional<sim::Duration> max_stream_duration;  ///< of an upstream stream
  std::optional<std::uint32_t> max_requests_per_connection;
  std::string service;  ///< "namespace/name:port" that its endpoints come from; empty: none
  std::string subset;   ///< of the service's endpoints,
  std::map<std::string, std::string> subset_labels;  ///< those with these labels
  bool operator==(const Cluster&) const = default;
};

}  // namespace spillway::model::envoy
