// Timeouts, retries and budgets of a route, on a script.
#include "tests/unit/run/run_support.h"

namespace spillway::model::build {
namespace {

using ::testing::ElementsAre;

Spec routed(Service a, HttpRoute rule, const std::vector<double>& seconds = {0}) {
  Spec spec = sent_at(seconds, {std::move(a)});
  spec.resources.http_routes.push_back(std::move(rule));
  return spec;
}

TEST(RunRetries, WaitTheBackoff) {
  const auto traces = trace(
      routed(scripted("a", {status(500), status(200)}), route("a", {}, retry(3, {500}, s(1)))));
  const CallTrace& call = traces.at(0).call;
  ASSERT_EQ(call.attempts.size(), 2u);
  EXPECT_EQ(call.route, "default/a");
  EXPECT_EQ(call.retry_stopped, "none");
  EXPECT_EQ(call.attempts[0].status, 500);
  EXPECT_EQ(call.attempts[0].backoff, s(0));
  EXPECT_EQ(call.attempts[1].start, at(1));
  EXPECT_EQ(call.attempts[1].backoff, s(1));
  EXPECT_EQ(call.attempts[1].status, 200);
}

TEST(RunRetries, StopAtTheLimit) {
  const auto traces = trace(routed(scripted("a", {status(500)}), route("a", {}, retry(2, {500}))));
  EXPECT_EQ(traces.at(0).status, 500);
  EXPECT_THAT(traces.at(0).flags, ElementsAre("URX"));
  EXPECT_EQ(traces.at(0).call.attempts.size(), 3u);
  EXPECT_EQ(traces.at(0).call.retry_stopped, "limit");
}

TEST(RunRetries, EndWithTheRequestTimeout) {
  const auto traces = trace(
      routed(scripted("a", {status(500)}), route("a", timeouts(s(2.5)), retry(9, {500}, s(1)))));
  EXPECT_EQ(traces.at(0).status, 504);
  EXPECT_THAT(traces.at(0).flags, ElementsAre("UT"));
  EXPECT_EQ(traces.at(0).latency, s(2.5));
  EXPECT_EQ(traces.at(0).call.attempts.size(), 3u);
  EXPECT_EQ(traces.at(0).call.retry_stopped, "timeout");
}

TEST(RunRetries, LoseATieWithTheRequestTimeout) {
  EXPECT_EQ(answer(routed(service("a", {work(constant(1))}), route("a", timeouts(s(1))))),
            "504 UT after 1000 ms");
  // The retry would leave at the moment in which the request expires.
  const auto traces = trace(routed(scripted("a", {status(500), status(200)}),
                                   route("a", timeouts(s(1)), retry(1, {500}, s(1)))));
  EXPECT_EQ(traces.at(0).status, 504);
  EXPECT_EQ(traces.at(0).call.attempts.size(), 1u);
}

TEST(RunRetries, LoseATieOfBothTimeouts) {
  const auto traces =
      trace(routed(scripted("a", {hang()}), route("a", timeouts(s(1), s(1)), retry(5))));
  EXPECT_EQ(traces.at(0).call.retry_stopped, "timeout");
  EXPECT_EQ(traces.at(0).call.attempts.size(), 1u);
}

TEST(RunRetries, FollowATryThatTookTooLong) {
  const auto traces = trace(routed(scripted("a", {hang(), status(200, 0.5)}),
                                   route("a", timeouts(s(10), s(1)), retry(1))));
  EXPECT_EQ(traces.at(0).status, 200);
  EXPECT_EQ(traces.at(0).latency, s(1.5));
  EXPECT_EQ(traces.at(0).call.attempts.at(0).outcome, "per-try-timeout");
}

TEST(RunRetries, FollowARefusedConnection) {
  Spec spec = routed(scripted("a", {refuse(), status(200)}), route("a", {}, retry(1)));
  EXPECT_EQ(answer(spec), "200 after 0 ms");
  spec.scenario.mesh.options["retryOnConnectFailure"] = option(false);
  EXPECT_EQ(answer(spec), "503 UF after 0 ms");
}

TEST(RunRetries, FollowAReset) {
  Spec spec = routed(scripted("a", {reset(0.5), status(200)}), route("a", {}, retry(1)));
  EXPECT_EQ(answer(spec), "200 after 500 ms");
  spec.scenario.mesh.options["retryOnReset"] = option(false);
  spec.scenario.mesh.options["connectionErrorStatus"] = option(500.0);
  EXPECT_EQ(answer(spec), "500 UC after 500 ms");
}

TEST(RunRetries, TellTheLatencyOfTheWay) {
  Spec spec = routed(scripted("a", {status(500), status(200)}), route("a", {}, retry(1, {500})));
  spec.scenario.mesh.options["networkLatency"] = option(constant(0.01));
  spec.scenario.mesh.options["proxyLatency"] = option(constant(0));
  const auto attempts = trace(spec).at(0).call.attempts;
  ASSERT_EQ(attempts.size(), 2u);
  EXPECT_EQ(attempts[0].end - attempts[0].start, s(0.02));
}

TEST(RunRetries, AreCountedOnceByEveryScope) {
  const Measured run = build::run(routed(scripted("a", {status(500), status(500), status(200)}),
                                         route("a", {}, retry(3, {500})), {0, 10, 20}));
  for (const char* scope : {"a.default", "users->a.default", "default/a#0"}) {
    EXPECT_EQ(run.tally(scope).requests, 3u) << scope;
    EXPECT_EQ(run.tally(scope).attempts, 9u) << scope;
    EXPECT_EQ(run.tally(scope).retries, 6u) << scope;
  }
  EXPECT_EQ(run.tally("users").retries, 6u);
  EXPECT_EQ(run.tally("users").attempts, 9u);
  EXPECT_EQ(run.outcomes("users"), "200 - 3");
}

TEST(RunRetries, AreNotCleanAttempts) {
  const Measured run = build::run(
      routed(scripted("a", {status(500), status(200)}), route("a", {}, retry(1, {500}))));
  EXPECT_EQ(run.tally("a.default").attempts, 2u);
  EXPECT_EQ(run.tally("a.default").clean_attempts, 1u);
}

TEST(RunRetries, StopWhenTheBudgetIsEmpty) {
  Spec spec = routed(scripted("a", {status(500)}), route("a", {}, retry(3, {500})));
  spec.resources.backend_traffic_policies.push_back(budget_policy("a", 0, 1));
  const auto traces = trace(spec);
  EXPECT_EQ(traces.at(0).status, 503);
  EXPECT_THAT(traces.at(0).flags, ElementsAre("UO"));
  EXPECT_EQ(traces.at(0).call.attempts.size(), 2u);
  EXPECT_EQ(traces.at(0).call.retry_stopped, "budget");
  const Measured run = build::run(spec);
  EXPECT_EQ(run.tally("default/a#0").budget_denied, 1u);
  EXPECT_EQ(run.tally("users").budget_denied, 1u);
}

TEST(RunRetries, ShowTheBalanceOfTheirBudget) {
  Spec spec = routed(scripted("a", {status(500)}), route("a", {}, retry(3, {500})));
  spec.scenario.mesh.options["budgetOverride"] =
      option(Budget(TokenBudget{.capacity = 5, .per_request = 0, .cost = 1, .above = 0}));
  const Measured run = build::run(spec);
  EXPECT_EQ(run.result.series[run.index("default/a#0")].at(0).budget_balance, 2);
}

TEST(RunRetries, HaveNoBalanceWhenTheyAreFree) {
  Spec spec = routed(scripted("a", {status(500)}), route("a", {}, retry(3, {500})));
  spec.scenario.mesh.options["budgetOverride"] =
      option(Budget(TokenBudget{.capacity = 5, .per_request = 0, .cost = 0, .above = 0}));
  const Measured run = build::run(spec);
  EXPECT_TRUE(std::isnan(run.result.series[run.index("default/a#0")].at(0).budget_balance));
}

TEST(RunRetries, OfApplicationsFollowTheirOwnPolicy) {
  ClientPolicy policy;
  policy.retries = 2;
  policy.backoff.base = s(1);
  Spec spec = sent_at({0}, {service("a", {call("b", policy)}),
                            scripted("b", {status(503), status(503), status(200)})});
  EXPECT_EQ(answer(spec), "200 after 3000 ms");
  policy.timeout = s(2);
  spec.scenario.services[0] = service("a", {call("b", policy)});
  EXPECT_EQ(trace(spec).at(0).latency, s(2));
}

TEST(RunRetries, AreNotNeededWhereAHedgeSucceeds) {
  ClientPolicy policy;
  policy.hedge = Hedge{s(0.5), 1};
  const Spec spec =
      sent_at({0}, {service("a", {call("b", policy)}), scripted("b", {hang(), status(200)})});
  EXPECT_EQ(answer(spec), "200 after 500 ms");
  EXPECT_EQ(build::run(spec).tally("b.default").attempts, 2u);
}

}  // namespace
}  // namespace spillway::model::build
