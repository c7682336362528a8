#include "sim/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sim/random.h"

namespace spillway::sim {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Welford, HasMeanAndUnbiasedVariance) {
  Welford moments;
  for (const double v : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) moments.add(v);
  EXPECT_EQ(moments.count(), 8u);
  EXPECT_DOUBLE_EQ(moments.mean(), 5);
  EXPECT_DOUBLE_EQ(moments.variance(), 32.0 / 7);
  EXPECT_DOUBLE_EQ(moments.stddev(), std::sqrt(32.0 / 7));
}

TEST(Welford, IsNotANumberWithoutValues) {
  Welford moments;
  EXPECT_TRUE(std::isnan(moments.mean()));
  moments.add(1);
  EXPECT_EQ(moments.mean(), 1);
  EXPECT_TRUE(std::isnan(moments.variance()));
}

TEST(Welford, StaysAccurateFarFromZero) {
  Welford moments;
  for (const double v : {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}) moments.add(v);
  EXPECT_DOUBLE_EQ(moments.variance(), 30);
}

TEST(Welford, MergesToTheMomentsOfAll) {
  Welford all;
  Welford first;
  Welford second;
  Draw draw(1);
  for (int i = 0; i < 1000; ++i) {
    const double v = normal(draw);
    all.add(v);
    (i < 300 ? first : second).add(v);
  }
  first.merge(second);
  first.merge(Welford());
  EXPECT_EQ(first.count(), 1000u);
  EXPECT_NEAR(first.mean(), all.mean(), 1e-14);
  EXPECT_NEAR(first.variance(), all.variance(), 1e-13);
}

TEST(TimeAverage, WeighsLevelsByTime) {
  TimeAverage busy;
  busy.set(Time{0}, 2);
  busy.add(Time{10}, 1);
  busy.add(Time{30}, -3);
  EXPECT_EQ(busy.level(), 0);
  EXPECT_DOUBLE_EQ(busy.average(Time{40}), (2 * 10 + 3 * 20) / 40.0);
}

TEST(TimeAverage, ForgetsTheWarmUpOnReset) {
  TimeAverage busy;
  busy.set(Time{0}, 100);
  busy.set(Time{50}, 4);
  busy.reset(Time{60});
  busy.set(Time{70}, 0);
  EXPECT_DOUBLE_EQ(busy.average(Time{80}), 2);
  EXPECT_DOUBLE_EQ(busy.average_since_mark(Time{80}), 2);
}

TEST(TimeAverage, AveragesEachIntervalByItself) {
  TimeAverage busy;
  busy.set(Time{0}, 1);
  EXPECT_DOUBLE_EQ(busy.average_since_mark(Time{10}), 1);
  busy.mark(Time{10});
  busy.set(Time{15}, 3);
  EXPECT_DOUBLE_EQ(busy.average_since_mark(Time{20}), 2);
  busy.mark(Time{20});
  EXPECT_DOUBLE_EQ(busy.average_since_mark(Time{30}), 3);
  EXPECT_DOUBLE_EQ(busy.average(Time{30}), (10 + 20 + 30) / 30.0);
}

TEST(TimeAverage, IsTheLevelWhenNoTimeHasPassed) {
  TimeAverage busy;
  busy.set(Time{5}, 7);
  busy.mark(Time{5});
  EXPECT_DOUBLE_EQ(busy.average_since_mark(Time{5}), 7);
}

TEST(TimeAverage, DoesNotOverflow) {
  TimeAverage bytes;
  bytes.set(Time{0}, 1'000'000'000'000);
  EXPECT_DOUBLE_EQ(bytes.average(Time{4'000'000'000'000'000'000}), 1e12);
}

// Table values: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.
TEST(NormalQuantile, MatchesPublishedValues) {
  EXPECT_EQ(normal_quantile(0.5), 0);
  EXPECT_NEAR(normal_quantile(0.9), 1.2815515655446004, 1e-14);
  EXPECT_NEAR(normal_quantile(0.95), 1.6448536269514722, 1e-14);
  EXPECT_NEAR(normal_quantile(0.975), 1.9599639845400545, 1e-14);
  EXPECT_NEAR(normal_quantile(0.99), 2.3263478740408408, 1e-14);
  EXPECT_NEAR(normal_quantile(0.001), -3.0902323061678132, 1e-14);
  EXPECT_NEAR(normal_quantile(1e-12), -7.034483825301131, 1e-13);
}

