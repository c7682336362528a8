#include "reports/number.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

namespace spillway::reports {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Exact, WritesWholeNumbersWithoutPointOrExponent) {
  EXPECT_EQ(exact(0), "0");
  EXPECT_EQ(exact(100000), "100000");
  EXPECT_EQ(exact(-3), "-3");
}

TEST(Exact, WritesTheShortestFraction) {
  EXPECT_EQ(exact(0.1), "0.1");
  EXPECT_EQ(exact(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(exact(1.875), "1.875");
}

TEST(Exact, UsesAnExponentForVerySmallAndVeryLargeNumbers) {
  EXPECT_EQ(exact(1e-9), "1e-09");
  EXPECT_EQ(exact(1e18), "1e+18");
}

TEST(Exact, WritesNothingForNaN) { EXPECT_EQ(exact(kNan), ""); }

TEST(Exact, ReadsBackAsTheSameNumber) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> exponent(-12, 20);
  std::uniform_real_distribution<double> mantissa(-10, 10);
  for (int i = 0; i < 10'000; ++i) {
    const double value = mantissa(random) * std::pow(10, exponent(random));
    EXPECT_EQ(std::strtod(exact(value).c_str(), nullptr), value);
  }
}

TEST(Rounded, KeepsTwoDigitsOfTheHalfWidth) {
  EXPECT_EQ(rounded(93.75123, 0.0312), "93.751");
  EXPECT_EQ(rounded(93.75123, 1.4), "93.8");
  EXPECT_EQ(rounded(12345.6, 120), "12346");
}

TEST(Rounded, KeepsFourDigitsWithoutAnInterval) {
  EXPECT_EQ(rounded(1.87512, 0), "1.875");
  EXPECT_EQ(rounded(1, 0), "1");
  EXPECT_EQ(rounded(123456, kNan), "123456");
  EXPECT_EQ(rounded(0.00012345, 0), "0.0001234");
}

TEST(Rounded, MarksWhatWasNotMeasured) { EXPECT_EQ(rounded(kNan, 1), "-"); }

TEST(Rounded, NeverWritesMinusZero) { EXPECT_EQ(rounded(-0.0001, 0.5), "0.00"); }

TEST(RoundedHalfWidth, HasTheDigitsOfTheValue) {
  EXPECT_EQ(rounded_half_width(0.0312), "0.031");
  EXPECT_EQ(rounded_half_width(14), "14");
  EXPECT_EQ(rounded_half_width(0), "0");
}

TEST(Grouped, SeparatesThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1234567), "1 234 567");
}

}  // namespace
}  // namespace spillway::reports
