#include "model/profiles/upgrade.h"

#include "model/profiles/envoy_fields.h"
#include "tests/unit/profiles/istio_world.h"

namespace spillway::model {
namespace {

using istio::destination_rule;
using istio::read;
using istio::route;
using istio::service;
using testing::ElementsAre;
using testing::IsEmpty;
using Change = UpgradeReport::Change;

const std::string kHttp = service("cart", "{name: http, port: 80, appProtocol: http}");

std::string rule_with(const std::string& more) {
  return route("r", "[{backendRefs: [{name: cart, port: 80}]" + more + "}]");
}

UpgradeReport upgrade(const std::string& manifests, const std::string& profile,
                      const std::string& range, const std::string& option = "") {
  MeshSpec mesh;
  mesh.profile = profile;
  if (!option.empty()) mesh.options[option] = {true, {}};
  auto versions = parse_upgrade(profile, range);
  EXPECT_TRUE(versions);
  return compare_versions(*read(manifests), mesh, *versions);
}

/// "object: field: before -> after".
std::vector<std::string> lines(const UpgradeReport& report) {
  std::vector<std::string> all;
  for (const Change& c : report.changes)
    all.push_back(c.object + ": " + c.field + ": " + c.before + " -> " + c.after);
  return all;
}

std::string refusal(const std::string& profile, const std::string& range) {
  const auto versions = parse_upgrade(profile, range);
  return versions ? "" : to_text(versions.diagnostics().at(0));
}

TEST(ParseUpgrade, TakesTwoKnownVersions) {
  const auto range = parse_upgrade("cilium", "1.19..1.20");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->from, "1.19");
  EXPECT_EQ(range->to, "1.20");
}

TEST(ParseUpgrade, ListsTheKnownVersions) {
  EXPECT_EQ(refusal("cilium", "1.16..1.20"),
            "error: unknown version of profile cilium (got \"1.16\", expected one of 1.17, 1.18, "
            "1.19, 1.20, 1.21-dev) [unknown-version]");
  EXPECT_EQ(refusal("istio-ambient", "1.30"),
            "error: no range of versions (got \"1.30\", expected FROM..TO with versions of "
            "istio-ambient: 1.30, 1.31) [upgrade-range]");
  EXPECT_EQ(refusal("istio-ambient", "1.30.."),
            "error: no range of versions (got \"1.30..\", expected FROM..TO with versions of "
            "istio-ambient: 1.30, 1.31) [upgrade-range]");
  EXPECT_EQ(refusal("kgateway", "2.4..2.4"),
            "error: no upgrade: both versions are 2.4 (known are 2.3, 2.4, 2.5-dev) "
            "[upgrade-range]");
}

TEST(ParseUpgrade, RefusesProfilesWithoutVersions) {
  EXPECT_EQ(refusal("gateway-api", "1..2"),
            "error: profile gateway-api has no versions to upgrade between [no-versions]");
}

TEST(Upgrade, RetriesOfCiliumBeginToAct) {
  const UpgradeReport report =
      upgrade(kHttp + rule_with(", retry: {attempts: 2}"), "cilium", "1.19..1.20");
  ASSERT_THAT(lines(report),
              ElementsAre("HTTPRoute shop/r rule 0: retry_policy.retry_on: \"\" -> "
                          "retriable-status-codes,connect-failure,reset,refused-stream"));
  const Change& change = report.changes[0];
  EXPECT_EQ(change.place.text(), "m.yaml:12:51");
  EXPECT_THAT(change.proxies, ElementsAre("node's Envoy for shop/cart"));
  EXPECT_EQ(change.why,
            "since 1.20 the retry policy says what to retry; before, it had no retry_on and "
            "nothing was retried");
  EXPECT_EQ(change.source, "cilium/cilium #46433, e3de836c");
  EXPECT_EQ(to_string(change.evidence), "read in source");
}

TEST(Upgrade, IstioTurnsPanicOff) {
  const UpgradeReport report =
      upgrade(kHttp + rule_with(", retry: {}"), "istio-ambient", "1.30..1.31");
  EXPECT_THAT(lines(report),
              ElementsAre("Service shop/cart: healthy_panic_threshold: unset (50 %) -> 0 %"));
  EXPECT_EQ(report.changes[0].place.text(), "m.yaml:4:12");
}

TEST(Upgrade, IstiosBudgetsGetTheirInterval) {
  const std::string rule = destination_rule(
      "{host: cart, trafficPolicy: {outlierDetection: {interval: 5s}, retryBudget: {percent: 20, "
      "budgetInterval: 10s}}}");
  const UpgradeReport report =
      upgrade(kHttp + rule_with(", retry: {}") + rule, "istio-ambient", "1.30..1.31");
  EXPECT_THAT(lines(report),
              ElementsAre("Service shop/cart: circuit_breakers.retry_budget.budget_interval: unset "
                          "-> 10s"));
  EXPECT_EQ(report.changes[0].source, "istio/istio c3a9d27");
}

TEST(Upgrade, WaypointsChangeTheirDefaultRetries) {
  const UpgradeReport report = upgrade(kHttp, "istio-ambient", "1.30..1.31");
  EXPECT_THAT(lines(report),
              testing::Contains("Service shop/cart without route: retry_policy.retry_on: "
                                "reset-before-request -> connect-failure,refused-stream,"
                                "unavailable,cancelled,retriable-status-codes"));
}

TEST(Upgrade, KgatewayBeginsToRetryResets) {
  const std::string edge = R"(---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec: {parentRefs: [{name: edge}], rules: [{backendRefs: [{name: cart, port: 80}], timeouts: {request: 2s}, retry: {}}]}
)";
  const UpgradeReport report = upgrade(kHttp + edge, "kgateway", "2.3..2.4");
  const auto found = std::ranges::find(report.changes, "retry_policy.retry_on", &Change::field);
  ASSERT_NE(found, report.changes.end());
  EXPECT_EQ(found->why, "since 2.4 broken connections and expired tries are retried");
  EXPECT_EQ(to_string(found->evidence), "recorded");
}

