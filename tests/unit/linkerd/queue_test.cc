// Queue, failfast, breakers, balancer and connections of one backend.
#include <gtest/gtest.h>

#include "tests/unit/linkerd/proxy.h"

namespace spillway::model::linkerd {
namespace {

TEST(LinkerdQueue, FailsEverythingThatWaitsWhenFailfastBegins) {
  Proxy proxy({}, 0);
  proxy.request();
  proxy.run_to(ms(2900));
  proxy.request();
  proxy.run_to(ms(3000));
  ASSERT_EQ(proxy.answers.size(), 2U);
  EXPECT_EQ(proxy.answers[1].answer.status, 504);
  EXPECT_EQ(proxy.answers[1].answer.error, Error::failfast);
}

TEST(LinkerdQueue, ShedsInFailfastUntilAnEndpointIsReady) {
  Proxy proxy({}, 0);
  proxy.request();
  proxy.run_to(ms(3500));
  proxy.request();
  ASSERT_EQ(proxy.answers.size(), 2U);
  EXPECT_EQ(proxy.answers[1].answer.status, 503);
  EXPECT_EQ(proxy.answers[1].answer.error, Error::loadshed);
  proxy->add_endpoint(0, proxy.now());
  proxy.request();
  EXPECT_EQ(proxy.tries.size(), 1U);
}

TEST(LinkerdQueue, HoldsOneMoreThanItsCapacity) {
  OutboundPolicy policy;
  policy.queue.capacity = 3;
  Proxy proxy(policy, 0);
  for (int i = 0; i < 5; ++i) proxy.request();
  ASSERT_EQ(proxy.answers.size(), 1U);
  EXPECT_EQ(proxy.answers[0].answer.error, Error::loadshed);
}

TEST(LinkerdQueue, ShedsWhatArrivesInOneInstantBeyondItsCapacity) {
  OutboundPolicy policy;
  policy.queue.capacity = 3;
  Proxy proxy(policy);
  for (int i = 0; i < 5; ++i) proxy->on_request({false, 0, {}}, ms(0));
  proxy.run_to(ms(0));
  EXPECT_EQ(proxy.tries.size(), 3U);
  EXPECT_EQ(proxy.answers.size(), 2U);
}

TEST(LinkerdQueue, AnswersGrpcWithCodes) {
  OutboundPolicy policy;
  policy.kind = RouteKind::grpc;
  Proxy proxy(policy, 0);
  proxy.request({true, 0, {}});
  proxy.run_to(ms(3000));
  proxy.request({true, 0, {}});
  ASSERT_EQ(proxy.answers.size(), 2U);
  EXPECT_EQ(proxy.answers[0].answer.grpc_status, 4);
  EXPECT_EQ(proxy.answers[1].answer.grpc_status, 14);
  EXPECT_EQ(proxy.answers[1].answer.status, 200);
}

TEST(LinkerdQueue, RetriesFailfastInAnotherBackend) {
  OutboundPolicy policy;
  policy.retry = retry_5xx(1);
  policy.backends.resize(2);
  Proxy proxy(policy, 0);
  proxy->add_endpoint(1, ms(0));
  proxy.request();
  proxy.run_to(ms(3025));
  ASSERT_EQ(proxy.tries.size(), 1U);
  EXPECT_EQ(proxy.tries[0].endpoint.backend, 1U);
  EXPECT_EQ(proxy.try_times[0], ms(3025));
}

TEST(LinkerdQueue, SharesByWeightAmongBackends) {
  OutboundPolicy policy;
  policy.distribution = Distribution::random_available;
  policy.backends.resize(2);
  policy.backends[0].weight = 90;
  policy.backends[1].weight = 10;
  Proxy proxy(policy);
  proxy->add_endpoint(1, ms(0));
  for (int i = 0; i < 2000; ++i) {
    proxy.request();
    proxy.answer(200);
  }
  const auto second = std::count_if(proxy.tries.begin(), proxy.tries.end(),
                                    [](const Action& a) { return a.endpoint.backend == 1; });
  EXPECT_NEAR(static_cast<double>(second), 200, 60);
}

OutboundPolicy with_breaker(std::uint32_t failures) {
  OutboundPolicy policy;
  policy.failure_accrual = accrual(failures);
  return policy;
}

TEST(LinkerdBreakerStack, LetsTheOldestProbeAndThenAll) {
  Proxy proxy(with_breaker(1));
  proxy.request();
  proxy.answer(500);
  for (int i = 0; i < 3; ++i) proxy.request();
  EXPECT_EQ(proxy.tries.size(), 1U);
  proxy.run_to(ms(1000));
  EXPECT_EQ(proxy.tries.size(), 2U);
  proxy.answer(200);
  EXPECT_EQ(proxy.tries.size(), 4U);
}

TEST(LinkerdBreakerStack, DoublesThePenaltyAfterAFailedProbe) {
  Proxy proxy(with_breaker(1));
  proxy.request();
  proxy.answer(500);
  proxy.request();
  proxy.request();
  proxy.run_to(ms(1000));
  proxy.answer(503);
  proxy.run_to(ms(5000));
  EXPECT_EQ(proxy.try_times, (std::vector{ms(0), ms(1000), ms(3000)}));
}

TEST(LinkerdBreakerStack, LetsARequestPastItsDeadlineFailTheProbe) {
  OutboundPolicy policy = with_breaker(1);
  policy.timeouts.request = 100_ms;
  Proxy proxy(policy);
  proxy.request();
  proxy.answer(500);
  proxy.request();
  proxy.request();
  proxy.run_to(ms(2999));
  EXPECT_EQ(proxy.try_times, (std::vector{ms(0), ms(1000)}));
  proxy.run_to(ms(3000));
  EXPECT_EQ(proxy.tries.size(), 3U);
}

TEST(LinkerdBreakerStack, DoesNotCountAClientThatGivesUp) {
  Proxy proxy(with_breaker(1));
  const Handle request = proxy.request();
  proxy->on_gone(request, ms(0));
  proxy.request();
  EXPECT_EQ(proxy.tries.size(), 2U);
  EXPECT_EQ(proxy.cancels.size(), 1U);
}

TEST(LinkerdBreakerStack, CountsAnAnswerWhenItsBodyEnds) {
  Proxy proxy(with_breaker(1));
  proxy.request();
  proxy->on_response(proxy.tries[0].attempt, {500, -1, false, false, {}}, ms(0));
  proxy.run_to(ms(10));
  proxy.request();
  EXPECT_EQ(proxy.tries.size(), 2U);
  proxy->on_end(proxy.tries[0].attempt, -1, ms(10));
  proxy.request();
  EXPECT_EQ(proxy.tries.size(), 2U);
}

TEST(LinkerdBalancer, PrefersTheFasterOfTwo) {
  Proxy proxy({}, 2);
  int slow = 0;
  for (int i = 1; i <= 200; ++i) {
    proxy.request();
    const bool second = proxy.tries.back().endpoint == proxy.refs[1];
    slow += second ? 1 : 0;
    proxy.run_to(proxy.now() + (second ? 100_ms : 10_ms));
    proxy.answer(200);
    proxy.run_to(ms(i * 200));
  }
  EXPECT_LT(slow, 20);
}

TEST(LinkerdBalancer, KeepsAwayFromARateLimitedEndpointWithThePenalty) {
  OutboundPolicy policy;
  policy.balancer.penalty.emplace();
  Proxy proxy(policy, 2);
  int limited = 0;
  for (int i = 1; i <= 100; ++i) {
    proxy.request();
    const bool first = proxy.tries.back().endpoint == proxy.refs[0];
    limited += first ? 1 : 0;
    proxy.run_to(proxy.now() + (first ? 1_ms : 20_ms));
    proxy.answer(first ? 429 : 200);
    proxy.run_to(ms(i * 50));
  }
  EXPECT_LE(limited, 1);
}

OutboundPolicy http2() {
  OutboundPolicy policy;
  policy.transport = Transport::http2;
  policy.connect_backoff.jitter_ratio = 0;
  return policy;
}

TEST(LinkerdConnections, AreMadeAgainAfterABackoffThatDoubles) {
  Proxy proxy(http2());
  ASSERT_EQ(proxy.connects.size(), 1U);
  for (const std::int64_t at : {0, 100, 300}) {
    proxy.run_to(ms(at));
    proxy->on_refused(proxy.refs[0], ms(at));
  }
  proxy.run_to(ms(699));
  EXPECT_EQ(proxy.connects.size(), 3U);
  proxy.run_to(ms(700));
  EXPECT_EQ(proxy.connects.size(), 4U);
}

TEST(LinkerdConnections, LetRequestsWait) {
  Proxy proxy(http2());
  proxy.request();
  EXPECT_TRUE(proxy.tries.empty());
  proxy->on_connected(proxy.refs[0], ms(0));
  proxy.run_to(ms(0));
  EXPECT_EQ(proxy.tries.size(), 1U);
}

TEST(LinkerdConnections, AreMissedOnlyWhenTheyAreWanted) {
  Proxy proxy(http2());
  proxy->on_connected(proxy.refs[0], ms(0));
  proxy->on_lost(proxy.refs[0]);
  proxy.run_to(ms(1000));
  EXPECT_EQ(proxy.connects.size(), 1U);
  proxy.request();
  proxy.run_to(ms(1100));
  EXPECT_EQ(proxy.connects.size(), 2U);
}

OutboundPolicy profile(std::uint32_t min_per_second) {
  OutboundPolicy policy;
  policy.profile.emplace();
  policy.profile->retry_budget = RetryBudget{1_s, min_per_second, 0.5F};
  return policy;
}

TEST(LinkerdProfile, RetriesAtOnceUntilTheBudgetIsEmpty) {
  Proxy proxy(profile(5));
  proxy.request();
  for (int i = 0; i < 6; ++i) proxy.answer(503);
  EXPECT_EQ(proxy.tries.size(), 6U);
  EXPECT_EQ(proxy.answers.size(), 1U);
  EXPECT_EQ(proxy.answer_times[0], ms(0));
}

TEST(LinkerdProfile, EarnsRetriesWithAnswersThatNeedNone) {
  Proxy proxy(profile(0));
  for (const int status : {503, 200, 200}) {
    proxy.request();
    proxy.answer(static_cast<std::uint16_t>(status));
  }
  EXPECT_EQ(proxy.answers.size(), 3U);
  proxy.request();
  proxy.answer(503);
  EXPECT_EQ(proxy.answers.size(), 3U);
}

TEST(LinkerdProfile, EndsAllTriesAtItsTimeout) {
  OutboundPolicy policy = profile(5);
  policy.profile->timeout = 200_ms;
  Proxy proxy(policy);
  proxy.request();
  proxy.run_to(ms(200));
  ASSERT_EQ(proxy.answers.size(), 1U);
  EXPECT_EQ(proxy.answers[0].answer.error, Error::profile_timeout);
  EXPECT_EQ(proxy.cancels.size(), 1U);
}

}  // namespace
}  // namespace spillway::model::linkerd
