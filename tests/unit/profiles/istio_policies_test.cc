#include "model/envoy/refused.h"
#include "tests/unit/profiles/istio_world.h"

namespace spillway::model::istio {
namespace {

using namespace sim::literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint32_t kUnlimited = 4294967295U;
constexpr const char* kHost = "cart.shop.svc.cluster.local";

std::string to_cart(const std::string& more) {
  return "[{" + more + "route: [{destination: {host: cart}}]}]";
}

std::string policy(const std::string& body) {
  return destination_rule("{host: cart, trafficPolicy: " + body + "}");
}

std::string budget_policy(const std::string& name, int percent) {
  return "---\napiVersion: gateway.networking.x-k8s.io/v1alpha1\nkind: XBackendTrafficPolicy\n"
         "metadata: {name: " +
         name +
         ", namespace: shop}\nspec: {targetRefs: [{group: '', kind: Service, name: cart}], "
         "retryConstraint: {budget: {percent: " +
         std::to_string(percent) + "}}}\n";
}

const std::string kWaypoint = R"(---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: way, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/use-waypoint: way}}
)";

TEST(IstioClusters, BreakersAreUnlimitedByDefault) {
  const auto cluster = World(service("cart")).cluster();
  EXPECT_EQ(cluster.circuit_breakers->max_retries, kUnlimited);
  EXPECT_EQ(cluster.circuit_breakers->max_connections, kUnlimited);
  EXPECT_EQ(cluster.connect_timeout, 10_s);
  EXPECT_EQ(cluster.lb_policy, envoy::LbPolicy::least_request);
}

TEST(IstioClusters, ZeroLimitsAreUnlimited) {
  const World world(service("cart") +
                    policy("{connectionPool: {tcp: {maxConnections: 0}, http: {maxRetries: 0}}}"));
  EXPECT_EQ(world.cluster().circuit_breakers->max_connections, kUnlimited);
  EXPECT_EQ(world.cluster().circuit_breakers->max_retries, kUnlimited);
}

TEST(IstioClusters, PanicIsOffEverywhereSince131) {
  const std::string manifests = service("cart");
  EXPECT_EQ(World(manifests).cluster().healthy_panic_threshold, 0);
  EXPECT_FALSE(World(manifests, {"1.30", false}).cluster().healthy_panic_threshold);
}

TEST(IstioClusters, MinHealthPercentIsThePanicThreshold) {
  const World world(service("cart") + policy("{outlierDetection: {minHealthPercent: 40}}"));
  EXPECT_EQ(world.cluster().healthy_panic_threshold, 40);
}

TEST(IstioClusters, EmptyOutlierDetectionSwitchesItOn) {
  const World world(service("cart") + policy("{outlierDetection: {}}"));
  ASSERT_TRUE(world.cluster().outlier_detection);
  EXPECT_EQ(world.cluster().outlier_detection->enforcing_success_rate, 0U);
  EXPECT_FALSE(world.cluster().outlier_detection->consecutive_5xx);
}

TEST(IstioClusters, ZeroErrorsSwitchTheirDetectorOff) {
  const World world(service("cart") + policy("{outlierDetection: {consecutive5xxErrors: 0}}"));
  EXPECT_EQ(world.cluster().outlier_detection->enforcing_consecutive_5xx, 0U);
}

TEST(IstioClusters, BudgetWindowReachesEnvoySince131) {
  const std::string manifests =
      service("cart") + policy("{retryBudget: {percent: 0, budgetInterval: 8s}}");
  const auto budget = *World(manifests).cluster().circuit_breakers->retry_budget;
  EXPECT_EQ(budget.budget_percent, 0);
  EXPECT_EQ(budget.min_retry_concurrency, 3U);
  EXPECT_EQ(budget.budget_interval, 8_s);
  const World before(manifests, {"1.30", false});
  EXPECT_FALSE(before.cluster().circuit_breakers->retry_budget->budget_interval);
}

TEST(IstioClusters, PortSettingsReplaceEverything) {
  const World world(service("cart") +
                    policy("{retryBudget: {percent: 10}, connectionPool: {http: {maxRetries: 5}}, "
                           "portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: "
                           "RANDOM}}]}"));
  EXPECT_EQ(world.cluster().lb_policy, envoy::LbPolicy::random);
  EXPECT_EQ(world.cluster().circuit_breakers->max_retries, kUnlimited);
  EXPECT_FALSE(world.cluster().circuit_breakers->retry_budget);
}

TEST(IstioClusters, SubsetsInheritBlockByBlock) {
  const World world(
      service("cart") +
      destination_rule("{host: cart, trafficPolicy: {retryBudget: {percent: 10}, connectionPool: "
                       "{http: {maxRetries: 5}}}, subsets: [{name: v1, trafficPolicy: "
                       "{connectionPool: {http: {maxRetries: 7}}}}]}"));
  const auto subset = world.cluster("outbound|80|v1|cart.shop.svc.cluster.local");
  EXPECT_EQ(subset.circuit_breakers->max_retries, 7U);
  EXPECT_EQ(subset.circuit_breakers->retry_budget->budget_percent, 10);
}

TEST(IstioClusters, ClientsNamespaceWinsOverTheServices) {
  const std::string of =
      "{host: cart.shop.svc.cluster.local, trafficPolicy: {connectionPool: "
      "{http: {maxRetries: ";
  const World world(service("cart") + destination_rule(of + "1}}}}", "shop") +
                    destination_rule(of + "2}}}}", "other"));
  EXPECT_EQ(world.cluster("outbound|80||cart.shop.svc.cluster.local", "other")
                .circuit_breakers->max_retries,
            2U);
  EXPECT_EQ(world.cluster().circuit_breakers->max_retries, 1U);
}

TEST(IstioClusters, ExactHostHidesTheWildcard) {
  const World world(service("cart") +
                    destination_rule("{host: '*.shop.svc.cluster.local', trafficPolicy: "
                                     "{loadBalancer: {simple: RANDOM}}}",
                                     "shop", "wide") +
                    policy("{outlierDetection: {}}"));
  EXPECT_EQ(world.cluster().lb_policy, envoy::LbPolicy::least_request);
}

TEST(IstioClusters, OldestPolicyOfAServiceWins) {
  const World world(service("cart") + budget_policy("b", 30) + budget_policy("a", 60), {"", true});
  EXPECT_EQ(world.cluster().circuit_breakers->retry_budget->budget_percent, 60)
      << "objects of unknown age go by name";
}

TEST(IstioClusters, OwnBudgetOfADestinationRuleWins) {
  const World world(
      service("cart") + budget_policy("a", 60) + policy("{retryBudget: {percent: 15}}"),
      {"", true});
  EXPECT_EQ(world.cluster().circuit_breakers->retry_budget->budget_percent, 15);
  EXPECT_FALSE(world.cluster().circuit_breakers->retry_budget->budget_interval);
}

TEST(IstioClusters, PoliciesNeedTheAlphaSwitch) {
  const World world(service("cart") + budget_policy("a", 60));
  EXPECT_FALSE(world.cluster().circuit_breakers->retry_budget);
  EXPECT_THAT(world.plane.conditions(), IsEmpty());
}

TEST(IstioClusters, WarmupIsIgnoredByRandom) {
  const World world(service("cart") +
                    policy("{loadBalancer: {simple: RANDOM, warmup: {duration: 15s}}}"));
  EXPECT_FALSE(world.cluster().slow_start_config);
}

TEST(IstioServer, RetriesWhatWasNeverSentButNotGrpc) {
  const World world(service("cart", "{name: http, port: 80}, {name: grpc, port: 90}"));
  const auto config = world.plane.server_sidecar(world.resources->services[0]);
  const auto& http = *config.route_configs[0].virtual_hosts[0].routes[0].route;
  EXPECT_EQ(http.retry_policy->retry_on, "reset-before-request");
  EXPECT_FALSE(config.route_configs[1].virtual_hosts[0].routes[0].route->retry_policy);
}

TEST(IstioServer, HasBudgetAndPoolButNoOutlierDetection) {
  const World world(service("cart") + policy("{retryBudget: {percent: 35}, outlierDetection: {}}"));
  const auto cluster = world.plane.server_sidecar(world.resources->services[0]).clusters[0];
  EXPECT_EQ(cluster.circuit_breakers->retry_budget->budget_percent, 35);
  EXPECT_FALSE(cluster.outlier_detection);
}

TEST(IstioVirtualService, PrefixEndsAnywhereAndMissingClusterIsLeftTo503) {
  const World world(service("cart") + virtual_service(to_cart("match: [{uri: {prefix: /a}}], ")));
  EXPECT_EQ(world.routes()[0].match.kind, envoy::RouteMatch::Kind::prefix);
  EXPECT_FALSE(world.action().cluster_not_found_response_code);
}

TEST(IstioVirtualService, FaultWithoutPercentageIsNeverInjected) {
  const World world(service("cart") +
                    virtual_service(to_cart("fault: {abort: {httpStatus: 503}}, ")));
  EXPECT_EQ(world.routes()[0].fault->abort->percentage.share(), 0);
}

TEST(IstioVirtualService, CodesAloneRetryNoConnectFailure) {
  const World world(service("cart") +
                    virtual_service(to_cart("retries: {attempts: 2, retryOn: '503'}, ")));
  EXPECT_EQ(world.action().retry_policy->retry_on, ",retriable-status-codes");
}

TEST(IstioVirtualService, NoAttemptsAreNoPolicy) {
  const World world(service("cart") + virtual_service(to_cart("retries: {attempts: 0}, ")));
  EXPECT_FALSE(world.action().retry_policy);
}

TEST(IstioVirtualService, RouteOfTheClientsNamespaceWinsWhateverItsAge) {
  const World world(service("cart") + virtual_service(to_cart("timeout: 4s, "), "a") +
                    route("z", "[{backendRefs: [{name: cart, port: 80}]}]"));
  EXPECT_THAT(names(world.routes("shop")), ElementsAre("shop.z.0"));
}

TEST(IstioVirtualService, PrivateOneWinsOverTheRoute) {
  const World world(service("cart") + route("a", "[{backendRefs: [{name: cart, port: 80}]}]") +
                    virtual_service(to_cart("timeout: 4s, "), "z", "shop", ", exportTo: [.]"));
  EXPECT_EQ(world.action("shop").timeout, 4_s);
}

TEST(IstioMesh, DefaultRetriesServeRulesWithoutTheirOwn) {
  const World world(service("cart") +
                    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: "
                    "istio-system}\ndata:\n  mesh: |\n    defaultHttpRetryPolicy: {attempts: 5, "
                    "retryOn: '5xx,429'}\n");
  EXPECT_EQ(world.action().retry_policy->num_retries, 5U);
  EXPECT_THAT(world.action().retry_policy->retriable_status_codes, ElementsAre(429));
}

TEST(IstioWaypoint, DefaultRouteWasInboundIn130) {
  const std::string manifests = service("cart") + kWaypoint;
  const auto retry_on = [&](const char* version) {
    const World world(manifests, {version, false});
    const auto config = world.plane.waypoint(world.resources->gateways[0]);
    return config.route_configs[0].virtual_hosts[0].routes[0].route->retry_policy->retry_on;
  };
  EXPECT_EQ(retry_on("1.30"), "reset-before-request");
  EXPECT_EQ(retry_on("1.31"),
            "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes");
}

TEST(IstioWaypoint, ConsumerRoutesOfOtherNamespacesDoNotReachIt) {
  const World world(
      service("cart") + kWaypoint +
      route("r", "[{backendRefs: [{name: cart, port: 80, namespace: shop}]}]", "other"));
  const auto config = world.plane.waypoint(world.resources->gateways[0]);
  EXPECT_THAT(names(config.route_configs[0].virtual_hosts[0].routes), ElementsAre("default"));
}

TEST(IstioWaypoint, ServiceThatItDoesNotServeIsReachedDirectly) {
  const World world(service("cart") + service("far", "{name: http, port: 80}", "away") + kWaypoint +
                    route("r", "[{backendRefs: [{name: far, port: 80, namespace: away}]}]"));
  const auto config = world.plane.waypoint(world.resources->gateways[0]);
  EXPECT_EQ(config.route_configs[0].virtual_hosts[0].routes[0].route->cluster,
            "outbound|80||far.away.svc.cluster.local");
  EXPECT_EQ(World::find(config, "outbound|80||far.away.svc.cluster.local").service, "away/far:80");
}

TEST(IstioRefused, BackoffOfZeroIsRefusedByEnvoy) {
  const World world(service("cart") +
                    route("r", "[{backendRefs: [{name: cart, port: 80}], retry: {backoff: 0s}}]"));
  EXPECT_THAT(envoy::refused(world.plane.sidecar("shop")),
              ElementsAre("route shop.r.0: retry_back_off.base_interval must be greater than 0s"));
}

TEST(IstioDomains, ShortNamesAreForTheOwnNamespace) {
  const World world(service("cart"));
  const auto domains = [&](const char* ns) {
    return world.plane.sidecar(ns).route_configs[0].virtual_hosts[0].domains;
  };
  EXPECT_THAT(domains("shop"),
              ElementsAre(kHost, std::string(kHost) + ".", "cart", "cart.shop.svc", "cart.shop"));
  EXPECT_THAT(domains("other"),
              ElementsAre(kHost, std::string(kHost) + ".", "cart.shop", "cart.shop.svc"));
}

}  // namespace
}  // namespace spillway::model::istio
