// The parts by themselves: waits, conditions, errors, breaker, budget.
#include <gtest/gtest.h>

#include <set>

#include "model/linkerd/backoff.h"
#include "model/linkerd/breaker.h"
#include "model/linkerd/endpoint_load.h"
#include "model/linkerd/errors.h"
#include "model/linkerd/retry.h"
#include "model/linkerd/tps_budget.h"
#include "tests/unit/linkerd/proxy.h"

namespace spillway::model::linkerd {
namespace {

TEST(LinkerdBackoff, DoublesUpToTheMaximum) {
  sim::Draw draw(1);
  const ExponentialBackoff backoff{25_ms, 250_ms, 0};
  EXPECT_EQ(backoff_wait(backoff, 0, draw), 25_ms);
  EXPECT_EQ(backoff_wait(backoff, 2, draw), 100_ms);
  EXPECT_EQ(backoff_wait(backoff, 4, draw), 250_ms);
  EXPECT_EQ(backoff_wait(backoff, 4'000'000'000U, draw), 250_ms);
}

TEST(LinkerdBackoff, JittersWholeSecondsByWholeSeconds) {
  sim::Draw draw(1);
  const ExponentialBackoff backoff{1_s, 60_s, 0.5};
  std::set<sim::Duration> waits;
  for (int i = 0; i < 1000; ++i) waits.insert(backoff_wait(backoff, 2, draw));
  EXPECT_EQ(waits, (std::set{4_s, 5_s}));
}

TEST(LinkerdBackoff, StaysBetweenBaseAndMaximum) {
  sim::Draw draw(1);
  const ExponentialBackoff backoff{25_ms, 250_ms, 1};
  for (int i = 0; i < 1000; ++i) {
    const sim::Duration wait = backoff_wait(backoff, 3, draw);
    EXPECT_GE(wait, 200_ms);
    EXPECT_LE(wait, 250_ms);
  }
}

TEST(LinkerdBackoff, EndsAtWholeMilliseconds) {
  EXPECT_EQ(timer_end(sim::Time{25'200'000}), ms(26));
  EXPECT_EQ(timer_end(ms(25)), ms(25));
}

TEST(LinkerdConditions, ReadNamesCodesAndRanges) {
  const auto ranges = parse_http_conditions("Gateway-Error,500,505-507");
  ASSERT_EQ(ranges.size(), 3U);
  EXPECT_EQ(ranges[0].start, 502);
  EXPECT_EQ(ranges[1].end, 500);
  EXPECT_EQ(ranges[2].end, 507);
}

TEST(LinkerdConditions, SkipWhatIsNone) {
  EXPECT_EQ(parse_http_conditions("5xx,abc,504-500,600").size(), 1U);
  EXPECT_TRUE(parse_http_conditions("").empty());
  EXPECT_TRUE(parse_grpc_conditions("available").none());
}

TEST(LinkerdConditions, ReadGrpcNames) {
  const auto codes = parse_grpc_conditions("unavailable,deadline-exceeded");
  EXPECT_EQ(codes.count(), 2U);
  EXPECT_TRUE(codes.test(14));
}

TEST(LinkerdConditions, TakeTheLongerNameOfTheRequestTimeoutFirst) {
  Overrides overrides;
  overrides.add("l5d-request-timeout", "2s");
  overrides.add("l5d-timeout", "1s");
  EXPECT_EQ(apply(Timeouts{}, overrides).request, 2_s);
}

TEST(LinkerdConditions, ReadDurations) {
  EXPECT_EQ(parse_duration("10s"), 10_s);
  EXPECT_EQ(parse_duration("250ms"), 250_ms);
  EXPECT_EQ(parse_duration("0"), 0_s);
  EXPECT_FALSE(parse_duration("10"));
  EXPECT_FALSE(parse_duration("ms"));
}

TEST(LinkerdErrors, DependOnTheProtocol) {
  EXPECT_EQ(endpoint_error(Transport::http1, Breakage::closed).error, Error::unexpected);
  EXPECT_EQ(endpoint_error(Transport::http2, Breakage::closed).error, Error::connection_lost);
  EXPECT_FALSE(endpoint_error(Transport::http2, Breakage::cancel).as_response);
  EXPECT_TRUE(endpoint_error(Transport::orig_proto, Breakage::cancel).as_response);
  EXPECT_EQ(
      answer_for(endpoint_error(Transport::http1, Breakage::connect_refused).error, false).status,
      502);
}

TEST(LinkerdErrors, BecomeStatusesOrCodes) {
  EXPECT_EQ(answer_for(Error::response_timeout, false).status, 504);
  EXPECT_EQ(answer_for(Error::response_timeout, true).grpc_status, 4);
  EXPECT_EQ(answer_for(Error::unexpected, false).status, 500);
  EXPECT_EQ(answer_for(Error::h2_cancel, false).status, 0);
}

TEST(LinkerdBreaker, TripsOnFailuresInARow) {
  sim::Draw draw(1);
  Breaker breaker(accrual(3), ms(0));
  EXPECT_FALSE(breaker.on_response(ms(1), ResponseClass::failure, draw));
  EXPECT_FALSE(breaker.on_response(ms(2), ResponseClass::failure, draw));
  EXPECT_FALSE(breaker.on_response(ms(3), ResponseClass::rate_limited, draw));
  EXPECT_FALSE(breaker.on_response(ms(4), ResponseClass::failure, draw));
  EXPECT_FALSE(breaker.on_response(ms(5), ResponseClass::failure, draw));
  EXPECT_EQ(breaker.on_response(ms(6), ResponseClass::failure, draw), 1_s);
  EXPECT_EQ(breaker.gate(), Breaker::Gate::shut);
}

TEST(LinkerdBreaker, IgnoresAnswersWhileItIsShut) {
  sim::Draw draw(1);
  Breaker breaker(accrual(1), ms(0));
  breaker.on_response(ms(1), ResponseClass::failure, draw);
  breaker.on_response(ms(2), ResponseClass::ok, draw);
  EXPECT_EQ(breaker.gate(), Breaker::Gate::shut);
}

TEST(LinkerdBreaker, TakesTheFirstAnswerInProbationAsTheVerdict) {
  sim::Draw draw(1);
  Breaker breaker(accrual(1), ms(0));
  breaker.on_response(ms(1), ResponseClass::failure, draw);
  breaker.on_backoff_end();
  breaker.on_response(ms(1001), ResponseClass::ok, draw);
  EXPECT_EQ(breaker.gate(), Breaker::Gate::open);
}

TEST(LinkerdBreaker, AllowsOneProbe) {
  sim::Draw draw(1);
  Breaker breaker(accrual(1), ms(0));
  breaker.on_response(ms(1), ResponseClass::failure, draw);
  EXPECT_FALSE(breaker.take_permit());
  breaker.on_backoff_end();
  EXPECT_TRUE(breaker.take_permit());
  EXPECT_FALSE(breaker.take_permit());
}

TEST(LinkerdBreaker, StartsAgainAtTheMinimumAfterAGoodProbe) {
  sim::Draw draw(1);
  Breaker breaker(accrual(1), ms(0));
  breaker.on_response(ms(1), ResponseClass::failure, draw);
  breaker.on_backoff_end();
  EXPECT_EQ(breaker.on_response(ms(2), ResponseClass::failure, draw), 2_s);
  breaker.on_backoff_end();
  breaker.on_response(ms(3), ResponseClass::ok, draw);
  EXPECT_EQ(breaker.on_response(ms(4), ResponseClass::failure, draw), 1_s);
}

FailureAccrual unified() {
  FailureAccrual policy = accrual(100);
  policy.success_rate.emplace();
  return policy;
}

/// At which answer it trips if all are rate limited, one each `every`; 0: never in 20.
int trips_at(sim::Duration every) {
  sim::Draw draw(1);
  Breaker breaker(unified(), ms(0));
  for (int i = 0; i < 20; ++i)
    if (breaker.on_response(ms(1) + every * i, ResponseClass::rate_limited, draw)) return i + 1;
  return 0;
}

TEST(LinkerdUnifiedBreaker, NeedsFiveAnswersInTheWindow) {
  EXPECT_EQ(trips_at(3_s), 0);
  EXPECT_EQ(trips_at(2400_ms), 5);
}

TEST(LinkerdUnifiedBreaker, TripsBelowTheThresholdNotAtIt) {
  sim::Draw draw(1);
  Breaker breaker(unified(), ms(0));
  for (int i = 0; i < 8; ++i) breaker.on_response(ms(i), ResponseClass::ok, draw);
  breaker.on_response(ms(8), ResponseClass::rate_limited, draw);
  EXPECT_FALSE(breaker.on_response(ms(9), ResponseClass::rate_limited, draw));
  EXPECT_TRUE(breaker.on_response(ms(10), ResponseClass::rate_limited, draw));
}

TEST(LinkerdUnifiedBreaker, IsNotOpenedByARateLimitedProbe) {
  sim::Draw draw(1);
  Breaker breaker(unified(), ms(0));
  for (int i = 0; i < 5; ++i) breaker.on_response(ms(i), ResponseClass::failure, draw);
  breaker.on_backoff_end();
  EXPECT_TRUE(breaker.on_response(ms(1005), ResponseClass::rate_limited, draw));
}

TEST(LinkerdClassify, LooksAtStatusesOrAtCodes) {
  EXPECT_EQ(classify(RouteKind::http, 503, -1), ResponseClass::failure);
  EXPECT_EQ(classify(RouteKind::http, 200, 14), ResponseClass::ok);
  EXPECT_EQ(classify(RouteKind::grpc, 503, -1), ResponseClass::ok);
  EXPECT_EQ(classify(RouteKind::grpc, 200, 14), ResponseClass::failure);
  EXPECT_EQ(classify(RouteKind::grpc, 200, 5), ResponseClass::not_ok);
}

TEST(LinkerdLoad, CountsTheRequestsUnderWay) {
  EndpointLoad load(BalanceP2c{}, ms(0));
  EXPECT_DOUBLE_EQ(load.cost(ms(0)), 30e6);
  load.begin();
  EXPECT_DOUBLE_EQ(load.cost(ms(0)), 60e6);
  load.end(ms(0), 400_ms);
  EXPECT_DOUBLE_EQ(load.cost(ms(0)), 400e6);
}

TEST(LinkerdLoad, DecaysAtTheRateOfThePolicy) {
  BalanceP2c policy;
  policy.decay = 1_s;
  EndpointLoad load(policy, ms(0));
  EXPECT_NEAR(load.cost(ms(1000)), 30e6 * 0.36787944, 1);
}

TEST(LinkerdLoad, TakesTheLargestOfPenaltyAndRetryAfter) {
  const BalanceP2c::Penalty penalty{5_s, 60_s};
  EXPECT_EQ(penalized(penalty, 1_ms, 0_s), 5_s);
  EXPECT_EQ(penalized(penalty, 7_s, 0_s), 7_s);
  EXPECT_EQ(penalized(penalty, 1_ms, 90_s), 60_s);
}

TEST(LinkerdTpsBudget, CutsThePriceToWholeDeposits) {
  TpsBudget budget({1_s, 0, 0.3F});
  for (int i = 0; i < 3; ++i) budget.deposit(ms(0));
  EXPECT_TRUE(budget.withdraw(ms(0)));
  EXPECT_EQ(budget.balance(), 0);
}

TEST(LinkerdTpsBudget, HasItsReserveFromTheStart) {
  EXPECT_EQ(TpsBudget(RetryBudget{}).balance(), 500);
}

TEST(LinkerdTpsBudget, CountsInThousandthsAboveOne) {
  TpsBudget budget({1_s, 0, 2.0F});
  budget.deposit(ms(0));
  EXPECT_TRUE(budget.withdraw(ms(0)));
  EXPECT_TRUE(budget.withdraw(ms(0)));
  EXPECT_FALSE(budget.withdraw(ms(0)));
}

}  // namespace
}  // namespace spillway::model::linkerd
