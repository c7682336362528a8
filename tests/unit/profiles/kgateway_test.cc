#include <gtest/gtest.h>

#include <algorithm>

#include "model/profiles/kgateway/translate.h"
#include "tests/unit/profiles/objects.h"

namespace spillway::model {
namespace {

using namespace sim::literals;
using namespace test_objects;
using kgateway::Translation;

constexpr const char* kStandard =
    "cancelled,connect-failure,refused-stream,reset,retriable-headers,retriable-status-codes,"
    "unavailable";

Resources edge(std::vector<HttpRouteRule> rules,
               std::vector<Listener> listeners = {listener("web")}) {
  Resources r;
  r.gateways = {gateway("kgateway", std::move(listeners))};
  r.services = {service("cart"), service("stock")};
  r.http_routes = {route("r", {gateway_parent()}, std::move(rules))};
  return r;
}

Translation translated(const Resources& resources, std::string_view version = "") {
  return kgateway::translate(resources, kgateway::options_for(version));
}

const envoy::RouteAction& only_action(const Translation& t) {
  return *first_routes(t.proxies.at(0).config).at(0).route;
}

HttpRouteRule simple() { return rule(prefix("/"), {to("cart")}); }

const RouteCondition& condition(const Translation& t, std::string_view type) {
  return *std::ranges::find(t.conditions, type, &RouteCondition::type);
}

kgateway::TrafficPolicy policy(std::string name, std::string kind, std::string target,
                               std::string section = "") {
  kgateway::TrafficPolicy p;
  p.meta = meta(std::move(name));
  kgateway::Target t;
  t.kind = std::move(kind);
  t.name = std::move(target);
  t.section_name = std::move(section);
  p.targets = {std::move(t)};
  return p;
}

kgateway::TrafficPolicy limiting(kgateway::TrafficPolicy p, sim::Duration request) {
  p.timeouts.emplace().request = request;
  return p;
}

kgateway::TrafficPolicy retrying(kgateway::TrafficPolicy p, int attempts) {
  p.retry.emplace().retry_on = {"5xx"};
  p.retry->attempts = attempts;
  return p;
}

kgateway::BackendConfigPolicy backend_config(std::string name, std::string created) {
  kgateway::BackendConfigPolicy p;
  p.meta = meta(std::move(name));
  p.meta.creation_timestamp = std::move(created);
  kgateway::Target t;
  t.kind = "Service";
  t.name = "cart";
  p.targets = {std::move(t)};
  return p;
}

const envoy::Cluster& cart(const Translation& t) {
  return *std::ranges::find(t.proxies.at(0).config.clusters, "kube_shop_cart_80",
                            &envoy::Cluster::name);
}

TEST(KgatewayTimeout, BackendRequestIsTheOverallOneWithoutRetry) {
  HttpRouteRule r = simple();
  r.timeouts = timeouts(4_s, 1_s);
  EXPECT_EQ(only_action(translated(edge({r}))).timeout, 1_s);
}

TEST(KgatewayTimeout, WithRetryBackendRequestLimitsATry) {
  HttpRouteRule r = simple();
  r.timeouts = timeouts(4_s, 1_s);
  r.retry.emplace();
  const Translation t = translated(edge({r}));
  EXPECT_EQ(only_action(t).timeout, 4_s);
  EXPECT_EQ(only_action(t).retry_policy->per_try_timeout, 1_s);
}

TEST(KgatewayTimeout, BackendRequestWithRetryAloneIsTheOverallOneTooIn23) {
  HttpRouteRule r = simple();
  r.timeouts = timeouts(std::nullopt, 600_ms);
  r.retry.emplace();
  EXPECT_FALSE(only_action(translated(edge({r}))).timeout);
  EXPECT_EQ(only_action(translated(edge({r}), "2.3")).timeout, 600_ms);
}

TEST(KgatewayRetry, HasResetSince24) {
  HttpRouteRule r = simple();
  r.retry.emplace();
  EXPECT_EQ(only_action(translated(edge({r}))).retry_policy->retry_on, kStandard);
  EXPECT_EQ(only_action(translated(edge({r}))).retry_policy->num_retries, 1U);
  EXPECT_EQ(only_action(translated(edge({r}), "2.3")).retry_policy->retry_on,
            "cancelled,connect-failure,refused-stream,retriable-headers,retriable-status-codes,"
            "unavailable");
}

TEST(KgatewayRetry, CountsAsAbsentWithoutTheExperimentalFeatures) {
  HttpRouteRule r = simple();
  r.timeouts = timeouts(4_s, 1_s);
  r.retry.emplace();
  kgateway::Options options;
  options.experimental_features = false;
  const Translation t = kgateway::translate(edge({r}), options);
  EXPECT_FALSE(only_action(t).retry_policy);
  EXPECT_EQ(only_action(t).timeout, 1_s);
}

TEST(KgatewayRetry, ABackoffOfZeroIsRefusedByEnvoy) {
  HttpRouteRule r = simple();
  r.retry.emplace().backoff = 0_s;
  ASSERT_EQ(translated(edge({r})).refused.size(), 1U);
  EXPECT_EQ(translated(edge({r})).refused[0].config, "shop/edge");
}

TEST(KgatewayBackends, AMissingOneKeepsItsShareAsABlackHole) {
  const Translation t = translated(edge({rule(prefix("/"), {to("cart", 3), to("ghost", 1)})}));
  EXPECT_EQ(targets(first_routes(t.proxies[0].config)[0]),
            "kube_shop_cart_80 x3, blackhole-cluster x1");
  EXPECT_EQ(condition(t, "ResolvedRefs").reason, "BackendNotFound");
}

TEST(KgatewayBackends, AnotherNamespaceNeedsAGrant) {
  Resources r = edge({rule(prefix("/"), {to("depot", 1, 80, "far")})});
  r.services.push_back(service("depot", {80}, "", "far"));
  EXPECT_EQ(only_action(translated(r)).cluster, "blackhole-cluster");
  EXPECT_EQ(condition(translated(r), "ResolvedRefs").reason, "RefNotPermitted");
}

TEST(KgatewayBackends, WeightsThatAreAllZeroReplaceTheRule) {
  const Resources r = edge({rule(prefix("/"), {to("cart", 0), to("stock", 0)})});
  EXPECT_EQ(targets(first_routes(translated(r).proxies[0].config)[0]), "500");
  EXPECT_EQ(condition(translated(r), "kgateway.dev/Programmed").reason, "RouteRuleReplaced");
  EXPECT_TRUE(condition(translated(r), "Accepted").status);
  EXPECT_FALSE(condition(translated(r, "2.3"), "Accepted").status);
}

TEST(KgatewayBackends, ARuleWithoutAnyIsReplaced) {
  EXPECT_EQ(targets(first_routes(translated(edge({rule(prefix("/"), {})})).proxies[0].config)[0]),
            "500");
}

TEST(KgatewayOrder, TheOlderRouteComesFirst) {
  Resources r = edge({simple()});
  r.http_routes[0].meta.creation_timestamp = "2026-02-01T00:00:00Z";
  r.http_routes.push_back(route("z", {gateway_parent()}, {rule(prefix("/"), {to("stock")})}));
  r.http_routes[1].meta.creation_timestamp = "2026-01-01T00:00:00Z";
  const Translation t = translated(r);
  EXPECT_EQ(targets(first_routes(t.proxies[0].config)[0]), "kube_shop_stock_80");
}

TEST(KgatewayOrder, ExpressionsKeepTheirOrderWhateverTheirLength) {
  const Translation t =
      translated(edge({rule(path(PathMatchType::regular_expression, "/a"), {to("cart")}),
                       rule(path(PathMatchType::regular_expression, "/a.*b"), {to("stock")})}));
  EXPECT_EQ(targets(first_routes(t.proxies[0].config)[0]), "kube_shop_cart_80");
}

TEST(KgatewayPolicies, TheFieldOfTheRouteWinsAndTheOthersAreFilledIn) {
  HttpRouteRule one = simple();
  one.timeouts = timeouts(2_s, std::nullopt);
  Resources r = edge({one});
  auto p = limiting(policy("p", "HTTPRoute", "r"), 9_s);
  p.timeouts->stream_idle = 45_s;
  r.kgateway_traffic_policies = {p};
  EXPECT_EQ(only_action(translated(r)).timeout, 2_s);
  EXPECT_EQ(only_action(translated(r)).idle_timeout, 45_s);
}

TEST(KgatewayPolicies, AGroupIsTakenWholeFromTheMoreSpecific) {
  HttpRouteRule one = simple();
  one.name = "first";
  Resources r = edge({one});
  auto on_rule = policy("a", "HTTPRoute", "r", "first");
  on_rule.timeouts.emplace().stream_idle = 5_s;
  r.kgateway_traffic_policies = {limiting(policy("b", "HTTPRoute", "r"), 12_s), on_rule};
  EXPECT_FALSE(only_action(translated(r)).timeout);
  EXPECT_EQ(only_action(translated(r)).idle_timeout, 5_s);
}

TEST(KgatewayPolicies, TheOlderOfTwoOnOneTargetWinsUnlessWeighted) {
  Resources r = edge({simple()});
  auto older = limiting(policy("z", "HTTPRoute", "r"), 1_s);
  auto newer = limiting(policy("a", "HTTPRoute", "r"), 2_s);
  older.meta.creation_timestamp = "2026-01-01T00:00:00Z";
  newer.meta.creation_timestamp = "2026-02-01T00:00:00Z";
  r.kgateway_traffic_policies = {newer, older};
  EXPECT_EQ(only_action(translated(r)).timeout, 1_s);
  r.kgateway_traffic_policies[0].meta.annotations["kgateway.dev/policy-weight"] = "10";
  EXPECT_EQ(only_action(translated(r)).timeout, 2_s);
}

TEST(KgatewayPolicies, OneOnTheGatewayReachesRoutesSince24) {
  Resources r = edge({simple()});
  r.kgateway_traffic_policies = {retrying(limiting(policy("p", "Gateway", "edge"), 8_s), 2)};
  EXPECT_EQ(only_action(translated(r)).timeout, 8_s);
  EXPECT_EQ(only_action(translated(r)).retry_policy->num_retries, 2U);
  EXPECT_FALSE(only_action(translated(r, "2.3")).timeout);
  EXPECT_FALSE(only_action(translated(r, "2.3")).retry_policy);
}

TEST(KgatewayPolicies, OneOnAListenerGivesRoutesItsRetryAloneIn23) {
  Resources r = edge({simple()});
  r.kgateway_traffic_policies = {retrying(limiting(policy("p", "Gateway", "edge", "web"), 8_s), 2)};
  EXPECT_FALSE(only_action(translated(r, "2.3")).timeout);
  EXPECT_EQ(only_action(translated(r, "2.3")).retry_policy->num_retries, 2U);
}

TEST(KgatewayPolicies, DoNotBindInOtherNamespaces) {
  Resources r = edge({simple()});
  r.kgateway_traffic_policies = {limiting(policy("p", "HTTPRoute", "r"), 8_s)};
  r.kgateway_traffic_policies[0].meta.namespace_ = "far";
  EXPECT_FALSE(only_action(translated(r)).timeout);
}

TEST(KgatewayPolicies, AMissingExtensionReplacesTheRule) {
  HttpRouteRule one = simple();
  one.filters = {filter(ExtensionRefFilter{"gateway.kgateway.dev", "TrafficPolicy", "ghost"})};
  const Translation t = translated(edge({one}));
  EXPECT_EQ(targets(first_routes(t.proxies[0].config)[0]), "500");
}

TEST(KgatewayPolicies, StatusCodesAddTheirConditionAndConditionsAreSorted) {
  Resources r = edge({simple()});
  auto p = policy("p", "HTTPRoute", "r");
  p.retry.emplace().retry_on = {"reset", "connect-failure"};
  p.retry->status_codes = {429};
  r.kgateway_traffic_policies = {p};
  EXPECT_EQ(only_action(translated(r)).retry_policy->retry_on,
            "connect-failure,reset,retriable-status-codes");
}

TEST(KgatewayFaults, ADisabledOneIsEmptyForTheRoute) {
  Resources r = edge({simple()});
  auto on_gateway = policy("g", "Gateway", "edge");
  on_gateway.fault_injection.emplace().delay = {100_ms, 100};
  auto on_route = policy("r", "HTTPRoute", "r");
  on_route.fault_injection.emplace().disable = true;
  r.kgateway_traffic_policies = {on_gateway, on_route};
  const Translation t = translated(r);
  EXPECT_EQ(t.proxies[0].config.route_configs[0].fault->delay->fixed_delay, 100_ms);
  EXPECT_EQ(first_routes(t.proxies[0].config)[0].fault, envoy::HttpFault{});
}

Resources delegating(HttpRouteRule parent_rule, HttpRouteRule child_rule) {
  parent_rule.backend_refs = {to("child")};
  parent_rule.backend_refs[0].ref.group = "gateway.networking.k8s.io";
  parent_rule.backend_refs[0].ref.kind = "HTTPRoute";
  Resources r = edge({std::move(parent_rule)});
  r.http_routes.push_back(route("child", {}, {std::move(child_rule)}));
  return r;
}

TEST(KgatewayDelegation, TimeoutAndRetryAreInheritedOneByOne) {
  HttpRouteRule parent = rule(prefix("/d"), {});
  parent.timeouts = timeouts(6_s, 500_ms);
  parent.retry.emplace().attempts = 2;
  HttpRouteRule child = rule(prefix("/d/one"), {to("cart")});
  child.timeouts = timeouts(std::nullopt, 1_s);
  const Translation t = translated(delegating(parent, child));
  EXPECT_EQ(only_action(t).timeout, 1_s);
  EXPECT_EQ(only_action(t).retry_policy->per_try_timeout, 500_ms);
}

TEST(KgatewayDelegation, TheAnnotationLetsTheParentWin) {
  HttpRouteRule parent = rule(prefix("/d"), {});
  parent.timeouts = timeouts(6_s, std::nullopt);
  HttpRouteRule child = rule(prefix("/d/one"), {to("cart")});
  child.timeouts = timeouts(2_s, std::nullopt);
  Resources r = delegating(parent, child);
  EXPECT_EQ(only_action(translated(r)).timeout, 2_s);
  r.http_routes[0].meta.annotations["kgateway.dev/inherited-policy-priority"] =
      "ShallowMergePreferParent";
  EXPECT_EQ(only_action(translated(r)).timeout, 6_s);
}

TEST(KgatewayDelegation, RulesOutsideTheParentsPrefixAreDropped) {
  const Translation t =
      translated(delegating(rule(prefix("/d"), {}), rule(prefix("/e"), {to("cart")})));
  EXPECT_TRUE(first_routes(t.proxies[0].config).empty());
}

TEST(KgatewayDelegation, AMissingChildAnswers500) {
  Resources r = delegating(rule(prefix("/d"), {}), rule(prefix("/d"), {to("cart")}));
  r.http_routes.pop_back();
  const Translation t = translated(r);
  EXPECT_EQ(targets(first_routes(t.proxies[0].config)[0]), "500");
  EXPECT_EQ(condition(t, "ResolvedRefs").reason, "BackendNotFound");
  EXPECT_TRUE(condition(t, "kgateway.dev/Programmed").status);
}

TEST(KgatewayDelegation, ACycleEndsWhereItCloses) {
  HttpRouteRule back = rule(prefix("/d"), {to("r")});
  back.backend_refs[0].ref.group = "gateway.networking.k8s.io";
  back.backend_refs[0].ref.kind = "HTTPRoute";
  const Translation t = translated(delegating(rule(prefix("/d"), {}), back));
  EXPECT_TRUE(first_routes(t.proxies[0].config).empty());
}

TEST(KgatewayClusters, OfTwoPoliciesTheOlderWinsByFieldAndTheNewerIn23) {
  Resources r = edge({simple()});
  auto older = backend_config("older", "2026-01-01T00:00:00Z");
  older.connect_timeout = 1_s;
  auto newer = backend_config("newer", "2026-02-01T00:00:00Z");
  newer.connect_timeout = 9_s;
  newer.outlier_detection.emplace().consecutive_5xx = 2;
  r.kgateway_backend_config_policies = {newer, older};
  EXPECT_EQ(cart(translated(r)).connect_timeout, 1_s);
  EXPECT_EQ(cart(translated(r)).outlier_detection->consecutive_5xx, 2U);
  EXPECT_EQ(cart(translated(r, "2.3")).connect_timeout, 9_s);
}

TEST(KgatewayClusters, AreMadeForEveryPortWithTheDefaults) {
  Resources r = edge({simple()});
  r.services[1].ports.push_back(r.services[1].ports[0]);
  r.services[1].ports[1].port = 9090;
  const Translation t = translated(r);
  EXPECT_EQ(t.proxies[0].config.clusters.size(), 3U);
  EXPECT_EQ(cart(t).connect_timeout, 5_s);
  EXPECT_EQ(cart(t).lb_policy, envoy::LbPolicy::round_robin);
  EXPECT_FALSE(cart(t).circuit_breakers);
}

TEST(KgatewayClusters, NewFieldsOfOutlierDetectionAreUnknownTo24) {
  Resources r = edge({simple()});
  auto p = backend_config("p", "");
  p.outlier_detection.emplace().enforcing_consecutive_5xx = 90;
  r.kgateway_backend_config_policies = {p};
  EXPECT_TRUE(translated(r).unknown_fields.empty());
  EXPECT_EQ(translated(r, "2.4").unknown_fields.at(0).config, "BackendConfigPolicy shop/p");
  EXPECT_FALSE(cart(translated(r, "2.4")).outlier_detection);
}

TEST(KgatewayStrict, AMirroredRuleIsReplaced) {
  HttpRouteRule one = simple();
  RequestMirrorFilter mirror;
  mirror.backend_ref = to("stock").ref;
  one.filters = {filter(mirror)};
  kgateway::Options options;
  options.strict_validation = true;
  const Translation t = kgateway::translate(edge({one}), options);
  EXPECT_EQ(targets(first_routes(t.proxies[0].config)[0]), "500");
}

TEST(KgatewayFilters, ARedirectRepeatsThePortOfTheListenerUnlessImplied) {
  HttpRouteRule one = rule(prefix("/"), {});
  one.filters = {filter(RequestRedirectFilter{})};
  const auto port = [&](int listener_port) {
    const Translation t = translated(edge({one}, {listener("web", listener_port)}));
    return first_routes(t.proxies[0].config)[0].redirect->port_redirect;
  };
  EXPECT_EQ(port(8080), 8080U);
  EXPECT_EQ(port(80), 0U);
}

TEST(KgatewayProfile, NamesItsVersionsTheNewestLast) {
  EXPECT_EQ(kgateway::info().versions, (std::vector<std::string>{"2.3", "2.4", "2.5-dev"}));
}

}  // namespace
}  // namespace spillway::model
