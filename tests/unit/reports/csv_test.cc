#include "reports/csv.h"

#include <gtest/gtest.h>

#include "tests/unit/reports/experiment_builder.h"

namespace spillway::reports {
namespace {

TEST(CsvField, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(csv_field("a->b.shop"), "a->b.shop");
  EXPECT_EQ(csv_field("UT,URX"), "\"UT,URX\"");
  EXPECT_EQ(csv_field("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(csv_field(""), "");
}

// A summary of one scope with two metrics, so that the texts stay short.
Summary small() {
  Summary summary;
  summary.scenario = "shop";
  summary.run.interval = sim::Duration{500'000'000};
  summary.replications = 2;
  ScopeSummary& scope = summary.scopes.emplace_back();
  scope.scope = {model::ScopeKind::edge, "a->b, the second"};
  scope.metrics = {
      {find_metric("requests"), {100, 98.5, 101.5, 2}},
      {find_metric("latency_p99"), {12.25, model::kNotMeasured, model::kNotMeasured, 1}}};
  scope.series = {{.requests_per_s = 10, .success_rate = 0.5}, {.requests_per_s = 20}};
  scope.outcomes = {{503, "UT,URX", 3, 1.5}};
  scope.replications.assign(1, std::vector<double>(metrics().size(), model::kNotMeasured));
  scope.replications[0][0] = 99;
  return summary;
}

TEST(SummaryCsv, HasARowAMetric) {
  EXPECT_EQ(written([](auto& out) { write_summary_csv(out, small()); }),
            "scope_kind,scope,metric,mean,ci_low,ci_high,replications,unit\n"
            "edge,\"a->b, the second\",requests,100,98.5,101.5,2,count\n"
            "edge,\"a->b, the second\",latency_p99,12.25,,,1,ms\n");
}

TEST(TimeseriesCsv, HasARowAnIntervalAndEmptyCells) {
  EXPECT_EQ(written([](auto& out) { write_timeseries_csv(out, small()); }),
            "time_s,scope_kind,scope,requests_per_s,attempts_per_s,retries_per_s,success_rate,"
            "goodput_per_s,latency_p50_ms,latency_p90_ms,latency_p99_ms,amplification,queue_length,"
            "utilization,budget_balance,budget_denied_per_s\n"
            "0,edge,\"a->b, the second\",10,,,0.5,,,,,,,,,\n"
            "0.5,edge,\"a->b, the second\",20,,,,,,,,,,,,\n");
}

TEST(ReplicationsCsv, HasAColumnAMetric) {
  EXPECT_EQ(written([](auto& out) { write_replications_csv(out, small()); }),
            "replication,scope_kind,scope,requests,attempts,retries,success_rate,goodput_per_s,"
            "latency_mean_ms,latency_p50_ms,latency_p90_ms,latency_p99_ms,latency_p999_ms,"
            "latency_success_p99_ms,amplification,lineage_amplification,timeouts,budget_denied,"
            "rejections,utilization,queue_length,in_flight,queue_time_mean_ms,queue_time_p50_ms,"
            "queue_time_p90_ms,queue_time_p99_ms,wasted_work,recovery_time_ms,collapsed\n"
            "0,edge,\"a->b, the second\",99,,,,,,,,,,,,,,,,,,,,,,,,,\n");
}

TEST(OutcomesCsv, HasTotalAndMean) {
  EXPECT_EQ(written([](auto& out) { write_outcomes_csv(out, small()); }),
            "scope_kind,scope,status,flags,count,count_per_replication\n"
            "edge,\"a->b, the second\",503,\"UT,URX\",3,1.5\n");
}

TEST(RunsCsv, HasTheRowsOfEveryScenarioAndOneForAFailedOne) {
  const Summary summary = small();
  const std::vector<RunStatus> runs{{"shop", "objectives missed", 3, &summary},
                                    {"bad.yaml", "input error", 1, nullptr}};
  EXPECT_EQ(written([&](auto& out) { write_runs_csv(out, runs); }),
            "scenario,status,exit_code,scope_kind,scope,metric,mean,ci_low,ci_high,replications,"
            "unit\n"
            "shop,objectives missed,3,edge,\"a->b, the second\",requests,100,98.5,101.5,2,count\n"
            "shop,objectives missed,3,edge,\"a->b, the second\",latency_p99,12.25,,,1,ms\n"
            "bad.yaml,input error,1,,,,,,,,\n");
}

}  // namespace
}  // namespace spillway::reports
