// Where requests come from, and what is counted of them.
#include <numeric>

#include "tests/unit/run/run_support.h"

namespace spillway::model::build {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Spec closed(std::uint32_t users, double think) {
  Spec spec;
  spec.scenario.services.push_back(service("a", {work(constant(1))}));
  spec.scenario.traffic.push_back(traffic("users", "a", ClosedArrivals{users, constant(think)}));
  spec.scenario.run.duration = s(10);
  return spec;
}

TEST(RunTraffic, OfAClosedLoopWaitsForTheAnswer) {
  EXPECT_EQ(build::run(closed(1, 1)).tally("users").requests, 5u);
  EXPECT_EQ(build::run(closed(3, 0)).tally("users").requests, 30u);
}

TEST(RunTraffic, GoesOnAfterTheEndUntilAllIsAnswered) {
  const Measured run = build::run(sent_at({99.5}, {service("a", {work(constant(5))})}));
  EXPECT_EQ(run.outcomes("users"), "200 - 1");
  EXPECT_EQ(run["users"].latency_success.count(), 1u);
}

Spec one_per_second(double warmup) {
  Spec spec;
  spec.scenario.services.push_back(service("a", {work(constant(0.5))}, 4));
  spec.scenario.traffic.push_back(traffic("users", "a", ConstantArrivals{rate(1)}));
  spec.scenario.run.duration = s(20);
  spec.scenario.run.warmup = s(warmup);
  return spec;
}

TEST(RunTraffic, OfTheWarmUpIsNotCounted) {
  const std::uint64_t all = build::run(one_per_second(0)).tally("users").requests;
  const Measured warm = build::run(one_per_second(10));
  EXPECT_EQ(warm.tally("users").requests, all - 10);
  EXPECT_EQ(warm.tally("a.default").attempts, all - 10);
  EXPECT_EQ(warm.result.requests, all);
}

TEST(RunTraffic, OfTheWarmUpStandsInTheSeries) {
  const Measured run = build::run(one_per_second(10));
  const auto& rows = run.result.series[run.index("users")];
  ASSERT_EQ(rows.size(), 20u);
  const double sent =
      std::accumulate(rows.begin(), rows.end(), 0.0,
                      [](double sum, const IntervalRow& row) { return sum + row.requests_per_s; });
  EXPECT_EQ(sent, static_cast<double>(run.result.requests));
}

TEST(RunSeries, TellsAnIntervalAsItWas) {
  Spec spec = sent_at({0, 0.5, 1.25}, {service("a", {work(constant(0.25))}, 1)});
  spec.scenario.run.duration = s(3);
  const Measured run = build::run(spec);
  const auto& rows = run.result.series[run.index("a.default")];
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].requests_per_s, 2);
  EXPECT_EQ(rows[0].success_rate, 1);
  EXPECT_DOUBLE_EQ(rows[0].utilization, 0.5);
  EXPECT_DOUBLE_EQ(rows[1].utilization, 0.25);
  EXPECT_EQ(rows[2].requests_per_s, 0);
  EXPECT_TRUE(std::isnan(rows[2].success_rate));
  EXPECT_TRUE(std::isnan(rows[0].budget_balance));
}

TEST(RunSeries, EndsWithAShorterInterval) {
  Spec spec = sent_at({0, 2.25}, {service("a")});
  spec.scenario.run.duration = s(2.5);
  const Measured run = build::run(spec);
  const auto& rows = run.result.series[run.index("users")];
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_DOUBLE_EQ(rows[2].requests_per_s, 2);
}

TEST(RunMirrors, ReachTheirBackendAndNobodyWaits) {
  HttpRouteRule rule;
  RequestMirrorFilter mirror;
  mirror.backend_ref = backend("b").ref;
  rule.filters.push_back({mirror, {}});
  Spec spec = sent_at({0}, {service("a", {work(constant(1))}), service("b", {work(constant(9))})});
  spec.resources.http_routes.push_back(route("a", rule));
  const Measured run = build::run(spec);
  EXPECT_EQ(run.tally("b.default").attempts, 1u);
  EXPECT_EQ(run.tally("users").requests, 1u);
  EXPECT_EQ(answer(spec), "200 after 1000 ms");
}

TEST(RunMirrors, DoNotFailTheRequest) {
  HttpRouteRule rule;
  RequestMirrorFilter mirror;
  mirror.backend_ref = backend("b").ref;
  rule.filters.push_back({mirror, {}});
  Spec spec = sent_at({0}, {service("a"), scripted("b", {status(500)})});
  spec.resources.http_routes.push_back(route("a", rule));
  EXPECT_EQ(build::run(spec).outcomes("users"), "200 - 1");
}

