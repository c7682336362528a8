// Statistics of a simulation: running moments, time averages of integer levels, and what is
// concluded from samples (intervals, warm-up, tests of fit). Plain values and pure functions; any
// thread. Probabilities are in [0, 1]; what cannot be computed is NaN.
#pragma once

#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>

#include "sim/time.h"

namespace spillway::sim {

/// Count, mean and variance of a series, numerically stable (Welford 1962; merging by Chan et al.
/// 1979).
class Welford {
 public:
  void add(double value) {
    ++count_;
    const double delta = value - mean_;
    mean_ += delta / static_cast<double>(count_);
    squares_ += delta * (value - mean_);
  }
  void merge(const Welford& other);

  std::uint64_t count() const { return count_; }
  /// NaN when empty.
  double mean() const { return count_ > 0 ? mean_ : std::numeric_limits<double>::quiet_NaN(); }
  /// Unbiased (n - 1); NaN below two values.
  double variance() const {
    return count_ > 1 ? squares_ / static_cast<double>(count_ - 1)
                      : std::numeric_limits<double>::quiet_NaN();
  }
  double stddev() const { return std::sqrt(variance()); }

  bool operator==(const Welford&) const = default;

 private:
  std::uint64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

/// Time average of an integer level (queue length, busy workers), in exact integers. Times never
/// decrease from call to call. Two windows are kept: since reset() (the end of the warm-up) and
/// since mark() (the current reporting interval).
class TimeAverage {
 public:
  void set(Time now, std::int64_t level) {
    advance(now);
    level_ = level;
  }
  void add(Time now, std::int64_t delta) { set(now, level_ + delta); }

  std::int64_t level() const { return level_; }

  /// Starts both windows at `now`; the level stays.
  void reset(Time now);
  /// Starts the interval window at `now`.
  void mark(Time now);

  /// Averages from the start of the window to `now`; the level itself when no time has passed.
  double average(Time now) const { return mean(now, start_, 0); }
  double average_since_mark(Time now) const { return mean(now, mark_, mark_area_); }

  bool operator==(const TimeAverage&) const = default;

 private:
  __extension__ using Area = __int128;  // level x nanoseconds

  void advance(Time now) {
    assert(now >= last_);
    area_ += Area{level_} * (now - last_).ns;
    last_ = now;
  }
  double mean(Time now, Time from, Area area_before) const;

  Area area_ = 0;       // since start_
  Area mark_area_ = 0;  // area_ at mark_
  std::int64_t level_ = 0;
  Time last_;
  Time start_;
  Time mark_;
};

/// An estimate with its confidence interval from `n` samples.
struct Interval {
  double mean = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  std::size_t n = 0;
};

/// Student's interval for the mean of independent samples. NaN samples are left out and not
/// counted; low and high are NaN below two samples.
Interval student_interval(std::span<const double> samples, double confidence = 0.95);

/// Wilson's score interval for a probability; all NaN when n is 0.
Interval wilson_interval(std::uint64_t successes, std::uint64_t n, double confidence = 0.95);

/// Quantiles of the standard normal law and of Student's law with `degrees` > 0, for 0 < p < 1
/// (infinite at 0 and 1).
double normal_quantile(double p);
double student_t_quantile(double p, double degrees);

/// Distribution function of Student's law.
double student_t_cdf(double t, double degrees);

/// MSER-5 (White 1997): how many first samples to leave out as warm-up, a multiple of 5; nullopt
/// when there are fewer than 50 samples or the minimum of the statistic lies in the last half,
/// which means that the run is too short to tell. The last 5 batches are not candidates: too few to
/// judge.
std::optional<std::size_t> mser5(std::span<const double> samples);

/// Interval for the mean of one long stationary series from `batches` >= 2 equal batches; what does
/// not fill a batch is left out at the front.
struct BatchMeans {
  Interval interval;
  double lag1 = std::numeric_limits<double>::quiet_NaN();  // autocorrelation of the batch means
};
BatchMeans batch_means(std::span<const double> samples, std::size_t batches = 20,
                       double confidence = 0.95);

/// Autocorrelation at lag 1; NaN below two samples or without variance.
double lag1_autocorrelation(std::span<const double> samples);

/// Kolmogorov-Smirnov: the probability of a deviation at least this large if the samples come from
/// `cdf` (continuous), or both from one law. Asymptotic law with Stephens' correction (1970), good
/// from about 10 samples on. NaN for an empty sample.
double kolmogorov_smirnov(std::span<const double> samples,
                          const std::function<double(double)>& cdf);
double kolmogorov_smirnov(std::span<const double> first, std::span<const double> second);

}  // namespace spillway::sim
