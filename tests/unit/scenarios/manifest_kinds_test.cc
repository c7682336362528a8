// Which documents are read, which are read past, and which are mistakes.
#include <gmock/gmock.h>

#include "tests/unit/scenarios/manifest_support.h"

namespace spillway::scenarios::manifests {
namespace {

using model::Channel;
using testing::ElementsAre;
using testing::IsEmpty;

std::string object(const std::string& api_version, const std::string& kind) {
  return "apiVersion: " + api_version + "\nkind: " + kind + "\nmetadata: {name: x}\nspec: {}\n";
}

TEST(ManifestKinds, OfTheGatewayApiAreReadInBothVersions) {
  for (const char* version : {"v1", "v1beta1"}) {
    const auto read =
        read_manifests(object("gateway.networking.k8s.io/" + std::string(version), "HTTPRoute"));
    EXPECT_THAT(read.diagnostics, IsEmpty());
    EXPECT_EQ(read.resources.http_routes.size(), 1u);
  }
}

TEST(ManifestKinds, AreRejectedInVersionsThatDoNotHaveThem) {
  EXPECT_THAT(
      messages(object("gateway.networking.k8s.io/v1alpha2", "HTTPRoute")),
      ElementsAre(
          "m.yaml:1:13: error: HTTPRoute does not exist in this version of its API (got "
          "\"gateway.networking.k8s.io/v1alpha2\", expected gateway.networking.k8s.io/v1 or "
          "gateway.networking.k8s.io/v1beta1) [manifest-api-version]"));
  EXPECT_THAT(
      messages(object("gateway.networking.k8s.io/v1beta1", "GRPCRoute")),
      ElementsAre("m.yaml:1:13: error: GRPCRoute does not exist in this version of its API (got "
                  "\"gateway.networking.k8s.io/v1beta1\", expected gateway.networking.k8s.io/v1) "
                  "[manifest-api-version]"));
  EXPECT_THAT(messages(object("core/v1", "Service")),
              ElementsAre("m.yaml:1:13: error: Service does not exist in this version of its API "
                          "(got \"core/v1\", expected v1) [manifest-api-version]"));
}

TEST(ManifestKinds, AreRejectedInTheOtherGroupOfTheGatewayApi) {
  EXPECT_THAT(
      messages(object("gateway.networking.k8s.io/v1alpha1", "XBackendTrafficPolicy")),
      ElementsAre("m.yaml:1:13: error: XBackendTrafficPolicy does not exist in this version of its "
                  "API (got \"gateway.networking.k8s.io/v1alpha1\", expected "
                  "gateway.networking.x-k8s.io/v1alpha1) [manifest-api-version]"));
}

TEST(ManifestKinds, NameTheBudgetPolicyAsTheApiDoes) {
  EXPECT_THAT(
      messages(object("gateway.networking.k8s.io/v1alpha2", "BackendTrafficPolicy")),
      ElementsAre("m.yaml:2:7: error: the policy with the retry budget has another name (got "
                  "BackendTrafficPolicy, expected XBackendTrafficPolicy of "
                  "gateway.networking.x-k8s.io/v1alpha1) [manifest-kind]"));
}

TEST(ManifestKinds, OfTheExperimentalChannelDoNotExistInTheStandardChannel) {
  EXPECT_THAT(messages(object("gateway.networking.x-k8s.io/v1alpha1", "XBackendTrafficPolicy"),
                       Channel::standard),
              ElementsAre("m.yaml:2:7: error: XBackendTrafficPolicy is part of the experimental "
                          "channel only (got channel standard, expected experimental) "
                          "[manifest-channel]\n"
                          "    hint: a cluster with the standard CRDs does not know the kind"));
}

TEST(ManifestKinds, AreSuggestedForMisspeltOnes) {
  EXPECT_THAT(
      messages(object("gateway.networking.k8s.io/v1", "HttpRoute")),
      ElementsAre("m.yaml:2:7: error: there is no such kind in gateway.networking.k8s.io/v1 "
                  "(got \"HttpRoute\", expected HTTPRoute) [manifest-kind]\n"
                  "    hint: did you mean \"HTTPRoute\"?"));
  EXPECT_THAT(
      messages(object("v1", "Servcie")),
      ElementsAre("m.yaml:2:7: error: there is no such kind in v1 (got \"Servcie\", expected "
                  "Service) [manifest-kind]\n    hint: did you mean \"Service\"?"));
}

TEST(ManifestKinds, OfWorkloadsAreReadPastWithANote) {
  const auto read = read_manifests(object("apps/v1", "Deployment") + "---\n" +
                                   object("v1", "ConfigMap") + "---\n" + object("v1", "Secret"));
  EXPECT_THAT(
      messages(read.diagnostics),
      ElementsAre("m.yaml:2:7: note: Deployment \"x\" says nothing about requests and is "
                  "read past [manifest-not-used]",
                  "m.yaml:7:7: note: ConfigMap \"x\" says nothing about requests and is read "
                  "past [manifest-not-used]",
                  "m.yaml:12:7: note: Secret \"x\" says nothing about requests and is read "
                  "past [manifest-not-used]"));
  ASSERT_EQ(read.resources.unknown.size(), 3u);
  EXPECT_EQ(read.resources.unknown[0].kind, "Deployment");
  EXPECT_EQ(read.resources.unknown[0].api_version, "apps/v1");
  EXPECT_EQ(read.resources.unknown[0].meta.key(), "default/x");
}

TEST(ManifestKinds, OfOtherApisAreReadPastWithAWarning) {
  EXPECT_THAT(
      messages(object("networking.istio.io/v1", "Sidecar")),
      ElementsAre("m.yaml:2:7: warning: Sidecar \"x\" of networking.istio.io/v1 is "
                  "read past: what it asks for has no effect here [manifest-unknown-kind]"));
}

TEST(ManifestKinds, OfTheSameNameInOtherApisAreNotMistaken) {
  for (const auto& [api_version, kind] :
       {std::pair("networking.istio.io/v1", "Gateway"),
        {"serving.knative.dev/v1", "Service"},
        {"policy.linkerd.io/v1beta3", "HTTPRoute"},
        {"gateway.envoyproxy.io/v1alpha1", "BackendTrafficPolicy"},
        {"gateway.networking.k8s.io/v1alpha2", "TLSRoute"},
        {"gateway.networking.k8s.io/v1", "BackendTLSPolicy"}})
    EXPECT_THAT(rules(object(api_version, kind)), ElementsAre("manifest-unknown-kind")) << kind;
}

TEST(ManifestKinds, StandInAList) {
  const auto read = read_manifests(
      "apiVersion: v1\nkind: List\nmetadata: {}\nitems:\n"
      "- {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n"
      "- {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: b}, spec: "
      "{}}\n"
      "- {apiVersion: v1, kind: Namespace, metadata: {name: A}}\n");
  EXPECT_EQ(read.resources.namespaces.size(), 1u);
  EXPECT_EQ(read.resources.http_routes.size(), 1u);
  EXPECT_THAT(
      messages(read.diagnostics),
      ElementsAre("m.yaml:7:54: error: metadata.name: must be a DNS label in lower case (got "
                  "\"A\", expected ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$) [crd-pattern]"));
}

TEST(ManifestKinds, NeedAKindAndAnApiVersion) {
  EXPECT_THAT(messages("metadata: {name: x}\n"),
              ElementsAre("m.yaml:1:1: error: apiVersion: must be set (got nothing, expected a "
                          "string) [manifest-identity]",
                          "m.yaml:1:1: error: kind: must be set (got nothing, expected a string) "
                          "[manifest-identity]"));
  EXPECT_THAT(messages("apiVersion: v1\nkind: [Service]\n"),
              ElementsAre("m.yaml:2:7: error: kind: must be set (got a list, expected a string) "
                          "[manifest-identity]"));
  EXPECT_THAT(messages("- a\n"),
              ElementsAre("m.yaml:1:1: error: a manifest must be a mapping (got a list, expected "
                          "apiVersion, kind, metadata and spec) [manifest-identity]"));
}

TEST(ManifestKinds, LeaveOutObjectsWithErrors) {
  const auto read = read_manifests(
      "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: x}\n"
      "spec: {rulez: []}\n");
  EXPECT_THAT(read.resources.http_routes, IsEmpty());
}

TEST(ManifestKinds, AreReportedWhenDefinedTwice) {
  const auto read = read_manifests(object("gateway.networking.k8s.io/v1", "HTTPRoute") + "---\n" +
                                   object("gateway.networking.k8s.io/v1", "GRPCRoute") + "---\n" +
                                   object("gateway.networking.k8s.io/v1beta1", "HTTPRoute"));
  EXPECT_THAT(messages(duplicate_manifests(read.resources)),
              ElementsAre("m.yaml:13:12: error: HTTPRoute default/x is defined twice (got it at "
                          "m.yaml:3:12 too, expected it once) [manifest-duplicate]"));
}

}  // namespace
}  // namespace spillway::scenarios::manifests
