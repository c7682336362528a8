#include "reports/table.h"

#include <gmock/gmock.h>

#include "reports/objectives.h"
#include "reports/text.h"
#include "tests/unit/reports/experiment_builder.h"

namespace spillway::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string table(const model::ExperimentResult& result, const TableOptions& options = {}) {
  return written([&](auto& out) { write_table(out, summarize(result), options); });
}

TEST(Table, ShowsMetricsWithHalfTheirIntervals) {
  model::ExperimentResult result = experiment({90, 92, 94});
  result.objectives = {objective("success_rate", model::Objective::Op::greater_equal, 0.91)};
  result.assumptions = {{"retryBackoff", "25ms", "the specification names none"}};
  const model::Diagnostic warning{model::Severity::warning, {}, "odd", "odd-rule", ""};
  result.diagnostics = {warning, warning};
  EXPECT_EQ(table(result),
            "shop: 10 s, warm-up 2 s; seed 7; profile gateway-api; 3 replications, 95 % intervals\n"
            "\n"
            "traffic   success %    goodput/s  p50 ms           p99 ms  amplification\n"
            "shoppers  92.0 ±5.0  11.50 ±0.62   10 ±0  29.9976 ±0.0085           1 ±0\n"
            "\n"
            "objectives\n"
            "  inconclusive  success_rate objective  observed 92.0 % [87.0, 97.0]\n"
            "                the interval straddles the limit: raise --replications (to about 76)\n"
            "\n"
            "assumptions\n"
            "  retryBackoff = 25ms\n"
            "\n"
            "warnings\n"
            "  odd-rule (2)\n");
}

TEST(Table, SaysWhenThereAreNoIntervals) {
  const std::string text = table(experiment({90}));
  EXPECT_THAT(text, HasSubstr("1 replication, so no intervals"));
  EXPECT_THAT(text, Not(HasSubstr("±")));
}

TEST(Table, LeavesOutColumnsThatNobodyMeasured) {
  EXPECT_THAT(table(experiment({90, 91})), Not(HasSubstr("recovery ms")));
}

TEST(Table, CutsLongListsAndSaysSo) {
  model::ExperimentResult result = experiment({90});
  for (int i = 0; i < 24; ++i) {
    result.scopes.push_back(
        {model::ScopeKind::service, std::string("s") + std::to_string(i) + ".shop"});
    result.replications[0].scopes.push_back(traffic_result(10, 10));
    result.replications[0].series.emplace_back();
  }
  EXPECT_THAT(table(result), HasSubstr("and 4 more services (--verbose shows all)\n"));
  EXPECT_THAT(table(result), Not(HasSubstr("s20.shop")));
  EXPECT_THAT(table(result, {.verbose = true}), HasSubstr("s23.shop"));
}

TEST(Table, HasColoursOnlyWhenAsked) {
  model::ExperimentResult result = experiment({90, 92, 94});
  result.objectives = {objective("success_rate", model::Objective::Op::greater_equal, 0.5)};
  EXPECT_THAT(table(result), Not(HasSubstr("\033")));
  EXPECT_THAT(table(result, {.color = true}), HasSubstr("\033[32mpass        \033[0m"));
}

TEST(Table, GivesReasonsOfAssumptionsWhenVerbose) {
  model::ExperimentResult result = experiment({90});
  result.assumptions = {{"retryBackoff", "25ms", "the specification names none"}};
  EXPECT_THAT(table(result), Not(HasSubstr("names none")));
  EXPECT_THAT(table(result, {.verbose = true}),
              HasSubstr("retryBackoff = 25ms: the specification names none"));
}

TEST(ObservedText, ShowsSharesInPercentWithTheInterval) {
  const ObjectiveResult result = evaluate(
      objective("success_rate", model::Objective::Op::less, 0.5), experiment({90, 92, 94}));
  EXPECT_EQ(observed_text(result), "92.0 % [87.0, 97.0]");
  EXPECT_EQ(limit_text(result.objective, result.unit), "< 50 %");
}

TEST(Align, CountsCodePointsNotBytes) {
  EXPECT_EQ(align({{"a", "±1"}, {"bb", "22"}}), "a   ±1\nbb  22\n");
}

TEST(WrapList, BreaksBetweenItems) {
  EXPECT_EQ(wrap_list({"aaaa", "bbbb", "cccc"}, 13, 2), "  aaaa, bbbb,\n  cccc\n");
  EXPECT_EQ(wrap_list({}, 10, 2), "");
}

}  // namespace
}  // namespace spillway::reports
