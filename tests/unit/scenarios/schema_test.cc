#include "scenarios/schema.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "scenarios/document.h"
#include "tests/unit/scenarios/scenario_files.h"
#include "tests/unit/scenarios/schema_checker.h"

namespace spillway::scenarios {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = SPILLWAY_SOURCE_DIR;

/// Why the schema refuses the scenario in `text`.
std::string verdict(const std::string& text) {
  static SchemaChecker checker(nlohmann::json::parse(json_schema()));
  const auto documents = read_documents(text, "s.yaml");
  EXPECT_TRUE(documents) << messages(documents.diagnostics());
  return documents ? checker.check(to_json(documents->at(0))) : "unreadable";
}

std::string verdict(const Sections& sections) { return verdict(sections.text()); }

TEST(JsonSchema, IsOfTheDraftThatEditorsKnow) {
  const auto schema = nlohmann::json::parse(json_schema());
  EXPECT_EQ(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(schema["$ref"], "#/$defs/Scenario");
  EXPECT_EQ(schema["$defs"]["run"]["properties"]["replications"]["maximum"], 100000);
}

TEST(JsonSchema, RefersToWhatItDefines) {
  const auto schema = nlohmann::json::parse(json_schema());
  std::vector<const nlohmann::json*> open{&schema};
  int references = 0;
  while (!open.empty()) {
    const nlohmann::json& at = *open.back();
    open.pop_back();
    if (at.is_object() && at.contains("$ref") && at["$ref"].is_string()) {
      ++references;
      EXPECT_TRUE(
          schema.contains(nlohmann::json::json_pointer(at["$ref"].get<std::string>().substr(1))))
          << at["$ref"];
    }
    for (const auto& inner : at)
      if (inner.is_structured()) open.push_back(&inner);
  }
  EXPECT_GT(references, 50);
}

TEST(JsonSchema, AcceptsAllExamples) {
  int examples = 0;
  for (const auto& entry : fs::recursive_directory_iterator(kSource / "scenarios/examples")) {
    if (entry.path().extension() != ".yaml") continue;
    std::ifstream stream(entry.path());
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (text.find("\nkind: Scenario") == std::string::npos) continue;
    ++examples;
    EXPECT_EQ(verdict(text), "") << entry.path();
  }
  EXPECT_GE(examples, 5);
}

TEST(JsonSchema, AcceptsWhatTheDecoderAccepts) {
  Sections s;
  EXPECT_EQ(verdict(s), "");
  s.services =
      R"([{name: a, namespace: n, ports: [80, {port: 81, name: x}], replicas: 3, workers: 5,
    queue: {capacity: 0, discipline: lifo-preemptive, maxWait: {exponential: {mean: 1s}}},
    loadBalancer: {policy: maglev, hashOn: source}, meshed: false, onCancel: abort,
    operations: [{match: {method: GET, headers: {a: b}}, steps: [{work: 1.5ms}, {call: {service: b,
    client: {backoff: {base: 1s, jitter: full}, budget: {ratio: {percent: 50%}},
    throttle: {adaptive: {}}, hedge: {after: 1ms}}}}, {parallel: [{work: {loadDependent: {base: 1s,
    perInFlight: 1ms}}}]}, {work: {empirical: {p50: 1ms, p99.9: 1s, max: 2s}}}]},
    {name: s, script: [{status: 200, headers: {a: "1"}}, {hang: true, after: 1s}]}]}])";
  s.traffic = R"([{name: t, to: {gateway: g.n, host: x.example}, requests: [{path: /x, weight: 0.5},
    {request: {method: POST}}], arrivals: {mmpp: {rates: [1/s, 60/m], holding: [1s, 2s]}}},
    {name: u, to: {service: "a.n:80"}, arrivals: {constant: {rate: {stages: [{for: 0s, to: 5/h}]}}}}])";
  s.rest =
      "  mesh: {profile: x, version: '1.30', options: {a: 1, b: true, c: 5ms, d: {gamma: {mean: 1s,"
      " cv: 1}}, budgetOverride: {grpc: {}}}}\n"
      "  faults: [{every: {meanBetween: 1h, meanRepair: 5m}, target: {link: {from: t, to: a}}, "
      "loss: {percent: 5}}, {at: 0s, target: {route: a/b, rule: 0}, abort: {status: 503}}]\n"
      "  objectives: [success_rate >= 99.9%, latency_p99@t<500ms, goodput > 5/s]\n";
  EXPECT_EQ(verdict(s), "");
}