TEST(RunTraces, TellWhereARequestWent) {
  const auto traces = trace(sent_at({1, 2}, {service("a", {call("b")}), service("b")}));
  ASSERT_EQ(traces.size(), 2u);
  EXPECT_EQ(traces[1].request, 1u);
  EXPECT_EQ(traces[1].traffic, "users");
  EXPECT_EQ(traces[1].arrival, at(2));
  EXPECT_EQ(traces[1].call.to, "a.default:80");
  ASSERT_EQ(traces[1].call.attempts.size(), 1u);
  EXPECT_EQ(traces[1].call.attempts[0].backend, "default/a:80");
  EXPECT_EQ(traces[1].call.attempts[0].replica, 0);
  ASSERT_EQ(traces[1].call.attempts[0].calls.size(), 1u);
  EXPECT_EQ(traces[1].call.attempts[0].calls[0].to, "b.default:80");
}

TEST(RunTraces, TellOnlyTheRequestThatWasAskedFor) {
  const MeshPtr mesh = compiled(sent_at({1, 2, 3}, {service("a")}));
  const auto traces = trace_requests(*mesh, {0, 1});
  ASSERT_EQ(traces.size(), 1u);
  EXPECT_EQ(traces[0].arrival, at(2));
  EXPECT_TRUE(trace_requests(*mesh, {0, 7}).empty());
}

TEST(RunTraces, TellWhatNeverEnded) {
  const auto traces = trace(sent_at({0}, {scripted("a", {hang()})}));
  EXPECT_FALSE(traces.at(0).call.finished);
  EXPECT_EQ(traces.at(0).status, 0);
}

TEST(RunTraces, TellOfFaultsAndWaits) {
  Spec spec = sent_at({0, 0}, {service("a", {work(constant(1))}, 1)});
  EXPECT_THAT(trace(spec).at(1).call.attempts.at(0).notes,
              ElementsAre("at 1000 ms: waited 1000 ms for a worker"));
  spec.scenario.faults.push_back(fault(on("a"), AbortFault{500}));
  EXPECT_THAT(trace(spec).at(0).call.attempts.at(0).notes,
              ElementsAre("at 0 ms: injected fault: abort"));
}

TEST(Compile, RefusesUnknownProfilesAndOptions) {
  Spec spec = sent_at({0}, {service("a")});
  spec.scenario.mesh.options["nonsense"] = option(1.0);
  EXPECT_THAT(errors_of(spec),
              HasSubstr("unknown option of profile gateway-api (got \"nonsense\""));
  spec.scenario.mesh.options.clear();
  spec.scenario.mesh.profile = "nonsense";
  EXPECT_THAT(errors_of(spec), HasSubstr("unknown profile (got \"nonsense\""));
}

TEST(Compile, RefusesCallsThatNobodyAnswers) {
  EXPECT_THAT(errors_of(sent_at({0}, {service("a", {call("aa")})})),
              HasSubstr("unknown service (got \"aa"));
}

TEST(Compile, RefusesCallsInACircle) {
  EXPECT_THAT(errors_of(sent_at({0}, {service("a", {call("b")}), service("b", {call("a")})})),
              HasSubstr("calls go in a circle without end"));
}

TEST(Compile, ListsAssumptionsOfTheRulesThatAreUsed) {
  Spec spec = sent_at({0}, {service("a")});
  spec.resources.http_routes.push_back(route("a", {}, HttpRouteRetry{}));
  const MeshPtr mesh = compiled(spec);
  std::vector<std::string> names;
  for (const Assumption& a : assumptions(*mesh)) names.push_back(a.name);
  EXPECT_THAT(names, ::testing::IsSupersetOf({"workers", "requestTimeout", "retryAttempts",
                                              "retryBackoff", "retryOnReset"}));
}

TEST(Compile, ListsTheLatenciesThatTheScenarioLeavesToTheProfile) {
  Spec spec = sent_at({0}, {service("a")});
  spec.scenario.mesh.options["networkLatency"].value = constant(0.001);
  spec.resources.http_routes.push_back(route("a", {}, HttpRouteRetry{}));
  const MeshPtr mesh = compiled(spec);
  std::vector<std::string> names;
  for (const Assumption& a : assumptions(*mesh)) names.push_back(a.name);
  EXPECT_THAT(names, ::testing::Contains("proxyLatency"));
  EXPECT_THAT(names, ::testing::Not(::testing::Contains("networkLatency")));
}

TEST(Replications, ArePureFunctionsOfSeedAndNumber) {
  Spec spec = sent_at({0}, {service("a", {work(exponential(1))})});
  spec.scenario.traffic[0] = poisson("users", "a", 5);
  const auto mean = [&](std::uint32_t n) {
    return build::run(spec, n)["users"].latency_success.mean();
  };
  EXPECT_EQ(mean(0), mean(0));
  EXPECT_NE(mean(0), mean(1));
}

TEST(Replications, EndEarlyWhenStopped) {
  Spec spec = sent_at({0}, {service("a")});
  spec.scenario.traffic[0] = poisson("users", "a", 1000);
  const MeshPtr mesh = compiled(spec);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_LT(run_replication(*mesh, 1, 0, stop.get_token()).requests, 10'000u);
}

}  // namespace
}  // namespace spillway::model::build