TEST(NormalQuantile, InvertsTheDistributionFunction) {
  for (double p = 1e-15; p < 0.5; p *= 1.5) {
    EXPECT_NEAR(0.5 * std::erfc(-normal_quantile(p) / std::sqrt(2.0)) / p, 1, 1e-13) << p;
  }
}

TEST(NormalQuantile, IsInfiniteAtTheEndsAndNotANumberBeyond) {
  EXPECT_EQ(normal_quantile(0), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(normal_quantile(1), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(normal_quantile(1.5)));
  EXPECT_TRUE(std::isnan(normal_quantile(kNan)));
}

TEST(StudentQuantile, MatchesPublishedValues) {
  struct Row {
    double degrees, p90, p95, p975, p99, p999;
  };
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, three decimals.
  for (const Row& row :
       {Row{1, 3.078, 6.314, 12.706, 31.821, 318.309}, Row{2, 1.886, 2.920, 4.303, 6.965, 22.327},
        Row{5, 1.476, 2.015, 2.571, 3.365, 5.893}, Row{10, 1.372, 1.812, 2.228, 2.764, 4.144},
        Row{31, 1.309, 1.696, 2.040, 2.453, 3.375}, Row{100, 1.290, 1.660, 1.984, 2.364, 3.174}}) {
    EXPECT_NEAR(student_t_quantile(0.90, row.degrees), row.p90, 5.1e-4) << row.degrees;
    EXPECT_NEAR(student_t_quantile(0.95, row.degrees), row.p95, 5.1e-4) << row.degrees;
    EXPECT_NEAR(student_t_quantile(0.975, row.degrees), row.p975, 5.1e-4) << row.degrees;
    EXPECT_NEAR(student_t_quantile(0.99, row.degrees), row.p99, 5.1e-4) << row.degrees;
    EXPECT_NEAR(student_t_quantile(0.999, row.degrees), row.p999, 5.1e-4) << row.degrees;
  }
}

TEST(StudentQuantile, HasItsClosedForms) {
  for (const double p : {0.6, 0.9, 0.975, 0.9999}) {
    EXPECT_NEAR(student_t_quantile(p, 1) / std::tan(M_PI * (p - 0.5)), 1, 1e-11) << p;
    const double two = (2 * p - 1) * std::sqrt(2 / (4 * p * (1 - p)));
    EXPECT_NEAR(student_t_quantile(p, 2) / two, 1, 1e-11) << p;
    EXPECT_NEAR(student_t_quantile(p, 1e7) / normal_quantile(p), 1, 1e-6) << p;
  }
}

TEST(StudentQuantile, IsSymmetricAndInvertsTheDistributionFunction) {
  for (const double degrees : {1.0, 3.0, 7.5, 30.0, 1000.0}) {
    EXPECT_EQ(student_t_quantile(0.5, degrees), 0);
    EXPECT_EQ(student_t_quantile(0.025, degrees), -student_t_quantile(0.975, degrees));
    for (const double p : {0.01, 0.3, 0.8, 0.995}) {
      EXPECT_NEAR(student_t_cdf(student_t_quantile(p, degrees), degrees), p, 1e-12);
    }
  }
}

TEST(StudentQuantile, IsInfiniteAtTheEndsAndNotANumberBeyond) {
  EXPECT_EQ(student_t_quantile(1, 5), std::numeric_limits<double>::infinity());
  EXPECT_EQ(student_t_quantile(0, 5), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(student_t_quantile(0.5, 0)));
  EXPECT_TRUE(std::isnan(student_t_quantile(-0.5, 5)));
}

TEST(StudentInterval, CoversTheMeanByTheTableValue) {
  const std::vector<double> samples{1, 2, 3, 4, 5};
  const Interval interval = student_interval(samples);
  const double half = 2.7764451051977987 * std::sqrt(2.5 / 5);
  EXPECT_DOUBLE_EQ(interval.mean, 3);
  EXPECT_NEAR(interval.low, 3 - half, 1e-12);
  EXPECT_NEAR(interval.high, 3 + half, 1e-12);
  EXPECT_EQ(interval.n, 5u);
}

TEST(StudentInterval, WidensWithTheConfidence) {
  const std::vector<double> samples{1, 2, 3, 4, 5};
  EXPECT_LT(student_interval(samples, 0.99).low, student_interval(samples, 0.9).low);
}

TEST(StudentInterval, HasNoBoundsFromOneSample) {
  const Interval interval = student_interval(std::vector<double>{7});
  EXPECT_EQ(interval.mean, 7);
  EXPECT_EQ(interval.n, 1u);
  EXPECT_TRUE(std::isnan(interval.low));
  EXPECT_TRUE(std::isnan(interval.high));
}

TEST(StudentInterval, LeavesOutWhatIsNotANumber) {
  const Interval interval = student_interval(std::vector<double>{kNan, 1, kNan, 3});
  EXPECT_EQ(interval.mean, 2);
  EXPECT_EQ(interval.n, 2u);
  EXPECT_TRUE(std::isnan(student_interval(std::vector<double>{kNan}).mean));
  EXPECT_EQ(student_interval({}).n, 0u);
}

TEST(StudentInterval, CoversTheTruthAsOftenAsItSays) {
  int covered = 0;
  constexpr int kTrials = 4000;
  for (Key key = 0; key < kTrials; ++key) {
    Draw draw(combine(hash_name("coverage"), key));
    std::vector<double> samples(8);
    for (double& sample : samples) sample = 10 + normal(draw);
    const Interval interval = student_interval(samples, 0.9);
    covered += interval.low <= 10 && 10 <= interval.high ? 1 : 0;
  }
  EXPECT_NEAR(covered, 0.9 * kTrials, 4 * std::sqrt(0.09 * kTrials));
}

// Wilson 1927; values as in Newcombe 1998, Statistics in Medicine 17, table I.
TEST(WilsonInterval, MatchesPublishedValues) {
  const Interval many = wilson_interval(81, 263);
  EXPECT_NEAR(many.low, 0.2553, 5e-5);
  EXPECT_NEAR(many.high, 0.3662, 5e-5);
  const Interval few = wilson_interval(15, 148);
  EXPECT_NEAR(few.low, 0.0624, 5e-5);
  EXPECT_NEAR(few.high, 0.1605, 5e-5);
  const Interval none = wilson_interval(0, 20);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 0.1611, 5e-5);
  const Interval one = wilson_interval(1, 29);
  EXPECT_NEAR(one.low, 0.0061, 5e-5);
  EXPECT_NEAR(one.high, 0.1718, 5e-5);
}

