// Wrong command lines: status 2, nothing on standard output, and words that say what to do.
#include "tests/integration/program.h"

namespace spillway::integration {
namespace {

class UsageTest : public ProgramTest {
 protected:
  /// The first line on standard error of a command line that is wrong.
  std::string complaint(const std::vector<std::string>& arguments) const {
    const Ended ended = spillway(arguments);
    EXPECT_EQ(ended.exit_code, 2) << ended.err;
    EXPECT_EQ(ended.out, "");
    EXPECT_THAT(ended.err, testing::HasSubstr("\nUsage: spillway "));
    return ended.err.substr(0, ended.err.find('\n'));
  }
};

TEST_F(UsageTest, NamesTheCommandsWhenNoneIsGiven) {
  EXPECT_EQ(
      complaint({}),
      "spillway: error: a command is missing: run, check, route, explain, export, schema, profiles "
      "or completion");
}

TEST_F(UsageTest, SuggestsTheCommandThatWasMeant) {
  EXPECT_EQ(complaint({"rnu", "a.yaml"}),
            "spillway: error: unknown command \"rnu\"; did you mean \"run\"?");
  EXPECT_EQ(complaint({"frobnicate"}), "spillway: error: unknown command \"frobnicate\"");
}

TEST_F(UsageTest, SuggestsTheOptionThatWasMeant) {
  EXPECT_EQ(complaint({"run", "a.yaml", "--sed=4"}),
            "spillway: error: unknown option --sed of run; did you mean \"--seed\"?");
  EXPECT_EQ(complaint({"check", "a.yaml", "--fromat", "json"}),
            "spillway: error: unknown option --fromat of check; did you mean \"--format\"?");
  EXPECT_EQ(complaint({"run", "a.yaml", "-x"}), "spillway: error: unknown option -x of run");
}

TEST_F(UsageTest, SaysWhatIsMissing) {
  EXPECT_EQ(complaint({"run"}), "spillway: error: run: SCENARIO is missing");
  EXPECT_EQ(complaint({"explain"}), "spillway: error: explain: SCENARIO is missing");
  EXPECT_EQ(complaint({"check"}), "spillway: error: check: FILE is missing");
  EXPECT_EQ(complaint({"route", "-f", "a.yaml"}), "spillway: error: route: --url is missing");
  EXPECT_EQ(complaint({"completion"}), "spillway: error: completion: SHELL is missing");
  EXPECT_EQ(complaint({"run", "a.yaml", "--out"}), "spillway: error: --out needs a value");
}

TEST_F(UsageTest, SaysWhatIsTooMuch) {
  EXPECT_EQ(complaint({"schema", "a.yaml"}),
            "spillway: error: unexpected argument \"a.yaml\" of schema");
  EXPECT_EQ(complaint({"explain", "a.yaml", "b.yaml"}),
            "spillway: error: unexpected argument \"b.yaml\" of explain");
}

TEST_F(UsageTest, RefusesNumbersThatAreNone) {
  EXPECT_EQ(complaint({"run", "a.yaml", "--seed", "abc"}),
            "spillway: error: --seed: expected a whole number from 0 to 18446744073709551615, got "
            "\"abc\"");
  EXPECT_EQ(complaint({"run", "a.yaml", "--seed", "18446744073709551616"}),
            "spillway: error: --seed: expected a whole number from 0 to 18446744073709551615, got "
            "\"18446744073709551616\"");
  EXPECT_EQ(complaint({"run", "a.yaml", "--replications", "0"}),
            "spillway: error: --replications: expected a whole number from 1 to 4294967295, got "
            "\"0\"");
  EXPECT_EQ(complaint({"run", "a.yaml", "--threads", "1.5"}),
            "spillway: error: --threads: expected a whole number from 1 to 4096, got \"1.5\"");
  EXPECT_EQ(
      complaint({"explain", "a.yaml", "--replication", "-1"}),
      "spillway: error: --replication: expected a whole number from 0 to 4294967295, got \"-1\"");
  EXPECT_EQ(complaint({"explain", "a.yaml", "--request", "first"}),
            "spillway: error: --request: expected a request's number or \"all\", got \"first\"");
}

TEST_F(UsageTest, RefusesWordsThatAreNoChoice) {
  EXPECT_EQ(complaint({"run", "a.yaml", "--format", "xml"}),
            "spillway: error: --format: expected table or json, got \"xml\"");
  EXPECT_EQ(complaint({"check", "a.yaml", "--format", "xml"}),
            "spillway: error: --format: expected text, json, sarif or markdown, got \"xml\"");
  EXPECT_EQ(complaint({"check", "a.yaml", "--channel", "beta"}),
            "spillway: error: --channel: expected standard or experimental, got \"beta\"");
  EXPECT_EQ(complaint({"completion", "csh"}),
            "spillway: error: SHELL: expected bash, zsh or fish, got \"csh\"");
}

TEST_F(UsageTest, RefusesSettingsWithoutAValue) {
  EXPECT_EQ(complaint({"run", "a.yaml", "--out", ""}),
            "spillway: error: --out: expected a directory, got \"\"");
  EXPECT_EQ(complaint({"run", "a.yaml", "--set", "spec.run.seed"}),
            "spillway: error: --set: expected PATH=VALUE, got \"spec.run.seed\"");
}

TEST_F(UsageTest, RefusesRequestsThatCannotBeMade) {
  const auto asked = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"route", "-f", "a.yaml"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return complaint(arguments);
  };
  EXPECT_EQ(asked({"--url", "shop.example.com/pay"}),
            "spillway: error: --url: expected http://HOST/PATH or https://HOST/PATH, got "
            "\"shop.example.com/pay\"");
  EXPECT_EQ(asked({"--url", "http://a/", "-H", "gold"}),
            "spillway: error: --header: expected \"NAME: VALUE\", got \"gold\"");
  EXPECT_EQ(asked({"--url", "http://a/", "--gateway", "edge"}),
            "spillway: error: --gateway: expected NAMESPACE/NAME or NAMESPACE/NAME:PORT, got "
            "\"edge\"");
  EXPECT_EQ(asked({"--url", "http://a/", "--service", "b.shop:0"}),
            "spillway: error: --service: expected NAME.NAMESPACE or NAME.NAMESPACE:PORT, got "
            "\"b.shop:0\"");
  EXPECT_EQ(asked({"--url", "http://a/", "--service", "b", "--gateway", "a/b"}),
            "spillway: error: --gateway excludes --service");
  EXPECT_EQ(asked({"--url", "http://a/", "--from-namespace", "shop"}),
            "spillway: error: --from-namespace requires --service");
}

TEST_F(UsageTest, PrintsHelpOnStandardOutput) {
  for (const char* command :
       {"run", "check", "route", "explain", "export", "schema", "profiles", "completion"}) {
    const Ended ended = spillway({command, "--help"});
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_EQ(ended.err, "");
    EXPECT_THAT(ended.out, testing::HasSubstr(std::string("Usage: spillway ") + command));
  }
}

TEST_F(UsageTest, PrintsTheVersion) {
  const Ended ended = spillway({"--version"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.out, testing::MatchesRegex("spillway [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(UsageTest, HasOnlyCommandsThatDoSomething) {
  for (const char* command : {"batch", "merge", "compare", "solve", "tune", "report", "import"})
    EXPECT_THAT(complaint({command}), testing::StartsWith("spillway: error: unknown command"));
}

}  // namespace
}  // namespace spillway::integration
