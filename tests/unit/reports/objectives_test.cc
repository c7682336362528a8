#include "reports/objectives.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/unit/reports/experiment_builder.h"

namespace spillway::reports {
namespace {

using model::Objective;
using model::Scope;
using model::ScopeKind;
using testing::ElementsAre;
using Op = Objective::Op;

Verdict verdict(Op op, double limit, const std::vector<std::uint64_t>& successes = {90, 92, 94}) {
  return evaluate(objective("success_rate", op, limit), experiment(successes)).verdict;
}

TEST(Objective, PassesWhenTheWholeIntervalKeepsTheLimit) {
  EXPECT_EQ(verdict(Op::greater_equal, 0.8), Verdict::pass);
  EXPECT_EQ(verdict(Op::less, 0.99), Verdict::pass);
}

TEST(Objective, FailsWhenTheWholeIntervalMissesTheLimit) {
  EXPECT_EQ(verdict(Op::greater_equal, 0.99), Verdict::fail);
  EXPECT_EQ(verdict(Op::less_equal, 0.8), Verdict::fail);
}

TEST(Objective, IsInconclusiveWhenTheIntervalStraddlesTheLimit) {
  const ObjectiveResult result =
      evaluate(objective("success_rate", Op::greater, 0.91), experiment({90, 92, 94}));
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_EQ(result.note, "the interval straddles the limit: raise --replications (to about 76)");
}

TEST(Objective, NamesNoNumberOfReplicationsWhenTheMeanIsTheLimit) {
  const ObjectiveResult result =
      evaluate(objective("success_rate", Op::greater, 0.92), experiment({90, 92, 94}));
  EXPECT_EQ(result.note, "the interval straddles the limit: raise --replications");
}

TEST(Objective, TellsEqualFromLessAtAWidthOfZero) {
  EXPECT_EQ(verdict(Op::greater_equal, 0.9, {90, 90, 90}), Verdict::pass);
  EXPECT_EQ(verdict(Op::greater, 0.9, {90, 90, 90}), Verdict::fail);
  EXPECT_EQ(verdict(Op::less_equal, 0.9, {90, 90, 90}), Verdict::pass);
  EXPECT_EQ(verdict(Op::less, 0.9, {90, 90, 90}), Verdict::fail);
}

TEST(Objective, ComparesTheValueOfASingleReplicationAndSaysSo) {
  const ObjectiveResult result =
      evaluate(objective("success_rate", Op::greater, 0.89), experiment({90}));
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.note, "judged by one replication, without an interval");
}

TEST(Objective, WithoutAScopeIsAboutAllTrafficTogether) {
  model::ExperimentResult result = experiment({100, 100});
  result.scopes.push_back({ScopeKind::traffic, "robots"});
  for (auto& replication : result.replications)
    replication.scopes.push_back(traffic_result(300, 0));
  const ObjectiveResult all = evaluate(objective("success_rate", Op::greater, 0.2), result);
  EXPECT_DOUBLE_EQ(all.observed.mean, 0.25);
  const ObjectiveResult one =
      evaluate(objective("success_rate", Op::greater, 0.2, "shoppers"), result);
  EXPECT_DOUBLE_EQ(one.observed.mean, 1);
}

TEST(Objective, MayBeAboutAService) {
  model::ExperimentResult result = experiment({90, 90});
  result.scopes.push_back({ScopeKind::service, "b.shop"});
  for (auto& replication : result.replications) {
    model::ScopeResult& service = replication.scopes.emplace_back();
    service.utilization = 0.7;
  }
  const ObjectiveResult busy = evaluate(objective("utilization", Op::less, 0.8, "b.shop"), result);
  EXPECT_EQ(busy.verdict, Verdict::pass);
  EXPECT_DOUBLE_EQ(busy.observed.mean, 0.7);
}

TEST(Objective, IsInconclusiveWhenNothingWasMeasured) {
  const ObjectiveResult result =
      evaluate(objective("recovery_time", Op::less, 1000), experiment({90, 91}));
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_EQ(result.note, "nothing was measured");
}

TEST(Objective, TakesARunThatNeverRecoveredAsAnInfiniteTime) {
  model::ExperimentResult result = experiment({90, 91, 92});
  for (auto& replication : result.replications) {
    replication.scopes[0].collapsed = 0;
    replication.scopes[0].recovery_ms = 10;
  }
  result.replications[1].scopes[0].collapsed = 1;
  result.replications[1].scopes[0].recovery_ms = model::kNotMeasured;
  const ObjectiveResult recovery = evaluate(objective("recovery_time", Op::less, 30'000), result);
  EXPECT_EQ(recovery.verdict, Verdict::fail);
  EXPECT_EQ(recovery.note, "1 of 3 replications never recovered");
  EXPECT_TRUE(std::isinf(recovery.observed.mean));
}

TEST(Objective, JudgesTheProbabilityOfCollapseByItsShareOfReplications) {
  std::vector<std::uint64_t> many(100, 90);
  model::ExperimentResult result = experiment(many);
  for (auto& replication : result.replications) replication.scopes[0].collapsed = 0;
  EXPECT_EQ(evaluate(objective("collapse_probability", Op::less, 0.05), result).verdict,
            Verdict::pass);
  for (std::size_t i = 0; i < 5; ++i) result.replications[i].scopes[0].collapsed = 1;
  const ObjectiveResult some = evaluate(objective("collapse_probability", Op::less, 0.05), result);
  EXPECT_EQ(some.verdict, Verdict::inconclusive);
  EXPECT_DOUBLE_EQ(some.observed.mean, 0.05);
}

TEST(Objectives, AreMetOnlyWhenEachPasses) {
  model::ExperimentResult result = experiment({90, 92, 94});
  result.objectives = {objective("success_rate", Op::greater, 0.5)};
  EXPECT_TRUE(summarize(result).objectives_met());
  result.objectives.push_back(objective("success_rate", Op::greater, 0.92));
  EXPECT_FALSE(summarize(result).objectives_met());
}

std::vector<std::string> problems(const Objective& o, bool faults = true) {
  const std::vector<Scope> scopes{{ScopeKind::traffic, "shoppers"}, {ScopeKind::service, "b.shop"}};
  std::vector<std::string> texts;
  for (const auto& d : check_objectives({o}, scopes, faults)) texts.push_back(model::to_text(d));
  return texts;
}

TEST(CheckObjectives, AcceptsWhatARunMeasures) {
  EXPECT_THAT(problems(objective("success_rate", Op::less, 1)), testing::IsEmpty());
  EXPECT_THAT(problems(objective("utilization", Op::less, 1, "b.shop")), testing::IsEmpty());
  EXPECT_THAT(problems(objective("collapse_probability", Op::less, 1)), testing::IsEmpty());
}

TEST(CheckObjectives, RefusesUnknownMetrics) {
  EXPECT_THAT(problems(objective("latency_p98", Op::less, 1)),
              ElementsAre(testing::StartsWith("error: unknown metric \"latency_p98\" [objective]\n"
                                              "    hint: one of requests, attempts,")));
}

TEST(CheckObjectives, RefusesUnknownScopes) {
  EXPECT_THAT(problems(objective("requests", Op::less, 1, "c.shop")),
              ElementsAre("error: no traffic or service is called \"c.shop\" [objective]"));
}

TEST(CheckObjectives, RefusesMetricsThatTheScopeDoesNotHave) {
  EXPECT_THAT(problems(objective("utilization", Op::less, 1)),
              ElementsAre("error: utilization is not measured for all traffic together "
                          "[objective]\n    hint: name a service: utilization@service.namespace"));
  EXPECT_THAT(
      problems(objective("recovery_time", Op::less, 1, "b.shop")),
      ElementsAre("error: recovery_time is not measured for the service b.shop [objective]"));
}

TEST(CheckObjectives, RefusesRecoveryWithoutFaults) {
  EXPECT_THAT(problems(objective("recovery_time", Op::less, 1), false),
              ElementsAre("error: recovery_time needs a fault to recover from, and there is none "
                          "[objective]"));
}

}  // namespace
}  // namespace spillway::reports
