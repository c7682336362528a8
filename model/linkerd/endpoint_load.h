// How loaded an endpoint looks to the balancer: peak EWMA of the round-trip time, times the
// requests that are under way and one more (tower/src/load/peak_ewma.rs). Plain value; not for
// several threads at once.
#pragma once

#include <algorithm>
#include <cstdint>

#include "model/linkerd/policy.h"
#include "model/policy/peak_ewma.h"

namespace spillway::model::linkerd {

class EndpointLoad {
 public:
  EndpointLoad(const BalanceP2c& policy, sim::Time now)
      : rtt_(policy.default_rtt, policy.decay, now) {}

  void begin() { ++pending_; }

  /// A request ends: its first body frame came, it failed or was given up after `rtt`.
  void end(sim::Time now, sim::Duration rtt) {
    --pending_;
    rtt_.sample(now, rtt);
  }

  /// Nanoseconds. A look at it decays the estimate.
  double cost(sim::Time now) { return rtt_.read(now) * (pending_ + 1.0); }

 private:
  PeakEwma rtt_;
  std::uint32_t pending_ = 0;
};

/// The round-trip time that a rate-limited answer counts as (linkerd/load-biaser): at least the
/// penalty, or what the server asks for in Retry-After (zero: nothing), cut at max_retry_after.
inline sim::Duration penalized(const BalanceP2c::Penalty& penalty, sim::Duration rtt,
                               sim::Duration retry_after) {
  return std::max({rtt, penalty.penalty, std::min(retry_after, penalty.max_retry_after)});
}

}  // namespace spillway::model::linkerd
