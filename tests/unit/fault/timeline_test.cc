#include "model/fault/timeline.h"

#include <gmock/gmock.h>

#include <cmath>

namespace spillway::model {
namespace {

using sim::operator""_ns;
using sim::operator""_s;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr sim::Time seconds(std::int64_t s) { return {s * 1'000'000'000}; }

Fault aimed_at(std::string service) {
  Fault fault;
  ServiceTarget target;
  target.service.name = std::move(service);
  fault.target = target;
  fault.action = AbortFault{};
  return fault;
}

Fault window(sim::Time at, std::optional<sim::Duration> length) {
  Fault fault = aimed_at("a");
  fault.when = FaultWindow{at, length};
  return fault;
}

Fault recurring(std::string service, sim::Duration between, sim::Duration repair) {
  Fault fault = aimed_at(std::move(service));
  fault.when = FaultEvery{between, repair};
  return fault;
}

std::vector<FaultEdge> of_fault(const std::vector<FaultEdge>& edges, std::uint32_t fault) {
  std::vector<FaultEdge> result;
  for (const FaultEdge& edge : edges) {
    if (edge.fault == fault) result.push_back({edge.at, 0, edge.starts});
  }
  return result;
}

TEST(FaultTimeline, GivesWindowsAsTheyStand) {
  EXPECT_THAT(fault_timeline({window(seconds(60), 30_s)}, 300_s, 1),
              ElementsAre(FaultEdge{seconds(60), 0, true}, FaultEdge{seconds(90), 0, false}));
}

TEST(FaultTimeline, GivesNoEndToAWindowWithoutLength) {
  EXPECT_THAT(fault_timeline({window(seconds(60), std::nullopt)}, 300_s, 1),
              ElementsAre(FaultEdge{seconds(60), 0, true}));
}

TEST(FaultTimeline, LeavesAnEmptyWindowOut) {
  EXPECT_THAT(fault_timeline({window(seconds(60), 0_s)}, 300_s, 1), IsEmpty());
}

TEST(FaultTimeline, KeepsAWindowThatReachesPastTheHorizon) {
  EXPECT_THAT(fault_timeline({window(seconds(60), 30_s)}, 70_s, 1),
              ElementsAre(FaultEdge{seconds(60), 0, true}, FaultEdge{seconds(90), 0, false}));
}

TEST(FaultTimeline, SortsOverlappingWindowsByTimeThenFault) {
  const std::vector<Fault> faults{window(seconds(20), 20_s), window(seconds(10), 10_s),
                                  window(seconds(10), 20_s)};
  EXPECT_THAT(fault_timeline(faults, 300_s, 1),
              ElementsAre(FaultEdge{seconds(10), 1, true}, FaultEdge{seconds(10), 2, true},
                          FaultEdge{seconds(20), 0, true}, FaultEdge{seconds(20), 1, false},
                          FaultEdge{seconds(30), 2, false}, FaultEdge{seconds(40), 0, false}));
}

TEST(FaultTimeline, AlternatesStartAndEndOfARecurringFaultInsideTheHorizon) {
  const auto edges = fault_timeline({recurring("a", 5_s, 1_s)}, 1000_s, 3);
  ASSERT_GT(edges.size(), 100u);
  ASSERT_EQ(edges.size() % 2, 0u);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    EXPECT_EQ(edges[i].starts, i % 2 == 0);
    EXPECT_LE(edges[i].at, seconds(1000));
    if (i == 0) continue;
    EXPECT_LT(edges[i - 1].at, edges[i].at);
  }
}

TEST(FaultTimeline, EndsARecurringFaultAtTheHorizon) {
  const auto edges = fault_timeline({recurring("a", 1_s, 1'000'000_s)}, 1000_s, 3);
  ASSERT_EQ(edges.size(), 2u);
  EXPECT_EQ(edges[1], (FaultEdge{seconds(1000), 0, false}));
}

TEST(FaultTimeline, DrawsTheMeansThatWereAskedFor) {
  const auto edges = fault_timeline({recurring("a", 10_s, 2_s)}, 1'200'000_s, 5);
  double between = 0;
  double repair = 0;
  sim::Time last{};
  for (const FaultEdge& edge : edges) {
    (edge.starts ? between : repair) += (edge.at - last).seconds();
    last = edge.at;
  }
  const double faults = static_cast<double>(edges.size()) / 2;
  EXPECT_NEAR(faults, 100'000, 1'500);
  // Four standard errors of the mean of 100,000 exponential times.
  EXPECT_NEAR(between / faults, 10, 4 * 10 / std::sqrt(faults));
  EXPECT_NEAR(repair / faults, 2, 4 * 2 / std::sqrt(faults));
}

TEST(FaultTimeline, IsTheSameForTheSameKeyAndAnotherForAnother) {
  const std::vector<Fault> faults{recurring("a", 10_s, 2_s)};
  EXPECT_EQ(fault_timeline(faults, 1000_s, 5), fault_timeline(faults, 1000_s, 5));
  EXPECT_NE(fault_timeline(faults, 1000_s, 5), fault_timeline(faults, 1000_s, 6));
}

TEST(FaultTimeline, MovesNoDrawWhenAnotherFaultIsAdded) {
  const auto alone = fault_timeline({recurring("a", 10_s, 2_s)}, 1000_s, 5);
  const auto together = fault_timeline(
      {window(seconds(1), 1_s), recurring("b", 10_s, 2_s), recurring("a", 10_s, 2_s)}, 1000_s, 5);
  EXPECT_EQ(of_fault(together, 2), alone);
  EXPECT_NE(of_fault(together, 1), alone);
}

TEST(FaultTimeline, DrawsEqualFaultsApart) {
  const Fault fault = recurring("a", 10_s, 2_s);
  const auto edges = fault_timeline({fault, fault}, 1000_s, 5);
  EXPECT_NE(of_fault(edges, 0), of_fault(edges, 1));
}

TEST(FaultTimeline, KeepsTheStartsOfAFaultWhenTheHorizonGrows) {
  const auto brief = fault_timeline({recurring("a", 10_s, 2_s)}, 100_s, 5);
  const auto longer = fault_timeline({recurring("a", 10_s, 2_s)}, 1000_s, 5);
  ASSERT_GT(brief.size(), 4u);
  EXPECT_TRUE(std::equal(brief.begin(), brief.end() - 1, longer.begin()));
}

TEST(LastFaultEnd, IsTheLatestEndBeforeTheHorizon) {
  const auto edges = fault_timeline({window(seconds(10), 20_s), window(seconds(5), 5_s)}, 100_s, 1);
  EXPECT_EQ(last_fault_end(edges, 100_s), seconds(30));
}

TEST(LastFaultEnd, IsNeverWithoutFaults) { EXPECT_EQ(last_fault_end({}, 100_s), sim::kNever); }

TEST(LastFaultEnd, IsNeverWhereAFaultOutlastsTheRun) {
  const auto edges =
      fault_timeline({window(seconds(10), 20_s), window(seconds(90), 20_s)}, 100_s, 1);
  EXPECT_EQ(last_fault_end(edges, 100_s), sim::kNever);
  EXPECT_EQ(last_fault_end(edges, 200_s), seconds(110));
}

TEST(LastFaultEnd, LooksNotBeyondTheHorizon) {
  const auto edges =
      fault_timeline({window(seconds(10), 20_s), window(seconds(150), 20_s)}, 200_s, 1);
  EXPECT_EQ(last_fault_end(edges, 100_s), seconds(30));
}

TEST(FirstFaultStart, IsTheEarliestStartOrNever) {
  const auto edges = fault_timeline({window(seconds(10), 20_s), window(seconds(5), 5_s)}, 100_s, 1);
  EXPECT_EQ(first_fault_start(edges), seconds(5));
  EXPECT_EQ(first_fault_start({}), sim::kNever);
}

}  // namespace
}  // namespace spillway::model
