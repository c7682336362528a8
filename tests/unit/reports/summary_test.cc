#include "reports/summary.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "tests/unit/reports/experiment_builder.h"

namespace spillway::reports {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Summarize, GivesStudentsIntervalOverTheReplications) {
  const Summary summary = summarize(experiment({90, 92, 94}));
  const sim::Interval* rate = summary.scopes[0].find("success_rate");
  ASSERT_NE(rate, nullptr);
  EXPECT_DOUBLE_EQ(rate->mean, 0.92);
  // t(0.975, 2) = 4.302653, s = 0.02.
  EXPECT_NEAR(rate->low, 0.92 - 4.302653 * 0.02 / std::sqrt(3), 1e-6);
  EXPECT_NEAR(rate->high, 0.92 + 4.302653 * 0.02 / std::sqrt(3), 1e-6);
  EXPECT_EQ(rate->n, 3u);
}

TEST(Summarize, ClipsIntervalsOfSharesToWhatIsPossible) {
  const Summary summary = summarize(experiment({100, 100, 97}));
  EXPECT_EQ(summary.scopes[0].find("success_rate")->high, 1);
}

TEST(Summarize, DoesNotClipOtherMetrics) {
  model::ExperimentResult result = experiment({100, 100});
  result.replications[1].scopes[0].tally.timeouts = 1;
  EXPECT_LT(summarize(result).scopes[0].find("timeouts")->low, 0);
}

TEST(Summarize, HasNoIntervalWithOneReplication) {
  const Summary summary = summarize(experiment({90}));
  const sim::Interval* rate = summary.scopes[0].find("success_rate");
  EXPECT_DOUBLE_EQ(rate->mean, 0.9);
  EXPECT_TRUE(std::isnan(rate->low));
  EXPECT_TRUE(std::isnan(rate->high));
}

TEST(Summarize, LeavesOutWhatWasNotMeasuredOrDoesNotApply) {
  const Summary summary = summarize(experiment({90, 91}));
  EXPECT_EQ(summary.scopes[0].find("recovery_time"), nullptr);
  EXPECT_EQ(summary.scopes[0].find("utilization"), nullptr);
}

TEST(Summarize, CountsOnlyReplicationsThatMeasured) {
  model::ExperimentResult result = experiment({90, 91, 92});
  result.replications[0].scopes[0].recovery_ms = 1000;
  result.replications[2].scopes[0].recovery_ms = 3000;
  const Summary summary = summarize(result);
  EXPECT_EQ(summary.scopes[0].find("recovery_time")->mean, 2000);
  EXPECT_EQ(summary.scopes[0].find("recovery_time")->n, 2u);
}

TEST(Summarize, JudgesCollapseWithWilsonsInterval) {
  model::ExperimentResult result = experiment({90, 91, 92, 93});
  for (auto& replication : result.replications) replication.scopes[0].collapsed = 0;
  const Summary summary = summarize(result);
  const sim::Interval* collapsed = summary.scopes[0].find("collapsed");
  EXPECT_EQ(collapsed->mean, 0);
  EXPECT_EQ(collapsed->low, 0);
  EXPECT_NEAR(collapsed->high, 0.4899, 1e-4);
}

TEST(Summarize, AveragesSeriesOverTheReplicationsThatMeasured) {
  model::ExperimentResult result = experiment({90, 91});
  result.replications[0].series[0] = {{.requests_per_s = 10, .success_rate = 1},
                                      {.requests_per_s = 20, .success_rate = kNan}};
  result.replications[1].series[0] = {{.requests_per_s = 30, .success_rate = 0.5},
                                      {.requests_per_s = 40, .success_rate = 0.25}};
  const Summary summary = summarize(result);
  const auto& series = summary.scopes[0].series;
  ASSERT_EQ(series.size(), 2u);
  EXPECT_EQ(series[0].requests_per_s, 20);
  EXPECT_EQ(series[0].success_rate, 0.75);
  EXPECT_EQ(series[1].success_rate, 0.25);
  EXPECT_TRUE(std::isnan(series[1].latency_p50_ms));
}

TEST(Summarize, AddsOutcomesUpInOrder) {
  model::ExperimentResult result = experiment({90, 91});
  result.replications[0].outcomes = {{0, 200, "-", 90}, {0, 503, "URX", 10}};
  result.replications[1].outcomes = {{0, 200, "-", 91}, {0, 0, "unfinished", 1}};
  const Summary summary = summarize(result);
  const auto& outcomes = summary.scopes[0].outcomes;
  ASSERT_EQ(outcomes.size(), 3u);
  EXPECT_EQ(outcomes[0].flags, "unfinished");
  EXPECT_EQ(outcomes[1].count, 181u);
  EXPECT_EQ(outcomes[1].per_replication, 90.5);
  EXPECT_EQ(outcomes[2].status, 503);
}

TEST(Summarize, KeepsEveryReplicationsValues) {
  const Summary summary = summarize(experiment({90, 80}));
  const auto& replications = summary.scopes[0].replications;
  ASSERT_EQ(replications.size(), 2u);
  EXPECT_EQ(replications[0].size(), metrics().size());
  const auto index = static_cast<std::size_t>(find_metric("success_rate") - metrics().data());
  EXPECT_EQ(replications[1][index], 0.8);
}

TEST(Summarize, ManagesWithoutAnyReplication) {
  const Summary summary = summarize(experiment({}));
  EXPECT_TRUE(summary.scopes[0].metrics.empty());
  EXPECT_TRUE(summary.objectives_met());
}

}  // namespace
}  // namespace spillway::reports
