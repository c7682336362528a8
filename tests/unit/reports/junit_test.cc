#include "reports/junit.h"

#include <gtest/gtest.h>

#include "tests/unit/reports/experiment_builder.h"

namespace spillway::reports {
namespace {

TEST(Junit, HasATestsuiteAScenarioAndATestcaseAnObjective) {
  model::ExperimentResult result = experiment({90, 92, 94});
  using Op = model::Objective::Op;
  result.objectives = {objective("success_rate", Op::greater_equal, 0.5),
                       objective("goodput", Op::less, 2),
                       objective("success_rate", Op::less, 0.92)};
  result.objectives[1].text = "goodput < 2";
  const Summary summary = summarize(result);
  const std::vector<RunStatus> runs{{"shop", "objectives missed", 3, &summary},
                                    {"bad & worse.yaml", "input error", 1, nullptr}};
  EXPECT_EQ(written([&](auto& out) { write_junit(out, runs); }),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="spillway" tests="4" failures="2" errors="1">
  <testsuite name="shop" tests="3" failures="2" errors="0">
    <testcase classname="shop" name="success_rate objective"/>
    <testcase classname="shop" name="goodput &lt; 2">
      <failure type="fail" message="observed 11.50/s [10.88, 12.12], limit &lt; 2/s">goodput &lt; 2
observed: 11.50/s [10.88, 12.12]
limit: &lt; 2/s
</failure>
    </testcase>
    <testcase classname="shop" name="success_rate objective">
      <failure type="inconclusive" message="observed 92.0 % [87.0, 97.0], limit &lt; 92 %">success_rate objective
observed: 92.0 % [87.0, 97.0]
limit: &lt; 92 %
the interval straddles the limit: raise --replications
</failure>
    </testcase>
  </testsuite>
  <testsuite name="bad &amp; worse.yaml" tests="1" failures="0" errors="1">
    <testcase classname="bad &amp; worse.yaml" name="run">
      <error type="input error" message="input error"/>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(XmlText, EscapesWhatXmlReservesAndDropsControlCharacters) {
  EXPECT_EQ(xml_text("a<b>&\"c'\x01\n"), "a&lt;b&gt;&amp;&quot;c&apos;\n");
}

}  // namespace
}  // namespace spillway::reports
