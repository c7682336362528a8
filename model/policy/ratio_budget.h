// Runtime of RatioBudget: retries as a share of requests, with expiring deposits and a reserve
// (com.twitter.finagle.service.RetryBudget; tower/src/retry/budget/tps_budget.rs, which differs in
// two roundings: RatioArithmetic). Deposits are made for every request, as Finagle does. Plain
// value; not for several threads at once.
#pragma once

#include <cmath>
#include <cstdint>

#include "model/policy/budget_events.h"
#include "model/policy/expiring_balance.h"
#include "model/spec/client_policy.h"

namespace spillway::model {

class RatioBudgetState : public BudgetEvents {
 public:
  RatioBudgetState(const RatioBudget& spec, RatioArithmetic arithmetic)
      : balance_(spec.ttl, arithmetic), deposit_(1000), price_(1) {
    if (spec.percent <= 0) {
      deposit_ = 0;
    } else if (arithmetic == RatioArithmetic::tower && spec.percent <= 100) {
      deposit_ = 1;
      price_ = static_cast<std::int64_t>(1.0F / static_cast<float>(spec.percent / 100));
    } else {
      price_ = std::max<std::int64_t>(1, static_cast<std::int64_t>(100'000 / spec.percent));
    }
    reserve_ = static_cast<std::int64_t>(spec.min_per_second * spec.ttl.seconds() *
                                         static_cast<double>(price_));
  }

  void on_request(sim::Time now) { balance_.add(now, deposit_); }

  bool try_withdraw(sim::Time now, bool /*after_timeout*/) {
    if (balance_.sum(now) + reserve_ < price_) return false;
    balance_.add(now, -price_);
    return true;
  }

  double balance(sim::Time now) const {
    ExpiringBalance copy = balance_;
    return std::floor(static_cast<double>(copy.sum(now) + reserve_) / static_cast<double>(price_));
  }

 private:
  ExpiringBalance balance_;
  std::int64_t deposit_;
  std::int64_t price_;
  std::int64_t reserve_ = 0;
};

}  // namespace spillway::model