TEST(JsonSchema, RefusesWhatTheDecoderRefuses) {
  const auto refuses = [](const Sections& s) { EXPECT_NE(verdict(s), "") << s.text(); };
  refuses({.services = "[]"});
  refuses({.services = "{a: {}}"});
  refuses({.services = "[{name: a, replcas: 3}]"});
  refuses({.services = "[{replicas: 3}]"});
  refuses({.services = "[{name: 5}]"});
  refuses({.services = "[{name: A}]"});
  refuses({.services = "[{name: a, replicas: 0}]"});
  refuses({.services = "[{name: a, replicas: 1.5}]"});
  refuses({.services = "[{name: a, replicas: \"3\"}]"});
  refuses({.services = "[{name: a, replicas: 010}]"});
  refuses({.services = "[{name: a, meshed: yes}]"});
  refuses({.services = "[{name: a, queue: {discipline: fiffo}}]"});
  refuses({.services = "[{name: a, operations: [{steps: [{}]}]}]"});
  refuses({.services = "[{name: a, operations: [{steps: [{work: 1ms, call: {service: a}}]}]}]"});
  refuses({.services = "[{name: a, operations: [{steps: [{work: 5}]}]}]"});
  refuses({.services = "[{name: a, operations: [{steps: [{work: -5ms}]}]}]"});
  refuses({.services = "[{name: a, operations: [{steps: [{work: {gamma: {mean: 1s}}}]}]}]"});
  refuses({.services = "[{name: a, operations: [{steps: [{work: {empirical: {p100: 1s}}}]}]}]"});
  refuses(
      {.services = "[{name: a, operations: [{steps: [{work: 1s}], script: [{status: 200}]}]}]"});
  refuses({.services = "[{name: a, operations: [{script: [{hang: false}]}]}]"});
  refuses({.traffic = "[{name: t, arrivals: {times: [0s]}}]"});
  refuses({.traffic = "[{name: t, to: {service: a}, arrivals: {poisson: {rate: 5}}}]"});
  refuses({.traffic = "[{name: t, to: {service: a}, arrivals: {}}]"});
  refuses({.traffic = "[{name: t, to: {service: a, host: b}, arrivals: {times: [0s]}}]"});
  refuses({.rest = "  faults: [{at: 1s, target: {service: a}}]\n"});
  refuses({.rest = "  faults: [{at: 1s, target: {service: a}, crash: {}, hang: {}}]\n"});
  refuses({.rest = "  faults: [{target: {service: a}, crash: {}}]\n"});
  refuses({.rest = "  run: {replications: 100001}\n"});
  refuses({.rest = "  run: {seed: -1}\n"});
  refuses({.rest = "  mesh: {version: 1.30}\n"});
  refuses({.rest = "  objectives: [success_rate 99%]\n"});
  refuses({.rest = "  nonsense: 1\n"});
}

TEST(ScenarioReference, IsThePageInTheDocumentation) {
  std::ifstream stream(kSource / "docs/scenario_reference.md");
  const std::string page{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_TRUE(page == scenario_reference())
      << "write it anew: spillway schema --reference > docs/scenario_reference.md";
}

TEST(ScenarioReference, HasEveryFieldOfTheSchemaOnce) {
  const auto schema = nlohmann::json::parse(json_schema());
  const std::string page = scenario_reference();
  for (const auto& [name, object] : schema["$defs"].items()) {
    const auto properties = object.value("properties", nlohmann::json::object());
    for (const auto& [key, property] : properties.items())
      EXPECT_NE(page.find("| `" + key + "` |"), std::string::npos) << name << "." << key;
  }
}

}  // namespace
}  // namespace spillway::scenarios
