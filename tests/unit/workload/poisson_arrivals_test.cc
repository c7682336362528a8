#include <gtest/gtest.h>

#include <cmath>

#include "sim/random.h"
#include "tests/unit/workload/arrivals_support.h"

namespace spillway::model {
namespace {

using namespace sim::literals;

TEST(PoissonArrivals, HaveExponentialGaps) {
  const std::vector<double> times = arrivals_until(PoissonArrivals{profile({{0, 200}})}, 1, 1000);
  std::vector<double> gaps;
  for (std::size_t i = 1; i < times.size(); ++i) gaps.push_back((times[i] - times[i - 1]) * 200);
  EXPECT_LT(kolmogorov_distance_to_exponential(gaps), 1.95);
  const Moments gap = moments_of(gaps);
  EXPECT_NEAR(gap.mean, 1, 0.01);
  EXPECT_NEAR(gap.variance, 1, 0.03);
}

TEST(PoissonArrivals, HaveCountsWhoseVarianceIsTheirMean) {
  std::vector<double> counts;
  for (sim::Key key = 0; key < 4000; ++key) {
    counts.push_back(static_cast<double>(
        arrivals_until(PoissonArrivals{profile({{0, 50}})}, sim::combine(key, 0), 1).size()));
  }
  const Moments count = moments_of(counts);
  EXPECT_NEAR(count.mean, 50, 0.45);
  EXPECT_NEAR(count.variance, 50, 4.5);
}

TEST(PoissonArrivals, AreIndependentFromGapToGap) {
  const std::vector<double> times = arrivals_until(PoissonArrivals{profile({{0, 100}})}, 8, 2000);
  std::vector<double> products;
  for (std::size_t i = 2; i < times.size(); ++i) {
    const double gap = (times[i] - times[i - 1]) * 100 - 1;
    const double last = (times[i - 1] - times[i - 2]) * 100 - 1;
    products.push_back(gap * last);
  }
  EXPECT_NEAR(moments_of(products).mean, 0, 3.3 / std::sqrt(static_cast<double>(products.size())));
}

/// Ramps up and down, a step, silence, a step out of it.
RateProfile hilly() {
  return profile({{0, 0}, {10, 100}, {20, 100}, {20, 30}, {30, 0}, {40, 0}, {40, 250}, {50, 10}});
}

TEST(PoissonArrivals, AreUnitExponentialStepsOfTheIntegratedRate) {
  std::vector<double> steps;
  for (sim::Key key = 0; key < 40; ++key) {
    double last = 0;
    for (const double t : arrivals_until(PoissonArrivals{hilly()}, sim::combine(3, key), 200)) {
      const double now = expected_until(hilly(), t);
      steps.push_back(now - last);
      last = now;
    }
  }
  ASSERT_GT(steps.size(), 100'000U);
  EXPECT_LT(kolmogorov_distance_to_exponential(steps), 1.95);
}

/// A Poisson process at the highest rate of which each arrival stays with probability rate(t) /
/// highest (Lewis and Shedler 1979).
std::vector<double> thinned(const RateProfile& rate, double highest, sim::Key key, double seconds) {
  sim::Draw draw(key);
  std::vector<double> times;
  for (double t = sim::exponential(draw) / highest; t < seconds;
       t += sim::exponential(draw) / highest) {
    if (draw.uniform() * highest < rate_at(rate, t)) times.push_back(t);
  }
  return times;
}

TEST(PoissonArrivals, HaveTheCountsOfAThinnedProcessInEverySecond) {
  constexpr int kRuns = 100;
  constexpr int kSeconds = 60;
  std::vector<double> exact(kSeconds);
  std::vector<double> naive(kSeconds);
  for (sim::Key run = 0; run < kRuns; ++run) {
    for (const double t : arrivals_until(PoissonArrivals{hilly()}, sim::combine(1, run), kSeconds))
      exact[static_cast<std::size_t>(t)] += 1;
    for (const double t : thinned(hilly(), 250, sim::combine(2, run), kSeconds))
      naive[static_cast<std::size_t>(t)] += 1;
  }
  for (int second = 0; second < kSeconds; ++second) {
    const double expected =
        kRuns * (expected_until(hilly(), second + 1) - expected_until(hilly(), second));
    EXPECT_NEAR(exact[second], expected, 3.9 * std::sqrt(expected)) << second;
    EXPECT_NEAR(exact[second], naive[second], 3.9 * std::sqrt(2 * expected)) << second;
  }
}

TEST(PoissonArrivals, StayAwayWhileTheRateIsZero) {
  for (const double t : arrivals_until(PoissonArrivals{hilly()}, 5, 60)) {
    EXPECT_FALSE(t > 30 && t < 40) << t;
  }
}

TEST(PoissonArrivals, EndWhenTheRateStaysZero) {
  for (sim::Key key = 0; key < 100; ++key) {
    ArrivalProcess process(PoissonArrivals{profile({{0, 5}, {1, 0}})}, key);
    int n = 0;
    while (const auto time = process.next()) {
      EXPECT_LE(time->ns, (1_s).ns);
      ASSERT_LT(++n, 100);
    }
    EXPECT_EQ(process.next(), std::nullopt);
    EXPECT_EQ(process.next(), std::nullopt);
  }
}

TEST(PoissonArrivals, NeverComeAtARateOfZero) {
  ArrivalProcess process(PoissonArrivals{profile({{0, 0}})}, 1);
  EXPECT_EQ(process.next(), std::nullopt);
}

TEST(PoissonArrivals, EndWithTimeWhenTheRateIsTiny) {
  ArrivalProcess process(PoissonArrivals{profile({{0, 1e-30}})}, 1);
  EXPECT_EQ(process.next(), std::nullopt);
  EXPECT_EQ(process.next(), std::nullopt);
}

TEST(PoissonArrivals, KeepTheirOrderAtRatesBeyondTheResolutionOfTime) {
  ArrivalProcess process(PoissonArrivals{profile({{0, 1e12}})}, 1);
  sim::Time last{};
  sim::Time now{};
  for (int i = 0; i < 1'000'000; ++i) {
    now = *process.next();
    ASSERT_GE(now, last);
    last = now;
  }
  EXPECT_NEAR(now.seconds(), 1e-6, 1e-8);
}

TEST(PoissonArrivals, DrawEachGapFromTheKeyOfItsNumber) {
  ArrivalProcess process(PoissonArrivals{profile({{0, 1}})}, 4);
  double sum = 0;
  for (std::uint64_t n = 0; n < 1000; ++n) {
    sim::Draw draw(sim::combine(4, n));
    sum += sim::exponential(draw);
    ASSERT_NEAR(process.next()->seconds(), sum, 1e-8) << n;
  }
}

TEST(PoissonArrivals, RepeatForTheSameKeyAndDifferForAnother) {
  const Arrivals arrivals = PoissonArrivals{hilly()};
  EXPECT_EQ(arrivals_until(arrivals, 4, 60), arrivals_until(arrivals, 4, 60));
  EXPECT_NE(arrivals_until(arrivals, 4, 60), arrivals_until(arrivals, 5, 60));
}

TEST(PoissonArrivals, ScaleWithTheRateForTheSameKey) {
  // Arrival n has its own draws: twice the rate halves every time.
  const std::vector<double> slow = arrivals_until(PoissonArrivals{profile({{0, 100}})}, 4, 100);
  const std::vector<double> fast = arrivals_until(PoissonArrivals{profile({{0, 200}})}, 4, 50);
  ASSERT_GT(fast.size(), 9000U);
  for (std::size_t i = 0; i < 9000; ++i) ASSERT_NEAR(slow[i], 2 * fast[i], 5e-9) << i;
}

TEST(PoissonArrivals, ContinueFromACopy) {
  ArrivalProcess original(PoissonArrivals{hilly()}, 6);
  for (int i = 0; i < 700; ++i) original.next();
  ArrivalProcess copy = original;
  for (int i = 0; i < 2000; ++i) ASSERT_EQ(original.next(), copy.next());
}

TEST(PoissonArrivals, AreOrderedAndFollowTheCountOnRandomProfiles) {
  sim::Draw draw(31);
  for (int round = 0; round < 200; ++round) {
    RateProfile rate;
    double at = 0;
    for (std::uint32_t points = 1 + draw.below(8); points > 0; --points) {
      rate.points.push_back(
          {sim::Time{} + sim::from_seconds(at), draw.below(3) == 0 ? 0.0 : 500 * draw.uniform()});
      if (draw.below(3) != 0) at += 3 * draw.uniform();
    }
    const double end = at + 2;
    const std::vector<double> times = arrivals_until(PoissonArrivals{rate}, draw.next(), end);
    ASSERT_TRUE(std::is_sorted(times.begin(), times.end()));
    const double expected = expected_until(rate, end);
    ASSERT_NEAR(static_cast<double>(times.size()), expected, 4.5 * std::sqrt(expected) + 1)
        << round;
  }
}

}  // namespace
}  // namespace spillway::model
