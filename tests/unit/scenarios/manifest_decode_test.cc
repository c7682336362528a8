// Manifests as structs: the defaults of the API server, places, and what the model derives.
#include <gmock/gmock.h>

#include "tests/unit/scenarios/manifest_support.h"

namespace spillway::scenarios::manifests {
namespace {

using namespace sim::literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

const std::string kHead =
    "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
    "metadata: {name: r, namespace: shop}\nspec:\n";

model::HttpRoute route(const std::string& spec) {
  const auto read = read_manifests(kHead + spec);
  EXPECT_THAT(messages(read.diagnostics), IsEmpty());
  return read.resources.http_routes.empty() ? model::HttpRoute{} : read.resources.http_routes[0];
}

model::HttpRouteRule rule(const std::string& text) {
  const auto decoded = route("  rules:\n  - " + text + "\n");
  return decoded.rules.empty() ? model::HttpRouteRule{} : decoded.rules[0];
}

std::string at(const model::Place& place) { return place.text(); }

TEST(ManifestDecoding, FillsInTheDefaultsOfARoute) {
  const auto decoded = route("  parentRefs: [{name: g}]\n");
  ASSERT_EQ(decoded.parent_refs.size(), 1u);
  EXPECT_EQ(decoded.parent_refs[0].group, "gateway.networking.k8s.io");
  EXPECT_EQ(decoded.parent_refs[0].kind, "Gateway");
  EXPECT_EQ(decoded.parent_refs[0].namespace_, "shop");
  EXPECT_EQ(decoded.parent_refs[0].port, std::nullopt);
  ASSERT_EQ(decoded.rules.size(), 1u);
  ASSERT_EQ(decoded.rules[0].matches.size(), 1u);
  EXPECT_EQ(decoded.rules[0].matches[0].path.type, model::PathMatchType::path_prefix);
  EXPECT_EQ(decoded.rules[0].matches[0].path.value, "/");
  EXPECT_EQ(decoded.rules[0].timeouts, std::nullopt);
}

TEST(ManifestDecoding, FillsInTheDefaultsOfMatches) {
  const auto decoded = rule(
      "matches: [{path: {value: /a}, headers: [{name: H, value: v}], queryParams: [{name: q, "
      "value: w, type: RegularExpression}]}, {method: GET}]");
  ASSERT_EQ(decoded.matches.size(), 2u);
  EXPECT_EQ(decoded.matches[0].path.type, model::PathMatchType::path_prefix);
  EXPECT_EQ(decoded.matches[0].path.value, "/a");
  ASSERT_EQ(decoded.matches[0].headers.size(), 1u);
  EXPECT_EQ(decoded.matches[0].headers[0].type, model::ValueMatchType::exact);
  EXPECT_EQ(decoded.matches[0].headers[0].name, "H");
  ASSERT_EQ(decoded.matches[0].query_params.size(), 1u);
  EXPECT_EQ(decoded.matches[0].query_params[0].type, model::ValueMatchType::regular_expression);
  EXPECT_EQ(decoded.matches[1].path.value, "/");
  EXPECT_EQ(decoded.matches[1].method, "GET");
}

TEST(ManifestDecoding, KeepsAnEmptyListOfMatches) {
  EXPECT_THAT(rule("matches: []").matches, IsEmpty());
}

TEST(ManifestDecoding, FillsInTheDefaultsOfBackends) {
  const auto decoded = rule(
      "backendRefs: [{name: a, port: 80}, {name: b, port: 81, weight: 0, "
      "namespace: other}]");
  ASSERT_EQ(decoded.backend_refs.size(), 2u);
  EXPECT_EQ(decoded.backend_refs[0].ref.group, "");
  EXPECT_EQ(decoded.backend_refs[0].ref.kind, "Service");
  EXPECT_EQ(decoded.backend_refs[0].ref.namespace_, "shop");
  EXPECT_EQ(decoded.backend_refs[0].ref.port, 80);
  EXPECT_EQ(decoded.backend_refs[0].weight, 1);
  EXPECT_EQ(decoded.backend_refs[1].ref.namespace_, "other");
  EXPECT_EQ(decoded.backend_refs[1].weight, 0);
}

TEST(ManifestDecoding, ReadsNumbersInEveryNotation) {
  EXPECT_EQ(rule("backendRefs: [{name: a, port: 0x50}]").backend_refs[0].ref.port, 80);
  EXPECT_EQ(rule("retry: {attempts: 3.0}").retry->attempts, 3);
}

TEST(ManifestDecoding, ReadsTimeoutsAndRetriesWithTheirPlaces) {
  const auto decoded = rule(
      "timeouts: {request: 10s, backendRequest: 1s500ms}\n"
      "    retry: {codes: [503, 500], attempts: 3, backoff: 100ms}");
  ASSERT_TRUE(decoded.timeouts && decoded.retry);
  EXPECT_EQ(decoded.timeouts->request, 10_s);
  EXPECT_EQ(decoded.timeouts->backend_request, 1500_ms);
  EXPECT_EQ(at(decoded.timeouts->request_place), "m.yaml:6:16");
  EXPECT_EQ(at(decoded.retry->place), "m.yaml:7:5");
  EXPECT_EQ(at(decoded.retry->codes_place), "m.yaml:7:13");
  EXPECT_EQ(at(decoded.retry->attempts_place), "m.yaml:7:32");
  EXPECT_EQ(decoded.retry->attempts, 3);
  EXPECT_EQ(decoded.retry->backoff, 100_ms);
  EXPECT_THAT(decoded.retry->codes, ElementsAre(503, 500));
  EXPECT_EQ(at(decoded.place), "m.yaml:6:5");
}

TEST(ManifestDecoding, TellsDisabledFromAbsentTimeouts) {
  const auto decoded = rule("timeouts: {request: 0s}");
  EXPECT_EQ(decoded.timeouts->request, 0_s);
  EXPECT_EQ(decoded.timeouts->backend_request, std::nullopt);
}

TEST(ManifestDecoding, ReadsEveryKindOfFilter) {
  const auto decoded = rule(
      "filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a, value: b}], "
      "remove: [c]}}, {type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: a, "
      "value: "
      "b}]}}, {type: RequestMirror, requestMirror: {backendRef: {name: m, port: 80}, fraction: "
      "{numerator: 5}}}, {type: URLRewrite, urlRewrite: {hostname: h, path: {type: "
      "ReplaceFullPath, "
      "replaceFullPath: /x}}}, {type: CORS, cors: {allowOrigins: ['https://a'], allowCredentials: "
      "yes}}, {type: ExternalAuth, externalAuth: {protocol: GRPC, grpc: {}, backendRef: {name: e, "
      "port: 81}}}, {type: ExtensionRef, extensionRef: {group: g, kind: K, name: x}}]");
  ASSERT_EQ(decoded.filters.size(), 7u);
  const auto& set = std::get<model::RequestHeaderModifierFilter>(decoded.filters[0].filter);
  EXPECT_EQ(set.set[0].value, "b");
  EXPECT_THAT(set.remove, ElementsAre("c"));
  EXPECT_EQ(std::get<model::ResponseHeaderModifierFilter>(decoded.filters[1].filter).add.size(),
            1u);
  const auto& mirror = std::get<model::RequestMirrorFilter>(decoded.filters[2].filter);
  EXPECT_DOUBLE_EQ(mirror.share(), 0.05);
  EXPECT_EQ(mirror.backend_ref.namespace_, "shop");
  const auto& rewrite = std::get<model::UrlRewriteFilter>(decoded.filters[3].filter);
  EXPECT_EQ(rewrite.hostname, "h");
  EXPECT_EQ(rewrite.path->type, model::PathModifier::Type::replace_full_path);
  const auto& cors = std::get<model::CorsFilter>(decoded.filters[4].filter);
  EXPECT_TRUE(cors.allow_credentials);
  EXPECT_EQ(cors.max_age, 5);
  EXPECT_EQ(std::get<model::ExternalAuthFilter>(decoded.filters[5].filter).protocol, "GRPC");
  EXPECT_EQ(std::get<model::ExtensionRefFilter>(decoded.filters[6].filter).kind, "K");
}

TEST(ManifestDecoding, RedirectsWith302) {
  const auto decoded = rule(
      "filters: [{type: RequestRedirect, requestRedirect: {scheme: https, path: {type: "
      "ReplacePrefixMatch, replacePrefixMatch: ''}}}]");
  const auto& redirect = std::get<model::RequestRedirectFilter>(decoded.filters[0].filter);
  EXPECT_EQ(redirect.status_code, 302);
  EXPECT_EQ(redirect.scheme, "https");
  EXPECT_EQ(redirect.hostname, std::nullopt);
  EXPECT_EQ(redirect.path->value, "");
}

TEST(ManifestDecoding, ReadsSessionPersistence) {
  EXPECT_EQ(rule("sessionPersistence: {cookie: {name: c}}").session_persistence->session_name, "c");
  const auto by_header = rule(
      "sessionPersistence: {type: Header, header: {name: h}, "
      "absoluteTimeout: 1h}");
  EXPECT_EQ(by_header.session_persistence->type, "Header");
  EXPECT_EQ(by_header.session_persistence->session_name, "h");
  EXPECT_EQ(by_header.session_persistence->absolute_timeout, 3600_s);
}

TEST(ManifestDecoding, ReadsMetadata) {
  const auto read = read_manifests(
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: s\n  labels: {a: b}\n  annotations: {c/d: "
      "'3'}\n  creationTimestamp: 2024-05-01T14:00:00+02:00\nspec: {ports: [{port: 80}]}\n");
  ASSERT_EQ(read.resources.services.size(), 1u);
  const auto& meta = read.resources.services[0].meta;
  EXPECT_EQ(meta.key(), "default/s");
  EXPECT_THAT(meta.labels, ElementsAre(Pair("a", "b")));
  EXPECT_THAT(meta.annotations, ElementsAre(Pair("c/d", "3")));
  EXPECT_EQ(meta.creation_timestamp, "2024-05-01T12:00:00Z");
  EXPECT_EQ(at(meta.place), "m.yaml:4:3");
}

TEST(ManifestDecoding, TakesAnEmptyNamespaceForTheDefault) {
  const auto read = read_manifests(
      "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: a, namespace: "
      "''}\nspec: {}\n");
  ASSERT_EQ(read.resources.http_routes.size(), 1u);
  EXPECT_EQ(read.resources.http_routes[0].meta.namespace_, "default");
}

TEST(ManifestDecoding, GivesClusterScopedObjectsNoNamespace) {
  const auto read = read_manifests(
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: b}\n---\n"
      "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: {name: a}\n"
      "spec: {controllerName: example.com/gateway}\n");
  EXPECT_EQ(read.resources.namespaces.at(0).meta.namespace_, "");
  EXPECT_EQ(read.resources.gateway_classes.at(0).meta.namespace_, "");
  EXPECT_EQ(read.resources.gateway_classes[0].controller_name, "example.com/gateway");
}

TEST(ManifestDecoding, ReadsServices) {
  const auto read = read_manifests(
      "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n  clusterIP: None\n  selector: "
      "{app: x}\n  ports: [{name: a, port: 80, targetPort: http}, {name: b, port: 81, targetPort: "
      "8081, appProtocol: kubernetes.io/h2c}, {name: c, port: 82, protocol: UDP}]\n");
  ASSERT_EQ(read.resources.services.size(), 1u);
  const auto& service = read.resources.services[0];
  EXPECT_EQ(service.type, "ClusterIP");
  EXPECT_EQ(service.cluster_ip, "None");
  EXPECT_THAT(service.selector, ElementsAre(Pair("app", "x")));
  ASSERT_EQ(service.ports.size(), 3u);
  EXPECT_EQ(std::get<std::string>(service.ports[0].target_port), "http");
  EXPECT_EQ(service.ports[0].protocol, "TCP");
  EXPECT_EQ(std::get<int>(service.ports[1].target_port), 8081);
  EXPECT_EQ(service.ports[1].app_protocol, "kubernetes.io/h2c");
  EXPECT_EQ(std::get<int>(service.ports[2].target_port), 0);
}

TEST(ManifestDecoding, ChecksServicesAsTheApiServerDoes) {
  const auto of = [](const std::string& spec) {
    return rules("apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {" + spec + "}\n");
  };
  EXPECT_THAT(of("ports: []"), ElementsAre("service-ports"));
  EXPECT_THAT(of("clusterIP: None"), IsEmpty());
  EXPECT_THAT(of("ports: [{port: 80}, {name: a, port: 81}]"), ElementsAre("service-port-name"));
  EXPECT_THAT(of("ports: [{name: a, port: 80}, {name: a, port: 81}]"),
              ElementsAre("service-port-name"));
  EXPECT_THAT(of("ports: [{name: a, port: 80}, {name: b, port: 80}]"),
              ElementsAre("service-port-unique"));
  EXPECT_THAT(of("ports: [{name: a, port: 80}, {name: b, port: 80, protocol: UDP}]"), IsEmpty());
  EXPECT_THAT(of("ports: [{port: 80, targetPort: 70000}]"), ElementsAre("service-target-port"));
  EXPECT_THAT(of("ports: [{port: 80, targetPort: '8080'}]"), ElementsAre("service-target-port"));
  EXPECT_THAT(of("type: ExternalName"), ElementsAre("service-external-name"));
  EXPECT_THAT(of("type: ExternalName, externalName: a.b"), IsEmpty());
}

TEST(ManifestDecoding, ReadsGateways) {
  const auto read = read_manifests(
      "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g}\nspec:\n"
      "  gatewayClassName: c\n  listeners:\n"
      "  - {name: http, port: 80, protocol: HTTP}\n"
      "  - {name: https, port: 443, protocol: HTTPS, hostname: '*.a.b', tls: {certificateRefs: "
      "[{name: t}]}, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {x: "
      "'y'}, "
      "matchExpressions: [{key: k, operator: In, values: [v]}]}}, kinds: [{kind: GRPCRoute}]}}\n");
  EXPECT_THAT(messages(read.diagnostics), IsEmpty());
  ASSERT_EQ(read.resources.gateways.size(), 1u);
  const auto& listeners = read.resources.gateways[0].listeners;
  ASSERT_EQ(listeners.size(), 2u);
  EXPECT_EQ(listeners[0].allowed_routes.from, "Same");
  EXPECT_THAT(listeners[0].allowed_routes.kinds, IsEmpty());
  EXPECT_EQ(listeners[0].tls_mode, "");
  EXPECT_EQ(listeners[1].tls_mode, "Terminate");
  EXPECT_EQ(listeners[1].allowed_routes.from, "Selector");
  EXPECT_TRUE(listeners[1].allowed_routes.selector.matches({{"x", "y"}, {"k", "v"}}));
  EXPECT_EQ(listeners[1].allowed_routes.kinds.at(0).group, "gateway.networking.k8s.io");
  EXPECT_EQ(at(listeners[1].place), "m.yaml:8:5");
}

TEST(ManifestDecoding, ReadsReferenceGrants) {
  const auto read = read_manifests(
      "apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: {name: g}\n"
      "spec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: a}], to: "
      "[{group: '', kind: Service}, {group: '', kind: Service, name: s}]}\n");
  ASSERT_EQ(read.resources.reference_grants.size(), 1u);
  const auto& grant = read.resources.reference_grants[0];
  EXPECT_EQ(grant.from.at(0).namespace_, "a");
  EXPECT_EQ(grant.to.at(0).name, std::nullopt);
  EXPECT_EQ(grant.to.at(1).name, "s");
}

TEST(ManifestDecoding, ReadsGrpcRoutesAsPosts) {
  const auto read = read_manifests(
      "apiVersion: gateway.networking.k8s.io/v1\nkind: GRPCRoute\nmetadata: {name: g}\nspec:\n"
      "  rules:\n  - backendRefs: [{name: s, port: 80}]\n  - matches:\n"
      "    - method: {service: a.B, method: Get}\n    - method: {service: a.B}\n"
      "    - method: {method: Get}\n"
      "    - method: {type: RegularExpression, service: 'a|b', method: 'G.*'}\n");
  EXPECT_THAT(messages(read.diagnostics), IsEmpty());
  const auto& decoded = read.resources.http_routes.at(0);
  EXPECT_EQ(decoded.kind, "GRPCRoute");
  EXPECT_EQ(decoded.rules.at(0).matches.at(0).method, "POST");
  const auto& matches = decoded.rules.at(1).matches;
  ASSERT_EQ(matches.size(), 4u);
  EXPECT_EQ(matches[0].path.type, model::PathMatchType::exact);
  EXPECT_EQ(matches[0].path.value, "/a.B/Get");
  EXPECT_EQ(matches[1].path.type, model::PathMatchType::path_prefix);
  EXPECT_EQ(matches[1].path.value, "/a.B");
  EXPECT_EQ(matches[2].path.type, model::PathMatchType::regular_expression);
  EXPECT_EQ(matches[2].path.value, "/[^/]+/Get");
  EXPECT_EQ(matches[3].path.value, "/(?:a|b)/(?:G.*)");
}

}  // namespace
}  // namespace spillway::scenarios::manifests
