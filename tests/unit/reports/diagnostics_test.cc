#include "reports/diagnostics.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/unit/reports/experiment_builder.h"

namespace spillway::reports {
namespace {

using model::Diagnostic;
using model::Severity;

model::Place place(const std::string& file, int line, int column) {
  return {std::make_shared<const std::string>(file), line, column};
}

Diagnostic finding(Severity severity = Severity::error, const std::string& file = "none.yaml") {
  return {severity, place(file, 2, 5), "unknown field \"x\"", "unknown-field", ""};
}

std::string text(const model::Diagnostics& diagnostics, bool color = false) {
  return written([&](auto& out) { write_diagnostics_text(out, diagnostics, color); });
}

TEST(DiagnosticsText, StartsWithThePlace) {
  EXPECT_EQ(text({finding()}), "none.yaml:2:5: error: unknown field \"x\" [unknown-field]\n");
}

TEST(DiagnosticsText, ShowsTheLineWithAMark) {
  const std::string file = testing::TempDir() + "spillway-diagnostics.yaml";
  std::ofstream(file) << "a: 1\nb:\t{x: 2}\r\n";
  Diagnostic d = finding(Severity::error, file);
  d.hint = "remove it";
  EXPECT_EQ(text({d}), file +
                           ":2:5: error: unknown field \"x\" [unknown-field]\n"
                           "     2 | b: {x: 2}\n"
                           "       |     ^\n"
                           "    hint: remove it\n");
  std::filesystem::remove(file);
}

TEST(DiagnosticsText, CountsColumnsOfUtf8InCodePoints) {
  const std::string file = testing::TempDir() + "spillway-utf8.yaml";
  std::ofstream(file) << "\nä: x\n";
  EXPECT_THAT(text({finding(Severity::error, file)}), testing::EndsWith("\n       |    ^\n"));
  std::filesystem::remove(file);
}

TEST(DiagnosticsText, ColoursTheSeverityOnly) {
  EXPECT_EQ(text({finding(Severity::warning)}, true),
            "none.yaml:2:5: \033[33mwarning:\033[0m unknown field \"x\" [unknown-field]\n");
}

TEST(DiagnosticTotals, ReadAsAPhrase) {
  EXPECT_EQ(to_text(totals({})), "no findings");
  EXPECT_EQ(to_text(totals({finding(), finding(), finding(Severity::warning)})),
            "2 errors, 1 warning");
}

TEST(DiagnosticsJson, IsAnArray) {
  const auto json = nlohmann::json::parse(written([](auto& out) {
    write_diagnostics_json(out, {finding(), finding(Severity::note)});
  }));
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[0]["line"], 2);
  EXPECT_EQ(json[1]["severity"], "note");
  EXPECT_EQ(written([](auto& out) { write_diagnostics_json(out, {}); }), "[]\n");
}

TEST(DiagnosticsSarif, NamesRulesAndPlaces) {
  const auto json = nlohmann::json::parse(written([](auto& out) {
    write_diagnostics_sarif(out, {finding(), finding(Severity::warning)}, "1");
  }));
  EXPECT_EQ(json["version"], "2.1.0");
  const auto& run = json["runs"][0];
  EXPECT_EQ(run["tool"]["driver"]["rules"].size(), 1u);
  EXPECT_EQ(run["results"][1]["level"], "warning");
  EXPECT_EQ(run["results"][0]["ruleId"], "unknown-field");
  EXPECT_EQ(run["results"][0]["locations"][0]["physicalLocation"].dump(),
            R"({"artifactLocation":{"uri":"none.yaml"},"region":{"startColumn":5,"startLine":2}})");
}

TEST(DiagnosticsSarif, LeavesOutPlacesThatAreNotKnown) {
  Diagnostic d = finding();
  d.place = {};
  const auto json =
      nlohmann::json::parse(written([&](auto& out) { write_diagnostics_sarif(out, {d}, "1"); }));
  EXPECT_FALSE(json["runs"][0]["results"][0].contains("locations"));
}

TEST(DiagnosticsMarkdown, IsATableWithErrorsFirst) {
  Diagnostic d = finding();
  d.message = "a | b";
  EXPECT_EQ(written([&](auto& out) {
              write_diagnostics_markdown(out, {finding(Severity::warning), d});
            }),
            "### Spillway: 1 error, 1 warning\n"
            "\n"
            "| | place | finding | rule |\n"
            "|---|---|---|---|\n"
            "| error | `none.yaml:2:5` | a \\| b | `unknown-field` |\n"
            "| warning | `none.yaml:2:5` | unknown field \"x\" | `unknown-field` |\n");
}

}  // namespace
}  // namespace spillway::reports
