// A law from which spans of time are drawn. A plain value: copy, compare, scale; sampling changes
// nothing in it, so any thread may share one. Factories take parameters that are already validated
// (asserted here); a mean or scale of zero gives the constant zero.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/random.h"
#include "sim/time.h"

namespace spillway::sim {

/// A point of an empirical law: the share `probability` of all values is at most `value`.
struct QuantilePoint {
  double probability = 0;
  Duration value;

  bool operator==(const QuantilePoint&) const = default;
};

class Distribution {
 public:
  Distribution() = default;  // constant zero

  static Distribution constant(Duration value);
  static Distribution exponential(Duration mean);
  /// 0 < median <= p99.
  static Distribution lognormal_median_p99(Duration median, Duration p99);
  /// `mean` is that of the values, `sigma` >= 0 the standard deviation of their logarithm.
  static Distribution lognormal_mean_sigma(Duration mean, double sigma);
  /// `cv` >= 0 is the standard deviation over the mean.
  static Distribution gamma(Duration mean, double cv);
  /// Sum of k >= 1 exponential stages; `mean` is that of the sum.
  static Distribution erlang(Duration mean, std::uint32_t k);
  /// Two exponential branches that each carry half of the mean; `scv` >= 1 is the squared
  /// coefficient of variation.
  static Distribution hyperexponential(Duration mean, double scv);
  /// P(X > x) = exp(-(x / scale)^shape), shape > 0.
  static Distribution weibull(Duration scale, double shape);
  /// P(X > x) = (minimum / x)^alpha for x >= minimum, alpha > 0.
  static Distribution pareto(Duration minimum, double alpha);
  static Distribution uniform(Duration from, Duration to);
  /// Piecewise linear distribution function through the points, both coordinates non-decreasing. It
  /// starts at (0, 0 ns) unless the first probability is 0; what the last point leaves of 1 lies at
  /// its value. Equal values at different probabilities are an atom.
  static Distribution empirical(std::vector<QuantilePoint> points);

  /// A value in whole nanoseconds, between 0 and 1e18 ns (31 years), where longer ones are cut.
  Duration sample(Draw& draw) const {
    switch (kind_) {
      case Kind::kConstant:
        return {static_cast<std::int64_t>(scale_)};
      case Kind::kExponential:
        return whole(scale_ * sim::exponential(draw));
      default:
        return sample_other(draw);
    }
  }

  bool is_constant() const { return kind_ == Kind::kConstant; }
  /// The value, if is_constant().
  Duration constant_value() const { return {static_cast<std::int64_t>(scale_)}; }
  /// In seconds, before rounding to nanoseconds; infinite for a Pareto law with alpha <= 1.
  double mean_seconds() const;
  /// Squared coefficient of variation (variance over squared mean); may be infinite, 0 for the
  /// constant zero.
  double scv() const;
  /// The law of `factor` times the values, factor >= 0.
  Distribution scaled(double factor) const;

  bool operator==(const Distribution&) const = default;

 private:
  enum class Kind : std::uint8_t {
    kConstant,          // scale
    kExponential,       // scale = mean
    kLognormal,         // scale = median, shape = sigma
    kGamma,             // scale, shape; Erlang too
    kHyperexponential,  // scale = mean, shape = probability of the first branch
    kWeibull,           // scale, shape
    kPareto,            // scale = minimum, shape = alpha
    kUniform,           // scale = from, shape = to - from
    kEmpirical,         // points
  };

  static constexpr double kLongest = 1e18;

  Distribution(Kind kind, double scale, double shape = 0);

  static Duration whole(double ns) {
    // NOLINTNEXTLINE(bugprone-incorrect-roundings): never negative
    return {static_cast<std::int64_t>((ns < kLongest ? ns : kLongest) + 0.5)};
  }
  Duration sample_other(Draw& draw) const;
  double quantile_of_points(double probability) const;
  struct Moments {
    double mean, scv;  // mean in nanoseconds
  };
  Moments moments() const;
  Moments moments_of_points() const;

  Kind kind_ = Kind::kConstant;
  double scale_ = 0;  // nanoseconds
  double shape_ = 0;
  std::vector<QuantilePoint> points_;
};

}  // namespace spillway::sim
