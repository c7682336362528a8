// The retry budget of a ServiceProfile: tower's TpsBudget (tower/src/retry/budget/tps_budget.rs).
// Outcomes that need no retry deposit, each retry pays trunc(1 / ratio). Plain value; not for
// several threads at once.
#pragma once

#include <cstdint>

#include "model/linkerd/policy.h"
#include "model/policy/expiring_balance.h"

namespace spillway::model::linkerd {

class TpsBudget {
 public:
  explicit TpsBudget(const RetryBudget& spec) : balance_(spec.ttl, RatioArithmetic::tower) {
    if (spec.retry_ratio == 0) {
      deposit_ = 0;
    } else if (spec.retry_ratio <= 1) {
      price_ = static_cast<std::int64_t>(1.0F / spec.retry_ratio);
    } else {
      deposit_ = 1000;
      price_ = static_cast<std::int64_t>(1000.0F / spec.retry_ratio);
    }
    reserve_ = spec.min_retries_per_second * (spec.ttl.ns / 1'000'000'000) * price_;
  }

  void deposit(sim::Time now) { balance_.add(now, deposit_); }

  bool withdraw(sim::Time now) {
    if (balance_.sum(now) + reserve_ < price_) return false;
    balance_.add(now, -price_);
    return true;
  }

  /// As of the last deposit or withdrawal.
  std::int64_t balance() const { return balance_.total() + reserve_; }

 private:
  ExpiringBalance balance_;
  std::int64_t deposit_ = 1;
  std::int64_t price_ = 1;
  std::int64_t reserve_ = 0;
};

}  // namespace spillway::model::linkerd
