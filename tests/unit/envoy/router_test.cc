#include "model/envoy/router.h"

#include <gtest/gtest.h>

namespace spillway::model::envoy {
namespace {

using namespace sim::literals;
using What = Decision::What;

struct Router {
  RouteSettings settings;
  RequestState request;
  Resources resources{Limits{}};
  sim::Draw draw{7};

  explicit Router(std::string_view on, std::uint32_t num_retries = 2) {
    RouteAction action;
    action.retry_policy.emplace();
    action.retry_policy->retry_on = on;
    action.retry_policy->num_retries = num_retries;
    settings = route_settings(action, std::nullopt);
    request.start(settings);
  }
  Decision ended(const AttemptResult& result, TryFacts facts = {}) {
    return on_try_ended(settings, request, facts, result, resources, {}, draw);
  }
  Decision answer(std::uint16_t status, TryFacts facts = {}) {
    AttemptResult result;
    result.status = status;
    return ended(result, facts);
  }
  Decision failed(Outcome outcome, TryFacts facts = {}) {
    AttemptResult result;
    result.outcome = outcome;
    return ended(result, facts);
  }
  Decision timer() { return on_hedge_timer(settings, request, 0, resources, {}, draw); }
  void retry_starts() { --request.waiting_retries; }
};

TryFacts under_way(std::uint32_t others, bool already_retried = false) {
  TryFacts facts;
  facts.already_retried = already_retried;
  facts.under_way = others;
  return facts;
}

TEST(Router, PassesOnASuccess) {
  Router router("5xx");
  const Decision decision = router.answer(200);
  EXPECT_EQ(decision.what, What::end);
  EXPECT_EQ(decision.verdict.status, 200);
  EXPECT_EQ(to_text(decision.verdict.flags), "-");
  EXPECT_EQ(decision.verdict.stopped, RetryStopped::none);
}

TEST(Router, RetriesAndHoldsASlot) {
  Router router("5xx");
  EXPECT_EQ(router.answer(503).what, What::retry);
  EXPECT_EQ(router.resources.retries, 1U);
  EXPECT_EQ(router.request.waiting_retries, 1U);
}

TEST(Router, GivesTheSlotBackBeforeItTakesTheNext) {
  Router router("5xx");
  router.resources = Resources(Limits{1024, 1024, 1024, 1, false, 20, 3, std::nullopt});
  router.answer(503);
  router.retry_starts();
  EXPECT_EQ(router.answer(503).what, What::retry);
  EXPECT_EQ(router.resources.retries, 1U);
}

TEST(Router, GivesTheSlotBackWhenARetrySucceeds) {
  Router router("5xx");
  router.answer(503);
  router.retry_starts();
  router.answer(200);
  EXPECT_EQ(router.resources.retries, 0U);
}

TEST(Router, ForwardsTheLastAnswerWithUrxAtTheLimit) {
  Router router("5xx", 1);
  router.answer(503);
  router.retry_starts();
  const Decision decision = router.answer(502);
  EXPECT_EQ(decision.what, What::end);
  EXPECT_EQ(decision.verdict.status, 502);
  EXPECT_EQ(to_text(decision.verdict.flags), "URX");
  EXPECT_EQ(decision.verdict.stopped, RetryStopped::limit);
}

TEST(Router, FlagsUrxWithoutAnyRetryAllowed) {
  EXPECT_EQ(to_text(Router("5xx", 0).answer(503).verdict.flags), "URX");
}

TEST(Router, FlagsUoWhenABreakerRefusesTheRetry) {
  Router router("5xx");
  router.resources.retries = 3;
  const Decision decision = router.answer(500);
  EXPECT_EQ(decision.verdict.status, 500);
  EXPECT_EQ(to_text(decision.verdict.flags), "UO");
  EXPECT_EQ(decision.verdict.stopped, RetryStopped::breaker);
}

TEST(Router, NamesTheBudgetThatRefusesTheRetry) {
  Router router("5xx");
  router.resources = Resources(Limits{1024, 1024, 1024, 3, true, 0, 0, std::nullopt});
  EXPECT_EQ(router.answer(500).verdict.stopped, RetryStopped::budget);
}

TEST(Router, ChecksTheLimitBeforeTheBreaker) {
  Router router("5xx", 0);
  router.resources.retries = 3;
  EXPECT_EQ(to_text(router.answer(500).verdict.flags), "URX");
}

TEST(Router, MakesLocalReplies) {
  const auto reply = [](Outcome outcome) {
    const Verdict verdict = local_reply(outcome);
    return std::to_string(verdict.status) + " " + to_text(verdict.flags);
  };
  EXPECT_EQ(reply(Outcome::refused), "503 UF");
  EXPECT_EQ(reply(Outcome::reset), "503 UC");
  EXPECT_EQ(reply(Outcome::per_try_timeout), "504 UT");
  EXPECT_EQ(reply(Outcome::overflow), "503 UO");
  EXPECT_EQ(reply(Outcome::no_endpoint), "503 UH");
}

TEST(Router, JoinsTheFlagsOfRefusalAndFailure) {
  EXPECT_EQ(to_text(Router("connect-failure", 0).failed(Outcome::refused).verdict.flags), "URX,UF");
  EXPECT_EQ(to_text(Router("5xx", 0).failed(Outcome::per_try_timeout).verdict.flags), "URX,UT");
}

TEST(Router, NeverRetriesAnOverflow) {
  const Decision decision = Router("5xx,reset").failed(Outcome::overflow);
  EXPECT_EQ(decision.what, What::end);
  EXPECT_EQ(to_text(decision.verdict.flags), "UO");
}

TEST(Router, RemembersHostsOnlyForThePredicate) {
  Router router("5xx");
  router.settings.retry.previous_hosts = true;
  TryFacts facts;
  facts.host = 4;
  router.answer(503, facts);
  EXPECT_TRUE(router.request.tried(4));
  EXPECT_FALSE(router.request.tried(3));
}

TEST(Router, WaitsForRetryAfterWhenToldTo) {
  Router router("5xx");
  router.settings.retry.rate_limited_backoff = true;
  AttemptResult result;
  result.status = 503;
  result.retry_after_s = 2;
  const sim::Duration wait = router.ended(result).verdict.wait;
  EXPECT_GE(wait, 2_s);
  EXPECT_LT(wait, 3_s);
}

TEST(Hedging, StartsATryBesideTheOneThatIsLate) {
  Router router("5xx");
  EXPECT_EQ(router.timer().what, What::retry);
}

TEST(Hedging, DoesNotAskWhetherTheFailureIsOneToRetry) {
  EXPECT_EQ(Router("retriable-4xx").timer().what, What::retry);
}

TEST(Hedging, NeedsConditionsToRetryOn) { EXPECT_EQ(Router("").timer().what, What::wait); }

TEST(Hedging, WaitsAndFlagsUrxAtTheLimit) {
  Router router("5xx", 0);
  EXPECT_EQ(router.timer().what, What::wait);
  EXPECT_EQ(to_text(router.answer(200).verdict.flags), "URX");
}

TEST(Hedging, DropsABadAnswerWhileAnotherTryRuns) {
  Router router("5xx");
  router.timer();
  router.retry_starts();
  EXPECT_EQ(router.answer(503, under_way(1, true)).what, What::wait);
}

TEST(Hedging, DropsABadAnswerWhileARetryWaits) {
  Router router("5xx");
  router.timer();
  EXPECT_EQ(router.answer(503, under_way(0, true)).what, What::wait);
}

TEST(Hedging, PassesOnAnAnswerThatNobodyWouldRetry) {
  Router router("5xx");
  router.timer();
  router.retry_starts();
  EXPECT_EQ(router.answer(404, under_way(1, true)).what, What::end);
}

TEST(Hedging, RetriesTheFailureOfATryThatWasNotLate) {
  Router router("5xx");
  router.timer();
  router.retry_starts();
  EXPECT_EQ(router.answer(503, under_way(1)).what, What::retry);
}

TEST(Hedging, DropsABrokenTryWhileAnotherRuns) {
  Router router("connect-failure");
  router.timer();
  router.retry_starts();
  EXPECT_EQ(router.failed(Outcome::reset, under_way(1, true)).what, What::wait);
}

TEST(FaultFilter, DrawsDelayAndAbortApart) {
  HttpFault fault;
  fault.delay = {70_ms, {100, 100}};
  fault.abort = {std::uint16_t{418}, std::nullopt, {100, 100}};
  sim::Draw draw(1);
  const FaultDecision decision = draw_fault(fault, draw);
  EXPECT_EQ(decision.delay, 70_ms);
  EXPECT_EQ(decision.abort_status, 418);
}

TEST(FaultFilter, HitsItsShareOfRequests) {
  HttpFault fault;
  fault.abort = {std::uint16_t{500}, std::nullopt, {250'000, 1'000'000}};
  sim::Draw draw(1);
  int hits = 0;
  for (int i = 0; i < 100'000; ++i) hits += draw_fault(fault, draw).abort_status == 500;
  EXPECT_NEAR(hits, 25'000, 600);
}

TEST(HttpStatus, StandsForGrpcStatusesInOutlierDetection) {
  EXPECT_EQ(http_status(200, -1), 200U);
  EXPECT_EQ(http_status(200, 14), 503U);
  EXPECT_EQ(http_status(200, 13), 500U);
  EXPECT_EQ(http_status(200, 0), 200U);
}

}  // namespace
}  // namespace spillway::model::envoy
