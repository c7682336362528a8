#include "model/resources/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "model/spec/gep2257.h"

namespace spillway::model {
namespace {

using sim::Duration;
using namespace sim::literals;

/// The status codes that every implementation of retries has to support.
constexpr std::array kSupportedCodes{500, 502, 503, 504};
constexpr int kTooManyRequests = 429;

class Findings {
 public:
  void warn(const Place& place, std::string rule, std::string message, std::string hint = {}) {
    add(Severity::warning, place, std::move(rule), std::move(message), std::move(hint));
  }
  void note(const Place& place, std::string rule, std::string message, std::string hint = {}) {
    add(Severity::note, place, std::move(rule), std::move(message), std::move(hint));
  }
  Diagnostics take() { return std::move(diagnostics_); }

 private:
  void add(Severity severity, const Place& place, std::string rule, std::string message,
           std::string hint) {
    diagnostics_.push_back({severity, place, std::move(message), std::move(rule), std::move(hint)});
  }

  Diagnostics diagnostics_;
};

/// The timeout where it is one: neither absent nor zero, which both mean that none is set.
std::optional<Duration> limit(const std::optional<Duration>& timeout) {
  return timeout && *timeout > 0_s ? timeout : std::nullopt;
}

std::optional<Duration> request_limit(const HttpRouteRule& rule) {
  return rule.timeouts ? limit(rule.timeouts->request) : std::nullopt;
}

std::optional<Duration> backend_limit(const HttpRouteRule& rule) {
  return rule.timeouts ? limit(rule.timeouts->backend_request) : std::nullopt;
}

std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

void check_codes(const HttpRouteRetry& retry, Findings& findings) {
  if (retry.codes.empty())
    return findings.warn(retry.place, "retry-no-codes",
                         "no status code is retried: without codes only connection errors are",
                         "codes: [500, 502, 503, 504] retries server errors");
  std::vector<int> client_errors;
  std::vector<int> optional;
  for (const int code : retry.codes) {
    if (code == kTooManyRequests)
      findings.warn(retry.codes_place, "retry-too-many-requests",
                    "status 429 is retried: it asks for less load and gets more");
    else if (code < 500)
      client_errors.push_back(code);
    else if (std::ranges::find(kSupportedCodes, code) == kSupportedCodes.end())
      optional.push_back(code);
  }
  if (!client_errors.empty())
    findings.warn(retry.codes_place, "retry-client-errors",
                  fmt::format("client errors are retried ({}): the same request fails again, and "
                              "implementations need not support it",
                              fmt::join(client_errors, ", ")));
  if (!optional.empty())
    findings.note(
        retry.codes_place, "retry-optional-codes",
        fmt::format("implementations need not support retries of {}", fmt::join(optional, ", ")));
}

void check_attempts(const HttpRouteRetry& retry, Findings& findings) {
  if (!retry.attempts)
    return findings.warn(retry.place, "retry-attempts-unset",
                         "attempts is not set: how often a request is retried is the "
                         "implementation's choice");
  findings.warn(retry.attempts_place, "retry-attempts-are-retries",
                fmt::format("{} up to {} tries of each request: the first is not counted",
                            *retry.attempts == 1 ? "1 attempt means"
                                                 : fmt::format("{} attempts mean", *retry.attempts),
                            std::int64_t{*retry.attempts} + 1));
}

void check_try_timeout(const HttpRouteRule& rule, Findings& findings) {
  if (backend_limit(rule)) return;
  const auto request = request_limit(rule);
  findings.warn(rule.retry->place, "retry-without-try-timeout",
                request ? fmt::format("backendRequest is not set: a try that hangs can use the "
                                      "whole request timeout of {} and is then never retried",
                                      format_gep2257(*request))
                        : "neither backendRequest nor request is set: a try that hangs is given "
                          "up and retried only if the implementation has a timeout of its own");
}

/// Whether all tries and the waits between them fit into the request timeout.
void check_total(const HttpRouteRule& rule, Duration request, Findings& findings) {
  const HttpRouteRetry& retry = *rule.retry;
  if (!retry.attempts) return;
  const std::int64_t retries = *retry.attempts;
  const Duration try_limit = backend_limit(rule).value_or(0_s);
  const Duration backoff = retry.backoff.value_or(0_s);
  // In seconds: thousands of hours times millions of tries leave the range of Duration.
  const double total = try_limit.seconds() * static_cast<double>(retries + 1) +
                       backoff.seconds() * static_cast<double>(retries);
  if (total <= request.seconds()) return;
  std::vector<std::string> parts;
  if (try_limit > 0_s)
    parts.push_back(fmt::format("{} of up to {}", counted(retries + 1, "try", "tries"),
                                format_gep2257(try_limit)));
  if (backoff > 0_s)
    parts.push_back(
        fmt::format("{} of {}", counted(retries, "wait", "waits"), format_gep2257(backoff)));
  findings.warn(rule.timeouts->request_place, "retry-exceeds-request-timeout",
                fmt::format("{} can take {:g}s, but the request timeout of {} ends them all",
                            fmt::join(parts, " and "), total, format_gep2257(request)));
}

void check_request_timeout(const HttpRouteRule& rule, Findings& findings) {
  const HttpRouteRetry& retry = *rule.retry;
  const auto request = request_limit(rule);
  if (!request) {
    const bool zero = rule.timeouts && rule.timeouts->request;
    return findings.warn(
        zero ? rule.timeouts->request_place : retry.place, "retry-without-request-timeout",
        fmt::format("{}: nothing bounds the time of all tries together",
                    zero ? "a request timeout of 0s means none" : "no request timeout is set"));
  }
  if (retry.backoff && *retry.backoff >= *request)
    return findings.warn(
        retry.backoff_place, "retry-backoff-exceeds-request-timeout",
        fmt::format("no retry can start: the wait of {} is not shorter than the request timeout "
                    "of {}",
                    format_gep2257(*retry.backoff), format_gep2257(*request)));
  check_total(rule, *request, findings);
}

void check_retry(const HttpRouteRule& rule, Findings& findings) {
  check_codes(*rule.retry, findings);
  check_attempts(*rule.retry, findings);
  check_try_timeout(rule, findings);
  check_request_timeout(rule, findings);
}

void check_group(const std::string& group, const Place& place, Findings& findings) {
  if (group == "core")
    findings.warn(place, "group-core",
                  "group \"core\" is not the group of Services and names nothing",
                  "write group: \"\"");
}

void check_filters(const std::vector<HttpRouteFilter>& filters, Findings& findings) {
  for (const HttpRouteFilter& filter : filters) {
    if (const auto* mirror = std::get_if<RequestMirrorFilter>(&filter.filter))
      check_group(mirror->backend_ref.group, mirror->backend_ref.place, findings);
    if (const auto* auth = std::get_if<ExternalAuthFilter>(&filter.filter))
      check_group(auth->backend_ref.group, auth->backend_ref.place, findings);
  }
}

void check_backends(const HttpRouteRule& rule, Findings& findings) {
  check_filters(rule.filters, findings);
  for (const HttpBackendRef& backend : rule.backend_refs) {
    check_group(backend.ref.group, backend.place, findings);
    check_filters(backend.filters, findings);
  }
}

void check_route(const HttpRoute& route, Findings& findings) {
  for (const HttpRouteRule& rule : route.rules) {
    if (rule.retry) check_retry(rule, findings);
    check_backends(rule, findings);
  }
}

/// "namespace/name" of the Services to which rules with retries lead.
std::set<std::string> retried_services(const Resources& resources) {
  std::set<std::string> services;
  for (const HttpRoute& route : resources.http_routes)
    for (const HttpRouteRule& rule : route.rules)
      for (const HttpBackendRef& backend : rule.backend_refs)
        if (rule.retry && backend.ref.group.empty() && backend.ref.kind == "Service")
          services.insert(backend.ref.namespace_ + "/" + backend.ref.name);
  return services;
}

void check_partial_floor(const RetryConstraint& c, Findings& findings) {
  const auto report = [&](std::string_view missing, const std::string& assumed) {
    findings.warn(c.min_retry_place, "budget-partial-floor",
                  fmt::format("minRetryRate has no {}, and the API fills in none: {} is assumed",
                              missing, assumed));
  };
  if (c.min_retry_interval_defaulted) report("interval", format_gep2257(c.min_retry_interval));
  if (c.min_retry_count_defaulted) report("count", std::to_string(c.min_retry_count));
}

/// Below which load of one client the share of the budget never decides.
void check_floor(const RetryConstraint& c, Findings& findings) {
  constexpr double kUnlikelyLoad = 1000;  // requests per second from one client
  const double floor = c.min_retry_count / c.min_retry_interval.seconds();
  const double load = floor * 100 / c.budget_percent;
  std::string message = fmt::format(
      "each client may always retry {:g} times a second: below {:g} requests/s from one client "
      "the budget of {}% limits nothing",
      floor, load, c.budget_percent);
  if (load >= kUnlikelyLoad)
    findings.warn(c.min_retry_place, "budget-floor-high", std::move(message));
  else
    findings.note(c.min_retry_place, "budget-floor", std::move(message));
}

void check_budget(const RetryConstraint& c, Findings& findings) {
  check_partial_floor(c, findings);
  if (c.budget_percent == 100)
    findings.warn(c.budget_percent_place, "budget-unlimited",
                  "percent 100 limits nothing: every request may be a retry");
  else if (c.budget_percent == 0)
    findings.warn(c.budget_percent_place, "budget-floor-only",
                  fmt::format("percent 0 lets no retries through beyond minRetryRate ({} every {})",
                              c.min_retry_count, format_gep2257(c.min_retry_interval)));
  else
    check_floor(c, findings);
}

void check_policy(const XBackendTrafficPolicy& policy, const std::set<std::string>& retried,
                  Findings& findings) {
  for (const auto& target : policy.target_refs) {
    check_group(target.group, target.place, findings);
    const std::string service = policy.meta.namespace_ + "/" + target.name;
    if (policy.retry_constraint && target.group.empty() && target.kind == "Service" &&
        !retried.contains(service))
      findings.warn(target.place, "budget-without-retry",
                    fmt::format("no rule with retry leads to Service {}: a budget limits retries, "
                                "it does not enable them",
                                service));
  }
  if (policy.retry_constraint) check_budget(*policy.retry_constraint, findings);
}

}  // namespace

Diagnostics lint(const Resources& resources) {
  Findings findings;
  for (const HttpRoute& route : resources.http_routes) check_route(route, findings);
  const auto retried = retried_services(resources);
  for (const XBackendTrafficPolicy& policy : resources.backend_traffic_policies)
    check_policy(policy, retried, findings);
  return findings.take();
}

}  // namespace spillway::model
