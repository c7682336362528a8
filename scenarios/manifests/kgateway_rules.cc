#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "model/spec/gep2257.h"
#include "scenarios/manifests/access.h"
#include "scenarios/manifests/rules.h"

namespace spillway::scenarios::manifests {
namespace {

using namespace sim::literals;

Violations positive_duration(const Node& node) {
  const auto value = model::parse_gep2257(node.scalar);
  if (!value || *value >= 1_ms) return {};
  return {{{}, clause("must be at least one millisecond", node.scalar, "1ms or more"), {}}};
}

Violations fault_delay(const Node& node) {
  const auto value = model::parse_gep2257(node.scalar);
  if (!value || (*value >= 1_ms && *value <= 3600_s)) return {};
  return {{{}, clause("must be from one millisecond to one hour", node.scalar, "1ms to 1h"), {}}};
}

std::string listed(std::span<const std::string_view> names) {
  std::string text;
  for (const std::string_view name : names)
    text += fmt::format("{}{}", text.empty() ? "" : ", ", name);
  return text;
}

std::ptrdiff_t set_count(const Node& node, std::span<const std::string_view> names) {
  return std::ranges::count_if(names, [&](std::string_view name) { return has(node, name); });
}

Violations exactly_one(const Node& node, std::span<const std::string_view> names) {
  const std::ptrdiff_t count = set_count(node, names);
  if (count == 1) return {};
  return {{{},
           clause("exactly one of its kinds must be set", fmt::format("{} of them", count),
                  fmt::format("one of {}", listed(names))),
           {}}};
}

Violations at_least_one(const Node& node, std::span<const std::string_view> names) {
  if (set_count(node, names) > 0) return {};
  return {{{},
           clause("at least one of its fields must be set", "none",
                  fmt::format("one or more of {}", listed(names))),
           {}}};
}

Violations abort_kind(const Node& node) {
  static constexpr std::array<std::string_view, 2> kNames{"httpStatus", "grpcStatus"};
  return exactly_one(node, kNames);
}

Violations fault_kinds(const Node& node) {
  static constexpr std::array<std::string_view, 4> kNames{"delay", "abort", "responseRateLimit",
                                                          "disable"};
  return at_least_one(node, kNames);
}

Violations retry_triggers(const Node& node) {
  static constexpr std::array<std::string_view, 2> kNames{"retryOn", "statusCodes"};
  return at_least_one(node, kNames);
}

Violations breaker_fields(const Node& node) {
  static constexpr std::array<std::string_view, 4> kNames{"maxConnections", "maxPendingRequests",
                                                          "maxRequests", "maxRetries"};
  return at_least_one(node, kNames);
}

Violations balancer_kind(const Node& node) {
  static constexpr std::array<std::string_view, 5> kNames{"leastRequest", "roundRobin", "ringHash",
                                                          "maglev", "random"};
  return exactly_one(node, kNames);
}

Violations hash_kind(const Node& node) {
  static constexpr std::array<std::string_view, 3> kNames{"header", "cookie", "sourceIP"};
  return exactly_one(node, kNames);
}

Violations per_try_below_request(const Node& spec) {
  const Node& retry = child_of(spec, "retry");
  const Node& timeouts = child_of(spec, "timeouts");
  const auto per_try = duration_of(retry, "perTryTimeout");
  const auto request = duration_of(timeouts, "request");
  if (!per_try || !request || *per_try < *request) return {};
  return {{place_of(retry, "perTryTimeout"),
           clause("retry.perTryTimeout must be shorter than timeouts.request",
                  fmt::format("{} >= {}", text_of(retry, "perTryTimeout"),
                              text_of(timeouts, "request")),
                  fmt::format("less than {}", text_of(timeouts, "request"))),
           {}}};
}

Violations traffic_targets(const Node& list) {
  for (const Node& item : list.items) {
    const std::string_view kind = text_of(item, "kind");
    if (kind != "Gateway" && kind != "HTTPRoute" && kind != "GRPCRoute" &&
        !kind.ends_with("ListenerSet"))
      return {{place_of(item, "kind"),
               clause("a TrafficPolicy cannot target this kind", std::string(kind),
                      "Gateway, HTTPRoute, GRPCRoute or ListenerSet"),
               {}}};
  }
  return {};
}

Violations backend_targets(const Node& list) {
  for (const Node& item : list.items) {
    const std::string target = fmt::format("{}/{}", text_of(item, "group"), text_of(item, "kind"));
    if (target != "/Service" && target != "gateway.kgateway.dev/Backend" &&
        target != "networking.istio.io/Hostname")
      return {{place_of(item, "kind"),
               clause("a BackendConfigPolicy cannot target this kind", target,
                      "a Service, a Backend or an Istio Hostname"),
               {}}};
  }
  return {};
}

Violations one_http_version(const Node& spec) {
  if (!has(spec, "http1ProtocolOptions") || !has(spec, "http2ProtocolOptions")) return {};
  return {{place_of(spec, "http2ProtocolOptions"),
           clause("http1ProtocolOptions and http2ProtocolOptions exclude each other", "both",
                  "one of them"),
           {}}};
}

Violations aggression(const Node& node) {
  const std::string& text = node.scalar;
  const std::string_view digits = std::string_view(text).substr(text.starts_with('-') ? 1 : 0);
  const bool number = !digits.empty() && digits != "." &&
                      digits.find_first_not_of("0123456789.") == std::string_view::npos &&
                      std::ranges::count(digits, '.') <= 1;
  const bool positive = number && !text.starts_with('-') &&
                        digits.find_first_of("123456789") != std::string_view::npos;
  if (positive) return {};
  return {{{}, clause("must be a number above 0", text, "a number such as \"1.5\""), {}}};
}

}  // namespace

Rules positive_duration_rules() { return {{"duration-positive", positive_duration}}; }
Rules kgateway_fault_delay_rules() { return {{"fault-delay", fault_delay}}; }
Rules kgateway_fault_abort_rules() { return {{"fault-abort-kind", abort_kind}}; }
Rules kgateway_fault_rules() { return {{"fault-kinds", fault_kinds}}; }
Rules kgateway_retry_rules() { return {{"retry-triggers", retry_triggers}}; }
Rules kgateway_traffic_policy_rules() { return {{"per-try-below-request", per_try_below_request}}; }
Rules kgateway_traffic_target_rules() { return {{"traffic-policy-target", traffic_targets}}; }
Rules kgateway_backend_target_rules() { return {{"backend-config-target", backend_targets}}; }
Rules kgateway_breaker_rules() { return {{"circuit-breaker-fields", breaker_fields}}; }
Rules kgateway_load_balancer_rules() { return {{"load-balancer-kind", balancer_kind}}; }
Rules kgateway_hash_policy_rules() { return {{"hash-policy-kind", hash_kind}}; }
Rules kgateway_aggression_rules() { return {{"slow-start-aggression", aggression}}; }
Rules kgateway_backend_config_rules() { return {{"one-http-version", one_http_version}}; }

}  // namespace spillway::scenarios::manifests
