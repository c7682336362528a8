#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

#include "model/gateway/routing.h"
#include "tests/unit/gateway/world.h"

namespace spillway::model {
namespace {

using namespace testing_world;
using testing::Contains;
using testing::IsEmpty;

struct Asked {
  std::string name;
  std::string request;
  std::string answer;
  std::optional<int> port = std::nullopt;
  std::string scheme = "http";
};
std::string asked_name(const testing::TestParamInfo<Asked>& param) { return param.param.name; }

std::string ask(const Resources& resources, const Asked& asked,
                const RoutingOptions& options = {}) {
  const RoutingTable table(resources, options);
  return answer(
      table.route_gateway("infra/edge", asked.port, asked.scheme, request(asked.request)));
}

HttpRoute edge_route(std::string_view key, std::vector<HttpRouteRule> rules,
                     std::vector<std::string> hostnames = {}, std::string section = "") {
  return route(key, {gateway_parent("infra/edge", std::move(section))}, std::move(rules),
               std::move(hostnames));
}

std::vector<HttpRouteRule> all_to(std::string_view service) { return {rule({}, {to(service)})}; }

// One listener for every host; routes with exact, wildcard and no hostnames.
Resources hostnames_world() {
  Resources r;
  r.gateways = {gateway("infra/edge", {listener("web")})};
  r.services = {service("n/exact"), service("n/wild"), service("n/deep"), service("n/any")};
  r.http_routes = {edge_route("n/any", all_to("any")),
                   edge_route("n/wild", all_to("wild"), {"*.example.com"}),
                   edge_route("n/deep", all_to("deep"), {"*.deep.example.com"}),
                   edge_route("n/exact", {rule({prefix("/only")}, {to("exact")})},
                              {"a.example.com", "other.example.net"})};
  return r;
}
class RouteHostnames : public testing::TestWithParam<Asked> {};
TEST_P(RouteHostnames, Select) { EXPECT_EQ(ask(hostnames_world(), GetParam()), GetParam().answer); }
INSTANTIATE_TEST_SUITE_P(
    Of, RouteHostnames,
    testing::Values(
        Asked{"Exact", "a.example.com/only", "200 n/exact#0.0 n/exact:80 x1"},
        Asked{"SecondHostname", "other.example.net/only", "200 n/exact#0.0 n/exact:80 x1"},
        Asked{"ExactWithoutMatchFallsToWildcard", "a.example.com/x", "200 n/wild#0.0 n/wild:80 x1"},
        Asked{"Wildcard", "b.example.com/only", "200 n/wild#0.0 n/wild:80 x1"},
        Asked{"WildcardTwoLabels", "c.b.example.com/", "200 n/wild#0.0 n/wild:80 x1"},
        Asked{"LongerWildcard", "x.deep.example.com/", "200 n/deep#0.0 n/deep:80 x1"},
        Asked{"WildcardOfWildcardApex", "deep.example.com/", "200 n/wild#0.0 n/wild:80 x1"},
        Asked{"ApexIsNotInWildcard", "example.com/", "200 n/any#0.0 n/any:80 x1"},
        Asked{"OtherHost", "elsewhere.org/", "200 n/any#0.0 n/any:80 x1"},
        Asked{"NoHost", "/", "200 n/any#0.0 n/any:80 x1"},
        Asked{"PortInHostIsIgnored", "a.example.com:8080/only", "200 n/exact#0.0 n/exact:80 x1"},
        Asked{"HostInCapitals", "A.Example.COM/only", "200 n/exact#0.0 n/exact:80 x1"}),
    asked_name);

TEST(HostFallThrough, OffRejectsWhatTheMostSpecificHostnameDoesNotServe) {
  RoutingOptions options;
  options.host_fall_through = false;
  EXPECT_EQ(ask(hostnames_world(), {"", "a.example.com/x", ""}, options), "404");
}

// Listeners of one port that differ in hostname, each with a route by sectionName.
Resources listeners_world() {
  Resources r;
  r.gateways = {gateway(
      "infra/edge",
      {listener("any"), listener("wild", "*.example.com"), listener("deep", "*.deep.example.com"),
       listener("exact", "a.example.com"), listener("empty", "empty.example.com")})};
  r.services = {service("n/any"), service("n/wild"), service("n/deep"), service("n/exact")};
  for (const char* name : {"any", "wild", "deep", "exact"})
    r.http_routes.push_back(edge_route(
        std::string("n/") + name,
        {rule({prefix(std::string("/") + name)}, {to(name)}), rule({exact("/all")}, {to(name)})},
        {}, name));
  return r;
}
class Listeners : public testing::TestWithParam<Asked> {};
TEST_P(Listeners, ServeTheirOwnRoutesOnly) {
  EXPECT_EQ(ask(listeners_world(), GetParam()), GetParam().answer);
}
INSTANTIATE_TEST_SUITE_P(
    Of, Listeners,
    testing::Values(Asked{"ExactListener", "a.example.com/exact", "200 n/exact#0.0 n/exact:80 x1"},
                    Asked{"ExactListenerHidesWildcard", "a.example.com/wild", "404"},
                    Asked{"ExactListenerHidesAny", "a.example.com/any", "404"},
                    Asked{"WildcardListener", "b.example.com/wild", "200 n/wild#0.0 n/wild:80 x1"},
                    Asked{"WildcardListenerHidesAny", "b.example.com/any", "404"},
                    Asked{"MoreDotsFirst", "x.deep.example.com/all", "200 n/deep#1.0 n/deep:80 x1"},
                    Asked{"LongerWildcardHidesShorter", "x.deep.example.com/wild", "404"},
                    Asked{"ApexOfDeepIsWild", "deep.example.com/wild",
                          "200 n/wild#0.0 n/wild:80 x1"},
                    Asked{"EmptyListener", "other.org/any", "200 n/any#0.0 n/any:80 x1"},
                    Asked{"ListenerWithoutRoutes", "empty.example.com/any", "404"}),
    asked_name);

class ListenersMerged : public testing::TestWithParam<Asked> {};
TEST_P(ListenersMerged, ServeTogetherWithoutIsolation) {
  RoutingOptions options;
  options.listener_isolation = false;
  EXPECT_EQ(ask(listeners_world(), GetParam(), options), GetParam().answer);
}
INSTANTIATE_TEST_SUITE_P(
    Of, ListenersMerged,
    testing::Values(Asked{"ExactFirst", "a.example.com/all", "200 n/exact#1.0 n/exact:80 x1"},
                    Asked{"WildcardToo", "a.example.com/wild", "200 n/wild#0.0 n/wild:80 x1"},
                    Asked{"AnyToo", "a.example.com/any", "200 n/any#0.0 n/any:80 x1"},
                    Asked{"NotTheOther", "b.example.com/exact", "404"}),
    asked_name);

// Intersections of one listener's hostname with those of a route.
struct Intersected {
  std::string name;
  std::string listener;
  std::vector<std::string> hostnames;
  std::string request;
  std::string answer;
};
class ListenerAndRouteHostnames : public testing::TestWithParam<Intersected> {};
TEST_P(ListenerAndRouteHostnames, MustBothFit) {
  Resources r;
  r.gateways = {gateway("infra/edge", {listener("web", GetParam().listener)})};
  r.services = {service("n/s")};
  r.http_routes = {edge_route("n/r", all_to("s"), GetParam().hostnames)};
  EXPECT_EQ(ask(r, {"", GetParam().request, ""}), GetParam().answer);
}
const std::string kServed = "200 n/r#0.0 n/s:80 x1";
INSTANTIATE_TEST_SUITE_P(
    Of, ListenerAndRouteHostnames,
    testing::Values(
        Intersected{"ExactAndNone", "a.com", {}, "a.com/", kServed},
        Intersected{"ExactAndNoneOther", "a.com", {}, "b.com/", "404"},
        Intersected{"ExactAndWildcard", "x.a.com", {"*.a.com"}, "x.a.com/", kServed},
        Intersected{"ExactAndWildcardOther", "x.a.com", {"*.a.com"}, "y.a.com/", "404"},
        Intersected{"WildcardAndExact", "*.a.com", {"x.a.com"}, "x.a.com/", kServed},
        Intersected{"WildcardAndExactOther", "*.a.com", {"x.a.com"}, "y.a.com/", "404"},
        Intersected{"WildcardAndLongerWildcard", "*.a.com", {"*.b.a.com"}, "x.b.a.com/", kServed},
        Intersected{"WildcardAndLongerWildcardOther", "*.a.com", {"*.b.a.com"}, "x.a.com/", "404"},
        Intersected{"WildcardAndApex", "*.a.com", {"a.com"}, "a.com/", "404"},
        Intersected{"OneOfTwoIgnored", "*.a.com", {"x.a.com", "x.b.com"}, "x.b.com/", "404"},
        Intersected{"OneOfTwoServed", "*.a.com", {"x.a.com", "x.b.com"}, "x.a.com/", kServed},
        Intersected{"NothingInCommon", "a.com", {"b.com"}, "a.com/", "404"},
        Intersected{"NoneAndExact", "", {"a.com"}, "a.com/", kServed},
        Intersected{"NoneAndNone", "", {}, "whatever.org/", kServed}),
    [](const auto& param) { return param.param.name; });

TEST(ListenerHostname, RanksRoutesWithoutHostnamesAsItsOwn) {
  Resources r;
  r.gateways = {gateway("infra/edge", {listener("web", "x.a.com")})};
  r.services = {service("n/s")};
  r.http_routes = {edge_route("n/none", {rule({exact("/p")}, {to("s")})}),
                   edge_route("n/wild", all_to("s"), {"*.a.com"})};
  EXPECT_EQ(ask(r, {"", "x.a.com/p", ""}), "200 n/none#0.0 n/s:80 x1");
  RoutingOptions options;
  options.inherit_listener_hostname = false;
  EXPECT_EQ(ask(r, {"", "x.a.com/p", ""}, options), "200 n/wild#0.0 n/s:80 x1");
}

// Ports and schemes.
Resources ports_world() {
  Resources r;
  r.gateways = {
      gateway("infra/edge", {listener("web", "", 80), listener("alt", "", 8080),
                             listener("tls", "", 443, "HTTPS"), listener("tcp", "", 9000, "TCP")})};
  r.services = {service("n/web"), service("n/alt"), service("n/tls"), service("n/both")};
  r.http_routes = {edge_route("n/web", {rule({prefix("/x")}, {to("web")})}, {}, "web"),
                   edge_route("n/alt", {rule({prefix("/x")}, {to("alt")})}, {}, "alt"),
                   edge_route("n/tls", {rule({prefix("/x")}, {to("tls")})}, {}, "tls"),
                   route("n/port", {gateway_parent("infra/edge", "", 8080)},
                         {rule({prefix("/port")}, {to("both")})}),
                   edge_route("n/every", {rule({prefix("/every")}, {to("both")})})};
  return r;
}
class EntryPort : public testing::TestWithParam<Asked> {};
TEST_P(EntryPort, SelectsListeners) {
  EXPECT_EQ(ask(ports_world(), GetParam()), GetParam().answer);
}
INSTANTIATE_TEST_SUITE_P(
    Of, EntryPort,
    testing::Values(
        Asked{"HttpIsPort80", "a.com/x", "200 n/web#0.0 n/web:80 x1"},
        Asked{"HttpsIsPort443", "a.com/x", "200 n/tls#0.0 n/tls:80 x1", std::nullopt, "https"},
        Asked{"PortOfTheHost", "a.com:8080/x", "200 n/alt#0.0 n/alt:80 x1"},
        Asked{"PortGiven", "a.com/x", "200 n/alt#0.0 n/alt:80 x1", 8080},
        Asked{"PortGivenBeforeHost", "a.com:8080/x", "200 n/web#0.0 n/web:80 x1", 80},
        Asked{"PortWithoutListener", "a.com/x", "404", 81},
        Asked{"SchemeThatTheListenerDoesNotSpeak", "a.com/x", "404", 443, "http"},
        Asked{"ProtocolWithoutHttp", "a.com/x", "404", 9000},
        Asked{"ParentPort", "a.com/port", "200 n/port#0.0 n/both:80 x1", 8080},
        Asked{"ParentPortOther", "a.com/port", "404", 80},
        Asked{"NoSectionIsEveryListener80", "a.com/every", "200 n/every#0.0 n/both:80 x1", 80},
        Asked{"NoSectionIsEveryListener443", "a.com/every", "200 n/every#0.0 n/both:80 x1", 443,
              "https"}),
    asked_name);

TEST(EntryPort, IsTheFirstOfTheSchemeWithoutTheWellKnownOne) {
  Resources r;
  r.gateways = {gateway("infra/edge", {listener("b", "", 8081), listener("a", "", 8080)})};
  r.services = {service("n/s")};
  r.http_routes = {edge_route("n/r", all_to("s"), {}, "b")};
  EXPECT_EQ(ask(r, {"", "a.com/", ""}), "200 n/r#0.0 n/s:80 x1");
}

TEST(RouteGateway, AnswersUnknownGatewayWith404) {
  const Resources none;
  const RoutingTable table(none);
  const Routed routed = table.route_gateway("infra/edge", std::nullopt, "http", request("a/"));
  EXPECT_EQ(answer(routed), "404");
  EXPECT_EQ(routed.reason, "there is no Gateway infra/edge");
  EXPECT_TRUE(routed.by_proxy);
}

TEST(RouteGateway, SaysWhyNothingMatched) {
  const Resources r = ports_world();
  const RoutingTable table(r);
  EXPECT_EQ(table.route_gateway("infra/edge", 80, "http", request("a.com/none")).reason,
            "no rule of a route of listener web of Gateway infra/edge matches the request");
  EXPECT_EQ(table.route_gateway("infra/edge", 81, "http", request("a.com/x")).reason,
            "no listener of Gateway infra/edge serves http://a.com on port 81");
}

TEST(RouteGateway, DoesNotServeListenersThatConflict) {
  Resources r;
  r.gateways = {gateway("infra/edge", {listener("a", "x.com"), listener("b", "x.com")})};
  r.services = {service("n/s")};
  r.http_routes = {edge_route("n/r", all_to("s"))};
  EXPECT_EQ(ask(r, {"", "x.com/", "", 80}), "404");
}

// Precedence over the rules of two routes on one listener.
Resources precedence_world() {
  Resources r;
  r.gateways = {gateway("infra/edge", {listener("web")})};
  r.services = {service("n/s")};
  r.http_routes = {
      edge_route("n/a", {rule({prefix("/")}, {to("s")}), rule({exact("/exact")}, {to("s")}),
                         rule({prefix("/long/path")}, {to("s")}),
                         rule({prefix("/h").header("x", "1").header("y", "1"),
                               prefix("/q").query("a", "1")},
                              {to("s")})}),
      edge_route("n/b", {rule({prefix("/exact")}, {to("s")}),
                         rule({prefix("/long").header("x", "1").on("GET")}, {to("s")}),
                         rule({prefix("/h").on("GET")}, {to("s")}),
                         rule({prefix("/q").header("x", "1")}, {to("s")}),
                         rule({prefix("/same")}, {to("s")}), rule({prefix("/same")}, {to("s")})}),
      created(edge_route("n/z-old", {rule({prefix("/h").on("GET")}, {to("s")})}),
              "2020-01-01T00:00:00Z")};
  return r;
}
class RulePrecedence
    : public testing::TestWithParam<std::tuple<const char*, const char*, const char*>> {};
TEST_P(RulePrecedence, PicksOneRule) {
  const auto& [name, line, expected] = GetParam();
  const Resources r = precedence_world();
  const RoutingTable table(r);
  const Routed routed =
      table.route_gateway("infra/edge", 80, "http", request(line, {"x: 1", "y: 1"}));
  ASSERT_TRUE(routed.route);
  EXPECT_EQ(routed.route->meta.key() + "#" + std::to_string(routed.rule) + "." +
                std::to_string(routed.match),
            expected);
}
INSTANTIATE_TEST_SUITE_P(
    Of, RulePrecedence,
    testing::Values(std::tuple("ExactOverPrefix", "a/exact", "n/a#1.0"),
                    std::tuple("PrefixWhereExactDoesNotFit", "a/exact/x", "n/b#0.0"),
                    std::tuple("LongerPrefixOverMethodAndHeader", "a/long/path/x", "n/a#2.0"),
                    std::tuple("ShorterPrefixWhereLongerDoesNotFit", "a/long/x", "n/b#1.0"),
                    std::tuple("MethodOverHeadersAndOldestRoute", "a/h", "n/z-old#0.0"),
                    std::tuple("HeadersWhereMethodDoesNotFit", "POST a/h", "n/a#3.0"),
                    std::tuple("HeaderOverQuery", "a/q?a=1", "n/b#3.0"),
                    std::tuple("FirstRuleOnTies", "a/same", "n/b#4.0"),
                    std::tuple("CatchAllLast", "a/none", "n/a#0.0")),
    [](const auto& param) { return std::string(std::get<0>(param.param)); });

TEST(RulePrecedence, NamesTheMatchOfTheRule) {
  const Resources r = precedence_world();
  const RoutingTable table(r);
  const Routed routed = table.route_gateway("infra/edge", 80, "http", request("a/q?a=1"));
  EXPECT_EQ(answer(routed), "200 n/a#3.1 n/s:80 x1");
  EXPECT_EQ(routed.reason, "rule 3 of HTTPRoute n/a serves the request");
}

// The options that an answer depends on.
std::vector<RoutingOption> depends_on(const Resources& r, std::string_view line,
                                      const RoutingOptions& options = {}) {
  return RoutingTable(r, options).route_gateway("infra/edge", 80, "http", request(line)).depends_on;
}

TEST(DependsOn, NothingWhereTheSpecificationDecides) {
  EXPECT_THAT(depends_on(hostnames_world(), "x.deep.example.com/"), IsEmpty());
}
TEST(DependsOn, HostFallThrough) {
  EXPECT_THAT(depends_on(hostnames_world(), "a.example.com/x"),
              Contains(RoutingOption::host_fall_through));
}
TEST(DependsOn, ListenerIsolation) {
  EXPECT_THAT(depends_on(listeners_world(), "a.example.com/wild"),
              Contains(RoutingOption::listener_isolation));
}
TEST(DependsOn, NotListenerIsolationWhereTheSameRuleWins) {
  EXPECT_THAT(depends_on(listeners_world(), "a.example.com/exact"), IsEmpty());
}
TEST(DependsOn, CreationOrderWhereNamesDecide) {
  Resources r = hostnames_world();
  r.http_routes.push_back(edge_route("n/second", all_to("any")));
  EXPECT_THAT(depends_on(r, "other.org/"), Contains(RoutingOption::creation_order));
}
TEST(DependsOn, NotCreationOrderWhereTimestampsDecide) {
  Resources r = hostnames_world();
  r.http_routes[0].meta.creation_timestamp = "2024-01-01T00:00:00Z";
  r.http_routes.push_back(created(edge_route("n/second", all_to("any")), "2024-01-01T00:00:00Z"));
  EXPECT_THAT(depends_on(r, "other.org/"), IsEmpty());
}
TEST(DependsOn, RegexPrecedence) {
  Resources r;
  r.gateways = {gateway("infra/edge", {listener("web")})};
  r.services = {service("n/s")};
  r.http_routes = {edge_route(
      "n/r", {rule({prefix("/api")}, {to("s")}), rule({regex("/api/v[0-9]")}, {to("s")})})};
  EXPECT_THAT(depends_on(r, "a/api/v1"), Contains(RoutingOption::regex_precedence));
  EXPECT_THAT(depends_on(r, "a/api/x"), IsEmpty());
}
TEST(DependsOn, TrailingSlash) {
  Resources r;
  r.gateways = {gateway("infra/edge", {listener("web")})};
  r.services = {service("n/s")};
  r.http_routes = {
      edge_route("n/r", {rule({prefix("/api")}, {to("s")}), rule({prefix("/api/")}, {to("s")})})};
  EXPECT_THAT(depends_on(r, "a/api/v1"), Contains(RoutingOption::count_trailing_slash));
}
TEST(DependsOn, IsAscendingAndNamesEachOnce) {
  const auto options = depends_on(listeners_world(), "a.example.com/wild");
  EXPECT_TRUE(std::is_sorted(options.begin(), options.end()));
  EXPECT_EQ(std::adjacent_find(options.begin(), options.end()), options.end());
}

TEST(Assumption, SaysWhatTheValueMeans) {
  RoutingOptions options;
  EXPECT_EQ(assumption(RoutingOption::all_zero_weight_status, options),
            "a rule whose weights sum to 0 is answered with 503");
  EXPECT_EQ(assumption(RoutingOption::regex_precedence, options),
            "RegularExpression path matches rank after Exact and before PathPrefix");
  options.listener_isolation = false;
  EXPECT_EQ(assumption(RoutingOption::listener_isolation, options),
            "routes of every listener that matches a request may serve it");
  EXPECT_EQ(option_name(RoutingOption::all_zero_weight_status), "allZeroWeightStatus");
}

TEST(RoutingTable, HoldsTenThousandRoutesAndServices) {
  Resources r;
  r.gateways = {gateway("infra/edge", {listener("web")})};
  for (int i = 0; i < 10'000; ++i) {
    const std::string name = "s" + std::to_string(i);
    r.services.push_back(service("n/" + name));
    r.http_routes.push_back(route("n/" + name,
                                  {gateway_parent("infra/edge"), service_parent("n/" + name)},
                                  all_to(name), {name + ".example.com"}));
  }
  const RoutingTable table(r);
  for (int i = 0; i < 10'000; ++i) {
    const std::string name = "s" + std::to_string(i);
    const std::string expected = "200 n/" + name + "#0.0 n/" + name + ":80 x1";
    ASSERT_EQ(
        answer(table.route_gateway("infra/edge", 80, "http", request(name + ".example.com/"))),
        expected);
    ASSERT_EQ(answer(table.route_service("n/" + name, 80, "n", false, request(name + "/"))),
              expected);
  }
}

}  // namespace
}  // namespace spillway::model
