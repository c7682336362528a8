// Istio's kinds as the API server and Istio's webhook check them.
#include <gmock/gmock.h>

#include "tests/unit/scenarios/manifest_support.h"

namespace spillway::scenarios::manifests {
namespace {

using namespace sim::literals;
using testing::ElementsAre;
using testing::IsEmpty;

std::string virtual_service(const std::string& http) {
  return "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\n"
         "spec:\n  hosts: [cart]\n  http: [" +
         http + "]\n";
}

std::string destination_rule(const std::string& policy) {
  return "apiVersion: networking.istio.io/v1beta1\nkind: DestinationRule\nmetadata: {name: a}\n"
         "spec:\n  host: cart\n  trafficPolicy: " +
         policy + "\n";
}

const std::string kRoute = "route: [{destination: {host: cart}}]";

TEST(ManifestIstio, VirtualServiceIsRead) {
  const auto read = read_manifests(virtual_service(
      "{timeout: 1.5s, retries: {attempts: 3, perTryTimeout: 500ms, retryOn: '5xx,503'}, " +
      kRoute + "}"));
  EXPECT_THAT(messages(read.diagnostics), IsEmpty());
  const auto& http = read.resources.virtual_services.at(0).http.at(0);
  EXPECT_EQ(http.timeout, 1500_ms);
  EXPECT_EQ(http.retries->attempts, 3);
  EXPECT_EQ(http.retries->per_try_timeout, 500_ms);
}

TEST(ManifestIstio, UnknownFieldIsAnErrorWithTheNearestName) {
  EXPECT_THAT(messages(virtual_service("{timeouts: 1s, " + kRoute + "}")),
              ElementsAre("m.yaml:6:11: error: unknown field \"spec.http[0].timeouts\" "
                          "[crd-unknown-field]\n    hint: did you mean \"timeout\"?"));
}

TEST(ManifestIstio, DurationsStartAtAMillisecond) {
  EXPECT_THAT(messages(virtual_service("{timeout: 0s, " + kRoute + "}")),
              ElementsAre("m.yaml:6:20: error: spec.http[0].timeout: must be a duration of at "
                          "least 1ms (got 0s, expected 1ms or more) [istio-duration]"));
}

TEST(ManifestIstio, ConditionsOfRetriesMustExist) {
  EXPECT_THAT(
      rules(virtual_service("{retries: {attempts: 1, retryOn: 'sometimes'}, " + kRoute + "}")),
      ElementsAre("istio-retry-on"));
}

TEST(ManifestIstio, RetriesThatAreOffTakeNoConditions) {
  EXPECT_THAT(rules(virtual_service("{retries: {perTryTimeout: 1s}, " + kRoute + "}")),
              ElementsAre("istio-retries-disabled"));
  EXPECT_THAT(rules(virtual_service("{retries: {attempts: 0}, " + kRoute + "}")), IsEmpty());
}

TEST(ManifestIstio, ARouteDoesOneThing) {
  EXPECT_THAT(rules(virtual_service("{timeout: 1s}")), ElementsAre("istio-http-action"));
  EXPECT_THAT(rules(virtual_service("{redirect: {uri: /x}, " + kRoute + "}")),
              ElementsAre("istio-http-action"));
}

TEST(ManifestIstio, EmptyTrafficPolicyIsRefused) {
  EXPECT_THAT(rules(destination_rule("{}")), ElementsAre("istio-traffic-policy-empty"));
}

TEST(ManifestIstio, LocalOriginFailuresNeedTheSplit) {
  EXPECT_THAT(rules(destination_rule("{outlierDetection: {consecutiveLocalOriginFailures: 3}}")),
              ElementsAre("istio-outlier-local-origin"));
}

TEST(ManifestIstio, PercentagesMayHaveFractions) {
  const auto read = read_manifests(destination_rule("{retryBudget: {percent: 12.5}}"));
  EXPECT_THAT(messages(read.diagnostics), IsEmpty());
  EXPECT_EQ(read.resources.destination_rules.at(0).traffic_policy->retry_budget->percent, 12.5);
  EXPECT_THAT(rules(destination_rule("{retryBudget: {percent: 101}}")), ElementsAre("crd-maximum"));
}

TEST(ManifestIstio, MeshConfigStandsInItsConfigMap) {
  const auto read = read_manifests(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\n"
      "data:\n  mesh: |\n    defaultHttpRetryPolicy: {attempts: 5}\n    accessLogFile: /dev/x\n");
  EXPECT_THAT(messages(read.diagnostics), IsEmpty());
  ASSERT_TRUE(read.resources.mesh_config);
  EXPECT_EQ(read.resources.mesh_config->default_http_retry_policy->attempts, 5);
}

TEST(ManifestIstio, MistakesInTheMeshConfigAreTheConfigMaps) {
  EXPECT_THAT(
      rules("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\n"
            "data:\n  mesh: |\n    defaultHttpRetry: {attempts: 5}\n"),
      ElementsAre("crd-unknown-field"));
}

}  // namespace
}  // namespace spillway::scenarios::manifests
