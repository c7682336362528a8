#include "tests/unit/scenarios/scenario_error_cases.h"

namespace spillway::scenarios {
namespace {

TEST_F(ScenarioFiles, StartTheTablesWithAValidScenario) {
  write("s.yaml", Sections().text());
  EXPECT_EQ(complaints(), "");
}

TEST_F(ScenarioFiles, TellsAllErrorsOfAFileAtOnce) {
  write("s.yaml", R"(apiVersion: spillway.dev/v1alpha1
kind: Scenario
metadata: {name: x}
spec:
  services:
    - {name: a, replicas: 0, replicas: 2}
    - {name: b, wrkers: 3}
  traffic:
    - {name: t, to: {service: a}, arrivals: {poisson: {rate: 200}}}
  run: {duration: 5}
)");
  EXPECT_EQ(complaints(),
            "s.yaml:6:27: error: spec.services[0].replicas: out of range (got the number 0, "
            "expected a whole number from 1 to 100000) [out-of-range]\n"
            "s.yaml:6:30: error: the key \"replicas\" stands twice in one mapping, first at "
            "s.yaml:6:17 [duplicate-key]\n"
            "s.yaml:7:17: error: spec.services[1]: unknown field (got \"wrkers\", expected name, "
            "namespace, ports, replicas, workers, threading, queue, onCancel, loadBalancer, meshed "
            "or operations) [unknown-field]\n"
            "    hint: did you mean \"workers\"?\n"
            "s.yaml:9:62: error: spec.traffic[0].arrivals.poisson.rate: a rate without a unit (got "
            "the number 200, expected a rate such as 200/s or 12000/m) [bad-rate]\n"
            "s.yaml:10:19: error: spec.run.duration: a duration without a unit (got the number 5, "
            "expected a duration above zero such as 250ms or 1h30m) [bad-duration]");
}

TEST_F(ScenarioFiles, WarnsAboutWhatHasNoEffect) {
  Sections s;
  s.services =
      "[{name: a, queue: {capacity: 5}, operations: [{name: x}, {name: y, match: {path: /y}}]}]";
  s.rest = "  run: {duration: 60s}\n  faults: [{at: 60s, target: {service: a}, crash: {}}]\n";
  write("s.yaml", s.text());
  EXPECT_TRUE(load());
  EXPECT_EQ(complaints(),
            "s.yaml:5:14: warning: service a: `queue` has no effect, as nothing waits where "
            "`workers` is absent [unused-queue]\n"
            "s.yaml:5:70: warning: operation y is never reached: operation x before it matches "
            "everything [unreachable-operation]\n"
            "s.yaml:8:12: warning: the fault starts at 1m, when the run of 1m is over "
            "[unused-fault]");
}

}  // namespace

TEST_P(BadScenario, IsRefusedWithPlaceAndReason) {
  write("s.yaml", GetParam().scenario.text());
  EXPECT_FALSE(load());
  EXPECT_EQ(complaints(), GetParam().expected);
}

}  // namespace spillway::scenarios
