#include "model/profiles/portability.h"

#include <map>

#include "model/profiles/profile.h"
#include "tests/unit/profiles/istio_world.h"

namespace spillway::model {
namespace {

using istio::destination_rule;
using istio::read;
using istio::route;
using istio::service;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kHttp = service("cart", "{name: http, port: 80, appProtocol: http}");

std::string rule_with(const std::string& more) {
  return route("r", "[{backendRefs: [{name: cart, port: 80}]" + more + "}]");
}

std::string edge_rule(const std::string& rules) {
  return R"(---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec: {parentRefs: [{name: edge}], rules: )" +
         rules + "}\n";
}

/// The cells of a row by profile.
std::map<std::string, std::string> row(const std::string& manifests, const std::string& aspect) {
  const Portability table = portability(*read(manifests));
  std::map<std::string, std::string> cells;
  for (const Portability::Row& each : table.rows)
    if (each.aspect == aspect && cells.empty())
      for (std::size_t i = 0; i < each.cells.size(); ++i)
        cells[table.columns[i].profile] = each.cells[i];
  return cells;
}

using Cells = std::map<std::string, std::string>;

TEST(Portability, HasAColumnForEveryProfile) {
  const Portability table = portability(*read(kHttp));
  ASSERT_EQ(table.columns.size(), profiles().size());
  EXPECT_EQ(table.columns[0].profile, "gateway-api");
  EXPECT_EQ(table.columns[0].version, "");
  EXPECT_EQ(table.columns[1].profile, "istio-ambient");
  EXPECT_EQ(table.columns[1].version, "1.31");
}

TEST(Portability, TellsWhereARuleRuns) {
  EXPECT_EQ(row(kHttp + rule_with(""), "runs in"),
            (Cells{{"gateway-api", "client's proxy"},
                   {"istio-ambient", "waypoint, shared"},
                   {"istio-ambient-l4", "nowhere: no L7 proxy"},
                   {"istio-sidecar", "client's sidecar"},
                   {"cilium", "client's node, shared"},
                   {"linkerd", "client's proxy"},
                   {"kgateway", "nowhere: needs a Gateway"},
                   {"vpc-lattice", "nowhere: needs a Gateway"}}));
}

TEST(Portability, TellsWhatBackendRequestWithoutRetryBecomes) {
  const Cells cells = row(kHttp + rule_with(", timeouts: {request: 2s, backendRequest: 500ms}"),
                          "timeouts.backendRequest: 500ms");
  EXPECT_EQ(cells.at("gateway-api"), "504 after 500ms, not retried");
  EXPECT_EQ(cells.at("istio-ambient"), "504 after 500ms, over all tries");
  EXPECT_EQ(cells.at("cilium"), "504 after 500ms, over all tries");
  EXPECT_EQ(cells.at("linkerd"), "ignored");
}

TEST(Portability, TellsWhatBackendRequestWithRetryBecomes) {
  const std::string manifests = kHttp + rule_with(
                                            ", timeouts: {request: 2s, backendRequest: 500ms}, "
                                            "retry: {attempts: 2}");
  const Cells cells = row(manifests, "timeouts.backendRequest: 500ms");
  EXPECT_EQ(cells.at("gateway-api"), "retried after 500ms");
  EXPECT_EQ(cells.at("istio-sidecar"), "504 after 500ms, not retried");
  EXPECT_EQ(cells.at("cilium"), "504 after 500ms, over all tries");
  EXPECT_EQ(row(manifests, "timeouts.request: 2s").at("cilium"), "504 after 500ms");
}

TEST(Portability, TellsThatExpiredTriesAreRetriedByKgateway) {
  const Cells cells =
      row(kHttp + edge_rule("[{backendRefs: [{name: cart, port: 80}], timeouts: {request: 2s, "
                            "backendRequest: 500ms}, retry: {attempts: 2}}]"),
          "timeouts.backendRequest: 500ms");
  EXPECT_EQ(cells.at("kgateway"), "retried after 500ms");
  EXPECT_EQ(cells.at("istio-ambient-l4"), "504 after 500ms, not retried");
}

TEST(Portability, TellsTheDefaultTimeouts) {
  const Cells cells =
      row(kHttp + edge_rule("[{backendRefs: [{name: cart, port: 80}]}]"), "no timeouts.request");
  EXPECT_EQ(cells.at("gateway-api"), "none");
  EXPECT_EQ(cells.at("istio-sidecar"), "none");
  EXPECT_EQ(cells.at("cilium"), "none");
  EXPECT_EQ(cells.at("kgateway"), "504 after 15s");
  EXPECT_EQ(cells.at("vpc-lattice"), "1m idle");
}

TEST(Portability, TellsTheRetriesThatNobodyAskedFor) {
  const Cells cells = row(kHttp + rule_with(""), "no retry");
  EXPECT_EQ(cells.at("gateway-api"), "no retries");
  EXPECT_EQ(cells.at("istio-sidecar"), "2 retries: refused, gRPC unavailable");
  EXPECT_EQ(cells.at("istio-ambient-l4"), "no retries");
  EXPECT_EQ(cells.at("cilium"), "no retries");
  EXPECT_EQ(cells.at("linkerd"), "no retries");
}

TEST(Portability, TellsHowManyRetriesAStanzaWithoutAttemptsMeans) {
  const Cells cells = row(kHttp + rule_with(", retry: {}"), "retry, no attempts");
  EXPECT_EQ(cells.at("istio-ambient"), "2 retries");
  EXPECT_EQ(cells.at("cilium"), "1 retry");
  EXPECT_EQ(cells.at("linkerd"), "ignored");
}

TEST(Portability, TellsWhichCodesAreRetried) {
  const Cells cells =
      row(kHttp + rule_with(", retry: {codes: [503, 520]}"), "retry.codes: 503, 520");
  EXPECT_EQ(cells.at("gateway-api"), "retried");
  EXPECT_EQ(cells.at("istio-sidecar"), "only 503");
  EXPECT_EQ(cells.at("cilium"), "retried");
}

TEST(Portability, TellsWhatABackoffBecomes) {
  const Cells cells = row(kHttp + rule_with(", retry: {backoff: 100ms}"), "retry.backoff: 100ms");
  EXPECT_EQ(cells.at("gateway-api"), "at least 100ms");
  EXPECT_EQ(cells.at("istio-sidecar"), "0 to 100ms, doubling to 1s");
  EXPECT_EQ(cells.at("cilium"), "0 to 100ms, doubling to 200ms");
  EXPECT_EQ(cells.at("linkerd"), "ignored");
}

TEST(Portability, TellsWhereSharesGo) {
  const std::string weights = route(
      "r",
      "[{backendRefs: [{name: cart, port: 80, weight: 1}, {name: none, port: 80, weight: 3}]}]");
  const Cells cells = row(kHttp + weights, "weights: cart 1, none 3");
  EXPECT_EQ(cells.at("gateway-api"), "cart 25 %, 500 75 %");
  EXPECT_EQ(cells.at("istio-sidecar"), "as written");
  EXPECT_EQ(cells.at("cilium"), "cart");
}

TEST(Portability, TellsWhatBecomesOfASingleBackendOfWeightZero) {
  const std::string weights = edge_rule("[{backendRefs: [{name: cart, port: 80, weight: 0}]}]");
  const Cells cells = row(kHttp + weights, "weights: cart 0");
  EXPECT_EQ(cells.at("istio-ambient"), "500");
  EXPECT_EQ(cells.at("cilium"), "cart");
  EXPECT_EQ(cells.at("kgateway"), "cart");
}

TEST(Portability, TellsWhoMirrors) {
  const Cells cells =
      row(kHttp + rule_with(", filters: [{type: RequestMirror, requestMirror: {backendRef: {name: "
                            "cart, port: 80}, fraction: {numerator: 1, denominator: 3}}}]"),
          "RequestMirror");
  EXPECT_EQ(cells.at("istio-sidecar").substr(0, 5), "33.33");
  EXPECT_EQ(cells.at("cilium"), "33 %");
  EXPECT_EQ(cells.at("linkerd"), "ignored");
  EXPECT_EQ(cells.at("vpc-lattice"), "ignored");
}

TEST(Portability, TellsTheLimitsOfServices) {
  const std::string manifests = kHttp + rule_with("");
  EXPECT_EQ(row(manifests, "failing endpoint is ejected").at("cilium"),
            "after 5 5xx, for 30s, at most 10 %");
  EXPECT_EQ(row(manifests, "failing endpoint is ejected").at("istio-sidecar"), "never");
  EXPECT_EQ(row(manifests, "connections / waiting / requests").at("cilium"), "1024 / 1024 / 1024");
  EXPECT_EQ(row(manifests, "retry budget").at("cilium"), "128 at once");
  EXPECT_EQ(row(manifests, "load balancing").at("istio-ambient"), "least busy of 2");
  EXPECT_EQ(row(manifests, "no ready endpoint").at("linkerd"), "504 after 3s");
}

TEST(Portability, TellsWhatABudgetBecomes) {
  const std::string budget = R"(---
apiVersion: gateway.networking.x-k8s.io/v1alpha1
kind: XBackendTrafficPolicy
metadata: {name: budget, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: cart}]
  retryConstraint: {budget: {percent: 20, interval: 10s}, minRetryRate: {count: 7, interval: 1s}}
)";
  const std::string manifests = kHttp + rule_with("") + budget;
  EXPECT_EQ(row(manifests, "budget: 20 % over 10s").at("gateway-api"),
            "20 % of the requests of 10s");
  EXPECT_EQ(row(manifests, "budget: 20 % over 10s").at("istio-ambient"),
            "with alpha APIs, at once: 20 % of the requests of 10s");
  EXPECT_EQ(row(manifests, "budget: 20 % over 10s").at("kgateway"), "ignored");
  EXPECT_EQ(row(manifests, "minRetryRate: 7 per 1s").at("istio-sidecar"),
            "with alpha APIs, 7 at once");
}