TEST(WilsonInterval, HasExactEnds) {
  EXPECT_EQ(wilson_interval(20, 20).high, 1);
  EXPECT_EQ(wilson_interval(20, 20).mean, 1);
  EXPECT_TRUE(std::isnan(wilson_interval(0, 0).mean));
  EXPECT_EQ(wilson_interval(0, 0).n, 0u);
}

std::vector<double> noise(std::size_t n, double level) {
  Draw draw(hash_name("noise"));
  std::vector<double> samples(n);
  for (double& sample : samples) sample = level + normal(draw);
  return samples;
}

TEST(Mser5, CutsTheTransient) {
  std::vector<double> samples = noise(1000, 10);
  for (std::size_t i = 0; i < 150; ++i) samples[i] += 40 * std::exp(-static_cast<double>(i) / 30.0);
  const auto cut = mser5(samples);
  ASSERT_TRUE(cut.has_value());
  EXPECT_GE(*cut, 60u);
  EXPECT_LE(*cut, 200u);
  EXPECT_EQ(*cut % 5, 0u);
}

TEST(Mser5, CutsNothingFromAConstant) { EXPECT_EQ(mser5(std::vector<double>(100, 3.0)), 0u); }

TEST(Mser5, IsTheMinimumOfItsDefinition) {
  std::vector<double> samples = noise(400, 0);
  for (std::size_t i = 0; i < 60; ++i) samples[i] += 3;
  std::vector<double> batches(80);
  for (std::size_t i = 0; i < 400; ++i) batches[i / 5] += samples[i] / 5;
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t d = 0; d + 5 <= 80; ++d) {
    const auto n = static_cast<double>(80 - d);
    double mean = 0;
    for (std::size_t i = d; i < 80; ++i) mean += batches[i] / n;
    double squares = 0;
    for (std::size_t i = d; i < 80; ++i) squares += (batches[i] - mean) * (batches[i] - mean);
    if (squares / (n * n) < least) {
      least = squares / (n * n);
      best = d;
    }
  }
  EXPECT_EQ(mser5(samples), best * 5);
}

