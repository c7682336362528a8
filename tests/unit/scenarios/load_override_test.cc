// --set PATH=VALUE.
#include <gtest/gtest.h>

#include "scenarios/document.h"
#include "scenarios/override.h"
#include "tests/unit/scenarios/scenario_files.h"

namespace spillway::scenarios {
namespace {

class Overrides : public ScenarioFiles {
 protected:
  void SetUp() override {
    ScenarioFiles::SetUp();
    Sections s;
    s.services = "[{name: a}, {name: b, replicas: 2}]";
    s.rest = R"(---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop, annotations: {a.b/c: x}}
spec:
  parentRefs: [{group: "", kind: Service, name: a}]
  rules:
    - backendRefs: [{name: a, port: 80}]
      retry: {attempts: 2, codes: [503]}
)";
    write("s.yaml", s.text());
  }

  static LoadOptions set(const std::string& path, const std::string& value) {
    LoadOptions options;
    options.overrides = {{path, value}};
    return options;
  }
  std::string refused(const std::string& path, const std::string& value) {
    return complaints("s.yaml", set(path, value));
  }
  model::Spec changed(const std::string& path, const std::string& value) {
    auto spec = load("s.yaml", set(path, value));
    EXPECT_TRUE(spec) << messages(spec.diagnostics());
    return spec ? *std::move(spec) : model::Spec{};
  }
};

TEST_F(Overrides, ChangeAValue) {
  EXPECT_EQ(changed("spec.services[1].replicas", "5").scenario.services[1].replicas, 5u);
  EXPECT_EQ(changed("Scenario:spec.services[1].name", "c").scenario.services[1].name, "c");
}

TEST_F(Overrides, AddAFieldAndTheSectionsAboveIt) {
  EXPECT_EQ(changed("spec.services[0].workers", "5").scenario.services[0].workers, 5u);
  EXPECT_EQ(changed("spec.run.seed", "7").scenario.run.seed, 7u);
  EXPECT_EQ(changed("Scenario:spec.mesh.profile", "linkerd").scenario.mesh.profile, "linkerd");
  EXPECT_EQ(changed("spec.services[0].queue.discipline", "fifo").scenario.services.size(), 2u);
}

TEST_F(Overrides, TakeYaml) {
  const auto spec = changed("spec.traffic[0].arrivals", "{constant: {rate: 5/s}}");
  EXPECT_TRUE(std::holds_alternative<model::ConstantArrivals>(spec.scenario.traffic[0].arrivals));
}

TEST_F(Overrides, ChangeManifests) {
  const auto spec = changed("HTTPRoute/shop/r:spec.rules[0].retry.attempts", "5");
  EXPECT_EQ(spec.resources.http_routes[0].rules[0].retry->attempts, 5);
  EXPECT_EQ(changed("HTTPRoute/shop/r:metadata.annotations[\"a.b/c\"]", "other")
                .resources.http_routes[0]
                .meta.annotations.at("a.b/c"),
            "other");
}

TEST_F(Overrides, RemoveRetryWithZeroAttempts) {
  const auto spec = changed("HTTPRoute/shop/r:spec.rules[0].retry.attempts", "0");
  EXPECT_FALSE(spec.resources.http_routes[0].rules[0].retry);
}

TEST_F(Overrides, AreJudgedLikeTheFile) {
  EXPECT_EQ(refused("spec.services[1].replicas", "zero"),
            "--set spec.services[1].replicas: error: spec.services[1].replicas: not a whole number "
            "(got the string \"zero\", expected a whole number from 1 to 100000) [wrong-type]");
  EXPECT_EQ(refused("spec.run.duration", "60"),
            "--set spec.run.duration: error: spec.run.duration: a duration without a unit (got the "
            "number 60, expected a duration above zero such as 250ms or 1h30m) [bad-duration]");
  EXPECT_EQ(refused("spec.run.sede", "6"),
            "--set spec.run.sede: error: spec.run: unknown field (got \"sede\", expected duration, "
            "warmup, seed, replications or interval) [unknown-field]\n"
            "    hint: did you mean \"seed\"?");
}

TEST_F(Overrides, SayHowFarThePathLed) {
  EXPECT_EQ(refused("spec.rnu.seed", "7"),
            "--set spec.rnu.seed: error: the path names nothing: spec has no field \"rnu\" "
            "[unknown-path]\n    hint: did you mean \"run\"?");
  EXPECT_EQ(refused("spec.services[2].replicas", "7"),
            "--set spec.services[2].replicas: error: the path names nothing: spec.services has 2 "
            "entries, counted from 0 [unknown-path]");
  EXPECT_EQ(refused("spec.services.replicas", "7"),
            "--set spec.services.replicas: error: the path names nothing: spec.services is a list, "
            "not a mapping [unknown-path]");
  EXPECT_EQ(refused("spec.services[0][1]", "7"),
            "--set spec.services[0][1]: error: the path names nothing: spec.services[0] is a "
            "mapping, not a list [unknown-path]");
  EXPECT_EQ(refused("HTTPRoute/shop/r:spec.rules[0].timeouts.request", "1s"),
            "--set HTTPRoute/shop/r:spec.rules[0].timeouts.request: error: the path names nothing: "
            "spec.rules[0] has no field \"timeouts\" [unknown-path]");
  EXPECT_EQ(refused("HTTPRoute/shop/r:spec.rules[1].retry.attempts", "0"),
            "--set HTTPRoute/shop/r:spec.rules[1].retry.attempts: error: the path names nothing: "
            "spec.rules has 1 entry, counted from 0 [unknown-path]");
}

TEST_F(Overrides, SayWhichObjectsThereAre) {
  EXPECT_EQ(refused("HTTPRoute/shop/rr:spec.rules[0].retry.attempts", "1"),
            "--set HTTPRoute/shop/rr:spec.rules[0].retry.attempts: error: the path names nothing: "
            "there is no HTTPRoute/shop/rr (expected HTTPRoute/shop/r) [unknown-path]\n"
            "    hint: did you mean \"HTTPRoute/shop/r\"?");
}

TEST_F(Overrides, MustBePathsAndValues) {
  const std::string not_a_path =
      "error: not a path (expected KIND/NAMESPACE/NAME:FIELDS or FIELDS of the scenario, FIELDS "
      "being such as spec.rules[0].retry.attempts) [bad-override]";
  for (const std::string path : {"spec..seed", "spec.", "[0]", "spec.services[x]", "HTTPRoute:spec",
                                 "spec.services[0]name", "spec.services[0", ""})
    EXPECT_EQ(refused(path, "1"), "--set " + path + ": " + not_a_path);
  EXPECT_EQ(refused("spec.run.seed", "["),
            "--set spec.run.seed: error: a list that was opened with [ is not closed "
            "[yaml-syntax]");
  EXPECT_EQ(refused("spec.run.seed", "1\n---\n2"),
            "--set spec.run.seed: error: more than one value (expected one value) [bad-override]");
}

}  // namespace
}  // namespace spillway::scenarios
