// Every law against its closed distribution function and its moments. Fixed seeds; all tests
// together have a false-alarm level of 1 %.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "sim/distribution.h"
#include "sim/portable_math.h"
#include "sim/statistics.h"

namespace spillway::sim {
namespace {

using Cdf = std::function<double(double)>;

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

/// Regularised lower incomplete gamma function by its series.
double gamma_cdf(double shape, double x) {
  if (x <= 0) return 0;
  double term = 1 / shape;
  double sum = term;
  for (int n = 1; n < 10'000 && term > 1e-17 * sum; ++n) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum * std::exp(shape * std::log(x) - x - portable_log_gamma(shape));
}

struct Law {
  std::string name;
  Distribution law;
  Cdf cdf;  // of seconds
};

Cdf exponential_cdf(double mean) {
  return [=](double x) { return -std::expm1(-x / mean); };
}

Cdf lognormal_cdf(double median, double sigma) {
  return [=](double x) { return normal_cdf(std::log(x / median) / sigma); };
}

Cdf gamma_cdf_of(double mean, double cv) {
  return [=](double x) { return gamma_cdf(1 / (cv * cv), x / (mean * cv * cv)); };
}

Cdf hyperexponential_cdf(double mean, double scv) {
  const double p = 0.5 * (1 + std::sqrt((scv - 1) / (scv + 1)));
  return [=](double x) {
    return 1 - p * std::exp(-2 * p * x / mean) - (1 - p) * std::exp(-2 * (1 - p) * x / mean);
  };
}

Cdf weibull_cdf(double scale, double shape) {
  return [=](double x) { return -std::expm1(-std::pow(x / scale, shape)); };
}

Cdf pareto_cdf(double minimum, double alpha) {
  return [=](double x) { return x < minimum ? 0 : 1 - std::pow(minimum / x, alpha); };
}

double empirical_cdf(double x) {  // of the points below
  if (x < 0.008) return 0.5 * x / 0.008;
  if (x < 0.020) return 0.5 + 0.4 * (x - 0.008) / 0.012;
  return std::min(1.0, 0.9 + 0.1 * (x - 0.020) / 0.040);
}

std::vector<Law> laws() {
  const double sigma = std::log(7.5) / 2.3263478740408408;
  using D = Distribution;
  return {
      {"Exponential", D::exponential(5_ms), exponential_cdf(5e-3)},
      {"LognormalByQuantiles", D::lognormal_median_p99(8_ms, 60_ms), lognormal_cdf(8e-3, sigma)},
      {"LognormalByMean", D::lognormal_mean_sigma(8_ms, 0.5),
       lognormal_cdf(8e-3 * std::exp(-0.125), 0.5)},
      {"GammaSmooth", D::gamma(4_ms, 0.3), gamma_cdf_of(4e-3, 0.3)},
      {"GammaOfShapeOne", D::gamma(4_ms, 1), exponential_cdf(4e-3)},
      {"GammaRough", D::gamma(4_ms, 1.7), gamma_cdf_of(4e-3, 1.7)},
      {"ErlangOne", D::erlang(3_ms, 1), exponential_cdf(3e-3)},
      {"ErlangThree", D::erlang(3_ms, 3), gamma_cdf_of(3e-3, std::sqrt(1.0 / 3))},
      {"HyperexponentialMild", D::hyperexponential(2_ms, 1), exponential_cdf(2e-3)},
      {"HyperexponentialBursty", D::hyperexponential(2_ms, 16), hyperexponential_cdf(2e-3, 16)},
      {"WeibullHeavy", D::weibull(2_ms, 0.6), weibull_cdf(2e-3, 0.6)},
      {"WeibullLight", D::weibull(2_ms, 3), weibull_cdf(2e-3, 3)},
      {"ParetoFinite", D::pareto(1_ms, 5.5), pareto_cdf(1e-3, 5.5)},
      {"ParetoInfinite", D::pareto(1_ms, 0.9), pareto_cdf(1e-3, 0.9)},
      {"Uniform", D::uniform(3_ms, 9_ms), [](double x) { return (x - 3e-3) / 6e-3; }},
      {"Empirical", D::empirical({{0.5, 8_ms}, {0.9, 20_ms}, {1, 60_ms}}), empirical_cdf},
      {"Scaled", D::gamma(4_ms, 0.3).scaled(2.5), gamma_cdf_of(1e-2, 0.3)},
  };
}

std::vector<Law> laws_with_variance() {
  std::vector<Law> all = laws();
  std::erase_if(all, [](const Law& law) { return std::isinf(law.law.scv()); });
  return all;
}

class LawTest : public testing::TestWithParam<Law> {
 protected:
  /// Each value from a key of its own, as requests draw them.
  std::vector<double> samples(std::size_t n) const {
    const Key key = hash_name(GetParam().name);
    std::vector<double> values;
    values.reserve(n);
    for (Key i = 0; i < n; ++i) {
      Draw draw(combine(key, i));
      values.push_back(GetParam().law.sample(draw).seconds());
    }
    return values;
  }
};

class LawWithVariance : public LawTest {};

// At most 3 x 17 tests: each at 0.01 / 51, two-sided 3.73 standard errors.
constexpr double kLevel = 0.01 / 51;
constexpr double kErrors = 3.73;

TEST_P(LawTest, FitsItsDistributionFunction) {
  EXPECT_GT(kolmogorov_smirnov(samples(200'000), GetParam().cdf), kLevel);
}

TEST_P(LawWithVariance, HasItsMean) {
  Welford moments;
  for (const double v : samples(400'000)) moments.add(v);
  const double error = moments.stddev() / std::sqrt(400'000.0);
  EXPECT_NEAR(moments.mean(), GetParam().law.mean_seconds(), kErrors * error);
}

TEST_P(LawWithVariance, HasItsVariance) {
  const double mean = GetParam().law.mean_seconds();
  Welford squares;  // the standard error of a variance from the samples themselves
  for (const double v : samples(400'000)) squares.add((v - mean) * (v - mean));
  const double error = squares.stddev() / std::sqrt(400'000.0);
  EXPECT_NEAR(squares.mean(), GetParam().law.scv() * mean * mean, kErrors * error);
}

constexpr auto kName = [](const testing::TestParamInfo<Law>& law) { return law.param.name; };
INSTANTIATE_TEST_SUITE_P(Laws, LawTest, testing::ValuesIn(laws()), kName);
INSTANTIATE_TEST_SUITE_P(Laws, LawWithVariance, testing::ValuesIn(laws_with_variance()), kName);

TEST(Normal, FitsItsDistributionFunction) {
  Draw draw(hash_name("normal"));
  std::vector<double> values(1'000'000);
  for (double& v : values) v = normal(draw);
  EXPECT_GT(kolmogorov_smirnov(values, normal_cdf), 1e-3);
}

TEST(Exponential, FitsItsDistributionFunction) {
  Draw draw(hash_name("exponential"));
  std::vector<double> values(1'000'000);
  for (double& v : values) v = exponential(draw);
  EXPECT_GT(kolmogorov_smirnov(values, exponential_cdf(1)), 1e-3);
}

// The tails are drawn apart from the body: their shares, at 4 standard errors of a Poisson count.
TEST(Normal, HasTheRightShareInItsTails) {
  constexpr int kNumbers = 10'000'000;
  Draw draw(hash_name("normal tail"));
  int above = 0;
  int below = 0;
  int far = 0;
  for (int i = 0; i < kNumbers; ++i) {
    const double x = normal(draw);
    above += x > 3.6541528853610088 ? 1 : 0;
    below += x < -3.6541528853610088 ? 1 : 0;
    far += std::fabs(x) > 4.5 ? 1 : 0;
  }
  const double tail = kNumbers * normal_cdf(-3.6541528853610088);
  EXPECT_NEAR(above, tail, 4 * std::sqrt(tail));
  EXPECT_NEAR(below, tail, 4 * std::sqrt(tail));
  EXPECT_NEAR(far, 2 * kNumbers * normal_cdf(-4.5), 4 * std::sqrt(2 * kNumbers * normal_cdf(-4.5)));
}

TEST(Exponential, HasTheRightShareInItsTail) {
  constexpr int kNumbers = 10'000'000;
  Draw draw(hash_name("exponential tail"));
  int tail = 0;
  int far = 0;
  for (int i = 0; i < kNumbers; ++i) {
    const double x = exponential(draw);
    tail += x > 7.69711747013104972 ? 1 : 0;
    far += x > 12 ? 1 : 0;
  }
  const double expected = kNumbers * std::exp(-7.69711747013104972);
  EXPECT_NEAR(tail, expected, 4 * std::sqrt(expected));
  EXPECT_NEAR(far, kNumbers * std::exp(-12.0), 4 * std::sqrt(kNumbers * std::exp(-12.0)));
}

}  // namespace
}  // namespace spillway::sim
