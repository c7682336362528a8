#include "reports/portability.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/unit/reports/experiment_builder.h"

namespace spillway::reports {
namespace {

using model::Portability;
using Json = nlohmann::json;

/// Two rows of one object for eight profiles.
Portability table() {
  Portability result;
  for (int i = 0; i < 8; ++i) result.columns.push_back({"mesh-" + std::to_string(i), i ? "1" : ""});
  const model::Place place{std::make_shared<const std::string>("r.yaml"), 3, 5};
  result.rows = {
      {"HTTPRoute shop/r rule 0", "timeouts.request: 2s", place,
       std::vector<std::string>(8, "504 after 2s")},
      {"HTTPRoute shop/r rule 0", "a|b", {}, std::vector<std::string>(8, "a cell that must wrap")},
      {"Service shop/cart", "panic", {}, std::vector<std::string>(8, "never")}};
  return result;
}

std::string text(std::vector<Portability> tables, std::size_t width = 150) {
  return written(
      [&](auto& out) { write_portability_text(out, tables, {.color = false, .width = width}); });
}

std::vector<std::string> lines(const std::string& all) {
  std::istringstream in(all);
  std::vector<std::string> result;
  for (std::string line; std::getline(in, line);) result.push_back(line);
  return result;
}

TEST(PortabilityText, AlignsAndWrapsCells) {
  const std::string all = text({table()}, 120);
  EXPECT_EQ(lines(all)[0], "HTTPRoute shop/r rule 0  r.yaml:3:5");
  EXPECT_EQ(lines(all)[1].substr(0, 50), "                          mesh-0      mesh-1 1    ");
  EXPECT_EQ(lines(all)[3].substr(0, 50), "timeouts.request: 2s      504 after   504 after   ");
  EXPECT_EQ(lines(all)[4].substr(0, 40), "                          2s          2s");
}

TEST(PortabilityText, KeepsToItsWidth) {
  for (const std::size_t width : {120U, 150U, 200U})
    for (const std::string& line : lines(text({table()}, width))) EXPECT_LE(line.size(), width);
}

TEST(PortabilityText, HeadsEveryObjectOnce) {
  const std::string all = text({table()});
  EXPECT_EQ(all.find("HTTPRoute shop/r rule 0"), all.rfind("HTTPRoute shop/r rule 0"));
  EXPECT_THAT(all, testing::HasSubstr("\n\nService shop/cart\n"));
}

TEST(PortabilityText, SaysWhatWasAssumed) {
  Portability own = table();
  own.assumptions = {{"waypoint", "shop/waypoint", "nobody speaks of one"}};
  EXPECT_THAT(text({own}),
              testing::EndsWith("\nassumed\n  waypoint shop/waypoint: nobody speaks of one\n"));
}

TEST(PortabilityText, TellsSeveralScenariosApart) {
  Portability files = table(), scenario = table();
  scenario.scenario = "storm";
  const std::string all = text({files, scenario});
  EXPECT_THAT(all, testing::StartsWith("files\n\n"));
  EXPECT_THAT(all, testing::HasSubstr("\nscenario storm\n\n"));
}

TEST(PortabilityText, SaysThatThereIsNothing) {
  EXPECT_EQ(text({Portability{}}), "no route and no policy in these files\n");
}

TEST(PortabilityJson, NamesCellsByProfile) {
  const std::vector<Portability> tables{table()};
  const Json json = Json::parse(written([&](auto& out) { write_portability_json(out, tables); }));
  EXPECT_EQ(json["profiles"][1], (Json{{"name", "mesh-1"}, {"version", "1"}}));
  const Json& row = json["rows"][0];
  EXPECT_EQ(row["object"], "HTTPRoute shop/r rule 0");
  EXPECT_EQ(row["aspect"], "timeouts.request: 2s");
  EXPECT_EQ(row["file"], "r.yaml");
  EXPECT_EQ(row["line"], 3);
  EXPECT_EQ(row["column"], 5);
  EXPECT_EQ(row["cells"]["mesh-7"], "504 after 2s");
}

TEST(PortabilityJson, IsAnArrayForSeveralTables) {
  const std::vector<Portability> tables{table(), table()};
  const Json json = Json::parse(written([&](auto& out) { write_portability_json(out, tables); }));
  EXPECT_EQ(json.size(), 2U);
}

TEST(PortabilityMarkdown, IsATableForEachObject) {
  const std::vector<Portability> tables{table()};
  const std::string all = written([&](auto& out) { write_portability_markdown(out, tables); });
  EXPECT_THAT(all, testing::StartsWith("### HTTPRoute shop/r rule 0\n\n| | mesh-0 | mesh-1 1 | "));
  EXPECT_THAT(all, testing::HasSubstr("\n| a\\|b | a cell that must wrap | "));
  EXPECT_THAT(all, testing::HasSubstr("\n\n### Service shop/cart\n"));
}

}  // namespace
}  // namespace spillway::reports
