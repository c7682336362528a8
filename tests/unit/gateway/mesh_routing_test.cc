#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "model/gateway/routing.h"
#include "tests/unit/gateway/world.h"

namespace spillway::model {
namespace {

using namespace testing_world;
using testing::Contains;
using testing::IsEmpty;

struct Called {
  std::string name;
  std::string request;
  std::string answer;
  std::string from = "clients";
  int port = 80;
  bool from_gateway = false;
};

std::string call(const Resources& resources, const Called& c,
                 std::string_view service_key = "shop/cart", const RoutingOptions& options = {}) {
  const RoutingTable table(resources, options);
  return answer(
      table.route_service(service_key, c.port, c.from, c.from_gateway, request(c.request)));
}

std::string called_name(const testing::TestParamInfo<Called>& param) { return param.param.name; }

// Producer routes of shop, consumer routes of namespace special, none of anybody else.
Resources groups_world() {
  Resources r;
  r.services = {service("shop/cart", {80, 8080}), service("shop/v1"), service("shop/v2"),
                service("special/own"), service("shop/plain")};
  r.http_routes = {
      route("shop/producer", {service_parent("shop/cart")},
            {rule({prefix("/v1")}, {to("v1")}), rule({prefix("/v2")}, {to("v2")})}),
      route("shop/producer-2", {service_parent("shop/cart")},
            {rule({prefix("/v1/deep")}, {to("v2")}), rule({prefix("/more")}, {to("v1")})}),
      route("special/consumer", {service_parent("shop/cart")},
            {rule({prefix("/v1")}, {to("own")}), rule({prefix("/shared")}, {to("shop/v1")})}),
      route("special/consumer-2", {service_parent("shop/cart")},
            {rule({exact("/v1/x")}, {to("shop/v2")})}),
      route("lone/consumer", {service_parent("shop/cart", 8080)},
            {rule({prefix("/v1")}, {to("shop/v2")})})};
  return r;
}
class Groups : public testing::TestWithParam<Called> {};
TEST_P(Groups, SelectByClientNamespace) {
  EXPECT_EQ(call(groups_world(), GetParam()), GetParam().answer);
}
INSTANTIATE_TEST_SUITE_P(
    Of, Groups,
    testing::Values(
        Called{"ProducerForEveryNamespace", "cart/v1", "200 shop/producer#0.0 shop/v1:80 x1"},
        Called{"ProducerForItsOwnNamespace", "cart/v2", "200 shop/producer#1.0 shop/v2:80 x1",
               "shop"},
        Called{"ProducersAreMerged", "cart/more", "200 shop/producer-2#1.0 shop/v1:80 x1"},
        Called{"MergedByPrecedence", "cart/v1/deep/x", "200 shop/producer-2#0.0 shop/v2:80 x1"},
        Called{"NoMatchIs404", "cart/none", "404"},
        Called{"ConsumerForItsNamespace", "cart/v1", "200 special/consumer#0.0 special/own:80 x1",
               "special"},
        Called{"ConsumersAreMerged", "cart/v1/x", "200 special/consumer-2#0.0 shop/v2:80 x1",
               "special"},
        Called{"ConsumerDoesNotFallBackToProducer", "cart/v2", "404", "special"},
        Called{"ConsumerNeedsNoGrant", "cart/shared", "200 special/consumer#1.0 shop/v1:80 x1",
               "special"},
        Called{"ConsumerOfOnePort", "cart/v1", "200 lone/consumer#0.0 shop/v2:80 x1", "lone", 8080},
        Called{"ConsumerOfOtherPortLeavesProducer", "cart/v1",
               "200 shop/producer#0.0 shop/v1:80 x1", "lone", 80},
        Called{"ConsumerNoMatchIs404", "cart/v2", "404", "lone", 8080},
        Called{"FromGatewayNoRouteApplies", "cart/none", "200 shop/cart:80 x1", "infra", 80, true},
        Called{"FromGatewayNoConsumerApplies", "cart/v1", "200 shop/cart:80 x1", "special", 80,
               true}),
    called_name);

TEST(Groups, NameTheGroupThatDidNotMatch) {
  const Resources r = groups_world();
  const RoutingTable table(r);
  EXPECT_EQ(table.route_service("shop/cart", 80, "special", false, request("cart/none")).reason,
            "no rule of the consumer routes of Service shop/cart matches the request");
  EXPECT_EQ(table.route_service("shop/cart", 80, "any", false, request("cart/none")).reason,
            "no rule of the producer routes of Service shop/cart matches the request");
}

TEST(OneLevelAHop, BackendsDoNotTriggerTheirOwnRoutes) {
  Resources r = groups_world();
  r.http_routes.push_back(route("shop/of-v1", {service_parent("shop/v1")}, {rule({}, {to("v2")})}));
  EXPECT_EQ(call(r, {"", "cart/v1", ""}), "200 shop/producer#0.0 shop/v1:80 x1");
  EXPECT_EQ(call(r, {"", "v1/v1", ""}, "shop/v1"), "200 shop/of-v1#0.0 shop/v2:80 x1");
}

TEST(DefaultRoute, IsTheServiceItself) {
  const Resources r = groups_world();
  const RoutingTable table(r);
  const Routed routed = table.route_service("shop/plain", 80, "any", false, request("plain/x"));
  EXPECT_EQ(answer(routed), "200 shop/plain:80 x1");
  EXPECT_EQ(routed.route, nullptr);
  EXPECT_EQ(routed.rule, -1);
  EXPECT_EQ(routed.reason, "no route applies: Service shop/plain itself");
  EXPECT_EQ(routed.backends[0].request, request("plain/x"));
}
TEST(DefaultRoute, KeepsPortsThatNoRouteNames) {
  Resources r;
  r.services = {service("shop/cart", {80, 8080}), service("shop/v1")};
  r.http_routes = {route("shop/r", {service_parent("shop/cart", 8080)}, {rule({}, {to("v1")})})};
  EXPECT_EQ(call(r, {"", "cart/", "", "any", 80}), "200 shop/cart:80 x1");
  EXPECT_EQ(call(r, {"", "cart/", "", "any", 8080}), "200 shop/r#0.0 shop/v1:80 x1");
}
TEST(DefaultRoute, Is503WithoutTheService) {
  EXPECT_EQ(call(groups_world(), {"", "x/", ""}, "shop/none"), "503");
}
TEST(DefaultRoute, Is503OnAPortThatTheServiceDoesNotHave) {
  EXPECT_EQ(call(groups_world(), {"", "x/", "", "any", 81}, "shop/plain"), "503");
}
TEST(DefaultRoute, IsAssumedWhereAsked) {
  const Resources none;
  RoutingOptions options;
  options.assume_services_exist = true;
  const RoutingTable table(none, options);
  const Routed routed = table.route_service("shop/cart", 8080, "any", false, request("cart/"));
  EXPECT_EQ(answer(routed), "200 shop/cart:8080 x1");
  EXPECT_THAT(routed.depends_on, Contains(RoutingOption::assume_services_exist));
}

TEST(RouteService, NamesTheServiceAsHostWithoutOne) {
  const Resources r = groups_world();
  const RoutingTable table(r);
  EXPECT_EQ(table.route_service("shop/cart", 80, "any", false, request("/v1")).request.host,
            "cart.shop");
  EXPECT_EQ(table.route_service("shop/cart", 80, "any", false, request("a.com/v1")).request.host,
            "a.com");
}
TEST(RouteService, IgnoresHostnames) {
  Resources r;
  r.services = {service("shop/cart")};
  r.http_routes = {
      route("shop/r", {service_parent("shop/cart")}, {rule({}, {to("cart")})}, {"only.this.com"})};
  EXPECT_EQ(call(r, {"", "other.org/", ""}), "200 shop/r#0.0 shop/cart:80 x1");
}
TEST(RouteService, MatchesTheHostHeader) {
  Resources r;
  r.services = {service("shop/cart")};
  r.http_routes = {route("shop/r", {service_parent("shop/cart")},
                         {rule({prefix("/").header("Host", "cart.shop")}, {to("cart")})})};
  EXPECT_EQ(call(r, {"", "/", ""}), "200 shop/r#0.0 shop/cart:80 x1");
  EXPECT_EQ(call(r, {"", "cart/", ""}), "404");
}
TEST(RouteService, CountsARouteOnceThatNamesTheServiceTwice) {
  Resources r;
  r.services = {service("shop/cart", {80, 8080})};
  r.http_routes = {route("shop/r",
                         {service_parent("shop/cart", 80), service_parent("shop/cart", 8080)},
                         {rule({}, {to("cart")})})};
  EXPECT_EQ(call(r, {"", "cart/", "", "any", 8080}), "200 shop/r#0.0 shop/cart:80 x1");
}
TEST(RouteService, AppliesARouteOfBothAGatewayAndAService) {
  Resources r;
  r.gateways = {gateway("infra/edge", {listener("web")})};
  r.services = {service("shop/cart"), service("other/s")};
  r.http_routes = {route("shop/r", {gateway_parent("infra/edge"), service_parent("shop/cart")},
                         {rule({}, {to("other/s")})})};
  EXPECT_EQ(call(r, {"", "cart/", ""}), "200 shop/r#0.0 other/s:80 x1");
  const RoutingTable table(r);
  EXPECT_EQ(answer(table.route_gateway("infra/edge", 80, "http", request("a.com/"))),
            "500 shop/r#0.0 other/s:80 x1 not_permitted");
}

TEST(SectionName, IsThePortNameOfTheService) {
  Resources r;
  r.services = {service("shop/cart", {80, 8080}), service("shop/v1")};
  r.http_routes = {
      route("shop/r", {service_parent("shop/cart", 0, "p8080")}, {rule({}, {to("v1")})})};
  EXPECT_EQ(call(r, {"", "cart/", "", "any", 8080}), "200 shop/r#0.0 shop/v1:80 x1");
  EXPECT_EQ(call(r, {"", "cart/", "", "any", 80}), "200 shop/cart:80 x1");
}
TEST(SectionName, MustAgreeWithThePort) {
  Resources r;
  r.services = {service("shop/cart", {80, 8080})};
  r.http_routes = {
      route("shop/r", {service_parent("shop/cart", 80, "p8080")}, {rule({}, {to("cart")})})};
  EXPECT_EQ(call(r, {"", "cart/", "", "any", 80}), "200 shop/cart:80 x1");
}

// GRPCRoute before HTTPRoute on one Service and port.
Resources grpc_world(int grpc_port) {
  Resources r;
  r.services = {service("shop/cart", {80, 9090}), service("shop/v1"), service("shop/v2")};
  r.http_routes = {route("shop/http", {service_parent("shop/cart")}, {rule({}, {to("v1")})}),
                   grpc(route("shop/grpc", {service_parent("shop/cart", grpc_port)},
                              {rule({exact("/pkg.Svc/Get").on("POST")}, {to("v2")})}))};
  return r;
}
TEST(GrpcRoute, ReplacesHttpRoutesOfItsPort) {
  EXPECT_EQ(call(grpc_world(9090), {"", "POST cart/pkg.Svc/Get", "", "any", 9090}),
            "200 shop/grpc#0.0 shop/v2:80 x1");
  EXPECT_EQ(call(grpc_world(9090), {"", "cart/", "", "any", 9090}), "404");
}
TEST(GrpcRoute, LeavesHttpRoutesOnOtherPorts) {
  EXPECT_EQ(call(grpc_world(9090), {"", "cart/", "", "any", 80}),
            "200 shop/http#0.0 shop/v1:80 x1");
}
TEST(GrpcRoute, OnEveryPortReplacesAll) {
  EXPECT_EQ(call(grpc_world(0), {"", "cart/", "", "any", 80}), "404");
}
TEST(GrpcRoute, OfAConsumerLeavesProducersAlone) {
  Resources r = grpc_world(9090);
  r.http_routes[1].meta.namespace_ = "special";
  EXPECT_EQ(call(r, {"", "cart/", "", "any", 9090}), "200 shop/http#0.0 shop/v1:80 x1");
  EXPECT_EQ(call(r, {"", "cart/", "", "special", 9090}), "404");
}

// Kinds of Service as parents.
KubeService of_type(KubeService s, std::string type, std::string cluster_ip = "10.0.0.1") {
  s.type = std::move(type);
  s.cluster_ip = std::move(cluster_ip);
  return s;
}
struct ParentCase {
  std::string name;
  std::string type;
  std::string cluster_ip;
  RoutingOptions options;
  bool attached;
};
class ServiceParent : public testing::TestWithParam<ParentCase> {};
TEST_P(ServiceParent, OfType) {
  const auto& [name, type, cluster_ip, options, attached] = GetParam();
  Resources r;
  r.services = {of_type(service("shop/cart"), type, cluster_ip), service("shop/v1")};
  r.http_routes = {route("shop/r", {service_parent("shop/cart")}, {rule({}, {to("v1")})})};
  EXPECT_EQ(call(r, {"", "cart/", ""}, "shop/cart", options),
            attached ? "200 shop/r#0.0 shop/v1:80 x1" : "200 shop/cart:80 x1");
}
RoutingOptions with_option(bool RoutingOptions::*option, bool value) {
  RoutingOptions options;
  options.*option = value;
  return options;
}
INSTANTIATE_TEST_SUITE_P(
    Of, ServiceParent,
    testing::Values(ParentCase{"ClusterIp", "ClusterIP", "10.0.0.1", {}, true},
                    ParentCase{"Headless", "ClusterIP", "None", {}, false},
                    ParentCase{"HeadlessIfAsked", "ClusterIP", "None",
                               with_option(&RoutingOptions::headless_parents, true), true},
                    ParentCase{"ExternalName", "ExternalName", "", {}, false},
                    ParentCase{"ExternalNameIfAsked", "ExternalName", "",
                               with_option(&RoutingOptions::external_name_parents, true), true},
                    ParentCase{"NodePort", "NodePort", "10.0.0.1", {}, true},
                    ParentCase{"LoadBalancer", "LoadBalancer", "10.0.0.1", {}, true},
                    ParentCase{"NodePortNotIfAsked", "NodePort", "10.0.0.1",
                               with_option(&RoutingOptions::node_port_parents, false), false}),
    [](const auto& param) { return param.param.name; });

TEST(ServiceParent, OfTypeNodePortIsAnOptionThatTheAnswerDependsOn) {
  Resources r;
  r.services = {of_type(service("shop/cart"), "NodePort")};
  r.http_routes = {route("shop/r", {service_parent("shop/cart")}, {rule({}, {to("cart")})})};
  const RoutingTable table(r);
  EXPECT_THAT(table.route_service("shop/cart", 80, "any", false, request("a/")).depends_on,
              testing::ElementsAre(RoutingOption::node_port_parents));
}

TEST(CoreGroup, IsNotTheEmptyGroup) {
  Resources r;
  r.services = {service("shop/cart"), service("shop/v1")};
  ParentReference parent = service_parent("shop/cart");
  parent.group = "core";
  r.http_routes = {route("shop/r", {parent}, {rule({}, {to("v1")})})};
  EXPECT_EQ(call(r, {"", "cart/", ""}), "200 shop/cart:80 x1");
}

}  // namespace
}  // namespace spillway::model
