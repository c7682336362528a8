#include <gtest/gtest.h>

#include <algorithm>

#include "model/profiles/cilium/translate.h"
#include "tests/unit/profiles/objects.h"

namespace spillway::model {
namespace {

using namespace sim::literals;
using namespace test_objects;
using cilium::Translation;

Resources edge(std::vector<HttpRouteRule> rules,
               std::vector<Listener> listeners = {listener("web")}) {
  Resources r;
  r.gateways = {gateway("cilium", std::move(listeners))};
  r.services = {service("cart"), service("stock")};
  r.http_routes = {route("r", {gateway_parent()}, std::move(rules))};
  return r;
}

Resources mesh(HttpRouteRule one, std::string app_protocol = "http") {
  Resources r;
  r.services = {service("cart", {80}, std::move(app_protocol)), service("stock")};
  r.http_routes = {route("r", {service_parent("cart")}, {std::move(one)})};
  return r;
}

Translation translated(const Resources& resources, std::string_view version = "") {
  return cilium::translate(resources, cilium::options_for(version));
}

const envoy::RouteAction& only_action(const Translation& t) {
  return *first_routes(t.configs.at(0).proxy).at(0).route;
}

HttpRouteRule simple() { return rule(prefix("/"), {to("cart")}); }

const RouteCondition& condition(const Translation& t, std::string_view type) {
  return *std::ranges::find(t.conditions, type, &RouteCondition::type);
}

bool has_note(const std::vector<Note>& notes, std::string_view rule_name) {
  return std::ranges::find(notes, rule_name, &Note::rule) != notes.end();
}

TEST(CiliumTimeout, TheShorterOfTheTwoIsTheOverallTimeoutEvenWithRetry) {
  HttpRouteRule r = simple();
  r.timeouts = timeouts(4_s, 1500_ms);
  r.retry.emplace().attempts = 3;
  const Translation t = translated(edge({r}));
  EXPECT_EQ(only_action(t).timeout, 1500_ms);
  EXPECT_FALSE(only_action(t).retry_policy->per_try_timeout);
  EXPECT_TRUE(has_note(t.notes, "backend-request-overall"));
}

TEST(CiliumTimeout, ZeroCountsAsTheShorterTime) {
  HttpRouteRule r = simple();
  r.timeouts = timeouts(0_s, 5_s);
  const Translation t = translated(edge({r}));
  EXPECT_EQ(only_action(t).timeout, 0_s);
  EXPECT_TRUE(has_note(t.notes, "zero-timeout"));
}

TEST(CiliumTimeout, WithoutAnyThereIsNoLimitOfTheStream) {
  const Translation t = translated(edge({simple()}));
  EXPECT_FALSE(only_action(t).timeout);
  EXPECT_EQ(only_action(t).max_stream_duration->max_stream_duration, 0_s);
  EXPECT_EQ(t.configs[0].proxy.stream_idle_timeout, 300_s);
}

TEST(CiliumRetry, AnEmptyStanzaLeavesTheNumberToEnvoy) {
  HttpRouteRule r = simple();
  r.retry.emplace();
  const auto policy = only_action(translated(edge({r}))).retry_policy;
  EXPECT_EQ(policy->retry_on, "retriable-status-codes,connect-failure,reset,refused-stream");
  EXPECT_FALSE(policy->num_retries);
}

TEST(CiliumRetry, BackoffIsTheBaseAndTwiceItTheMaximum) {
  HttpRouteRule r = simple();
  r.retry.emplace().backoff = 150_ms;
  const auto back_off = only_action(translated(edge({r}))).retry_policy->retry_back_off;
  EXPECT_EQ(back_off->base_interval, 150_ms);
  EXPECT_EQ(back_off->max_interval, 300_ms);
}

TEST(CiliumRetry, ABackoffOfZeroIsRefusedWhileTheRouteStaysAccepted) {
  HttpRouteRule r = simple();
  r.retry.emplace().backoff = 0_s;
  const Translation t = translated(edge({r}));
  ASSERT_EQ(t.refused.size(), 1U);
  EXPECT_EQ(t.refused[0].config, "shop/cilium-gateway-edge");
  EXPECT_TRUE(condition(t, "Accepted").status);
}

TEST(CiliumRetry, DoesNothingBefore120) {
  HttpRouteRule r = simple();
  r.retry.emplace().attempts = 2;
  const Translation t = translated(edge({r}), "1.19");
  EXPECT_EQ(only_action(t).retry_policy->retry_on, "");
  EXPECT_TRUE(has_note(t.notes, "retry-inert"));
}

TEST(CiliumBackends, ASingleOneGetsAllWhateverItsWeight) {
  const Translation t = translated(edge({rule(prefix("/"), {to("cart", 0)})}));
  EXPECT_EQ(only_action(t).cluster, "shop:cart:80");
  EXPECT_TRUE(t.refused.empty());
}

TEST(CiliumBackends, WeightsThatAreAllZeroAreRefusedByEnvoy) {
  const Translation t = translated(edge({rule(prefix("/"), {to("cart", 0), to("stock", 0)})}));
  ASSERT_EQ(t.refused.size(), 1U);
  EXPECT_EQ(t.refused[0].error, "Sum of weights in the weighted_cluster must be greater than 0.");
}

TEST(CiliumBackends, AnInvalidOneLeavesItsShareToTheOthers) {
  const Translation t =
      translated(edge({rule(prefix("/"), {to("cart", 2), to("ghost", 5), to("stock", 3)})}));
  EXPECT_EQ(targets(first_routes(t.configs[0].proxy)[0]), "shop:cart:80 x2, shop:stock:80 x3");
  EXPECT_EQ(condition(t, "ResolvedRefs").reason, "BackendNotFound");
}

TEST(CiliumBackends, WithoutAnyValidOneTheAnswerIs500) {
  const Translation t = translated(edge({rule(prefix("/"), {to("ghost")})}));
  EXPECT_EQ(targets(first_routes(t.configs[0].proxy)[0]), "500");
}

TEST(CiliumBackends, AWrongPortKeepsItsClusterAndIsToldSince121) {
  const Resources r = edge({rule(prefix("/"), {to("cart", 1, 81)})});
  EXPECT_EQ(only_action(translated(r)).cluster, "shop:cart:81");
  EXPECT_EQ(condition(translated(r), "ResolvedRefs").reason, "BackendNotFound");
  EXPECT_EQ(condition(translated(r, "1.20"), "ResolvedRefs").reason, "ResolvedRefs");
}

TEST(CiliumOrder, AnExpressionBeatsAnyPrefix) {
  const Translation t =
      translated(edge({rule(prefix("/a/very/long/prefix"), {to("cart")}),
                       rule(path(PathMatchType::regular_expression, "/a.*"), {to("stock")})}));
  const auto& routes = first_routes(t.configs[0].proxy);
  EXPECT_EQ(routes[0].match.kind, envoy::RouteMatch::Kind::safe_regex);
  EXPECT_EQ(routes[1].match.kind, envoy::RouteMatch::Kind::path_separated_prefix);
}

TEST(CiliumOrder, EqualRulesOfOneRouteStayApartSince121) {
  const Resources r = edge({rule(prefix("/"), {to("cart")}), rule(prefix("/"), {to("stock")})});
  const auto newest = translated(r);
  ASSERT_EQ(first_routes(newest.configs[0].proxy).size(), 2U);
  EXPECT_EQ(targets(first_routes(newest.configs[0].proxy)[0]), "shop:cart:80");
  const auto older = translated(r, "1.20");
  ASSERT_EQ(first_routes(older.configs[0].proxy).size(), 1U);
  EXPECT_EQ(targets(first_routes(older.configs[0].proxy)[0]), "shop:cart:80 x1, shop:stock:80 x1");
}

TEST(CiliumOrder, EqualRulesOfTwoRoutesAreMergedInTheOrderOfReading) {
  Resources r = edge({simple()});
  r.http_routes.push_back(route("a", {gateway_parent()}, {rule(prefix("/"), {to("stock")})}));
  const Translation t = translated(r);
  EXPECT_EQ(targets(first_routes(t.configs[0].proxy)[0]), "shop:stock:80 x1, shop:cart:80 x1");
  EXPECT_TRUE(t.order_dependent);
}

TEST(CiliumHosts, ListenersShareOneTableAndOnlyHostnamesDivideIt) {
  Resources r = edge({simple()}, {listener("web", 80), listener("admin", 8081)});
  const Translation t = translated(r);
  EXPECT_EQ(t.configs[0].ports, (std::vector<int>{80, 8081}));
  EXPECT_EQ(targets(first_routes(t.configs[0].proxy)[0]), "shop:cart:80 x1, shop:cart:80 x1");
}

TEST(CiliumHosts, AHostnameBelongsToTheMorePreciseListener) {
  Resources r = edge({simple()}, {listener("any", 80), listener("one", 80, "x.example.com")});
  r.http_routes[0].hostnames = {"x.example.com"};
  const auto hosts = translated(r).configs[0].proxy.route_configs[0].virtual_hosts;
  ASSERT_EQ(hosts.size(), 1U);
  EXPECT_EQ(hosts[0].domains, (std::vector<std::string>{"x.example.com", "x.example.com:*"}));
  EXPECT_EQ(targets(hosts[0].routes[0]), "shop:cart:80");
}

TEST(CiliumStatus, ABadExpressionDropsTheWholeRoute) {
  const Translation t = translated(
      edge({simple(), rule(path(PathMatchType::regular_expression, "/x("), {to("cart")})}));
  EXPECT_EQ(condition(t, "Accepted").reason, "UnsupportedValue");
  EXPECT_TRUE(t.configs[0].proxy.route_configs[0].virtual_hosts.empty());
}

TEST(CiliumStatus, AHeaderFilterThatSetsHostDropsTheRouteWithoutAWordIn120) {
  HttpRouteRule r = simple();
  RequestHeaderModifierFilter host;
  host.set = {{"Host", "other"}};
  r.filters = {filter(host)};
  EXPECT_EQ(condition(translated(edge({r})), "Accepted").reason, "UnsupportedValue");
  const Translation older = translated(edge({r}), "1.20");
  EXPECT_EQ(condition(older, "Accepted").reason, "Accepted");
  EXPECT_TRUE(older.configs[0].proxy.route_configs[0].virtual_hosts.empty());
}

TEST(CiliumStatus, AParentThatIsNotThereHasNone) {
  Resources r = edge({simple()});
  r.gateways.clear();
  EXPECT_TRUE(translated(r).conditions.empty());
}

TEST(CiliumFilters, TheMirroredShareIsRoundedDown) {
  HttpRouteRule r = simple();
  RequestMirrorFilter mirror;
  mirror.backend_ref = to("stock").ref;
  mirror.fraction = RequestMirrorFilter::Fraction{1, 3};
  r.filters = {filter(mirror)};
  const auto policy = only_action(translated(edge({r}))).request_mirror_policies.at(0);
  EXPECT_EQ(policy.runtime_fraction, (envoy::FractionalPercent{33, 100}));
}

TEST(CiliumFilters, ASchemeRedirectSparesWhatHasTheSchemeAlready) {
  HttpRouteRule r = rule(prefix("/"), {});
  RequestRedirectFilter redirect;
  redirect.scheme = "https";
  r.filters = {filter(redirect)};
  const Translation t = translated(edge({r}));
  const envoy::Route& made = first_routes(t.configs[0].proxy)[0];
  EXPECT_EQ(made.redirect->port_redirect, 443U);
  EXPECT_EQ(made.match.headers.at(0).name, "X-Forwarded-Proto");
  EXPECT_TRUE(made.match.headers[0].match.invert);
}

TEST(CiliumMesh, APortWithoutTheProtocolHttpIsNotRedirected) {
  const Translation t = translated(mesh(simple(), ""));
  EXPECT_TRUE(t.configs.empty());
  ASSERT_EQ(t.failures.size(), 1U);
  EXPECT_EQ(t.failures[0].config, "Service shop/cart");
  EXPECT_TRUE(condition(t, "Accepted").status);
  EXPECT_TRUE(has_note(t.notes, "not-redirected"));
}

TEST(CiliumMesh, ThePortOfAParentIsTakenAsItIs) {
  Resources r = mesh(simple(), "");
  r.http_routes[0].parent_refs[0].port = 7777;
  const Translation t = translated(r);
  EXPECT_EQ(t.configs.at(0).ports, std::vector<int>{7777});
}

TEST(CiliumMesh, OnlyTheFirstOfTwoServiceParentsIsProgrammed) {
  Resources r = mesh(simple());
  r.services.push_back(service("basket", {80}, "http"));
  r.http_routes[0].parent_refs.push_back(service_parent("basket"));
  const Translation t = translated(r);
  ASSERT_EQ(t.configs.size(), 1U);
  EXPECT_EQ(t.configs[0].name, "shop/cart");
  EXPECT_EQ(targets(first_routes(t.configs[0].proxy)[0]), "shop:cart:80 x1, shop:cart:80 x1");
}

TEST(CiliumMesh, AConsumerRouteIsNotAccepted) {
  Resources r = mesh(simple());
  r.http_routes[0].meta.namespace_ = "front";
  const Translation t = translated(r);
  EXPECT_EQ(condition(t, "Accepted").reason, "NoMatchingParent");
  EXPECT_TRUE(t.configs.empty());
}

TEST(CiliumClusters, HaveTheThresholdsThatTheAgentAdds) {
  const Translation t = translated(edge({simple()}));
  const envoy::Cluster& cluster = t.configs[0].proxy.clusters.at(0);
  EXPECT_EQ(cluster.circuit_breakers->max_retries, 128U);
  EXPECT_TRUE(cluster.outlier_detection->split_external_local_origin_errors);
  EXPECT_FALSE(cluster.connect_timeout);
}

TEST(CiliumProfile, NamesItsVersionsTheNewestLast) {
  EXPECT_EQ(cilium::info().versions,
            (std::vector<std::string>{"1.17", "1.18", "1.19", "1.20", "1.21-dev"}));
}

}  // namespace
}  // namespace spillway::model
