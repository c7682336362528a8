#include "model/profiles/envoy_fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "model/profiles/reading.h"

namespace spillway::model {
namespace {

constexpr std::uint32_t kUnlimited = std::numeric_limits<std::uint32_t>::max();

class Fields {
 public:
  EnvoyFields take() { return std::move(fields_); }

  void set(const std::string& name, std::string value) { fields_[name] = std::move(value); }
  void set(const std::string& name, const std::optional<sim::Duration>& value) {
    if (value) set(name, duration_text(*value));
  }
  void set(const std::string& name, const std::optional<std::uint32_t>& value) {
    if (value) set(name, *value == kUnlimited ? "unlimited" : std::to_string(*value));
  }
  void set_percent(const std::string& name, const std::optional<double>& value) {
    if (value) set(name, fmt::format("{:g} %", *value));
  }
  void set_given(const std::string& name, const std::string& value) {
    if (!value.empty()) set(name, value);
  }
  void set_flag(const std::string& name, bool value) {
    if (value) set(name, "true");
  }

 private:
  EnvoyFields fields_;
};

std::string_view match_kind(envoy::RouteMatch::Kind kind) {
  static constexpr std::string_view kNames[] = {"prefix", "path", "safe_regex",
                                                "path_separated_prefix"};
  return kNames[static_cast<std::size_t>(kind)];
}

void add(const envoy::RetryPolicy& policy, Fields& to) {
  to.set("retry_policy.retry_on", policy.retry_on.empty() ? "\"\"" : policy.retry_on);
  to.set("retry_policy.num_retries", policy.num_retries);
  if (!policy.retriable_status_codes.empty())
    to.set("retry_policy.retriable_status_codes",
           fmt::format("{}", fmt::join(policy.retriable_status_codes, ", ")));
  to.set("retry_policy.per_try_timeout", policy.per_try_timeout);
  to.set("retry_policy.per_try_idle_timeout", policy.per_try_idle_timeout);
  if (policy.retry_back_off) {
    to.set("retry_policy.retry_back_off.base_interval", policy.retry_back_off->base_interval);
    to.set("retry_policy.retry_back_off.max_interval", policy.retry_back_off->max_interval);
  }
  if (policy.previous_hosts) to.set("retry_policy.retry_host_predicate", "previous_hosts");
  if (policy.host_selection_retry_max_attempts)
    to.set("retry_policy.host_selection_retry_max_attempts",
           std::to_string(*policy.host_selection_retry_max_attempts));
}

void add(const envoy::RouteAction& action, Fields& to) {
  to.set_given("cluster", action.cluster);
  std::string weighted;
  for (const envoy::WeightedCluster& cluster : action.weighted_clusters)
    weighted += fmt::format("{}{} {}", weighted.empty() ? "" : ", ", cluster.name, cluster.weight);
  to.set_given("weighted_clusters", weighted);
  if (action.cluster_not_found_response_code)
    to.set("cluster_not_found_response_code",
           std::to_string(*action.cluster_not_found_response_code));
  to.set("timeout", action.timeout);
  to.set("idle_timeout", action.idle_timeout);
  to.set("max_stream_duration.grpc_timeout_header_max",
         action.max_stream_duration ? action.max_stream_duration->grpc_timeout_header_max
                                    : std::optional<sim::Duration>());
  to.set("max_stream_duration.max_stream_duration",
         action.max_stream_duration ? action.max_stream_duration->max_stream_duration
                                    : std::optional<sim::Duration>());
  if (action.retry_policy) add(*action.retry_policy, to);
  std::string mirrors;
  for (const envoy::RequestMirrorPolicy& mirror : action.request_mirror_policies)
    mirrors += fmt::format("{}{} {:g} %", mirrors.empty() ? "" : ", ", mirror.cluster,
                           mirror.runtime_fraction ? mirror.runtime_fraction->share() * 100 : 100.);
  to.set_given("request_mirror_policies", mirrors);
  std::string hashes;
  for (const envoy::HashPolicy& hash : action.hash_policy)
    hashes += (hashes.empty() ? "" : ", ") + (hash.name.empty() ? "source_ip" : hash.name);
  to.set_given("hash_policy", hashes);
  to.set_given("prefix_rewrite", action.prefix_rewrite);
  if (action.regex_rewrite) to.set("regex_rewrite", action.regex_rewrite->substitution);
  to.set_given("host_rewrite_literal", action.host_rewrite_literal);
}

void add(const envoy::HttpFault& fault, Fields& to) {
  const auto percent = [](const envoy::FractionalPercent& p) {
    return fmt::format("{:g} %", p.share() * 100);
  };
  if (fault.delay)
    to.set("fault.delay", fmt::format("{} of {}", percent(fault.delay->percentage),
                                      duration_text(fault.delay->fixed_delay)));
  if (fault.abort)
    to.set("fault.abort",
           fmt::format("{} with {}", percent(fault.abort->percentage),
                       fault.abort->http_status ? std::to_string(*fault.abort->http_status)
                                                : "a gRPC status"));
}

void add(const envoy::CircuitBreakers& breakers, Fields& to) {
  const std::string prefix = "circuit_breakers.";
  to.set(prefix + "max_connections", breakers.max_connections);
  to.set(prefix + "max_pending_requests", breakers.max_pending_requests);
  to.set(prefix + "max_requests", breakers.max_requests);
  to.set(prefix + "max_retries", breakers.max_retries);
  if (!breakers.retry_budget) return;
  to.set_percent(prefix + "retry_budget.budget_percent", breakers.retry_budget->budget_percent);
  to.set(prefix + "retry_budget.min_retry_concurrency",
         breakers.retry_budget->min_retry_concurrency);
  to.set(prefix + "retry_budget.budget_interval", breakers.retry_budget->budget_interval);
}

void add(const envoy::OutlierDetection& outlier, Fields& to) {
  const std::string prefix = "outlier_detection.";
  to.set("outlier_detection", "on");
  to.set(prefix + "consecutive_5xx", outlier.consecutive_5xx);
  to.set(prefix + "enforcing_consecutive_5xx", outlier.enforcing_consecutive_5xx);
  to.set(prefix + "consecutive_gateway_failure", outlier.consecutive_gateway_failure);
  to.set(prefix + "enforcing_consecutive_gateway_failure",
         outlier.enforcing_consecutive_gateway_failure);
  to.set(prefix + "consecutive_local_origin_failure", outlier.consecutive_local_origin_failure);
  to.set(prefix + "enforcing_consecutive_local_origin_failure",
         outlier.enforcing_consecutive_local_origin_failure);
  to.set(prefix + "interval", outlier.interval);
  to.set(prefix + "base_ejection_time", outlier.base_ejection_time);
  to.set(prefix + "max_ejection_percent", outlier.max_ejection_percent);
  to.set(prefix + "enforcing_success_rate", outlier.enforcing_success_rate);
  to.set_flag(prefix + "split_external_local_origin_errors",
              outlier.split_external_local_origin_errors);
}

std::string_view name_of(envoy::LbPolicy policy) {
  static constexpr std::string_view kNames[] = {"ROUND_ROBIN", "LEAST_REQUEST", "RANDOM",
                                                "RING_HASH",   "MAGLEV",        "ORIGINAL_DST"};
  return kNames[static_cast<std::size_t>(policy)];
}

}  // namespace

EnvoyFields fields_of(const envoy::Route& route) {
  Fields to;
  to.set("match", fmt::format("{} {}", match_kind(route.match.kind), route.match.value));
  if (route.route) add(*route.route, to);
  if (route.redirect) to.set("redirect", std::to_string(route.redirect->response_code));
  if (route.direct_response)
    to.set("direct_response.status", std::to_string(route.direct_response->status));
  if (route.fault) add(*route.fault, to);
  if (route.stateful_session) {
    to.set("stateful_session", route.stateful_session->name);
    to.set_given("stateful_session.path", route.stateful_session->path);
    to.set("stateful_session.ttl", route.stateful_session->ttl);
  }
  return to.take();
}

EnvoyFields fields_of(const envoy::Cluster& cluster) {
  Fields to;
  to.set("lb_policy", std::string(name_of(cluster.lb_policy)));
  to.set("choice_count", cluster.choice_count);
  if (cluster.slow_start_config)
    to.set("slow_start_config.slow_start_window", cluster.slow_start_config->slow_start_window);
  to.set("connect_timeout", cluster.connect_timeout);
  if (cluster.circuit_breakers) add(*cluster.circuit_breakers, to);
  if (cluster.outlier_detection) add(*cluster.outlier_detection, to);
  to.set_percent("healthy_panic_threshold", cluster.healthy_panic_threshold);
  to.set("update_merge_window", cluster.update_merge_window);
  to.set_flag("locality_weighted_lb_config", cluster.locality_weighted_lb);
  to.set("idle_timeout", cluster.idle_timeout);
  to.set("max_stream_duration", cluster.max_stream_duration);
  to.set("max_requests_per_connection", cluster.max_requests_per_connection);
  return to.take();
}

std::string_view default_of(std::string_view field) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kDefaults{{
      {"timeout", "15s"},
      {"healthy_panic_threshold", "50 %"},
      {"retry_policy.num_retries", "1"},
      {"retry_policy.retry_back_off.base_interval", "25ms"},
      {"update_merge_window", "1s"},
      {"connect_timeout", "5s"},
      {"circuit_breakers.max_connections", "1024"},
      {"circuit_breakers.max_pending_requests", "1024"},
      {"circuit_breakers.max_requests", "1024"},
      {"circuit_breakers.max_retries", "3"},
      {"outlier_detection.max_ejection_percent", "10"},
  }};
  for (const auto& [name, value] : kDefaults)
    if (name == field) return value;
  return {};
}

}  // namespace spillway::model
