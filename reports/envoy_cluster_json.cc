#include <nlohmann/json.hpp>

#include "reports/envoy_json.h"

namespace spillway::reports {
namespace {

namespace envoy = model::envoy;
using Json = nlohmann::ordered_json;

template <class T>
void set(Json& json, const char* key, const std::optional<T>& value) {
  if constexpr (std::is_same_v<T, sim::Duration>) {
    if (value) json[key] = proto_duration(*value);
  } else {
    if (value) json[key] = *value;
  }
}

/// type.v3.Percent, DoubleValue: zero is the proto default.
Json percent_json(double value) {
  Json json = Json::object();
  if (value != 0) json["value"] = value;
  return json;
}

/// A 64-bit number, which protobuf writes as a string.
void set_long(Json& json, const char* key, const std::optional<std::uint64_t>& value) {
  if (value) json[key] = std::to_string(*value);
}

Json breakers_json(const envoy::CircuitBreakers& breakers) {
  Json threshold = Json::object();
  set(threshold, "max_connections", breakers.max_connections);
  set(threshold, "max_pending_requests", breakers.max_pending_requests);
  set(threshold, "max_requests", breakers.max_requests);
  set(threshold, "max_retries", breakers.max_retries);
  if (breakers.retry_budget) {
    Json& budget = threshold["retry_budget"] = Json::object();
    if (breakers.retry_budget->budget_percent)
      budget["budget_percent"] = percent_json(*breakers.retry_budget->budget_percent);
    set(budget, "min_retry_concurrency", breakers.retry_budget->min_retry_concurrency);
    set(budget, "budget_interval", breakers.retry_budget->budget_interval);
  }
  return {{"thresholds", Json::array({std::move(threshold)})}};
}

Json outlier_json(const envoy::OutlierDetection& o) {
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

Json slow_start_json(const envoy::SlowStartConfig& slow_start) {
  Json json = Json::object();
  set(json, "slow_start_window", slow_start.slow_start_window);
  if (slow_start.aggression)
    json["aggression"] = {{"default_value", *slow_start.aggression},
                          {"runtime_key", "upstream.slow_start.aggression"}};
  if (slow_start.min_weight_percent)
    json["min_weight_percent"] = percent_json(*slow_start.min_weight_percent);
  return json;
}

struct LbName {
  const char* old;  ///< of lb_policy
  const char* extension;
  const char* message;
};

LbName lb_name(envoy::LbPolicy policy) {
  switch (policy) {
    case envoy::LbPolicy::round_robin:
      return {"ROUND_ROBIN", "round_robin", "RoundRobin"};
    case envoy::LbPolicy::least_request:
      return {"LEAST_REQUEST", "least_request", "LeastRequest"};
    case envoy::LbPolicy::random:
      return {"RANDOM", "random", "Random"};
    case envoy::LbPolicy::ring_hash:
      return {"RING_HASH", "ring_hash", "RingHash"};
    case envoy::LbPolicy::maglev:
      return {"MAGLEV", "maglev", "Maglev"};
    case envoy::LbPolicy::original_dst:
      return {"CLUSTER_PROVIDED", "cluster_provided", "ClusterProvided"};
  }
  return {"ROUND_ROBIN", "round_robin", "RoundRobin"};
}

Json hash_policies_json(const std::vector<envoy::HashPolicy>& policies) {
  envoy::Route holder;
  holder.route.emplace().hash_policy = policies;
  return Json::parse(envoy_json(holder))["route"]["hash_policy"];
}

Json typed_lb_json(const envoy::Cluster& cluster) {
  const LbName name = lb_name(cluster.lb_policy);
  Json config{
      {"@type", std::string("type.googleapis.com/envoy.extensions.load_balancing_policies.") +
                    name.extension + ".v3." + name.message}};
  set(config, "choice_count", cluster.choice_count);
  if (cluster.active_request_bias)
    config["active_request_bias"] = {{"default_value", *cluster.active_request_bias},
                                     {"runtime_key", "upstream.active_request_bias"}};
  if (cluster.slow_start_config)
    config["slow_start_config"] = slow_start_json(*cluster.slow_start_config);
  set_long(config, "minimum_ring_size", cluster.minimum_ring_size);
  set_long(config, "maximum_ring_size", cluster.maximum_ring_size);
  set_long(config, "table_size", cluster.table_size);
  if (!cluster.hash_policy.empty())
    config["consistent_hashing_lb_config"] = {
        {"hash_policy", hash_policies_json(cluster.hash_policy)}};
  if (cluster.locality_weighted_lb)
    config["locality_lb_config"] = {{"locality_weighted_lb_config", Json::object()}};
  return {{"policies",
           Json::array({{{"typed_extension_config",
                          {{"name", std::string("envoy.load_balancing_policies.") + name.extension},
                           {"typed_config", std::move(config)}}}}})}};
}

void set_lb_config(Json& json, const envoy::Cluster& cluster) {
  Json common = Json::object();
  if (cluster.healthy_panic_threshold)
    common["healthy_panic_threshold"] = percent_json(*cluster.healthy_panic_threshold);
  set(common, "update_merge_window", cluster.update_merge_window);
  if (cluster.locality_weighted_lb && !cluster.typed_lb_policy)
    common["locality_weighted_lb_config"] = Json::object();
  if (!common.empty()) json["common_lb_config"] = std::move(common);
}

void set_protocol(Json& json, const envoy::Cluster& cluster) {
  Json common = Json::object();
  set(common, "idle_timeout", cluster.idle_timeout);
  set(common, "max_stream_duration", cluster.max_stream_duration);
  set(common, "max_requests_per_connection", cluster.max_requests_per_connection);
  if (common.empty() && !cluster.use_downstream_protocol) return;
  Json options{
      {"@type", "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions"}};
  if (!common.empty()) options["common_http_protocol_options"] = std::move(common);
  if (cluster.use_downstream_protocol)
    options["use_downstream_protocol_config"] = {{"http2_protocol_options", Json::object()}};
  else
    options["explicit_http_config"] = {{"http_protocol_options", Json::object()}};
  json["typed_extension_protocol_options"] = {
      {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions", std::move(options)}};
}

}  // namespace

std::string envoy_json(const envoy::Cluster& cluster) {
  Json json{{"name", cluster.name}, {"type", cluster.type}};
  if (cluster.type == "EDS") {
    json["eds_cluster_config"] = {{"eds_config", {{"ads", Json::object()}}}};
    if (!cluster.service.empty()) json["eds_cluster_config"]["service_name"] = cluster.service;
  }
  if (cluster.typed_lb_policy)
    json["load_balancing_policy"] = typed_lb_json(cluster);
  else
    json["lb_policy"] = lb_name(cluster.lb_policy).old;
  set(json, "connect_timeout", cluster.connect_timeout);
  if (cluster.circuit_breakers) json["circuit_breakers"] = breakers_json(*cluster.circuit_breakers);
  if (cluster.outlier_detection)
    json["outlier_detection"] = outlier_json(*cluster.outlier_detection);
  if (!cluster.typed_lb_policy && cluster.slow_start_config) {
    const char* key = cluster.lb_policy == envoy::LbPolicy::least_request
                          ? "least_request_lb_config"
                          : "round_robin_lb_config";
    json[key] = {{"slow_start_config", slow_start_json(*cluster.slow_start_config)}};
  }
  if (!cluster.typed_lb_policy && cluster.choice_count)
    json["least_request_lb_config"]["choice_count"] = *cluster.choice_count;
  set_lb_config(json, cluster);
  set_protocol(json, cluster);
  return json.dump();
}

}  // namespace spillway::reports
