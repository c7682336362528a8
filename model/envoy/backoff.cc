#include "model/envoy/backoff.h"

#include <algorithm>

namespace spillway::model::envoy {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;

std::uint64_t whole_ms(sim::Duration d) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(1, d.ns / kMillisecond));
}

}  // namespace

BackoffSettings backoff_settings(const std::optional<RetryBackOff>& config) {
  BackoffSettings settings;
  if (!config) return settings;
  if (config->base_interval) settings.base_ms = whole_ms(*config->base_interval);
  settings.max_ms = config->max_interval
                        ? std::max(whole_ms(*config->max_interval), settings.base_ms)
                        : 10 * settings.base_ms;
  return settings;
}

sim::Duration ExponentialBackoff::next(std::uint64_t random) {
  const std::uint64_t bound = next_ms_;
  next_ms_ = next_ms_ < max_ms_ / 2 ? 2 * next_ms_ : max_ms_;
  return {static_cast<std::int64_t>(random % bound) * kMillisecond};
}

std::optional<sim::Duration> rate_limited_wait(sim::Duration interval, sim::Duration max_interval,
                                               std::uint64_t random) {
  if (interval.ns <= kMillisecond || interval > max_interval) return std::nullopt;
  const std::uint64_t ms = whole_ms(interval);
  return sim::Duration{static_cast<std::int64_t>(ms + random % std::max<std::uint64_t>(1, ms / 2)) *
                       kMillisecond};
}

}  // namespace spillway::model::envoy
