#include "model/policy/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace spillway::model {
namespace {

using namespace sim::literals;

Backoff backoff(Jitter jitter) {
  return {.base = 100_ms, .max = 1_s, .factor = 2, .jitter = jitter, .drawn = {}};
}

struct Sample {
  sim::Duration least = sim::kForever;
  sim::Duration most{};
  double mean_ms = 0;
};

Sample sample(const Backoff& law, std::uint32_t retry, sim::Duration previous) {
  constexpr int kDraws = 100'000;
  Sample result;
  sim::Draw draw(retry);
  for (int i = 0; i < kDraws; ++i) {
    const sim::Duration wait = next_wait(law, retry, previous, draw);
    result.least = std::min(result.least, wait);
    result.most = std::max(result.most, wait);
    result.mean_ms += wait.milliseconds() / kDraws;
  }
  return result;
}

TEST(ExponentialWait, DoublesUpToTheMaximum) {
  const Backoff law = backoff(Jitter::none);
  EXPECT_EQ(exponential_wait(law, 1), 100_ms);
  EXPECT_EQ(exponential_wait(law, 2), 200_ms);
  EXPECT_EQ(exponential_wait(law, 4), 800_ms);
  EXPECT_EQ(exponential_wait(law, 5), 1_s);
  EXPECT_EQ(exponential_wait(law, 4'000'000'000), 1_s);
}

TEST(ExponentialWait, SaturatesWithoutAMaximum) {
  Backoff law = backoff(Jitter::none);
  law.max = sim::kForever;
  EXPECT_EQ(exponential_wait(law, 21), 100_ms * (1 << 20));
  EXPECT_EQ(exponential_wait(law, 1000), sim::kForever);
}

TEST(ExponentialWait, RoundsToNanoseconds) {
  Backoff law = backoff(Jitter::none);
  law.factor = 1.6;
  EXPECT_EQ(exponential_wait(law, 3), 256_ms);
  law.base = 1_ns;
  EXPECT_EQ(exponential_wait(law, 2), 2_ns);
}

TEST(ExponentialWait, StaysConstantWhenTheFactorIsOne) {
  Backoff law = backoff(Jitter::none);
  law.factor = 1;
  EXPECT_EQ(exponential_wait(law, 4'000'000'000), 100_ms);
}

TEST(NextWait, IsZeroWithoutABase) {
  sim::Draw draw(1);
  for (const Jitter jitter : {Jitter::none, Jitter::full, Jitter::equal, Jitter::decorrelated}) {
    Backoff law = backoff(jitter);
    law.base = {};
    EXPECT_EQ(next_wait(law, 3, {}, draw), sim::Duration{});
  }
}

TEST(NextWait, IsTheExponentialWithoutJitter) {
  sim::Draw draw(1);
  EXPECT_EQ(next_wait(backoff(Jitter::none), 3, 1_ms, draw), 400_ms);
}

TEST(NextWait, IsUniformFromZeroWithFullJitter) {
  const Sample third = sample(backoff(Jitter::full), 3, {});
  EXPECT_LT(third.least, 1_ms);
  EXPECT_GT(third.most, 399_ms);
  EXPECT_LT(third.most, 400_ms);
  EXPECT_NEAR(third.mean_ms, 200, 1.5);
}

TEST(NextWait, IsUniformOverTheUpperHalfWithEqualJitter) {
  const Sample third = sample(backoff(Jitter::equal), 3, {});
  EXPECT_GE(third.least, 200_ms);
  EXPECT_LT(third.least, 201_ms);
  EXPECT_LT(third.most, 400_ms);
  EXPECT_NEAR(third.mean_ms, 300, 1);
}

TEST(NextWait, IsBetweenBaseAndThreeTimesTheLastWaitWhenDecorrelated) {
  const Sample first = sample(backoff(Jitter::decorrelated), 1, {});
  EXPECT_GE(first.least, 100_ms);
  EXPECT_GT(first.most, 299_ms);
  EXPECT_LT(first.most, 300_ms);
  const Sample next = sample(backoff(Jitter::decorrelated), 2, 200_ms);
  EXPECT_GE(next.least, 100_ms);
  EXPECT_LT(next.most, 600_ms);
  EXPECT_NEAR(next.mean_ms, 350, 2);
}

TEST(NextWait, IsCutAtTheMaximumWhenDecorrelated) {
  const Sample next = sample(backoff(Jitter::decorrelated), 9, 1_s);
  EXPECT_EQ(next.most, 1_s);
  // U(0.1, 3.0) cut at 1: 0.9/2.9 of the draws have mean 0.55, the rest is 1.
  EXPECT_NEAR(next.mean_ms, 1000 * (0.9 * 0.55 + 2.0) / 2.9, 2);
}

TEST(NextWait, SurvivesAnEndlessPreviousWait) {
  Backoff law = backoff(Jitter::decorrelated);
  law.max = sim::kForever;
  sim::Draw draw(3);
  EXPECT_GE(next_wait(law, 2, sim::kForever, draw), 100_ms);
}

TEST(NextWait, FollowsADrawnLaw) {
  Backoff law;
  law.drawn = sim::Distribution::uniform(10_ms, 30_ms);
  const Sample any = sample(law, 5, 1_s);
  EXPECT_GE(any.least, 10_ms);
  EXPECT_LE(any.most, 30_ms);
  EXPECT_NEAR(any.mean_ms, 20, 0.1);
}

TEST(NextWait, CutsADrawnLawAtTheMaximum) {
  Backoff law;
  law.drawn = sim::Distribution::constant(5_s);
  law.max = 2_s;
  sim::Draw draw(1);
  EXPECT_EQ(next_wait(law, 1, {}, draw), 2_s);
}

TEST(NextWait, RepeatsForTheSameKey) {
  sim::Draw a(99);
  sim::Draw b(99);
  for (std::uint32_t retry = 1; retry < 50; ++retry) {
    EXPECT_EQ(next_wait(backoff(Jitter::full), retry, {}, a),
              next_wait(backoff(Jitter::full), retry, {}, b));
  }
}

}  // namespace
}  // namespace spillway::model