TEST(Upgrade, GoesBackwardsToo) {
  EXPECT_THAT(lines(upgrade(kHttp + rule_with(", retry: {}"), "istio-sidecar", "1.31..1.30")),
              ElementsAre("Service shop/cart: healthy_panic_threshold: 0 % -> unset (50 %)"));
}

TEST(Upgrade, TellsOfConditions) {
  const std::string wrong_port = route("r", "[{backendRefs: [{name: cart, port: 81}]}]");
  EXPECT_THAT(lines(upgrade(kHttp + wrong_port, "cilium", "1.20..1.21-dev")),
              ElementsAre("HTTPRoute shop/r: ResolvedRefs at Service shop/cart: True "
                          "(ResolvedRefs) -> False (BackendNotFound)"));
}

TEST(Upgrade, SaysNothingWhereNothingChanges) {
  EXPECT_THAT(lines(upgrade(kHttp + rule_with(""), "cilium", "1.17..1.19")), IsEmpty());
}

TEST(Upgrade, GivesEveryChangeAReason) {
  for (const char* range : {"1.30..1.31", "1.31..1.30"})
    for (const Change& change :
         upgrade(kHttp + rule_with("") +
                     destination_rule("{host: cart, trafficPolicy: "
                                      "{retryBudget: {budgetInterval: 1s}}}"),
                 "istio-sidecar", range)
             .changes)
      EXPECT_NE(change.why, "") << change.field;
}

TEST(Upgrade, BecomesDiagnostics) {
  const Diagnostics found =
      to_diagnostics(upgrade(kHttp + rule_with(", retry: {}"), "istio-ambient", "1.30..1.31"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(to_text(found[0]),
            "m.yaml:4:12: warning: istio-ambient 1.30 to 1.31: Service shop/cart: "
            "healthy_panic_threshold is 0 %, was unset (50 %) [upgrade-healthy-panic-threshold]\n"
            "    hint: since 1.31 unready endpoints are sent as unhealthy ones, and no cluster "
            "falls back to all of its endpoints when most are out "
            "(PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS, istio/istio a7c9ae0; read in source)");
}

TEST(EnvoyFields, LeaveUnsetFieldsOut) {
  envoy::Cluster cluster;
  EXPECT_EQ(fields_of(cluster), (EnvoyFields{{"lb_policy", "ROUND_ROBIN"}}));
  cluster.circuit_breakers.emplace().max_requests = 4294967295U;
  EXPECT_EQ(fields_of(cluster).at("circuit_breakers.max_requests"), "unlimited");
}

}  // namespace
}  // namespace spillway::model
