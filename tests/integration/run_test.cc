// `spillway run` end to end: files, exit codes, determinism, several scenarios.
#include <nlohmann/json.hpp>

#include "tests/integration/program.h"

namespace spillway::integration {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class RunTest : public ProgramTest {
 protected:
  /// What is said about an argument or file that is wrong; status 1, nothing written.
  std::string complaint(const std::vector<std::string>& arguments) const {
    const auto before = entries();
    const Ended ended = spillway(arguments);
    EXPECT_EQ(ended.exit_code, 1) << ended.err;
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(entries(), before);
    return ended.err;
  }
  void expect_same_results(const fs::path& a, const fs::path& b) const {
    for (const char* file :
         {"summary.csv", "timeseries.csv", "replications.csv", "outcomes.csv", "summary.json"})
      EXPECT_EQ(read(a / file), read(b / file)) << file;
  }
};

TEST_F(RunTest, PrintsATableAndNothingElse) {
  write("a.yaml", scenario("shop"));
  const Ended ended = spillway({"run", "a.yaml"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
  EXPECT_THAT(ended.out, StartsWith("shop: 2 s, warm-up 0 s; seed 7; profile gateway-api; 2 "
                                    "replications, 95 % intervals\n"));
  EXPECT_THAT(entries(), ElementsAre("a.yaml"));
}

TEST_F(RunTest, WritesTheSixFilesOfAResult) {
  write("a.yaml", scenario("shop"));
  const Ended ended = spillway({"run", "a.yaml", "--out", "r"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(ended.err, "spillway: results are in r\n");
  EXPECT_THAT(entries("r"), ElementsAre("outcomes.csv", "replications.csv", "run.json",
                                        "summary.csv", "summary.json", "timeseries.csv"));
  EXPECT_THAT(entries(), ElementsAre("a.yaml", "r"));
}

TEST_F(RunTest, RecordsHowItRan) {
  write("a.yaml", scenario("shop"));
  spillway({"run", "a.yaml", "--out", "r", "--threads", "1"});
  const auto json = nlohmann::json::parse(read("r/run.json"));
  EXPECT_EQ(json["seed"], 7);
  EXPECT_EQ(json["threads"], 1);
  EXPECT_EQ(json["command_line"][1], "run");
  EXPECT_GT(json["events"], 100);
  EXPECT_GT(json["peak_memory_bytes"], 1 << 20);
}

TEST_F(RunTest, IsTheSameOverThreadsAndRepetitions) {
  write("a.yaml", scenario("shop", "2s", "  objectives: [success_rate < 90%]\n"));
  spillway({"run", "a.yaml", "--out", "one", "--threads", "1"});
  spillway({"run", "a.yaml", "--out", "two", "--threads", "2"});
  spillway({"run", "a.yaml", "--out", "again", "--threads", "2"});
  EXPECT_FALSE(read("one/summary.csv").empty());
  expect_same_results("one", "two");
  expect_same_results("one", "again");
}

TEST_F(RunTest, EndsEveryRequestInExactlyOneOutcome) {
  write("a.yaml", scenario("shop"));
  spillway({"run", "a.yaml", "--out", "r"});
  const auto json = nlohmann::json::parse(read("r/summary.json"));
  double requests = 0, ended = 0;
  for (const auto& row : json["summary"])
    if (row["metric"] == "requests" && row["scope_kind"] == "traffic")
      requests += row["mean"].get<double>() * 2;
  for (const auto& row : json["outcomes"])
    if (row["scope_kind"] == "traffic") ended += row["count"].get<double>();
  EXPECT_GT(requests, 0);
  EXPECT_EQ(requests, ended);
}

TEST_F(RunTest, PrintsJsonThatIsTheFile) {
  write("a.yaml", scenario("shop"));
  const Ended ended = spillway({"run", "a.yaml", "--format", "json", "--out", "r", "--quiet"});
  EXPECT_EQ(ended.err, "");
  EXPECT_EQ(ended.out, read("r/summary.json"));
}

TEST_F(RunTest, TakesItsValuesFromFlags) {
  write("a.yaml", scenario("shop"));
  const Ended ended = spillway({"run", "a.yaml", "--seed", "9", "--replications", "3", "--duration",
                                "1s", "--set", "spec.run.warmup=100ms"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.out, StartsWith("shop: 1 s, warm-up 0.1 s; seed 9; profile gateway-api; 3 "
                                    "replications, 95 % intervals\n"));
}

TEST_F(RunTest, EndsWithThreeWhenAnObjectiveIsMissed) {
  write("a.yaml", scenario("shop", "2s", "  objectives: [success_rate >= 99%]\n"));
  const Ended ended = spillway({"run", "a.yaml", "--out", "r"});
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_THAT(ended.out, HasSubstr("  fail          success_rate >= 99%  observed "));
  EXPECT_TRUE(exists("r/summary.csv"));
}

TEST_F(RunTest, EndsWithThreeWhenAnObjectiveIsInconclusive) {
  write("a.yaml", scenario("shop", "2s", "  objectives: [success_rate >= 50%]\n"));
  const Ended ended = spillway({"run", "a.yaml"});
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_THAT(ended.out, HasSubstr("inconclusive"));
  EXPECT_THAT(ended.out, HasSubstr("raise --replications"));
}

TEST_F(RunTest, WritesObjectivesAsJunit) {
  write("a.yaml", scenario("shop", "2s", "  objectives: [success_rate >= 99%, requests > 1]\n"));
  EXPECT_EQ(spillway({"run", "a.yaml", "--junit", "junit.xml"}).exit_code, 3);
  EXPECT_THAT(read("junit.xml"),
              HasSubstr("<testsuite name=\"shop\" tests=\"2\" failures=\"1\" errors=\"0\">"));
}

TEST_F(RunTest, NeverOverwritesAResultSilently) {
  write("a.yaml", scenario("shop"));
  write("r/run.json", "old");
  EXPECT_EQ(complaint({"run", "a.yaml", "--out", "r"}),
            "spillway: error: cannot write r: it exists (--force replaces an earlier result)\n");
  EXPECT_EQ(read("r/run.json"), "old");
}

TEST_F(RunTest, ReplacesAResultWhenForced) {
  write("a.yaml", scenario("shop"));
  write("r/run.json", "old");
  EXPECT_EQ(spillway({"run", "a.yaml", "--out", "r", "--force"}).exit_code, 0);
  EXPECT_NE(read("r/run.json"), "old");
}

TEST_F(RunTest, NeverReplacesAFolderOfOtherThings) {
  write("a.yaml", scenario("shop"));
  write("r/thesis.tex", "mine");
  EXPECT_EQ(complaint({"run", "a.yaml", "--out", "r", "--force"}),
            "spillway: error: cannot replace r: it holds other files than a result (no run.json "
            "or runs.csv)\n");
  EXPECT_EQ(read("r/thesis.tex"), "mine");
}

TEST_F(RunTest, SaysWhyAPathCannotBeWritten) {
  write("a.yaml", scenario("shop"));
  write("file", "");
  EXPECT_EQ(complaint({"run", "a.yaml", "--out", "file/r"}),
            "spillway: error: cannot create file: Not a directory\n");
  EXPECT_EQ(complaint({"run", "a.yaml", "--out", "file"}),
            "spillway: error: cannot write file: it exists (--force replaces an earlier result)\n");
  EXPECT_EQ(complaint({"run", "a.yaml", "--out", "file", "--force"}),
            "spillway: error: cannot replace file: it is not a directory\n");
  EXPECT_EQ(complaint({"run", "a.yaml", "--out", "."}),
            "spillway: error: cannot write .: it names no new directory\n");
  EXPECT_EQ(complaint({"run", "a.yaml", "--junit", "no/junit.xml"}),
            "spillway: error: cannot write no/junit.xml: its folder does not exist\n");
  EXPECT_EQ(complaint({"run", "a.yaml", "--junit", "."}),
            "spillway: error: cannot write .: it is a directory\n");
}

TEST_F(RunTest, SaysThatTheDiskIsFull) {
  write("a.yaml", scenario("shop"));
  const std::string command = std::string("cd '") + folder_.string() + "' && '" + SPILLWAY_BINARY +
                              "' run a.yaml > /dev/full 2> err";
  EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 1);
  EXPECT_EQ(read("err"),
            "spillway: error: cannot write to standard output: No space left on device\n");
}

TEST_F(RunTest, DoesNotMindAReaderThatGoesAway) {
  write("a.yaml", scenario("shop"));
  const std::string command = std::string("cd '") + folder_.string() + "' && { '" +
                              SPILLWAY_BINARY +
                              "' run a.yaml --format json 2> err; echo $? > code; } | true";
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(read("err"), "");
  EXPECT_EQ(read("code"), "0\n");
}

TEST_F(RunTest, SaysThatAScenarioCannotBeRead) {
  fs::create_directory(folder_ / "empty");
  EXPECT_EQ(complaint({"run", "no.yaml"}),
            "no.yaml: error: cannot be read: there is no such file [file]\n");
  EXPECT_EQ(complaint({"run", "empty"}),
            "spillway: error: empty: no scenario file in this folder\n");
  EXPECT_EQ(complaint({"run", "*.yaml"}), "spillway: error: *.yaml: no scenario file matches\n");
}

TEST_F(RunTest, PlacesWhatIsWrongInAFile) {
  write("a.yaml", scenario("shop", "2s", "  objectves: []\n"));
  EXPECT_THAT(complaint({"run", "a.yaml", "--out", "r"}),
              StartsWith("a.yaml:14:3: error: spec: unknown field (got \"objectves\", expected "));
}

TEST_F(RunTest, PlacesObjectivesThatNoRunCanAnswer) {
  write("a.yaml", scenario("shop", "2s", "  objectives:\n    - utilization < 90%\n"));
  EXPECT_THAT(complaint({"run", "a.yaml"}),
              StartsWith("a.yaml:15:7: error: utilization is not measured for all traffic together "
                         "[objective]\n"));
}

TEST_F(RunTest, RefusesProfilesThatDoNotExist) {
  write("a.yaml", scenario("shop"));
  EXPECT_THAT(complaint({"run", "a.yaml", "--profile", "istio"}),
              HasSubstr("error: unknown profile (got \"istio\", expected one of gateway-api"));
}

TEST_F(RunTest, RefusesSettingsThatNameNothing) {
  write("a.yaml", scenario("shop"));
  EXPECT_THAT(complaint({"run", "a.yaml", "--set", "spec.rum.seed=3"}), HasSubstr(": error: "));
  EXPECT_THAT(complaint({"run", "a.yaml", "--set", "HTTPRoute/default/x:spec.rules[0].name=y"}),
              HasSubstr(": error: "));
}

TEST_F(RunTest, RunsSeveralScenariosIntoOneFolder) {
  write("s/a.yaml", scenario("first"));
  write("s/b.yaml", scenario("second", "2s", "  objectives: [success_rate >= 99%]\n"));
  write("s/manifest.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n");
  const Ended ended = spillway({"run", "s", "--out", "r"});
  EXPECT_EQ(ended.exit_code, 3) << ended.err;
  EXPECT_THAT(entries("r"), ElementsAre("first", "runs.csv", "second"));
  EXPECT_THAT(entries("r/first"), testing::SizeIs(6));
  const std::string runs = read("r/runs.csv");
  EXPECT_THAT(runs, StartsWith("scenario,status,exit_code,scope_kind,scope,metric,mean,ci_low,"
                               "ci_high,replications,unit\nfirst,ok,0,traffic,clients,requests,"));
  EXPECT_THAT(runs, HasSubstr("\nsecond,objectives missed,3,traffic,clients,requests,"));
}

TEST_F(RunTest, GivesAScenarioTheSameResultAloneAndAmongOthers) {
  write("a.yaml", scenario("first"));
  write("b.yaml", scenario("second"));
  spillway({"run", "a.yaml", "--out", "alone"});
  spillway({"run", "b.yaml", "a.yaml", "--out", "both"});
  expect_same_results("alone", "both/first");
}

TEST_F(RunTest, RunsTheGoodOnesOfSeveralScenarios) {
  write("a.yaml", scenario("first"));
  write("b.yaml", "kind: Scenario\n");
  const Ended ended = spillway({"run", "a.yaml", "b.yaml", "--out", "r", "--junit", "j.xml"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.err, HasSubstr("b.yaml:1:1: error: "));
  EXPECT_THAT(entries("r"), ElementsAre("first", "runs.csv"));
  EXPECT_THAT(read("r/runs.csv"), HasSubstr("\nb.yaml,input error,1,,,,,,,,\n"));
  EXPECT_THAT(read("j.xml"), HasSubstr("<error type=\"input error\""));
}

TEST_F(RunTest, RefusesTwoScenariosOfOneName) {
  write("a.yaml", scenario("same"));
  write("b.yaml", scenario("same"));
  const Ended ended = spillway({"run", "a.yaml", "b.yaml", "--out", "r"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(
      ended.err,
      HasSubstr("error: the scenario \"same\" of a.yaml has the same name [scenario-name]"));
}

TEST_F(RunTest, PrintsSeveralScenariosAsAJsonArray) {
  write("a.yaml", scenario("first"));
  write("b.yaml", scenario("second"));
  const Ended ended = spillway({"run", "a.yaml", "b.yaml", "--format", "json"});
  const auto json = nlohmann::json::parse(ended.out);
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[1]["scenario"], "second");
}

TEST_F(RunTest, PutsWarningsOnStandardErrorUnlessQuiet) {
  write("a.yaml", scenario("shop") + R"(---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: b}
spec:
  parentRefs: [{group: "", kind: Service, name: b}]
  rules: [{backendRefs: [{name: b, port: 80}], retry: {attempts: 3}}]
)");
  const Ended ended = spillway({"run", "a.yaml"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.err, HasSubstr(": warning: "));
  EXPECT_EQ(spillway({"run", "a.yaml", "--quiet"}).err, "");
}

}  // namespace
}  // namespace spillway::integration
