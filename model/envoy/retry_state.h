// The retries of one request: whether there is one more, and after what wait (Envoy
// source/common/router/retry_state_impl.cc). Plain values; one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "model/envoy/backoff.h"
#include "model/envoy/resources.h"
#include "model/envoy/retry_on.h"
#include "sim/random.h"

namespace spillway::model::envoy {

/// A retry policy with Envoy's defaults in place.
struct RetrySettings {
  RetryOn on;
  std::vector<std::uint32_t> codes;  ///< retriable_status_codes
  std::uint32_t num_retries = 1;
  BackoffSettings backoff;
  bool rate_limited_backoff = false;  ///< retry-after, in seconds, decides the wait
  sim::Duration max_reset_interval{300'000'000'000};
  bool previous_hosts = false;      ///< a retry avoids hosts that were tried
  std::uint32_t host_attempts = 1;  ///< and picks so often again for it
  bool enabled() const { return on.bits != 0; }
  bool operator==(const RetrySettings&) const = default;
};
RetrySettings retry_settings(const std::optional<RetryPolicy>& policy);

enum class RetryStatus : std::uint8_t { no, yes, limit, overflow };

/// What a request carries from try to try.
struct RetryState {
  std::uint32_t remaining = 0;
  bool holds_slot = false;  ///< counted in Resources::retries
  ExponentialBackoff backoff;
};
RetryState start_retries(const RetrySettings& settings);

/// A try has ended (or, hedged, its timer has): `would_retry` says whether it is one to be retried.
/// In Envoy's order: the slot of the last retry is given back; a failure that is not to be retried
/// ends it; then the limit; a retry is used up; then breaker or budget, whose refusal ends it too.
/// `yes` has taken a slot, which is held until the next call or release_retry().
RetryStatus should_retry(RetryState& state, bool would_retry, Resources& resources, sim::Time now);

/// The request has ended: gives a held slot back.
void release_retry(RetryState& state, Resources& resources);

/// The wait before the retry that should_retry() allowed after `result`.
sim::Duration retry_wait(RetryState& state, const RetrySettings& settings,
                         const AttemptResult& result, sim::Draw& draw);

}  // namespace spillway::model::envoy
