#include "reports/json.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "scenarios/metrics.h"
#include "tests/unit/reports/experiment_builder.h"

namespace spillway::reports {
namespace {

using Json = nlohmann::ordered_json;

Json summary_json(const model::ExperimentResult& result) {
  return Json::parse(
      written([&](auto& out) { write_summary_json(out, summarize(result), "1.2.3"); }));
}

std::vector<std::string> keys(const Json& json) {
  std::vector<std::string> names;
  for (const auto& [key, value] : json.items()) names.push_back(key);
  return names;
}

TEST(SummaryJson, HoldsAllOfTheResult) {
  EXPECT_THAT(keys(summary_json(experiment({90, 91}))),
              testing::ElementsAre("version", "scenario", "description", "mesh", "run",
                                   "confidence", "summary", "timeseries", "replications",
                                   "outcomes", "objectives", "diagnostics", "assumptions"));
}

TEST(SummaryJson, HasTheRowsOfTheTable) {
  const Json json = summary_json(experiment({90, 90}));
  EXPECT_EQ(json["summary"][0].dump(),
            R"({"scope_kind":"traffic","scope":"shoppers","metric":"requests","mean":100.0,)"
            R"("ci_low":100.0,"ci_high":100.0,"replications":2,"unit":"count"})");
  EXPECT_EQ(json["run"].dump(),
            R"({"duration_s":10.0,"warmup_s":2.0,"interval_s":5.0,"seed":7,"replications":2})");
}

TEST(SummaryJson, WritesNullForWhatWasNotMeasured) {
  const Json json = summary_json(experiment({90}));
  EXPECT_TRUE(json["summary"][0]["ci_low"].is_null());
  EXPECT_TRUE(json["timeseries"][0]["success_rate"][0].is_null());
  EXPECT_TRUE(json["replications"][0]["recovery_time_ms"].is_null());
}

TEST(SummaryJson, LeavesOutMetricsThatDoNotApply) {
  EXPECT_FALSE(summary_json(experiment({90}))["replications"][0].contains("utilization"));
}

TEST(SummaryJson, HoldsObjectivesDiagnosticsAndAssumptions) {
  model::ExperimentResult result = experiment({90, 90});
  result.objectives = {objective("success_rate", model::Objective::Op::greater_equal, 0.99)};
  result.assumptions = {{"retryBackoffDefault", "25ms", "the specification names none"}};
  const auto file = std::make_shared<const std::string>("a.yaml");
  result.diagnostics = {{model::Severity::warning, {file, 3, 7}, "odd", "odd-rule", "do this"}};
  const Json json = summary_json(result);
  EXPECT_EQ(json["objectives"][0].dump(),
            R"({"objective":"success_rate objective","metric":"success_rate","scope":"",)"
            R"("op":">=","limit":0.99,"unit":"share","verdict":"fail","passed":false,)"
            R"("mean":0.9,"ci_low":0.9,"ci_high":0.9,"replications":2,"note":""})");
  EXPECT_EQ(json["diagnostics"][0].dump(),
            R"({"severity":"warning","file":"a.yaml","line":3,"column":7,"message":"odd",)"
            R"("rule":"odd-rule","hint":"do this"})");
  EXPECT_EQ(json["assumptions"][0].dump(), R"({"name":"retryBackoffDefault","value":"25ms",)"
                                           R"("why":"the specification names none"})");
}

TEST(SummaryJson, SurvivesTextThatIsNotUtf8) {
  model::ExperimentResult result = experiment({90});
  result.description = "caf\xe9";
  EXPECT_EQ(summary_json(result)["description"], "caf\xef\xbf\xbd");
}

TEST(SummariesJson, AreAnArray) {
  const Summary summary = summarize(experiment({90}));
  const std::vector<const Summary*> two{&summary, &summary};
  const Json json =
      Json::parse(written([&](auto& out) { write_summaries_json(out, two, "1.2.3"); }));
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[1]["scenario"], "shop");
}

TEST(RunJson, TellsHowTheRunWent) {
  model::ExperimentResult result = experiment({90, 91});
  result.wall_seconds = 0.5;
  result.threads = 2;
  RunRecord record = record_of(result);
  record.version = "1.2.3";
  record.command_line = {"spillway", "run", "a.yaml"};
  record.peak_memory = 1 << 20;
  const Json json = Json::parse(written([&](auto& out) { write_run_json(out, record); }));
  EXPECT_EQ(json.dump(),
            R"({"version":"1.2.3","command_line":["spillway","run","a.yaml"],"scenario":"shop",)"
            R"("seed":7,"replications":2,"threads":2,"wall_time_s":0.5,"events":2000,)"
            R"("requests":250,"events_per_s":4000.0,"requests_per_s":500.0,)"
            R"("peak_memory_bytes":1048576})");
}

// The loader judges objectives by its own list of names and units.
TEST(Metrics, AreTheOnesThatScenariosMayName) {
  for (const scenarios::Metric& known : scenarios::kMetrics) {
    if (known.name == "collapse_probability") continue;
    const Metric* metric = find_metric(known.name);
    ASSERT_NE(metric, nullptr) << known.name;
    const Unit expected = known.unit == scenarios::MetricUnit::milliseconds ? Unit::ms
                          : known.unit == scenarios::MetricUnit::share      ? Unit::share
                          : known.unit == scenarios::MetricUnit::rate       ? Unit::per_second
                          : known.unit == scenarios::MetricUnit::count      ? Unit::count
                                                                            : Unit::ratio;
    EXPECT_EQ(metric->unit, expected) << known.name;
  }
  EXPECT_EQ(metrics().size() + 1, scenarios::kMetrics.size());
}

}  // namespace
}  // namespace spillway::reports
