// When the requests of an open workload arrive. The draws of arrival n belong to combine(key, n)
// and to nothing else: every policy meets the same arrivals. A plain value; not for several threads
// at once. No allocation after construction.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "model/spec/workload.h"
#include "model/workload/rate_path.h"
#include "sim/random.h"
#include "sim/time.h"

namespace spillway::model {

class ArrivalProcess {
 public:
  /// `arrivals` must outlive the process (TimedArrivals are read in place). Closed loops have no
  /// arrivals of their own: next() gives nothing for them. Arrivals later than `horizon` may be
  /// left out: nobody asks for them.
  ArrivalProcess(const Arrivals& arrivals, sim::Key key, sim::Time horizon = sim::kNever);

  /// The next arrival, not before the last one; nothing when there are no more.
  /// - Poisson, MMPP: exact for any rate profile (unit-exponential steps through the integrated
  /// rate; memorylessness makes that the same as competing exponentials);
  /// - constant: arrival n = 0, 1, ... when n are expected, so that an interval [a, b) holds rate *
  /// (b - a) of them, the first at the start;
  /// - renewal: gamma gaps of mean 1 through the integrated rate, the first from the start of the
  /// run.
  std::optional<sim::Time> next() {
    const sim::Time time = next_or_never();
    return time == sim::kNever ? std::nullopt : std::optional(time);
  }
  /// The same with kNever for nothing.
  sim::Time next_or_never() {
    if (law_ == Law::poisson) [[likely]] {
      sim::Draw draw(sim::combine(key_, index_++));
      return path_.advance_or_never(sim::exponential(draw));
    }
    return next_other().value_or(sim::kNever);
  }

 private:
  enum class Law : std::uint8_t { poisson, constant, renewal, timed };

  std::optional<sim::Time> next_other();

  RatePath path_;
  sim::Key key_;
  std::uint64_t index_ = 0;
  Law law_ = Law::timed;
  double variance_ = 1;  ///< of a renewal gap, in squared mean gaps
  std::span<const sim::Time> times_;
};

}  // namespace spillway::model
