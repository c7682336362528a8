#include "sim/histogram.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <tuple>
#include <vector>

namespace spillway::sim {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();

using Bins = std::vector<std::tuple<std::int64_t, std::int64_t, std::uint64_t>>;

Bins bins_of(const Histogram& histogram) {
  Bins bins;
  histogram.for_each_bin([&](std::int64_t lower, std::int64_t upper, std::uint64_t n) {
    bins.emplace_back(lower, upper, n);
  });
  return bins;
}

TEST(Histogram, IsEmptyAtFirst) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.min(), 0);
  EXPECT_EQ(histogram.max(), 0);
  EXPECT_TRUE(std::isnan(histogram.mean()));
  EXPECT_TRUE(std::isnan(histogram.quantile(0.5)));
  EXPECT_TRUE(bins_of(histogram).empty());
}

TEST(Histogram, KeepsSmallValuesExactly) {
  Histogram histogram;
  for (std::int64_t v = 0; v < 256; ++v) histogram.record(v);
  std::int64_t expected = 0;
  for (const auto& [lower, upper, n] : bins_of(histogram)) {
    EXPECT_EQ(lower, expected);
    EXPECT_EQ(upper, expected);
    EXPECT_EQ(n, 1u);
    ++expected;
  }
  EXPECT_EQ(expected, 256);
  EXPECT_EQ(histogram.quantile(0.5), 127);
}

TEST(Histogram, HasBinsOfAtMostOne128thOfTheirValue) {
  for (std::int64_t v = 1; v < kLargest / 3; v += v / 8 + 1) {
    Histogram histogram;
    histogram.record(v);
    const auto [lower, upper, n] = bins_of(histogram).at(0);
    EXPECT_LE(lower, v);
    EXPECT_GE(upper, v);
    EXPECT_LE(upper - lower + 1, std::max<std::int64_t>(1, lower / 128)) << v;
  }
}

TEST(Histogram, TakesTheLargestValue) {
  Histogram histogram;
  histogram.record(kLargest, 3);
  EXPECT_EQ(histogram.max(), kLargest);
  EXPECT_EQ(histogram.mean(), static_cast<double>(kLargest));
  EXPECT_EQ(std::get<1>(bins_of(histogram).at(0)), kLargest);
  EXPECT_EQ(histogram.quantile(1), static_cast<double>(kLargest));
}

TEST(Histogram, HasTheExactMeanMinimumAndMaximum) {
  Histogram histogram;
  histogram.record(1'000'003);
  histogram.record(2'000'005, 2);
  EXPECT_EQ(histogram.count(), 3u);
  EXPECT_DOUBLE_EQ(histogram.mean(), 5'000'013.0 / 3);
  EXPECT_EQ(histogram.min(), 1'000'003);
  EXPECT_EQ(histogram.max(), 2'000'005);
}

TEST(Histogram, IgnoresZeroTimesAValue) {
  Histogram histogram;
  histogram.record(5, 0);
  EXPECT_EQ(histogram, Histogram());
  histogram.record(7);
  histogram.record(3, 0);
  EXPECT_EQ(histogram.min(), 7);
}

TEST(Histogram, NeverAnswersOutsideTheRangeOfTheValues) {
  Histogram histogram;
  histogram.record(1'000'000, 10);
  for (const double q : {0.0, 0.5, 0.99, 1.0}) EXPECT_EQ(histogram.quantile(q), 1'000'000);
  EXPECT_TRUE(std::isnan(histogram.quantile(-0.1)));
  EXPECT_TRUE(std::isnan(histogram.quantile(1.1)));
}

TEST(Histogram, InterpolatesWithinABin) {
  Histogram histogram;
  for (std::int64_t v = 1024; v < 1032; ++v) histogram.record(v);  // exactly one bin
  EXPECT_EQ(bins_of(histogram), (Bins{{1024, 1031, 8}}));
  EXPECT_DOUBLE_EQ(histogram.quantile(0), 1024);
  EXPECT_DOUBLE_EQ(histogram.quantile(0.5), 1027.5);
  EXPECT_DOUBLE_EQ(histogram.quantile(1), 1031);
}

TEST(Histogram, FindsQuantilesAcrossEmptyBins) {
  Histogram histogram;
  histogram.record(10, 90);
  histogram.record(200, 10);
  EXPECT_EQ(histogram.quantile(0.5), 10);
  EXPECT_EQ(histogram.quantile(0.9), 10);
  EXPECT_EQ(histogram.quantile(0.91), 200);
}

TEST(Histogram, ForgetsEverythingOnClear) {
  Histogram histogram;
  histogram.record(3);
  histogram.record(1'000'000);
  histogram.clear();
  EXPECT_EQ(histogram, Histogram());
  histogram.record(500);
  EXPECT_EQ(bins_of(histogram), (Bins{{500, 501, 1}}));
}

TEST(Histogram, ComparesValuesNotMemory) {
  Histogram wide;
  wide.record(1'000'000'000);
  wide.clear();
  wide.record(77);
  Histogram narrow;
  narrow.record(77);
  EXPECT_EQ(wide, narrow);
  narrow.record(77);
  EXPECT_NE(wide, narrow);
}

TEST(Histogram, MergesExactly) {
  Histogram low;
  low.record(3);
  Histogram high;
  high.record(1'000'000, 2);
  Histogram all;
  all.record(3);
  all.record(1'000'000, 2);
  Histogram merged = low;
  merged.merge(high);
  EXPECT_EQ(merged, all);
  merged.merge(Histogram());
  EXPECT_EQ(merged, all);
  high.merge(low);
  EXPECT_EQ(high, all);
}

}  // namespace
}  // namespace spillway::sim
