#include <fmt/format.h>
#include <gmock/gmock.h>

#include "scenarios/document.h"
#include "scenarios/manifests/manifests.h"

namespace spillway::scenarios {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace sim::literals;

struct Read {
  model::Resources resources;
  std::vector<std::string> messages;
};

/// `spec` as a flow mapping.
Read read(const std::string& kind, const std::string& spec) {
  Read result;
  const auto documents = read_documents(
      fmt::format("apiVersion: gateway.kgateway.dev/v1alpha1\nkind: {}\nmetadata: {{name: p}}\n"
                  "spec: {}\n",
                  kind, spec),
      "p.yaml");
  model::Diagnostics diagnostics;
  for (const Node& document : *documents)
    decode_manifest(document, model::Channel::standard, result.resources, diagnostics);
  for (const auto& diagnostic : diagnostics) result.messages.push_back(diagnostic.message);
  return result;
}

TEST(KgatewayManifest, RetryHasTheDefaultsOfTheCrd) {
  const Read r = read("TrafficPolicy", "{retry: {retryOn: [5xx]}}");
  EXPECT_THAT(r.messages, IsEmpty());
  const auto& retry = *r.resources.kgateway_traffic_policies.at(0).retry;
  EXPECT_EQ(retry.attempts, 1);
  EXPECT_EQ(retry.backoff_base_interval, 25_ms);
}

TEST(KgatewayManifest, RetryNeedsATrigger) {
  EXPECT_THAT(read("TrafficPolicy", "{retry: {attempts: 2}}").messages,
              ElementsAre("spec.retry: at least one of its fields must be set (got none, expected "
                          "one or more of retryOn, statusCodes)"));
}

TEST(KgatewayManifest, UnknownFieldsAreErrors) {
  EXPECT_THAT(
      read("BackendConfigPolicy", "{circuitBreakers: {maxRetries: 1, retryBudget: {}}}").messages,
      ElementsAre("unknown field \"spec.circuitBreakers.retryBudget\""));
}

TEST(KgatewayManifest, ATryMustBeShorterThanTheRequest) {
  EXPECT_THAT(
      read("TrafficPolicy", "{timeouts: {request: 1s}, retry: {retryOn: [5xx], perTryTimeout: 1s}}")
          .messages,
      ElementsAre("spec: retry.perTryTimeout must be shorter than timeouts.request (got "
                  "1s >= 1s, expected less than 1s)"));
}

TEST(KgatewayManifest, ABalancerNeedsExactlyOneKind) {
  EXPECT_THAT(read("BackendConfigPolicy", "{loadBalancer: {healthyPanicThreshold: 0}}").messages,
              ElementsAre("spec.loadBalancer: exactly one of its kinds must be set (got 0 of them, "
                          "expected one of leastRequest, roundRobin, ringHash, maglev, random)"));
}

TEST(KgatewayManifest, AnEmptyOutlierBlockIsOnWithItsDefaults) {
  const Read r = read("BackendConfigPolicy", "{outlierDetection: {}}");
  EXPECT_THAT(r.messages, IsEmpty());
  const auto& outlier = *r.resources.kgateway_backend_config_policies.at(0).outlier_detection;
  EXPECT_EQ(outlier.consecutive_5xx, 5);
  EXPECT_EQ(outlier.interval, 10_s);
  EXPECT_EQ(outlier.base_ejection_time, 30_s);
  EXPECT_EQ(outlier.max_ejection_percent, 10);
}

TEST(KgatewayManifest, AggressionIsATextWithANumberAboveZero) {
  EXPECT_THAT(
      read("BackendConfigPolicy",
           "{loadBalancer: {roundRobin: {slowStart: {aggression: \"0.0\"}}}}")
          .messages,
      ElementsAre("spec.loadBalancer.roundRobin.slowStart.aggression: must be a number above 0 "
                  "(got 0.0, expected a number such as \"1.5\")"));
}

TEST(KgatewayManifest, APolicyTargetsOnlyWhatItCanActOn) {
  EXPECT_THAT(read("BackendConfigPolicy",
                   "{targetRefs: [{group: apps, kind: Deployment, name: a}], connectTimeout: 1s}")
                  .messages,
              ElementsAre("spec.targetRefs: a BackendConfigPolicy cannot target this kind (got "
                          "apps/Deployment, expected a Service, a Backend or an Istio Hostname)"));
}

TEST(SessionManifest, TheFormOfVersion161IsReadAsTodays) {
  model::Resources resources;
  model::Diagnostics diagnostics;
  const auto documents = read_documents(
      "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r}\nspec:\n"
      "  parentRefs: [{name: g}]\n"
      "  rules: [{sessionPersistence: {sessionName: stick, type: Cookie, absoluteTimeout: 1h}}]\n",
      "r.yaml");
  decode_manifest(documents->at(0), model::Channel::experimental, resources, diagnostics);
  EXPECT_THAT(diagnostics, IsEmpty());
  const auto& session = *resources.http_routes.at(0).rules.at(0).session_persistence;
  EXPECT_EQ(session.session_name, "stick");
  EXPECT_EQ(session.absolute_timeout, 3600_s);
}

}  // namespace
}  // namespace spillway::scenarios
