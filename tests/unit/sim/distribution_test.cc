#include "sim/distribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace spillway::sim {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Distribution, IsTheConstantZeroByDefault) {
  Draw draw(1);
  EXPECT_TRUE(Distribution().is_constant());
  EXPECT_EQ(Distribution().sample(draw), 0_ns);
  EXPECT_EQ(Distribution(), Distribution::constant(0_ns));
}

TEST(Distribution, ConstantAlwaysGivesItsValue) {
  Draw draw(1);
  const Distribution law = Distribution::constant(123'456'789_ns);
  EXPECT_TRUE(law.is_constant());
  EXPECT_EQ(law.constant_value(), 123'456'789_ns);
  EXPECT_EQ(law.sample(draw), 123'456'789_ns);
  EXPECT_EQ(law.scv(), 0);
}

TEST(Distribution, WithoutSpreadIsConstant) {
  EXPECT_EQ(Distribution::lognormal_median_p99(3_ms, 3_ms), Distribution::constant(3_ms));
  EXPECT_EQ(Distribution::lognormal_mean_sigma(3_ms, 0), Distribution::constant(3_ms));
  EXPECT_EQ(Distribution::gamma(3_ms, 0), Distribution::constant(3_ms));
  EXPECT_EQ(Distribution::uniform(3_ms, 3_ms), Distribution::constant(3_ms));
  EXPECT_EQ(Distribution::exponential(0_ns), Distribution());
  EXPECT_EQ(Distribution::pareto(0_ns, 2), Distribution());
}

TEST(Distribution, KnowsItsMoments) {
  struct Case {
    Distribution law;
    double mean, scv;
  };
  const double sigma = std::log(60.0 / 8.0) / 2.3263478740408408;
  const std::vector<Case> cases{
      {Distribution::exponential(2_ms), 2e-3, 1},
      {Distribution::lognormal_median_p99(8_ms, 60_ms), 8e-3 * std::exp(sigma * sigma / 2),
       std::expm1(sigma * sigma)},
      {Distribution::lognormal_mean_sigma(8_ms, 0.5), 8e-3, std::expm1(0.25)},
      {Distribution::gamma(3_ms, 0.5), 3e-3, 0.25},
      {Distribution::erlang(3_ms, 4), 3e-3, 0.25},
      {Distribution::erlang(3_ms, 1), 3e-3, 1},
      {Distribution::hyperexponential(5_ms, 9), 5e-3, 9},
      {Distribution::hyperexponential(5_ms, 1), 5e-3, 1},
      {Distribution::weibull(1_ms, 1), 1e-3, 1},
      {Distribution::weibull(1_ms, 2), 1e-3 * std::sqrt(M_PI) / 2, 4 / M_PI - 1},
      {Distribution::pareto(1_ms, 3), 1.5e-3, 1.0 / 3},
      {Distribution::pareto(1_ms, 2), 2e-3, kInfinity},
      {Distribution::pareto(1_ms, 1), kInfinity, kInfinity},
      {Distribution::uniform(0_ms, 6_ms), 3e-3, 1.0 / 3},
      {Distribution::empirical({{1.0, 6_ms}}), 3e-3, 1.0 / 3},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& [law, mean, scv] = cases[i];
    if (std::isinf(mean)) {
      EXPECT_EQ(law.mean_seconds(), mean) << i;
    } else {
      EXPECT_NEAR(law.mean_seconds(), mean, 1e-12 * mean) << i;
    }
    if (std::isinf(scv)) {
      EXPECT_EQ(law.scv(), scv) << i;
    } else {
      EXPECT_NEAR(law.scv(), scv, 1e-12 * (1 + scv)) << i;
    }
  }
}

