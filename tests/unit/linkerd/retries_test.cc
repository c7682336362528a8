// Retries and timers of one request.
#include <gtest/gtest.h>

#include "tests/unit/linkerd/proxy.h"

namespace spillway::model::linkerd {
namespace {

OutboundPolicy with_retry(Retry retry) {
  OutboundPolicy policy;
  policy.retry = std::move(retry);
  return policy;
}

TEST(LinkerdRetry, WaitsTheBackoffThatDoubles) {
  Proxy proxy(with_retry(retry_5xx(3)));
  proxy.request();
  proxy.answer(503);
  proxy.run_to(ms(25));
  proxy.answer(503);
  proxy.run_to(ms(75));
  proxy.answer(503);
  proxy.run_to(ms(1000));
  EXPECT_EQ(proxy.try_times, (std::vector{ms(0), ms(25), ms(75), ms(175)}));
}

TEST(LinkerdRetry, GivesTheLastAnswerWhenTheLimitIsReached) {
  Proxy proxy(with_retry(retry_5xx(1)));
  proxy.request();
  proxy.answer(503);
  proxy.run_to(ms(25));
  proxy.answer(500);
  ASSERT_EQ(proxy.answers.size(), 1U);
  EXPECT_EQ(proxy.answers[0].answer.status, 500);
}

TEST(LinkerdRetry, LeavesStatusesThatAreNotListed) {
  Proxy proxy(with_retry(retry_5xx(1)));
  proxy.request();
  proxy.answer(429);
  ASSERT_EQ(proxy.answers.size(), 1U);
  EXPECT_EQ(proxy.answers[0].answer.status, 429);
}

TEST(LinkerdRetry, RetriesAnIoErrorAs502) {
  Proxy proxy(with_retry(retry_5xx(1)));
  proxy.request();
  proxy.break_off(Breakage::io);
  EXPECT_TRUE(proxy.answers.empty());
  proxy.run_to(ms(25));
  proxy.break_off(Breakage::io);
  ASSERT_EQ(proxy.answers.size(), 1U);
  EXPECT_EQ(proxy.answers[0].answer.status, 502);
  EXPECT_EQ(proxy.answers[0].answer.error, Error::io_error);
}

TEST(LinkerdRetry, RetriesRefusedStreamsWithoutAnyCondition) {
  Retry retry = retry_5xx(1);
  retry.status_ranges.clear();
  Proxy proxy(with_retry(retry));
  proxy.request();
  proxy.break_off(Breakage::refused_stream);
  proxy.run_to(ms(25));
  EXPECT_EQ(proxy.tries.size(), 2U);
}

TEST(LinkerdRetry, ResetsTheStreamForOtherResets) {
  Proxy proxy(with_retry(retry_5xx(1)));
  proxy.request();
  proxy.break_off(Breakage::internal);
  ASSERT_EQ(proxy.answers.size(), 1U);
  EXPECT_EQ(proxy.answers[0].answer.status, 0);
  EXPECT_EQ(proxy.answers[0].answer.error, Error::h2_internal);
}

TEST(LinkerdRetry, HasNoRetryTimeoutOnTheLastTry) {
  Retry retry = retry_5xx(1);
  retry.timeout = 100_ms;
  Proxy proxy(with_retry(retry));
  proxy.request();
  proxy.run_to(ms(5000));
  EXPECT_EQ(proxy.try_times, (std::vector{ms(0), ms(125)}));
  EXPECT_TRUE(proxy.answers.empty());
}

TEST(LinkerdRetry, KeepsTheRetryTimeoutWhereNoRetryIsAllowed) {
  Retry retry = retry_5xx(0);
  retry.timeout = 100_ms;
  Proxy proxy(with_retry(retry));
  proxy.request();
  proxy.run_to(ms(100));
  ASSERT_EQ(proxy.answers.size(), 1U);
  EXPECT_EQ(proxy.answers[0].answer.status, 504);
  EXPECT_EQ(proxy.answers[0].answer.error, Error::retry_timeout);
}

TEST(LinkerdRetry, PutsTheRetryTimeoutInPlaceOfTheResponseTimeout) {
  Retry retry = retry_5xx(1);
  retry.timeout = 300_ms;
  OutboundPolicy policy = with_retry(retry);
  policy.timeouts.response = 100_ms;
  Proxy proxy(policy);
  proxy.request();
  proxy.run_to(ms(5000));
  EXPECT_EQ(proxy.try_times, (std::vector{ms(0), ms(325)}));
  ASSERT_EQ(proxy.answers.size(), 1U);
  EXPECT_EQ(proxy.answers[0].answer.error, Error::response_timeout);
  EXPECT_EQ(proxy.answer_times[0], ms(425));
}

TEST(LinkerdRetry, SendsARetryPastTheDeadlineAndCancelsItAtOnce) {
  Retry retry = retry_5xx(2);
  retry.timeout = 100_ms;
  OutboundPolicy policy = with_retry(retry);
  policy.timeouts.request = 101_ms;
  Proxy proxy(policy);
  proxy.request();
  proxy.run_to(ms(5000));
  EXPECT_EQ(proxy.try_times, (std::vector{ms(0), ms(125)}));
  EXPECT_EQ(proxy.cancels.size(), 2U);
  ASSERT_EQ(proxy.answers.size(), 1U);
  EXPECT_EQ(proxy.answer_times[0], ms(125));
  EXPECT_EQ(proxy.answers[0].answer.error, Error::request_timeout);
}

TEST(LinkerdRetry, HoldsAnHttp2AnswerUntilItsFirstData) {
  Proxy proxy(with_retry(retry_5xx(1)));
  proxy.request();
  proxy->on_response(proxy.tries[0].attempt, {200, -1, false, false, {}}, ms(0));
  proxy.run_to(ms(40));
  EXPECT_TRUE(proxy.answers.empty());
  proxy->on_data(proxy.tries[0].attempt, 3, ms(40));
  proxy.run_to(ms(40));
  EXPECT_EQ(proxy.answers.size(), 1U);
}

TEST(LinkerdRetry, JudgesAnHttp1AnswerByItsHeaders) {
  Proxy proxy(with_retry(retry_5xx(1)));
  proxy.request();
  proxy->on_response(proxy.tries[0].attempt, {200, -1, true, false, {}}, ms(0));
  proxy.run_to(ms(0));
  EXPECT_EQ(proxy.answers.size(), 1U);
}

OutboundPolicy grpc_retry() {
  Retry retry = retry_5xx(1);
  retry.status_ranges.clear();
  retry.grpc_codes.set(14);
  OutboundPolicy policy = with_retry(retry);
  policy.kind = RouteKind::grpc;
  return policy;
}

TEST(LinkerdRetry, SeesAGrpcCodeInTheHeaders) {
  Proxy proxy(grpc_retry());
  proxy.request({true, 0, {}});
  proxy.answer(200, 14);
  proxy.run_to(ms(25));
  EXPECT_EQ(proxy.tries.size(), 2U);
}

TEST(LinkerdRetry, SeesTrailersThatComeFirstHoweverLate) {
  Proxy proxy(grpc_retry());
  proxy.request({true, 0, {}});
  proxy->on_response(proxy.tries[0].attempt, {200, -1, false, false, {}}, ms(0));
  proxy.run_to(ms(500));
  proxy->on_end(proxy.tries[0].attempt, 14, ms(500));
  proxy.run_to(ms(525));
  EXPECT_EQ(proxy.tries.size(), 2U);
}

TEST(LinkerdRetry, SeesTrailersAtHandAfterOneDataFrame) {
  Proxy proxy(grpc_retry());
  proxy.request({true, 0, {}});
  proxy->on_response(proxy.tries[0].attempt, {200, -1, false, false, {}}, ms(0));
  proxy->on_data(proxy.tries[0].attempt, 3, ms(0));
  proxy->on_end(proxy.tries[0].attempt, 14, ms(0));
  proxy.run_to(ms(25));
  EXPECT_EQ(proxy.tries.size(), 2U);
}

TEST(LinkerdRetry, DoesNotWaitForTrailersAfterData) {
  Proxy proxy(grpc_retry());
  proxy.request({true, 0, {}});
  proxy->on_response(proxy.tries[0].attempt, {200, -1, false, false, {}}, ms(0));
  proxy->on_data(proxy.tries[0].attempt, 3, ms(0));
  proxy.run_to(ms(5));
  proxy->on_end(proxy.tries[0].attempt, 14, ms(5));
  proxy.run_to(ms(500));
  EXPECT_EQ(proxy.tries.size(), 1U);
  ASSERT_EQ(proxy.ends.size(), 1U);
  EXPECT_EQ(proxy.ends[0].answer.grpc_status, 14);
}

TEST(LinkerdRetry, DoesNotRetryA503OnAGrpcRoute) {
  Proxy proxy(grpc_retry());
  proxy.request({true, 0, {}});
  proxy.answer(503);
  EXPECT_EQ(proxy.answers.size(), 1U);
}

TEST(LinkerdRetry, KeepsBodiesOf64KiBAndNoMore) {
  for (const std::uint64_t size : {65536U, 65537U}) {
    Proxy proxy(with_retry(retry_5xx(1)));
    proxy.request({false, size, {}});
    proxy.answer(503);
    EXPECT_EQ(proxy.answers.size(), size > 65536 ? 1U : 0U) << size;
  }
}

TEST(LinkerdRetry, GivesUpABodyThatTurnsOutTooLarge) {
  Proxy proxy(with_retry(retry_5xx(1)));
  proxy.flush_at_once = false;
  proxy.request({false, std::nullopt, {}});
  proxy->on_upload(proxy.tries[0].attempt, 65537, true, ms(0));
  proxy.answer(503);
  EXPECT_EQ(proxy.answers.size(), 1U);
}

TEST(LinkerdRetry, DoesNotRetryAnAnswerBeforeTheBodyWasRead) {
  Proxy proxy(with_retry(retry_5xx(1)));
  proxy.flush_at_once = false;
  proxy.request({false, std::nullopt, {}});
  proxy->on_upload(proxy.tries[0].attempt, 100, false, ms(0));
  proxy.answer(503);
  EXPECT_EQ(proxy.answers.size(), 1U);
}

TEST(LinkerdRetry, TakesWhatARequestAsksForWhereTheRouteAllowsIt) {
  for (const bool allowed : {true, false}) {
    OutboundPolicy policy;
    policy.allow_l5d_request_headers = allowed;
    Proxy proxy(policy);
    RequestHead head{false, 0, {}};
    head.overrides.add("l5d-retry-http", "503");
    proxy.request(head);
    proxy.answer(503);
    EXPECT_EQ(proxy.answers.empty(), allowed);
  }
}

TEST(LinkerdTimeouts, StartTheResponseTimeoutWhenTheBodyIsSent) {
  OutboundPolicy policy;
  policy.timeouts.response = 100_ms;
  Proxy proxy(policy);
  proxy.flush_at_once = false;
  proxy.request({false, std::nullopt, {}});
  proxy.run_to(ms(200));
  proxy.flush();
  proxy.run_to(ms(299));
  EXPECT_TRUE(proxy.answers.empty());
  proxy.run_to(ms(300));
  EXPECT_EQ(proxy.answers.size(), 1U);
}

TEST(LinkerdTimeouts, BreakOffTheBodyAtTheResponseTimeout) {
  OutboundPolicy policy;
  policy.timeouts.response = 100_ms;
  Proxy proxy(policy);
  proxy.request();
  proxy->on_response(proxy.tries[0].attempt, {200, -1, false, false, {}}, ms(0));
  proxy.run_to(ms(100));
  ASSERT_EQ(proxy.ends.size(), 1U);
  EXPECT_EQ(proxy.answers[0].answer.status, 200);
  EXPECT_EQ(proxy.ends[0].answer.error, Error::response_timeout);
}

TEST(LinkerdTimeouts, EndABrokenGrpcBodyWithCode13) {
  OutboundPolicy policy;
  policy.kind = RouteKind::grpc;
  policy.timeouts.response = 100_ms;
  Proxy proxy(policy);
  proxy.request({true, 0, {}});
  proxy->on_response(proxy.tries[0].attempt, {200, -1, false, false, {}}, ms(0));
  proxy.run_to(ms(100));
  ASSERT_EQ(proxy.ends.size(), 1U);
  EXPECT_EQ(proxy.ends[0].answer.grpc_status, 13);
}

TEST(LinkerdTimeouts, LetAnIdleRequestWaitForHeaders) {
  OutboundPolicy policy;
  policy.timeouts.idle = 50_ms;
  Proxy proxy(policy);
  proxy.request();
  proxy.run_to(ms(10'000));
  EXPECT_TRUE(proxy.answers.empty());
}

TEST(LinkerdTimeouts, BreakOffAnIdleBody) {
  OutboundPolicy policy;
  policy.timeouts.idle = 50_ms;
  Proxy proxy(policy);
  proxy.request();
  proxy->on_response(proxy.tries[0].attempt, {200, -1, false, false, {}}, ms(0));
  proxy.run_to(ms(40));
  proxy->on_data(proxy.tries[0].attempt, 1, ms(40));
  proxy.run_to(ms(89));
  EXPECT_TRUE(proxy.ends.empty());
  proxy.run_to(ms(90));
  ASSERT_EQ(proxy.ends.size(), 1U);
  EXPECT_EQ(proxy.ends[0].answer.error, Error::idle_timeout);
}

TEST(LinkerdTimeouts, EnforceTheDeadlineOnlyFromDispatchOn) {
  OutboundPolicy policy;
  policy.timeouts.request = 500_ms;
  Proxy proxy(policy, 0);
  proxy.request();
  proxy.run_to(ms(2000));
  EXPECT_TRUE(proxy.answers.empty());
  proxy->add_endpoint(0, ms(2000));
  proxy.run_to(ms(2000));
  EXPECT_EQ(proxy.tries.size(), 1U);
  ASSERT_EQ(proxy.answers.size(), 1U);
  EXPECT_EQ(proxy.answers[0].answer.error, Error::request_timeout);
}

}  // namespace
}  // namespace spillway::model::linkerd
