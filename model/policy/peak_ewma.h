// The latency estimate of linkerd2-proxy's balancer (tower/src/load/peak_ewma.rs): a higher sample
// counts at once, a lower one pulls the estimate down with the time that has passed, and so does
// every look at it, as if a sample of zero had come. Plain value; not for several threads at once.
#pragma once

#include "sim/portable_math.h"
#include "sim/time.h"

namespace spillway::model {

class PeakEwma {
 public:
  /// What linkerd2-proxy uses.
  static constexpr sim::Duration kInitial{30'000'000};
  static constexpr sim::Duration kDecay{10'000'000'000};

  PeakEwma() = default;
  /// initial >= 0, decay > 0. `now`: when the endpoint was made.
  PeakEwma(sim::Duration initial, sim::Duration decay, sim::Time now)
      : estimate_(static_cast<double>(initial.ns)), decay_(decay), updated_(now) {}

  /// The estimate in nanoseconds, now.
  double read(sim::Time now) { return update(now, 0); }

  void sample(sim::Time now, sim::Duration rtt) { update(now, static_cast<double>(rtt.ns)); }

 private:
  double update(sim::Time now, double ns) {
    if (estimate_ < ns) {
      estimate_ = ns;
    } else if (now != updated_) {
      const double kept = sim::portable_exp(static_cast<double>((updated_ - now).ns) *
                                            (1.0 / static_cast<double>(decay_.ns)));
      estimate_ = estimate_ * kept + ns * (1 - kept);
    }
    updated_ = now;
    return estimate_;
  }

  double estimate_ = static_cast<double>(kInitial.ns);
  sim::Duration decay_ = kDecay;
  sim::Time updated_{};
};

}  // namespace spillway::model
