// Cases as Envoy configuration.
#include <fmt/format.h>

#include "tests/recordings/envoy_case.h"

namespace spillway::recordings {
namespace {

using nlohmann::json;
using namespace model::envoy;

sim::Duration ms(const json& value) { return sim::from_seconds(value.get<double>() / 1e3); }

/// "0.5s"
sim::Duration seconds(const json& value) {
  return sim::from_seconds(std::stod(value.get<std::string>()));
}

std::optional<sim::Duration> optional_ms(const json& object, const char* name) {
  return object.contains(name) ? std::optional(ms(object[name])) : std::nullopt;
}

std::optional<std::uint32_t> optional_count(const json& object, const char* name) {
  return object.contains(name) ? std::optional(object[name].get<std::uint32_t>()) : std::nullopt;
}

FractionalPercent percent(const json& object, const char* name) {
  return {static_cast<std::uint32_t>(object.value(name, 100.0) * 10'000 + 0.5), 1'000'000};
}

RetryPolicy retry_policy(const json& retry) {
  RetryPolicy policy;
  policy.retry_on = retry.value("on", "");
  policy.num_retries = optional_count(retry, "num");
  if (retry.contains("codes"))
    policy.retriable_status_codes = retry["codes"].get<std::vector<std::uint32_t>>();
  policy.per_try_timeout = optional_ms(retry, "per_try_ms");
  if (retry.contains("base_ms"))
    policy.retry_back_off = {optional_ms(retry, "base_ms"), optional_ms(retry, "max_ms")};
  policy.previous_hosts = retry.value("avoid_previous", false);
  if (retry.contains("host_attempts"))
    policy.host_selection_retry_max_attempts = retry["host_attempts"].get<std::int64_t>();
  return policy;
}

CircuitBreakers circuit_breakers(const json& cluster) {
  CircuitBreakers breakers;
  breakers.max_connections = optional_count(cluster, "max_connections");
  breakers.max_pending_requests = optional_count(cluster, "max_pending");
  breakers.max_requests = optional_count(cluster, "max_requests");
  breakers.max_retries = optional_count(cluster, "max_retries");
  if (!cluster.contains("budget")) return breakers;
  const json& budget = cluster["budget"];
  breakers.retry_budget.emplace();
  if (budget.contains("percent")) breakers.retry_budget->budget_percent = budget["percent"];
  breakers.retry_budget->min_retry_concurrency = optional_count(budget, "min");
  breakers.retry_budget->budget_interval = optional_ms(budget, "interval_ms");
  return breakers;
}

OutlierDetection outlier_detection(const json& given) {
  OutlierDetection outlier;
  const std::pair<const char*, std::optional<sim::Duration>*> times[] = {
      {"interval", &outlier.interval},
      {"base_ejection_time", &outlier.base_ejection_time},
      {"max_ejection_time", &outlier.max_ejection_time},
      {"max_ejection_time_jitter", &outlier.max_ejection_time_jitter},
  };
  for (const auto& [name, field] : times)
    if (given.contains(name)) *field = seconds(given[name]);
  const std::pair<const char*, std::optional<std::uint32_t>*> counts[] = {
      {"consecutive_5xx", &outlier.consecutive_5xx},
      {"enforcing_consecutive_5xx", &outlier.enforcing_consecutive_5xx},
      {"consecutive_gateway_failure", &outlier.consecutive_gateway_failure},
      {"enforcing_consecutive_gateway_failure", &outlier.enforcing_consecutive_gateway_failure},
      {"consecutive_local_origin_failure", &outlier.consecutive_local_origin_failure},
      {"enforcing_consecutive_local_origin_failure",
       &outlier.enforcing_consecutive_local_origin_failure},
      {"max_ejection_percent", &outlier.max_ejection_percent},
      {"success_rate_minimum_hosts", &outlier.success_rate_minimum_hosts},
      {"success_rate_request_volume", &outlier.success_rate_request_volume},
      {"success_rate_stdev_factor", &outlier.success_rate_stdev_factor},
      {"enforcing_success_rate", &outlier.enforcing_success_rate},
      {"enforcing_local_origin_success_rate", &outlier.enforcing_local_origin_success_rate},
      {"failure_percentage_threshold", &outlier.failure_percentage_threshold},
      {"enforcing_failure_percentage", &outlier.enforcing_failure_percentage},
      {"failure_percentage_minimum_hosts", &outlier.failure_percentage_minimum_hosts},
      {"failure_percentage_request_volume", &outlier.failure_percentage_request_volume},
  };
  for (const auto& [name, field] : counts) *field = optional_count(given, name);
  if (given.contains("always_eject_one_host"))
    outlier.always_eject_one_host = given["always_eject_one_host"].get<bool>();
  outlier.split_external_local_origin_errors =
      given.value("split_external_local_origin_errors", false);
  return outlier;
}

LbPolicy lb_policy(const std::string& name) {
  if (name == "LEAST_REQUEST") return LbPolicy::least_request;
  if (name == "RANDOM") return LbPolicy::random;
  if (name == "RING_HASH") return LbPolicy::ring_hash;
  if (name == "MAGLEV") return LbPolicy::maglev;
  return LbPolicy::round_robin;
}

}  // namespace

RouteAction route_action(const json& one) {
  const json& given = one.at("route");
  RouteAction route;
  route.timeout = optional_ms(given, "timeout_ms");
  if (given.contains("retry")) route.retry_policy = retry_policy(given["retry"]);
  if (given.value("hedge", false)) route.hedge_policy = HedgePolicy{true};
  if (given.contains("weights"))
    for (std::size_t i = 0; i < given["weights"].size(); ++i)
      route.weighted_clusters.push_back(
          {fmt::format("h{}", i), given["weights"][i].get<std::uint32_t>(), {}});
  else
    route.cluster = "hosts";
  if (given.contains("mirror_percent"))
    route.request_mirror_policies.push_back({"mirror", percent(given, "mirror_percent")});
  return route;
}

Cluster cluster_config(const json& one) {
  const json& given = one.at("cluster");
  Cluster cluster;
  cluster.lb_policy = lb_policy(given.value("lb", "ROUND_ROBIN"));
  cluster.circuit_breakers = circuit_breakers(given);
  if (given.contains("outlier")) cluster.outlier_detection = outlier_detection(given["outlier"]);
  if (given.contains("panic")) cluster.healthy_panic_threshold = given["panic"].get<double>();
  return cluster;
}

std::optional<HttpFault> http_fault(const json& one) {
  if (!one.at("route").contains("fault")) return std::nullopt;
  const json& given = one["route"]["fault"];
  HttpFault fault;
  if (given.contains("delay_ms"))
    fault.delay = {ms(given["delay_ms"]), percent(given, "delay_percent")};
  if (given.contains("abort"))
    fault.abort = {given["abort"].get<std::uint16_t>(), std::nullopt,
                   percent(given, "abort_percent")};
  return fault;
}

}  // namespace spillway::recordings
