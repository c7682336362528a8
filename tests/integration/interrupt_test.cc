// What a signal leaves behind: status 130 within a second, and nothing that looks like a result.
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "tests/integration/program.h"

namespace spillway::integration {
namespace {

using testing::ElementsAre;

class InterruptTest : public ProgramTest {
 protected:
  /// Looks again and again until `holds`; fails when that takes a minute.
  template <class Condition>
  static void wait_until(Condition holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!holds()) {
      ASSERT_LT(std::chrono::steady_clock::now(), end);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  /// The run has begun: its hidden folder is there.
  bool has_begun() const {
    return std::ranges::any_of(
        entries(), [](const std::string& name) { return name.starts_with(".r.spillway-"); });
  }

  Ended interrupted(const std::vector<std::string>& arguments, int number) const {
    Process process(folder_, arguments);
    wait_until([&] { return has_begun(); });
    const auto start = std::chrono::steady_clock::now();
    process.signal(number);
    Ended ended = process.wait();
    // A second on a machine that has time; tests run beside others.
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
    return ended;
  }
};

TEST_F(InterruptTest, EndsWith130AndNothingWritten) {
  write("a.yaml", endless_scenario());
  for (const int number : {SIGINT, SIGTERM}) {
    const Ended ended = interrupted({"run", "a.yaml", "--out", "r", "--junit", "j.xml"}, number);
    EXPECT_EQ(ended.exit_code, 130);
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(ended.err, "spillway: interrupted, nothing is written\n");
    EXPECT_THAT(entries(), ElementsAre("a.yaml"));
  }
}

TEST_F(InterruptTest, KeepsTheEarlierResult) {
  write("a.yaml", endless_scenario());
  write("r/run.json", "old");
  EXPECT_EQ(interrupted({"run", "a.yaml", "--out", "r", "--force"}, SIGINT).exit_code, 130);
  EXPECT_EQ(read("r/run.json"), "old");
  EXPECT_THAT(entries(), ElementsAre("a.yaml", "r"));
}

TEST_F(InterruptTest, KeepsTheFinishedOnesOfSeveralScenarios) {
  write("a.yaml", scenario("short", "1ms"));
  write("b.yaml", endless_scenario());
  Process process(folder_, {"run", "a.yaml", "b.yaml", "--out", "r", "--threads", "1"});
  // Replications run in order, and those of the first scenario have no work to speak of.
  wait_until([&] { return has_begun() && process.cpu_seconds() > 0.3; });
  process.signal(SIGINT);
  EXPECT_EQ(process.wait().exit_code, 130);
  EXPECT_THAT(entries("r"), ElementsAre("runs.csv", "short"));
  EXPECT_THAT(read("r/runs.csv"), testing::HasSubstr("\nendless,interrupted,130,,,,,,,,\n"));
}

TEST_F(InterruptTest, LeavesNoResultWhenKilledAndTheNextRunCleansUp) {
  write("a.yaml", endless_scenario());
  EXPECT_EQ(interrupted({"run", "a.yaml", "--out", "r"}, SIGKILL).exit_code, 128 + SIGKILL);
  EXPECT_FALSE(exists("r"));
  EXPECT_EQ(entries().size(), 2u);  // the scenario and the hidden folder
  write("a.yaml", scenario("shop"));
  EXPECT_EQ(spillway({"run", "a.yaml", "--out", "r"}).exit_code, 0);
  EXPECT_THAT(entries(), ElementsAre("a.yaml", "r"));
}

TEST_F(InterruptTest, EndsCommandsThatOnlyReadAtOnce) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe.yaml").c_str(), 0600), 0);
  Process process(folder_, {"check", "pipe.yaml"});
  wait_until([&] { return process.catches(SIGINT); });
  process.signal(SIGINT);
  EXPECT_EQ(process.wait().exit_code, 130);
}

}  // namespace
}  // namespace spillway::integration
