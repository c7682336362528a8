// check under profiles: notes, the portability table, upgrades; and the list of profiles.
#include <nlohmann/json.hpp>

#include "tests/integration/program.h"

namespace spillway::integration {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Json = nlohmann::json;

constexpr const char* kManifests = R"(apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {ports: [{port: 80, appProtocol: http}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cart, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: cart}]
  rules:
    - backendRefs: [{name: cart, port: 80}]
      timeouts: {request: 2s, backendRequest: 500ms}
      retry: {codes: [503], attempts: 2, backoff: 100ms}
)";

class CheckProfilesTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    write("m.yaml", kManifests);
  }
  Ended check(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "check");
    return spillway(arguments);
  }
};

TEST_F(CheckProfilesTest, TellsWhatAProfileMakesOfManifests) {
  const Ended ended = check({"--profile", "cilium", "m.yaml"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("m.yaml:13:31: warning: backendRequest limits all tries "
                                   "together, and its expiry is never retried "
                                   "[cilium-backend-request-overall]\n"));
  EXPECT_THAT(ended.out, HasSubstr("m.yaml:14:42: note: backoff is the base of a full-jitter draw: "
                                   "the wait is anything from 0 to 100ms, then to 200ms "
                                   "[cilium-backoff-base]\n"));
}

TEST_F(CheckProfilesTest, TellsItInSarif) {
  const Json sarif = Json::parse(check({"--profile", "cilium", "--format", "sarif", "m.yaml"}).out);
  std::vector<std::string> rules;
  for (const Json& result : sarif["runs"][0]["results"]) rules.push_back(result["ruleId"]);
  EXPECT_THAT(rules, testing::Contains("cilium-backend-request-overall"));
}

TEST_F(CheckProfilesTest, JudgesScenariosByTheirOwnProfile) {
  write("a.yaml", scenario("shop", "2s") + "---\n" + kManifests);
  EXPECT_THAT(check({"a.yaml"}).out, Not(HasSubstr("[cilium-")));
  EXPECT_THAT(check({"--profile", "cilium", "a.yaml"}).out, HasSubstr("[cilium-backoff-base]"));
}

TEST_F(CheckProfilesTest, ListsTheProfilesThatThereAre) {
  const Ended ended = check({"--profile", "istio", "m.yaml"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.out,
              HasSubstr("error: unknown profile (got \"istio\", expected one of gateway-api, "
                        "istio-ambient, istio-ambient-l4, istio-sidecar, cilium, linkerd, "
                        "kgateway, vpc-lattice) [unknown-profile]\n"));
}

TEST_F(CheckProfilesTest, AllPrintsThePortabilityTable) {
  const Ended ended = check({"--profile", "all", "m.yaml"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
  EXPECT_THAT(ended.out, StartsWith("HTTPRoute shop/cart rule 0  m.yaml:12:7\n"));
  EXPECT_THAT(ended.out, HasSubstr("\ntimeouts.request: 2s      504 after 2s   "));
}

TEST_F(CheckProfilesTest, AllHasEveryFormat) {
  const Json json = Json::parse(check({"--profile", "all", "--format", "json", "m.yaml"}).out);
  EXPECT_EQ(json["profiles"].size(), 8U);
  EXPECT_EQ(json["rows"][1]["aspect"], "timeouts.request: 2s");
  EXPECT_EQ(json["rows"][1]["line"], 13);
  EXPECT_EQ(json["rows"][1]["cells"]["cilium"], "504 after 500ms");
  EXPECT_THAT(check({"--profile", "all", "--format", "markdown", "m.yaml"}).out,
              StartsWith("### HTTPRoute shop/cart rule 0\n\n| | gateway-api | istio-ambient "));
  const Json sarif = Json::parse(check({"--profile", "all", "--format", "sarif", "m.yaml"}).out);
  EXPECT_THAT(sarif.dump(), HasSubstr("cilium: backendRequest limits all tries together"));
}

TEST_F(CheckProfilesTest, AllTellsErrorsOfTheFiles) {
  write("bad.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: b}\nspec:\n  prots: []\n");
  const Ended ended = check({"--profile", "all", "bad.yaml"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.out, StartsWith("bad.yaml:5:3: error: "));
}

TEST_F(CheckProfilesTest, UpgradeTellsWhatChanges) {
  const Ended ended = check({"--profile", "cilium", "--upgrade", "1.19..1.20", "m.yaml"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(ended.out,
            "cilium 1.19 to 1.20: 1 change\n"
            "\n"
            "retry_policy.retry_on: \"\" -> "
            "retriable-status-codes,connect-failure,reset,refused-stream\n"
            "    since 1.20 the retry policy says what to retry; before, it had no retry_on and "
            "nothing was retried (cilium/cilium #46433, e3de836c; read in source)\n"
            "  m.yaml:14:7: HTTPRoute shop/cart rule 0, at node's Envoy for shop/cart\n");
}

TEST_F(CheckProfilesTest, UpgradeHasEveryFormat) {
  const std::vector<std::string> common{"--profile",  "cilium", "--upgrade",
                                        "1.19..1.20", "m.yaml", "--format"};
  const auto as = [&](const char* format) {
    std::vector<std::string> arguments = common;
    arguments.emplace_back(format);
    return check(arguments).out;
  };
  EXPECT_EQ(Json::parse(as("json"))["changes"][0]["field"], "retry_policy.retry_on");
  EXPECT_EQ(Json::parse(as("sarif"))["runs"][0]["results"][0]["ruleId"],
            "upgrade-retry-policy-retry-on");
  EXPECT_THAT(as("markdown"), StartsWith("### cilium 1.19 to 1.20: 1 change\n"));
}

TEST_F(CheckProfilesTest, UpgradeRefusesWhatItDoesNotKnow) {
  const auto complaint = [&](const char* profile, const char* range) {
    const Ended ended = check({"--profile", profile, "--upgrade", range, "m.yaml"});
    EXPECT_EQ(ended.exit_code, 1);
    return ended.err;
  };
  EXPECT_EQ(complaint("istio-ambient", "1.29..1.31"),
            "spillway: error: unknown version of profile istio-ambient (got \"1.29\", expected one "
            "of 1.30, 1.31)\n");
  EXPECT_EQ(complaint("istio-ambient", "1.31"),
            "spillway: error: no range of versions (got \"1.31\", expected FROM..TO with versions "
            "of istio-ambient: 1.30, 1.31)\n");
  EXPECT_EQ(complaint("vpc-lattice", "1..2"),
            "spillway: error: profile vpc-lattice has no versions to upgrade between\n");
}

TEST_F(CheckProfilesTest, UpgradeNeedsOneProfile) {
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, std::vector<std::string>{"--profile", "all"}}) {
    std::vector<std::string> arguments{"--upgrade", "1..2", "m.yaml"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = check(arguments);
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_EQ(ended.err, "spillway: error: check: --upgrade needs --profile with one profile\n");
  }
}

TEST_F(CheckProfilesTest, UpgradeRunsAScenarioUnderBothVersions) {
  write("a.yaml",
        scenario("shop", "2s", "  objectives: [success_rate >= 10%]\n") + "---\n" + kManifests);
  const Json json = Json::parse(
      check({"--profile", "istio-sidecar", "--upgrade", "1.30..1.31", "a.yaml", "--format", "json"})
          .out);
  EXPECT_EQ(json["scenario"], "shop");
  EXPECT_EQ(json["outcome"]["not_run"], "");
  EXPECT_EQ(json["outcome"]["objectives"][0]["objective"], "success_rate >= 10%");
}

TEST_F(CheckProfilesTest, ProfilesListsVersionsOptionsAndEvidence) {
  const std::string all = spillway({"profiles"}).out;
  for (const char* name : {"gateway-api", "istio-ambient", "istio-ambient-l4", "istio-sidecar",
                           "cilium", "linkerd", "kgateway", "vpc-lattice"})
    EXPECT_THAT(all, HasSubstr(std::string(name) + " "));
  const std::string one = spillway({"profiles", "cilium"}).out;
  EXPECT_THAT(one, HasSubstr("\nversions (mesh.version; default 1.21-dev): 1.17, 1.18, 1.19, 1.20, "
                             "1.21-dev\n"));
  EXPECT_THAT(one, HasSubstr("\nvalidated: "));
  EXPECT_THAT(one, HasSubstr("\n  nodes (number; default 3)\n"));
}

TEST_F(CheckProfilesTest, ProfilesPrintsJson) {
  EXPECT_EQ(Json::parse(spillway({"profiles", "--format", "json"}).out).size(), 8U);
  const Json one = Json::parse(spillway({"profiles", "vpc-lattice", "--format", "json"}).out);
  EXPECT_EQ(one["options"][0]["name"], "proxyLatency");
  EXPECT_EQ(one["options"][0]["default"], "1ms");
}

}  // namespace
}  // namespace spillway::integration
