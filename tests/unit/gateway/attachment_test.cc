#include "model/gateway/attachment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "model/gateway/routing.h"
#include "tests/unit/gateway/world.h"

namespace spillway::model {
namespace {

using namespace testing_world;
using Role = Attachment::Role;

/// "Accepted web:80 alt:8080" or the reason with its message.
std::string status(const Attachment& a) {
  std::string text = a.reason;
  for (const Attachment::Section& s : a.sections)
    text += " " + s.name + ":" + std::to_string(s.port);
  return a.message.empty() ? text : text + ": " + a.message;
}
std::string status_of(const Resources& r, std::size_t i = 0) {
  return status(RoutingTable(r).attachments().at(i));
}

Listener only_kinds(Listener l, std::vector<AllowedRoutes::GroupKind> kinds) {
  l.allowed_routes.kinds = std::move(kinds);
  return l;
}
Listener selecting(Listener l, LabelSelector selector) {
  l = allowing(std::move(l), "Selector");
  l.allowed_routes.selector = std::move(selector);
  return l;
}
Listener passthrough(Listener l) {
  l.tls_mode = "Passthrough";
  return l;
}
LabelSelector label(std::string key, std::string value) {
  LabelSelector s;
  s.match_labels[std::move(key)] = std::move(value);
  return s;
}
ParentReference of_kind(std::string group, std::string kind) {
  ParentReference p = gateway_parent("infra/edge");
  p.group = std::move(group);
  p.kind = std::move(kind);
  return p;
}

struct AttachCase {
  std::string name;
  std::vector<Listener> listeners;
  ParentReference parent;
  std::vector<std::string> hostnames;
  std::string status;
};
class GatewayAttachment : public testing::TestWithParam<AttachCase> {};
TEST_P(GatewayAttachment, HasStatus) {
  Resources r;
  r.gateways = {gateway("infra/edge", GetParam().listeners)};
  Namespace labelled;
  labelled.meta.name = "shop";
  labelled.meta.labels["tier"] = "gold";
  r.namespaces = {labelled};
  r.services = {service("shop/s")};
  r.http_routes = {
      route("shop/r", {GetParam().parent}, {rule({}, {to("s")})}, GetParam().hostnames)};
  EXPECT_EQ(status_of(r), GetParam().status);
}
const ParentReference kEdge = gateway_parent("infra/edge");
const std::string kNotAllowed =
    "NotAllowedByListeners: no listener of Gateway infra/edge allows HTTPRoutes of namespace shop";
INSTANTIATE_TEST_SUITE_P(
    Of, GatewayAttachment,
    testing::Values(
        AttachCase{"Listener", {listener("web")}, kEdge, {}, "Accepted web:80"},
        AttachCase{"EveryListener",
                   {listener("web"), listener("alt", "", 8080)},
                   kEdge,
                   {},
                   "Accepted web:80 alt:8080"},
        AttachCase{"SectionName",
                   {listener("web"), listener("alt", "", 8080)},
                   gateway_parent("infra/edge", "alt"),
                   {},
                   "Accepted alt:8080"},
        AttachCase{"Port",
                   {listener("web"), listener("alt", "", 8080)},
                   gateway_parent("infra/edge", "", 8080),
                   {},
                   "Accepted alt:8080"},
        AttachCase{"SectionNameAndPort",
                   {listener("web"), listener("alt", "", 8080)},
                   gateway_parent("infra/edge", "alt", 8080),
                   {},
                   "Accepted alt:8080"},
        AttachCase{"SectionNameUnknown",
                   {listener("web")},
                   gateway_parent("infra/edge", "x"),
                   {},
                   "NoMatchingParent: no listener of Gateway infra/edge has sectionName x"},
        AttachCase{"PortUnknown",
                   {listener("web")},
                   gateway_parent("infra/edge", "", 81),
                   {},
                   "NoMatchingParent: no listener of Gateway infra/edge has port 81"},
        AttachCase{"SectionNameOfOtherPort",
                   {listener("web"), listener("alt", "", 8080)},
                   gateway_parent("infra/edge", "web", 8080),
                   {},
                   "NoMatchingParent: no listener of Gateway infra/edge has sectionName web and "
                   "port 8080"},
        AttachCase{"GatewayUnknown",
                   {listener("web")},
                   gateway_parent("infra/none"),
                   {},
                   "NoMatchingParent: there is no Gateway infra/none"},
        AttachCase{"KindUnknown",
                   {listener("web")},
                   of_kind("gateway.networking.k8s.io", "Fence"),
                   {},
                   "NoMatchingParent: gateway.networking.k8s.io/Fence is not a kind of parent"},
        AttachCase{"GroupCore",
                   {listener("web")},
                   of_kind("core", "Service"),
                   {},
                   "NoMatchingParent: core/Service is not a kind of parent"},
        AttachCase{"NamespaceSame", {allowing(listener("web"), "Same")}, kEdge, {}, kNotAllowed},
        AttachCase{"NamespaceNone", {allowing(listener("web"), "None")}, kEdge, {}, kNotAllowed},
        AttachCase{"NamespaceSelector",
                   {selecting(listener("web"), label("tier", "gold"))},
                   kEdge,
                   {},
                   "Accepted web:80"},
        AttachCase{"NamespaceSelectorOther",
                   {selecting(listener("web"), label("tier", "iron"))},
                   kEdge,
                   {},
                   kNotAllowed},
        AttachCase{"NamespaceSelectorByName",
                   {selecting(listener("web"), label("kubernetes.io/metadata.name", "shop"))},
                   kEdge,
                   {},
                   "Accepted web:80"},
        AttachCase{"KindAllowed",
                   {only_kinds(listener("web"), {{std::string(kGatewayGroup), "HTTPRoute"}})},
                   kEdge,
                   {},
                   "Accepted web:80"},
        AttachCase{"KindNotAllowed",
                   {only_kinds(listener("web"), {{std::string(kGatewayGroup), "GRPCRoute"}})},
                   kEdge,
                   {},
                   kNotAllowed},
        AttachCase{"KindOfOtherGroup",
                   {only_kinds(listener("web"), {{"x.io", "HTTPRoute"}})},
                   kEdge,
                   {},
                   kNotAllowed},
        AttachCase{"OneListenerAllows",
                   {allowing(listener("web"), "None"), listener("alt", "", 8080)},
                   kEdge,
                   {},
                   "Accepted alt:8080"},
        AttachCase{"ProtocolTcp", {listener("tcp", "", 90, "TCP")}, kEdge, {}, kNotAllowed},
        AttachCase{
            "ProtocolHttps", {listener("tls", "", 443, "HTTPS")}, kEdge, {}, "Accepted tls:443"},
        AttachCase{"TlsPassthrough",
                   {passthrough(listener("tls", "", 443, "HTTPS"))},
                   kEdge,
                   {},
                   kNotAllowed},
        AttachCase{"HostnameInCommon",
                   {listener("web", "*.a.com")},
                   kEdge,
                   {"x.a.com"},
                   "Accepted web:80"},
        AttachCase{"HostnameOfOneListener",
                   {listener("web", "*.a.com"), listener("alt", "*.b.com")},
                   kEdge,
                   {"x.b.com"},
                   "Accepted alt:80"},
        AttachCase{"NoHostnameInCommon",
                   {listener("web", "*.a.com")},
                   kEdge,
                   {"a.com", "x.b.com"},
                   "NoMatchingListenerHostname: no hostname of the route is one of a listener of "
                   "Gateway infra/edge"},
        AttachCase{"ConflictedListeners",
                   {listener("one", "a.com"), listener("two", "a.com"), listener("three", "b.com")},
                   kEdge,
                   {},
                   "Accepted three:80"},
        AttachCase{"HttpAndHttpsOfOnePort",
                   {listener("one", "", 80), listener("two", "", 80, "HTTPS")},
                   kEdge,
                   {},
                   kNotAllowed},
        AttachCase{"HttpsAndTlsOfOnePort",
                   {listener("one", "a.com", 443, "HTTPS"), listener("two", "b.com", 443, "TLS")},
                   kEdge,
                   {},
                   "Accepted one:443"},
        AttachCase{"UdpBesideHttp",
                   {listener("one", "", 80), listener("two", "", 80, "UDP")},
                   kEdge,
                   {},
                   "Accepted one:80"},
        AttachCase{"TcpBesideHttp",
                   {listener("one", "", 80), listener("two", "", 80, "TCP")},
                   kEdge,
                   {},
                   kNotAllowed}),
    [](const auto& param) { return param.param.name; });

TEST(GatewayAttachment, AllowsTheNamespaceOfTheGatewayWithSame) {
  Resources r;
  r.gateways = {gateway("infra/edge", {allowing(listener("web"), "Same")})};
  r.http_routes = {route("infra/r", {kEdge}, {})};
  EXPECT_EQ(status_of(r), "Accepted web:80");
}
TEST(GatewayAttachment, IsOnePerParentRef) {
  Resources r;
  r.gateways = {gateway("infra/edge", {listener("web"), listener("alt", "", 8080)})};
  r.services = {service("shop/s")};
  r.http_routes = {route(
      "shop/r",
      {gateway_parent("infra/edge", "web"), gateway_parent("infra/none"), service_parent("shop/s")},
      {rule({}, {to("s")})})};
  const RoutingTable table(r);
  ASSERT_EQ(table.attachments().size(), 3u);
  EXPECT_EQ(status(table.attachments()[0]), "Accepted web:80");
  EXPECT_EQ(table.attachments()[1].accepted, false);
  EXPECT_EQ(status(table.attachments()[2]), "Accepted :0");
  EXPECT_EQ(table.attachments()[2].parent_ref, 2);
  EXPECT_EQ(table.attachments()[2].role, Role::producer);
}

struct ServiceCase {
  std::string name;
  ParentReference parent;
  std::string status;
  Role role;
};
class ServiceAttachment : public testing::TestWithParam<ServiceCase> {};
TEST_P(ServiceAttachment, HasStatusAndRole) {
  Resources r;
  r.services = {service("shop/cart", {80, 8080}), service("shop/headless"), service("shop/ext"),
                service("other/s")};
  r.services[1].cluster_ip = "None";
  r.services[2].type = "ExternalName";
  r.http_routes = {route("shop/r", {GetParam().parent}, {rule({}, {to("cart")})})};
  const RoutingTable table(r);
  EXPECT_EQ(status(table.attachments().at(0)), GetParam().status);
  EXPECT_EQ(table.attachments()[0].role, GetParam().role);
}
INSTANTIATE_TEST_SUITE_P(
    Of, ServiceAttachment,
    testing::Values(
        ServiceCase{"EveryPort", service_parent("shop/cart"), "Accepted :0", Role::producer},
        ServiceCase{"Port", service_parent("shop/cart", 80), "Accepted p80:80", Role::producer},
        ServiceCase{"SectionName", service_parent("shop/cart", 0, "p8080"), "Accepted p8080:8080",
                    Role::producer},
        ServiceCase{"PortUnknown", service_parent("shop/cart", 81),
                    "NoMatchingParent: no port of Service shop/cart has port 81", Role::producer},
        ServiceCase{"SectionNameUnknown", service_parent("shop/cart", 0, "x"),
                    "NoMatchingParent: no port of Service shop/cart has sectionName x",
                    Role::producer},
        ServiceCase{"Consumer", service_parent("other/s"), "Accepted :0", Role::consumer},
        ServiceCase{"Unknown", service_parent("shop/none"),
                    "NoMatchingParent: there is no Service shop/none", Role::producer},
        ServiceCase{"Headless", service_parent("shop/headless"),
                    "NoMatchingParent: Service shop/headless is headless and cannot be a parent",
                    Role::producer},
        ServiceCase{"ExternalName", service_parent("shop/ext"),
                    "NoMatchingParent: Service shop/ext is of type ExternalName and cannot be a "
                    "parent",
                    Role::producer}),
    [](const auto& param) { return param.param.name; });

// HTTPRoute and GRPCRoute on one listener: the older one, then the first by name.
Resources clash(HttpRoute http, HttpRoute grpc_route) {
  Resources r;
  r.gateways = {gateway("infra/edge", {listener("web")})};
  r.http_routes = {std::move(http), grpc(std::move(grpc_route))};
  return r;
}
TEST(Conflict, OnAListenerIsWonByTheOlderRoute) {
  const Resources r = clash(created(route("n/a", {kEdge}, {}), "2024-01-02T00:00:00Z"),
                            created(route("n/b", {kEdge}, {}), "2024-01-01T00:00:00Z"));
  EXPECT_EQ(status_of(r, 0), "Conflicted: GRPCRoute n/b serves the same traffic");
  EXPECT_EQ(status_of(r, 1), "Accepted web:80");
}
TEST(Conflict, OnAListenerIsWonByNameOnEqualAge) {
  const Resources r = clash(route("n/a", {kEdge}, {}), route("n/b", {kEdge}, {}));
  EXPECT_EQ(status_of(r, 0), "Accepted web:80");
  EXPECT_EQ(status_of(r, 1), "Conflicted: HTTPRoute n/a serves the same traffic");
}
TEST(Conflict, NeedsAHostnameInCommon) {
  const Resources r =
      clash(route("n/a", {kEdge}, {}, {"a.com"}), route("n/b", {kEdge}, {}, {"b.com"}));
  EXPECT_EQ(status_of(r, 0), "Accepted web:80");
  EXPECT_EQ(status_of(r, 1), "Accepted web:80");
}
TEST(Conflict, TakesTheListenersInCommonOnly) {
  Resources r =
      clash(route("n/a", {gateway_parent("infra/edge", "web")}, {}), route("n/b", {kEdge}, {}));
  r.gateways[0].listeners.push_back(listener("alt", "", 8080));
  EXPECT_EQ(status_of(r, 1), "Accepted alt:8080");
}
TEST(Conflict, OfLosersDoesNotCount) {
  // b loses to a, so that c, which only shares hosts with b, stays.
  Resources r =
      clash(route("n/a", {kEdge}, {}, {"a.com"}), route("n/b", {kEdge}, {}, {"a.com", "c.com"}));
  r.http_routes.push_back(route("n/c", {kEdge}, {}, {"c.com"}));
  EXPECT_EQ(status_of(r, 1), "Conflicted: HTTPRoute n/a serves the same traffic");
  EXPECT_EQ(status_of(r, 2), "Accepted web:80");
}
TEST(Conflict, OnAServiceIsWonByGrpc) {
  Resources r;
  r.services = {service("shop/cart", {80, 9090})};
  r.http_routes = {
      created(route("shop/a", {service_parent("shop/cart", 80)}, {}), "2020-01-01T00:00:00Z"),
      grpc(route("shop/b", {service_parent("shop/cart", 80)}, {}))};
  EXPECT_EQ(status_of(r, 0), "Conflicted: GRPCRoute shop/b serves the same traffic");
  EXPECT_EQ(status_of(r, 1), "Accepted p80:80");
}
TEST(Conflict, OnAPortOfAServiceLeavesTheOtherPorts) {
  Resources r;
  r.services = {service("shop/cart", {80, 9090})};
  r.http_routes = {route("shop/a", {service_parent("shop/cart")}, {}),
                   grpc(route("shop/b", {service_parent("shop/cart", 9090)}, {}))};
  EXPECT_EQ(status_of(r, 0), "Accepted p80:80");
}

// ResolvedRefs.
std::string refs(const Resources& r, std::size_t i = 0) {
  const RoutingTable table(r);
  const Attachment& a = table.attachments().at(i);
  return a.refs_message.empty() ? a.refs_reason : a.refs_reason + ": " + a.refs_message;
}
Resources with_rules(std::vector<HttpRouteRule> rules) {
  Resources r;
  r.gateways = {gateway("infra/edge", {listener("web")})};
  r.services = {service("n/s"), service("far/s")};
  r.http_routes = {route("n/r", {kEdge, service_parent("n/s")}, std::move(rules))};
  return r;
}
TEST(ResolvedRefs, HoldsWithValidReferences) {
  EXPECT_EQ(refs(with_rules({rule({}, {to("s")})})), "ResolvedRefs");
}
TEST(ResolvedRefs, NamesTheFirstFaultAndLeavesTheRouteAccepted) {
  const Resources r = with_rules({rule({}, {to("s")}), rule({}, {to("none"), to("far/s")})});
  EXPECT_EQ(refs(r), "BackendNotFound: there is no Service n/none");
  EXPECT_EQ(status_of(r), "Accepted web:80");
}
TEST(ResolvedRefs, DiffersBetweenGatewayAndMesh) {
  const Resources r = with_rules({rule({}, {to("far/s")})});
  EXPECT_EQ(refs(r, 0),
            "RefNotPermitted: no ReferenceGrant in namespace far lets HTTPRoutes of namespace n "
            "refer to Service s");
  EXPECT_EQ(refs(r, 1), "ResolvedRefs");
}
TEST(ResolvedRefs, CoversMirrors) {
  RequestMirrorFilter f;
  f.backend_ref = ref("none");
  EXPECT_EQ(refs(with_rules({rule({}, {to("s")}, {filter(f)})})),
            "BackendNotFound: there is no Service n/none");
}
TEST(ResolvedRefs, CoversFiltersOfBackends) {
  ExternalAuthFilter f{"HTTP", ref("s", 80, "Pod")};
  EXPECT_EQ(refs(with_rules({rule({}, {with(to("s"), {filter(f)})})})),
            "InvalidKind: Pod is not a kind of backend");
}

}  // namespace
}  // namespace spillway::model
