#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/manifests/access.h"
#include "scenarios/manifests/rules.h"
#include "scenarios/quantity.h"

namespace spillway::scenarios::manifests {
namespace {

using namespace sim::literals;

Violation broken(std::string_view what, const std::string& got, std::string_view expected) {
  return {{}, clause(what, got, expected), {}};
}

Violations at_least_a_millisecond(const Node& duration) {
  const auto value = parse_duration(duration.scalar);
  if (!value || value.value >= 1_ms) return {};
  return {broken("must be a duration of at least 1ms", duration.scalar, "1ms or more")};
}

Violations one_kind_of_match(const Node& match) {
  if (match.members.size() < 2) return {};
  return {broken("has more than one kind of match", fmt::format("{} of them", match.members.size()),
                 "exact, prefix or regex")};
}

Violations one_kind_of_abort(const Node& abort) {
  const bool http = has(abort, "httpStatus");
  const bool grpc = has(abort, "grpcStatus");
  if (http != grpc) return {};
  return {
      broken("must say what it answers", http ? "both" : "nothing", "httpStatus or grpcStatus")};
}

Violations disabled_retries(const Node& retries) {
  if (number_of(retries, "attempts").value_or(0) != 0 || retries.members.empty()) return {};
  if (!has(retries, "perTryTimeout") && !has(retries, "retryOn") &&
      !has(retries, "retryRemoteLocalities"))
    return {};
  return {broken("is configured while attempts are 0, which switches retries off", "other fields",
                 "attempts of 1 or more")};
}

/// What Envoy knows as a reason to retry (x-envoy-retry-on and -grpc-on), and status codes.
Violations retry_conditions(const Node& retries) {
  constexpr std::array<std::string_view, 16> kKnown{"5xx",
                                                    "gateway-error",
                                                    "reset",
                                                    "reset-before-request",
                                                    "connect-failure",
                                                    "retriable-4xx",
                                                    "refused-stream",
                                                    "retriable-status-codes",
                                                    "retriable-headers",
                                                    "envoy-ratelimited",
                                                    "http3-post-connect-failure",
                                                    "cancelled",
                                                    "deadline-exceeded",
                                                    "internal",
                                                    "resource-exhausted",
                                                    "unavailable"};
  Violations violations;
  std::string_view rest = text_of(retries, "retryOn");
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string_view word = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    while (word.starts_with(' ')) word.remove_prefix(1);
    while (word.ends_with(' ')) word.remove_suffix(1);
    const bool code =
        !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
    if (word.empty() || code || std::ranges::find(kKnown, word) != kKnown.end()) continue;
    violations.push_back({retries.find("retryOn")->place,
                          clause("names no condition of Envoy", std::string(word),
                                 "for example 5xx, connect-failure, 503"),
                          {}});
  }
  return violations;
}

Violations one_action(const Node& http) {
  const bool route = !items_of(http, "route").empty();
  const bool redirect = has(http, "redirect");
  const bool direct = has(http, "directResponse");
  const bool delegate = has(http, "delegate");
  const int actions = int{route} + int{redirect} + int{direct} + int{delegate};
  if (actions == 1) return {};
  return {broken("must do one thing", actions == 0 ? "none" : "several",
                 "route, redirect, directResponse or delegate")};
}

Violations some_weight(const Node& http) {
  const auto& routes = items_of(http, "route");
  if (routes.size() < 2) return {};
  int sum = 0;
  for (const Node& route : routes) sum += number_of(route, "weight").value_or(0);
  if (sum > 0) return {};
  return {broken("the weights of its destinations sum to 0", "0", "1 or more")};
}

Violations some_policy(const Node& policy) {
  if (!policy.members.empty()) return {};
  return {broken("says nothing", "{}", "at least one policy")};
}

Violations local_origin_needs_split(const Node& outlier) {
  if (!has(outlier, "consecutiveLocalOriginFailures") ||
      flag_of(outlier, "splitExternalLocalOriginErrors"))
    return {};
  return {{place_of(outlier, "consecutiveLocalOriginFailures"),
           clause("consecutiveLocalOriginFailures needs splitExternalLocalOriginErrors", "false",
                  "true"),
           {}}};
}

}  // namespace

Rules istio_duration_rules() { return {{"istio-duration", at_least_a_millisecond}}; }
Rules string_match_rules() { return {{"istio-string-match", one_kind_of_match}}; }
Rules fault_abort_rules() { return {{"istio-fault-abort", one_kind_of_abort}}; }
Rules istio_retries_rules() {
  return {{"istio-retries-disabled", disabled_retries}, {"istio-retry-on", retry_conditions}};
}
Rules virtual_service_http_rules() {
  return {{"istio-http-action", one_action}, {"istio-http-weights", some_weight}};
}
Rules traffic_policy_rules() { return {{"istio-traffic-policy-empty", some_policy}}; }
Rules outlier_detection_rules() {
  return {{"istio-outlier-local-origin", local_origin_needs_split}};
}

}  // namespace spillway::scenarios::manifests
