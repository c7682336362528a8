#include "sim/portable_math.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "sim/random.h"

namespace spillway::sim {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Distance in units in the last place of the reference.
double ulps(double value, double reference) {
  const double unit = std::nextafter(std::fabs(reference), kInfinity) - std::fabs(reference);
  return std::fabs(value - reference) / unit;
}

TEST(PortableExp, IsWithinTwoUnitsOfTheLibrary) {
  Draw draw(hash_name("exp"));
  double worst = 0;
  for (int i = 0; i < 200'000; ++i) {
    const double x = (draw.uniform() - 0.5) * (i % 2 == 0 ? 4 : 1400);
    if (x > 709 || x < -707) continue;
    worst = std::max(worst, ulps(portable_exp(x), std::exp(x)));
  }
  EXPECT_LE(worst, 2.0);
}

TEST(PortableExp, HandlesTheEndsOfItsRange) {
  EXPECT_EQ(portable_exp(0), 1.0);
  EXPECT_EQ(portable_exp(710), kInfinity);
  EXPECT_EQ(portable_exp(kInfinity), kInfinity);
  EXPECT_EQ(portable_exp(-kInfinity), 0.0);
  EXPECT_TRUE(std::isnan(portable_exp(std::nan(""))));
  EXPECT_LE(ulps(portable_exp(709.78), std::exp(709.78)), 2.0);
}

TEST(PortableLog, IsWithinTwoUnitsOfTheLibrary) {
  Draw draw(hash_name("log"));
  double worst = 0;
  for (int i = 0; i < 200'000; ++i) {
    const double x = i % 2 == 0 ? 2 * draw.uniform() : std::exp((draw.uniform() - 0.5) * 1400);
    worst = std::max(worst, ulps(portable_log(x), std::log(x)));
  }
  EXPECT_LE(worst, 2.0);
}

TEST(PortableLog, HandlesTheEndsOfItsRange) {
  EXPECT_EQ(portable_log(1), 0.0);
  EXPECT_EQ(portable_log(0), -kInfinity);
  EXPECT_EQ(portable_log(kInfinity), kInfinity);
  EXPECT_TRUE(std::isnan(portable_log(-1)));
  EXPECT_TRUE(std::isnan(portable_log(std::nan(""))));
}

TEST(PortablePow, AgreesWithTheLibrary) {
  EXPECT_EQ(portable_pow(0, 0), 1.0);
  EXPECT_EQ(portable_pow(0, 2), 0.0);
  for (const double x : {0.001, 0.5, 1.0, 3.0, 1e6}) {
    for (const double y : {-3.5, 0.1, 1.0, 7.0}) {
      EXPECT_NEAR(portable_pow(x, y) / std::pow(x, y), 1, 1e-13) << x << "^" << y;
    }
  }
}

TEST(PortableLogGamma, AgreesWithTheLibrary) {
  for (double x = 0.05; x < 200; x *= 1.07) {
    EXPECT_NEAR(portable_log_gamma(x), std::lgamma(x), 1e-14 * (10 + std::fabs(std::lgamma(x))))
        << x;
  }
}

TEST(PortableMath, WorksAtCompileTime) {
  static_assert(portable_exp(0) == 1);
  static_assert(portable_log(1) == 0);
  constexpr double at_compile_time = portable_exp(1.25) + portable_log(77.7);
  volatile double a = 1.25;
  volatile double b = 77.7;
  EXPECT_EQ(at_compile_time, portable_exp(a) + portable_log(b));
}

}  // namespace
}  // namespace spillway::sim
