#include "model/envoy/route_match.h"

#include <gtest/gtest.h>

namespace spillway::model::envoy {
namespace {

using Kind = StringMatcher::Kind;

RouteConfiguration hosts(const std::vector<std::vector<std::string>>& domains) {
  RouteConfiguration config;
  for (const auto& each : domains) {
    VirtualHost host;
    host.name = each.front();
    host.domains = each;
    config.virtual_hosts.push_back(host);
  }
  return config;
}

std::string host_for(const RouteConfiguration& config, std::string_view authority) {
  const VirtualHost* host = find_virtual_host(config, authority);
  return host ? host->name : "none";
}

TEST(FindVirtualHost, PrefersExactThenLongestSuffixThenLongestPrefixThenAll) {
  const auto config =
      hosts({{"*"}, {"shop.*"}, {"shop.ex*"}, {"*.com"}, {"*.example.com"}, {"shop.example.com"}});
  EXPECT_EQ(host_for(config, "shop.example.com"), "shop.example.com");
  EXPECT_EQ(host_for(config, "cart.example.com"), "*.example.com");
  EXPECT_EQ(host_for(config, "cart.com"), "*.com");
  EXPECT_EQ(host_for(config, "shop.example.org"), "shop.ex*");
  EXPECT_EQ(host_for(config, "shop.org"), "shop.*");
  EXPECT_EQ(host_for(config, "other"), "*");
}

TEST(FindVirtualHost, ComparesWithoutCase) {
  EXPECT_EQ(host_for(hosts({{"Shop.Example"}}), "sHOP.eXAMPLE"), "Shop.Example");
}

TEST(FindVirtualHost, TakesAHostWithPortByItsNameWhereNothingNamesThePort) {
  EXPECT_EQ(host_for(hosts({{"*"}, {"shop"}}), "shop:8080"), "shop");
  EXPECT_EQ(host_for(hosts({{"shop"}, {"shop:8080"}}), "shop:8080"), "shop:8080");
}

TEST(FindVirtualHost, FindsNoneWhereNoDomainMatches) {
  EXPECT_EQ(host_for(hosts({{"a"}, {"*.b"}}), "b"), "none");
}

bool takes(RouteMatch match, const Request& request) {
  VirtualHost host;
  Route route;
  route.match = std::move(match);
  host.routes.push_back(route);
  return find_route(host, request) != nullptr;
}

RouteMatch path(RouteMatch::Kind kind, std::string value) {
  RouteMatch match;
  match.kind = kind;
  match.value = std::move(value);
  return match;
}

Request get(std::string target) {
  Request request;
  request.path = std::move(target);
  return request;
}

TEST(FindRoute, ComparesPathsByTheirKindWithoutTheQuery) {
  using Path = RouteMatch::Kind;
  EXPECT_TRUE(takes(path(Path::prefix, "/a"), get("/ab?x=1")));
  EXPECT_FALSE(takes(path(Path::path_separated_prefix, "/a"), get("/ab")));
  EXPECT_TRUE(takes(path(Path::path_separated_prefix, "/a"), get("/a/b")));
  EXPECT_TRUE(takes(path(Path::path, "/a"), get("/a?x=1")));
  EXPECT_FALSE(takes(path(Path::path, "/a"), get("/a/")));
  EXPECT_TRUE(takes(path(Path::safe_regex, "/a[0-9]+"), get("/a12?x")));
  EXPECT_FALSE(takes(path(Path::safe_regex, "/a[0-9]"), get("/a12")));
}

TEST(FindRoute, IgnoresTheCaseOfPathsWhereToldTo) {
  RouteMatch match = path(RouteMatch::Kind::path, "/Cart");
  EXPECT_FALSE(takes(match, get("/cart")));
  match.case_sensitive = false;
  EXPECT_TRUE(takes(match, get("/cart")));
}

TEST(FindRoute, ComparesHeadersMethodAndQuery) {
  RouteMatch match;
  match.headers = {{":method", {Kind::exact, "GET"}}, {"X-Tier", {Kind::prefix, "go"}}};
  match.query_parameters = {{"v", {Kind::exact, "2"}}};
  Request request = get("/?v=2");
  request.headers = {{"x-tier", "gold"}};
  EXPECT_TRUE(takes(match, request));
  request.method = "POST";
  EXPECT_FALSE(takes(match, request));
  request.method = "GET";
  request.path = "/?v=3";
  EXPECT_FALSE(takes(match, request));
}

TEST(FindRoute, InvertsAMatchOfAMissingHeader) {
  RouteMatch match;
  match.headers = {{"x", {Kind::present, "", false, true}}};
  EXPECT_TRUE(takes(match, get("/")));
  Request request = get("/");
  request.headers = {{"x", "1"}};
  EXPECT_FALSE(takes(match, request));
}

TEST(FindRoute, TakesTheFirstThatMatches) {
  VirtualHost host;
  for (const char* prefix : {"/a", "/"}) {
    Route route;
    route.match = path(RouteMatch::Kind::prefix, prefix);
    route.name = prefix;
    host.routes.push_back(route);
  }
  EXPECT_EQ(find_route(host, get("/ab"))->name, "/a");
  EXPECT_EQ(find_route(host, get("/b"))->name, "/");
}

Route forwarding(RouteMatch match) {
  Route route;
  route.match = std::move(match);
  route.route.emplace();
  return route;
}

TEST(Rewritten, ReplacesThePrefixAndKeepsTheQuery) {
  Route route = forwarding(path(RouteMatch::Kind::prefix, "/v1/"));
  route.route->prefix_rewrite = "/";
  EXPECT_EQ(rewritten(get("/v1/cart?x=1"), route, nullptr).path, "/cart?x=1");
}

TEST(Rewritten, AppliesRegularExpressionsWithTheirGroups) {
  Route route = forwarding(path(RouteMatch::Kind::prefix, "/"));
  route.route->regex_rewrite = {"^/v1/?(.*)", "/new/\\1"};
  EXPECT_EQ(rewritten(get("/v1/cart"), route, nullptr).path, "/new/cart");
  route.route->regex_rewrite = {"/.*", "/fixed"};
  EXPECT_EQ(rewritten(get("/v1/cart?x"), route, nullptr).path, "/fixed?x");
}

TEST(Rewritten, ChangesHostAndHeaders) {
  using Append = HeaderValueOption::AppendAction;
  Route route = forwarding({});
  route.route->host_rewrite_literal = "inner";
  route.headers.request_headers_to_add = {{"a", "2", Append::append_if_exists_or_add},
                                          {"b", "2", Append::overwrite_if_exists_or_add},
                                          {"c", "2", Append::add_if_absent},
                                          {"d", "2", Append::add_if_absent}};
  route.headers.request_headers_to_remove = {"E"};
  Request request = get("/");
  request.headers = {{"A", "1"}, {"B", "1"}, {"C", "1"}, {"e", "1"}};
  const Request sent = rewritten(request, route, nullptr);
  EXPECT_EQ(sent.host, "inner");
  EXPECT_EQ(sent.headers, (std::vector<Header>{{"A", "1,2"}, {"B", "2"}, {"C", "1"}, {"d", "2"}}));
}

HashPolicy hash_of(HashPolicy::Kind kind, std::string name, bool terminal = false) {
  HashPolicy policy;
  policy.kind = kind;
  policy.name = std::move(name);
  policy.terminal = terminal;
  return policy;
}

TEST(HashSource, TakesTheFirstHeaderThatIsThereUpToATerminalPolicy) {
  using Hash = HashPolicy::Kind;
  Request request = get("/");
  request.headers = {{"user", "7"}};
  const HashPolicy source = hash_of(Hash::source_ip, "");
  EXPECT_EQ(
      hash_source({hash_of(Hash::header, "none"), hash_of(Hash::header, "user")}, request).text,
      "7");
  EXPECT_FALSE(hash_source({hash_of(Hash::header, "user", true), source}, request).source_ip);
  EXPECT_TRUE(hash_source({source}, request).source_ip);
}

}  // namespace
}  // namespace spillway::model::envoy
