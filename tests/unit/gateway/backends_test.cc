#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "model/gateway/routing.h"
#include "tests/unit/gateway/world.h"

namespace spillway::model {
namespace {

using namespace testing_world;
using testing::Contains;
using testing::ElementsAre;

/// Services of namespace n, and one of namespace far with a port of every protocol.
Resources base() {
  Resources r;
  r.gateways = {gateway("infra/edge", {listener("web")})};
  r.services = {service("n/a"), service("n/b", {80, 8080}), service("n/c"),
                service("far/s", {80, 81, 82, 83}), service("n/ext")};
  r.services[3].ports[1].app_protocol = "kubernetes.io/h2c";
  r.services[3].ports[2].app_protocol = "mongo";
  r.services[3].ports[3].protocol = "UDP";
  r.services[4].type = "ExternalName";
  return r;
}

Routed through_gateway(Resources r, std::vector<HttpBackendRef> backends,
                       const RoutingOptions& options = {}) {
  r.http_routes = {route("n/r", {gateway_parent("infra/edge")}, {rule({}, std::move(backends))})};
  Routed routed = RoutingTable(r, options).route_gateway("infra/edge", 80, "http", request("h/"));
  EXPECT_TRUE(routed.route);
  routed.route = nullptr;  // of `r`
  return routed;
}

Routed through_mesh(Resources r, std::vector<HttpBackendRef> backends,
                    const RoutingOptions& options = {}) {
  r.http_routes = {route("n/r", {service_parent("n/a")}, {rule({}, std::move(backends))})};
  Routed routed = RoutingTable(r, options).route_service("n/a", 80, "n", false, request("a/"));
  routed.route = nullptr;
  return routed;
}

struct BackendCase {
  std::string name;
  std::vector<HttpBackendRef> backends;
  std::string answer;
};
class Backends : public testing::TestWithParam<BackendCase> {};
TEST_P(Backends, ShareByWeight) {
  EXPECT_EQ(answer(through_gateway(base(), GetParam().backends)), GetParam().answer);
}
std::string backend_case_name(const testing::TestParamInfo<BackendCase>& param) {
  return param.param.name;
}
INSTANTIATE_TEST_SUITE_P(
    Weights, Backends,
    testing::Values(
        BackendCase{"OneGetsAll", {to("a")}, "200 n/a:80 x1"},
        BackendCase{"OneOfAnyWeightGetsAll", {to("a", 7)}, "200 n/a:80 x1"},
        BackendCase{"Default", {to("a"), to("b")}, "200 n/a:80 x0.5, n/b:80 x0.5"},
        BackendCase{"SeventyThirtyZero",
                    {to("a", 70), to("b", 30), to("c", 0)},
                    "200 n/a:80 x0.7, n/b:80 x0.3, n/c:80 x0"},
        BackendCase{"SumIsNotHundred", {to("a", 1), to("b", 3)}, "200 n/a:80 x0.25, n/b:80 x0.75"},
        BackendCase{
            "Largest", {to("a", 1'000'000), to("b", 1'000'000)}, "200 n/a:80 x0.5, n/b:80 x0.5"},
        BackendCase{
            "SamePodTwice", {to("b", 1, 80), to("b", 1, 8080)}, "200 n/b:80 x0.5, n/b:8080 x0.5"},
        BackendCase{"AllZero", {to("a", 0), to("b", 0)}, "503 n/a:80 x0, n/b:80 x0"},
        BackendCase{"None", {}, "500"}),
    backend_case_name);

HttpBackendRef kind(std::string group, std::string kind_name) {
  HttpBackendRef backend;
  backend.ref = ref("a", 80, std::move(kind_name), std::move(group));
  return backend;
}
HttpBackendRef without_port(HttpBackendRef backend) {
  backend.ref.port.reset();
  return backend;
}
INSTANTIATE_TEST_SUITE_P(
    Faults, Backends,
    testing::Values(
        BackendCase{"UnknownKind", {kind("", "Pod")}, "500 n/a:80 x1 invalid_kind"},
        BackendCase{"UnknownGroup", {kind("x.io", "Service")}, "500 n/a:80 x1 invalid_kind"},
        BackendCase{
            "CoreIsNotTheEmptyGroup", {kind("core", "Service")}, "500 n/a:80 x1 invalid_kind"},
        BackendCase{"NotFound", {to("none")}, "500 n/none:80 x1 not_found"},
        BackendCase{"NoSuchPort", {to("a", 1, 81)}, "500 n/a:81 x1 wrong_port"},
        BackendCase{"NoPortNamed", {without_port(to("a"))}, "500 n/a:0 x1 wrong_port"},
        BackendCase{"OtherNamespaceWithoutGrant", {to("far/s")}, "500 far/s:80 x1 not_permitted"},
        BackendCase{
            "NoGrantComesBeforeNotFound", {to("far/none")}, "500 far/none:80 x1 not_permitted"},
        BackendCase{"ExternalName", {to("ext")}, "500 n/ext:80 x1 invalid_kind"},
        BackendCase{"ForItsShareOnly",
                    {to("a", 3), to("none", 1)},
                    "200 n/a:80 x0.75, n/none:80 x0.25 not_found"},
        BackendCase{"WithoutWeightHarmsNobody",
                    {to("a"), to("none", 0)},
                    "200 n/a:80 x1, n/none:80 x0 not_found"},
        BackendCase{"AllShares",
                    {to("x"), kind("", "Pod")},
                    "500 n/x:80 x0.5 not_found, n/a:80 x0.5 invalid_kind"},
        BackendCase{"AllWithWeight", {to("x"), to("a", 0)}, "500 n/x:80 x1 not_found, n/a:80 x0"}),
    backend_case_name);

struct GrantCase {
  std::string name;
  std::vector<ReferenceGrant> grants;
  HttpBackendRef backend;
  BackendFault fault;
};
class Grants : public testing::TestWithParam<GrantCase> {};
TEST_P(Grants, PermitReferences) {
  Resources r = base();
  r.reference_grants = GetParam().grants;
  EXPECT_EQ(through_gateway(r, {GetParam().backend}).backends.at(0).fault, GetParam().fault);
}
INSTANTIATE_TEST_SUITE_P(
    Of, Grants,
    testing::Values(
        GrantCase{"AllNames", {grant("far/*", "n")}, to("far/s"), BackendFault::none},
        GrantCase{"ThisName", {grant("far/s", "n")}, to("far/s"), BackendFault::none},
        GrantCase{"OtherName", {grant("far/t", "n")}, to("far/s"), BackendFault::not_permitted},
        GrantCase{
            "OtherFromNamespace", {grant("far/s", "m")}, to("far/s"), BackendFault::not_permitted},
        GrantCase{"OtherFromKind",
                  {grant("far/s", "n", "GRPCRoute")},
                  to("far/s"),
                  BackendFault::not_permitted},
        GrantCase{
            "InTheWrongNamespace", {grant("n/s", "n")}, to("far/s"), BackendFault::not_permitted},
        GrantCase{"OneOfSeveral",
                  {grant("far/t", "n"), grant("far/s", "n")},
                  to("far/s"),
                  BackendFault::none},
        GrantCase{
            "DoesNotMakeItExist", {grant("far/*", "n")}, to("far/none"), BackendFault::not_found},
        GrantCase{
            "SupportedProtocol", {grant("far/*", "n")}, to("far/s", 1, 81), BackendFault::none},
        GrantCase{"UnsupportedProtocol",
                  {grant("far/*", "n")},
                  to("far/s", 1, 82),
                  BackendFault::unsupported_protocol},
        GrantCase{"UdpPort",
                  {grant("far/*", "n")},
                  to("far/s", 1, 83),
                  BackendFault::unsupported_protocol}),
    [](const auto& param) { return param.param.name; });

TEST(MeshBackends, NeedNoGrant) {
  EXPECT_EQ(answer(through_mesh(base(), {to("far/s")})), "200 far/s:80 x1");
}
TEST(MeshBackends, NeedAGrantIfAsked) {
  RoutingOptions options;
  options.mesh_needs_grants = true;
  EXPECT_EQ(answer(through_mesh(base(), {to("far/s")}, options)), "500 far/s:80 x1 not_permitted");
  Resources r = base();
  r.reference_grants = {grant("far/s", "n")};
  EXPECT_EQ(answer(through_mesh(r, {to("far/s")}, options)), "200 far/s:80 x1");
}
TEST(MeshBackends, DependOnWhetherTheMeshNeedsGrants) {
  EXPECT_THAT(through_mesh(base(), {to("far/s")}).depends_on,
              ElementsAre(RoutingOption::mesh_needs_grants));
}
TEST(MeshBackends, AreNotImplied) {
  const Routed routed = through_mesh(base(), {});
  EXPECT_EQ(answer(routed), "500");
  EXPECT_EQ(routed.reason, "rule 0 of HTTPRoute n/r serves the request: it has no backendRefs");
}

TEST(AllZeroWeights, AreAnsweredAsAsked) {
  RoutingOptions options;
  options.all_zero_weight_status = 500;
  const Routed routed = through_gateway(base(), {to("a", 0)}, options);
  EXPECT_EQ(routed.status, 500);
  EXPECT_THAT(routed.depends_on, ElementsAre(RoutingOption::all_zero_weight_status));
  EXPECT_EQ(routed.reason,
            "rule 0 of HTTPRoute n/r serves the request: the weights of its backends sum to 0");
}

TEST(BackendFaults, ReplyForTheirShare) {
  const Routed routed = through_gateway(base(), {to("a"), to("none")});
  EXPECT_FALSE(routed.by_proxy);
  EXPECT_FALSE(routed.backends[0].reply);
  EXPECT_EQ(routed.backends[1].reply, (ProxyReply{500, "", "there is no Service n/none"}));
}
TEST(BackendFaults, OfEveryShareAreTheReplyOfTheProxy) {
  const Routed routed = through_gateway(base(), {to("none"), to("a", 0)});
  EXPECT_TRUE(routed.by_proxy);
  EXPECT_EQ(routed.reason,
            "rule 0 of HTTPRoute n/r serves the request: there is no Service n/none");
}

struct MessageCase {
  std::string name;
  HttpBackendRef backend;
  std::string message;
};
class BackendFaultMessage : public testing::TestWithParam<MessageCase> {};
TEST_P(BackendFaultMessage, SaysWhatIsWrong) {
  Resources r = base();
  r.reference_grants = {grant("far/s", "n")};
  const Routed routed = through_gateway(r, {GetParam().backend});
  ASSERT_TRUE(routed.backends.at(0).reply);
  EXPECT_EQ(routed.backends[0].reply->reason, GetParam().message);
}
INSTANTIATE_TEST_SUITE_P(
    Of, BackendFaultMessage,
    testing::Values(
        MessageCase{"Kind", kind("", "Pod"), "Pod is not a kind of backend"},
        MessageCase{"GroupKind", kind("x.io", "Queue"), "x.io/Queue is not a kind of backend"},
        MessageCase{"NotFound", to("none"), "there is no Service n/none"},
        MessageCase{"Port", to("a", 1, 81), "Service n/a has no port 81"},
        MessageCase{"NoPort", without_port(to("a")), "the reference to Service n/a names no port"},
        MessageCase{"Grant", to("far/t"),
                    "no ReferenceGrant in namespace far lets HTTPRoutes of namespace n refer to "
                    "Service t"},
        MessageCase{"ExternalName", to("ext"), "Service n/ext is of type ExternalName"},
        MessageCase{"AppProtocol", to("far/s", 1, 82),
                    "port 82 of Service far/s has the appProtocol mongo, which is not supported"},
        MessageCase{"Udp", to("far/s", 1, 83), "port 83 of Service far/s speaks UDP, not TCP"}),
    [](const auto& param) { return param.param.name; });

TEST(BackendOptions, ServicesAreAssumedToExistIfAsked) {
  RoutingOptions options;
  options.assume_services_exist = true;
  const Routed routed = through_gateway(base(), {to("none", 1, 1234)}, options);
  EXPECT_EQ(answer(routed), "200 n/none:1234 x1");
  EXPECT_THAT(routed.depends_on, ElementsAre(RoutingOption::assume_services_exist));
}
TEST(BackendOptions, AssumedServicesStillNeedGrants) {
  RoutingOptions options;
  options.assume_services_exist = true;
  EXPECT_EQ(answer(through_gateway(base(), {to("far/none")}, options)),
            "500 far/none:80 x1 not_permitted");
}
TEST(BackendOptions, OtherKindsAreValidIfNamed) {
  RoutingOptions options;
  options.backend_kinds = {"x.io/Queue"};
  EXPECT_EQ(answer(through_gateway(base(), {kind("x.io", "Queue")}, options)), "200 n/a:80 x1");
}
TEST(BackendOptions, ExternalNamesAreValidIfAsked) {
  RoutingOptions options;
  options.external_name_backends = true;
  EXPECT_EQ(answer(through_gateway(base(), {to("ext")}, options)), "200 n/ext:80 x1");
}
TEST(BackendOptions, AppProtocolsAreAnAssumption) {
  Resources r = base();
  r.reference_grants = {grant("far/s", "n")};
  EXPECT_THAT(through_gateway(r, {to("far/s", 1, 82)}).depends_on,
              Contains(RoutingOption::app_protocols));
}

TEST(Shares, SumToOne) {
  std::mt19937 random(3);
  for (int i = 0; i < 300; ++i) {
    std::vector<HttpBackendRef> backends;
    for (auto n = 1 + random() % 16; n > 0; --n)
      backends.push_back(to(random() % 4 == 0 ? "none" : "a",
                            static_cast<int>(random() % 5 == 0 ? 0 : random() % 1'000'001)));
    backends.push_back(to("a"));
    double sum = 0;
    for (const RoutedBackend& backend : through_gateway(base(), backends).backends) {
      EXPECT_EQ(backend.share > 0, backend.weight > 0);
      sum += backend.share;
    }
    EXPECT_NEAR(sum, 1, 1e-12);
  }
}

}  // namespace
}  // namespace spillway::model
