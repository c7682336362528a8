// `spillway export envoy`: what it writes and what it refuses.
#include <nlohmann/json.hpp>

#include "tests/integration/program.h"

namespace spillway::integration {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Json = nlohmann::json;

constexpr const char* kManifests = R"(apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: default}
spec:
  gatewayClassName: any
  listeners: [{name: http, port: 8080, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: pay, namespace: default}
spec:
  parentRefs: [{name: edge}]
  rules:
    - backendRefs: [{name: b, port: 80}]
      timeouts: {request: 2s}
---
)";

class ExportTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    write("m.yaml", kManifests);
    write("s.yaml", scenario("s", "1s", "  manifests: [m.yaml]\n"));
  }
  Ended exported(const std::string& profile, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"export", "envoy", "s.yaml", "--profile", profile};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return spillway(arguments);
  }
};

TEST_F(ExportTest, PrintsTheOnlyConfiguration) {
  const Ended ended = exported("kgateway");
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  const Json envoy = Json::parse(ended.out);
  EXPECT_EQ(envoy["node"]["id"], "gateway/edge.default");
  const Json& listener = envoy["static_resources"]["listeners"][0];
  EXPECT_EQ(listener["address"]["socket_address"]["port_value"], 8080);
  EXPECT_THAT(ended.out, HasSubstr("\"timeout\": \"2s\""));
  EXPECT_THAT(ended.out, HasSubstr("\"address\": \"b.default.svc.cluster.local\""));
}

TEST_F(ExportTest, PrintsSeveralConfigurationsByName) {
  const Ended ended = exported("istio-ambient");
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  const Json all = Json::parse(ended.out);
  std::vector<std::string> names;
  for (const auto& [name, envoy] : all.items()) names.push_back(name);
  EXPECT_THAT(names, ElementsAre("gateway/edge.default", "waypoint/waypoint.default"));
}

TEST_F(ExportTest, WritesAFileAKindOfProxy) {
  const Ended ended = exported("istio-ambient", {"--out", "envoys"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, HasSubstr("spillway: 2 configurations of Envoy are in envoys\n"));
  EXPECT_THAT(entries("envoys/gateway"), ElementsAre("edge.default.json"));
  EXPECT_THAT(entries("envoys/waypoint"), ElementsAre("waypoint.default.json"));
  EXPECT_EQ(Json::parse(read("envoys/waypoint/waypoint.default.json"))["node"]["id"],
            "waypoint/waypoint.default");
}

TEST_F(ExportTest, LeavesAnExistingDirectoryAlone) {
  write("envoys", "mine");
  const Ended ended = exported("kgateway", {"--out", "envoys"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.err, HasSubstr("spillway: error: cannot write envoys: it exists\n"));
  EXPECT_EQ(read("envoys"), "mine");
}

TEST_F(ExportTest, NamesTheProfilesThatHaveEnvoys) {
  const Ended ended = exported("gateway-api");
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err,
              HasSubstr("spillway: error: profile gateway-api has no Envoys to export (expected "
                        "one of istio-ambient, istio-ambient-l4, istio-sidecar, cilium, "
                        "kgateway)\n"));
}

TEST_F(ExportTest, SaysWhenNoEnvoyIsOnTheWay) {
  write("alone.yaml", scenario("alone", "1s"));
  const Ended ended = spillway({"export", "envoy", "alone.yaml", "--profile", "cilium"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err,
            "spillway: error: profile cilium places no Envoy on the way of any request\n");
}

TEST_F(ExportTest, WritesNothingForAWrongScenario) {
  const Ended ended = exported("istio", {"--out", "envoys"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.err, HasSubstr("unknown profile (got \"istio\""));
  EXPECT_FALSE(exists("envoys"));
}

TEST_F(ExportTest, KnowsOneKindOfProxy) {
  const Ended ended = spillway({"export", "nginx", "s.yaml"});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_THAT(ended.err, HasSubstr("spillway: error: KIND: expected envoy, got \"nginx\"\n"));
}

}  // namespace
}  // namespace spillway::integration
