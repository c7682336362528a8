#include <fmt/format.h>

#include "model/profiles/gateway_api/options.h"
#include "model/spec/gep2257.h"

namespace spillway::model::gateway_api {
namespace {

/// Zero disables a timeout (GEP-1742); an absent one is the implementation's choice.
std::optional<sim::Duration> timeout(const std::optional<sim::Duration>& given,
                                     const std::optional<sim::Duration>& standard,
                                     const char* option, const char* field,
                                     std::vector<Assumption>& assumptions) {
  if (given) return given->ns > 0 ? given : std::nullopt;
  assume(assumptions, option, standard ? format_gep2257(*standard) : "none",
         fmt::format("a rule without {} leaves it to the implementation (GEP-1742)", field));
  return standard;
}

void translate_retry(const HttpRouteRetry& retry, const Options& options,
                     neutral::RuleConfig& config, std::vector<Assumption>& assumptions) {
  config.retry = true;
  for (const int code : retry.codes)
    if (code > 0 && static_cast<std::size_t>(code) < config.codes.size())
      config.codes.set(static_cast<std::size_t>(code));
  if (!retry.attempts)
    assume(assumptions, "retryAttempts", std::to_string(options.retry_attempts),
           "a retry stanza without attempts leaves it to the implementation (GEP-1731)");
  config.attempts =
      retry.attempts ? static_cast<std::uint32_t>(*retry.attempts) : options.retry_attempts;
  if (!retry.backoff)
    assume(assumptions, "retryBackoff", format_gep2257(options.retry_backoff),
           "a retry stanza without backoff leaves it to the implementation (GEP-1731)");
  else
    assume(assumptions, "backoffLaw", "constant, the given minimum",
           "backoff is a minimum; growth and jitter are the implementation's choice (GEP-1731)");
  config.backoff = retry.backoff.value_or(options.retry_backoff);
  const auto yes_no = [](bool v) { return std::string(v ? "true" : "false"); };
  assume(assumptions, "retryOnConnectFailure", yes_no(options.retry_on_connect_failure),
         "connection errors SHOULD be retried (GEP-1731)");
  assume(assumptions, "retryOnReset", yes_no(options.retry_on_reset),
         "what counts as a connection error is unresolved (GEP-1731)");
  if (config.backend_request_timeout)
    assume(assumptions, "retryOnBackendTimeout", yes_no(options.retry_on_backend_timeout),
           "whether an expired backendRequest is retried is disputed (gateway-api#4977)");
}

}  // namespace

neutral::RuleConfig translate(const HttpRouteRule& rule, const Options& options,
                              std::vector<Assumption>& assumptions) {
  neutral::RuleConfig config;
  const HttpRouteTimeouts timeouts = rule.timeouts.value_or(HttpRouteTimeouts{});
  config.request_timeout = timeout(timeouts.request, options.request_timeout, "requestTimeout",
                                   "timeouts.request", assumptions);
  config.backend_request_timeout =
      timeout(timeouts.backend_request, options.backend_request_timeout, "backendRequestTimeout",
              "timeouts.backendRequest", assumptions);
  config.retry_refused = options.retry_on_connect_failure;
  config.retry_reset = options.retry_on_reset;
  config.retry_backend_timeout = options.retry_on_backend_timeout;
  config.connection_error_status = static_cast<std::uint16_t>(options.connection_error_status);
  config.budget_denied_status = static_cast<std::uint16_t>(options.budget_denied_status);
  if (rule.retry) translate_retry(*rule.retry, options, config, assumptions);
  return config;
}

Budget translate_budget(const XBackendTrafficPolicy* policy, const Options& options,
                        std::vector<Assumption>& assumptions) {
  if (options.budget_override) return *options.budget_override;
  if (!policy || !policy->retry_constraint) return {};
  const RetryConstraint& c = *policy->retry_constraint;
  const char* why = "how a retryConstraint counts is left open (GEP-3388)";
  const WindowReading& reading = options.budget_reading.window;
  assume(assumptions, "budgetShare",
         reading.share == WindowReading::Share::all ? "all" : "originals", why);
  assume(assumptions, "budgetFloor",
         reading.floor == WindowReading::Floor::scaled ? "scaled" : "per-interval", why);
  assume(assumptions, "budgetCounted",
         reading.counted == WindowReading::Counted::at_decision ? "decision" : "dispatch", why);
  assume(
      assumptions, "budgetDeniedStatus",
      options.budget_denied_status == 0 ? "original" : std::to_string(options.budget_denied_status),
      "a refused retry answers 503 by the text of GEP-3388; proxies differ");
  assume(assumptions, "budgetScope", "one budget per client proxy and backend",
         "local or global counting is left open (GEP-3388)");
  return WindowBudget{static_cast<double>(c.budget_percent), c.budget_interval,
                      static_cast<std::uint32_t>(c.min_retry_count), c.min_retry_interval};
}

}  // namespace spillway::model::gateway_api
