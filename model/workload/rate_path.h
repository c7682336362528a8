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

  /// Moves on by `arrivals` >= 0 expected arrivals and returns the time there, to the nearest
  /// nanosecond; nothing once there are no more to come (or after 146 years). A count that is
  /// reached where the rate becomes zero belongs to the time at which it is positive again.
  std::optional<sim::Time> advance(double arrivals) {
    const sim::Time time = advance_or_never(arrivals);
    return time == sim::kNever ? std::nullopt : std::optional(time);
  }
  /// The same with kNever for nothing: an optional does not fit a register, which the event loop
  /// would feel.
  sim::Time advance_or_never(double arrivals) {
    const double gap = arrivals * segment_.gap_ns;
    if (gap < 0x1p30) [[likely]] {
      const std::int64_t moved = static_cast<std::int64_t>(gap * 0x1p32) + fraction_;
      if (position_ + (moved >> 32) < segment_.end) [[likely]]
        return move(0, moved);
    }
    return advance_far(arrivals).value_or(sim::kNever);
  }

 private:
  static constexpr double kNoGap = std::numeric_limits<double>::infinity();
  static constexpr std::int64_t kEndOfTime = sim::kNever.ns / 2;

  struct Segment {
    std::int64_t start = 0;
    std::int64_t end = kEndOfTime;
    double rate = 0;         ///< at the start, per ns
    double slope = 0;        ///< per ns per ns
    double gap_ns = kNoGap;  ///< 1 / rate, of a constant one above zero
  };

  /// Nanoseconds from the position to the end of the segment.
  double rest() const {
    return static_cast<double>(segment_.end - position_) - static_cast<double>(fraction_) * 0x1p-32;
  }

  /// Moves on by `ns` < rest().
  sim::Time step(double ns) {
    const auto whole = static_cast<std::int64_t>(ns);
    return move(whole,
                static_cast<std::int64_t>((ns - static_cast<double>(whole)) * 0x1p32) + fraction_);
  }

  /// Moves on by `whole` ns, and to the fraction `fraction` * 2^-32 ns, which may exceed 1. Returns
  /// the nearest whole time.
  sim::Time move(std::int64_t whole, std::int64_t fraction) {
    position_ += whole + (fraction >> 32);
    fraction_ = static_cast<std::uint32_t>(fraction);
    return {position_ + (fraction_ >> 31)};
  }

  std::optional<sim::Time> advance_far(double arrivals);
  std::optional<sim::Time> advance_inside(double& arrivals);
  bool enter_next();
  bool enter_state();

  Segment segment_;
  std::int64_t position_ = 0;
  std::uint32_t fraction_ = 0;     ///< 2^-32 ns, on top of position_
  std::vector<Segment> segments_;  ///< of a profile
  std::vector<Segment> states_;    ///< of an MMPP, without times
  std::vector<sim::Duration> holding_;
  sim::Key key_ = 0;
  sim::Time horizon_{};
  std::uint64_t next_ = 0;  ///< segment, or visit
};

}  // namespace spillway::model