TEST(Portability, TellsWhoActsOnAPolicyOfOneImplementation) {
  const Cells cells =
      row(kHttp + rule_with("") +
              destination_rule("{host: cart, trafficPolicy: {outlierDetection: {interval: 5s}}}"),
          "policy of connections");
  EXPECT_EQ(cells.at("istio-sidecar"), "acts");
  EXPECT_EQ(cells.at("istio-ambient"), "acts");
  EXPECT_EQ(cells.at("istio-ambient-l4"), "ignored");
  EXPECT_EQ(cells.at("cilium"), "ignored");
}

TEST(Portability, TellsWhatAVirtualServiceBecomes) {
  const std::string manifests =
      kHttp + istio::virtual_service(
                  "[{route: [{destination: {host: cart}}], timeout: 3s, retries: {attempts: 4, "
                  "perTryTimeout: 1s, retryOn: '5xx'}, fault: {abort: {httpStatus: 503, "
                  "percentage: {value: 10}}}}]");
  EXPECT_EQ(row(manifests, "runs in").at("istio-sidecar"), "client's sidecar");
  EXPECT_EQ(row(manifests, "runs in").at("istio-ambient-l4"), "nowhere: no L7 proxy");
  EXPECT_EQ(row(manifests, "runs in").at("cilium"), "nowhere: not read");
  EXPECT_EQ(row(manifests, "timeout: 3s").at("istio-ambient"), "504 after 3s");
  EXPECT_EQ(row(manifests, "retries.attempts: 4").at("istio-sidecar"), "4 retries");
  EXPECT_EQ(row(manifests, "retries.perTryTimeout: 1s").at("istio-sidecar"), "retried after 1s");
  EXPECT_EQ(row(manifests, "fault").at("istio-sidecar"), "acts");
  EXPECT_EQ(row(manifests, "fault").at("linkerd"), "ignored");
}

