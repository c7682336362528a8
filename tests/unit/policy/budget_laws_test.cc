// Published and exact results about retry budgets: what they leave of an outage, where they shut
// retries off.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>

#include "model/policy/budget.h"
#include "sim/random.h"

namespace spillway::model {
namespace {

using namespace sim::literals;

struct Load {
  double tries_per_call = 0;
  double success = 0;
};

/// Calls one after the other, `gap` apart, whose tries fail independently with probability p; at
/// most `retries` of each, at once. Counted after the first half.
Load play(RetryBudget budget, double p, int calls, sim::Duration gap,
          std::uint32_t retries = 0xffffffff) {
  Load load;
  sim::Draw draw(17);
  for (int i = 0; i < 2 * calls; ++i) {
    const sim::Time now = sim::Time{} + gap * i;
    const bool counted = i >= calls;
    budget.on_request(now);
    for (std::uint32_t k = 0;; ++k) {
      budget.on_attempt_start(now);
      budget.on_attempt_end(now);
      if (k > 0) budget.on_retry_end(now);
      const bool success = draw.uniform() >= p;
      budget.on_result(now, success, k > 0, false);
      if (counted) load.tries_per_call += 1;
      if (counted && success) load.success += 1;
      if (success || k == retries || !budget.try_withdraw(now, false)) break;
    }
  }
  load.tries_per_call /= calls;
  load.success /= calls;
  return load;
}

/// The bucket of 5 tokens in tenths as a Markov chain over calls: +1 a call, -10 a retry, which
/// needs more than 10. Its tokens modulo 10 are a clock, so that the steady state is a mean over
/// ten calls.
Load exact_token_bucket(double p) {
  constexpr int kSteps = 5000;
  std::array<double, 51> law{};
  law[50] = 1;
  Load load;
  for (int step = 0; step < kSteps; ++step) {
    const double weight = step >= kSteps - 10 ? 0.1 : 0;
    std::array<double, 51> next{};
    for (int tokens = 0; tokens <= 50; ++tokens) {
      double reached = law[tokens];
      int left = std::min(50, tokens + 1);
      for (;; left -= 10) {
        load.tries_per_call += weight * reached;
        load.success += weight * reached * (1 - p);
        if (left <= 10) break;
        next[left] += reached * (1 - p);
        reached *= p;
      }
      next[left] += reached;
    }
    law = next;
  }
  return load;
}

struct Published {
  double p;
  double load;
  double success;
};

// M. Brooker, "Fixing retries with token buckets and circuit breakers" (2022), as his code has it:
// +0.1 for every call.
constexpr std::array<Published, 6> kTokenBucket = {{{.05, 1.05239, .99977},
                                                    {.1, 1.09289, .98360},
                                                    {.2, 1.09999, .87999},
                                                    {.3, 1.1, .77},
                                                    {.5, 1.1, .55},
                                                    {.75, 1.1, .275}}};

TEST(TokenBudget, HasTheSteadyStateOfTheExactChain) {
  for (const Published& row : kTokenBucket) {
    const Load exact = exact_token_bucket(row.p);
    EXPECT_NEAR(exact.tries_per_call, row.load, 6e-6) << row.p;
    EXPECT_NEAR(exact.success, row.success, 6e-6) << row.p;
    const Load simulated = play(RetryBudget(TokenBudget{}), row.p, 200'000, 1_ms);
    EXPECT_NEAR(simulated.tries_per_call, exact.tries_per_call, 0.003) << row.p;
    EXPECT_NEAR(simulated.success, exact.success, 0.004) << row.p;
  }
}

TEST(NoBudget, GivesTheGeometricLoadOfThreeRetries) {
  for (const double p : {.1, .5, .75}) {
    const Load load = play(RetryBudget(), p, 200'000, 1_ms, 3);
    EXPECT_NEAR(load.tries_per_call, (1 - p * p * p * p) / (1 - p), 0.009) << p;
    EXPECT_NEAR(load.success, 1 - p * p * p * p, 0.004) << p;
  }
}

// "Handling Overload", Site Reliability Engineering, ch. 21: three tries a request, 10 % retries a
// client.
TEST(RatioBudget, TurnsThreefoldLoadIntoElevenTenthsInAnOutage) {
  EXPECT_EQ(play(RetryBudget(), 1, 10'000, 1_ms, 2).tries_per_call, 3.0);
  const RatioBudget ratio{.percent = 10, .min_per_second = 0, .ttl = 10_s};
  EXPECT_NEAR(play(RetryBudget(ratio), 1, 40'000, 1_ms, 2).tries_per_call, 1.1, 0.001);
}

TEST(RatioBudget, AddsItsReserveToTheRatioInAnOutage) {
  // 1000 requests a second: 1.2 + 10 / 1000.
  EXPECT_NEAR(play(RetryBudget(RatioBudget{}), 1, 60'000, 1_ms).tries_per_call, 1.21, 0.001);
}

TEST(RatioBudget, GivesTheReserveBackAfterElevenSlotsInTower) {
  const BudgetReading tower{.ratio = RatioArithmetic::tower, .window = {}};
  EXPECT_NEAR(play(RetryBudget(RatioBudget{}, tower), 1, 110'000, 1_ms).tries_per_call,
              1.2 + 0.01 * 10 / 11, 0.001);
}

TEST(WindowBudget, AllowsAQuarterMoreInAnOutageWhenRetriesCountAsRequests) {
  EXPECT_NEAR(play(RetryBudget(WindowBudget{}), 1, 60'000, 1_ms).tries_per_call, 1.25, 0.0025);
}

TEST(WindowBudget, AllowsAFifthMoreInAnOutageWhenOnlyOriginalsCount) {
  const BudgetReading originals{.ratio = {}, .window = {.share = WindowReading::Share::originals}};
  EXPECT_NEAR(play(RetryBudget(WindowBudget{}, originals), 1, 60'000, 1_ms).tries_per_call, 1.2,
              0.0025);
}

TEST(WindowBudget, AllowsItsFloorInAnOutageOfLittleTraffic) {
  // 20 requests a second: a quarter is 5 a second, the floor is 10.
  EXPECT_NEAR(play(RetryBudget(WindowBudget{}), 1, 4000, 50_ms).tries_per_call, 1.5, 0.01);
}

/// Every try takes 100 ms and fails; `per_second` requests start evenly for
/// `seconds`.
double tries_per_request_in_an_outage(RetryBudget budget, std::int64_t per_second,
                                      std::int64_t seconds) {
  struct Try {
    sim::Time end;
    bool retry;
  };
  const sim::Duration gap = sim::Duration{1'000'000'000 / per_second};
  std::deque<Try> running;
  std::int64_t tries = 0;
  for (std::int64_t i = 0; i < seconds * per_second; ++i) {
    const sim::Time now = sim::Time{} + gap * i;
    while (!running.empty() && running.front().end <= now) {
      const Try ended = running.front();
      running.pop_front();
      budget.on_attempt_end(ended.end);
      if (ended.retry) budget.on_retry_end(ended.end);
      if (!budget.try_withdraw(ended.end, false)) continue;
      budget.on_attempt_start(ended.end);
      running.push_back({ended.end + 100_ms, true});
      ++tries;
    }
    budget.on_request(now);
    budget.on_attempt_start(now);
    running.push_back({now + 100_ms, false});
    ++tries;
  }
  return static_cast<double>(tries) / static_cast<double>(seconds * per_second);
}

TEST(ConcurrencyBudget, AllowsAQuarterMoreInAnOutageOfEqualHoldingTimes) {
  EXPECT_NEAR(tries_per_request_in_an_outage(RetryBudget(ConcurrencyBudget{}), 10'000, 30), 1.25,
              0.005);
}

TEST(ConcurrencyBudget, HardlyLimitsAnythingWithAnInterval) {
  // 20 % of 10 s of requests may be retried at the same time: each request some 20 times while a
  // try takes 100 ms.
  const ConcurrencyBudget windowed{.percent = 20, .min = 3, .interval = 10_s};
  EXPECT_GT(tries_per_request_in_an_outage(RetryBudget(windowed), 100, 10), 10);
}

/// Share of wanted retries that are granted when tries fail with probability p, in the long run.
double granted_share(double p) {
  RetryBudget budget(GrpcBudget{.max_tokens = 1000, .token_ratio = 0.1});
  sim::Draw draw(3);
  int wanted = 0;
  int granted = 0;
  for (int i = 0; i < 900'000; ++i) {
    const bool success = draw.uniform() >= p;
    budget.on_result({}, success, false, false);
    if (success || i < 600'000) continue;
    ++wanted;
    granted += budget.try_withdraw({}, false) ? 1 : 0;
  }
  return static_cast<double>(granted) / wanted;
}

// Tokens drift by ratio * (1 - p) - p a try: p = ratio / (1 + ratio) = 9.0909 % is the edge.
TEST(GrpcBudget, ShutsRetriesOffWhenMoreThanOneInElevenTriesFails) {
  EXPECT_EQ(granted_share(0.090909 - 0.003), 1.0);
  EXPECT_EQ(granted_share(0.090909 + 0.003), 0.0);
}

TEST(AwsSdkBudget, EndsAnOutageAtAHundredRetriesForEver) {
  for (const bool timeouts : {false, true}) {
    RetryBudget budget(AwsSdkBudget{});
    int retries = 0;
    for (int call = 0; call < 1000; ++call) {
      budget.on_request({});
      for (int k = 0; k < 3; ++k) {
        budget.on_result({}, false, k > 0, timeouts);
        if (k == 2 || !budget.try_withdraw({}, timeouts)) break;
        ++retries;
      }
    }
    EXPECT_EQ(retries, timeouts ? 50 : 100);
  }
}

}  // namespace
}  // namespace spillway::model