TEST(Mser5, RejectsARunThatNeverSettles) {
  std::vector<double> samples(1000);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<double>(i * i);
  EXPECT_EQ(mser5(samples), std::nullopt);
}

TEST(Mser5, RejectsTooFewSamples) {
  EXPECT_EQ(mser5(std::vector<double>(49, 1.0)), std::nullopt);
  EXPECT_TRUE(mser5(std::vector<double>(50, 1.0)).has_value());
}

TEST(BatchMeans, UsesEqualBatchesFromTheEnd) {
  std::vector<double> samples{100};  // does not fill a batch
  for (int i = 0; i < 40; ++i) samples.push_back(i % 2);
  const BatchMeans means = batch_means(samples, 20);
  EXPECT_DOUBLE_EQ(means.interval.mean, 0.5);
  EXPECT_DOUBLE_EQ(means.interval.low, 0.5);
  EXPECT_EQ(means.interval.n, 20u);
  EXPECT_TRUE(std::isnan(means.lag1));  // no variance
  EXPECT_EQ(batch_means(std::vector<double>(19, 1.0), 20).interval.n, 0u);
}

TEST(BatchMeans, ShowsCorrelationThatBatchesDoNotRemove) {
  std::vector<double> samples = noise(20'000, 0);
  EXPECT_LT(std::fabs(batch_means(samples, 200).lag1), 0.2);
  for (std::size_t i = 1; i < samples.size(); ++i) samples[i] += 0.999 * samples[i - 1];
  EXPECT_GT(batch_means(samples, 200).lag1, 0.5);
}

TEST(Lag1Autocorrelation, IsMinusOneForAnAlternatingSeries) {
  std::vector<double> samples(1000);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = i % 2 == 0 ? 1 : -1;
  EXPECT_NEAR(lag1_autocorrelation(samples), -1, 2e-3);
}

TEST(KolmogorovSmirnov, GivesUniformProbabilitiesUnderTheHypothesis) {
  int below = 0;
  for (Key key = 0; key < 2000; ++key) {
    Draw draw(combine(hash_name("ks"), key));
    std::vector<double> samples(50);
    for (double& sample : samples) sample = draw.uniform();
    below += kolmogorov_smirnov(samples, [](double x) { return x; }) < 0.1 ? 1 : 0;
  }
  EXPECT_NEAR(below, 200, 60);
}

TEST(KolmogorovSmirnov, RejectsAnotherLaw) {
  const std::vector<double> samples = noise(500, 0.3);
  const auto standard = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
  EXPECT_LT(kolmogorov_smirnov(samples, standard), 1e-3);
  EXPECT_TRUE(std::isnan(kolmogorov_smirnov({}, standard)));
}

// Critical values of the one-sample test at 5 %: n = 20 0.294, n = 40 0.210 (Massey 1951, table 1).
TEST(KolmogorovSmirnov, MatchesPublishedCriticalValues) {
  const auto p_at = [](std::size_t n, double deviation) {
    std::vector<double> samples(
        n);  // middles of n cells, moved so that the largest deviation is as asked
    for (std::size_t i = 0; i < n; ++i)
      samples[i] = static_cast<double>(i + 1) / static_cast<double>(n);
    return kolmogorov_smirnov(samples, [=](double x) { return x - deviation; });
  };
  EXPECT_NEAR(p_at(20, 0.294), 0.05, 0.002);
  EXPECT_NEAR(p_at(40, 0.210), 0.05, 0.002);
}

TEST(KolmogorovSmirnov, ComparesTwoSamples) {
  Draw draw(3);
  std::vector<double> a(400);
  std::vector<double> b(300);
  std::vector<double> moved(300);
  for (double& v : a) v = normal(draw);
  for (double& v : b) v = normal(draw);
  for (double& v : moved) v = normal(draw) + 1;
  EXPECT_GT(kolmogorov_smirnov(a, b), 0.01);
  EXPECT_LT(kolmogorov_smirnov(a, moved), 1e-4);
  EXPECT_EQ(kolmogorov_smirnov(a, a), 1);
}

}  // namespace
}  // namespace spillway::sim
