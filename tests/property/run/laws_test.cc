// Laws that hold for every stable system, whatever its disciplines and distributions.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/property/run/random_spec.h"
#include "tests/support/runs.h"

namespace spillway::model::build {
namespace {

sim::Histogram latency(const ScopeResult& scope) {
  sim::Histogram all = scope.latency_success;
  all.merge(scope.latency_failure);
  return all;
}

/// L = lambda * W, both measured; what is under way at either end of the time measured spoils it a
/// little.
void expect_little(const ScopeResult& scope, double seconds, std::uint64_t arrivals) {
  const double product = static_cast<double>(arrivals) / seconds * latency(scope).mean() * 1e-9;
  EXPECT_NEAR(scope.in_flight, product, 0.02 * product);
}

struct Station {
  Discipline discipline;
  Threading threading;
  double scv;
};

class Little : public ::testing::TestWithParam<Station> {};

TEST_P(Little, HoldsForServicesAndTraffic) {
  Spec spec;
  Service front =
      service("front", {work(exponential(0.01)), call("back"), work(constant(0.005))}, 6);
  front.threading = GetParam().threading;
  Service back =
      service("back", {work(sim::Distribution::hyperexponential(s(0.02), GetParam().scv))}, 2);
  back.queue.discipline = GetParam().discipline;
  spec.scenario.services = {front, back};
  spec.scenario.traffic.push_back(poisson("users", "front", 70));
  spec.scenario.run.duration = s(2000);
  spec.scenario.run.warmup = s(10);
  spec.scenario.run.interval = s(100);
  const Measured run = build::run(spec);
  for (const char* name : {"users", "front.default", "back.default"}) {
    SCOPED_TRACE(name);
    expect_little(run[name], 1990, run.tally(name).requests);
  }
  // The queue alone: Lq = lambda * Wq.
  const ScopeResult& station = run["back.default"];
  if (GetParam().discipline != Discipline::fifo) return;
  const double product =
      static_cast<double>(station.queue_time.count()) / 1990 * station.queue_time.mean() * 1e-9;
  EXPECT_NEAR(station.queue_length, product, 0.02 * product);
}

INSTANTIATE_TEST_SUITE_P(Stations, Little,
                         ::testing::Values(Station{Discipline::fifo, Threading::blocking, 1},
                                           Station{Discipline::fifo, Threading::async, 4},
                                           Station{Discipline::lifo, Threading::blocking, 1},
                                           Station{Discipline::lifo_preemptive, Threading::async,
                                                   4},
                                           Station{Discipline::ps, Threading::blocking, 4}));

TEST(Pasta, HoldsForPoissonArrivals) {
  Spec spec;
  spec.scenario.services.push_back(service("a", {work(sim::Distribution::erlang(s(0.01), 2))}, 1));
  spec.scenario.traffic.push_back(poisson("users", "a", 60));
  spec.scenario.run.duration = s(3000);
  spec.scenario.run.warmup = s(10);
  spec.scenario.run.interval = s(100);
  const Measured run = build::run(spec);
  const ScopeResult& a = run["a.default"];
  std::uint64_t at_once = 0;
  a.queue_time.for_each_bin([&](std::int64_t low, std::int64_t, std::uint64_t n) {
    if (low == 0) at_once += n;
  });
  const double waits = 1 - static_cast<double>(at_once) / static_cast<double>(a.queue_time.count());
  EXPECT_NEAR(waits, a.utilization, 0.01);
}

TEST(Pasta, FailsForConstantArrivals) {
  Spec spec;
  spec.scenario.services.push_back(service("a", {work(constant(0.01))}, 1));
  spec.scenario.traffic.push_back(traffic("users", "a", ConstantArrivals{rate(60)}));
  const Measured run = build::run(spec);
  EXPECT_NEAR(run["a.default"].utilization, 0.6, 1e-3);
  EXPECT_EQ(run["a.default"].queue_time.max(), 0);
}

TEST(Conservation, AttemptsAreRequestsAndRetriesWhereNothingIsLost) {
  for (std::uint64_t seed = 3000; seed < 3150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Spec spec = random_calm_spec(seed);
    const Loaded<MeshPtr> mesh = compile(spec);
    if (!mesh) continue;
    const ReplicationResult result = run_replication(**mesh, spec.scenario.run.seed, 0);
    for (std::size_t i = 0; i < result.scopes.size(); ++i) {
      const Scope& scope = scopes(**mesh)[i];
      const Tally& t = result.scopes[i].tally;
      SCOPED_TRACE(scope.name);
      if (scope.kind == ScopeKind::traffic) {
        EXPECT_EQ(t.finished, t.requests);
      }
      if (scope.kind == ScopeKind::rule || scope.kind == ScopeKind::proxy) {
        EXPECT_EQ(t.attempts, t.requests + t.retries);
        EXPECT_EQ(t.finished, t.requests);
      }
      EXPECT_LE(t.attempts, t.requests + t.retries);
    }
  }
}

/// No more tries than the policies of all legs allow together.
TEST(Conservation, TriesStayWithinRetriesAndHedges) {
  Spec spec;
  spec.scenario.services.push_back(service("a", {work(exponential(0.01))}));
  spec.scenario.traffic.push_back(poisson("users", "a", 100));
  spec.scenario.faults.push_back(fault(on("a"), AbortFault{503, 70}));
  ClientPolicy client;
  client.retries = 2;
  client.hedge = Hedge{s(0.005), 2};
  spec.scenario.traffic[0].client = client;
  spec.resources.http_routes.push_back(route("a", timeouts({}), retry(1, {503})));
  for (const RequestTrace& request : trace(spec)) {
    ASSERT_LE(request.call.attempts.size(), 1U + 2U + 2U);
    for (const AttemptTrace& attempt : request.call.attempts)
      for (const CallTrace& leg : attempt.leg) ASSERT_LE(leg.attempts.size(), 2U);
  }
}

}  // namespace
}  // namespace spillway::model::build
