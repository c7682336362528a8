// Every example on every profile, and the table that an example's script prints of all profiles.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "tests/integration/program.h"

namespace spillway::integration {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = SPILLWAY_SOURCE_DIR;

Ended run(const std::vector<std::string>& arguments) { return Process(kRoot, arguments).wait(); }

std::vector<std::string> profiles() {
  std::vector<std::string> names;
  const Ended listed = run({"profiles", "--format", "json"});
  for (const auto& profile : nlohmann::json::parse(listed.out)) names.push_back(profile.at("name"));
  return names;
}

std::vector<std::string> examples() {
  std::vector<std::string> names;
  for (const auto& folder : fs::directory_iterator(kRoot / "scenarios/examples"))
    names.push_back(folder.path().filename());
  std::ranges::sort(names);
  return names;
}

/// A scenario with a fault or an option of proxies that the profile does not have: told, not run.
bool is_of_another_mesh(const Ended& ended) {
  const auto says = [&](const char* rule) { return ended.err.find(rule) != std::string::npos; };
  return ended.exit_code == 1 && (says("[unknown-proxy]") || says("[unknown-option]"));
}

class Examples : public testing::TestWithParam<std::string> {};

TEST_P(Examples, RunOnEveryProfileToTheSameBytesOnOneAndTwoThreads) {
  int ran = 0;
  for (const std::string& profile : profiles()) {
    std::vector<std::string> arguments{"run",        "scenarios/examples/" + GetParam(),
                                       "--profile",  profile,
                                       "--duration", "5s",
                                       "--format",   "json",
                                       "--set",      "Scenario:spec.run.warmup=0s",
                                       "--set",      "Scenario:spec.run.replications=2",
                                       "--threads",  "1"};
    const Ended one = run(arguments);
    arguments.back() = "2";
    const Ended two = run(arguments);
    if (is_of_another_mesh(one)) continue;
    ++ran;
    EXPECT_TRUE(one.exit_code == 0 || one.exit_code == 3) << profile << "\n" << one.err;
    EXPECT_FALSE(one.out.empty()) << profile;
    EXPECT_EQ(one.out, two.out) << profile;
    EXPECT_EQ(one.exit_code, two.exit_code) << profile;
  }
  EXPECT_GT(ran, 0);
}

INSTANTIATE_TEST_SUITE_P(All, Examples, testing::ValuesIn(examples()), [](const auto& example) {
  std::string name = example.param;
  std::ranges::replace_if(
      name, [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
});

std::string printed(const std::string& command) {
  const fs::path binary = SPILLWAY_BINARY;
  const std::string all = "PATH='" + binary.parent_path().string() + "':\"$PATH\" " + command;
  FILE* pipe = popen(all.c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer;
  for (std::size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), n);
  pclose(pipe);
  return text;
}

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

TEST(OneRouteEveryMesh, PrintsTheTableThatIsHeldAsAGoldenFile) {
  const fs::path folder = kRoot / "scenarios/examples/one-route-every-mesh";
  const fs::path golden = kRoot / "tests/golden/one_route_every_mesh.txt";
  const std::string table = printed("'" + (folder / "table").string() + "'");
  if (std::getenv("SPILLWAY_UPDATE_GOLDEN")) {
    std::ofstream(golden) << table;
    return;
  }
  EXPECT_EQ(text_of(golden), table);
  EXPECT_NE(text_of(folder / "README.md").find(table), std::string::npos)
      << "its README shows another table";
}

}  // namespace
}  // namespace spillway::integration
