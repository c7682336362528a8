#include "model/run/ps_station.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace spillway::model {

double PsStation::rate() const {
  return items_.empty() ? 0 : std::min(1.0, workers_ / static_cast<double>(items_.size()));
}

void PsStation::advance(sim::Time now) {
  virtual_ += rate() * static_cast<double>((now - last_).ns);
  last_ = now;
  if (items_.empty()) virtual_ = 0;  // an idle station starts anew: no rounding error piles up
}

void PsStation::set_workers(sim::Time now, double workers) {
  advance(now);
  workers_ = workers;
}

void PsStation::start(sim::Time now, std::uint32_t job, sim::Duration work) {
  advance(now);
  items_.push_back({virtual_ + static_cast<double>(work.ns), sequence_++, job});
  std::ranges::push_heap(items_, std::greater<>());
}

void PsStation::remove(sim::Time now, std::uint32_t job) {
  const auto found = std::ranges::find(items_, job, &Item::job);
  if (found == items_.end()) return;
  advance(now);
  items_.erase(found);
  std::ranges::make_heap(items_, std::greater<>());
}

sim::Time PsStation::next_done(sim::Time now) {
  advance(now);
  const double speed = rate();
  if (speed <= 0) return sim::kNever;
  const double left = std::max(0.0, items_.front().done - virtual_) / speed;
  return left < 9e18 ? now + sim::Duration{static_cast<std::int64_t>(std::ceil(left))}
                     : sim::kNever;
}

std::uint32_t PsStation::finish(sim::Time now) {
  advance(now);
  std::ranges::pop_heap(items_, std::greater<>());
  const std::uint32_t job = items_.back().job;
  items_.pop_back();
  return job;
}

}  // namespace spillway::model
