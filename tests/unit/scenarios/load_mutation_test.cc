// Damaged files: whatever is done to a valid one, the answer is a scenario or errors with places,
// never a crash.
#include <gtest/gtest.h>

#include <array>

#include "scenarios/check.h"
#include "scenarios/document.h"
#include "scenarios/manifests/manifests.h"
#include "scenarios/types.h"
#include "sim/random.h"
#include "tests/unit/scenarios/scenario_testing.h"

namespace spillway::scenarios {
namespace {

constexpr std::array<std::string_view, 3> kSeeds{
    R"(apiVersion: spillway.dev/v1alpha1
kind: Scenario
metadata: {name: x, description: some text}
spec:
  mesh: {profile: gateway-api, version: "1.4", options: {proxyLatency: {exponential: {mean: 1ms}}, nodes: 3}}
  services:
    - name: a
      workers: 4
      queue: {capacity: 10, discipline: lifo, maxWait: 2s}
      operations:
        - match: {path: /x}
          steps:
            - work: {lognormal: {median: 8ms, p99: 60ms}}
            - parallel: [{call: {service: b, probability: 0.5}}, {work: 1.5ms}]
            - call: {service: "b:80", client: &c {timeout: 1s, retries: 2, budget: {ratio: {percent: 20%}}}}
            - call: {service: b.default, client: *c}
    - {name: b, operations: [{script: [{status: 500, after: 1ms}, {hang: true}]}]}
  traffic:
    - {name: t, to: {service: a}, arrivals: {poisson: {rate: {steps: [{at: 0s, rate: 5/s}]}}}}
  faults: [{at: 1s, for: 2s, target: {service: b}, abort: {status: 503, percent: 50}}]
  run: {duration: 60s, warmup: 5s}
  objectives: [success_rate >= 99%, 'latency_p99@t < 5ms']
)",
    R"({"apiVersion": "spillway.dev/v1alpha1", "kind": "Scenario", "metadata": {"name": "x"},
 "spec": {"services": [{"name": "a", "replicas": 3, "ports": [80, {"port": 81}]}],
  "traffic": [{"name": "t", "to": {"service": "a"}, "arrivals": {"mmpp": {"rates": ["1/s", "2/s"],
  "holding": ["1s", "2s"]}}, "requests": [{"path": "/a", "weight": 2.5}, {"path": "/b"}]}]}}
)",
    R"(apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: a}]
  hostnames: [a.example.com]
  rules:
    - matches: [{path: {type: PathPrefix, value: /x}, headers: [{name: k, value: v}]}]
      backendRefs: [{name: a, port: 80, weight: 9}]
      timeouts: {request: 1s, backendRequest: 500ms}
      retry: {attempts: 2, codes: [503], backoff: 10ms}
---
apiVersion: gateway.networking.x-k8s.io/v1alpha1
kind: XBackendTrafficPolicy
metadata: {name: p, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: a}]
  retryConstraint: {budget: {percent: 20, interval: 10s}, minRetryRate: {count: 10, interval: 1s}}
)"};

constexpr std::array<std::string_view, 28> kTokens{"[",     "{",
                                                   "]",     "}",
                                                   ": ",    "- ",
                                                   "\n",    "\t",
                                                   "'",     "\"",
                                                   "&a ",   "*a",
                                                   "<<: ",  "!x ",
                                                   "? ",    "---",
                                                   "null",  "~",
                                                   "-1",    "010",
                                                   "1e999", "99999999999999999999",
                                                   "\xff",  "\xc3\xa9",
                                                   "%",     "|\n",
                                                   "\x04",  "0s"};

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : draw_(sim::combine(0x6d757461, seed)) {}

  std::string mutate(std::string text) {
    for (std::uint32_t n = 1 + draw_.below(3); n > 0; --n) change(text);
    return text;
  }

 private:
  std::size_t at(const std::string& text) {
    return draw_.below(static_cast<std::uint32_t>(text.size() + 1));
  }

  void change(std::string& text) {
    const std::size_t from = at(text);
    const std::size_t length = draw_.below(12);
    switch (draw_.below(6)) {
      case 0:
        text.erase(from, length);
        break;
      case 1:
        text.insert(at(text), text.substr(from, length));
        break;
      case 2:
        text.insert(from, kTokens[draw_.below(kTokens.size())]);
        break;
      case 3:
        text.replace(from, std::min<std::size_t>(length, text.size() - from),
                     kTokens[draw_.below(kTokens.size())]);
        break;
      case 4:
        if (from < text.size()) text[from] = static_cast<char>(draw_.below(256));
        break;
      default:
        text.resize(from);
    }
  }

  sim::Draw draw_;
};

/// What load_scenario() does with one document, without files.
void read(const Node& document, model::Diagnostics& diagnostics) {
  model::Resources resources;
  const Node* kind = document.find("kind");
  if (kind == nullptr || kind->scalar != "Scenario")
    return decode_manifest(document, model::Channel::experimental, resources, diagnostics);
  ScenarioFile file;
  Decoding decoding{diagnostics, "/nowhere"};
  if (!scenario_file().decode(document, {}, file, decoding)) {
    EXPECT_TRUE(has_errors(diagnostics));
    return;
  }
  check_scenario(file.scenario, diagnostics);
  check_references(file.scenario, resources, diagnostics);
}

class Mutations : public testing::TestWithParam<int> {};

TEST_P(Mutations, GiveAScenarioOrErrorsWithPlaces) {
  constexpr int kEach = 2'000;
  int damaged = 0;
  for (int i = 0; i < kEach; ++i) {
    const std::uint64_t seed = static_cast<std::uint64_t>(GetParam()) * kEach + i;
    const std::string text = Mutator(seed).mutate(std::string(kSeeds[seed % kSeeds.size()]));
    auto documents = read_documents(text, seed % kSeeds.size() == 1 ? "m.json" : "m.yaml");
    model::Diagnostics diagnostics = documents.diagnostics();
    EXPECT_TRUE(documents || has_errors(diagnostics)) << text;
    if (documents)
      for (const Node& document : *documents) read(document, diagnostics);
    for (const model::Diagnostic& d : diagnostics) {
      EXPECT_TRUE(d.place.known()) << text << "\n" << to_text(d);
      EXPECT_FALSE(d.message.empty() || d.rule.empty()) << text;
    }
    damaged += has_errors(diagnostics);
  }
  EXPECT_GT(damaged, kEach / 2);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Mutations, testing::Range(0, 10));

TEST(Mutations, StartFromValidFiles) {
  for (const std::string_view seed : kSeeds) {
    auto documents = read_documents(seed, seed.starts_with('{') ? "m.json" : "m.yaml");
    model::Diagnostics diagnostics = documents.diagnostics();
    ASSERT_TRUE(documents);
    for (const Node& document : *documents) read(document, diagnostics);
    EXPECT_FALSE(has_errors(diagnostics)) << messages(diagnostics);
  }
}

}  // namespace
}  // namespace spillway::scenarios