TEST(Distribution, ScaledIsTheLawOfTheMultiples) {
  const std::vector<Distribution> laws{
      Distribution::constant(4_ms),
      Distribution::exponential(4_ms),
      Distribution::gamma(4_ms, 0.7),
      Distribution::lognormal_median_p99(4_ms, 9_ms),
      Distribution::hyperexponential(4_ms, 3),
      Distribution::weibull(4_ms, 0.8),
      Distribution::pareto(4_ms, 2.5),
      Distribution::uniform(1_ms, 7_ms),
      Distribution::empirical({{0.5, 2_ms}, {1.0, 8_ms}}),
  };
  for (std::size_t i = 0; i < laws.size(); ++i) {
    const Distribution triple = laws[i].scaled(3);
    EXPECT_NEAR(triple.mean_seconds(), 3 * laws[i].mean_seconds(), 1e-12) << i;
    EXPECT_NEAR(triple.scv(), laws[i].scv(), 1e-9) << i;
    for (Key key = 0; key < 100; ++key) {
      Draw one(key);
      Draw other(key);
      EXPECT_NEAR(static_cast<double>(triple.sample(one).ns),
                  3.0 * static_cast<double>(laws[i].sample(other).ns), 3)
          << i;
    }
    EXPECT_EQ(laws[i].scaled(1), laws[i]);
    EXPECT_EQ(laws[i].scaled(0), Distribution());
  }
}

// Known answer over every kind of law, the same in every build: a change here is a change of all
// results.
TEST(Distribution, HasTheKnownFingerprint) {
  const std::vector<Distribution> laws{
      Distribution::exponential(4_ms),
      Distribution::gamma(4_ms, 0.7),
      Distribution::gamma(4_ms, 1.7),
      Distribution::erlang(4_ms, 3),
      Distribution::lognormal_median_p99(4_ms, 9_ms),
      Distribution::lognormal_mean_sigma(4_ms, 0.4),
      Distribution::hyperexponential(4_ms, 3),
      Distribution::weibull(4_ms, 0.8),
      Distribution::pareto(4_ms, 2.5),
      Distribution::uniform(1_ms, 7_ms),
      Distribution::empirical({{0.5, 2_ms}, {1.0, 8_ms}}),
  };
  Key fingerprint = 0;
  for (const Distribution& law : laws) {
    for (Key key = 0; key < 20'000; ++key) {
      Draw draw(combine(fingerprint, key));
      fingerprint = combine(fingerprint, static_cast<std::uint64_t>(law.sample(draw).ns));
    }
  }
  EXPECT_EQ(fingerprint, 40119766798415861u);
}

TEST(Distribution, ComparesByValue) {
  EXPECT_EQ(Distribution::exponential(1_ms), Distribution::exponential(1_ms));
  EXPECT_NE(Distribution::exponential(1_ms), Distribution::exponential(2_ms));
  EXPECT_NE(Distribution::exponential(1_ms), Distribution::constant(1_ms));
  EXPECT_NE(Distribution::empirical({{1, 1_ms}}), Distribution::empirical({{1, 2_ms}}));
}

TEST(Distribution, SaturatesFarBelowOverflow) {
  const Distribution law = Distribution::pareto(1_s, 0.001);
  std::int64_t largest = 0;
  for (Key key = 0; key < 1000; ++key) {
    Draw draw(key);
    const Duration value = law.sample(draw);
    EXPECT_GE(value, 1_s);
    largest = std::max(largest, value.ns);
  }
  EXPECT_EQ(largest, 1'000'000'000'000'000'000);
  EXPECT_EQ(Distribution::constant(kForever).constant_value().ns, 1'000'000'000'000'000'000);
}

TEST(Distribution, EmpiricalStaysBetweenZeroAndItsLastPoint) {
  const Distribution law = Distribution::empirical({{0.5, 8_ms}, {0.9, 20_ms}, {0.99, 60_ms}});
  int at_last = 0;
  for (Key key = 0; key < 10'000; ++key) {
    Draw draw(key);
    const Duration value = law.sample(draw);
    EXPECT_GE(value, 0_ns);
    EXPECT_LE(value, 60_ms);
    at_last += value == 60_ms ? 1 : 0;
  }
  EXPECT_NEAR(at_last, 100, 40);
}

TEST(Distribution, EmpiricalHasAtomsWhereValuesRepeat) {
  const Distribution law =
      Distribution::empirical({{0, 5_ms}, {0.25, 5_ms}, {0.25, 7_ms}, {1, 7_ms}});
  int fives = 0;
  for (Key key = 0; key < 10'000; ++key) {
    Draw draw(key);
    const Duration value = law.sample(draw);
    EXPECT_TRUE(value == 5_ms || value == 7_ms);
    fives += value == 5_ms ? 1 : 0;
  }
  EXPECT_NEAR(fives, 2500, 200);
  EXPECT_NEAR(law.mean_seconds(), 6.5e-3, 1e-15);
}

}  // namespace
}  // namespace spillway::sim
