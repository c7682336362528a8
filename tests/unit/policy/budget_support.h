// What the tests of budgets share.
#pragma once

#include "model/policy/budget.h"

namespace spillway::model {

/// Retries granted in one instant before the first denial, at most `most`.
inline int granted_at_once(RetryBudget& budget, sim::Time now, int most = 1'000'000) {
  int granted = 0;
  while (granted < most && budget.try_withdraw(now, false)) ++granted;
  return granted;
}

inline void add_requests(RetryBudget& budget, sim::Time now, int n) {
  for (int i = 0; i < n; ++i) budget.on_request(now);
}

}  // namespace spillway::model
