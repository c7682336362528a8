#include "model/profiles/istio/notes.h"

#include "tests/unit/profiles/istio_world.h"

namespace spillway::model::istio {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> rules(const World& world, Mode mode = Mode::sidecar) {
  std::vector<std::string> all;
  for (const Diagnostic& d : notes(world.plane, mode)) all.push_back(d.rule);
  return all;
}

std::vector<std::string> rules_of(const std::string& more, Mode mode = Mode::sidecar) {
  return rules(
      World(service("cart") + route("r", "[{backendRefs: [{name: cart, port: 80}]" + more + "}]")),
      mode);
}

TEST(IstioNotes, SayThatRetriesAreAdded) {
  EXPECT_THAT(rules_of(""), ElementsAre("istio-default-retries"));
}

TEST(IstioNotes, SayWhatBackendRequestMeans) {
  EXPECT_THAT(rules_of(", timeouts: {backendRequest: 1s}"), Contains("istio-backend-request"));
  EXPECT_THAT(rules_of(", timeouts: {backendRequest: 1s}, retry: {}"),
              ElementsAre("istio-try-timeout-not-retried"));
}

TEST(IstioNotes, SayThatBackoffIsNoMinimum) {
  EXPECT_THAT(rules_of(", retry: {backoff: 1s}"), ElementsAre("istio-backoff-jitter"));
}

TEST(IstioNotes, SayWhichCodesAreNeverRetried) {
  EXPECT_THAT(rules_of(", retry: {codes: [503, 520]}"), ElementsAre("istio-code-without-text"));
}

TEST(IstioNotes, RouteWithoutWaypointIsInertInAmbientOnly) {
  EXPECT_THAT(rules_of(", retry: {}", Mode::ambient), ElementsAre("istio-route-inert"));
  EXPECT_THAT(rules_of(", retry: {}", Mode::ambient_l4), ElementsAre("istio-route-inert"));
  EXPECT_THAT(rules_of(", retry: {}", Mode::sidecar), IsEmpty());
}

TEST(IstioNotes, TcpPortMakesARouteInert) {
  const World world(service("cart", "{name: tcp, port: 80}") +
                    route("r", "[{backendRefs: [{name: cart, port: 80}], retry: {}}]"));
  EXPECT_THAT(rules(world), ElementsAre("istio-route-inert"));
}

TEST(IstioNotes, HiddenExpressionIsReported) {
  const World world(service("cart") +
                    route("r",
                          "[{matches: [{path: {type: RegularExpression, value: '/x.*'}}], retry: "
                          "{}}, {backendRefs: [{name: cart, port: 80}], retry: {}}]"));
  EXPECT_THAT(rules(world), ElementsAre("istio-expression-hidden"));
}

TEST(IstioNotes, EjectionLimitIsReportedUnlessSet) {
  const auto of = [](const std::string& outlier) {
    return rules(World(
        service("cart") +
        destination_rule("{host: cart, trafficPolicy: {outlierDetection: " + outlier + "}}")));
  };
  EXPECT_THAT(of("{consecutive5xxErrors: 3}"), ElementsAre("istio-ejection-limit"));
  EXPECT_THAT(of("{maxEjectionPercent: 100}"), Not(Contains("istio-ejection-limit")));
}

TEST(IstioNotes, OtherProfilesLeaveIstiosKindsAside) {
  const auto resources = read(destination_rule("{host: cart}"));
  const Diagnostics found = unread(*resources);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].message,
            "DestinationRule shop/dr: has no effect: only Istio's profiles act on it");
}

}  // namespace
}  // namespace spillway::model::istio
