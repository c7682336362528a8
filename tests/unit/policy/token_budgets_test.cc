// Budgets that are a counter, on short sequences that were worked out by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/policy/budget_support.h"

namespace spillway::model {
namespace {

using namespace sim::literals;

constexpr sim::Time kStart{};

TEST(TokenBudget, NeedsMoreThanTheThresholdAndTakesTheCost) {
  RetryBudget budget(TokenBudget{});  // 5 tokens, more than 1 needed
  EXPECT_EQ(budget.balance(kStart), 4);
  EXPECT_EQ(granted_at_once(budget, kStart), 4);
  budget.on_request(kStart);  // 1.1
  EXPECT_EQ(granted_at_once(budget, kStart), 1);
  add_requests(budget, kStart, 9);  // 0.1 + 0.9
  EXPECT_EQ(budget.balance(kStart), 0);
  EXPECT_FALSE(budget.try_withdraw(kStart, false));
}

TEST(TokenBudget, NeedsTheCostWhenTheThresholdIsLower) {
  RetryBudget budget(TokenBudget{.capacity = 5, .per_request = 0, .cost = 2, .above = 0});
  EXPECT_EQ(budget.balance(kStart), 2);
  EXPECT_EQ(granted_at_once(budget, kStart), 2);
}

TEST(TokenBudget, IsFilledBySuccesses) {
  RetryBudget budget(
      TokenBudget{.capacity = 1, .per_request = 0, .per_success = 0.25, .cost = 1, .above = 0});
  EXPECT_EQ(granted_at_once(budget, kStart), 1);
  for (int i = 0; i < 3; ++i) budget.on_result(kStart, true, false, false);
  budget.on_result(kStart, false, false, false);
  EXPECT_FALSE(budget.try_withdraw(kStart, false));
  budget.on_result(kStart, true, true, false);
  EXPECT_TRUE(budget.try_withdraw(kStart, false));
}

TEST(TokenBudget, IsFilledByTime) {
  RetryBudget budget(
      TokenBudget{.capacity = 3, .per_request = 0, .per_second = 0.1, .cost = 1, .above = 0});
  EXPECT_EQ(granted_at_once(budget, kStart), 3);
  // Looked at so often that each gain is a fraction of a nano-token.
  for (int i = 1; i < 3000; ++i) EXPECT_FALSE(budget.try_withdraw(kStart + 1_ns * i, false));
  EXPECT_FALSE(budget.try_withdraw(kStart + 10_s - 10_ns, false));
  EXPECT_TRUE(budget.try_withdraw(kStart + 10_s, false));
  EXPECT_EQ(budget.balance(kStart + 3600_s), 3);
  EXPECT_EQ(granted_at_once(budget, kStart + 3600_s), 3);
}

TEST(TokenBudget, TakesNothingWhenRetriesAreFree) {
  RetryBudget budget(TokenBudget{.capacity = 2, .per_request = 0, .cost = 0, .above = 1});
  EXPECT_TRUE(std::isinf(budget.balance(kStart)));
  EXPECT_EQ(granted_at_once(budget, kStart, 500), 500);
}

TEST(TokenBudget, NeverHoldsMoreThanItsCapacity) {
  RetryBudget budget(TokenBudget{.capacity = 1e300, .per_request = 1e300});
  add_requests(budget, kStart, 3);
  EXPECT_TRUE(budget.try_withdraw(kStart, false));
}

TEST(GrpcBudget, StopsRetriesAtHalfOfItsTokens) {
  RetryBudget budget(GrpcBudget{});
  EXPECT_EQ(budget.balance(kStart), 5);
  for (int i = 0; i < 4; ++i) {
    budget.on_result(kStart, false, i > 0, false);
    EXPECT_TRUE(budget.try_withdraw(kStart, false)) << i;
  }
  budget.on_result(kStart, false, true, false);  // 5.0 is not more than a half
  EXPECT_FALSE(budget.try_withdraw(kStart, false));
  EXPECT_EQ(budget.balance(kStart), 0);
  budget.on_result(kStart, true, false, false);
  EXPECT_TRUE(budget.try_withdraw(kStart, false));
}

TEST(GrpcBudget, NeverLeavesZeroToFull) {
  RetryBudget budget(GrpcBudget{.max_tokens = 3, .token_ratio = 1});
  for (int i = 0; i < 50; ++i) budget.on_result(kStart, false, false, false);
  budget.on_result(kStart, true, false, false);
  EXPECT_FALSE(budget.try_withdraw(kStart, false));
  budget.on_result(kStart, true, false, false);
  EXPECT_TRUE(budget.try_withdraw(kStart, false));
  for (int i = 0; i < 50; ++i) budget.on_result(kStart, true, false, false);
  budget.on_result(kStart, false, false, false);
  budget.on_result(kStart, false, false, false);
  EXPECT_FALSE(budget.try_withdraw(kStart, false));
}

TEST(GrpcBudget, DropsDecimalsOfTheRatioBeyondTheThird) {
  RetryBudget budget(GrpcBudget{.max_tokens = 2, .token_ratio = 0.0019});
  budget.on_result(kStart, false, false, false);  // 1: not more than a half
  EXPECT_FALSE(budget.try_withdraw(kStart, false));
  budget.on_result(kStart, false, false, false);                                // 0
  for (int i = 0; i < 1000; ++i) budget.on_result(kStart, true, false, false);  // 1.000, not 1.9
  EXPECT_FALSE(budget.try_withdraw(kStart, false));
  budget.on_result(kStart, true, false, false);
  EXPECT_TRUE(budget.try_withdraw(kStart, false));
}

TEST(AwsSdkBudget, PaysAHundredRetriesOrFiftyAfterTimeouts) {
  RetryBudget plain(AwsSdkBudget{});
  EXPECT_EQ(plain.balance(kStart), 100);
  EXPECT_EQ(granted_at_once(plain, kStart), 100);
  RetryBudget timeouts(AwsSdkBudget{});
  int granted = 0;
  while (timeouts.try_withdraw(kStart, true)) ++granted;
  EXPECT_EQ(granted, 50);
}

TEST(AwsSdkBudget, GivesBackWhatASuccessfulRetryCost) {
  RetryBudget budget(AwsSdkBudget{.capacity = 10, .cost = 5, .timeout_cost = 10});
  EXPECT_TRUE(budget.try_withdraw(kStart, true));
  EXPECT_FALSE(budget.try_withdraw(kStart, false));
  budget.on_result(kStart, true, true, true);
  EXPECT_EQ(budget.balance(kStart), 2);
}

TEST(AwsSdkBudget, EarnsOneTokenForASuccessAtOnce) {
  RetryBudget budget(AwsSdkBudget{.capacity = 5, .cost = 5, .timeout_cost = 10});
  EXPECT_TRUE(budget.try_withdraw(kStart, false));
  for (int i = 0; i < 4; ++i) budget.on_result(kStart, true, false, false);
  EXPECT_FALSE(budget.try_withdraw(kStart, false));
  for (int i = 0; i < 40; ++i) budget.on_result(kStart, true, false, false);
  EXPECT_EQ(granted_at_once(budget, kStart), 1);
}

TEST(AwsSdkBudget, KeepsWhatAFailedRetryCost) {
  RetryBudget budget(AwsSdkBudget{});
  EXPECT_TRUE(budget.try_withdraw(kStart, false));
  budget.on_result(kStart, false, true, false);
  EXPECT_EQ(budget.balance(kStart), 99);
}

TEST(AwsSdkBudget, HasNoEndWhenRetriesAreFree) {
  RetryBudget budget(AwsSdkBudget{.capacity = 0, .cost = 0, .timeout_cost = 1});
  EXPECT_TRUE(std::isinf(budget.balance(kStart)));
  EXPECT_TRUE(budget.try_withdraw(kStart, false));
  EXPECT_FALSE(budget.try_withdraw(kStart, true));
}

TEST(FailureRatioBudget, StopsRetriesAboveTheRatio) {
  RetryBudget budget(FailureRatioBudget{.percent = 10});
  add_requests(budget, kStart, 10);
  budget.on_result(kStart, false, false, false);
  EXPECT_TRUE(budget.try_withdraw(kStart, false));  // 1 of 10 is not above
  budget.on_result(kStart, false, true, false);
  EXPECT_FALSE(budget.try_withdraw(kStart, false));
  EXPECT_EQ(budget.balance(kStart), 0);
  add_requests(budget, kStart + 86400_s, 10);  // 2 of 20: it never forgets, it only dilutes
  EXPECT_TRUE(budget.try_withdraw(kStart + 86400_s, false));
}

}  // namespace
}  // namespace spillway::model
