#include "model/profiles/review.h"

#include "model/resources/lint.h"
#include "tests/unit/profiles/istio_world.h"

namespace spillway::model {
namespace {

using istio::destination_rule;
using istio::read;
using istio::route;
using istio::service;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

MeshSpec mesh(const std::string& profile, const std::string& version = "") {
  MeshSpec spec;
  spec.profile = profile;
  spec.version = version;
  return spec;
}

std::vector<std::string> texts(const Diagnostics& diagnostics) {
  std::vector<std::string> all;
  for (const Diagnostic& d : diagnostics) all.push_back(to_text(d));
  return all;
}

std::vector<std::string> review(const std::string& manifests, const MeshSpec& spec) {
  return texts(review_profile(*read(manifests), spec));
}

std::string rule_with(const std::string& more) {
  return route("r", "[{backendRefs: [{name: cart, port: 80}]" + more + "}]");
}

const std::string kHttp = service("cart", "{name: http, port: 80, appProtocol: http}");
const std::string kPlain = service("cart", "{port: 80}");

constexpr const char* kBudget = R"(---
apiVersion: gateway.networking.x-k8s.io/v1alpha1
kind: XBackendTrafficPolicy
metadata: {name: budget, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: cart}]
  retryConstraint: {budget: {percent: 20, interval: 10s}, minRetryRate: {count: 10, interval: 1s}}
)";

TEST(Review, TellsThatLinkerdIgnoresRetry) {
  EXPECT_THAT(review(kHttp + rule_with(", retry: {attempts: 2}"), mesh("linkerd")),
              Contains(HasSubstr("retry")));
}

TEST(Review, TellsThatBackendRequestWithoutRetryLimitsAllTriesOfIstio) {
  EXPECT_THAT(
      review(kHttp + rule_with(", timeouts: {backendRequest: 1s}"), mesh("istio-sidecar")),
      Contains("m.yaml:12:62: warning: HTTPRoute shop/r: rule 0: backendRequest without retry "
               "limits the whole request, retries that Istio adds included "
               "[istio-backend-request]"));
}

TEST(Review, TellsThatBackoffIsTheBaseOfAFullJitter) {
  const std::string manifests = kHttp + rule_with(", retry: {attempts: 2, backoff: 100ms}");
  EXPECT_THAT(review(manifests, mesh("istio-sidecar")),
              Contains("m.yaml:12:72: note: HTTPRoute shop/r: rule 0: backoff is the base of a "
                       "random wait that starts at 0, not a minimum [istio-backoff-jitter]"));
  EXPECT_THAT(review(manifests, mesh("cilium")),
              Contains("m.yaml:12:72: note: backoff is the base of a full-jitter draw: the wait is "
                       "anything from 0 to 100ms, then to 200ms [cilium-backoff-base]"));
}

TEST(Review, TellsThatAMinimumRateBecomesAConcurrency) {
  MeshSpec alpha = mesh("istio-ambient");
  alpha.options["alphaGatewayApi"] = {true, {}};
  EXPECT_THAT(review(kHttp + rule_with("") + kBudget, alpha),
              Contains("m.yaml:19:59: note: XBackendTrafficPolicy shop/budget: minRetryRate.count "
                       "becomes 10 concurrent retries of every proxy, its interval is ignored "
                       "[istio-min-retry-rate]"));
}

TEST(Review, TellsWhoDoesNotReadBudgets) {
  const std::string manifests = kHttp + rule_with("") + kBudget;
  EXPECT_THAT(review(manifests, mesh("istio-ambient")),
              Contains("m.yaml:16:12: warning: XBackendTrafficPolicy shop/budget: is not read "
                       "without PILOT_ENABLE_ALPHA_GATEWAY_API [istio-policy-alpha]\n"
                       "    hint: set mesh.options.alphaGatewayApi"));
  EXPECT_THAT(review(manifests, mesh("cilium")),
              Contains("m.yaml:16:12: warning: XBackendTrafficPolicy has no effect "
                       "[cilium-policy-ignored]"));
  EXPECT_THAT(review(manifests, mesh("vpc-lattice")),
              Contains("m.yaml:16:12: warning: XBackendTrafficPolicy shop/budget: has no effect: "
                       "there are no retries to limit [lattice-policy]"));
}

TEST(Review, TellsThatTenPercentEjectsNoneOfFewEndpoints) {
  EXPECT_THAT(review(kHttp + destination_rule(
                                 "{host: cart, trafficPolicy: {outlierDetection: {interval: 5s}}}"),
                     mesh("istio-sidecar")),
              Contains(HasSubstr("note: DestinationRule shop/dr: at most 10 % of the endpoints are "
                                 "ejected: none of fewer than 10 [istio-ejection-limit]")));
}

TEST(Review, TellsThatCiliumAppliesNoConsumerRoutes) {
  const std::string consumer =
      route("r", "[{backendRefs: [{name: cart, port: 80, namespace: shop}]}]", "analytics");
  EXPECT_THAT(review(kHttp + consumer, mesh("cilium")),
              ElementsAre("m.yaml:11:16: warning: the route is not applied: Service shop/cart is in "
                          "another namespace [cilium-consumer-route]"));
}

TEST(Review, TellsThatCiliumLeavesPlainPortsInEbpf) {
  EXPECT_THAT(review(kPlain + rule_with(", retry: {backoff: 1s}"), mesh("cilium")),
              ElementsAre("m.yaml:11:16: warning: no port of Service shop/cart has the appProtocol "
                          "http: its traffic stays in eBPF and the route, though Accepted, does "
                          "nothing [cilium-not-redirected]"));
}

