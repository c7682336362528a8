#include "reports/envoy_filters_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/envoy_json.h"

namespace spillway::reports {
namespace {

namespace envoy = model::envoy;
using Json = nlohmann::ordered_json;

Json filter(const std::string& name, const std::string& message, Json settings = Json::object()) {
  Json config{
      {"@type", "type.googleapis.com/envoy.extensions.filters.http." + name + ".v3." + message}};
  config.update(settings);
  return {{"name", "envoy.filters.http." + name}, {"typed_config", std::move(config)}};
}

Json percent(double value) { return {{"value", value}}; }

Json runtime(const char* key, Json value) {
  return {{"default_value", std::move(value)}, {"runtime_key", key}};
}

Json admission_json(const envoy::AdmissionControlConfig& config) {
  return {{"enabled", runtime("admission_control.enabled", true)},
          {"success_criteria", {{"http_criteria", Json::object()}}},
          {"sampling_window", proto_duration(config.sampling_window)},
          {"aggression", runtime("admission_control.aggression", config.aggression)},
          {"sr_threshold", runtime("admission_control.sr_threshold", percent(config.sr_threshold))},
          {"rps_threshold", runtime("admission_control.rps_threshold",
                                    static_cast<std::uint32_t>(config.rps_threshold))},
          {"max_rejection_probability", runtime("admission_control.max_rejection_probability",
                                                percent(config.max_rejection_probability))}};
}

Json concurrency_json(const envoy::AdaptiveConcurrencyConfig& config) {
  const Json limit{
      {"max_concurrency_limit", config.max_concurrency_limit},
      {"concurrency_update_interval", proto_duration(config.concurrency_update_interval)}};
  const Json round_trip{{"interval", proto_duration(config.min_rtt_interval)},
                        {"request_count", config.min_rtt_request_count},
                        {"jitter", percent(config.min_rtt_jitter)},
                        {"min_concurrency", config.min_concurrency},
                        {"buffer", percent(config.min_rtt_buffer)}};
  return {{"gradient_controller_config",
           {{"sample_aggregate_percentile", percent(config.sample_aggregate_percentile)},
            {"concurrency_limit_params", limit},
            {"min_rtt_calc_params", round_trip}}},
          {"enabled", runtime("adaptive_concurrency.enabled", true)}};
}

template <class Has>
bool any_route(const envoy::RouteConfiguration& config, Has has) {
  return std::ranges::any_of(config.virtual_hosts, [&](const envoy::VirtualHost& host) {
    return std::ranges::any_of(host.routes, has);
  });
}

bool has_fault(const envoy::RouteConfiguration& config) {
  const auto of_host = [](const envoy::VirtualHost& host) { return host.fault.has_value(); };
  return config.fault || std::ranges::any_of(config.virtual_hosts, of_host) ||
         any_route(config, [](const envoy::Route& route) { return route.fault.has_value(); });
}

}  // namespace

std::string envoy_http_filters_json(const envoy::ProxyConfig& proxy,
                                    const envoy::RouteConfiguration& config) {
  Json filters = Json::array();
  if (has_fault(config)) filters.push_back(filter("fault", "HTTPFault"));
  if (proxy.admission_control)
    filters.push_back(
        filter("admission_control", "AdmissionControl", admission_json(*proxy.admission_control)));
  if (proxy.adaptive_concurrency)
    filters.push_back(filter("adaptive_concurrency", "AdaptiveConcurrency",
                             concurrency_json(*proxy.adaptive_concurrency)));
  if (any_route(config, [](const envoy::Route& route) { return route.cors.has_value(); }))
    filters.push_back(filter("cors", "Cors"));
  if (any_route(config,
                [](const envoy::Route& route) { return route.stateful_session.has_value(); }))
    filters.push_back(filter("stateful_session", "StatefulSession"));
  filters.push_back(filter("router", "Router"));
  return filters.dump();
}

}  // namespace spillway::reports
