// How long Envoy waits before a retry: whole milliseconds (Envoy
// source/common/common/backoff_strategy.cc, whose rules differ from those of its documentation).
// Plain values; any thread.
#pragma once

#include <cstdint>
#include <optional>

#include "model/envoy/route_config.h"
#include "sim/time.h"

namespace spillway::model::envoy {

/// retry_back_off with its defaults: base 25 ms, at least 1 ms; max 10 x base, at least base.
struct BackoffSettings {
  std::uint64_t base_ms = 25;
  std::uint64_t max_ms = 250;
  bool operator==(const BackoffSettings&) const = default;
};
BackoffSettings backoff_settings(const std::optional<RetryBackOff>& config);

/// Full jitter: the k-th wait is uniform over 0 ... min(base 2^(k-1), max) - 1 ms.
class ExponentialBackoff {
 public:
  ExponentialBackoff() = default;
  explicit ExponentialBackoff(const BackoffSettings& settings)
      : next_ms_(settings.base_ms), max_ms_(settings.max_ms) {}

  /// The next wait; `random`: 64 uniform bits.
  sim::Duration next(std::uint64_t random);

 private:
  std::uint64_t next_ms_ = 25;
  std::uint64_t max_ms_ = 250;
};

/// The wait that a reset header asks for: its interval I if 1 ms < I <= `max_interval`, stretched
/// by 0 ... I/2; absent: the header does not count and the exponential wait applies.
std::optional<sim::Duration> rate_limited_wait(sim::Duration interval, sim::Duration max_interval,
                                               std::uint64_t random);

}  // namespace spillway::model::envoy
