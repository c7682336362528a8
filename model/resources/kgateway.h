// Policies of kgateway (gateway.kgateway.dev/v1alpha1; api/v1alpha1/kgateway in
// kgateway-dev/kgateway) as far as they act on requests, with the API server's defaults filled in.
// Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/resources/kubernetes.h"
#include "sim/time.h"

namespace spillway::model::kgateway {

inline constexpr const char* kGroup = "gateway.kgateway.dev";

/// What a policy is for, in its own namespace: one object by name, or all with these labels.
struct Target {
  std::string group;
  std::string kind;
  std::optional<std::string> name;  ///< absent: by labels
  std::map<std::string, std::string> match_labels;
  std::string section_name;  ///< a listener or a rule; empty: the whole object
  Place place;
};

/// Zero disables a timeout.
struct Timeouts {
  std::optional<sim::Duration> request;
  std::optional<sim::Duration> stream_idle;
  Place place;
};

struct Retry {
  std::vector<std::string> retry_on;
  int attempts = 1;
  std::optional<sim::Duration> per_try_timeout;
  std::vector<int> status_codes;
  sim::Duration backoff_base_interval{25'000'000};
  Place place;
};

/// `disable` turns off what a higher level injects.
struct FaultInjection {
  struct Delay {
    sim::Duration fixed_delay;
    int percentage = 100;
  };
  struct Abort {
    std::optional<int> http_status;
    std::optional<int> grpc_status;
    int percentage = 100;
  };
  struct ResponseRateLimit {
    int kbits_per_second = 1;
    int percentage = 100;
  };
  std::optional<Delay> delay;
  std::optional<Abort> abort;
  std::optional<ResponseRateLimit> response_rate_limit;
  std::optional<int> max_active_faults;
  bool disable = false;
  Place place;
};

struct TrafficPolicy {
  ObjectMeta meta;
  std::vector<Target> targets;
  std::optional<Timeouts> timeouts;
  std::optional<Retry> retry;
  std::optional<FaultInjection> fault_injection;
  std::vector<std::string> other_fields;  ///< set, and not about what is simulated
};

/// Unset thresholds are Envoy's.
struct CircuitBreakers {
  std::optional<int> max_connections;
  std::optional<int> max_pending_requests;
  std::optional<int> max_requests;
  std::optional<int> max_retries;
};

struct OutlierDetection {
  int consecutive_5xx = 5;
  sim::Duration interval{10'000'000'000};
  sim::Duration base_ejection_time{30'000'000'000};
  int max_ejection_percent = 10;
  // Newer than 2.4.
  std::optional<int> enforcing_consecutive_5xx;
  std::optional<bool> split_external_local_origin_errors;
  std::optional<int> consecutive_local_origin_failure;
  std::optional<int> enforcing_consecutive_local_origin_failure;

  bool has_new_fields() const {
    return enforcing_consecutive_5xx || split_external_local_origin_errors ||
           consecutive_local_origin_failure || enforcing_consecutive_local_origin_failure;
  }
};

struct SlowStart {
  std::optional<sim::Duration> window;
  std::optional<double> aggression;
  std::optional<int> min_weight_percent;
};

struct HashPolicy {
  enum class Kind { header, cookie, source_ip };
  Kind kind = Kind::header;
  std::string name;
  std::optional<sim::Duration> ttl;
  std::string path;
  bool terminal = false;
};

struct LoadBalancer {
  enum class Kind { least_request, round_robin, ring_hash, maglev, random };
  Kind kind = Kind::round_robin;
  std::optional<int> healthy_panic_threshold;
  std::optional<sim::Duration> update_merge_window;
  std::optional<int> choice_count;
  std::optional<SlowStart> slow_start;
  std::optional<int> minimum_ring_size;
  std::optional<int> maximum_ring_size;
  std::vector<HashPolicy> hash_policies;
};

struct HttpProtocolOptions {
  std::optional<sim::Duration> idle_timeout;
  std::optional<sim::Duration> max_stream_duration;
  std::optional<int> max_requests_per_connection;
};

struct BackendConfigPolicy {
  ObjectMeta meta;
  std::vector<Target> targets;
  std::optional<sim::Duration> connect_timeout;
  std::optional<HttpProtocolOptions> http;
  std::optional<LoadBalancer> load_balancer;
  std::optional<OutlierDetection> outlier_detection;
  std::optional<CircuitBreakers> circuit_breakers;
  std::vector<std::string> other_fields;
};

/// Hosts outside of the cluster, as a backendRef names them.
struct Backend {
  ObjectMeta meta;
  struct Host {
    std::string host;
    int port = 0;
  };
  std::vector<Host> hosts;  ///< empty: of a kind that is not read
};

/// An ExtensionRef filter to it answers in place of the backends.
struct DirectResponse {
  ObjectMeta meta;
  int status = 200;
  std::string body;
};

}  // namespace spillway::model::kgateway
