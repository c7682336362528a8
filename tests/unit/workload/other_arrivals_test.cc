#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/workload/arrivals_support.h"

namespace spillway::model {
namespace {

using namespace sim::literals;

TEST(ConstantArrivals, ComeEvenlyFromTheStart) {
  ArrivalProcess process(ConstantArrivals{profile({{0, 10}})}, 1);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(process.next(), sim::Time{} + 100_ms * i);
}

TEST(ConstantArrivals, DoNotDrift) {
  ArrivalProcess process(ConstantArrivals{profile({{0, 3'000'000}})}, 1);
  sim::Time now{};
  for (int i = 0; i <= 3'000'000; ++i) now = *process.next();
  EXPECT_NEAR(static_cast<double>(now.ns), 1e9, 1);
}

TEST(ConstantArrivals, HoldTheRateInEveryInterval) {
  const auto times = arrivals_until(
      ConstantArrivals{profile({{0, 100}, {2, 100}, {2, 400}, {3, 400}, {3, 50}})}, 1, 5);
  const auto count = [&](double from, double to) {
    return std::count_if(times.begin(), times.end(), [=](double t) { return t >= from && t < to; });
  };
  EXPECT_EQ(count(0, 2), 200);
  EXPECT_EQ(count(2, 3), 400);
  EXPECT_EQ(count(3, 5), 100);
}

TEST(ConstantArrivals, FollowARamp) {
  // From 0 to 200 per second in 10 s: n = 10 t^2 are expected until t.
  const auto times = arrivals_until(ConstantArrivals{profile({{0, 0}, {10, 200}})}, 1, 10);
  ASSERT_EQ(times.size(), 1000U);
  for (std::size_t n = 0; n < times.size(); ++n) {
    ASSERT_NEAR(times[n], std::sqrt(static_cast<double>(n) / 10), 1e-8) << n;
  }
}

TEST(ConstantArrivals, FollowARampDownToItsEnd) {
  const auto times = arrivals_until(ConstantArrivals{profile({{0, 200}, {10, 0}})}, 1, 100);
  ASSERT_NEAR(static_cast<double>(times.size()), 1000, 1);
  for (std::size_t n = 0; n < 1000; ++n) {
    ASSERT_NEAR(times[n], 10 - std::sqrt((1000 - static_cast<double>(n)) / 10), 1e-6) << n;
  }
}

TEST(ConstantArrivals, WaitForTheRateToBecomePositive) {
  ArrivalProcess process(
      ConstantArrivals{profile({{0, 0}, {5, 0}, {5, 2}, {6, 2}, {6, 0}, {9, 0}, {9, 1}})}, 1);
  EXPECT_EQ(process.next(), sim::Time{} + 5_s);
  EXPECT_EQ(process.next(), sim::Time{} + 5500_ms);
  EXPECT_EQ(process.next(), sim::Time{} + 9_s);
  EXPECT_EQ(process.next(), sim::Time{} + 10_s);
}

TEST(ConstantArrivals, EndWhenTheRateStaysZero) {
  ArrivalProcess process(ConstantArrivals{profile({{0, 4}, {1, 4}, {1, 0}})}, 1);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(process.next(), sim::Time{} + 250_ms * i);
  EXPECT_EQ(process.next(), std::nullopt);
  EXPECT_EQ(process.next(), std::nullopt);
}

TEST(RenewalArrivals, HaveTheCoefficientOfVariationOfTheirGaps) {
  for (const double cv : {0.1, 0.5, 1.0, 2.0, 4.0}) {
    const auto times = arrivals_until(RenewalArrivals{profile({{0, 100}}), cv}, 3, 4000);
    std::vector<double> gaps;
    for (std::size_t i = 1; i < times.size(); ++i) gaps.push_back(times[i] - times[i - 1]);
    const Moments gap = moments_of(gaps);
    EXPECT_NEAR(gap.mean, 0.01, 0.01 * 0.005 * std::max(1.0, cv)) << cv;
    EXPECT_NEAR(std::sqrt(gap.variance) / gap.mean, cv, 0.02 * cv) << cv;
  }
}

TEST(RenewalArrivals, AreEvenWithoutVariation) {
  ArrivalProcess process(RenewalArrivals{profile({{0, 4}}), 0}, 1);
  for (int i = 1; i < 100; ++i) ASSERT_EQ(process.next(), sim::Time{} + 250_ms * i);
}

TEST(RenewalArrivals, FollowTheRateProfile) {
  const RateProfile rate = profile({{0, 0}, {10, 1000}, {20, 1000}, {20, 100}});
  const auto times = arrivals_until(RenewalArrivals{rate, 0.3}, 2, 30);
  for (const double until : {5.0, 10.0, 15.0, 20.0, 30.0}) {
    const auto count =
        std::count_if(times.begin(), times.end(), [=](double t) { return t < until; });
    const double expected = expected_until(rate, until);
    EXPECT_NEAR(static_cast<double>(count), expected, 4 * 0.3 * std::sqrt(expected) + 1) << until;
  }
}

/// Mean and variance of the arrivals in [100, 100 + seconds) of a process in two states.
Moments count_of_two_states(const MmppArrivals& states, double seconds) {
  std::vector<double> counts;
  for (sim::Key run = 0; run < 3000; ++run) {
    const auto times = arrivals_until(states, sim::combine(9, run), 20 + seconds);
    counts.push_back(static_cast<double>(
        std::count_if(times.begin(), times.end(), [](double t) { return t >= 20; })));
  }
  return moments_of(counts);
}

// Fischer and Meier-Hellstern, "The Markov-modulated Poisson process (MMPP) cookbook" (1993): the
// variance of the count of a stationary two-state process.
TEST(MmppArrivals, HaveTheMeanAndVarianceOfTheCookbook) {
  const MmppArrivals states{{80, 5}, {500_ms, 2_s}};
  const double leave_first = 1 / 0.5;
  const double leave_second = 1 / 2.0;
  const double r = leave_first + leave_second;
  const double first = leave_second / r;
  const double mean_rate = 80 * first + 5 * (1 - first);
  for (const double t : {0.5, 10.0}) {
    const double excess =
        2 * first * (1 - first) * (80.0 - 5) * (80 - 5) / (r * r) * (r * t - 1 + std::exp(-r * t));
    const Moments count = count_of_two_states(states, t);
    const double variance = mean_rate * t + excess;
    EXPECT_NEAR(count.mean, mean_rate * t, 4 * std::sqrt(variance / 3000)) << t;
    EXPECT_NEAR(count.variance, variance, 0.12 * variance) << t;
  }
}

TEST(MmppArrivals, GoThroughTheirStatesInACycle) {
  // Only the second of three states has arrivals: bursts, and as many as the first and third
  // states' holding times allow.
  const MmppArrivals states{{0, 1000, 0}, {1_s, 100_ms, 3_s}};
  const auto times = arrivals_until(states, 2, 20'000);
  int bursts = 1;
  for (std::size_t i = 1; i < times.size(); ++i) bursts += times[i] - times[i - 1] > 0.05 ? 1 : 0;
  EXPECT_GT(times.front(), 0.0);
  EXPECT_NEAR(bursts, 20'000 / 4.1, 250);
  EXPECT_NEAR(static_cast<double>(times.size()), 20'000 / 4.1 * 100, 0.05 * 20'000 / 4.1 * 100);
}

TEST(MmppArrivals, ArePoissonWhenAllStatesAreEqual) {
  const auto times = arrivals_until(MmppArrivals{{50, 50}, {100_ms, 300_ms}}, 2, 1000);
  std::vector<double> gaps;
  for (std::size_t i = 1; i < times.size(); ++i) gaps.push_back((times[i] - times[i - 1]) * 50);
  EXPECT_LT(kolmogorov_distance_to_exponential(gaps), 1.95);
}

TEST(MmppArrivals, NeverComeWhenAllStatesAreSilent) {
  ArrivalProcess process(MmppArrivals{{0, 0}, {1_s, 1_s}}, 1);
  EXPECT_EQ(process.next(), std::nullopt);
}

TEST(MmppArrivals, AreNotLookedForBeyondTheHorizon) {
  ArrivalProcess process(MmppArrivals{{1e-12, 0}, {1_us, 1_us}}, 1, sim::Time{} + 100_ms);
  EXPECT_EQ(process.next(), std::nullopt);
  EXPECT_EQ(process.next(), std::nullopt);
}

TEST(MmppArrivals, RepeatForTheSameKeyAndDifferForAnother) {
  const Arrivals arrivals = MmppArrivals{{100, 10}, {1_s, 2_s}};
  EXPECT_EQ(arrivals_until(arrivals, 4, 60), arrivals_until(arrivals, 4, 60));
  EXPECT_NE(arrivals_until(arrivals, 4, 60), arrivals_until(arrivals, 5, 60));
}

TEST(TimedArrivals, ComeWhenTheyAreListed) {
  const Arrivals arrivals =
      TimedArrivals{{sim::Time{}, sim::Time{} + 1_s, sim::Time{} + 1_s, sim::Time{} + 7_ms * 1000}};
  ArrivalProcess process(arrivals, 1);
  EXPECT_EQ(process.next(), sim::Time{});
  EXPECT_EQ(process.next(), sim::Time{} + 1_s);
  EXPECT_EQ(process.next(), sim::Time{} + 1_s);
  EXPECT_EQ(process.next(), sim::Time{} + 7_s);
  EXPECT_EQ(process.next(), std::nullopt);
  EXPECT_EQ(process.next(), std::nullopt);
}

TEST(TimedArrivals, NeverComeFromAnEmptyList) {
  const Arrivals arrivals = TimedArrivals{};
  EXPECT_EQ(ArrivalProcess(arrivals, 1).next(), std::nullopt);
}

TEST(ClosedArrivals, HaveNoArrivalsOfTheirOwn) {
  const Arrivals arrivals = ClosedArrivals{};
  EXPECT_EQ(ArrivalProcess(arrivals, 1).next(), std::nullopt);
}

}  // namespace
}  // namespace spillway::model
