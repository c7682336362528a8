// The leaky token bucket under the retry budgets of Finagle and tower: deposits and withdrawals
// that are forgotten about `ttl` after they were made. Slots start at the first use after the one
// before ran out, not on a grid, and both sources differ in how many they skip; reproduced as they
// are. Plain value; not for several threads at once.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "sim/time.h"

namespace spillway::model {

/// Whose arithmetic a ratio budget follows.
enum class RatioArithmetic : std::uint8_t {
  finagle,  ///< com.twitter.finagle.service.RetryBudget, com.twitter.util.WindowedAdder
  tower     ///< tower/src/retry/budget/tps_budget.rs (linkerd2-proxy)
};

class ExpiringBalance {
 public:
  ExpiringBalance() = default;
  /// ttl > 0, cut into 10 slots.
  ExpiringBalance(sim::Duration ttl, RatioArithmetic arithmetic)
      : width_{std::max<std::int64_t>(1, ttl.ns / 10)},
        ring_(arithmetic == RatioArithmetic::tower ? 10 : 9),
        arithmetic_(arithmetic) {}

  void add(sim::Time now, std::int64_t amount) {
    expire(now);
    current_ += amount;
    total_ += amount;
  }

  /// What is left of everything added. Counts as a use: it may start a new slot.
  std::int64_t sum(sim::Time now) {
    expire(now);
    return total_;
  }

  /// The same as of the last use, which this is not.
  std::int64_t total() const { return total_; }

 private:
  void expire(sim::Time now) {
    if (now - slot_start_ >= width_) rotate(now);
  }

  void rotate(sim::Time now) {
    const std::int64_t elapsed = (now - slot_start_).ns;
    // Finagle: whole slots that passed; tower: slots begun.
    const std::int64_t steps = arithmetic_ == RatioArithmetic::finagle
                                   ? elapsed / width_.ns
                                   : (elapsed + width_.ns - 1) / width_.ns;
    store(current_);
    current_ = 0;
    for (std::int64_t left = std::min<std::int64_t>(steps - 1, ring_); left > 0; --left) store(0);
    slot_start_ = now;
  }

  /// Puts an ended slot where the oldest one was, whose amount is forgotten.
  void store(std::int64_t amount) {
    total_ -= kept_[oldest_];
    kept_[oldest_] = amount;
    oldest_ = oldest_ + 1 == ring_ ? 0 : oldest_ + 1;
  }

  std::array<std::int64_t, 10> kept_{};
  std::int64_t current_ = 0;
  std::int64_t total_ = 0;
  sim::Time slot_start_{};
  sim::Duration width_{1};
  std::uint32_t ring_ = 9;
  std::uint32_t oldest_ = 0;
  RatioArithmetic arithmetic_ = RatioArithmetic::finagle;
};

}  // namespace spillway::model
