#include "reports/metrics.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/unit/reports/experiment_builder.h"

namespace spillway::reports {
namespace {

using model::ScopeKind;
using model::ScopeResult;

const model::RunSpec kRun{.duration = sim::Duration{10'000'000'000},
                          .warmup = sim::Duration{2'000'000'000},
                          .seed = 1,
                          .replications = 1,
                          .interval = sim::Duration{1'000'000'000},
                          .place = {}};

double value(std::string_view metric, const ScopeResult& result,
             ScopeKind kind = ScopeKind::traffic) {
  return find_metric(metric)->value(Sample(result, kind, kRun));
}

ScopeResult counted() {
  ScopeResult result;
  result.tally = {.requests = 100,
                  .clean_requests = 80,
                  .attempts = 150,
                  .clean_attempts = 75,
                  .retries = 50,
                  .finished = 120,
                  .successes = 60};
  return result;
}

TEST(Metrics, HoldEveryNameOfTheOutputsInOrder) {
  std::vector<std::string> names;
  for (const Metric& metric : metrics()) names.emplace_back(metric.name);
  EXPECT_THAT(names,
              testing::ElementsAre("requests", "attempts", "retries", "success_rate", "goodput",
                                   "latency_mean", "latency_p50", "latency_p90", "latency_p99",
                                   "latency_p999", "latency_success_p99", "amplification",
                                   "lineage_amplification", "timeouts", "budget_denied",
                                   "rejections", "utilization", "queue_length", "in_flight",
                                   "queue_time_mean", "queue_time_p50", "queue_time_p90",
                                   "queue_time_p99", "wasted_work", "recovery_time", "collapsed"));
}

TEST(Metrics, AreUnknownByOtherNames) { EXPECT_EQ(find_metric("latency"), nullptr); }

TEST(Metrics, ColumnsNameTheirUnits) {
  EXPECT_EQ(find_metric("latency_p99")->column(), "latency_p99_ms");
  EXPECT_EQ(find_metric("goodput")->column(), "goodput_per_s");
  EXPECT_EQ(find_metric("success_rate")->column(), "success_rate");
}

TEST(Amplification, OfTrafficIsOnePlusRetriesByRequests) {
  EXPECT_DOUBLE_EQ(value("amplification", counted()), 1.5);
}

TEST(Amplification, OfEdgesRulesAndProxiesIsAttemptsByRequests) {
  EXPECT_DOUBLE_EQ(value("amplification", counted(), ScopeKind::edge), 1.5);
  EXPECT_DOUBLE_EQ(value("amplification", counted(), ScopeKind::rule), 1.5);
  EXPECT_DOUBLE_EQ(value("amplification", counted(), ScopeKind::proxy), 1.5);
}

TEST(Amplification, OfServicesIsAttemptsByDemandWithoutRetries) {
  EXPECT_DOUBLE_EQ(value("amplification", counted(), ScopeKind::service), 150.0 / 80);
}

TEST(Amplification, IsNotMeasuredWithoutRequests) {
  for (const ScopeKind kind : {ScopeKind::traffic, ScopeKind::service, ScopeKind::edge})
    EXPECT_TRUE(std::isnan(value("amplification", ScopeResult{}, kind)));
}

TEST(LineageAmplification, IsAttemptsByAttemptsOfCleanAncestry) {
  EXPECT_DOUBLE_EQ(value("lineage_amplification", counted(), ScopeKind::service), 2);
}

TEST(LineageAmplification, AppliesToServicesAndEdgesOnly) {
  const Metric& metric = *find_metric("lineage_amplification");
  EXPECT_TRUE(metric.applies_to(ScopeKind::service));
  EXPECT_TRUE(metric.applies_to(ScopeKind::edge));
  EXPECT_FALSE(metric.applies_to(ScopeKind::traffic));
  EXPECT_FALSE(metric.applies_to(ScopeKind::rule));
}

TEST(SuccessRate, CountsUnfinishedRequestsAsFailed) {
  EXPECT_DOUBLE_EQ(value("success_rate", counted()), 0.6);
}

TEST(SuccessRate, OfServicesIsAboutAnsweredAttempts) {
  EXPECT_DOUBLE_EQ(value("success_rate", counted(), ScopeKind::service), 0.5);
}

TEST(Goodput, LeavesTheWarmUpOut) { EXPECT_DOUBLE_EQ(value("goodput", counted()), 60 / 8.0); }

TEST(Latency, MergesSuccessesAndFailures) {
  const ScopeResult result = traffic_result(100, 50);
  EXPECT_DOUBLE_EQ(value("latency_mean", result), 20);
  EXPECT_NEAR(value("latency_p99", result), 30, 30.0 / 128);
  EXPECT_NEAR(value("latency_success_p99", result), 10, 10.0 / 128);
}

TEST(Latency, IsNotMeasuredWithoutRequests) {
  for (const char* name : {"latency_mean", "latency_p50", "latency_p999", "latency_success_p99"})
    EXPECT_TRUE(std::isnan(value(name, ScopeResult{}))) << name;
}

TEST(WastedWork, IsTheShareOfBusyTime) {
  ScopeResult result;
  result.busy_seconds = 8;
  result.wasted_seconds = 2;
  EXPECT_DOUBLE_EQ(value("wasted_work", result, ScopeKind::service), 0.25);
  EXPECT_TRUE(std::isnan(value("wasted_work", ScopeResult{}, ScopeKind::service)));
}

TEST(Combine, AddsCountsAndMergesTimes) {
  const ScopeResult a = traffic_result(100, 100), b = traffic_result(300, 0);
  const ScopeResult whole = combine(std::vector<const ScopeResult*>{&a, &b});
  EXPECT_EQ(whole.tally.requests, 400u);
  EXPECT_DOUBLE_EQ(value("success_rate", whole), 0.25);
  EXPECT_DOUBLE_EQ(value("latency_mean", whole), 25);
}

TEST(Combine, HasRecoveredWhenTheLastPartHas) {
  ScopeResult a, b;
  a.recovery_ms = 1000;
  b.recovery_ms = 5000;
  a.collapsed = b.collapsed = 0;
  const ScopeResult whole = combine(std::vector<const ScopeResult*>{&a, &b});
  EXPECT_EQ(whole.recovery_ms, 5000);
  EXPECT_EQ(whole.collapsed, 0);
}

TEST(Combine, HasNotRecoveredWhileAPartHasNot) {
  ScopeResult a, b;
  a.recovery_ms = 1000;
  a.collapsed = 0;
  b.collapsed = 1;
  const ScopeResult whole = combine(std::vector<const ScopeResult*>{&a, &b});
  EXPECT_TRUE(std::isnan(whole.recovery_ms));
  EXPECT_EQ(whole.collapsed, 1);
}

}  // namespace
}  // namespace spillway::reports
