// What requests meet in the meshes: which proxies, whose policies, what each makes of failures.
#include "tests/unit/run/run_support.h"

namespace spillway::model::build {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// Latencies of 0: times are those of the policies and the services alone.
Spec in_mesh(const std::string& profile, Spec spec) {
  spec.scenario.mesh.profile = profile;
  for (const char* name : {"proxyLatency", "l4Latency", "networkLatency"})
    spec.scenario.mesh.options[name] = option(constant(0));
  return spec;
}

Spec scripted_once(const std::string& profile, std::vector<ScriptEntry> script) {
  return in_mesh(profile, sent_at({0}, {scripted("a", std::move(script))}));
}

KubeService kube_service(const std::string& name, std::map<std::string, std::string> selector) {
  KubeService result;
  result.meta.name = name;
  result.meta.namespace_ = "default";
  result.selector = std::move(selector);
  ServicePort port;
  port.name = "http";
  port.port = 80;
  result.ports.push_back(port);
  return result;
}

Gateway gateway(const std::string& name, const std::string& class_name) {
  Gateway result;
  result.meta.name = name;
  result.meta.namespace_ = "default";
  result.gateway_class_name = class_name;
  Listener listener;
  listener.name = "http";
  listener.port = 80;
  listener.protocol = "HTTP";
  result.listeners.push_back(listener);
  return result;
}

/// `a` behind Gateway `edge`, whose route has `rule`.
Spec behind_gateway(const std::string& profile, Service service, HttpRouteRule rule = {}) {
  Spec spec = in_mesh(profile, sent_at({0}, {std::move(service)}));
  spec.scenario.traffic[0].to = GatewayTarget{ref("edge"), "shop.example"};
  spec.resources.gateways.push_back(gateway("edge", "any"));
  spec.resources.http_routes.push_back(route("a", std::move(rule)));
  ParentReference& parent = spec.resources.http_routes[0].parent_refs[0];
  parent.group = "gateway.networking.k8s.io";
  parent.kind = "Gateway";
  parent.name = "edge";
  return spec;
}

/// "proxy/0: 200 x2" of the proxies of a request's first try, outermost first.
std::vector<std::string> proxies(Spec spec) {
  std::vector<std::string> list;
  const std::vector<RequestTrace> traces = trace(std::move(spec));
  const CallTrace* call = &traces.at(0).call;
  for (;;) {
    if (!call->proxy.empty())
      list.push_back(call->proxy + ": " + std::to_string(call->status) + " x" +
                     std::to_string(call->attempts.size()));
    if (call->attempts.empty() || call->attempts[0].leg.empty()) return list;
    call = &call->attempts[0].leg[0];
  }
}

TEST(Meshes, PlaceASidecarOnBothSides) {
  EXPECT_THAT(proxies(scripted_once("istio-sidecar", {status(200)})),
              ElementsAre("sidecar/users/0: 200 x1", "sidecar/a.default/0: 200 x1"));
}

TEST(Meshes, PlaceAWaypointBeforeTheServer) {
  EXPECT_THAT(proxies(scripted_once("istio-ambient", {status(200)})),
              ElementsAre("waypoint/waypoint.default/0: 200 x1"));
}

TEST(Meshes, PlaceNothingWhereOnlyZtunnelsAre) {
  EXPECT_THAT(proxies(scripted_once("istio-ambient-l4", {status(200)})), IsEmpty());
}

TEST(Meshes, PlaceNothingBetweenServicesUnderAGatewayOrAPlainCiliumPort) {
  EXPECT_THAT(proxies(scripted_once("kgateway", {status(200)})), IsEmpty());
  EXPECT_THAT(proxies(scripted_once("cilium", {status(200)})), IsEmpty());
  EXPECT_THAT(proxies(scripted_once("vpc-lattice", {status(200)})), IsEmpty());
}

TEST(Meshes, LetUnmeshedClientsPassTheWaypoint) {
  Spec spec = scripted_once("istio-ambient", {status(200)});
  spec.scenario.traffic[0].meshed = false;
  EXPECT_THAT(proxies(spec), IsEmpty());
}

TEST(Meshes, RetryRefusedConnectionsAtAWaypointByDefault) {
  EXPECT_THAT(proxies(scripted_once("istio-ambient", {refuse(), refuse(), status(200)})),
              ElementsAre("waypoint/waypoint.default/0: 200 x3"));
}

TEST(Meshes, HideARefusedConnectionBehindTheServersSidecar) {
  // The server's sidecar tries again what it has not sent, then makes a 503 of it, which the
  // client's does not retry by default.
  EXPECT_THAT(proxies(scripted_once("istio-sidecar", {refuse()})),
              ElementsAre("sidecar/users/0: 503 x1", "sidecar/a.default/0: 503 x3"));
}

TEST(Meshes, RetryNoStatusByDefault) {
  EXPECT_EQ(answer(scripted_once("istio-ambient", {status(503)})), "503 after 0 ms");
}

TEST(Meshes, RetryTheCodesOfARoute) {
  Spec spec = scripted_once("istio-ambient", {status(500), status(500), status(200)});
  spec.resources.http_routes.push_back(route("a", {}, retry(2, {500})));
  const auto call = trace(spec).at(0).call.attempts.at(0).leg.at(0);
  EXPECT_EQ(call.route, "default/a");
  EXPECT_EQ(call.attempts.size(), 3u);
  EXPECT_EQ(call.status, 200);
}

TEST(Meshes, TakeBackendRequestWithoutRetryAsTheWholeTimeoutUnderIstio) {
  Spec spec = scripted_once("istio-sidecar", {hang()});
  spec.resources.http_routes.push_back(route("a", timeouts(s(4), s(1))));
  EXPECT_EQ(answer(spec), "504 UT after 1000 ms");
}

TEST(Meshes, TakeTheSmallerTimeoutUnderCilium) {
  HttpRouteRule rule;
  rule.timeouts = timeouts(s(4), s(1));
  rule.retry = retry(3, {503});
  EXPECT_EQ(answer(behind_gateway("cilium", scripted("a", {hang()}), rule)),
            "504 UT after 1000 ms");
}

TEST(Meshes, EndAfterFifteenSecondsUnderKgatewayWithoutATimeout) {
  EXPECT_EQ(answer(behind_gateway("kgateway", scripted("a", {hang()}))), "504 UT after 15000 ms");
}

TEST(Meshes, NeitherRetryNorTimeOutUnderVpcLattice) {
  HttpRouteRule rule;
  rule.timeouts = timeouts(s(4), s(1));
  rule.retry = retry(3, {503});
  EXPECT_EQ(answer(behind_gateway("vpc-lattice", scripted("a", {status(503)}), rule)),
            "503 after 0 ms");
  EXPECT_EQ(answer(behind_gateway("vpc-lattice", scripted("a", {hang()}), rule)),
            "504 UT after 60000 ms");
}

TEST(Meshes, ServeGatewaysOfEveryClass) {
  for (const char* profile : {"istio-ambient", "istio-sidecar", "cilium", "kgateway"}) {
    Spec spec = behind_gateway(profile, service("a"));
    EXPECT_EQ(answer(spec), "200 after 0 ms") << profile;
    const auto mesh = compile(spec);
    EXPECT_THAT(assumptions(**mesh).front().name, "gatewayClass") << profile;
  }
}

TEST(Meshes, SayThatAGatewayIsMissing) {
  Spec spec = behind_gateway("cilium", service("a"));
  spec.resources.gateways.clear();
  const auto mesh = compile(spec);
  ASSERT_FALSE(mesh);
  EXPECT_EQ(mesh.diagnostics().back().message,
            "Gateway edge.default is not served under profile "
            "cilium");
}

TEST(Meshes, AnswerWhatNoRouteTakes) {
  HttpRouteRule rule;
  HttpRouteMatch match;
  match.path = {PathMatchType::exact, "/other"};
  rule.matches = {match};
  EXPECT_EQ(answer(behind_gateway("kgateway", service("a"), rule)), "404 NR after 0 ms");
}

TEST(Meshes, DoNotAssumeAWaypointWhereManifestsSpeakOfOne) {
  Spec spec = scripted_once("istio-ambient", {status(200)});
  spec.resources.services.push_back(kube_service("other", {}));
  spec.resources.services[0].meta.labels["istio.io/use-waypoint"] = "none";
  EXPECT_THAT(proxies(spec), IsEmpty());
}

TEST(Meshes, KeepBreakersOfTheirOwnInEverySidecar) {
  Spec spec = in_mesh("istio-sidecar", sent_at({0, 0}, {service("a", {work(constant(1))})}));
  spec.scenario.services[0].replicas = 16;  // whose own sidecars have the same limit
  istio::DestinationRule rule;
  rule.meta.name = "a";
  rule.meta.namespace_ = "default";
  rule.host = "a";
  rule.traffic_policy.emplace().connection_pool.emplace().http.emplace().http2_max_requests = 1;
  spec.resources.destination_rules.push_back(rule);
  EXPECT_THAT(latencies(spec), ElementsAre(1, 0));  // one pod: its second request overflows
  spec.scenario.traffic[0].instances = 2;
  EXPECT_THAT(latencies(spec), ElementsAre(1, 1));
}

TEST(Meshes, TryABudgetInPlaceOfTheirs) {
  Spec spec = scripted_once("istio-ambient", {status(503), status(200)});
  spec.resources.http_routes.push_back(route("a", {}, retry(2, {503})));
  EXPECT_EQ(trace(spec).at(0).status, 200);
  spec.scenario.mesh.options["budgetOverride"] = option(Budget(ConcurrencyBudget{0, 0, {}}));
  EXPECT_EQ(trace(spec).at(0).call.attempts.at(0).leg.at(0).retry_stopped, "budget");
}

TEST(Meshes, RefuseBudgetsThatTheirProxiesDoNotHave) {
  Spec spec = scripted_once("cilium", {status(200)});
  spec.scenario.mesh.options["budgetOverride"] = option(Budget(RatioBudget{}));
  const auto mesh = compile(spec);
  ASSERT_FALSE(mesh);
  EXPECT_EQ(mesh.diagnostics().back().message,
            "spec.mesh.options.budgetOverride: wrong value (expected {concurrency: ...}, the kind "
            "of budget that the proxies of cilium have)");
}

TEST(Meshes, LeadSubsetsToThePodsWithTheirLabels) {
  Spec spec = in_mesh("istio-sidecar",
                      sent_at({0}, {scripted("v1", {status(201)}), scripted("v2", {status(202)})}));
  spec.scenario.traffic[0].to = ref("a");
  spec.resources.services = {kube_service("a", {{"app", "a"}}),
                             kube_service("v1", {{"app", "a"}, {"version", "v1"}}),
                             kube_service("v2", {{"app", "a"}, {"version", "v2"}})};
  istio::DestinationRule rule;
  rule.meta.name = "a";
  rule.meta.namespace_ = "default";
  rule.host = "a";
  rule.subsets.push_back({"second", {{"version", "v2"}}, {}});
  spec.resources.destination_rules.push_back(rule);
  istio::VirtualService routes;
  routes.meta.name = "a";
  routes.meta.namespace_ = "default";
  routes.hosts = {"a"};
  istio::HttpRoute http;
  http.route.emplace_back();
  http.route[0].destination = {"a", "second", {}};
  routes.http.push_back(http);
  spec.resources.virtual_services.push_back(routes);
  EXPECT_EQ(answer(spec), "202 after 0 ms");
}

TEST(Meshes, NumberTheirProxiesInTheResults) {
  Spec spec = scripted_once("istio-ambient", {status(200)});
  spec.scenario.mesh.options["waypointReplicas"] = option(2.0);
  const auto mesh = compile(spec);
  std::vector<std::string> names;
  for (const Scope& scope : scopes(**mesh))
    if (scope.kind == ScopeKind::proxy) names.push_back(scope.name);
  EXPECT_THAT(names, ElementsAre("waypoint/waypoint.default/0", "waypoint/waypoint.default/1"));
}

Spec with_proxy_down(Spec spec, const std::string& proxy, double from, double length) {
  spec.scenario.faults.push_back(fault(ProxyTarget{proxy}, CrashFault{}, from, length));
  return spec;
}

TEST(ProxyFaults, RefuseAndResetWhileAProxyIsDown) {
  Spec spec = in_mesh("istio-ambient", sent_at({0, 2, 5}, {service("a", {work(constant(2))})}));
  spec = with_proxy_down(spec, "waypoint/waypoint.default", 1, 3);
  const auto traces = trace(spec);
  EXPECT_EQ(traces.at(0).call.attempts.at(0).outcome, "reset");
  EXPECT_EQ(traces.at(0).latency, s(1));
  EXPECT_EQ(traces.at(1).call.attempts.at(0).outcome, "refused");
  EXPECT_EQ(traces.at(2).status, 200);
}

TEST(ProxyFaults, StrikeOneInstance) {
  Spec spec = in_mesh("istio-sidecar", sent_at({0, 1, 2, 3}, {service("a")}));
  spec.scenario.traffic[0].instances = 2;
  spec = with_proxy_down(spec, "sidecar/users/1", 0, -1);
  std::vector<int> statuses;
  for (const RequestTrace& request : trace(spec)) statuses.push_back(request.status);
  EXPECT_THAT(statuses, ElementsAre(200, 503, 200, 503));
}

TEST(ProxyFaults, CutThePodsOfANodeOffWithItsZtunnel) {
  Spec spec = in_mesh("istio-ambient-l4", sent_at({0, 1, 2, 3}, {service("a")}));
  spec.scenario.traffic[0].instances = 4;
  spec.scenario.services[0].replicas = 1;
  spec.scenario.mesh.options["nodes"] = option(4.0);
  spec = with_proxy_down(spec, "ztunnel/2", 0, -1);
  std::vector<int> statuses;
  for (const RequestTrace& request : trace(spec)) statuses.push_back(request.status);
  EXPECT_THAT(statuses, ElementsAre(200, 200, 503, 200));
}

TEST(ProxyFaults, LeaveWaypointsOnNoNode) {
  Spec spec = in_mesh("istio-ambient", sent_at({0, 1, 2, 3}, {service("a")}));
  spec.scenario.traffic[0].instances = 4;
  spec.scenario.services[0].replicas = 1;  // on node 0
  spec.scenario.mesh.options["nodes"] = option(4.0);
  spec.scenario.mesh.options["waypointReplicas"] = option(2.0);
  spec = with_proxy_down(spec, "ztunnel/1", 0, -1);
  std::vector<int> statuses;
  for (const RequestTrace& request : trace(spec)) statuses.push_back(request.status);
  EXPECT_THAT(statuses, ElementsAre(200, 503, 200, 200));
}

TEST(ProxyFaults, NameTheProxiesThatCallsPass) {
  const auto mesh = compile(with_proxy_down(scripted_once("istio-ambient", {status(200)}),
                                            "waypoint/other.default", 0, -1));
  ASSERT_FALSE(mesh);
  EXPECT_EQ(mesh.diagnostics().back().message,
            "fault on proxy waypoint/other.default, which no call of this scenario passes");
  EXPECT_EQ(mesh.diagnostics().back().hint, "they pass waypoint/waypoint.default/0");
}

TEST(ProxyFaults, NeedAMeshThatHasZtunnels) {
  const auto mesh =
      compile(with_proxy_down(scripted_once("cilium", {status(200)}), "ztunnel", 0, -1));
  ASSERT_FALSE(mesh);
  EXPECT_EQ(mesh.diagnostics().back().message, "profile cilium has no ztunnel");
}

}  // namespace
}  // namespace spillway::model::build
