#include "model/envoy/adaptive_concurrency.h"

#include <algorithm>
#include <cmath>

namespace spillway::model::envoy {

std::uint32_t next_limit(const AdaptiveConcurrencyConfig& config, std::uint32_t limit,
                         sim::Duration min_rtt, sim::Duration sample_rtt) {
  const double buffered = static_cast<double>(min_rtt.ns) * (1 + config.min_rtt_buffer / 100);
  const double gradient = std::clamp(
      buffered / static_cast<double>(std::max<std::int64_t>(1, sample_rtt.ns)), 0.5, 2.0);
  const double scaled = gradient * limit;
  return std::clamp(static_cast<std::uint32_t>(scaled + std::sqrt(scaled)), config.min_concurrency,
                    config.max_concurrency_limit);
}

AdaptiveConcurrency::AdaptiveConcurrency(const AdaptiveConcurrencyConfig& config, sim::Key seed)
    : config_(config),
      draw_(seed),
      limit_(config.min_concurrency),
      limit_before_(config.min_concurrency) {}

sim::Duration AdaptiveConcurrency::take_percentile() {
  const auto rank = static_cast<std::size_t>(config_.sample_aggregate_percentile / 100 *
                                             static_cast<double>(samples_.size() - 1));
  std::ranges::nth_element(samples_, samples_.begin() + static_cast<std::ptrdiff_t>(rank));
  const sim::Duration value{samples_[rank]};
  samples_.clear();
  return value;
}

/// What timers would have done until now.
void AdaptiveConcurrency::pass(sim::Time now) {
  if (measuring_) return;
  if (now >= next_measurement_) {
    measuring_ = true;
    limit_before_ = limit_;
    limit_ = config_.min_concurrency;
    samples_.clear();
    return;
  }
  if (now < next_update_) return;
  if (!samples_.empty()) limit_ = next_limit(config_, limit_, min_rtt_, take_percentile());
  const std::int64_t step = std::max<std::int64_t>(1, config_.concurrency_update_interval.ns);
  next_update_.ns += ((now - next_update_).ns / step + 1) * step;
}

bool AdaptiveConcurrency::admit(sim::Time now) {
  pass(now);
  if (active_ >= limit_) return false;
  ++active_;
  return true;
}

void AdaptiveConcurrency::on_end(sim::Time now, sim::Duration latency, bool answered) {
  pass(now);
  --active_;
  if (!answered) return;
  samples_.push_back(latency.ns);
  if (!measuring_ || samples_.size() < config_.min_rtt_request_count) return;
  min_rtt_ = take_percentile();
  measuring_ = false;
  limit_ = limit_before_;
  next_update_ = now + config_.concurrency_update_interval;
  const auto jitter = static_cast<std::int64_t>(draw_.uniform() * config_.min_rtt_jitter / 100 *
                                                static_cast<double>(config_.min_rtt_interval.ns));
  next_measurement_ = now + config_.min_rtt_interval + sim::Duration{jitter};
}

}  // namespace spillway::model::envoy
