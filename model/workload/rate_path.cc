#include "model/workload/rate_path.h"

#include <algorithm>
#include <cmath>

namespace spillway::model {

RatePath::RatePath(const RateProfile& profile) {
  const auto& points = profile.points;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool last = i + 1 == points.size();
    Segment segment;
    segment.start = points[i].at.ns;
    segment.end = last ? kEndOfTime : points[i + 1].at.ns;
    segment.rate = points[i].per_second * 1e-9;
    if (!last && segment.end > segment.start) {
      segment.slope = (points[i + 1].per_second - points[i].per_second) * 1e-9 /
                      static_cast<double>(segment.end - segment.start);
    }
    if (segment.slope == 0) segment.gap_ns = 1e9 / points[i].per_second;
    if (segment.end > segment.start) segments_.push_back(segment);
  }
  enter_next();
}

RatePath::RatePath(const MmppArrivals& states, sim::Key key, sim::Time horizon)
    : holding_(states.holding), key_(key), horizon_(horizon) {
  const bool silent =
      std::all_of(states.rates.begin(), states.rates.end(), [](double rate) { return rate == 0; });
  if (silent) return;
  for (const double rate : states.rates) {
    Segment state;
    state.rate = rate * 1e-9;
    state.gap_ns = 1e9 / rate;
    states_.push_back(state);
  }
  enter_next();
}

std::optional<sim::Time> RatePath::advance_far(double arrivals) {
  for (;;) {
    if (const auto time = advance_inside(arrivals)) return time;
    if (!enter_next()) return std::nullopt;
  }
}

/// The arrival, if it falls into the rest of the segment; otherwise `arrivals` is less by what is
/// expected there.
std::optional<sim::Time> RatePath::advance_inside(double& arrivals) {
  const double left = rest();
  if (segment_.slope == 0) {
    const double gap = arrivals * segment_.gap_ns;
    if (gap < left) return step(gap);
    arrivals = std::max(0.0, arrivals - left / segment_.gap_ns);
    return std::nullopt;
  }
  const double since = static_cast<double>(segment_.end - segment_.start) - left;
  const double rate = std::max(0.0, segment_.rate + segment_.slope * since);
  const double expected = left * (rate + 0.5 * segment_.slope * left);
  if (arrivals >= expected) {
    arrivals -= expected;
    return std::nullopt;
  }
  // The positive root of rate * x + slope / 2 * x^2 = arrivals, in the form that does not cancel.
  const double root = std::sqrt(std::max(0.0, rate * rate + 2 * segment_.slope * arrivals));
  const double distance = arrivals == 0 ? 0.0 : 2 * arrivals / (rate + root);
  return step(std::min(distance, left));
}

bool RatePath::enter_next() {
  if (!states_.empty()) return enter_state();
  if (next_ < segments_.size()) {
    segment_ = segments_[next_++];
    position_ = segment_.start;
    fraction_ = 0;
    return true;
  }
  segment_ = Segment{};  // nothing more to come
  return false;
}

bool RatePath::enter_state() {
  const std::int64_t start = next_ == 0 ? 0 : segment_.end;
  if (start >= std::min(horizon_.ns, kEndOfTime)) {
    states_.clear();
    segment_ = Segment{};
    return false;
  }
  const std::size_t state = next_ % states_.size();
  sim::Draw draw(sim::combine(key_, next_++));
  const double held = sim::exponential(draw) * static_cast<double>(holding_[state].ns);
  const std::int64_t room = kEndOfTime - start;
  segment_ = states_[state];
  segment_.start = start;
  segment_.end = held < static_cast<double>(room)
                     ? start + std::max<std::int64_t>(1, static_cast<std::int64_t>(held))
                     : kEndOfTime;
  position_ = start;
  fraction_ = 0;
  return true;
}

}  // namespace spillway::model
