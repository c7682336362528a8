// Runtime of FailureRatioBudget: no retries while failed tries over requests, since the start, are
// above a limit (the circuit breaker of M. Brooker, "Fixing retries with token buckets and circuit
// breakers"; retry_sim/retry_strategy.py in mbrooker/simulator_example). Plain value; not for
// several threads at once.
#pragma once

#include <algorithm>
#include <cstdint>

#include "model/policy/budget_events.h"
#include "model/spec/client_policy.h"

namespace spillway::model {

class FailureRatioBudgetState : public BudgetEvents {
 public:
  explicit FailureRatioBudgetState(const FailureRatioBudget& spec) : percent_(spec.percent) {}

  void on_request(sim::Time) { ++requests_; }
  void on_result(sim::Time, bool success, bool /*was_retry*/, bool /*timeout*/) {
    failures_ += success ? 0 : 1;
  }

  bool try_withdraw(sim::Time, bool /*after_timeout*/) {
    return 100 * static_cast<double>(failures_) <= percent_ * static_cast<double>(requests_);
  }

  /// Failed tries that are left before retries stop.
  double balance(sim::Time) const {
    return std::max(
        0.0, percent_ * static_cast<double>(requests_) / 100 - static_cast<double>(failures_));
  }

 private:
  double percent_;
  std::uint64_t requests_ = 0;
  std::uint64_t failures_ = 0;
};

}  // namespace spillway::model
