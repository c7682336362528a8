#include "model/policy/window_budget.h"

#include <algorithm>
#include <cmath>

namespace spillway::model {

WindowBudgetState::WindowBudgetState(const WindowBudget& spec, const WindowReading& reading)
    : reading_(reading),
      requests_(spec.interval, reading.slots),
      retries_(spec.interval, reading.slots),
      percent_(spec.percent),
      min_count_(spec.min_count) {
  if (reading.floor == WindowReading::Floor::per_min_interval) {
    recent_retries_ = SlotWindow(spec.min_interval, reading.slots);
  } else {
    scaled_floor_ = static_cast<double>(spec.min_count) * static_cast<double>(spec.interval.ns) /
                    static_cast<double>(spec.min_interval.ns);
  }
}

double WindowBudgetState::cap(std::uint64_t requests, std::uint64_t retries) const {
  const std::uint64_t base =
      reading_.share == WindowReading::Share::all ? requests + retries : requests;
  return std::max(percent_ * static_cast<double>(base) / 100, scaled_floor_);
}

bool WindowBudgetState::try_withdraw(sim::Time now, bool /*after_timeout*/) {
  const std::uint64_t retries = retries_.count(now);
  const bool in_share = static_cast<double>(retries + 1) <= cap(requests_.count(now), retries);
  const bool in_floor = reading_.floor == WindowReading::Floor::per_min_interval &&
                        recent_retries_.count(now) < min_count_;
  if (!in_share && !in_floor) return false;
  if (reading_.counted == WindowReading::Counted::at_decision) count_retry(now);
  return true;
}

double WindowBudgetState::balance(sim::Time now) const {
  const std::uint64_t retries = retries_.peek(now);
  const double share = std::floor(cap(requests_.peek(now), retries)) - static_cast<double>(retries);
  if (reading_.floor == WindowReading::Floor::scaled) return std::max(share, 0.0);
  const double floor =
      static_cast<double>(min_count_) - static_cast<double>(recent_retries_.peek(now));
  return std::max({share, floor, 0.0});
}

}  // namespace spillway::model
