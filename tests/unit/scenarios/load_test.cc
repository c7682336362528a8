#include "scenarios/load.h"

#include <gtest/gtest.h>

#include "tests/unit/scenarios/scenario_files.h"

namespace spillway::scenarios {
namespace {

std::string route(const std::string& name, const std::string& more = "") {
  return "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: " + name +
         ", namespace: shop}\nspec:\n  parentRefs: [{group: \"\", kind: Service, name: a}]\n"
         "  rules: [{backendRefs: [{name: a, port: 80}]" +
         more + "}]\n";
}

using Load = ScenarioFiles;

TEST_F(Load, ReadsManifestsOfTheFileAndOfItsList) {
  Sections s;
  s.rest = "  manifests: [routes/*.yaml, one.yaml]\n---\n" + route("inline");
  write("s.yaml", s.text());
  write("routes/b.yaml", route("b"));
  write("routes/a.yaml", route("a1") + "---\n" + route("a2"));
  write("one.yaml", route("one"));
  const auto spec = load();
  ASSERT_TRUE(spec) << messages(spec.diagnostics());
  std::string names;
  for (const auto& r : spec->resources.http_routes) names += r.meta.name + " ";
  EXPECT_EQ(names, "inline a1 a2 b one ");
  EXPECT_EQ(spec->scenario.name, "x");
}

TEST_F(Load, ReadsAFileThatIsListedTwiceOnce) {
  Sections s;
  s.rest = "  manifests: [r.yaml, ./r.yaml, '*.yaml', sub/../r.yaml]\n";
  write("s.yaml", s.text());
  write("r.yaml", route("r"));
  write("sub/x.txt", "");
  const auto spec = load();
  ASSERT_TRUE(spec) << messages(spec.diagnostics());
  EXPECT_EQ(spec->resources.http_routes.size(), 1u);
}

TEST_F(Load, FindsFilesInDeepFoldersAndFolders) {
  Sections s;
  s.rest = "  manifests: ['deep/**/*.yaml', plain]\n";
  write("s.yaml", s.text());
  write("deep/r1.yaml", route("r1"));
  write("deep/x/y/r2.yaml", route("r2"));
  write("plain/r3.json",
        R"({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
            "metadata": {"name": "r3", "namespace": "shop"}, "spec": {}})");
  write("plain/notes.txt", "nothing");
  const auto spec = load();
  ASSERT_TRUE(spec) << messages(spec.diagnostics());
  EXPECT_EQ(spec->resources.http_routes.size(), 3u);
}

TEST_F(Load, ComplainsAboutManifestsThatAreNotThere) {
  Sections s;
  s.rest = "  manifests: [no.yaml, 'x/*.yaml', empty]\n";
  write("s.yaml", s.text());
  std::filesystem::create_directories(folder_ / "empty");
  EXPECT_EQ(complaints(),
            "s.yaml:7:15: error: there is no such file (got \"no.yaml\") [file]\n"
            "    hint: looked for no.yaml\n"
            "s.yaml:7:24: error: no file matches (got \"x/*.yaml\") [file]\n"
            "    hint: looked for x/*.yaml\n"
            "s.yaml:7:36: error: no manifest in the folder (got \"empty\", expected a .yaml, .yml "
            "or .json file in it) [file]\n"
            "    hint: looked for empty");
}

TEST_F(Load, TellsTheErrorsOfAllFilesAtOnce) {
  Sections s;
  s.services = "[{name: a, replicas: 0}]";
  s.rest = "  manifests: [broken.yaml, wrong.yaml]\n";
  write("s.yaml", s.text());
  write("broken.yaml", "a: [\n");
  write("wrong.yaml", route("r", ", retries: 3"));
  const std::string all = complaints();
  EXPECT_NE(all.find("broken.yaml:2:1: error: a list that was opened with [ is not closed"),
            std::string::npos)
      << all;
  EXPECT_NE(all.find("s.yaml:5:34: error: spec.services[0].replicas: out of range"),
            std::string::npos)
      << all;
  EXPECT_NE(all.find("wrong.yaml:6:"), std::string::npos) << all;
}

TEST_F(Load, RefusesAScenarioAmongManifests) {
  Sections s;
  s.rest = "  manifests: [other.yaml]\n";
  write("s.yaml", s.text());
  write("other.yaml", Sections().text());
  EXPECT_EQ(complaints(),
            "other.yaml:1:1: error: not a manifest (got a Scenario, expected a Kubernetes object) "
            "[wrong-kind]\n    hint: `manifests` lists what is applied to the cluster");
}

TEST_F(Load, RefusesTwoScenariosInOneFile) {
  write("s.yaml", Sections().text() + "---\n" + Sections().text());
  EXPECT_EQ(complaints(),
            "s.yaml:8:1: error: a second Scenario in one file, the first is at s.yaml:1:1 "
            "(expected one) [wrong-kind]");
}

TEST_F(Load, RefusesFilesWithoutAScenario) {
  write("s.yaml", route("r"));
  EXPECT_EQ(complaints(),
            "s.yaml: error: the file holds no Scenario (got other documents, expected apiVersion: "
            "spillway.dev/v1alpha1 and kind: Scenario) [wrong-kind]");
  write("s.yaml", "# nothing\n");
  EXPECT_EQ(complaints(),
            "s.yaml: error: the file holds no Scenario (got nothing, expected apiVersion: "
            "spillway.dev/v1alpha1 and kind: Scenario) [wrong-kind]");
}

TEST_F(Load, KnowsAnExperimentWhenItSeesOne) {
  write("s.yaml", "apiVersion: spillway.dev/v1alpha1\nkind: Experiment\nmetadata: {name: e}\n");
  EXPECT_EQ(complaints(),
            "s.yaml:1:1: error: not a Scenario (got an Experiment, expected kind: Scenario) "
            "[wrong-kind]\n    hint: `spillway batch` runs experiments");
}

TEST_F(Load, NamesBothPlacesOfAnObjectThatIsDefinedTwice) {
  Sections s;
  s.rest = "  manifests: [r1.yaml, r2.yaml]\n";
  write("s.yaml", s.text());
  write("r1.yaml", route("r"));
  write("r2.yaml", route("r"));
  const std::string all = complaints();
  EXPECT_NE(all.find("r2.yaml:"), std::string::npos) << all;
  EXPECT_NE(all.find("r1.yaml:"), std::string::npos) << all;
}

TEST_F(Load, TakesServicesAndPortsFromManifests) {
  Sections s;
  s.services = "[{name: a, operations: [{steps: [{call: {service: \"front:90\"}}]}]}]";
  s.traffic = "[{name: t, to: {service: \"a:80\"}, arrivals: {times: [0s]}}]";
  s.rest =
      "---\napiVersion: v1\nkind: Service\nmetadata: {name: front}\nspec: {ports: [{port: 90}]}\n"
      "---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 91}]}\n";
  write("s.yaml", s.text());
  EXPECT_EQ(complaints(),
            "s.yaml:6:37: error: service a.default has no such port (got \"80\", expected 91) "
            "[unknown-name]");
}

TEST_F(Load, ReadsATraceOfTimes) {
  Sections s;
  s.traffic = "[{name: t, to: {service: a}, arrivals: {trace: {file: data/t.csv}}}]";
  write("s.yaml", s.text());
  write("data/t.csv", "# recorded\ntime_ms\r\n0\n1.5\n1.5\n20\n");
  const auto spec = load();
  ASSERT_TRUE(spec) << messages(spec.diagnostics());
  EXPECT_EQ(spec->scenario.traffic[0].arrivals,
            model::Arrivals(model::TimedArrivals{{sim::Time{0}, sim::Time{1'500'000},
                                                  sim::Time{1'500'000}, sim::Time{20'000'000}}}));
}

TEST_F(Load, ReadsATraceOfRates) {
  Sections s;
  s.traffic = "[{name: t, to: {service: a}, arrivals: {trace: {file: t.csv}}}]";
  write("s.yaml", s.text());
  write("t.csv", "time_s,requests\n0,100\n10,300\n20,0\n30,50\n");
  const auto spec = load();
  ASSERT_TRUE(spec) << messages(spec.diagnostics());
  const auto& points =
      std::get<model::PoissonArrivals>(spec->scenario.traffic[0].arrivals).rate.points;
  std::string text;
  for (const auto& p : points)
    text += std::to_string(p.at.ns / 1'000'000'000) + ":" +
            std::to_string(static_cast<int>(p.per_second)) + " ";
  EXPECT_EQ(text, "0:10 10:10 10:30 20:30 20:0 30:0 30:5 40:5 40:0 ");
}

TEST_F(Load, PlacesTheErrorsOfACsvFile) {
  Sections s;
  s.traffic = "[{name: t, to: {service: a}, arrivals: {trace: {file: t.csv}}}]";
  write("s.yaml", s.text());
  const auto with = [&](const std::string& csv) {
    write("t.csv", csv);
    return complaints();
  };
  EXPECT_EQ(with("time_s\n0\nx\n"),
            "t.csv:3:1: error: not a duration (got \"x\", expected a number of s) [csv]");
  EXPECT_EQ(with("time_s\n5\n3\n"),
            "t.csv:3:1: error: the times do not ascend (expected a time after that of the row "
            "before) [csv]");
  EXPECT_EQ(with("when\n5\n"),
            "t.csv:1:1: error: a column is missing (expected time_ms or time) [csv]");
  EXPECT_EQ(with("time_s,rate_per_s\n5\n"),
            "t.csv:2:1: error: the row does not fit the first one (got 1 cells, expected 2) [csv]");
  EXPECT_EQ(with("time_s,requests\n5,6\n"),
            "t.csv:1:1: error: the length of the interval is not known (got one row, expected at "
            "least two, or a column rate_per_s) [csv]");
  EXPECT_EQ(with(""), "t.csv: error: the file holds no rows [csv]");
  EXPECT_EQ(with("time_s\n"),
            "t.csv:1:1: error: no rows below the header (expected at least one) [csv]");
}

TEST_F(Load, ReadsAHistogram) {
  Sections s;
  s.services = "[{name: a, operations: [{steps: [{work: {empirical: {file: h.csv}}}]}]}]";
  write("s.yaml", s.text());
  const auto law = [&](const std::string& csv) {
    write("h.csv", csv);
    const auto spec = load();
    EXPECT_TRUE(spec) << messages(spec.diagnostics());
    if (!spec) return sim::Distribution();
    const auto& step = spec->scenario.services[0].operations[0].steps[0];
    return std::get<sim::Distribution>(std::get<model::WorkStep>(step.action).time);
  };
  const sim::Duration one{1'000'000};
  const sim::Duration two{2'000'000};
  EXPECT_EQ(law("value_ms,count\n1,30\n2,10\n"),
            sim::Distribution::empirical({{0.75, one}, {1, two}}));
  EXPECT_EQ(law("value,cumulative\n1ms,0.75\n2ms,1\n"),
            sim::Distribution::empirical({{0.75, one}, {1, two}}));
  EXPECT_EQ(law("value_us\n2000\n1000\n"),
            sim::Distribution::empirical({{0, one}, {0.5, one}, {1, two}}));
}

using LoadFiles = ScenarioFiles;

TEST_F(LoadFiles, ReadsFoldersAndKeepsScenariosApart) {
  Sections s;
  s.rest = "  manifests: [r.yaml]\n";
  write("one/s.yaml", s.text());
  write("one/r.yaml", route("of-scenario"));
  write("two/r.yaml", route("plain"));
  const auto files = load_files({folder_});
  ASSERT_TRUE(files) << messages(files.diagnostics());
  ASSERT_EQ(files->scenarios.size(), 1u);
  EXPECT_EQ(files->scenarios[0].resources.http_routes.at(0).meta.name, "of-scenario");
  ASSERT_EQ(files->resources.http_routes.size(), 1u);
  EXPECT_EQ(files->resources.http_routes[0].meta.name, "plain");
}

TEST_F(LoadFiles, ComplainsAboutEmptyFoldersAndMissingFiles) {
  std::filesystem::create_directories(folder_ / "empty");
  EXPECT_EQ(relative(messages(load_files({folder_ / "empty", folder_ / "no.yaml"}).diagnostics())),
            "empty: error: no manifest in the folder (expected a .yaml, .yml or .json file in it) "
            "[file]\n"
            "no.yaml: error: cannot be read: there is no such file [file]");
}

TEST_F(LoadFiles, ChecksManifestsAgainstTheGivenChannel) {
  write("r.yaml", route("r", ", retry: {attempts: 2}"));
  EXPECT_TRUE(load_files({folder_ / "r.yaml"}));
  LoadOptions standard;
  standard.channel = model::Channel::standard;
  const auto refused = load_files({folder_ / "r.yaml"}, standard);
  ASSERT_FALSE(refused);
  EXPECT_NE(relative(messages(refused.diagnostics())).find("r.yaml:6:"), std::string::npos);
}

TEST(LoadSize, ReadsTenThousandServices) {
  std::string text =
      "apiVersion: spillway.dev/v1alpha1\nkind: Scenario\nmetadata: {name: big}\n"
      "spec:\n  services:\n";
  constexpr int kServices = 10'000;
  for (int i = 0; i < kServices; ++i) {
    text += "    - name: s" + std::to_string(i) +
            "\n      operations:\n        - steps:\n"
            "            - work: {exponential: {mean: 5ms}}\n";
    for (int j = 1; j <= 3; ++j)
      text += "            - call: {service: s" + std::to_string((i + j) % kServices) + "}\n";
  }
  text += "  traffic: [{name: t, to: {service: s0}, arrivals: {poisson: {rate: 10/s}}}]\n";
  const auto file = std::filesystem::path(testing::TempDir()) / "spillway.big.yaml";
  std::ofstream(file) << text;
  const auto spec = load_scenario(file);
  std::filesystem::remove(file);
  ASSERT_TRUE(spec) << messages(spec.diagnostics());
  EXPECT_EQ(spec->scenario.services.size(), 10'000u);
  std::size_t calls = 0;
  for (const auto& service : spec->scenario.services)
    for (const auto& step : service.operations[0].steps)
      calls += std::holds_alternative<model::CallStep>(step.action);
  EXPECT_EQ(calls, 30'000u);
}

}  // namespace
}  // namespace spillway::scenarios
