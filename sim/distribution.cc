#include "sim/distribution.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "sim/portable_math.h"

namespace spillway::sim {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNormal99 = 2.3263478740408411009;  // the 99 % point of the normal law

double nanoseconds(Duration d) { return static_cast<double>(d.ns); }

/// Probability of the first of two branches with equal shares of the mean.
double balanced_branch(double scv) { return 0.5 * (1 + std::sqrt((scv - 1) / (scv + 1))); }

}  // namespace

Distribution::Distribution(Kind kind, double scale, double shape) {
  assert(scale >= 0);
  const bool zero = scale == 0 && kind != Kind::kUniform && kind != Kind::kEmpirical;
  if (zero) return;
  kind_ = kind;
  scale_ = kind == Kind::kConstant ? nanoseconds(whole(scale)) : scale;
  shape_ = shape;
}

Distribution Distribution::constant(Duration value) {
  return {Kind::kConstant, nanoseconds(value)};
}

Distribution Distribution::exponential(Duration mean) {
  return {Kind::kExponential, nanoseconds(mean)};
}

Distribution Distribution::lognormal_median_p99(Duration median, Duration p99) {
  assert(median.ns > 0 && median <= p99);
  if (median == p99) return constant(median);
  return {Kind::kLognormal, nanoseconds(median),
          portable_log(nanoseconds(p99) / nanoseconds(median)) / kNormal99};
}

Distribution Distribution::lognormal_mean_sigma(Duration mean, double sigma) {
  assert(sigma >= 0);
  if (sigma == 0) return constant(mean);
  return {Kind::kLognormal, nanoseconds(mean) * portable_exp(-0.5 * sigma * sigma), sigma};
}

Distribution Distribution::gamma(Duration mean, double cv) {
  assert(cv >= 0);
  if (cv == 0) return constant(mean);
  const double squared = cv * cv;
  return {Kind::kGamma, nanoseconds(mean) * squared, 1 / squared};
}

Distribution Distribution::erlang(Duration mean, std::uint32_t k) {
  assert(k >= 1);
  if (k == 1) return exponential(mean);
  return {Kind::kGamma, nanoseconds(mean) / k, static_cast<double>(k)};
}

Distribution Distribution::hyperexponential(Duration mean, double scv) {
  assert(scv >= 1);
  return {Kind::kHyperexponential, nanoseconds(mean), balanced_branch(scv)};
}

Distribution Distribution::weibull(Duration scale, double shape) {
  assert(shape > 0);
  return {Kind::kWeibull, nanoseconds(scale), shape};
}

Distribution Distribution::pareto(Duration minimum, double alpha) {
  assert(alpha > 0);
  return {Kind::kPareto, nanoseconds(minimum), alpha};
}

Distribution Distribution::uniform(Duration from, Duration to) {
  assert(from.ns >= 0 && from <= to);
  if (from == to) return constant(from);
  return {Kind::kUniform, nanoseconds(from), nanoseconds(to - from)};
}

Distribution Distribution::empirical(std::vector<QuantilePoint> points) {
  assert(!points.empty());
  if (points.front().probability > 0) points.insert(points.begin(), QuantilePoint{});
  if (points.back().probability < 1) points.push_back({1.0, points.back().value});
  assert(std::is_sorted(points.begin(), points.end(), [](const auto& a, const auto& b) {
    return a.probability < b.probability || (a.probability == b.probability && a.value < b.value);
  }));
  Distribution law(Kind::kEmpirical, 0);
  law.points_ = std::move(points);
  return law;
}

Duration Distribution::sample_other(Draw& draw) const {
  switch (kind_) {
    case Kind::kLognormal:
      return whole(scale_ * portable_exp(shape_ * normal(draw)));
    case Kind::kGamma:
      return whole(scale_ * sim::gamma(draw, shape_));
    case Kind::kHyperexponential: {
      const double branch = draw.uniform() < shape_ ? shape_ : 1 - shape_;
      return whole(scale_ * 0.5 / branch * sim::exponential(draw));
    }
    case Kind::kWeibull:
      return whole(scale_ * portable_pow(sim::exponential(draw), 1 / shape_));
    case Kind::kPareto:
      return whole(scale_ * portable_exp(sim::exponential(draw) / shape_));
    case Kind::kUniform:
      return whole(scale_ + shape_ * draw.uniform());
    case Kind::kEmpirical:
      return whole(quantile_of_points(draw.uniform()));
    case Kind::kConstant:
    case Kind::kExponential:
      break;  // sampled inline
  }
  return sample(draw);
}

double Distribution::quantile_of_points(double probability) const {
  const auto above =
      std::upper_bound(points_.begin() + 1, points_.end() - 1, probability,
                       [](double p, const QuantilePoint& point) { return p < point.probability; });
  const QuantilePoint& low = *(above - 1);
  const QuantilePoint& high = *above;
  const double width = high.probability - low.probability;
  const double share = width > 0 ? (probability - low.probability) / width : 0.0;
  return nanoseconds(low.value) + share * nanoseconds(high.value - low.value);
}

Distribution::Moments Distribution::moments() const {
  switch (kind_) {
    case Kind::kConstant:
      return {scale_, 0};
    case Kind::kExponential:
      return {scale_, 1};
    case Kind::kLognormal:
      return {scale_ * portable_exp(0.5 * shape_ * shape_), portable_exp(shape_ * shape_) - 1};
    case Kind::kGamma:
      return {scale_ * shape_, 1 / shape_};
    case Kind::kHyperexponential:
      return {scale_, 0.5 / (shape_ * (1 - shape_)) - 1};
    case Kind::kWeibull: {
      const double log_first = portable_log_gamma(1 + 1 / shape_);
      const double log_second = portable_log_gamma(1 + 2 / shape_);
      return {scale_ * portable_exp(log_first), portable_exp(log_second - 2 * log_first) - 1};
    }
    case Kind::kPareto:
      return {shape_ > 1 ? scale_ * shape_ / (shape_ - 1) : kInfinity,
              shape_ > 2 ? 1 / (shape_ * (shape_ - 2)) : kInfinity};
    case Kind::kUniform: {
      const double mean = scale_ + 0.5 * shape_;
      return {mean, shape_ * shape_ / (12 * mean * mean)};
    }
    case Kind::kEmpirical:
      return moments_of_points();
  }
  return {};
}

Distribution::Moments Distribution::moments_of_points() const {
  double first = 0;
  double second = 0;
  for (std::size_t i = 1; i < points_.size(); ++i) {
    const double share = points_[i].probability - points_[i - 1].probability;
    const double a = nanoseconds(points_[i - 1].value);
    const double b = nanoseconds(points_[i].value);
    first += share * (a + b) / 2;
    second += share * (a * a + a * b + b * b) / 3;
  }
  return {first, first > 0 ? second / (first * first) - 1 : 0};
}

double Distribution::mean_seconds() const { return moments().mean * 1e-9; }

double Distribution::scv() const { return moments().scv; }

Distribution Distribution::scaled(double factor) const {
  assert(factor >= 0);
  if (factor == 0) return {};
  Distribution law = *this;
  law.scale_ *= factor;
  if (kind_ == Kind::kConstant) return {Kind::kConstant, law.scale_};
  if (kind_ == Kind::kUniform) law.shape_ *= factor;
  for (QuantilePoint& point : law.points_) point.value = whole(nanoseconds(point.value) * factor);
  return law;
}

}  // namespace spillway::sim