TEST(Portability, TellsWhatIsRetriedBesideAnswers) {
  const std::string manifests = kHttp + rule_with(", retry: {attempts: 2}");
  const Cells resets = row(manifests, "connection reset");
  EXPECT_EQ(resets.at("gateway-api"), "retried");
  EXPECT_EQ(resets.at("istio-sidecar"), "not retried");
  EXPECT_EQ(resets.at("cilium"), "retried");
  EXPECT_EQ(resets.at("linkerd"), "not retried");
  EXPECT_EQ(row(manifests, "retries go to").at("istio-ambient"), "another, 5 re-picks");
  EXPECT_EQ(row(manifests, "body that is repeated").at("cilium"), "buffer limit");
}

TEST(Portability, PlacesRowsAtTheirFields) {
  const Portability table = portability(*read(kHttp + rule_with(", timeouts: {request: 2s}")));
  const auto found =
      std::ranges::find(table.rows, "timeouts.request: 2s", &Portability::Row::aspect);
  ASSERT_NE(found, table.rows.end());
  EXPECT_EQ(found->object, "HTTPRoute shop/r rule 0");
  EXPECT_EQ(found->place.text(), "m.yaml:12:62");
}

TEST(Portability, NamesWhatItAssumed) {
  const Portability table = portability(*read(rule_with("")));
  ASSERT_EQ(table.assumptions.size(), 2U);
  EXPECT_EQ(table.assumptions[0].name, "services");
  EXPECT_EQ(table.assumptions[0].value, "shop/cart");
  EXPECT_EQ(table.assumptions[1].name, "waypoint");
}

TEST(ReviewAllProfiles, NamesTheProfilesOfAFinding) {
  std::vector<std::string> messages;
  for (const Diagnostic& d :
       review_all_profiles(*read(kHttp + rule_with(", timeouts: {backendRequest: 1s}"))))
    messages.push_back(d.message);
  EXPECT_THAT(messages,
              Contains("istio-ambient, istio-sidecar: HTTPRoute shop/r: rule 0: backendRequest "
                       "without retry limits the whole request, retries that Istio adds "
                       "included"));
}

}  // namespace
}  // namespace spillway::model