TEST(Review, TellsThatOldCiliumRetriesNothing) {
  EXPECT_THAT(review(kHttp + rule_with(", retry: {attempts: 2}"), mesh("cilium", "1.19")),
              ElementsAre("m.yaml:12:51: warning: the retry policy has no retry_on in this "
                          "version: nothing is retried [cilium-retry-inert]"));
}

TEST(Review, TellsOfWaypointsThatNoManifestSpeaksOf) {
  EXPECT_THAT(review(kHttp + rule_with(", retry: {}"), mesh("istio-ambient")),
              ElementsAre("note: waypoint is taken as shop/waypoint: no manifest speaks of a "
                          "waypoint, so every namespace has one for its Services [assumed]"));
}

TEST(Review, TellsOfARouteWithoutProxyOnlyThatItDoesNothing) {
  EXPECT_THAT(review(kHttp + rule_with(", retry: {backoff: 1s}"), mesh("istio-ambient-l4")),
              ElementsAre("m.yaml:11:16: warning: HTTPRoute shop/r: does nothing: Service shop/cart "
                          "has no waypoint [istio-route-inert]\n"
                          "    hint: label the Service or its namespace with "
                          "istio.io/use-waypoint"));
  EXPECT_THAT(review(kHttp + rule_with(", retry: {backoff: 1s}"), mesh("kgateway")),
              ElementsAre("m.yaml:11:16: warning: HTTPRoute shop/r does nothing at a Service: "
                          "kgateway serves Gateways [kgateway-service-parent]"));
}

TEST(Review, TellsOfConfigurationThatEnvoyRefuses) {
  EXPECT_THAT(review(kHttp + rule_with(", retry: {backoff: 0s}"), mesh("istio-sidecar")),
              Contains(HasSubstr("warning: Envoy refuses the configuration of the sidecars in shop "
                                 "and keeps what it had: ")));
}

TEST(Review, TellsOfTriesThatDoNotFitIntoATimeoutNobodyWrote) {
  const std::string gateway = R"(---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  rules: [{backendRefs: [{name: cart, port: 80}], timeouts: {backendRequest: 6s}, retry: {attempts: 2}}]
)";
  EXPECT_THAT(review(kHttp + gateway, mesh("kgateway")),
              Contains("m.yaml:12:83: warning: HTTPRoute shop/r: rule 0: 3 tries of up to 6s can "
                       "take 18s, but an overall timeout of 15s ends them all "
                       "[tries-exceed-timeout]\n    hint: set timeouts.request"));
  EXPECT_THAT(review(kHttp + gateway, mesh("cilium")), Not(Contains(HasSubstr("tries-exceed"))));
}

TEST(Review, TellsOfKindsOfOtherImplementations) {
  const std::string kgateway = R"(---
apiVersion: gateway.kgateway.dev/v1alpha1
kind: TrafficPolicy
metadata: {name: t, namespace: shop}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: r}]
  timeouts: {request: 3s}
)";
  const std::string manifests = kHttp + destination_rule("{host: cart}") + kgateway;
  EXPECT_THAT(review(manifests, mesh("cilium")),
              ElementsAre("m.yaml:9:12: warning: DestinationRule shop/dr: has no effect: only "
                          "Istio's profiles act on it [istio-only]",
                          "m.yaml:14:12: warning: TrafficPolicy shop/t: has no effect: only "
                          "kgateway acts on it [kgateway-only]"));
}

TEST(Review, TellsOfLinkerdsAnnotationsElsewhere) {
  const std::string annotated = R"(---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop, annotations: {retry.linkerd.io/http: 5xx}}
spec: {ports: [{port: 80}]}
)";
  EXPECT_THAT(review(annotated, mesh("gateway-api")),
              ElementsAre("m.yaml:4:12: warning: Service shop/cart: annotation "
                          "retry.linkerd.io/http has no effect: only Linkerd acts on it "
                          "[linkerd-only]"));
  EXPECT_THAT(review(annotated, mesh("linkerd")), Not(Contains(HasSubstr("linkerd-only"))));
}

TEST(Review, SaysNothingOfTheSpecificationItself) {
  EXPECT_THAT(review(kHttp + rule_with(", retry: {attempts: 2, backoff: 1s}") + kBudget,
                     mesh("gateway-api")),
              IsEmpty());
}

TEST(Review, SaysNothingOfUnknownProfiles) {
  EXPECT_THAT(review(kHttp + rule_with(""), mesh("envy")), IsEmpty());
}

// What lint() finds for every implementation belongs to the same list for users.

TEST(Review, LeavesTriesAboveTheRequestTimeoutToTheLint) {
  const auto resources = read(
      kHttp + rule_with(", timeouts: {request: 1s, backendRequest: 400ms}, retry: {attempts: 3}"));
  EXPECT_THAT(texts(lint(*resources)),
              Contains("m.yaml:12:62: warning: 4 tries of up to 400ms can take 1.6s, but the "
                       "request timeout of 1s ends them all [retry-exceeds-request-timeout]"));
  EXPECT_THAT(texts(review_profile(*resources, mesh("gateway-api"))), IsEmpty());
}

TEST(Review, LeavesBudgetsWithoutRetriesToTheLint) {
  const auto resources = read(kHttp + rule_with("") + kBudget);
  EXPECT_THAT(texts(lint(*resources)),
              Contains("m.yaml:18:16: warning: no rule with retry leads to Service shop/cart: a "
                       "budget limits retries, it does not enable them [budget-without-retry]"));
}

}  // namespace
}  // namespace spillway::model
