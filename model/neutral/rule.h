// The executor of the Gateway API specification itself: what one HTTPRoute rule makes of its
// attempts (GEP-1742 timeouts, GEP-1731 retries, GEP-3388 budgets). Every choice that the
// specification leaves open is a field with a default. Pure decisions on plain values; the run loop
// schedules.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>

#include "model/policy/budget.h"
#include "model/policy/outcome.h"
#include "sim/random.h"
#include "sim/time.h"

namespace spillway::model::neutral {

/// What a rule's retry stanza and timeouts mean, resolved.
struct RuleConfig {
  std::optional<sim::Duration>
      request_timeout;  ///< whole request, waits and retries included; absent: none
  std::optional<sim::Duration> backend_request_timeout;  ///< one try; absent: none
  bool retry = false;                                    ///< the rule has a `retry` stanza
  std::bitset<600> codes;                                ///< statuses that are retried
  std::uint32_t attempts = 0;                            ///< retries: tries <= attempts + 1
  sim::Duration backoff{};                               ///< minimum wait before each retry
  bool retry_refused = true;                             ///< connection could not be made
  bool retry_reset = true;                               ///< connection broke before an answer
  bool retry_backend_timeout = true;                     ///< backendRequest expired
  std::uint16_t timeout_status = 504;
  std::uint16_t connection_error_status = 503;  ///< conformance accepts 500 or 503
  std::uint16_t budget_denied_status = 503;     ///< 0: the failed try's own status
};

/// May this failed or finished try be followed by another? The order is: retriable, limit, budget.
/// `budget` is the one of the try's backend and is charged when the answer is yes. A retry that is
/// not made leaves the last status as it came (504 after a timeout, `connection_error_status` after
/// a connection error), except that a budget's refusal answers `budget_denied_status`.
Verdict decide(const RuleConfig& rule, std::uint32_t retries_used, const AttemptResult& result,
               RetryBudget& budget, sim::Time now);

/// The request timeout expired: 504, whatever else was going on.
Verdict expire(const RuleConfig& rule);

}  // namespace spillway::model::neutral
