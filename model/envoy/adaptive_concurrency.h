// Envoy's adaptive concurrency filter with the gradient controller
// (extensions.filters.http.adaptive_concurrency.v3): a limit of requests under way that follows the
// latency. Plain value; one thread. It reads the clock it is given: no timers of its own.
#pragma once

#include <cstdint>
#include <vector>

#include "model/envoy/filter_config.h"
#include "sim/random.h"
#include "sim/time.h"

namespace spillway::model::envoy {

/// The next limit: limit x gradient + sqrt(limit x gradient), where gradient =
/// min_rtt (1 + buffer) / sample_rtt, kept in 0.5 ... 2.
std::uint32_t next_limit(const AdaptiveConcurrencyConfig& config, std::uint32_t limit,
                         sim::Duration min_rtt, sim::Duration sample_rtt);

class AdaptiveConcurrency {
 public:
  AdaptiveConcurrency(const AdaptiveConcurrencyConfig& config, sim::Key seed);

  /// False: answer 503. Each request that is admitted ends with on_end().
  bool admit(sim::Time now);
  /// `latency` counts unless the request was broken off (`answered` false).
  void on_end(sim::Time now, sim::Duration latency, bool answered);

  std::uint32_t limit() const { return limit_; }

 private:
  void pass(sim::Time now);
  sim::Duration take_percentile();

  AdaptiveConcurrencyConfig config_;
  sim::Draw draw_;
  std::vector<std::int64_t> samples_;
  std::uint32_t active_ = 0;
  std::uint32_t limit_;
  std::uint32_t limit_before_ = 0;  ///< restored when min_rtt has been measured
  bool measuring_ = true;           ///< min_rtt, with few requests at a time
  sim::Duration min_rtt_{};
  sim::Time next_update_, next_measurement_;
};

}  // namespace spillway::model::envoy
