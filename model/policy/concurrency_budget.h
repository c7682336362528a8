// Runtime of ConcurrencyBudget: retries that may exist at the same time, as Envoy counts them
// (source/common/upstream/resource_manager_impl.h). A retry exists from the decision on, through
// its backoff. Plain value; not for several threads at once.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "model/policy/budget_events.h"
#include "model/policy/slot_window.h"
#include "model/spec/client_policy.h"

namespace spillway::model {

class ConcurrencyBudgetState : public BudgetEvents {
 public:
  /// Slots of the window of started tries.
  static constexpr std::uint32_t kSlots = 10;

  explicit ConcurrencyBudgetState(const ConcurrencyBudget& spec)
      : share_(spec.percent / 100), min_(spec.min), windowed_(spec.interval.ns > 0) {
    if (windowed_) started_ = SlotWindow(spec.interval, kSlots);
  }

  void on_attempt_start(sim::Time now) {
    ++in_flight_;
    if (windowed_) started_.add(now);
  }

  void on_attempt_end(sim::Time) {
    assert(in_flight_ > 0);
    --in_flight_;
  }

  bool try_withdraw(sim::Time now, bool /*after_timeout*/) {
    if (retries_ >= cap(windowed_ ? started_.count(now) : in_flight_)) return false;
    ++retries_;
    return true;
  }

  void on_retry_end(sim::Time) {
    assert(retries_ > 0);
    --retries_;
  }

  double balance(sim::Time now) const {
    const std::uint64_t allowed = cap(windowed_ ? started_.peek(now) : in_flight_);
    return allowed > retries_ ? static_cast<double>(allowed - retries_) : 0;
  }

 private:
  std::uint64_t cap(std::uint64_t requests) const {
    return std::max(static_cast<std::uint64_t>(share_ * static_cast<double>(requests)), min_);
  }

  SlotWindow started_;
  double share_;
  std::uint64_t min_;
  std::uint64_t in_flight_ = 0;
  std::uint64_t retries_ = 0;
  bool windowed_;
};

}  // namespace spillway::model
