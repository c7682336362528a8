// The waits of linkerd2-proxy (linkerd/exp-backoff/src/lib.rs) and the step of its timers. Pure
// functions; any thread.
#pragma once

#include <algorithm>
#include <cstdint>

#include "model/linkerd/policy.h"
#include "sim/random.h"
#include "sim/time.h"

namespace spillway::model::linkerd {

/// Wait number `iteration` (0, 1, ...): base = min * 2^iteration, at most max, plus U(0, 1) *
/// jitter_ratio of it, at most max. Whole seconds and nanoseconds of the base are jittered apart
/// and truncated, so a base of whole seconds gains whole seconds only. One draw, none without
/// jitter.
inline sim::Duration backoff_wait(const ExponentialBackoff& backoff, std::uint32_t iteration,
                                  sim::Draw& draw) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::int64_t max = backoff.max_backoff.ns;
  std::int64_t base = std::min(backoff.min_backoff.ns, max);
  for (; iteration > 0 && base > 0 && base < max; --iteration) base = std::min(base * 2, max);
  if (backoff.jitter_ratio == 0) return {base};
  const double factor = draw.uniform() * backoff.jitter_ratio;
  const auto seconds = static_cast<std::int64_t>(static_cast<double>(base / kSecond) * factor);
  const auto nanos = static_cast<std::int64_t>(static_cast<double>(base % kSecond) * factor);
  return {base + std::min(seconds * kSecond + nanos, max - base)};
}

/// When a timer that is set for `at` goes off: tokio's timers have steps of 1 ms.
constexpr sim::Time timer_end(sim::Time at) {
  constexpr std::int64_t kStep = 1'000'000;
  return {(at.ns + kStep - 1) / kStep * kStep};
}

}  // namespace spillway::model::linkerd
