#include "reports/upgrade.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/unit/reports/experiment_builder.h"

namespace spillway::reports {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

model::UpgradeReport report() {
  model::UpgradeReport own;
  own.profile = "mesh";
  own.from = "1.0";
  own.to = "1.1";
  const model::Place place{std::make_shared<const std::string>("r.yaml"), 3, 5};
  own.changes = {{{"gateway shop/edge"},
                  "Service shop/a",
                  "x",
                  "1",
                  "2",
                  place,
                  "why",
                  "commit",
                  model::Evidence::recorded},
                 {{"gateway shop/edge"},
                  "Service shop/a",
                  "y",
                  "unset",
                  "on",
                  place,
                  "why",
                  "commit",
                  model::Evidence::recorded},
                 {{},
                  "HTTPRoute shop/r",
                  "Accepted",
                  "True",
                  "False",
                  {},
                  "",
                  "",
                  model::Evidence::read_in_source}};
  return own;
}

Summary summary(const std::vector<std::uint64_t>& successes) {
  model::ExperimentResult result = experiment(successes);
  result.objectives = {
      objective("success_rate", model::Objective::Op::greater_equal, 0.9, "shoppers")};
  return summarize(result);
}

std::string text(const UpgradeResult& result) {
  const std::vector<UpgradeResult> results{result};
  return written([&](auto& out) { write_upgrade_text(out, results, false); });
}

TEST(UpgradeText, SaysAReasonOnceForFieldsOfTheSameObjects) {
  EXPECT_EQ(text({report(), {}}),
            "mesh 1.0 to 1.1: 3 changes\n"
            "\n"
            "x: 1 -> 2\n"
            "y: unset -> on\n"
            "    why (commit; recorded)\n"
            "  r.yaml:3:5: Service shop/a, at gateway shop/edge\n"
            "\n"
            "Accepted: True -> False\n"
            "    several changes together\n"
            "  HTTPRoute shop/r\n");
}

TEST(UpgradeText, SaysThatNothingChanges) {
  model::UpgradeReport own = report();
  own.changes.clear();
  own.scenario = "storm";
  EXPECT_EQ(text({own, {}}),
            "mesh 1.0 to 1.1, scenario storm: nothing changes for these manifests\n");
}

TEST(UpgradeText, SaysWhyTheScenarioWasNotRun) {
  UpgradeOutcome outcome;
  outcome.not_run = "unknown option";
  EXPECT_THAT(text({report(), outcome}),
              testing::EndsWith("\nthe scenario was not run: unknown option\n"));
}

TEST(UpgradeText, SaysWhatMoves) {
  const UpgradeOutcome outcome = compare_outcomes(summary({50, 52, 51}), summary({91, 93, 92}));
  const std::string all = text({report(), outcome});
  EXPECT_THAT(all, HasSubstr("\ntraffic shoppers success_rate: 51 % -> 92 %, difference 41 % [41 "
                             "%, 41 %]\n"));
  EXPECT_THAT(all, HasSubstr("\nsuccess_rate objective: fail -> "));
}

TEST(CompareOutcomes, PairsReplications) {
  const UpgradeOutcome outcome = compare_outcomes(summary({10, 50, 90}), summary({11, 51, 91}));
  ASSERT_FALSE(outcome.metrics.empty());
  EXPECT_EQ(outcome.metrics[0].metric->name, "success_rate");
  EXPECT_NEAR(outcome.metrics[0].difference.mean, 0.01, 1e-12);
  EXPECT_NEAR(outcome.metrics[0].difference.low, 0.01, 1e-12);
}

TEST(CompareOutcomes, LeavesOutWhatDoesNotMove) {
  EXPECT_TRUE(compare_outcomes(summary({50, 60, 70}), summary({50, 60, 70})).metrics.empty());
  EXPECT_TRUE(compare_outcomes(summary({50, 60, 70}), summary({51, 59, 70})).metrics.empty());
}

TEST(CompareOutcomes, HoldsEveryObjective) {
  const UpgradeOutcome outcome = compare_outcomes(summary({95, 96}), summary({95, 96}));
  ASSERT_EQ(outcome.objectives.size(), 1U);
  EXPECT_EQ(outcome.objectives[0].before, outcome.objectives[0].after);
}

TEST(UpgradeJson, HoldsChangesAndOutcome) {
  const std::vector<UpgradeResult> results{
      {report(), compare_outcomes(summary({50, 52}), summary({91, 93}))}};
  const Json json = Json::parse(written([&](auto& out) { write_upgrade_json(out, results); }));
  EXPECT_EQ(json["from"], "1.0");
  EXPECT_EQ(json["changes"][0]["field"], "x");
  EXPECT_EQ(json["changes"][0]["line"], 3);
  EXPECT_EQ(json["changes"][0]["evidence"], "recorded");
  EXPECT_EQ(json["outcome"]["metrics"][0]["metric"], "success_rate");
  EXPECT_EQ(json["outcome"]["objectives"][0]["before"], "fail");
}

TEST(UpgradeJson, HasNoOutcomeWithoutScenario) {
  const std::vector<UpgradeResult> results{{report(), {}}};
  EXPECT_TRUE(Json::parse(written([&](auto& out) { write_upgrade_json(out, results); }))["outcome"]
                  .is_null());
}

TEST(UpgradeMarkdown, IsATable) {
  const std::vector<UpgradeResult> results{{report(), {}}};
  EXPECT_THAT(written([&](auto& out) { write_upgrade_markdown(out, results); }),
              testing::StartsWith("### mesh 1.0 to 1.1: 3 changes\n\n"
                                  "| object | place | field | before | after | why | evidence |\n"
                                  "|---|---|---|---|---|---|---|\n"
                                  "| Service shop/a | `r.yaml:3:5` | `x` | 1 | 2 | why (commit) | "
                                  "recorded |\n"));
}

}  // namespace
}  // namespace spillway::reports
