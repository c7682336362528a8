// Budgets that look at a window, on short sequences that were worked out by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "model/policy/budget.h"
#include "tests/unit/policy/budget_support.h"

namespace spillway::model {
namespace {

using namespace sim::literals;

constexpr sim::Time kStart{};

TEST(NoBudget, AllowsEverything) {
  RetryBudget budget;
  EXPECT_FALSE(budget.limited());
  EXPECT_EQ(granted_at_once(budget, kStart, 1000), 1000);
  EXPECT_TRUE(std::isinf(budget.balance(kStart)));
}

TEST(NoBudget, IsWhatAnEmptySpecMeans) { EXPECT_FALSE(RetryBudget(Budget{}).limited()); }

TEST(RatioBudget, StartsWithItsReserve) {
  RetryBudget budget(RatioBudget{});
  EXPECT_TRUE(budget.limited());
  EXPECT_EQ(budget.balance(kStart), 100);  // 10 per second for 10 seconds
  EXPECT_EQ(granted_at_once(budget, kStart), 100);
  EXPECT_EQ(budget.balance(kStart), 0);
}

TEST(RatioBudget, GrantsOneRetryForFiveRequests) {
  RetryBudget budget(RatioBudget{.percent = 20, .min_per_second = 0, .ttl = 10_s});
  add_requests(budget, kStart, 4);
  EXPECT_FALSE(budget.try_withdraw(kStart, false));
  add_requests(budget, kStart, 1);
  EXPECT_TRUE(budget.try_withdraw(kStart, false));
  EXPECT_FALSE(budget.try_withdraw(kStart, false));
}

TEST(RatioBudget, ForgetsDepositsAfterTheTimeToLive) {
  RetryBudget budget(RatioBudget{.percent = 100, .min_per_second = 0, .ttl = 10_s});
  add_requests(budget, kStart, 3);
  EXPECT_EQ(budget.balance(kStart + 9_s), 3);
  EXPECT_TRUE(budget.try_withdraw(kStart + 9_s, false));
  EXPECT_FALSE(budget.try_withdraw(kStart + 19_s, false));
}

TEST(RatioBudget, LivesOnItsReserveWhenThePercentageIsZero) {
  RetryBudget budget(RatioBudget{.percent = 0, .min_per_second = 2, .ttl = 5_s});
  add_requests(budget, kStart, 1000);
  EXPECT_EQ(granted_at_once(budget, kStart), 10);
}

TEST(RatioBudget, GrantsSeveralRetriesForARequestAboveAHundredPercent) {
  RetryBudget budget(RatioBudget{.percent = 250, .min_per_second = 0, .ttl = 10_s});
  add_requests(budget, kStart, 2);
  EXPECT_EQ(granted_at_once(budget, kStart), 5);
}

TEST(RatioBudget, TruncatesThePriceAsTowerDoes) {
  // Recorded from linkerd2-proxy: 0.3 -> 1 in 3, 0.15 -> 1 in 6, 0.6 -> every one.
  for (const auto& [percent, price] : {std::pair{30.0, 3}, {15.0, 6}, {60.0, 1}, {20.0, 5}}) {
    RetryBudget tower(RatioBudget{.percent = percent, .min_per_second = 0, .ttl = 10_s},
                      {.ratio = RatioArithmetic::tower, .window = {}});
    add_requests(tower, kStart, 60);
    EXPECT_EQ(granted_at_once(tower, kStart), 60 / price) << percent;
  }
}

TEST(RatioBudget, KeepsThreeDecimalsOfThePriceAsFinagleDoes) {
  RetryBudget budget(RatioBudget{.percent = 30, .min_per_second = 0, .ttl = 10_s});
  add_requests(budget, kStart, 1000);
  EXPECT_EQ(granted_at_once(budget, kStart), 300);  // price 3333, deposits 1'000'000
}

TEST(RatioBudget, IsNotMovedByReadingItsBalance) {
  RetryBudget read(RatioBudget{});
  RetryBudget unread(RatioBudget{});
  for (int i = 0; i < 300; ++i) {
    const sim::Time now = kStart + 130_ms * i;
    read.on_request(now);
    unread.on_request(now);
    read.balance(now + 60_ms);
    read.balance(now + 120_ms);
    ASSERT_EQ(read.balance(now), unread.balance(now));
    ASSERT_EQ(read.try_withdraw(now, false), unread.try_withdraw(now, false));
  }
}

/// n requests start together and fail one after the other; how many are retried?
int retries_of_a_burst(RetryBudget budget, int n) {
  for (int i = 0; i < n; ++i) {
    budget.on_request(kStart);
    budget.on_attempt_start(kStart);
  }
  int granted = 0;
  for (int i = 0; i < n; ++i) {
    const sim::Time now = kStart + 10_ms;
    budget.on_attempt_end(now);
    budget.on_result(now, false, false, false);
    granted += budget.try_withdraw(now, false) ? 1 : 0;
  }
  return granted;
}

// Recorded on Envoy 1.40: retry k is granted iff k - 1 < floor(share * (n - k)) or k <= min.
TEST(ConcurrencyBudget, GrantsABurstWhatEnvoyGrants) {
  const ConcurrencyBudget no_floor{.percent = 20, .min = 0, .interval = {}};
  EXPECT_EQ(retries_of_a_burst(RetryBudget(no_floor), 100), 16);
  EXPECT_EQ(retries_of_a_burst(RetryBudget(no_floor), 150), 25);
  EXPECT_EQ(retries_of_a_burst(RetryBudget(ConcurrencyBudget{}), 110), 18);
}

TEST(ConcurrencyBudget, CountsStartedRequestsWithAnInterval) {
  const ConcurrencyBudget windowed{.percent = 20, .min = 0, .interval = 10_s};
  EXPECT_EQ(retries_of_a_burst(RetryBudget(windowed), 100), 20);
}

TEST(ConcurrencyBudget, GrantsItsMinimumToTheLastRequest) {
  EXPECT_EQ(retries_of_a_burst(RetryBudget(ConcurrencyBudget{}), 2), 2);
  EXPECT_EQ(retries_of_a_burst(
                RetryBudget(ConcurrencyBudget{.percent = 20, .min = 0, .interval = {}}), 1),
            0);
}

TEST(ConcurrencyBudget, GivesTheSlotBackWhenTheRetryEnds) {
  RetryBudget budget(ConcurrencyBudget{.percent = 0, .min = 1, .interval = {}});
  EXPECT_TRUE(budget.try_withdraw(kStart, false));
  EXPECT_EQ(budget.balance(kStart), 0);
  EXPECT_FALSE(budget.try_withdraw(kStart + 1_s, false));
  budget.on_retry_end(kStart + 2_s);
  EXPECT_EQ(budget.balance(kStart + 2_s), 1);
  EXPECT_TRUE(budget.try_withdraw(kStart + 2_s, false));
}

TEST(ConcurrencyBudget, ForgetsStartedRequestsAfterTheInterval) {
  RetryBudget budget(ConcurrencyBudget{.percent = 50, .min = 0, .interval = 10_s});
  for (int i = 0; i < 10; ++i) budget.on_attempt_start(kStart + 999_ms);
  EXPECT_EQ(budget.balance(kStart + 9999_ms), 5);
  EXPECT_EQ(budget.balance(kStart + 10_s), 0);
  EXPECT_FALSE(budget.try_withdraw(kStart + 10_s, false));
}

RetryBudget window_budget(const WindowBudget& spec, const WindowReading& reading) {
  return RetryBudget(spec, {.ratio = {}, .window = reading});
}

TEST(WindowBudget, CountsRetriesAsRequestsByDefault) {
  RetryBudget budget(
      WindowBudget{.percent = 20, .interval = 10_s, .min_count = 1, .min_interval = 1_s});
  add_requests(budget, kStart, 100);
  EXPECT_EQ(granted_at_once(budget, kStart), 24);  // 24 <= 0.2 (100 + 23), 25 > 0.2 (100 + 24)
}

TEST(WindowBudget, CountsOriginalsOnlyWhenReadSo) {
  RetryBudget budget =
      window_budget({.percent = 20, .interval = 10_s, .min_count = 1, .min_interval = 1_s},
                    {.share = WindowReading::Share::originals});
  add_requests(budget, kStart, 100);
  EXPECT_EQ(budget.balance(kStart), 20);
  EXPECT_EQ(granted_at_once(budget, kStart), 20);
}

TEST(WindowBudget, GrantsItsFloorInEveryShortInterval) {
  RetryBudget budget(WindowBudget{});
  EXPECT_EQ(budget.balance(kStart), 10);
  EXPECT_EQ(granted_at_once(budget, kStart), 10);
  EXPECT_EQ(granted_at_once(budget, kStart + 990_ms), 0);
  EXPECT_EQ(granted_at_once(budget, kStart + 1_s), 10);
  EXPECT_EQ(granted_at_once(budget, kStart + 2_s), 10);
}

TEST(WindowBudget, GrantsTheWholeFloorAtOnceWhenItIsScaled) {
  RetryBudget budget = window_budget(WindowBudget{}, {.floor = WindowReading::Floor::scaled});
  EXPECT_EQ(budget.balance(kStart), 100);
  EXPECT_EQ(granted_at_once(budget, kStart), 100);
  EXPECT_EQ(granted_at_once(budget, kStart + 9990_ms), 0);
  EXPECT_EQ(granted_at_once(budget, kStart + 10_s), 100);
}

TEST(WindowBudget, IsOnlyItsFloorWhenThePercentageIsZero) {
  RetryBudget budget(
      WindowBudget{.percent = 0, .interval = 10_s, .min_count = 3, .min_interval = 1_s});
  add_requests(budget, kStart, 10'000);
  EXPECT_EQ(granted_at_once(budget, kStart), 3);
}

TEST(WindowBudget, IsUnlimitedAtAHundredPercentOfAllOnceThereIsARequest) {
  RetryBudget budget(
      WindowBudget{.percent = 100, .interval = 10_s, .min_count = 1, .min_interval = 1_s});
  add_requests(budget, kStart, 1);
  EXPECT_EQ(granted_at_once(budget, kStart, 5000), 5000);
}

TEST(WindowBudget, DoesNotSeeWaitingRetriesWhenTheyCountAtDispatch) {
  RetryBudget budget = window_budget(
      {.percent = 20, .interval = 10_s, .min_count = 1, .min_interval = 1_s},
      {.share = WindowReading::Share::originals, .counted = WindowReading::Counted::at_dispatch});
  add_requests(budget, kStart, 100);
  EXPECT_EQ(granted_at_once(budget, kStart, 1000), 1000);
  for (int i = 0; i < 20; ++i) budget.on_retry_start(kStart + 1_s);
  EXPECT_FALSE(budget.try_withdraw(kStart + 1_s, false));
}

TEST(WindowBudget, IgnoresDispatchWhenRetriesCountAtTheDecision) {
  RetryBudget budget =
      window_budget({.percent = 20, .interval = 10_s, .min_count = 1, .min_interval = 1_s},
                    {.share = WindowReading::Share::originals});
  add_requests(budget, kStart, 100);
  for (int i = 0; i < 100; ++i) budget.on_retry_start(kStart);
  EXPECT_EQ(granted_at_once(budget, kStart), 20);
}

TEST(RetryBudget, ContinuesFromACopyAsFromTheOriginal) {
  const Budget all[] = {RatioBudget{}, ConcurrencyBudget{}, WindowBudget{},      TokenBudget{},
                        GrpcBudget{},  AwsSdkBudget{},      FailureRatioBudget{}};
  for (const Budget& spec : all) {
    RetryBudget original(spec);
    for (int i = 0; i < 40; ++i) {
      original.on_request(kStart + 70_ms * i);
      original.on_attempt_start(kStart + 70_ms * i);
      original.try_withdraw(kStart + 70_ms * i, false);
    }
    RetryBudget copy = original;
    granted_at_once(copy, kStart + 3_s, 1000);  // does not touch the original
    RetryBudget again = original;
    EXPECT_EQ(original.balance(kStart + 3_s), again.balance(kStart + 3_s)) << spec.index();
    EXPECT_EQ(granted_at_once(original, kStart + 3_s, 1000),
              granted_at_once(again, kStart + 3_s, 1000))
        << spec.index();
  }
}

}  // namespace
}  // namespace spillway::model
