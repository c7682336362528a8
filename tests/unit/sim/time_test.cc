#include "sim/time.h"

#include <gtest/gtest.h>

#include <limits>

namespace spillway::sim {
namespace {

TEST(Time, AddsAndSubtractsDurations) {
  const Time start{5};
  EXPECT_EQ(start + 3_ns, Time{8});
  EXPECT_EQ(start - 3_ns, Time{2});
  EXPECT_EQ(Time{8} - start, 3_ns);
  EXPECT_LT(start, Time{6});
}

TEST(Duration, HasLiteralsForEachUnit) {
  EXPECT_EQ(1_us, 1'000_ns);
  EXPECT_EQ(1_ms, 1'000_us);
  EXPECT_EQ(1_s, 1'000_ms);
  EXPECT_EQ(3 * 2, (2_ns * 3).ns);
  EXPECT_DOUBLE_EQ((1500_ms).seconds(), 1.5);
  EXPECT_DOUBLE_EQ((1500_us).milliseconds(), 1.5);
}

TEST(Duration, FromSecondsRoundsToTheNearestNanosecond) {
  EXPECT_EQ(from_seconds(1.5), 1500_ms);
  EXPECT_EQ(from_seconds(1.4e-9), 1_ns);
  EXPECT_EQ(from_seconds(1.6e-9), 2_ns);
  EXPECT_EQ(from_seconds(-1.6e-9).ns, -2);
}

TEST(Duration, FromSecondsSaturates) {
  EXPECT_EQ(from_seconds(1e30), kForever);
  EXPECT_EQ(from_seconds(-1e30).ns, -kForever.ns);
  EXPECT_EQ(from_seconds(std::numeric_limits<double>::infinity()), kForever);
  EXPECT_EQ(from_seconds(std::numeric_limits<double>::quiet_NaN()), kForever);
}

}  // namespace
}  // namespace spillway::sim
