#include "model/envoy/retry_on.h"

#include <gtest/gtest.h>

namespace spillway::model::envoy {
namespace {

const std::vector<std::uint32_t> kNoCodes;

AttemptResult answer(std::uint16_t status) {
  AttemptResult result;
  result.status = status;
  return result;
}

AttemptResult grpc(std::int16_t status) {
  AttemptResult result = answer(200);
  result.grpc_status = status;
  return result;
}

AttemptResult failure(Outcome outcome, bool sent = true) {
  AttemptResult result;
  result.outcome = outcome;
  result.request_sent = sent;
  return result;
}

bool retried(std::string_view on, const AttemptResult& result,
             const std::vector<std::uint32_t>& codes = kNoCodes) {
  return retriable(parse_retry_on(on), codes, result);
}

TEST(RetryOn, ReadsNamesWithBlanksAroundThem) {
  EXPECT_EQ(parse_retry_on(" 5xx ,reset"), parse_retry_on("reset,5xx"));
}

TEST(RetryOn, IgnoresUnknownNames) {
  EXPECT_EQ(parse_retry_on("http3-post-connect-failure,whatever").bits, 0U);
}

TEST(RetryOn, RetriesNothingWhenEmpty) {
  EXPECT_FALSE(retried("", answer(503), {503}));
  EXPECT_FALSE(retried("", failure(Outcome::refused)));
}

TEST(RetryOn, RetriesAll5xxStatusesUnder5xx) {
  EXPECT_TRUE(retried("5xx", answer(500)));
  EXPECT_TRUE(retried("5xx", answer(599)));
  EXPECT_FALSE(retried("5xx", answer(499)));
}

TEST(RetryOn, RetriesThreeStatusesUnderGatewayError) {
  EXPECT_FALSE(retried("gateway-error", answer(501)));
  EXPECT_TRUE(retried("gateway-error", answer(502)));
  EXPECT_TRUE(retried("gateway-error", answer(504)));
  EXPECT_FALSE(retried("gateway-error", answer(505)));
}

TEST(RetryOn, Retries409OnlyUnderRetriable4xx) {
  EXPECT_TRUE(retried("retriable-4xx", answer(409)));
  EXPECT_FALSE(retried("retriable-4xx", answer(429)));
}

TEST(RetryOn, NeedsItsConditionForCodes) {
  EXPECT_TRUE(retried("retriable-status-codes", answer(418), {418}));
  EXPECT_FALSE(retried("connect-failure", answer(418), {418}));
}

TEST(RetryOn, RetriesRateLimitedAnswersOnlyWhenAsked) {
  AttemptResult limited = answer(503);
  limited.rate_limited = true;
  EXPECT_FALSE(retried("5xx", limited));
  EXPECT_TRUE(retried("envoy-ratelimited", limited));
}

TEST(RetryOn, MatchesGrpcStatusByName) {
  EXPECT_TRUE(retried("cancelled", grpc(1)));
  EXPECT_TRUE(retried("deadline-exceeded", grpc(4)));
  EXPECT_TRUE(retried("resource-exhausted", grpc(8)));
  EXPECT_TRUE(retried("internal", grpc(13)));
  EXPECT_TRUE(retried("unavailable", grpc(14)));
  EXPECT_FALSE(retried("unavailable,cancelled", grpc(13)));
  EXPECT_FALSE(retried("cancelled,deadline-exceeded,internal,unavailable", grpc(2)));
}

TEST(RetryOn, NeverRetriesWhatABreakerRefused) {
  EXPECT_FALSE(retried("5xx,reset,connect-failure,gateway-error,reset-before-request",
                       failure(Outcome::overflow, false)));
}

TEST(RetryOn, RetriesConnectFailures) {
  for (const char* on :
       {"connect-failure", "reset-before-request", "reset", "5xx", "gateway-error"})
    EXPECT_TRUE(retried(on, failure(Outcome::refused, false))) << on;
  EXPECT_FALSE(retried("refused-stream", failure(Outcome::refused, false)));
  EXPECT_FALSE(retried("retriable-status-codes", failure(Outcome::refused, false), {503}));
}

TEST(RetryOn, RetriesBrokenConnectionsAfterTheRequestWasSent) {
  for (const char* on : {"reset", "5xx", "gateway-error"})
    EXPECT_TRUE(retried(on, failure(Outcome::reset))) << on;
  for (const char* on : {"connect-failure", "reset-before-request", "refused-stream"})
    EXPECT_FALSE(retried(on, failure(Outcome::reset))) << on;
}

TEST(RetryOn, RetriesAResetBeforeTheRequest) {
  EXPECT_TRUE(retried("reset-before-request", failure(Outcome::reset, false)));
}

TEST(RetryOn, RetriesPerTryTimeoutsAsResets) {
  for (const char* on : {"reset", "5xx", "gateway-error"})
    EXPECT_TRUE(retried(on, failure(Outcome::per_try_timeout))) << on;
  EXPECT_FALSE(
      retried("connect-failure,retriable-status-codes", failure(Outcome::per_try_timeout), {504}));
}

TEST(RetryOn, RetriesRefusedStreams) {
  AttemptResult refused = failure(Outcome::reset);
  refused.refused_stream = true;
  EXPECT_TRUE(retried("refused-stream", refused));
}

}  // namespace
}  // namespace spillway::model::envoy
