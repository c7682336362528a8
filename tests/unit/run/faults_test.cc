// What requests that meet an injected fault suffer.
#include "tests/unit/run/run_support.h"

namespace spillway::model::build {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Spec with_fault(FaultAction action, const std::vector<double>& seconds, double from, double length,
                Step step = work(constant(2))) {
  Spec spec = sent_at(seconds, {service("a", {std::move(step)}, 1)});
  spec.scenario.faults.push_back(fault(on("a"), std::move(action), from, length));
  return spec;
}

std::vector<int> statuses(Spec spec) {
  std::vector<int> list;
  for (const RequestTrace& request : trace(std::move(spec))) list.push_back(request.status);
  return list;
}

TEST(RunFaults, CrashesResetWhatIsInFlightAndRefuseTheRest) {
  const Spec spec = with_fault(CrashFault{}, {0, 2, 5}, 1, 3);
  EXPECT_THAT(latencies(spec), ElementsAre(1, 0, 2));
  EXPECT_EQ(statuses(spec).at(2), 200);
  Spec routed = spec;
  routed.resources.http_routes.push_back(route("a", {}, retry(0)));
  const auto traces = trace(routed);
  EXPECT_EQ(traces.at(0).call.attempts.at(0).outcome, "reset");
  EXPECT_EQ(traces.at(1).call.attempts.at(0).outcome, "refused");
}

TEST(RunFaults, HangsAreEndedByTimersOnly) {
  Spec spec = with_fault(HangFault{}, {0}, 0, -1);
  EXPECT_EQ(build::run(spec).outcomes("users"), "0 unfinished 1");
  spec.resources.http_routes.push_back(route("a", timeouts(s(3))));
  EXPECT_EQ(answer(spec), "504 UT after 3000 ms");
}

TEST(RunFaults, AbortsAnswerAtOnce) {
  EXPECT_EQ(answer(with_fault(AbortFault{500}, {0}, 0, -1)), "500 after 0 ms");
}

TEST(RunFaults, AbortsAfterWorkTakeItsTime) {
  EXPECT_EQ(answer(with_fault(AbortFault{500, 100, true}, {0}, 0, -1)), "500 after 2000 ms");
}

TEST(RunFaults, AbortsOfNoneHitNone) {
  EXPECT_EQ(answer(with_fault(AbortFault{500, 0}, {0}, 0, -1)), "200 after 2000 ms");
}

TEST(RunFaults, EndWithTheirWindow) {
  EXPECT_THAT(statuses(with_fault(AbortFault{500}, {0, 10, 20}, 10, 10)),
              ElementsAre(200, 500, 200));
}

TEST(RunFaults, DelaysComeBeforeTheWork) {
  EXPECT_EQ(answer(with_fault(DelayFault{constant(3)}, {0}, 0, -1)), "200 after 5000 ms");
}

TEST(RunFaults, SlownessStretchesWork) {
  EXPECT_THAT(latencies(with_fault(SlowFault{3}, {0, 20}, 0, 10)), ElementsAre(6, 2));
}

TEST(RunFaults, ResetsBreakTheConnection) {
  Spec spec = with_fault(ResetFault{}, {0}, 0, -1);
  spec.resources.http_routes.push_back(route("a", {}, retry(1)));
  EXPECT_EQ(answer(spec), "503 URX UC after 0 ms");
}

TEST(RunFaults, OfWorkersLeaveTheRestWaiting) {
  EXPECT_THAT(latencies(with_fault(WorkersFault{0}, {1}, 0, 5)), ElementsAre(6));
}

TEST(RunFaults, PartitionsHoldRequestsUntilTheyHeal) {
  Spec spec = sent_at({1}, {service("a", {call("b")}), service("b")});
  spec.scenario.faults.push_back(fault(on_link("a.default", "b"), PartitionFault{}, 0, 5));
  EXPECT_THAT(latencies(spec), ElementsAre(4));
}

TEST(RunFaults, OnARouteAreTheProxys) {
  Spec spec = sent_at({0}, {service("a", {work(constant(2))})});
  spec.resources.http_routes.push_back(route("a", {}, retry(3, {503})));
  spec.scenario.faults.push_back(fault(on_route("a", 0), AbortFault{503}));
  EXPECT_EQ(answer(spec), "503 FI after 0 ms");
  EXPECT_EQ(build::run(spec).tally("a.default").attempts, 0u);
}

TEST(RunFaults, OfOneReplicaSpareTheOthers) {
  Spec spec = sent_at({0, 0}, {service("a", {work(constant(2))})});
  spec.scenario.services[0].replicas = 2;
  spec.scenario.faults.push_back(fault(ServiceTarget{ref("a"), 1, {}}, AbortFault{500}));
  const Measured run = build::run(spec);
  EXPECT_EQ(run.outcomes("users"), "200 - 1, 500 - 1");
}

Spec ten_per_second(double from, double length) {
  Spec spec;
  spec.scenario.services.push_back(service("a"));
  spec.scenario.traffic.push_back(traffic("users", "a", ConstantArrivals{rate(10)}));
  spec.scenario.faults.push_back(fault(on("a"), AbortFault{500}, from, length));
  spec.scenario.run.duration = s(40);
  return spec;
}

TEST(RunRecovery, IsAtOnceWhereNothingLingers) {
  const Measured run = build::run(ten_per_second(10, 10));
  EXPECT_EQ(run["users"].recovery_ms, 0);
  EXPECT_EQ(run["users"].collapsed, 0);
}

TEST(RunRecovery, CountsFromTheEndOfTheFault) {
  EXPECT_NEAR(build::run(ten_per_second(10, 10.25))["users"].recovery_ms, 750, 1e-9);
}

TEST(RunRecovery, IsNotMeasuredWhileTheFaultLasts) {
  EXPECT_TRUE(std::isnan(build::run(ten_per_second(10, -1))["users"].recovery_ms));
  EXPECT_TRUE(std::isnan(build::run(ten_per_second(10, -1))["users"].collapsed));
}

TEST(RunRecovery, NeverComesInACollapse) {
  Spec spec = ten_per_second(10, 10);
  // A full queue without end: retries keep one worker at work for callers that have gone.
  spec.scenario.services[0] = service("a", {work(constant(0.08))}, 1);
  spec.scenario.faults[0] = fault(on("a"), SlowFault{5}, 10, 10);
  spec.resources.http_routes.push_back(route("a", timeouts(s(4), s(1)), retry(3)));
  const Measured run = build::run(spec);
  EXPECT_EQ(run["users"].collapsed, 1);
  EXPECT_TRUE(std::isnan(run["users"].recovery_ms));
}

}  // namespace
}  // namespace spillway::model::build
