// What a retry budget may hear and is asked: the base of every budget's runtime state, and by
// itself the budget that always allows. Budgets hide what they need; nothing here is virtual
// (RetryBudget knows the type). Plain values; not for several threads at once.
#pragma once

#include <cstdint>
#include <limits>

#include "sim/time.h"

namespace spillway::model {

struct BudgetEvents {
  void on_request(sim::Time) {}
  void on_attempt_start(sim::Time) {}
  void on_attempt_end(sim::Time) {}
  void on_result(sim::Time, bool /*success*/, bool /*was_retry*/, bool /*timeout*/) {}
  void on_retry_start(sim::Time) {}
  void on_retry_end(sim::Time) {}
  bool try_withdraw(sim::Time, bool /*after_timeout*/) { return true; }
  double balance(sim::Time) const { return std::numeric_limits<double>::infinity(); }
};

}  // namespace spillway::model
