#include "model/policy/client_executor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace spillway::model {
namespace {

using namespace sim::literals;

ClientPolicy policy(std::uint32_t retries = 3) {
  ClientPolicy result;
  result.retries = retries;
  result.backoff = {
      .base = 100_ms, .max = sim::kForever, .factor = 2, .jitter = Jitter::none, .drawn = {}};
  return result;
}

AttemptResult answer(std::uint16_t status) {
  return {.outcome = Outcome::status, .status = status};
}
AttemptResult failure(Outcome outcome) { return {.outcome = outcome}; }

Verdict decide_with(const ClientPolicy& client, std::uint32_t retries_used,
                    const AttemptResult& result, RetryBudget budget = RetryBudget()) {
  sim::Draw draw(1);
  return decide(client, retries_used, {}, result, budget, {}, draw);
}

RetryBudget empty_budget() {
  return RetryBudget(TokenBudget{.capacity = 0, .per_request = 0, .cost = 1, .above = 1});
}

Verdict final_verdict(std::uint16_t status, Flags flags, RetryStopped stopped) {
  return {.retry = false, .stopped = stopped, .status = status, .flags = flags, .wait = {}};
}

TEST(ClientExecutor, EndsWithASuccess) {
  for (const std::uint16_t status : std::array<std::uint16_t, 5>{200, 302, 404, 429, 499}) {
    EXPECT_EQ(decide_with(policy(), 0, answer(status)),
              final_verdict(status, {}, RetryStopped::none));
  }
}

TEST(ClientExecutor, RetriesA5xxAfterTheBackoff) {
  const Verdict verdict = decide_with(policy(), 0, answer(503));
  EXPECT_TRUE(verdict.retry);
  EXPECT_EQ(verdict.stopped, RetryStopped::none);
  EXPECT_EQ(verdict.wait, 100_ms);
  EXPECT_EQ(decide_with(policy(), 2, answer(500)).wait, 400_ms);
}

TEST(ClientExecutor, PassesThePreviousWaitToADecorrelatedBackoff) {
  ClientPolicy client = policy();
  client.backoff.jitter = Jitter::decorrelated;
  RetryBudget budget;
  sim::Duration longest{};
  for (sim::Key key = 0; key < 1000; ++key) {
    sim::Draw draw(key);
    longest = std::max(longest, decide(client, 1, 1_s, answer(503), budget, {}, draw).wait);
  }
  EXPECT_GT(longest, 2900_ms);
  EXPECT_LT(longest, 3_s);
}

struct Case {
  AttemptResult result;
  std::uint8_t condition;
  std::uint16_t status;
  Flags flags;
};

const Case kRetriable[] = {
    {answer(500), kRetryOn5xx, 500, {}},
    {answer(504), kRetryOn5xx, 504, {}},
    {failure(Outcome::refused), kRetryOnConnectFailure, 503, Flags::kUF},
    {failure(Outcome::no_endpoint), kRetryOnConnectFailure, 503, Flags::kUH},
    {failure(Outcome::reset), kRetryOnReset, 503, Flags::kUC},
    {failure(Outcome::per_try_timeout), kRetryOnTimeout, 504, Flags::kUT},
};

TEST(ClientExecutor, RetriesOnTheConditionsOfThePolicyAndNoOther) {
  for (const Case& c : kRetriable) {
    ClientPolicy client = policy();
    client.retry_on = c.condition;
    EXPECT_TRUE(decide_with(client, 0, c.result).retry) << to_string(c.result.outcome);
    client.retry_on = static_cast<std::uint8_t>(0xf ^ c.condition);
    EXPECT_EQ(decide_with(client, 0, c.result),
              final_verdict(c.status, c.flags, RetryStopped::not_retriable))
        << to_string(c.result.outcome);
  }
}

TEST(ClientExecutor, EndsAtTheLimitWithTheLastStatusAndURX) {
  for (const Case& c : kRetriable) {
    EXPECT_TRUE(decide_with(policy(2), 1, c.result).retry);
    EXPECT_EQ(decide_with(policy(2), 2, c.result),
              final_verdict(c.status, c.flags | Flags(Flags::kURX), RetryStopped::limit));
  }
}

TEST(ClientExecutor, KeepsTheStatusAndSetsUOWhenTheBudgetDenies) {
  for (const Case& c : kRetriable) {
    EXPECT_EQ(decide_with(policy(), 0, c.result, empty_budget()),
              final_verdict(c.status, c.flags | Flags(Flags::kUO), RetryStopped::budget));
  }
}

TEST(ClientExecutor, AsksTheLimitBeforeTheBudget) {
  EXPECT_EQ(decide_with(policy(1), 1, answer(503), empty_budget()).stopped, RetryStopped::limit);
}

TEST(ClientExecutor, ChargesTheBudgetOnlyForARetryThatIsMade) {
  RetryBudget budget(AwsSdkBudget{});
  sim::Draw draw(1);
  decide(policy(), 0, {}, answer(200), budget, {}, draw);
  decide(policy(), 3, {}, answer(503), budget, {}, draw);
  ClientPolicy client = policy();
  client.retry_on = 0;
  decide(client, 0, {}, answer(503), budget, {}, draw);
  EXPECT_EQ(budget.balance({}), 100);
  decide(policy(), 0, {}, answer(503), budget, {}, draw);
  EXPECT_EQ(budget.balance({}), 99);
}

TEST(ClientExecutor, TellsTheBudgetThatATryTimedOut) {
  RetryBudget budget(AwsSdkBudget{});
  sim::Draw draw(1);
  decide(policy(), 0, {}, failure(Outcome::per_try_timeout), budget, {}, draw);
  EXPECT_EQ(budget.balance({}), 98);
}

TEST(ClientExecutor, RetriesNothingWithoutRetries) {
  for (const Case& c : kRetriable) {
    EXPECT_EQ(decide_with(policy(0), 0, c.result),
              final_verdict(c.status, c.flags, RetryStopped::not_retriable));
  }
}

TEST(ClientExecutor, NeverRetriesWhatEndedTheWholeRequest) {
  EXPECT_EQ(decide_with(policy(), 0, failure(Outcome::request_timeout)),
            final_verdict(504, Flags::kUT, RetryStopped::timeout));
  EXPECT_EQ(decide_with(policy(), 0, failure(Outcome::overflow)),
            final_verdict(503, Flags::kUO, RetryStopped::breaker));
  EXPECT_EQ(decide_with(policy(), 0, failure(Outcome::cancelled)),
            final_verdict(0, Flags::kDC, RetryStopped::not_retriable));
}

}  // namespace
}  // namespace spillway::model
