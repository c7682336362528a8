#include "model/gateway/checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/unit/gateway/world.h"

namespace spillway::model {
namespace {

using namespace testing_world;
using testing::ElementsAre;
using testing::IsEmpty;

/// One line a finding: `warning: message [rule]`, with the hint behind it.
std::vector<std::string> findings(const Resources& r, const RoutingOptions& options = {}) {
  std::vector<std::string> lines;
  for (const Diagnostic& d : check_references(r, options)) lines.push_back(to_text(d));
  return lines;
}

Resources base() {
  Resources r;
  r.gateways = {gateway("infra/edge", {listener("web")})};
  r.services = {service("n/s", {80, 8080}), service("far/s")};
  return r;
}
const ParentReference kEdge = gateway_parent("infra/edge");
const ParentReference kService = service_parent("n/s");

Resources with(HttpRoute r) {
  Resources resources = base();
  resources.http_routes = {std::move(r)};
  return resources;
}
std::vector<HttpRouteRule> to_s() { return {rule({}, {to("s")})}; }

TEST(CheckReferences, IsSilentAboutSoundManifests) {
  EXPECT_THAT(findings(with(route("n/r", {kEdge, kService}, to_s()))), IsEmpty());
}

struct FindingCase {
  std::string name;
  Resources resources;
  std::vector<std::string> findings;
};
class Finding : public testing::TestWithParam<FindingCase> {};
TEST_P(Finding, IsReported) {
  EXPECT_THAT(findings(GetParam().resources), testing::ElementsAreArray(GetParam().findings));
}
std::string finding_name(const testing::TestParamInfo<FindingCase>& param) {
  return param.param.name;
}

ParentReference core_group() {
  ParentReference p = kService;
  p.group = "core";
  return p;
}
Resources selecting_gateway() {
  Resources r = with(route("n/r", {kEdge}, to_s()));
  r.gateways[0].listeners[0].allowed_routes.from = "Selector";
  r.gateways[0].listeners[0].allowed_routes.selector.match_labels["tier"] = "gold";
  return r;
}
Resources conflicting_listeners() {
  Resources r = base();
  r.gateways[0].listeners = {listener("a", "x.com"), listener("b", "x.com"), listener("c")};
  return r;
}
Resources grpc_clash() {
  Resources r = with(route("n/http", {kService}, to_s()));
  r.http_routes.push_back(grpc(route("n/rpc", {kService}, to_s())));
  return r;
}
INSTANTIATE_TEST_SUITE_P(
    Attachment, Finding,
    testing::Values(
        FindingCase{"GatewayUnknown",
                    with(route("n/r", {gateway_parent("infra/none")}, to_s())),
                    {"warning: HTTPRoute n/r: not attached to Gateway infra/none "
                     "(NoMatchingParent): there is no Gateway infra/none [no-matching-parent]"}},
        FindingCase{"SectionNameUnknown",
                    with(route("n/r", {gateway_parent("infra/edge", "tls")}, to_s())),
                    {"warning: HTTPRoute n/r: not attached to Gateway infra/edge "
                     "(NoMatchingParent): no listener of Gateway infra/edge has sectionName tls "
                     "[no-matching-parent]"}},
        FindingCase{"HostnameMismatch",
                    [] {
                      Resources r = with(route("n/r", {kEdge}, to_s(), {"b.com"}));
                      r.gateways[0].listeners[0].hostname = "a.com";
                      return r;
                    }(),
                    {"warning: HTTPRoute n/r: not attached to Gateway infra/edge "
                     "(NoMatchingListenerHostname): no hostname of the route is one of a listener "
                     "of Gateway infra/edge [no-matching-listener-hostname]"}},
        FindingCase{"OneHostnameIgnored",
                    [] {
                      Resources r = with(route("n/r", {kEdge}, to_s(), {"a.com", "b.com"}));
                      r.gateways[0].listeners[0].hostname = "a.com";
                      return r;
                    }(),
                    {"warning: HTTPRoute n/r: hostname b.com is ignored: no listener of Gateway "
                     "infra/edge serves it [hostname-ignored]"}},
        FindingCase{"CoreGroup",
                    with(route("n/r", {core_group()}, to_s())),
                    {"warning: HTTPRoute n/r: not attached to Service n/s (NoMatchingParent): "
                     "core/Service is not a kind of parent [parent-group]\n"
                     "    hint: the core group is written group: \"\""}},
        FindingCase{"NamespaceLabelsUnknown",
                    selecting_gateway(),
                    {"warning: HTTPRoute n/r: not attached to Gateway infra/edge "
                     "(NotAllowedByListeners): no listener of Gateway infra/edge allows HTTPRoutes "
                     "of namespace n [not-allowed-by-listeners]",
                     "warning: Gateway infra/edge: listener web selects namespaces by label, and "
                     "no manifest of Namespace n gives its labels [namespace-labels-unknown]"}},
        FindingCase{"ConflictingListeners",
                    conflicting_listeners(),
                    {"warning: Gateway infra/edge: listener a is not served: it conflicts with "
                     "listener b [conflicted-listener]",
                     "warning: Gateway infra/edge: listener b is not served: it conflicts with "
                     "listener a [conflicted-listener]"}},
        FindingCase{"GrpcClash",
                    grpc_clash(),
                    {"warning: HTTPRoute n/http: not attached to Service n/s (Conflicted): "
                     "GRPCRoute n/rpc serves the same traffic [conflicted]"}},
        FindingCase{"MeshHostnames",
                    with(route("n/r", {kService}, to_s(), {"a.com"})),
                    {"warning: HTTPRoute n/r: its hostnames are ignored for Service n/s "
                     "[mesh-hostnames]\n    hint: match the header Host instead"}}),
    finding_name);

RequestMirrorFilter mirror(std::string_view name) {
  RequestMirrorFilter f;
  f.backend_ref = ref(name);
  return f;
}
HttpRouteRule redirecting() {
  RequestRedirectFilter f;
  f.hostname = "b.com";
  return rule({}, {}, {filter(f)});
}
INSTANTIATE_TEST_SUITE_P(
    Rule, Finding,
    testing::Values(
        FindingCase{"BackendNotFound",
                    with(route("n/r", {kEdge}, {rule({}, {to("s", 3), to("none", 1)})})),
                    {"warning: HTTPRoute n/r: rule 0: there is no Service n/none: 25 % of the "
                     "requests get 500 [backend-not-found]"}},
        FindingCase{"BackendPort",
                    with(route("n/r", {kEdge}, {rule({}, {to("s", 1, 81)})})),
                    {"warning: HTTPRoute n/r: rule 0: Service n/s has no port 81: 100 % of the "
                     "requests get 500 [backend-not-found]"}},
        FindingCase{"RefNotPermitted",
                    with(route("n/r", {kEdge}, {rule({}, {to("s", 2), to("far/s")})})),
                    {"warning: HTTPRoute n/r: rule 0: no ReferenceGrant in namespace far lets "
                     "HTTPRoutes of namespace n refer to Service s: 33.33 % of the requests get "
                     "500 [ref-not-permitted]"}},
        FindingCase{"NoGrantNeededInTheMesh",
                    with(route("n/r", {kService}, {rule({}, {to("far/s")})})),
                    {}},
        FindingCase{"Mirror",
                    with(route("n/r", {kEdge}, {rule({}, {to("s")}, {filter(mirror("m"))})})),
                    {"warning: HTTPRoute n/r: rule 0: there is no Service n/m: nothing is mirrored "
                     "to it [backend-not-found]"}},
        FindingCase{
            "ExternalAuth",
            with(route("n/r", {kEdge},
                       {rule({}, {to("s")}, {filter(ExternalAuthFilter{"HTTP", ref("m")})})})),
            {"warning: HTTPRoute n/r: rule 0: there is no Service n/m: every request gets "
             "500 [backend-not-found]"}},
        FindingCase{"ExtensionRef",
                    with(route("n/r", {kEdge},
                               {rule({}, {to("s")},
                                     {filter(ExtensionRefFilter{"x.io", "Limit", "fast"})})})),
                    {"warning: HTTPRoute n/r: rule 0: the filter x.io/Limit fast cannot be "
                     "resolved: its requests get 500 [extension-ref]"}},
        FindingCase{"NoBackends",
                    with(route("n/r", {kEdge}, {rule({}, {})})),
                    {"warning: HTTPRoute n/r: rule 0: it has no backendRefs: every request gets "
                     "500 [no-backend-refs]"}},
        FindingCase{"RedirectNeedsNoBackends", with(route("n/r", {kEdge}, {redirecting()})), {}},
        FindingCase{"ZeroWeights",
                    with(route("n/r", {kEdge}, {rule({}, {to("s", 0)})})),
                    {"warning: HTTPRoute n/r: rule 0: the weights of its backendRefs sum to 0: "
                     "every request gets 503 [zero-weights]"}},
        FindingCase{"InvalidRegex",
                    with(route("n/r", {kEdge}, {rule({regex("/(a")}, {to("s")})})),
                    {"warning: HTTPRoute n/r: rule 0: the match never fits: the regular expression "
                     "\"/(a\" is not valid: a group lacks its ) [invalid-regex]"}},
        FindingCase{"SecondRule",
                    with(route("n/r", {kEdge}, {to_s()[0], rule({}, {})})),
                    {"warning: HTTPRoute n/r: rule 1: it has no backendRefs: every request gets "
                     "500 [no-backend-refs]"}}),
    finding_name);

std::vector<HttpRouteRule> narrow() { return {rule({prefix("/x")}, {to("n/s")})}; }
Resources two_routes(HttpRoute a, HttpRoute b) {
  Resources r = base();
  r.http_routes = {std::move(a), std::move(b)};
  return r;
}
INSTANTIATE_TEST_SUITE_P(
    Unmatched, Finding,
    testing::Values(
        FindingCase{"Producer",
                    with(route("n/r", {kService}, narrow())),
                    {"warning: HTTPRoute n/r: requests to Service n/s that no rule matches get 404 "
                     "[unmatched-requests]"}},
        FindingCase{"Consumer",
                    with(route("other/r", {kService}, narrow())),
                    {"warning: HTTPRoute other/r: requests from namespace other to Service n/s "
                     "that no rule matches get 404 [unmatched-requests]"}},
        FindingCase{"OfAPort",
                    with(route("n/r", {service_parent("n/s", 8080)}, narrow())),
                    {"warning: HTTPRoute n/r: requests to Service n/s port 8080 that no rule "
                     "matches get 404 [unmatched-requests]"}},
        FindingCase{
            "AnotherRouteTakesTheRest",
            two_routes(route("n/a", {kService}, narrow()), route("n/b", {kService}, to_s())),
            {}},
        FindingCase{"ARouteOfEveryPortTakesTheRest",
                    two_routes(route("n/a", {service_parent("n/s", 80)}, narrow()),
                               route("n/b", {kService}, to_s())),
                    {}},
        FindingCase{
            "AProducerDoesNotHelpAConsumer",
            two_routes(route("other/a", {kService}, narrow()), route("n/b", {kService}, to_s())),
            {"warning: HTTPRoute other/a: requests from namespace other to Service n/s "
             "that no rule matches get 404 [unmatched-requests]"}},
        FindingCase{"AGatewayIsExpectedTo404", with(route("n/r", {kEdge}, narrow())), {}}),
    finding_name);

XBackendTrafficPolicy policy(std::string_view key, std::string target, std::string timestamp = "",
                             std::string kind = "Service") {
  XBackendTrafficPolicy p;
  p.meta = meta(key);
  p.meta.creation_timestamp = std::move(timestamp);
  p.target_refs = {{"", std::move(kind), std::move(target), {}}};
  return p;
}
Resources with_policies(std::vector<XBackendTrafficPolicy> all) {
  Resources r = base();
  r.backend_traffic_policies = std::move(all);
  return r;
}
INSTANTIATE_TEST_SUITE_P(
    Policy, Finding,
    testing::Values(
        FindingCase{"Sound", with_policies({policy("n/a", "s")}), {}},
        FindingCase{"SecondByName",
                    with_policies({policy("n/b", "s"), policy("n/a", "s")}),
                    {"warning: XBackendTrafficPolicy n/b: not applied to Service n/s: "
                     "XBackendTrafficPolicy n/a is as old and comes first by name "
                     "[policy-conflict]"}},
        FindingCase{"SecondByAge",
                    with_policies({policy("n/a", "s", "2024-01-02T00:00:00Z"),
                                   policy("n/b", "s", "2024-01-01T00:00:00Z")}),
                    {"warning: XBackendTrafficPolicy n/a: not applied to Service n/s: "
                     "XBackendTrafficPolicy n/b is older [policy-conflict]"}},
        FindingCase{"TargetUnknown",
                    with_policies({policy("n/a", "none")}),
                    {"warning: XBackendTrafficPolicy n/a: there is no Service n/none: the policy "
                     "does nothing there [policy-target]"}},
        FindingCase{"TargetKind",
                    with_policies({policy("n/a", "s", "", "Deployment")}),
                    {"warning: XBackendTrafficPolicy n/a: target Deployment s is not a Service: "
                     "the policy does nothing there [policy-target]"}}),
    finding_name);

TEST(CheckReferences, AssumesServicesIfAsked) {
  Resources r;
  r.http_routes = {route("n/r", {service_parent("n/s")}, to_s())};
  r.backend_traffic_policies = {policy("n/p", "s")};
  RoutingOptions options;
  options.assume_services_exist = true;
  EXPECT_THAT(findings(r, options), IsEmpty());
}
TEST(CheckReferences, SaysThatASectionNameIsAssumed) {
  Resources r;
  r.http_routes = {route("n/r", {service_parent("n/s", 0, "http")}, to_s())};
  RoutingOptions options;
  options.assume_services_exist = true;
  EXPECT_THAT(findings(r, options),
              ElementsAre("warning: HTTPRoute n/r: sectionName http is taken for every port: no "
                          "manifest of Service n/s names its ports [section-name-assumed]"));
}
TEST(CheckReferences, PointsAtTheNearestKnownPlace) {
  const auto file = std::make_shared<const std::string>("r.yaml");
  Resources r = with(route("n/r", {kEdge}, {rule({}, {to("none"), to("gone")})}));
  r.http_routes[0].meta.place = {file, 1, 1};
  r.http_routes[0].rules[0].backend_refs[0].place = {file, 9, 5};
  EXPECT_THAT(findings(r),
              ElementsAre("r.yaml:9:5: warning: HTTPRoute n/r: rule 0: there is no Service n/none: "
                          "50 % of the requests get 500 [backend-not-found]",
                          "r.yaml:1:1: warning: HTTPRoute n/r: rule 0: there is no Service n/gone: "
                          "50 % of the requests get 500 [backend-not-found]"));
}

}  // namespace
}  // namespace spillway::model
