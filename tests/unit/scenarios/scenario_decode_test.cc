// Every field of a scenario, read into the struct that it belongs to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/document.h"
#include "scenarios/types.h"
#include "tests/unit/scenarios/scenario_files.h"

namespace spillway::scenarios {
namespace {

using namespace model;
using namespace sim::literals;
using sim::Distribution;
using sim::Duration;
using sim::Time;

/// Decodes `text` as a T; fails the test when there is anything to complain about.
template <class T>
T decoded(const Type<T>& type, const std::string& text) {
  auto documents = read_documents(text, "v.yaml");
  Diagnostics diagnostics = documents.diagnostics();
  T value{};
  Decoding decoding{diagnostics, testing::TempDir()};
  EXPECT_TRUE(documents && type.decode(documents->at(0), {}, value, decoding)) << text;
  EXPECT_EQ(messages(diagnostics), "") << text;
  return value;
}

template <class T>
std::string refused(const Type<T>& type, const std::string& text) {
  auto documents = read_documents(text, "v.yaml");
  Diagnostics diagnostics = documents.diagnostics();
  T value{};
  Decoding decoding{diagnostics, testing::TempDir()};
  EXPECT_FALSE(type.decode(documents->at(0), {}, value, decoding)) << text;
  return messages(diagnostics);
}

TEST(DecodeDistribution, ReadsEveryLaw) {
  const auto law = [](const std::string& text) { return decoded(distribution(), text); };
  EXPECT_EQ(law("1.5ms"), Distribution::constant(1500_us));
  EXPECT_EQ(law("{exponential: {mean: 5ms}}"), Distribution::exponential(5_ms));
  EXPECT_EQ(law("{lognormal: {median: 8ms, p99: 60ms}}"),
            Distribution::lognormal_median_p99(8_ms, 60_ms));
  EXPECT_EQ(law("{lognormal: {mean: 8ms, sigma: 0.5}}"),
            Distribution::lognormal_mean_sigma(8_ms, 0.5));
  EXPECT_EQ(law("{gamma: {mean: 8ms, cv: 2}}"), Distribution::gamma(8_ms, 2));
  EXPECT_EQ(law("{erlang: {mean: 8ms, k: 3}}"), Distribution::erlang(8_ms, 3));
  EXPECT_EQ(law("{hyperexponential: {mean: 8ms, scv: 4}}"),
            Distribution::hyperexponential(8_ms, 4));
  EXPECT_EQ(law("{weibull: {scale: 8ms, shape: 0.7}}"), Distribution::weibull(8_ms, 0.7));
  EXPECT_EQ(law("{pareto: {minimum: 8ms, alpha: 1.5}}"), Distribution::pareto(8_ms, 1.5));
  EXPECT_EQ(law("{uniform: {from: 1ms, to: 8ms}}"), Distribution::uniform(1_ms, 8_ms));
  EXPECT_EQ(law("{empirical: {p50: 8ms, p99.9: 60ms, max: 1s, min: 1ms}}"),
            Distribution::empirical({{0, 1_ms}, {0.5, 8_ms}, {0.999, 60_ms}, {1, 1_s}}));
}

TEST(DecodeBudget, ReadsEveryModel) {
  const auto read = [](const std::string& text) { return decoded(budget(), text); };
  EXPECT_EQ(read("{ratio: {percent: 30%, minPerSecond: 5, ttl: 20s}}"),
            Budget(RatioBudget{30, 5, 20_s}));
  EXPECT_EQ(read("{concurrency: {percent: 10, min: 4, interval: 1s}}"),
            Budget(ConcurrencyBudget{10, 4, 1_s}));
  EXPECT_EQ(read("{window: {percent: 10, interval: 5s, minCount: 2, minInterval: 3s}}"),
            Budget(WindowBudget{10, 5_s, 2, 3_s}));
  EXPECT_EQ(read("{tokens: {capacity: 9, perRequest: 0.2, perSuccess: 0.3, perSecond: 4, cost: 2, "
                 "above: 0}}"),
            Budget(TokenBudget{9, 0.2, 0.3, 4, 2, 0}));
  EXPECT_EQ(read("{grpc: {maxTokens: 20, tokenRatio: 0.5}}"), Budget(GrpcBudget{20, 0.5}));
  EXPECT_EQ(read("{awsSdk: {capacity: 100, cost: 6, timeoutCost: 11}}"),
            Budget(AwsSdkBudget{100, 6, 11}));
  EXPECT_EQ(read("{failureRatio: {percent: 5}}"), Budget(FailureRatioBudget{5}));
}

TEST(DecodeBudget, TakesTheDefaultsOfTheStructs) {
  EXPECT_EQ(decoded(budget(), "{ratio: {}}"), Budget(RatioBudget{}));
  EXPECT_EQ(decoded(budget(), "{tokens: {}}"), Budget(TokenBudget{}));
  EXPECT_EQ(decoded(budget(), "{window: {}}"), Budget(WindowBudget{}));
}

TEST(DecodeClientPolicy, ReadsEveryField) {
  ClientPolicy expected;
  expected.timeout = 1_s;
  expected.per_try_timeout = 200_ms;
  expected.retries = 3;
  expected.retry_on = kRetryOn5xx | kRetryOnTimeout;
  expected.backoff.base = 25_ms;
  expected.backoff.max = 250_ms;
  expected.backoff.factor = 3;
  expected.backoff.jitter = Jitter::decorrelated;
  expected.hedge = Hedge{10_ms, 2};
  expected.budget = GrpcBudget{};
  expected.throttle = AdaptiveThrottle{3, 60_s};
  ClientPolicy read = decoded(
      client_policy(),
      "{timeout: 1s, perTryTimeout: 200ms, retries: 3, retryOn: [5xx, timeout], backoff: {base: "
      "25ms, max: 250ms, factor: 3, jitter: decorrelated}, hedge: {after: 10ms, extra: 2}, budget: "
      "{grpc: {}}, throttle: {adaptive: {k: 3, window: 60s}}}");
  EXPECT_EQ(read.place.text(), "v.yaml:1:1");
  read.place = {};
  EXPECT_EQ(read, expected);
}

TEST(DecodeClientPolicy, DrawsTheBackoffFromALawOrDuration) {
  const auto backoff = [](const std::string& text) {
    return decoded(client_policy(), "{backoff: " + text + "}").backoff;
  };
  EXPECT_EQ(backoff("25ms").drawn, Distribution::constant(25_ms));
  EXPECT_EQ(backoff("{uniform: {from: 0s, to: 25ms}}").drawn, Distribution::uniform(0_s, 25_ms));
  EXPECT_EQ(backoff("{base: 25ms}").drawn, std::nullopt);
}

TEST(DecodeClientPolicy, NamesTheFormThatIsMeant) {
  EXPECT_THAT(refused(client_policy(), "{backoff: {base: 25ms, maximum: 1s}}"),
              testing::HasSubstr("expected base, max, factor or jitter"));
  EXPECT_THAT(refused(client_policy(), "{backoff: {uniform: {from: 1s, too: 2s}}}"),
              testing::HasSubstr("expected from or to"));
}

TEST(DecodeService, ReadsEveryField) {
  Service read = decoded(service(), R"(
name: b
namespace: production
ports: [8080, {port: 9090, name: grpc, appProtocol: kubernetes.io/h2c}]
replicas: 3
workers: 16
threading: async
queue: {capacity: 256, discipline: lifo, maxWait: {exponential: {mean: 2s}}}
onCancel: abort
loadBalancer: {policy: ring_hash, hashOn: x-user}
meshed: false
operations: [{name: pay}]
)");
  Service expected;
  expected.name = "b";
  expected.namespace_ = "production";
  expected.ports = {{8080, "", ""}, {9090, "grpc", "kubernetes.io/h2c"}};
  expected.replicas = 3;
  expected.workers = 16;
  expected.threading = Threading::async;
  expected.queue = {256, Discipline::lifo, Distribution::exponential(2_s)};
  expected.on_cancel = OnCancel::abort;
  expected.load_balancer = LoadBalancer{Balancing::ring_hash, 2, "x-user"};
  expected.meshed = false;
  expected.operations.resize(1);
  expected.operations[0].name = "pay";
  expected.operations[0].place = read.operations[0].place;
  expected.place = read.place;
  EXPECT_EQ(read, expected);
  EXPECT_EQ(read.place.text(), "v.yaml:2:1");
}

TEST(DecodeService, KnowsEveryWord) {
  const auto read = [](const std::string& fields) {
    return decoded(service(), "{name: a, workers: 1, " + fields + "}");
  };
  EXPECT_EQ(read("queue: {discipline: fifo}").queue.discipline, Discipline::fifo);
  EXPECT_EQ(read("queue: {discipline: lifo-preemptive}").queue.discipline,
            Discipline::lifo_preemptive);
  EXPECT_EQ(read("queue: {discipline: ps}").queue.discipline, Discipline::ps);
  EXPECT_EQ(read("onCancel: finish").on_cancel, OnCancel::finish);
  EXPECT_EQ(read("onCancel: dequeue").on_cancel, OnCancel::dequeue);
  EXPECT_EQ(read("threading: blocking").threading, Threading::blocking);
  const auto balancing = [&](const std::string& policy) {
    return read("loadBalancer: {policy: " + policy + "}").load_balancer->policy;
  };
  EXPECT_EQ(balancing("round_robin"), Balancing::round_robin);
  EXPECT_EQ(balancing("random"), Balancing::random);
  EXPECT_EQ(balancing("least_request, choices: 3"), Balancing::least_request);
  EXPECT_EQ(balancing("join_shortest_queue"), Balancing::join_shortest_queue);
  EXPECT_EQ(balancing("peak_ewma"), Balancing::peak_ewma);
  EXPECT_EQ(balancing("maglev, hashOn: source"), Balancing::maglev);
}

TEST(DecodeService, ReadsOperationsAndSteps) {
  const Service read = decoded(service(), R"(
name: b
namespace: production
operations:
  - name: pay
    match: {method: POST, path: /pay, headers: {x-tier: gold}}
    steps:
      - work: {loadDependent: {base: 1s, perInFlight: 10ms}}
      - call: {service: ledger.books:8080, method: POST, path: "/entry?x=1", host: l.example,
               headers: {x-tier: gold}, probability: 0.9, optional: true, client: {retries: 1}}
      - parallel:
          - call: {service: risk}
          - parallel: [{work: 1ms}]
)");
  const Operation& pay = read.operations.at(0);
  EXPECT_EQ(pay.match, (OperationMatch{"POST", "/pay", {{"x-tier", "gold"}}}));
  EXPECT_EQ(std::get<WorkStep>(pay.steps.at(0).action), (WorkStep{LoadDependentWork{1_s, 10_ms}}));
  CallStep ledger;
  ledger.service = {"ledger", "books", 8080, {}};
  ledger.request = {"POST", "l.example", "/entry?x=1", {{"x-tier", "gold"}}};
  ledger.probability = 0.9;
  ledger.optional = true;
  ledger.client = ClientPolicy{};
  ledger.client->retries = 1;
  ledger.client->place = std::get<CallStep>(pay.steps.at(1).action).client->place;
  EXPECT_EQ(std::get<CallStep>(pay.steps.at(1).action), ledger);
  EXPECT_EQ(pay.steps.at(1).place.text(), "v.yaml:9:9");
  const auto& branches = std::get<ParallelStep>(pay.steps.at(2).action).branches;
  EXPECT_EQ(std::get<CallStep>(branches.at(0).action).service.scope(), "risk.production");
  const auto& inner = std::get<ParallelStep>(branches.at(1).action).branches;
  EXPECT_EQ(std::get<WorkStep>(inner.at(0).action), (WorkStep{Distribution::constant(1_ms)}));
}

TEST(DecodeService, ReadsScripts) {
  const Service read = decoded(
      service(),
      "{name: a, operations: [{script: [{status: 500, after: 100ms}, {reset: true}, {refuse: true},"
      " {hang: true}, {status: 200, headers: {grpc-status: \"14\"}}]}]}");
  using Kind = ScriptEntry::Kind;
  EXPECT_THAT(read.operations.at(0).script,
              testing::ElementsAre(ScriptEntry{Kind::status, 500, 100_ms, {}},
                                   ScriptEntry{Kind::reset, 200, 0_s, {}},
                                   ScriptEntry{Kind::refuse, 200, 0_s, {}},
                                   ScriptEntry{Kind::hang, 200, 0_s, {}},
                                   ScriptEntry{Kind::status, 200, 0_s, {{"grpc-status", "14"}}}));
}

TEST(DecodeArrivals, ReadsEveryKind) {
  const auto read = [](const std::string& text) { return decoded(arrivals(), text); };
  const RateProfile two{{{Time{}, 2}}};
  EXPECT_EQ(read("{poisson: {rate: 2/s}}"), Arrivals(PoissonArrivals{two}));
  EXPECT_EQ(read("{constant: {rate: 120/m}}"), Arrivals(ConstantArrivals{two}));
  EXPECT_EQ(read("{renewal: {rate: 2/s, cv: 3}}"), Arrivals(RenewalArrivals{two, 3}));
  EXPECT_EQ(read("{mmpp: {rates: [1/s, 9/s], holding: [10s, 2s]}}"),
            Arrivals(MmppArrivals{{1, 9}, {10_s, 2_s}}));
  EXPECT_EQ(read("{closed: {users: 7, think: {exponential: {mean: 1s}}}}"),
            Arrivals(ClosedArrivals{7, Distribution::exponential(1_s)}));
  EXPECT_EQ(read("{closed: {users: 7}}"), Arrivals(ClosedArrivals{7, Distribution()}));
  EXPECT_EQ(read("{times: [0s, 1s, 1s]}"),
            Arrivals(TimedArrivals{{Time{0}, Time{1'000'000'000}, Time{1'000'000'000}}}));
}

TEST(DecodeArrivals, MakesProfilesOfStagesAndSteps) {
  const auto read = [](const std::string& rate) {
    return std::get<PoissonArrivals>(decoded(arrivals(), "{poisson: {rate: " + rate + "}}")).rate;
  };
  const auto at = [](std::int64_t s, double rate) {
    return RateProfile::Point{Time{s * 1'000'000'000}, rate};
  };
  EXPECT_THAT(read("{stages: [{for: 60s, to: 100/s}, {for: 30s, to: 400/s}]}").points,
              testing::ElementsAre(at(0, 0), at(60, 100), at(90, 400)));
  EXPECT_THAT(read("{stages: [{for: 0s, to: 5/s}], from: 50/s}").points,
              testing::ElementsAre(at(0, 50), at(0, 5)));
  EXPECT_THAT(read("{steps: [{at: 0s, rate: 100/s}, {at: 60s, rate: 400/s}]}").points,
              testing::ElementsAre(at(0, 100), at(60, 100), at(60, 400)));
  EXPECT_THAT(read("{steps: [{at: 5s, rate: 1/s}]}").points,
              testing::ElementsAre(at(0, 0), at(5, 0), at(5, 1)));
}

TEST(DecodeTraffic, ReadsEveryField) {
  Traffic read = decoded(traffic(), R"(
name: shoppers
to: {service: "a.production:8080"}
from: {namespace: production, meshed: false}
requests: [{method: POST, path: /x, weight: 3}, {request: {path: /y, host: h.example}, weight: 1}]
arrivals: {times: [0s]}
instances: 4
client: {retries: 2}
)");
  EXPECT_EQ(read.name, "shoppers");
  EXPECT_EQ(std::get<ServiceRef>(read.to), (ServiceRef{"a", "production", 8080, {}}));
  EXPECT_EQ(read.from_namespace, "production");
  EXPECT_FALSE(read.meshed);
  EXPECT_THAT(read.requests,
              testing::ElementsAre(WeightedRequest{{"POST", "", "/x", {}}, 3},
                                   WeightedRequest{{"GET", "h.example", "/y", {}}, 1}));
  EXPECT_EQ(read.instances, 4u);
  EXPECT_EQ(read.client->retries, 2u);
}

TEST(DecodeTraffic, EntersThroughAGateway) {
  for (const char* to : {"{gateway: edge.infra, host: shop.example.com}",
                         "{host: shop.example.com, gateway: edge.infra}"})
    EXPECT_EQ(std::get<GatewayTarget>(
                  decoded(traffic(), std::string("{name: t, arrivals: {times: [0s]}, to: ") + to +
                                         ", request: {path: /p}}")
                      .to),
              (GatewayTarget{{"edge", "infra", 0, {}}, "shop.example.com"}));
}

TEST(DecodeTraffic, DefaultsToOnePlainRequestFromTheDefaultNamespace) {
  const Traffic read = decoded(traffic(), "{name: t, to: {service: a}, arrivals: {times: [0s]}}");
  Traffic expected;
  expected.name = "t";
  expected.to = ServiceRef{"a", "default", 0, {}};
  expected.arrivals = TimedArrivals{{Time{}}};
  expected.place = read.place;
  EXPECT_EQ(read, expected);
}

TEST(DecodeFault, ReadsEveryAction) {
  const auto action = [](const std::string& target, const std::string& text) {
    return decoded(fault(), "{at: 1s, target: " + target + ", " + text + "}").action;
  };
  const std::string a = "{service: a}";
  const std::string link = "{link: {from: t, to: a}}";
  EXPECT_EQ(action(a, "abort: {status: 500, percent: 5, work: true}"),
            FaultAction(AbortFault{500, 5, true}));
  EXPECT_EQ(action(a, "abort: {status: 500}"), FaultAction(AbortFault{500, 100, false}));
  EXPECT_EQ(action(a, "delay: {time: 1s, percent: 5}"),
            FaultAction(DelayFault{Distribution::constant(1_s), 5}));
  EXPECT_EQ(action(a, "slow: {factor: 3}"), FaultAction(SlowFault{3}));
  EXPECT_EQ(action(a, "crash: {}"), FaultAction(CrashFault{}));
  EXPECT_EQ(action(a, "hang: {percent: 5}"), FaultAction(HangFault{5}));
  EXPECT_EQ(action(a, "reset: {}"), FaultAction(ResetFault{100}));
  EXPECT_EQ(action(link, "loss: {percent: 5, retransmit: 1s}"), FaultAction(LossFault{5, 1_s}));
  EXPECT_EQ(action(link, "partition: {}"), FaultAction(PartitionFault{}));
  EXPECT_EQ(action(a, "workers: {percent: 25%}"), FaultAction(WorkersFault{25}));
}

TEST(DecodeFault, ReadsEveryTarget) {
  const auto target = [](const std::string& text) {
    return decoded(fault(), "{at: 1s, target: " + text + ", hang: {}}").target;
  };
  EXPECT_EQ(target("{service: a.b, replicas: 2}"),
            FaultTarget(ServiceTarget{{"a", "b", 0, {}}, 2, ""}));
  EXPECT_EQ(target("{service: a, operation: pay}"),
            FaultTarget(ServiceTarget{{"a", "default", 0, {}}, {}, "pay"}));
  EXPECT_EQ(target("{route: ns/r, rule: 0}"), FaultTarget(RouteTarget{"ns", "r", 0}));
  EXPECT_EQ(target("{route: ns/r}"), FaultTarget(RouteTarget{"ns", "r", {}}));
  EXPECT_EQ(target("{link: {from: b.ns, to: a}}"),
            FaultTarget(LinkTarget{"b.ns", {"a", "default", 0, {}}}));
}

TEST(DecodeFault, ReadsEveryTime) {
  const auto when = [](const std::string& text) {
    return decoded(fault(), "{" + text + ", target: {service: a}, hang: {}}").when;
  };
  using When = std::variant<FaultWindow, FaultEvery>;
  EXPECT_EQ(when("at: 60s, for: 30s"), When(FaultWindow{Time{60'000'000'000}, 30_s}));
  EXPECT_EQ(when("at: 0s"), When(FaultWindow{Time{}, {}}));
  EXPECT_EQ(when("every: {meanBetween: 1h, meanRepair: 5m}"),
            When(FaultEvery{Duration{3'600'000'000'000}, Duration{300'000'000'000}}));
}

TEST(DecodeRun, ReadsEveryFieldAndDefaults) {
  EXPECT_EQ(
      decoded(run(), "{duration: 300s, warmup: 30s, seed: 42, replications: 9, interval: 2s}"),
      (RunSpec{300_s, 30_s, 42, 9, 2_s, {}}));
  EXPECT_EQ(decoded(run(), "{}"), (RunSpec{60_s, 0_s, 1, 8, 1_s, {}}));
}

TEST(DecodeRun, KeepsTheDefaultIntervalWithinAShortRun) {
  EXPECT_EQ(decoded(run(), "{duration: 250ms}").interval, 250_ms);
}

TEST(DecodeMesh, ReadsOptionsByShape) {
  MeshSpec read = decoded(mesh(), R"({profile: linkerd, version: "2.19", channel: standard, options:
      {proxyLatency: 1ms, l4Latency: {exponential: {mean: 1ms}}, nodes: 3, flag: true, word: abc,
       text: "5ms", budgetOverride: {ratio: {percent: 30}}}})");
  EXPECT_EQ(read.profile, "linkerd");
  EXPECT_EQ(read.version, "2.19");
  EXPECT_EQ(read.channel, Channel::standard);
  EXPECT_EQ(read.version_place.text(), "v.yaml:1:29");
  const auto option = [&](const std::string& name) { return read.options.at(name).value; };
  EXPECT_EQ(std::get<Distribution>(option("proxyLatency")), Distribution::constant(1_ms));
  EXPECT_EQ(std::get<Distribution>(option("l4Latency")), Distribution::exponential(1_ms));
  EXPECT_EQ(std::get<double>(option("nodes")), 3);
  EXPECT_EQ(std::get<bool>(option("flag")), true);
  EXPECT_EQ(std::get<std::string>(option("word")), "abc");
  EXPECT_EQ(std::get<std::string>(option("text")), "5ms");
  EXPECT_EQ(std::get<Budget>(option("budgetOverride")), Budget(RatioBudget{30, 10, 10_s}));
  EXPECT_EQ(read.options.at("nodes").place.text(), "v.yaml:2:66");
}

TEST(DecodeObjective, ReadsMetricScopeAndLimit) {
  const auto read = [](const std::string& text) { return decoded(objective(), text); };
  const Objective success = read("success_rate >= 99.9%");
  EXPECT_EQ(success.metric, "success_rate");
  EXPECT_EQ(success.scope, "");
  EXPECT_EQ(success.op, Objective::Op::greater_equal);
  EXPECT_DOUBLE_EQ(success.limit, 0.999);
  EXPECT_EQ(success.text, "success_rate >= 99.9%");
  const Objective latency = read("latency_p99@shoppers<1.5s");
  EXPECT_EQ(latency.scope, "shoppers");
  EXPECT_EQ(latency.op, Objective::Op::less);
  EXPECT_EQ(latency.limit, 1500);
  EXPECT_EQ(read("goodput > 12000/m").limit, 200);
  EXPECT_EQ(read("goodput > 12000/m").op, Objective::Op::greater);
  EXPECT_EQ(read("amplification@b.production <= 1.3").limit, 1.3);
  EXPECT_EQ(read("amplification@b.production <= 1.3").op, Objective::Op::less_equal);
  EXPECT_DOUBLE_EQ(read("collapse_probability < 5%").limit, 0.05);
  EXPECT_EQ(read("recovery_time < 30s").limit, 30'000);
  EXPECT_EQ(read("collapsed <= 0").limit, 0);
}

}  // namespace
}  // namespace spillway::scenarios
