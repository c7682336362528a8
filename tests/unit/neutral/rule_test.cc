#include "model/neutral/rule.h"

#include <gtest/gtest.h>

namespace spillway::model::neutral {
namespace {

using namespace sim::literals;

constexpr sim::Time kNow{5'000'000'000};

RuleConfig retrying(std::uint32_t attempts = 3) {
  RuleConfig rule;
  rule.retry = true;
  rule.attempts = attempts;
  rule.codes.set(503);
  rule.backoff = 100_ms;
  return rule;
}

AttemptResult ended(Outcome outcome, std::uint16_t status = 0) {
  AttemptResult result;
  result.outcome = outcome;
  result.status = status;
  return result;
}
AttemptResult answered(std::uint16_t status) { return ended(Outcome::status, status); }

Verdict decided(const RuleConfig& rule, const AttemptResult& result, std::uint32_t used = 0) {
  RetryBudget none;
  return decide(rule, used, result, none, kNow);
}

RetryBudget empty_budget() {
  RetryBudget budget(TokenBudget{.capacity = 1, .per_request = 0, .cost = 1, .above = 0});
  EXPECT_TRUE(budget.try_withdraw(kNow, false));
  return budget;
}

TEST(NeutralRule, PassesASuccessOn) {
  EXPECT_EQ(decided(retrying(), answered(200)), (Verdict{false, RetryStopped::none, 200, {}, {}}));
}

TEST(NeutralRule, RetriesACodeThatIsListedAfterTheBackoff) {
  const Verdict verdict = decided(retrying(), answered(503));
  EXPECT_TRUE(verdict.retry);
  EXPECT_EQ(verdict.wait, 100_ms);
}

TEST(NeutralRule, DoesNotRetryACodeThatIsNotListed) {
  EXPECT_EQ(decided(retrying(), answered(500)),
            (Verdict{false, RetryStopped::not_retriable, 500, {}, {}}));
}

TEST(NeutralRule, RetriesListedCodesBelow500) {
  RuleConfig rule = retrying();
  rule.codes.set(429);
  EXPECT_TRUE(decided(rule, answered(429)).retry);
}

TEST(NeutralRule, RetriesNoStatusWithoutCodes) {
  RuleConfig rule = retrying();
  rule.codes.reset();
  for (const int status : {500, 502, 503, 504})
    EXPECT_FALSE(decided(rule, answered(static_cast<std::uint16_t>(status))).retry) << status;
}

TEST(NeutralRule, JudgesStatusesBeyondTheCodes) {
  EXPECT_EQ(decided(retrying(), answered(999)).stopped, RetryStopped::not_retriable);
}

TEST(NeutralRule, DoesNotRetryWithoutAStanza) {
  RuleConfig rule = retrying();
  rule.retry = false;
  EXPECT_EQ(decided(rule, answered(503)),
            (Verdict{false, RetryStopped::not_retriable, 503, {}, {}}));
  EXPECT_FALSE(decided(rule, ended(Outcome::refused)).retry);
}

TEST(NeutralRule, CountsAttemptsAsRetries) {
  EXPECT_TRUE(decided(retrying(2), answered(503), 0).retry);
  EXPECT_TRUE(decided(retrying(2), answered(503), 1).retry);
  EXPECT_EQ(decided(retrying(2), answered(503), 2),
            (Verdict{false, RetryStopped::limit, 503, Flags::kURX, {}}));
}

TEST(NeutralRule, AnswersASuccessAfterTheLastRetryWithoutAFlag) {
  EXPECT_EQ(decided(retrying(2), answered(200), 2),
            (Verdict{false, RetryStopped::none, 200, {}, {}}));
}

TEST(NeutralRule, RetriesWhatNeverReachedTheBackend) {
  RuleConfig rule = retrying();
  EXPECT_TRUE(decided(rule, ended(Outcome::refused)).retry);
  rule.retry_refused = false;
  EXPECT_EQ(decided(rule, ended(Outcome::refused)),
            (Verdict{false, RetryStopped::not_retriable, 503, Flags::kUF, {}}));
}

TEST(NeutralRule, RetriesBrokenConnections) {
  RuleConfig rule = retrying();
  EXPECT_TRUE(decided(rule, ended(Outcome::reset)).retry);
  rule.retry_reset = false;
  EXPECT_EQ(decided(rule, ended(Outcome::reset)),
            (Verdict{false, RetryStopped::not_retriable, 503, Flags::kUC, {}}));
}

TEST(NeutralRule, RetriesAnExpiredBackendRequest) {
  RuleConfig rule = retrying();
  EXPECT_TRUE(decided(rule, ended(Outcome::per_try_timeout)).retry);
  rule.retry_backend_timeout = false;
  EXPECT_EQ(decided(rule, ended(Outcome::per_try_timeout)),
            (Verdict{false, RetryStopped::not_retriable, 504, Flags::kUT, {}}));
}

TEST(NeutralRule, KeepsTheFlagOfTheLastTryAtTheLimit) {
  EXPECT_EQ(decided(retrying(1), ended(Outcome::per_try_timeout), 1),
            (Verdict{false, RetryStopped::limit, 504, Flags::kURX | Flags::kUT, {}}));
  EXPECT_EQ(decided(retrying(1), ended(Outcome::refused), 1),
            (Verdict{false, RetryStopped::limit, 503, Flags::kURX | Flags::kUF, {}}));
}

TEST(NeutralRule, NeverRetriesWithoutAHost) {
  EXPECT_EQ(decided(retrying(), ended(Outcome::no_endpoint)),
            (Verdict{false, RetryStopped::not_retriable, 503, Flags::kUH, {}}));
}

TEST(NeutralRule, AnswersConnectionErrorsWithTheStatusToChoose) {
  RuleConfig rule = retrying(0);
  rule.connection_error_status = 500;
  EXPECT_EQ(decided(rule, ended(Outcome::refused)).status, 500);
  EXPECT_EQ(decided(rule, ended(Outcome::reset)).status, 500);
}

TEST(NeutralRule, AsksTheBudgetLast) {
  RetryBudget budget(TokenBudget{.capacity = 1, .per_request = 0, .cost = 1, .above = 0});
  decide(retrying(), 0, answered(500), budget, kNow);
  decide(retrying(1), 1, answered(503), budget, kNow);
  EXPECT_EQ(budget.balance(kNow), 1);
  EXPECT_TRUE(decide(retrying(1), 0, answered(503), budget, kNow).retry);
  EXPECT_EQ(budget.balance(kNow), 0);
}

TEST(NeutralRule, Answers503WhenTheBudgetRefuses) {
  RuleConfig rule = retrying();
  rule.codes.set(500);
  RetryBudget budget = empty_budget();
  EXPECT_EQ(decide(rule, 0, answered(500), budget, kNow),
            (Verdict{false, RetryStopped::budget, 503, Flags::kUO, {}}));
}

TEST(NeutralRule, KeepsTheOriginalAnswerWhenTheBudgetRefusesIfAsked) {
  RuleConfig rule = retrying();
  rule.codes.set(500);
  rule.budget_denied_status = 0;
  RetryBudget budget = empty_budget();
  EXPECT_EQ(decide(rule, 0, answered(500), budget, kNow).status, 500);
  EXPECT_EQ(decide(rule, 0, ended(Outcome::per_try_timeout), budget, kNow).status, 504);
}

TEST(NeutralRule, TellsTheBudgetOfTimeouts) {
  RetryBudget budget(AwsSdkBudget{.capacity = 5, .cost = 5, .timeout_cost = 10});
  EXPECT_FALSE(decide(retrying(), 0, ended(Outcome::per_try_timeout), budget, kNow).retry);
  EXPECT_TRUE(decide(retrying(), 0, answered(503), budget, kNow).retry);
}

TEST(NeutralRule, ExpiresWith504) {
  EXPECT_EQ(expire(retrying()), (Verdict{false, RetryStopped::timeout, 504, Flags::kUT, {}}));
}

}  // namespace
}  // namespace spillway::model::neutral
