#include "model/graph/graph.h"

#include <gmock/gmock.h>

#include <chrono>
#include <random>

#include "tests/unit/graph/scenario_builder.h"

namespace spillway::model {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(BuildGraph, NumbersServicesInOrderAndTrafficAfterThem) {
  Scenario s;
  s.services = {service("a", {call("b")}), service("b")};
  s.traffic = {traffic_to("a")};
  const ServiceGraph graph = build_graph(s);
  EXPECT_THAT(graph.names, ElementsAre("a.default", "b.default", "users"));
  EXPECT_EQ(graph.services, 2u);
  EXPECT_THAT(targets(graph.calls, 0), ElementsAre(1));
  EXPECT_THAT(targets(graph.calls, 1), IsEmpty());
  EXPECT_THAT(targets(graph.calls, 2), ElementsAre(0));
  EXPECT_EQ(graph.find_service("b.default"), 1u);
  EXPECT_EQ(graph.find_service("b"), kNoVertex);
}

TEST(BuildGraph, JoinsCallsToTheSameServiceAndAddsTheirProbabilities) {
  Scenario s;
  s.services = {service("a", {call("b", 0.5), parallel({call("b", 0.25), call("c")})}),
                service("b"), service("c")};
  const ServiceGraph graph = build_graph(s);
  EXPECT_THAT(targets(graph.calls, 0), ElementsAre(1, 2));
  EXPECT_THAT(targets(graph.operation_calls, 0), ElementsAre(1, 2));
  EXPECT_DOUBLE_EQ(graph.operation_calls.weights_of(0)[0], 0.75);
  EXPECT_DOUBLE_EQ(graph.operation_calls.weights_of(0)[1], 1);
}

TEST(BuildGraph, LeadsEachCallToTheOperationThatMatches) {
  Scenario s;
  Service b = service("b");
  b.operations = {operation("pay", {"POST", "/pay", {}}, {}), operation("rest", {}, {})};
  s.services = {service("a", {call("b"), call("b", 0.5, {"POST", "", "/pay", {}})}), b};
  const ServiceGraph graph = build_graph(s);
  EXPECT_THAT(graph.first_operation, ElementsAre(0, 1, 3));
  EXPECT_THAT(targets(graph.operation_calls, 0), ElementsAre(1, 2));
  EXPECT_DOUBLE_EQ(graph.operation_calls.weights_of(0)[0], 0.5);
  EXPECT_EQ(graph.service_of(0), 0u);
  EXPECT_EQ(graph.service_of(2), 1u);
}

TEST(BuildGraph, SplitsTrafficByTheWeightsOfItsRequests) {
  Scenario s;
  Service shop = service("shop");
  shop.operations = {operation("home", {"", "/home", {}}, {}),
                     operation("cart", {"", "/cart", {}}, {})};
  s.services = {shop};
  s.traffic = {traffic_to("shop")};
  s.traffic[0].requests = {{{"GET", "", "/home", {}}, 3}, {{"GET", "", "/cart", {}}, 1}};
  const ServiceGraph graph = build_graph(s);
  EXPECT_DOUBLE_EQ(graph.operation_calls.weights_of(2)[0], 0.75);
  EXPECT_DOUBLE_EQ(graph.operation_calls.weights_of(2)[1], 0.25);
  EXPECT_EQ(graph.service_of(2), 1u);
}

TEST(BuildGraph, MakesNoCallsFromAScriptedOperation) {
  Scenario s;
  s.services = {service("a", {call("b")}), service("b")};
  s.services[0].operations[0].script = {ScriptEntry{}};
  EXPECT_THAT(targets(build_graph(s).calls, 0), IsEmpty());
}

TEST(BuildGraph, LeavesOutCallsThatAreNeverMade) {
  Scenario s;
  s.services = {service("a", {call("b", 0)}), service("b")};
  EXPECT_THAT(targets(build_graph(s).calls, 0), IsEmpty());
}

TEST(BuildGraph, OrdersCallersBeforeCallees) {
  Scenario s;
  s.services = {service("c"), service("b", {call("c")}), service("a", {call("b"), call("c")})};
  s.traffic = {traffic_to("a")};
  const ServiceGraph graph = build_graph(s);
  EXPECT_THAT(graph.order, ElementsAre(3, 2, 1, 0));
  EXPECT_EQ(graph.longest_depth, 3u);
}

TEST(BuildGraph, MarksWhatTrafficReaches) {
  Scenario s;
  s.services = {service("a", {call("b")}), service("b"), service("alone", {call("b")})};
  s.traffic = {traffic_to("a")};
  EXPECT_EQ(build_graph(s).reached, (std::vector<bool>{true, true, false, true}));
}

TEST(BuildGraph, FollowsTheRoutingToBackendsOfADeclaredService) {
  Scenario s;
  s.services = {service("page", {call("reviews")}), service("reviews-v1"), service("reviews-v2")};
  s.traffic = {traffic_to("page")};
  Surroundings around;
  around.declared = {"reviews.default"};
  around.routing = [](const CallSite& site) -> std::vector<Destination> {
    const auto& target = *std::get<const ServiceRef*>(site.target);
    if (target.name != "reviews") return {{target.scope(), 1, site.request}};
    return {{"reviews-v1.default", 0.9, site.request}, {"reviews-v2.default", 0.1, site.request}};
  };
  const ServiceGraph graph = build_graph(s, around);
  EXPECT_THAT(graph.names, ElementsAre("page.default", "reviews-v1.default", "reviews-v2.default",
                                       "reviews.default", "users"));
  EXPECT_THAT(targets(graph.calls, 0), ElementsAre(1, 2, 3));
  EXPECT_DOUBLE_EQ(graph.operation_calls.weights_of(0)[0], 0.9);
  EXPECT_DOUBLE_EQ(graph.operation_calls.weights_of(0)[1], 0.1);
  EXPECT_DOUBLE_EQ(graph.operation_calls.weights_of(0)[2], 0);
}

TEST(BuildGraph, MatchesOperationsOnTheRequestAsTheBackendSeesIt) {
  Scenario s;
  Service b = service("b");
  b.operations = {operation("old", {"", "/v1", {}}, {}), operation("new", {"", "/v2", {}}, {})};
  s.services = {service("a", {call("b", 1, {"GET", "", "/v1", {}})}), b};
  Surroundings rewrite;
  rewrite.routing = [](const CallSite&) -> std::vector<Destination> {
    return {{"b.default", 1, {"GET", "", "/v2", {}}}};
  };
  EXPECT_THAT(targets(build_graph(s, rewrite).operation_calls, 0), ElementsAre(2));
}

TEST(BuildGraph, FindsACycleWithItsDepthBound) {
  Scenario s;
  s.services = {service("a", {call("b")}), service("b", {call("a", 0.05)})};
  const ServiceGraph graph = build_graph(s);
  ASSERT_EQ(graph.cycles.size(), 1u);
  EXPECT_THAT(graph.cycles[0].operations, ElementsAre(0, 1));
  // Four rounds, and the call that follows them for certain, have probability 6.25e-6.
  EXPECT_EQ(graph.cycles[0].depth_bound, 9u);
  EXPECT_EQ(graph.component[0], graph.component[1]);
  EXPECT_EQ(graph.longest_depth, std::nullopt);
}

TEST(BuildGraph, SeesNoCycleBetweenServicesWhoseOperationsMakeNone) {
  Scenario s;
  Service a = service("a");
  a.operations = {operation("start", {"", "/start", {}}, {call("b")}), operation("end", {}, {})};
  s.services = {a, service("b", {call("a", 1, {"GET", "", "/end", {}})})};
  const ServiceGraph graph = build_graph(s);
  EXPECT_THAT(graph.cycles, IsEmpty());
  EXPECT_EQ(graph.component[0], graph.component[1]);
  EXPECT_EQ(graph.longest_depth, 2u);
}

TEST(BuildGraph, GivesNoDepthBoundWhereCallsMultiply) {
  Scenario s;
  s.services = {service("a", {call("a", 0.6), call("a", 0.6)})};
  const ServiceGraph graph = build_graph(s);
  ASSERT_EQ(graph.cycles.size(), 1u);
  EXPECT_THAT(graph.cycles[0].operations, ElementsAre(0));
  EXPECT_EQ(graph.cycles[0].depth_bound, std::nullopt);
}

TEST(BuildGraph, GivesNoDepthBoundWhereOneHalfAndTwoAlternate) {
  Scenario s;
  s.services = {service("a", {call("b"), call("b")}), service("b", {call("a", 0.5)})};
  EXPECT_EQ(build_graph(s).cycles.at(0).depth_bound, std::nullopt);
}

TEST(BuildGraph, FindsTheShortestWayRoundATangle) {
  Scenario s;
  s.services = {service("a", {call("b", 0.1)}), service("b", {call("c", 0.1), call("a", 0.1)}),
                service("c", {call("a", 0.1)})};
  EXPECT_THAT(build_graph(s).cycles.at(0).operations, ElementsAre(0, 1));
}

/// Depth of the longest chain by plain recursion, for graphs in which callees have lower numbers.
std::uint32_t naive_depth(const Rows& rows, std::uint32_t vertex) {
  std::uint32_t deepest = 0;
  for (const std::uint32_t target : rows.of(vertex)) {
    deepest = std::max(deepest, 1 + naive_depth(rows, target));
  }
  return deepest;
}

TEST(BuildGraph, AgreesWithPlainRecursionOnRandomTrees) {
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    Scenario s;
    const auto count = static_cast<std::uint32_t>(1 + random() % 12);
    for (std::uint32_t i = 0; i < count; ++i) {
      std::vector<Step> steps;
      for (std::uint32_t j = 0; j < i; ++j) {
        if (random() % 3 == 0) steps.push_back(call(std::string("s") + std::to_string(j)));
      }
      s.services.push_back(service("s" + std::to_string(i), steps));
    }
    const ServiceGraph graph = build_graph(s);
    std::uint32_t deepest = 0;
    for (std::uint32_t v = 0; v < count; ++v)
      deepest = std::max(deepest, naive_depth(graph.calls, v));
    EXPECT_EQ(graph.longest_depth, deepest);
    std::vector<std::size_t> position(count);
    for (std::size_t i = 0; i < graph.order.size(); ++i) position[graph.order[i]] = i;
    for (std::uint32_t v = 0; v < count; ++v) {
      for (const std::uint32_t target : graph.calls.of(v)) EXPECT_LT(position[v], position[target]);
    }
  }
}

TEST(BuildGraph, HoldsTenThousandServicesWithThirtyThousandCalls) {
  std::mt19937 random(11);
  Scenario s;
  constexpr std::uint32_t kServices = 10'000;
  for (std::uint32_t i = 0; i < kServices; ++i) {
    std::vector<Step> steps;
    for (int k = 0; k < 3 && i > 0; ++k)
      steps.push_back(call(std::string("s") + std::to_string(random() % i)));
    s.services.push_back(service("s" + std::to_string(i), steps));
  }
  s.traffic = {traffic_to("s9999")};
  const auto start = std::chrono::steady_clock::now();
  const ServiceGraph graph = build_graph(s);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(graph.order.size(), kServices + 1);
  RecordProperty("milliseconds", std::to_string(took.count() * 1000));
  EXPECT_LT(took.count(), 10.0);  // far above what it takes: only a quadratic step could miss it
}

}  // namespace
}  // namespace spillway::model
