#include "tests/unit/profiles/istio_world.h"

namespace spillway::model::istio {
namespace {

using namespace sim::literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kConditions = "connect-failure,refused-stream,unavailable,cancelled";

std::string to_cart(const std::string& more) {
  return "[{backendRefs: [{name: cart, port: 80}]" + more + "}]";
}

TEST(IstioRoutes, ServiceWithoutRouteRetriesTwiceWithoutTimeout) {
  const auto action = World(service("cart")).action();
  EXPECT_EQ(action.cluster, "outbound|80||cart.shop.svc.cluster.local");
  EXPECT_EQ(action.timeout, 0_s);
  EXPECT_EQ(action.retry_policy->num_retries, 2U);
  EXPECT_EQ(action.retry_policy->retry_on, std::string(kConditions) + ",retriable-status-codes");
  EXPECT_TRUE(action.retry_policy->previous_hosts);
}

TEST(IstioRoutes, BackendRequestWithoutRetryIsTheWholeTimeout) {
  const World world(service("cart") +
                    route("r", to_cart(", timeouts: {request: 2s, backendRequest: 1s}")));
  EXPECT_EQ(world.action().timeout, 1_s);
  EXPECT_FALSE(world.action().retry_policy->per_try_timeout);
}

TEST(IstioRoutes, BackendRequestWithRetryIsTheTimeoutOfATry) {
  const World world(
      service("cart") +
      route("r", to_cart(", timeouts: {request: 2s, backendRequest: 1s}, retry: {}")));
  EXPECT_EQ(world.action().timeout, 2_s);
  EXPECT_EQ(world.action().retry_policy->per_try_timeout, 1_s);
}

TEST(IstioRoutes, ZeroBackendRequestIsIgnored) {
  const World world(service("cart") +
                    route("r", to_cart(", timeouts: {request: 2s, backendRequest: 0s}")));
  EXPECT_EQ(world.action().timeout, 2_s);
}

TEST(IstioRoutes, CodesBringTheConditionThatReadsThem) {
  const World world(service("cart") + route("r", to_cart(", retry: {codes: [503, 429]}")));
  const auto policy = *world.action().retry_policy;
  EXPECT_EQ(policy.retry_on, std::string(kConditions) + ",retriable-status-codes");
  EXPECT_THAT(policy.retriable_status_codes, ElementsAre(503, 429));
}

TEST(IstioRoutes, CodesWithoutTextAreNeverRetried) {
  const World world(service("cart") + route("r", to_cart(", retry: {codes: [520, 599]}")));
  const auto policy = *world.action().retry_policy;
  EXPECT_EQ(policy.retry_on, std::string(kConditions) + ",520,599");
  EXPECT_THAT(policy.retriable_status_codes, IsEmpty());
}

TEST(IstioRoutes, BackoffIsTheBaseInterval) {
  const World world(service("cart") + route("r", to_cart(", retry: {backoff: 100ms}")));
  EXPECT_EQ(world.action().retry_policy->retry_back_off->base_interval, 100_ms);
}

TEST(IstioRoutes, ExactBeforeLongerPrefixBeforeExpression) {
  const World world(service("cart") +
                    route("r",
                          "[{matches: [{path: {type: RegularExpression, value: '/x.*'}}]},"
                          "{matches: [{path: {value: /a}}]},"
                          "{matches: [{path: {value: /abc}}]},"
                          "{matches: [{path: {type: Exact, value: /a}}]}]"));
  EXPECT_THAT(names(world.routes()), ElementsAre("shop.r.3", "shop.r.2", "shop.r.1", "shop.r.0"));
}

TEST(IstioRoutes, ExpressionBehindACatchAllIsNotEmitted) {
  const World world(service("cart") +
                    route("r",
                          "[{matches: [{path: {type: RegularExpression, value: '/x.*'}}]},"
                          "{backendRefs: [{name: cart, port: 80}]}]"));
  EXPECT_THAT(names(world.routes()), ElementsAre("shop.r.1"));
}

TEST(IstioRoutes, MatchesOfARuleAreSeveralRoutes) {
  const World world(service("cart") +
                    route("r", "[{matches: [{path: {value: /a}}, {path: {value: /b}}]}]"));
  EXPECT_THAT(names(world.routes()), ElementsAre("shop.r.0", "shop.r.0"));
}

TEST(IstioRoutes, NoWeightsAnswer500) {
  const World world(service("cart") +
                    route("r", "[{backendRefs: [{name: cart, port: 80, weight: 0}]}]"));
  EXPECT_EQ(world.routes()[0].direct_response->status, 500);
}

TEST(IstioRoutes, NoBackendsAnswered404In130) {
  const std::string manifests = service("cart") + route("r", "[{}]");
  EXPECT_EQ(World(manifests, {"1.30", false}).routes()[0].direct_response->status, 404);
  EXPECT_EQ(World(manifests).routes()[0].direct_response->status, 500);
}

TEST(IstioRoutes, MissingBackendKeepsItsShareAnd500) {
  const World world(
      service("cart") +
      route("r", "[{backendRefs: [{name: ghost, port: 80}, {name: cart, port: 80, weight: 3}]}]"));
  const auto action = world.action();
  ASSERT_THAT(action.weighted_clusters, SizeIs(2));
  EXPECT_EQ(action.weighted_clusters[0].name, "outbound|80||ghost.shop.svc.cluster.local");
  EXPECT_EQ(action.cluster_not_found_response_code, 500);
  EXPECT_EQ(world.condition("ResolvedRefs")->message,
            "backend(ghost.shop.svc.cluster.local) not found");
}

TEST(IstioRoutes, ExtensionFilterLeavesTheDefaultRoute) {
  const World world(
      service("cart") +
      route("r", to_cart(", filters: [{type: ExtensionRef, extensionRef: {group: a.b, kind: K, "
                         "name: filter}}]")));
  EXPECT_THAT(names(world.routes()), ElementsAre("default"));
  EXPECT_EQ(world.condition("ResolvedRefs")->reason, "InvalidFilter");
  EXPECT_TRUE(world.condition("Accepted")->status);
}

TEST(IstioRoutes, ConsumerRouteActsForItsNamespaceAlone) {
  const World world(service("cart") + route("r", to_cart(""), "other"));
  EXPECT_THAT(names(world.routes("other")), ElementsAre("other.r.0"));
  EXPECT_THAT(names(world.routes("shop")), ElementsAre("default"));
}

TEST(IstioRoutes, RouteOfAMissingServiceIsNotAccepted) {
  const World world(route("r", to_cart("")));
  EXPECT_EQ(world.condition("Accepted")->reason, "NoMatchingParent");
  EXPECT_EQ(world.condition("Accepted")->message, "parent service: \"cart\" not found");
  EXPECT_EQ(world.condition("ResolvedWaypoints")->message, "parent not found");
}

TEST(IstioRoutes, TcpPortHasNoRoutes) {
  EXPECT_THAT(World(service("cart", "{name: tcp, port: 80}") + route("r", to_cart(""))).routes(),
              IsEmpty());
}

TEST(IstioRoutes, UnnamedPortHasAConfigurationOfItsOwn) {
  const World world(service("cart", "{port: 80}"));
  const auto configs = world.plane.sidecar("shop").route_configs;
  ASSERT_THAT(configs, SizeIs(1));
  EXPECT_EQ(configs[0].name, "cart.shop.svc.cluster.local:80");
  EXPECT_THAT(configs[0].virtual_hosts[0].domains, ElementsAre("*"));
}

TEST(IstioRoutes, FullPathIsRewrittenByAnExpression) {
  const World world(service("cart") +
                    route("r", to_cart(", filters: [{type: URLRewrite, urlRewrite: {path: {type: "
                                       "ReplaceFullPath, replaceFullPath: /z}}}]")));
  EXPECT_EQ(world.action().regex_rewrite, (envoy::RegexRewrite{"/.*", "/z"}));
}

TEST(IstioRoutes, RemovedPrefixIsRewrittenByAnExpression) {
  const World world(
      service("cart") +
      route("r",
            "[{matches: [{path: {value: /a.b}}], backendRefs: [{name: cart, port: 80}], "
            "filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, "
            "replacePrefixMatch: /}}}]}]"));
  EXPECT_EQ(world.action().regex_rewrite, (envoy::RegexRewrite{"^/a\\.b(/?)(.*)", "/\\2"}));
}

TEST(IstioRoutes, MirrorSharesArePerMillion) {
  const World world(service("cart") + service("copy") +
                    route("r", to_cart(", filters: [{type: RequestMirror, requestMirror: "
                                       "{backendRef: {name: copy, port: 80}, percent: 25}}]")));
  const auto mirrors = world.action().request_mirror_policies;
  ASSERT_THAT(mirrors, SizeIs(1));
  EXPECT_EQ(mirrors[0].runtime_fraction, (envoy::FractionalPercent{250'000, 1'000'000}));
}

}  // namespace
}  // namespace spillway::model::istio
