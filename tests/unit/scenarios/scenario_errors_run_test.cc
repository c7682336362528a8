// Bad input: faults, runs, meshes and objectives. Each case is a scenario with one thing wrong and
// the whole answer to it.
#include "tests/unit/scenarios/scenario_error_cases.h"

namespace spillway::scenarios {
namespace {

INSTANTIATE_TEST_SUITE_P(
    Faults, BadScenario,
    testing::ValuesIn(std::vector<BadCase>{
        {"NoTime",
         {.rest = R"(  faults: [{target: {service: a}, crash: {}}]
)"},
         R"(s.yaml:7:12: error: spec.faults[0]: a field is missing (expected one of at or every) [missing-field])"},
        {"TwoTimes",
         {.rest =
              R"(  faults: [{at: 1s, every: {meanBetween: 1h, meanRepair: 5m}, target: {service: a}, crash: {}}]
)"},
         R"(s.yaml:7:21: error: spec.faults[0]: "at" and "every" exclude each other (expected one of at or every) [contradiction])"},
        {"LengthWithoutStart",
         {.rest =
              R"(  faults: [{for: 1s, every: {meanBetween: 1h, meanRepair: 5m}, target: {service: a}, crash: {}}]
)"},
         R"(s.yaml:7:13: error: spec.faults[0]: "for" has no meaning without "at" [contradiction])"},
        {"NoAction",
         {.rest = R"(  faults: [{at: 1s, target: {service: a}}]
)"},
         R"(s.yaml:7:12: error: spec.faults[0]: a field is missing (expected one of abort, delay, slow, crash, hang, reset, loss, partition or workers) [missing-field])"},
        {"TwoActions",
         {.rest = R"(  faults: [{at: 1s, target: {service: a}, crash: {}, hang: {}}]
)"},
         R"(s.yaml:7:54: error: spec.faults[0]: "crash" and "hang" exclude each other (expected one of abort, delay, slow, crash, hang, reset, loss, partition or workers) [contradiction])"},
        {"NoTarget",
         {.rest = R"(  faults: [{at: 1s, crash: {}}]
)"},
         R"(s.yaml:7:12: error: spec.faults[0]: a field is missing (expected target) [missing-field])"},
        {"CrashOfALink",
         {.rest = R"(  faults: [{at: 1s, target: {link: {from: t, to: a}}, crash: {}}]
)"},
         R"(s.yaml:7:55: error: spec.faults[0]: crash cannot happen to a link (expected delay, hang, loss or partition) [contradiction])"},
        {"PartitionOfAService",
         {.rest = R"(  faults: [{at: 1s, target: {service: a}, partition: {}}]
)"},
         R"(s.yaml:7:43: error: spec.faults[0]: partition cannot happen to a service (expected abort, delay, slow, crash, hang, reset or workers) [contradiction])"},
        {"SlowOperation",
         {.rest = R"(  faults: [{at: 1s, target: {service: a, operation: x}, slow: {factor: 2}}]
)"},
         R"(s.yaml:7:57: error: spec.faults[0]: slow cannot happen to an operation (expected abort, delay, hang or reset) [contradiction])"},
        {"StatusTooLow",
         {.rest = R"(  faults: [{at: 1s, target: {service: a}, abort: {status: 50}}]
)"},
         R"(s.yaml:7:59: error: spec.faults[0].abort.status: out of range (got the number 50, expected a whole number from 200 to 599) [out-of-range])"},
        {"PercentTooHigh",
         {.rest = R"(  faults: [{at: 1s, target: {service: a}, abort: {status: 503, percent: 101}}]
)"},
         R"(s.yaml:7:73: error: spec.faults[0].abort.percent: out of range (got the number 101, expected a percentage from 0 to 100) [out-of-range])"},
        {"TooManyReplicas",
         {.rest = R"(  faults: [{at: 1s, target: {service: a, replicas: 2}, crash: {}}]
)"},
         R"(s.yaml:7:39: error: the fault strikes more replicas than service a has (got 2, expected at most 1) [contradiction])"},
        {"UnknownOperation",
         {.rest = R"(  faults: [{at: 1s, target: {service: a, operation: pay}, hang: {}}]
)"},
         R"(s.yaml:7:39: error: service a has no such operation (got "pay", expected no operation) [unknown-name])"},
        {"UnknownTarget",
         {.rest = R"(  faults: [{at: 1s, target: {service: b}, crash: {}}]
)"},
         R"(s.yaml:7:39: error: no such service in the scenario (got "b.default", expected a.default) [unknown-name]
    hint: did you mean "a.default"?)"},
        {"UnknownLink",
         {.rest = R"(  faults: [{at: 1s, target: {link: {from: shop, to: a}}, partition: {}}]
)"},
         R"(s.yaml:7:53: error: the link starts at nothing that the scenario has (got "shop", expected t or a.default) [unknown-name])"},
        {"RouteWithoutNamespace",
         {.rest = R"(  faults: [{at: 1s, target: {route: r}, abort: {status: 503}}]
)"},
         R"(s.yaml:7:37: error: spec.faults[0].target.route: not the name of a route (got the string "r", expected namespace/name) [bad-reference])"},
        {"UnknownRoute",
         {.rest = R"(  faults: [{at: 1s, target: {route: a/r}, abort: {status: 503}}]
)"},
         R"(s.yaml:7:12: error: no such route in the manifests (got "a/r") [unknown-name])"},
        {"NoWorkersToReduce",
         {.rest = R"(  faults: [{at: 1s, target: {service: a}, workers: {percent: 50}}]
)"},
         R"(s.yaml:7:39: error: service a has no limit of workers that the fault could reduce (got no `workers`, expected a number of workers) [contradiction])"},
        {"RuleOfAService",
         {.rest = R"(  faults: [{at: 1s, target: {service: a, rule: 0}, crash: {}}]
)"},
         R"(s.yaml:7:42: error: spec.faults[0].target: "rule" has no meaning without "route" [contradiction])"},
    }),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Runs, BadScenario,
    testing::ValuesIn(std::vector<BadCase>{
        {"WarmupTooLong",
         {.rest = R"(  run: {duration: 10s, warmup: 10s}
)"},
         R"(s.yaml:7:32: error: spec.run.warmup: the warm-up leaves nothing of the run (got the string "10s", expected less than the duration of 10s) [contradiction])"},
        {"NoReplications",
         {.rest = R"(  run: {replications: 0}
)"},
         R"(s.yaml:7:23: error: spec.run.replications: out of range (got the number 0, expected a whole number from 1 to 100000) [out-of-range])"},
        {"TooManyReplications",
         {.rest = R"(  run: {replications: 100001}
)"},
         R"(s.yaml:7:23: error: spec.run.replications: out of range (got the number 100001, expected a whole number from 1 to 100000) [out-of-range])"},
        {"NegativeSeed",
         {.rest = R"(  run: {seed: -1}
)"},
         R"(s.yaml:7:15: error: spec.run.seed: out of range (got the number -1, expected a whole number of at least 0) [out-of-range])"},
        {"IntervalTooLong",
         {.rest = R"(  run: {duration: 10s, interval: 11s}
)"},
         R"(s.yaml:7:34: error: spec.run.interval: longer than the run (got the string "11s", expected at most the duration of 10s) [contradiction])"},
        {"IntervalTooShort",
         {.rest = R"(  run: {duration: 10h, interval: 1ms}
)"},
         R"(s.yaml:7:34: error: spec.run.interval: too short for the length of the run (got the string "1ms", expected at most 1000000 intervals) [contradiction])"},
        {"ZeroDuration",
         {.rest = R"(  run: {duration: 0s}
)"},
         R"(s.yaml:7:19: error: spec.run.duration: must not be zero (got the string "0s", expected a duration above zero such as 250ms or 1h30m) [out-of-range])"},
        {"VersionWithoutQuotes",
         {.rest = R"(  mesh: {version: 1.30}
)"},
         R"(s.yaml:7:19: error: spec.mesh.version: not text; put it in quotes (got the number 1.30, expected text) [wrong-type])"},
        {"UnknownChannel",
         {.rest = R"(  mesh: {channel: stable}
)"},
         R"(s.yaml:7:19: error: spec.mesh.channel: unknown value (got the string "stable", expected standard or experimental) [unknown-value])"},
        {"OptionAsList",
         {.rest = R"(  mesh: {options: {nodes: [3]}}
)"},
         R"(s.yaml:7:27: error: spec.mesh.options.nodes: not possible here (got a list, expected a duration, a law, a number, true, false, text or a budget) [wrong-type])"},
        {"OptionLaw",
         {.rest = R"(  mesh: {options: {proxyLatency: {exponential: {mean: 1}}}}
)"},
         R"(s.yaml:7:55: error: spec.mesh.options.proxyLatency.exponential.mean: a duration without a unit (got the number 1, expected a duration such as 250ms or 1h30m) [bad-duration])"},
        {"BudgetOverride",
         {.rest = R"(  mesh: {options: {budgetOverride: {ratios: {percent: 20}}}}
)"},
         R"(s.yaml:7:37: error: spec.mesh.options.budgetOverride: unknown field (got "ratios", expected ratio, concurrency, window, tokens, grpc, awsSdk or failureRatio) [unknown-field]
    hint: did you mean "ratio"?)"},
    }),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Objectives, BadScenario,
    testing::ValuesIn(std::vector<BadCase>{
        {"UnknownMetric",
         {.rest = R"(  objectives: [succes_rate > 99%]
)"},
         R"(s.yaml:7:16: error: spec.objectives[0]: unknown metric (got "succes_rate", expected requests, attempts, retries, success_rate, goodput, latency_mean, latency_p50, latency_p90, latency_p99, latency_p999, latency_success_p99, amplification, lineage_amplification, timeouts, budget_denied, utilization, wasted_work, recovery_time, collapsed, collapse_probability, queue_time_mean, queue_time_p50, queue_time_p90, queue_time_p99, queue_length, in_flight or rejections) [unknown-metric]
    hint: did you mean "success_rate"?)"},
        {"NoOperator",
         {.rest = R"(  objectives: [success_rate 99%]
)"},
         R"(s.yaml:7:16: error: spec.objectives[0]: not an objective (got the string "success_rate 99%", expected METRIC[@SCOPE] <, <=, > or >= VALUE) [bad-objective])"},
        {"WrongOperator",
         {.rest = R"(  objectives: [success_rate => 99%]
)"},
         R"(s.yaml:7:16: error: spec.objectives[0]: not an objective (got the string "success_rate => 99%", expected METRIC[@SCOPE] <, <=, > or >= VALUE) [bad-objective])"},
        {"Equality",
         {.rest = R"(  objectives: [retries == 0]
)"},
         R"(s.yaml:7:16: error: spec.objectives[0]: not an objective (got the string "retries == 0", expected METRIC[@SCOPE] <, <=, > or >= VALUE) [bad-objective])"},
        {"ShareOrPercentage",
         {.rest = R"(  objectives: [success_rate >= 0.999]
)"},
         R"(s.yaml:7:16: error: spec.objectives[0]: could be a share or a percentage (got "0.999", expected a percentage such as 99.9% for success_rate) [bad-objective])"},
        {"PercentTooHigh",
         {.rest = R"(  objectives: [success_rate >= 101%]
)"},
         R"(s.yaml:7:16: error: spec.objectives[0]: out of range (got "101%", expected a percentage from 0% to 100% for success_rate) [bad-objective])"},
        {"LatencyWithoutUnit",
         {.rest = R"(  objectives: [latency_p99 < 500]
)"},
         R"(s.yaml:7:16: error: spec.objectives[0]: a duration without a unit (got "500", expected a duration such as 500ms for latency_p99) [bad-objective])"},
        {"GoodputWithoutUnit",
         {.rest = R"(  objectives: [goodput > 5]
)"},
         R"(s.yaml:7:16: error: spec.objectives[0]: a rate without a unit (got "5", expected a rate such as 200/s for goodput) [bad-objective])"},
        {"CountWithUnit",
         {.rest = R"(  objectives: [amplification < 1.3x]
)"},
         R"(s.yaml:7:16: error: spec.objectives[0]: not a number (got "1.3x", expected a number without a unit for amplification) [bad-objective])"},
        {"UnknownScope",
         {.rest = R"(  objectives: [latency_p99@u < 500ms]
)"},
         R"(s.yaml:7:16: error: the objective is about nothing that the scenario has (got "u", expected t or a.default) [unknown-name])"},
        {"ScopeWithoutNamespace",
         {.rest = R"(  objectives: [amplification@a < 2]
)"},
         R"(s.yaml:7:16: error: the objective is about nothing that the scenario has (got "a", expected t or a.default) [unknown-name]
    hint: did you mean "a.default"?)"},
        {"NothingToRecoverFrom",
         {.rest = R"(  objectives: [recovery_time < 30s]
)"},
         R"(s.yaml:7:16: error: recovery_time needs a fault to recover from (got no faults, expected `faults`) [contradiction])"},
        {"EmptyScope",
         {.rest = R"(  objectives: [retries@ < 3]
)"},
         R"(s.yaml:7:16: error: spec.objectives[0]: nothing after the @ (got the string "retries@ < 3", expected the name of a traffic source or service.namespace) [bad-objective])"},
    }),
    case_name);

}  // namespace
}  // namespace spillway::scenarios
