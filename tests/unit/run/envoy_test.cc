#include <gtest/gtest.h>

#include <map>

#include "tests/unit/run/envoy_support.h"

namespace spillway::model {
namespace {

using namespace sim::literals;

TEST(EnvoyLeg, PaysARoundTripForANewConnectionAndReusesIt) {
  EnvoyWorld world;
  world.arrive({0, 100});
  const auto traces = world.trace();
  EXPECT_EQ(told(traces[0]), "200 -, 1 tries, 4 ms");
  EXPECT_EQ(told(traces[1]), "200 -, 1 tries, 2 ms");
}

TEST(EnvoyLeg, RetriesOverANewConnectionAfterAReset) {
  EnvoyWorld world;
  world.retry("reset", 1);
  world.answer({resets(), answers(200)});
  EXPECT_EQ(told(world.trace()[0]), "200 -, 2 tries, 8 ms");
}

TEST(EnvoyLeg, StartsThePerTryTimerWhenThereIsAConnection) {
  EnvoyWorld world;
  world.retry("5xx", 0);
  world.route.retry_policy->per_try_timeout = 10_ms;
  world.answer({hangs()});
  EXPECT_EQ(told(world.trace()[0]), "504 URX,UT, 1 tries, 12 ms");
}

TEST(EnvoyLeg, StartsTheGlobalTimerAtOnce) {
  EnvoyWorld world;
  world.route.timeout = 10_ms;
  world.answer({hangs()});
  EXPECT_EQ(told(world.trace()[0]), "504 UT, 1 tries, 10 ms");
}

TEST(EnvoyLeg, FailsToConnectToAHostThatIsDown) {
  EnvoyWorld world;
  world.fault(CrashFault{}, 0, 50);
  world.arrive({10, 100});
  const auto traces = world.trace();
  EXPECT_EQ(told(traces[0]), "503 UF, 1 tries, 2 ms");
  EXPECT_EQ(told(traces[1]), "200 -, 1 tries, 4 ms");
}

TEST(EnvoyLeg, LosesItsConnectionsWithTheHost) {
  EnvoyWorld world;
  world.fault(CrashFault{}, 50, 10);
  world.arrive({0, 100});
  EXPECT_EQ(told(world.trace()[1]), "200 -, 1 tries, 4 ms");
}

TEST(EnvoyLeg, SeesABrokenConnectionWhenTheHostGoesDownMeanwhile) {
  EnvoyWorld world;
  world.answer({answers(200, 20)});
  world.fault(CrashFault{}, 10, 10);
  EXPECT_EQ(world.trace()[0].flags, std::vector<std::string>{"UC"});
}

TEST(EnvoyLeg, GivesUpConnectingAfterTheConnectTimeout) {
  EnvoyWorld world;
  world.cluster.connect_timeout = 30_ms;
  world.fault(PartitionFault{}, 0, 10'000, LinkTarget{"clients", {"up", "default", 0, {}}});
  world.arrive({5});
  EXPECT_EQ(told(world.trace()[0]), "503 UF, 1 tries, 30 ms");
}

TEST(EnvoyLeg, QueuesBehindItsConnections) {
  EnvoyWorld world;
  world.cluster.circuit_breakers = envoy::CircuitBreakers{};
  world.cluster.circuit_breakers->max_connections = 1;
  world.answer({answers(200, 10)});
  world.arrive({0, 0});
  const auto traces = world.trace();
  EXPECT_EQ(told(traces[0]), "200 -, 1 tries, 14 ms");
  EXPECT_EQ(told(traces[1]), "200 -, 1 tries, 26 ms");
}

TEST(EnvoyLeg, SharesAnHttp2Connection) {
  EnvoyWorld world;
  world.http2 = true;
  world.cluster.circuit_breakers = envoy::CircuitBreakers{};
  world.cluster.circuit_breakers->max_connections = 1;
  world.answer({answers(200, 10)});
  world.arrive({0, 0});
  EXPECT_EQ(told(world.trace()[1]), "200 -, 1 tries, 14 ms");
}

TEST(EnvoyLeg, AnswersUhWithoutAHost) {
  EnvoyWorld world;
  world.cluster.healthy_panic_threshold = 0;
  world.cluster.outlier_detection.emplace();
  world.cluster.outlier_detection->consecutive_5xx = 1;
  world.cluster.outlier_detection->max_ejection_percent = 100;
  world.answer({answers(503)});
  world.arrive({0, 100});
  const auto traces = world.trace();
  EXPECT_EQ(told(traces[0]), "503 -, 1 tries, 4 ms");
  EXPECT_EQ(told(traces[1]), "503 UH, 0 tries, 0 ms");
}

TEST(EnvoyLeg, TakesThePlaceOfAHedgedTryThatIsLate) {
  EnvoyWorld world;
  world.retry("5xx", 1);
  world.route.retry_policy->per_try_timeout = 10_ms;
  world.route.hedge_policy = envoy::HedgePolicy{true};
  world.answer({hangs(), answers(200)});
  // 2 ms to connect, 10 ms of the timer, a second connection, there and back
  EXPECT_EQ(told(world.trace()[0]), "200 -, 2 tries, 16 ms");
}

TEST(EnvoyLeg, WaitsAsLongAsRetryAfterSays) {
  EnvoyWorld world;
  world.retry("5xx", 1);
  world.route.retry_policy->rate_limited_retry_back_off.emplace();
  world.route.retry_policy->rate_limited_retry_back_off->reset_headers = {{"Retry-After", false}};
  ScriptEntry busy = answers(503);
  busy.headers = {{"retry-after", "2"}};
  world.answer({busy, answers(200)});
  const sim::Duration latency = world.trace()[0].latency;
  EXPECT_GE(latency, 2_s);
  EXPECT_LT(latency, 3100_ms);
}

/// How many of a burst are tried twice.
int retried(const EnvoyWorld& world) {
  int count = 0;
  for (const RequestTrace& trace : world.trace()) count += trace.call.attempts.size() > 1;
  return count;
}

envoy::Cluster with_budget(double percent) {
  envoy::Cluster cluster;
  cluster.circuit_breakers.emplace().retry_budget = {percent, 1, std::nullopt};
  return cluster;
}

TEST(EnvoyLeg, CountsAFailedTryAsActiveWhileItsRetryIsJudged) {
  EnvoyWorld world;
  world.cluster = with_budget(50);
  world.retry("5xx", 1);
  world.route.retry_policy->retry_back_off = envoy::RetryBackOff{1_s, {}};
  world.answer({answers(503, 50)});
  world.arrive(std::vector<std::int64_t>(20));
  EXPECT_EQ(retried(world), 7);  // the 7th is judged with 14 active: 6 < 7
}

TEST(EnvoyLeg, CountsThoseWhoWaitedForARefusedConnectionUntilTheyAreJudged) {
  EnvoyWorld world;
  world.cluster = with_budget(50);
  world.retry("connect-failure", 1);
  world.route.retry_policy->retry_back_off = envoy::RetryBackOff{1_s, {}};
  world.fault(CrashFault{}, 0, 60'000);
  world.arrive(std::vector<std::int64_t>(20));
  EXPECT_EQ(retried(world), 7);
}

/// How many of 40 tries, one after the other, reach the host that fails.
int tries_of_a_bad_host(bool http2) {
  EnvoyWorld world(2);
  world.http2 = http2;
  envoy::OutlierDetection& outlier = world.cluster.outlier_detection.emplace();
  outlier.consecutive_5xx = 3;
  outlier.max_ejection_percent = 100;
  ScriptEntry unavailable = answers(200);
  unavailable.headers = {{"grpc-status", "14"}};
  world.answer({unavailable});
  std::vector<std::int64_t> times;
  for (int i = 0; i < 40; ++i) times.push_back(10 * i);
  world.arrive(times);
  int most = 0;
  std::map<int, int> tries;
  for (const RequestTrace& trace : world.trace())
    for (const AttemptTrace& attempt : trace.call.attempts)
      most = std::max(most, ++tries[attempt.replica]);
  return most;
}

TEST(EnvoyLeg, ReadsTheGrpcStatusForOutlierDetectionOverHttp2Only) {
  EXPECT_EQ(tries_of_a_bad_host(false), 20);
  EXPECT_NE(tries_of_a_bad_host(true), 20);
}

TEST(EnvoyLeg, TurnsRequestsAwayOnceTooManyHaveFailed) {
  EnvoyWorld world;
  world.proxy.admission_control.emplace();
  world.answer({answers(503)});
  std::vector<std::int64_t> arrivals;
  for (std::int64_t at = 0; at < 1000; ++at) arrivals.push_back(at);
  world.arrive(arrivals);
  int rejected = 0;
  for (const RequestTrace& trace : world.trace()) rejected += trace.call.attempts.empty();
  EXPECT_GT(rejected, 600);  // 80 % in the end
  EXPECT_LT(rejected, 850);
}

TEST(EnvoyLeg, LetsThreeThroughWhileAdaptiveConcurrencyMeasures) {
  EnvoyWorld world;
  world.proxy.adaptive_concurrency.emplace();
  world.arrive({0, 0, 0, 0, 0, 100});
  std::string statuses;
  for (const RequestTrace& trace : world.trace()) statuses += std::to_string(trace.status) + " ";
  EXPECT_EQ(statuses, "200 200 200 503 503 200 ");
}

/// A sidecar's try is the request of the proxy behind it.
TEST(EnvoyLeg, RetriesWhatTheNextProxyHasGivenUp) {
  EnvoyWorld world;
  world.retry("5xx", 1);
  world.answer({answers(503), answers(503), answers(503), answers(200)});
  Mesh mesh = world.mesh();
  Leg sidecar = mesh.legs.back();
  Hop next;
  next.to = Hop::To::leg;
  next.target = static_cast<Id>(mesh.legs.size() - 1);
  const EnvoyHost proxy{static_cast<Id>(mesh.hops.size()), 0};
  mesh.hops.push_back(next);
  sidecar.first_hop = static_cast<Id>(mesh.hops.size());
  Hop cluster;
  cluster.to = Hop::To::cluster;
  cluster.first_peer = sidecar.first_hop;
  cluster.cluster = add_envoy_cluster(mesh, envoy::Cluster{}, true, {proxy}, 2, 1);
  mesh.hops.push_back(cluster);
  mesh.calls[0].leg = static_cast<Id>(mesh.legs.size());
  mesh.legs.push_back(sidecar);
  Tracer tracer(mesh, {});
  Simulation simulation(mesh, 1, 0, &tracer);
  simulation.run({}, nullptr);
  const RequestTrace trace = tracer.take()[0];
  EXPECT_EQ(trace.status, 200);
  ASSERT_EQ(trace.call.attempts.size(), 2U);
  EXPECT_EQ(trace.call.attempts[0].leg[0].attempts.size(), 2U);
  EXPECT_EQ(trace.call.attempts[0].leg[0].flags, std::vector<std::string>{"URX"});
  EXPECT_TRUE(simulation.envoys_idle());
}

/// Everything at once: what is taken is given back, and the same seed gives the same run.
TEST(EnvoyLeg, LeavesNothingBehindWhateverHappens) {
  EnvoyWorld world(4);
  world.retry("5xx,reset,connect-failure", 3);
  world.route.timeout = 60_ms;
  world.route.retry_policy->per_try_timeout = 15_ms;
  world.route.retry_policy->previous_hosts = true;
  world.route.hedge_policy = envoy::HedgePolicy{true};
  world.cluster.circuit_breakers = envoy::CircuitBreakers{5, 10, 8, {}, envoy::RetryBudget{}};
  world.cluster.outlier_detection.emplace();
  world.cluster.outlier_detection->interval = 100_ms;
  world.cluster.outlier_detection->base_ejection_time = 50_ms;
  world.cluster.outlier_detection->max_ejection_percent = 60;
  world.answer({answers(503, 20), resets(), hangs(), answers(200, 5)});
  world.fault(CrashFault{}, 300, 200, ServiceTarget{{"up", "default", 0, {}}, 2, ""});
  std::vector<std::int64_t> arrivals;
  for (std::int64_t at = 0; at < 1500; ++at) arrivals.push_back(at / 2 * 2);
  world.arrive(arrivals);
  const Mesh mesh = world.mesh();
  std::vector<OutcomeCount> outcomes[2];
  for (auto& list : outcomes) {
    Simulation simulation(mesh, 3, 0);
    ASSERT_TRUE(simulation.run({}, nullptr));
    const ReplicationResult result = simulation.take();
    EXPECT_EQ(result.open_streams, 0U);
    EXPECT_EQ(result.open_attempts, 0U);
    EXPECT_TRUE(simulation.envoys_idle());
    list = result.outcomes;
  }
  ASSERT_GT(outcomes[0].size(), 4U);
  ASSERT_EQ(outcomes[0].size(), outcomes[1].size());
  for (std::size_t i = 0; i < outcomes[0].size(); ++i) {
    EXPECT_EQ(outcomes[0][i].flags, outcomes[1][i].flags);
    EXPECT_EQ(outcomes[0][i].count, outcomes[1][i].count);
  }
}

}  // namespace
}  // namespace spillway::model
