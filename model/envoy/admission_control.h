// Envoy's admission control filter: turns requests away, the more of them the lower the success
// rate of the last window (extensions.filters.http.admission_control.v3). Plain value; one thread.
#pragma once

#include <cstdint>

#include "model/envoy/filter_config.h"
#include "sim/random.h"
#include "sim/ring.h"
#include "sim/time.h"

namespace spillway::model::envoy {

/// The share of requests to turn away after `successes` of `requests` in the window.
double rejection_probability(const AdmissionControlConfig& config, std::uint64_t requests,
                             std::uint64_t successes);

class AdmissionControl {
 public:
  explicit AdmissionControl(const AdmissionControlConfig& config) : config_(config) {}

  /// False: answer 503. Rejected requests do not count.
  bool admit(sim::Time now, sim::Draw& draw);
  /// An admitted request has ended: HTTP below 500 is a success.
  void on_result(sim::Time now, bool success);

 private:
  struct Second {
    std::int64_t number = 0;
    std::uint32_t requests = 0, successes = 0;
  };
  void forget(sim::Time now);

  AdmissionControlConfig config_;
  sim::Ring<Second> seconds_;  ///< samples of the window, by the second as in Envoy
  std::uint64_t requests_ = 0, successes_ = 0;
};

}  // namespace spillway::model::envoy
