#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reports/envoy_json.h"
#include "reports/envoy_json_parts.h"

namespace spillway::reports {
namespace {

using namespace model::envoy;
using Json = nlohmann::ordered_json;
using envoy_parts::set;
using envoy_parts::set_list;

/// type.v3.Percent.
Json percent(double value) { return value == 0 ? Json::object() : Json{{"value", value}}; }

Json circuit_breakers(const CircuitBreakers& breakers) {
  Json threshold = Json::object();
  set(threshold, "max_connections", breakers.max_connections);
  set(threshold, "max_pending_requests", breakers.max_pending_requests);
  set(threshold, "max_requests", breakers.max_requests);
  set(threshold, "max_retries", breakers.max_retries);
  if (const auto& budget = breakers.retry_budget) {
    Json& json = threshold["retry_budget"] = Json::object();
    if (budget->budget_percent) json["budget_percent"] = percent(*budget->budget_percent);
    set(json, "min_retry_concurrency", budget->min_retry_concurrency);
    set(json, "budget_interval", budget->budget_interval);
  }
  return {{"thresholds", Json::array({std::move(threshold)})}};
}

Json outlier_detection(const OutlierDetection& o) {
  Json json = Json::object();
  set(json, "consecutive_5xx", o.consecutive_5xx);
  set(json, "interval", o.interval);
  set(json, "base_ejection_time", o.base_ejection_time);
  set(json, "max_ejection_percent", o.max_ejection_percent);
  set(json, "enforcing_consecutive_5xx", o.enforcing_consecutive_5xx);
  set(json, "enforcing_success_rate", o.enforcing_success_rate);
  set(json, "success_rate_minimum_hosts", o.success_rate_minimum_hosts);
  set(json, "success_rate_request_volume", o.success_rate_request_volume);
  set(json, "success_rate_stdev_factor", o.success_rate_stdev_factor);
  set(json, "consecutive_gateway_failure", o.consecutive_gateway_failure);
  set(json, "enforcing_consecutive_gateway_failure", o.enforcing_consecutive_gateway_failure);
  if (o.split_external_local_origin_errors) json["split_external_local_origin_errors"] = true;
  set(json, "consecutive_local_origin_failure", o.consecutive_local_origin_failure);
  set(json, "enforcing_consecutive_local_origin_failure",
      o.enforcing_consecutive_local_origin_failure);
  set(json, "enforcing_local_origin_success_rate", o.enforcing_local_origin_success_rate);
  set(json, "failure_percentage_threshold", o.failure_percentage_threshold);
  set(json, "enforcing_failure_percentage", o.enforcing_failure_percentage);
  set(json, "failure_percentage_minimum_hosts", o.failure_percentage_minimum_hosts);
  set(json, "failure_percentage_request_volume", o.failure_percentage_request_volume);
  set(json, "max_ejection_time", o.max_ejection_time);
  set(json, "max_ejection_time_jitter", o.max_ejection_time_jitter);
  set(json, "always_eject_one_host", o.always_eject_one_host);
  return json;
}

Json slow_start(const SlowStartConfig& config) {
  Json json = Json::object();
  set(json, "slow_start_window", config.slow_start_window);
  if (config.aggression)
    json["aggression"] = {{"default_value", *config.aggression},
                          {"runtime_key", "upstream.slow_start.aggression"}};
  if (config.min_weight_percent) json["min_weight_percent"] = percent(*config.min_weight_percent);
  return json;
}

std::string lb_policy(LbPolicy policy) {
  switch (policy) {
    case LbPolicy::round_robin:
      return "ROUND_ROBIN";
    case LbPolicy::least_request:
      return "LEAST_REQUEST";
    case LbPolicy::random:
      return "RANDOM";
    case LbPolicy::ring_hash:
      return "RING_HASH";
    case LbPolicy::maglev:
      return "MAGLEV";
    case LbPolicy::original_dst:
      break;
  }
  return "CLUSTER_PROVIDED";
}

/// What stands in the configuration of the balancer, by the old names and by those of the
/// extensions alike.
Json lb_settings(const Cluster& cluster) {
  Json json = Json::object();
  set(json, "choice_count", cluster.choice_count);
  if (cluster.active_request_bias)
    json["active_request_bias"] = {{"default_value", *cluster.active_request_bias},
                                   {"runtime_key", "upstream.active_request_bias"}};
  if (cluster.slow_start_config) json["slow_start_config"] = slow_start(*cluster.slow_start_config);
  if (cluster.minimum_ring_size)
    json["minimum_ring_size"] = std::to_string(*cluster.minimum_ring_size);
  if (cluster.maximum_ring_size)
    json["maximum_ring_size"] = std::to_string(*cluster.maximum_ring_size);
  if (cluster.table_size) json["table_size"] = std::to_string(*cluster.table_size);
  return json;
}

void set_load_balancing(Json& json, const Cluster& cluster) {
  json["lb_policy"] = lb_policy(cluster.lb_policy);
  std::string name;
  if (cluster.lb_policy == LbPolicy::round_robin) name = "round_robin";
  if (cluster.lb_policy == LbPolicy::least_request) name = "least_request";
  if (cluster.lb_policy == LbPolicy::ring_hash) name = "ring_hash";
  if (cluster.lb_policy == LbPolicy::maglev) name = "maglev";
  const Json settings = lb_settings(cluster);
  if (!name.empty() && !settings.empty()) json[name + "_lb_config"] = settings;
}

void set_common_lb_config(Json& json, const Cluster& cluster) {
  Json common = Json::object();
  if (cluster.healthy_panic_threshold)
    common["healthy_panic_threshold"] = percent(*cluster.healthy_panic_threshold);
  set(common, "update_merge_window", cluster.update_merge_window);
  if (cluster.locality_weighted_lb) common["locality_weighted_lb_config"] = Json::object();
  if (!common.empty()) json["common_lb_config"] = std::move(common);
}

void set_protocol_options(Json& json, const Cluster& cluster) {
  constexpr const char* kName = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  Json common = Json::object();
  set(common, "idle_timeout", cluster.idle_timeout);
  set(common, "max_stream_duration", cluster.max_stream_duration);
  set(common, "max_requests_per_connection", cluster.max_requests_per_connection);
  if (common.empty() && !cluster.http2 && !cluster.use_downstream_protocol) return;
  Json options{{"@type", std::string("type.googleapis.com/") + kName}};
  if (!common.empty()) options["common_http_protocol_options"] = std::move(common);
  if (cluster.use_downstream_protocol)
    options["use_downstream_protocol_config"] = {{"http_protocol_options", Json::object()},
                                                 {"http2_protocol_options", Json::object()}};
  else if (cluster.http2)
    options["explicit_http_config"] = {{"http2_protocol_options", Json::object()}};
  else
    options["explicit_http_config"] = {{"http_protocol_options", Json::object()}};
  json["typed_extension_protocol_options"] = {{kName, std::move(options)}};
}

}  // namespace

std::string proto_duration(sim::Duration duration) {
  const bool negative = duration.ns < 0;
  const std::int64_t ns = negative ? -duration.ns : duration.ns;
  const std::int64_t rest = ns % 1'000'000'000;
  const std::string whole = fmt::format("{}{}", negative ? "-" : "", ns / 1'000'000'000);
  if (rest == 0) return whole + "s";
  if (rest % 1'000'000 == 0) return fmt::format("{}.{:03}s", whole, rest / 1'000'000);
  if (rest % 1'000 == 0) return fmt::format("{}.{:06}s", whole, rest / 1'000);
  return fmt::format("{}.{:09}s", whole, rest);
}

std::string envoy_json(const Cluster& cluster) {
  Json json{{"name", cluster.name}, {"type", cluster.type}};
  set(json, "connect_timeout", cluster.connect_timeout);
  set_load_balancing(json, cluster);
  if (cluster.circuit_breakers)
    json["circuit_breakers"] = circuit_breakers(*cluster.circuit_breakers);
  if (cluster.outlier_detection)
    json["outlier_detection"] = outlier_detection(*cluster.outlier_detection);
  set_common_lb_config(json, cluster);
  set_protocol_options(json, cluster);
  return envoy_parts::dump(json);
}

}  // namespace spillway::reports
