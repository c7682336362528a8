// Walks along a rate that changes with time, by expected arrivals: the exact inverse of the
// integrated rate. Unit-exponential steps along it make a Poisson process with that rate (time
// change), other steps its renewal counterpart. Positions are whole nanoseconds plus a fraction, so
// that rounding does not add up however long the walk. Plain value; not for several threads at
// once.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "model/spec/workload.h"
#include "sim/random.h"
#include "sim/time.h"

namespace spillway::model {

class RatePath {
 public:
  /// A rate of zero, for ever.
  RatePath() = default;
  /// Linear between the points, constant after the last one; points at the same time are a step.
  explicit RatePath(const RateProfile& profile);
  /// States in a cycle, with exponential holding times that are drawn on the way: visit k from
  /// combine(key, k). Not followed past `horizon`.
  RatePath(const MmppArrivals& states, sim::Key key, sim::Time horizon);

  /// Moves on by `arrivals` >= 0 expected arrivals and returns the time there, to the
  /// nearest nanosecond; nothing once there are no more to come. A count that is reached where the
  /// rate becomes zero belongs to the time at which it is positive again.
  std::optional<sim::Time> advance(double arrivals) {
    if (segment_.slope == 0) [[likely]] {
      const double ns = arrivals * segment_.gap_ns + fraction_;
      if (ns < static_cast<double>(segment_.end - position_)) [[likely]]
        return step(ns);
    }
    return advance_far(arrivals);
  }

 private:
  struct Segment {
    std::int64_t start = 0;
    std::int64_t end = sim::kNever.ns;
    double rate = 0;                                          ///< at the start, per ns
    double slope = 0;                                         ///< per ns per ns
    double gap_ns = std::numeric_limits<double>::infinity();  ///< 1 / rate, of a constant one
  };

  /// To `ns` after position_, inside the segment.
  sim::Time step(double ns) {
    const auto whole = static_cast<std::int64_t>(ns + 0.5);
    position_ += whole;
    fraction_ = ns - static_cast<double>(whole);
    return {position_};
  }

  std::optional<sim::Time> advance_far(double arrivals);
  std::optional<sim::Time> advance_inside(double& arrivals);
  bool enter_next();
  bool enter_state();

  Segment segment_;
  std::int64_t position_ = 0;
  double fraction_ = 0;            ///< of a nanosecond, -0.5 ... 0.5, on top of position_
  std::vector<Segment> segments_;  ///< of a profile
  std::vector<Segment> states_;    ///< of an MMPP, without times
  std::vector<sim::Duration> holding_;
  sim::Key key_ = 0;
  sim::Time horizon_{};
  std::uint64_t next_ = 0;  ///< segment, or visit
};

}  // namespace spillway::model
