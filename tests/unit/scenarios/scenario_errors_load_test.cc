// Bad input: times, clients and traffic. Each case is a scenario with one thing wrong and the whole
// answer to it.
#include "tests/unit/scenarios/scenario_error_cases.h"

namespace spillway::scenarios {
namespace {

INSTANTIATE_TEST_SUITE_P(Laws, BadScenario,
                         testing::ValuesIn(std::vector<BadCase>{
                             {"WorkWithoutUnit",
                              {.services = R"([{name: a, operations: [{steps: [{work: 5}]}]}])"},
                              R"(s.yaml:5:53: error: spec.services[0].operations[0].steps[0].work: a duration without a unit (got the number 5, expected a duration such as 250ms or 1h30m) [bad-duration])"},
                             {"ZeroWithoutUnit",
                              {.services = R"([{name: a, operations: [{steps: [{work: 0}]}]}])"},
                              R"(s.yaml:5:53: error: spec.services[0].operations[0].steps[0].work: a duration without a unit (got the number 0, expected a duration such as 250ms or 1h30m) [bad-duration])"},
                             {"NegativeWork",
                              {.services = R"([{name: a, operations: [{steps: [{work: -1ms}]}]}])"},
                              R"(s.yaml:5:53: error: spec.services[0].operations[0].steps[0].work: a negative duration (got the string "-1ms", expected a duration such as 250ms or 1h30m) [bad-duration])"},
                             {"DaysOfWork",
                              {.services = R"([{name: a, operations: [{steps: [{work: 1d}]}]}])"},
                              R"(s.yaml:5:53: error: spec.services[0].operations[0].steps[0].work: a duration with an unknown unit (got the string "1d", expected a duration such as 250ms or 1h30m) [bad-duration])"},
                             {"FinerThanNanosecond",
                              {.services =
                                   R"([{name: a, operations: [{steps: [{work: 0.5ns}]}]}])"},
                              R"(s.yaml:5:53: error: spec.services[0].operations[0].steps[0].work: a duration finer than a nanosecond (got the string "0.5ns", expected a duration such as 250ms or 1h30m) [bad-duration])"},
                             {"CenturiesOfWork",
                              {.services =
                                   R"([{name: a, operations: [{steps: [{work: 9999999h}]}]}])"},
                              R"(s.yaml:5:53: error: spec.services[0].operations[0].steps[0].work: too long a duration (got the string "9999999h", expected a duration such as 250ms or 1h30m) [bad-duration])"},
                             {"UnknownLaw",
                              {.services =
                                   R"([{name: a, operations: [{steps: [{work: {exponentail: {mean: 1ms}}}]}]}])"},
                              R"(s.yaml:5:54: error: spec.services[0].operations[0].steps[0].work: unknown field (got "exponentail", expected exponential, lognormal, gamma, erlang, hyperexponential, weibull, pareto, uniform or empirical) [unknown-field]
    hint: did you mean "exponential"?)"},
                             {"TwoLaws",
                              {.services =
                                   R"([{name: a, operations: [{steps: [{work: {exponential: {mean: 1ms}, gamma: {mean: 1ms, cv: 1}}}]}]}])"},
                              R"(s.yaml:5:80: error: spec.services[0].operations[0].steps[0].work: "exponential" and "gamma" exclude each other (expected one of exponential, lognormal, gamma, erlang, hyperexponential, weibull, pareto, uniform or empirical) [contradiction])"},
                             {"LawAsList",
                              {.services =
                                   R"([{name: a, operations: [{steps: [{work: [1ms]}]}]}])"},
                              R"(s.yaml:5:53: error: spec.services[0].operations[0].steps[0].work: not possible here (got a list, expected a duration, a law or {loadDependent: ...}) [wrong-type])"},
                             {"ExponentialWithoutMean",
                              {.services =
                                   R"([{name: a, operations: [{steps: [{work: {exponential: {}}}]}]}])"},
                              R"(s.yaml:5:67: error: spec.services[0].operations[0].steps[0].work.exponential: a field is missing (expected mean) [missing-field])"},
                             {"LognormalMixed",
                              {.services =
                                   R"([{name: a, operations: [{steps: [{work: {lognormal: {median: 1ms, sigma: 2}}}]}]}])"},
                              R"(s.yaml:5:66: error: spec.services[0].operations[0].steps[0].work.lognormal: "median" has no meaning without "p99" [contradiction]
s.yaml:5:79: error: spec.services[0].operations[0].steps[0].work.lognormal: "sigma" has no meaning without "mean" [contradiction])"},
                             {"LognormalUpsideDown",
                              {.services =
                                   R"([{name: a, operations: [{steps: [{work: {lognormal: {median: 9ms, p99: 8ms}}}]}]}])"},
                              R"(s.yaml:5:84: error: spec.services[0].operations[0].steps[0].work.lognormal.p99: below the median (got the string "8ms", expected at least 9ms) [contradiction])"},
                             {"HyperexponentialTooRegular", {.services = R"([{name: a, operations: [{steps: [{work: {hyperexponential: {mean: 1ms, scv: 0.5}}}]}]}])"}, R"(s.yaml:5:89: error: spec.services[0].operations[0].steps[0].work.hyperexponential.scv: out of range (got the number 0.5, expected a number from 1 to 1000000) [out-of-range])"},
                             {"ParetoWithoutTail",
                              {.services =
                                   R"([{name: a, operations: [{steps: [{work: {pareto: {minimum: 1ms, alpha: 0}}}]}]}])"},
                              R"(s.yaml:5:84: error: spec.services[0].operations[0].steps[0].work.pareto.alpha: out of range (got the number 0, expected a number above 0 and at most 1000) [out-of-range])"},
                             {"UniformUpsideDown",
                              {.services =
                                   R"([{name: a, operations: [{steps: [{work: {uniform: {from: 2ms, to: 1ms}}}]}]}])"},
                              R"(s.yaml:5:79: error: spec.services[0].operations[0].steps[0].work.uniform.to: below `from` (got the string "1ms", expected at least 2ms) [contradiction])"},
                             {"QuantilesUpsideDown",
                              {.services =
                                   R"([{name: a, operations: [{steps: [{work: {empirical: {p50: 8ms, p90: 7ms}}}]}]}])"},
                              R"(s.yaml:5:65: error: spec.services[0].operations[0].steps[0].work.empirical: a higher quantile is below a lower one (got a mapping, expected values that do not decrease) [contradiction])"},
                             {"NotAQuantile",
                              {.services =
                                   R"([{name: a, operations: [{steps: [{work: {empirical: {p100: 8ms}}}]}]}])"},
                              R"(s.yaml:5:66: error: spec.services[0].operations[0].steps[0].work.empirical.p100: not a quantile (got "p100", expected p50, p99.9, min, max or file) [unknown-field])"},
                             {"NoQuantiles",
                              {.services =
                                   R"([{name: a, operations: [{steps: [{work: {empirical: {}}}]}]}])"},
                              R"(s.yaml:5:65: error: spec.services[0].operations[0].steps[0].work.empirical: no quantile (got an empty mapping, expected at least one of p50, p99.9, max or a file) [missing-field])"},
                             {"NoSuchHistogram",
                              {.services =
                                   R"([{name: a, operations: [{steps: [{work: {empirical: {file: h.csv}}}]}]}])"},
                              R"(s.yaml:5:72: error: spec.services[0].operations[0].steps[0].work.empirical.file: the file cannot be read (got the string "h.csv", expected a CSV file) [file]
    hint: looked for h.csv)"},
                             {"LoadDependentWithoutGrowth",
                              {.services =
                                   R"([{name: a, operations: [{steps: [{work: {loadDependent: {base: 1s}}}]}]}])"},
                              R"(s.yaml:5:69: error: spec.services[0].operations[0].steps[0].work.loadDependent: a field is missing (expected perInFlight) [missing-field])"},
                         }),
                         case_name);

INSTANTIATE_TEST_SUITE_P(
    Clients, BadScenario,
    testing::ValuesIn(std::vector<BadCase>{
        {"TryLongerThanCall",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {times: [0s]}, client: {timeout: 1s, perTryTimeout: 2s}}])"},
         R"(s.yaml:6:103: error: spec.traffic[0].client.perTryTimeout: longer than `timeout` (got the string "2s", expected at most 1s) [contradiction])"},
        {"ZeroTimeout",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {times: [0s]}, client: {timeout: 0s}}])"},
         R"(s.yaml:6:84: error: spec.traffic[0].client.timeout: must not be zero (got the string "0s", expected a duration above zero such as 250ms or 1h30m) [out-of-range])"},
        {"UnknownRetryCondition",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {times: [0s]}, client: {retryOn: [5xx, gateway-error]}}])"},
         R"(s.yaml:6:90: error: spec.traffic[0].client.retryOn[1]: unknown value (got the string "gateway-error", expected 5xx, connect-failure, reset or timeout) [unknown-value])"},
        {"NoRetryCondition",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {times: [0s]}, client: {retryOn: []}}])"},
         R"(s.yaml:6:84: error: spec.traffic[0].client.retryOn: too few entries (got an empty list, expected at least one entry) [empty-list])"},
        {"BackoffUpsideDown",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {times: [0s]}, client: {backoff: {base: 2s, max: 1s}}}])"},
         R"(s.yaml:6:100: error: spec.traffic[0].client.backoff.max: below `base` (got the string "1s", expected at least 2s) [contradiction])"},
        {"BackoffWithoutBase",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {times: [0s]}, client: {backoff: {max: 1s}}}])"},
         R"(s.yaml:6:84: error: spec.traffic[0].client.backoff: a field is missing (expected base) [missing-field])"},
        {"UnknownJitter",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {times: [0s]}, client: {backoff: {base: 1s, jitter: ful}}}])"},
         R"(s.yaml:6:103: error: spec.traffic[0].client.backoff.jitter: unknown value (got the string "ful", expected none, full, equal or decorrelated) [unknown-value]
    hint: did you mean "full"?)"},
        {"TwoBudgets",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {times: [0s]}, client: {budget: {ratio: {}, grpc: {}}}}])"},
         R"(s.yaml:6:95: error: spec.traffic[0].client.budget: "ratio" and "grpc" exclude each other (expected one of ratio, concurrency, window, tokens, grpc, awsSdk or failureRatio) [contradiction])"},
        {"UnknownBudget",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {times: [0s]}, client: {budget: {token: {}}}}])"},
         R"(s.yaml:6:84: error: spec.traffic[0].client.budget: unknown field (got "token", expected ratio, concurrency, window, tokens, grpc, awsSdk or failureRatio) [unknown-field]
    hint: did you mean "tokens"?)"},
        {"BudgetPercent",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {times: [0s]}, client: {budget: {concurrency: {percent: 120%}}}}])"},
         R"(s.yaml:6:107: error: spec.traffic[0].client.budget.concurrency.percent: out of range (got the string "120%", expected a percentage from 0 to 100) [out-of-range])"},
        {"BudgetTtl",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {times: [0s]}, client: {budget: {ratio: {ttl: 10}}}}])"},
         R"(s.yaml:6:97: error: spec.traffic[0].client.budget.ratio.ttl: a duration without a unit (got the number 10, expected a duration above zero such as 250ms or 1h30m) [bad-duration])"},
        {"HedgeNothing",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {times: [0s]}, client: {hedge: {after: 1ms, extra: 0}}}])"},
         R"(s.yaml:6:102: error: spec.traffic[0].client.hedge.extra: out of range (got the number 0, expected a whole number from 1 to 100) [out-of-range])"},
        {"ThrottleWithoutKind",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {times: [0s]}, client: {throttle: {k: 2}}}])"},
         R"(s.yaml:6:86: error: spec.traffic[0].client.throttle: unknown field (got "k", expected adaptive) [unknown-field])"},
    }),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Traffics, BadScenario,
    testing::ValuesIn(std::vector<BadCase>{
        {"RateWithoutUnit",
         {.traffic = R"([{name: t, to: {service: a}, arrivals: {poisson: {rate: 200}}}])"},
         R"(s.yaml:6:68: error: spec.traffic[0].arrivals.poisson.rate: a rate without a unit (got the number 200, expected a rate such as 200/s or 12000/m) [bad-rate])"},
        {"RatePerDay",
         {.traffic = R"([{name: t, to: {service: a}, arrivals: {poisson: {rate: 200/d}}}])"},
         R"(s.yaml:6:68: error: spec.traffic[0].arrivals.poisson.rate: a rate with an unknown unit (got the string "200/d", expected a rate such as 200/s or 12000/m) [bad-rate])"},
        {"NegativeRate",
         {.traffic = R"([{name: t, to: {service: a}, arrivals: {poisson: {rate: -1/s}}}])"},
         R"(s.yaml:6:68: error: spec.traffic[0].arrivals.poisson.rate: a negative rate (got the string "-1/s", expected a rate such as 200/s or 12000/m) [bad-rate])"},
        {"ZeroRate",
         {.traffic = R"([{name: t, to: {service: a}, arrivals: {poisson: {rate: 0/s}}}])"},
         R"(s.yaml:6:68: error: spec.traffic[0].arrivals.poisson.rate: no request would ever arrive (got the string "0/s", expected a rate above zero) [out-of-range])"},
        {"UnknownArrivals",
         {.traffic = R"([{name: t, to: {service: a}, arrivals: {poison: {rate: 1/s}}}])"},
         R"(s.yaml:6:52: error: spec.traffic[0].arrivals: unknown field (got "poison", expected poisson, constant, renewal, mmpp, closed, trace or times) [unknown-field]
    hint: did you mean "poisson"?)"},
        {"StagesWithoutEnd",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {poisson: {rate: {stages: [{for: 1s}]}}}}])"},
         R"(s.yaml:6:78: error: spec.traffic[0].arrivals.poisson.rate.stages[0]: a field is missing (expected to) [missing-field])"},
        {"StepsNotAscending",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {poisson: {rate: {steps: [{at: 1s, rate: 1/s}, {at: 1s, rate: 2/s}]}}}}])"},
         R"(s.yaml:6:103: error: spec.traffic[0].arrivals.poisson.rate.steps[1].at: not after the step before (got the string "1s", expected ascending times) [not-ascending])"},
        {"MmppLengths",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {mmpp: {rates: [1/s, 2/s], holding: [1s, 2s, 3s]}}}])"},
         R"(s.yaml:6:87: error: spec.traffic[0].arrivals.mmpp.holding: 3 times for 2 rates (got a list, expected one time for each rate) [contradiction])"},
        {"NoUsers",
         {.traffic = R"([{name: t, to: {service: a}, arrivals: {closed: {users: 0, think: 1s}}}])"},
         R"(s.yaml:6:68: error: spec.traffic[0].arrivals.closed.users: out of range (got the number 0, expected a whole number from 1 to 10000000) [out-of-range])"},
        {"TimesNotAscending",
         {.traffic = R"([{name: t, to: {service: a}, arrivals: {times: [1s, 0s]}}])"},
         R"(s.yaml:6:64: error: spec.traffic[0].arrivals.times[1]: before the time in front of it (got the string "0s", expected ascending times) [not-ascending])"},
        {"NoSuchTrace",
         {.traffic = R"([{name: t, to: {service: a}, arrivals: {trace: {file: t.csv}}}])"},
         R"(s.yaml:6:66: error: spec.traffic[0].arrivals.trace.file: the file cannot be read (got the string "t.csv", expected a CSV file) [file]
    hint: looked for t.csv)"},
        {"NoDestination",
         {.traffic = R"([{name: t, arrivals: {times: [0s]}}])"},
         R"(s.yaml:6:13: error: spec.traffic[0]: a field is missing (expected to) [missing-field])"},
        {"TwoDestinations",
         {.traffic = R"([{name: t, to: {service: a, gateway: g}, arrivals: {times: [0s]}}])"},
         R"(s.yaml:6:40: error: spec.traffic[0].to: "service" and "gateway" exclude each other (expected one of service or gateway) [contradiction])"},
        {"UnknownDestination",
         {.traffic = R"([{name: t, to: {service: b}, arrivals: {times: [0s]}}])"},
         R"(s.yaml:6:37: error: no such service in the scenario or its manifests (got "b.default", expected a.default) [unknown-name]
    hint: did you mean "a.default"?)"},
        {"HostOfService",
         {.traffic = R"([{name: t, to: {service: a, host: x.example}, arrivals: {times: [0s]}}])"},
         R"(s.yaml:6:40: error: spec.traffic[0].to: "host" has no meaning without "gateway" [contradiction])"},
        {"GatewayWithoutHost",
         {.traffic = R"([{name: t, to: {gateway: g}, arrivals: {times: [0s]}}])"},
         R"(s.yaml:6:27: error: spec.traffic[0].to: requests through a Gateway need a host (got a mapping, expected host) [missing-field])"},
        {"UnknownGateway",
         {.traffic = R"([{name: t, to: {gateway: g, host: x.example}, arrivals: {times: [0s]}}])"},
         R"(s.yaml:6:37: error: no such Gateway in the manifests (got "g.default") [unknown-name])"},
        {"RequestAndRequests",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {times: [0s]}, request: {}, requests: [{}]}])"},
         R"(s.yaml:6:79: error: spec.traffic[0]: "request" and "requests" exclude each other (expected one of request or requests) [contradiction])"},
        {"WeightsOfZero",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {times: [0s]}, requests: [{weight: 0}]}])"},
         R"(s.yaml:6:76: error: spec.traffic[0].requests: the weights add up to nothing (got a list, expected a weight above zero) [out-of-range])"},
        {"TwoSources",
         {.traffic =
              R"([{name: t, to: {service: a}, arrivals: {times: [0s]}}, {name: t, to: {service: a}, arrivals: {times: [0s]}}])"},
         R"(s.yaml:6:67: error: two traffic sources are called "t", the first at s.yaml:6:13 [duplicate])"},
        {"NameWithDot",
         {.traffic = R"([{name: t.u, to: {service: a}, arrivals: {times: [0s]}}])"},
         R"(s.yaml:6:20: error: spec.traffic[0].name: not a valid name (got the string "t.u", expected at most 63 letters, digits, - and _) [bad-text])"},
    }),
    case_name);

}  // namespace
}  // namespace spillway::scenarios
