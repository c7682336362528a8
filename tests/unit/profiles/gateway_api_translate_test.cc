#include <gmock/gmock.h>

#include "model/profiles/gateway_api/options.h"
#include "tests/support/build.h"

namespace spillway::model::gateway_api {
namespace {

using namespace sim::literals;
using build::budget_policy;
using build::retry;
using build::timeouts;
using testing::ElementsAre;
using testing::IsEmpty;

HttpRouteRule rule(std::optional<HttpRouteTimeouts> limits,
                   std::optional<HttpRouteRetry> retries = {}) {
  HttpRouteRule result;
  result.timeouts = limits;
  result.retry = std::move(retries);
  return result;
}

neutral::RuleConfig translated(const HttpRouteRule& rule, const Options& options = {}) {
  std::vector<Assumption> ignored;
  return translate(rule, options, ignored);
}

std::vector<std::string> assumed(const HttpRouteRule& rule, const Options& options = {}) {
  std::vector<Assumption> list;
  translate(rule, options, list);
  std::vector<std::string> texts;
  for (const Assumption& a : list) texts.push_back(a.name + "=" + a.value);
  return texts;
}

TEST(GatewayApiTranslate, LeavesARuleWithoutPolicyAlone) {
  const auto config = translated(rule({}));
  EXPECT_FALSE(config.request_timeout);
  EXPECT_FALSE(config.backend_request_timeout);
  EXPECT_FALSE(config.retry);
}

TEST(GatewayApiTranslate, ReadsTimeouts) {
  const auto config = translated(rule(timeouts(10_s, 2_s)));
  EXPECT_EQ(config.request_timeout, 10_s);
  EXPECT_EQ(config.backend_request_timeout, 2_s);
}

TEST(GatewayApiTranslate, SwitchesZeroTimeoutsOff) {
  Options options;
  options.request_timeout = 15_s;
  EXPECT_FALSE(translated(rule(timeouts(0_s, 0_s)), options).request_timeout);
}

TEST(GatewayApiTranslate, FillsAbsentTimeoutsFromTheOptions) {
  Options options;
  options.request_timeout = 15_s;
  options.backend_request_timeout = 3_s;
  EXPECT_EQ(translated(rule(timeouts(1_s)), options).request_timeout, 1_s);
  EXPECT_EQ(translated(rule(timeouts(1_s)), options).backend_request_timeout, 3_s);
  EXPECT_EQ(translated(rule({}), options).request_timeout, 15_s);
}

TEST(GatewayApiTranslate, ReadsTheRetryStanza) {
  const auto config = translated(rule({}, retry(3, {500, 503}, 100_ms)));
  EXPECT_TRUE(config.retry);
  EXPECT_EQ(config.attempts, 3u);
  EXPECT_EQ(config.backoff, 100_ms);
  EXPECT_EQ(config.codes.count(), 2u);
  EXPECT_TRUE(config.codes[500] && config.codes[503]);
}

TEST(GatewayApiTranslate, RetriesNoCodeThatIsNotNamed) {
  EXPECT_TRUE(translated(rule({}, retry(3))).codes.none());
}

TEST(GatewayApiTranslate, FillsAnEmptyStanzaFromTheOptions) {
  Options options;
  options.retry_attempts = 7;
  options.retry_backoff = 25_ms;
  const auto config = translated(rule({}, HttpRouteRetry{}), options);
  EXPECT_TRUE(config.retry);
  EXPECT_EQ(config.attempts, 7u);
  EXPECT_EQ(config.backoff, 25_ms);
}

TEST(GatewayApiTranslate, HandsTheChoicesOn) {
  Options options;
  options.retry_on_connect_failure = false;
  options.retry_on_reset = false;
  options.retry_on_backend_timeout = false;
  options.connection_error_status = 500;
  options.budget_denied_status = 0;
  const auto config = translated(rule({}, retry(1)), options);
  EXPECT_FALSE(config.retry_refused || config.retry_reset || config.retry_backend_timeout);
  EXPECT_EQ(config.connection_error_status, 500);
  EXPECT_EQ(config.budget_denied_status, 0);
  EXPECT_EQ(config.timeout_status, 504);
}

TEST(GatewayApiTranslate, ListsWhatItAssumed) {
  EXPECT_THAT(assumed(rule(timeouts(10_s, 2_s))), IsEmpty());
  EXPECT_THAT(assumed(rule({})), ElementsAre("requestTimeout=none", "backendRequestTimeout=none"));
  EXPECT_THAT(assumed(rule(timeouts(10_s, 2_s), retry(3, {503}, 100_ms))),
              ElementsAre("backoffLaw=constant, the given minimum", "retryOnConnectFailure=true",
                          "retryOnReset=true", "retryOnBackendTimeout=true"));
  EXPECT_THAT(assumed(rule(timeouts(10_s, 0_s), HttpRouteRetry{})),
              ElementsAre("retryAttempts=2", "retryBackoff=0s", "retryOnConnectFailure=true",
                          "retryOnReset=true"));
}

TEST(GatewayApiTranslate, ListsAnAssumptionOnce) {
  std::vector<Assumption> list;
  translate(rule({}), {}, list);
  translate(rule({}), {}, list);
  EXPECT_EQ(list.size(), 2u);
}

TEST(GatewayApiBudget, IsNoneWithoutAPolicy) {
  std::vector<Assumption> list;
  EXPECT_EQ(translate_budget(nullptr, {}, list), Budget());
  XBackendTrafficPolicy session_only;
  EXPECT_EQ(translate_budget(&session_only, {}, list), Budget());
  EXPECT_THAT(list, IsEmpty());
}

TEST(GatewayApiBudget, IsTheRetryConstraintOfThePolicy) {
  std::vector<Assumption> list;
  const auto policy = budget_policy("a", 30, 5, 20, 2);
  EXPECT_EQ(translate_budget(&policy, {}, list), Budget(WindowBudget{30, 20_s, 5, 2_s}));
}

TEST(GatewayApiBudget, ListsHowItCounts) {
  std::vector<Assumption> list;
  const auto policy = budget_policy("a", 30, 5);
  Options options;
  options.budget_denied_status = 0;
  options.budget_reading.window.share = WindowReading::Share::originals;
  translate_budget(&policy, options, list);
  std::vector<std::string> texts;
  for (const Assumption& a : list) texts.push_back(a.name + "=" + a.value);
  EXPECT_THAT(texts, ElementsAre("budgetShare=originals", "budgetFloor=per-interval",
                                 "budgetCounted=decision", "budgetDeniedStatus=original",
                                 "budgetScope=one budget per client proxy and backend"));
}

TEST(GatewayApiBudget, YieldsToTheOverride) {
  std::vector<Assumption> list;
  const auto policy = budget_policy("a", 30, 5);
  Options options;
  options.budget_override = GrpcBudget{};
  EXPECT_EQ(translate_budget(&policy, options, list), Budget(GrpcBudget{}));
  EXPECT_EQ(translate_budget(nullptr, options, list), Budget(GrpcBudget{}));
}

}  // namespace
}  // namespace spillway::model::gateway_api
