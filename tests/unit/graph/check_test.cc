#include <gmock/gmock.h>

#include "tests/unit/graph/scenario_builder.h"

namespace spillway::model {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> texts(const Diagnostics& diagnostics) {
  std::vector<std::string> result;
  for (const Diagnostic& each : diagnostics) result.push_back(to_text(each));
  return result;
}

Step at(Step step, int line) {
  step.place = at_line(line);
  return step;
}

TEST(CheckGraph, FindsNothingInAHealthyScenario) {
  Scenario s;
  s.services = {service("a", {call("b")}), service("b")};
  s.traffic = {traffic_to("a")};
  EXPECT_THAT(texts(check_graph(s)), IsEmpty());
}

TEST(CheckGraph, NamesAnUnknownTargetAndWhatWasProbablyMeant) {
  Scenario s;
  s.services = {service("a", {at(call("ledgre"), 9)}), service("ledger")};
  s.traffic = {traffic_to("a")};
  EXPECT_THAT(texts(check_graph(s)),
              ElementsAre("scenario.yaml:9:1: error: unknown service (got \"ledgre.default\", "
                          "expected a service of the scenario or of a Service manifest) "
                          "[unknown-service]\n    hint: did you mean \"ledger.default\"?"));
}

TEST(CheckGraph, PrefersTheSameNameInAnotherNamespace) {
  Scenario s;
  s.services = {service("a", {at(call("cart"), 9)}), service("card"), service("cart")};
  s.services[2].namespace_ = "production";
  s.traffic = {traffic_to("a")};
  const Diagnostics found = check_graph(s);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].hint, "did you mean \"cart.production\"?");
}

TEST(CheckGraph, SuggestsNothingThatIsFarAway) {
  Scenario s;
  s.services = {service("a", {call("recommendation")})};
  s.traffic = {traffic_to("a")};
  const Diagnostics found = check_graph(s);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].hint, "");
}

TEST(CheckGraph, KnowsServicesThatOnlyManifestsDeclare) {
  Scenario s;
  s.services = {service("a", {call("b")})};
  s.traffic = {traffic_to("a")};
  Surroundings around;
  around.declared = {"b.default"};
  EXPECT_THAT(texts(check_graph(s, around)), IsEmpty());
}

TEST(CheckGraph, WarnsOfAServiceThatNoTrafficReaches) {
  Scenario s;
  s.services = {service("a"), service("b")};
  s.services[1].place = at_line(20);
  s.traffic = {traffic_to("a")};
  EXPECT_THAT(texts(check_graph(s)),
              ElementsAre("scenario.yaml:20:1: warning: no traffic reaches b.default "
                          "[unreached-service]"));
}

TEST(CheckGraph, SaysNothingOfReachWhereAGatewayLeadsSomewhereUnknown) {
  Scenario s;
  s.services = {service("a")};
  s.traffic = {traffic_to("a")};
  s.traffic[0].to = GatewayTarget{ref("edge"), "shop.example.com"};
  EXPECT_THAT(texts(check_graph(s)), IsEmpty());
}

TEST(CheckGraph, WarnsOfACallThatNoOperationAnswers) {
  Scenario s;
  Service b = service("b");
  b.operations[0].match.path = "/pay";
  s.services = {service("a", {at(call("b", 1, {"POST", "", "/refund", {}}), 7)}), b};
  s.traffic = {traffic_to("a")};
  EXPECT_THAT(texts(check_graph(s)),
              ElementsAre("scenario.yaml:7:1: warning: no operation of b.default answers POST "
                          "/refund: it replies 404 [no-operation]"));
}

TEST(CheckGraph, RefusesCallsThatGoInACircleWithoutEnd) {
  Scenario s;
  s.services = {service("a", {at(call("b"), 5)}), service("b", {at(call("a"), 8)})};
  s.traffic = {traffic_to("a")};
  EXPECT_THAT(
      texts(check_graph(s)),
      ElementsAre("scenario.yaml:5:1: error: calls go in a circle without end: a.default "
                  "-> b.default -> a.default [endless-call-cycle]\n    hint: give a call of the "
                  "circle a probability that makes the calls die out"));
}

TEST(CheckGraph, WarnsOfACircleThatDiesOut) {
  Scenario s;
  s.services = {service("a", {at(call("a", 0.05), 5)})};
  s.traffic = {traffic_to("a")};
  EXPECT_THAT(texts(check_graph(s)),
              ElementsAre("scenario.yaml:5:1: warning: calls go in a circle: a.default -> "
                          "a.default; less than one request in a million goes deeper than 4 calls "
                          "[call-cycle]"));
}

TEST(CheckGraph, NamesTheOperationsOfACircle) {
  Scenario s;
  Service a = service("a");
  a.operations = {operation("pay", {"", "/pay", {}}, {at(call("b"), 5)}),
                  operation("rest", {}, {})};
  s.services = {a, service("b", {call("a", 1, {"GET", "", "/pay", {}})})};
  s.traffic = {traffic_to("b")};
  const Diagnostics found = check_graph(s);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].message,
            "calls go in a circle without end: a.default/pay -> b.default -> a.default/pay");
}

}  // namespace
}  // namespace spillway::model
