// The scenario reference is generated: docs/scenario_reference.md is what `spillway schema
// --reference` prints.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace spillway {
namespace {

TEST(ScenarioReference, IsWhatTheSchemaSays) {
  FILE* pipe = popen("'" SPILLWAY_BINARY "' schema --reference", "r");
  ASSERT_NE(pipe, nullptr);
  std::string printed;
  std::array<char, 4096> buffer;
  for (std::size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    printed.append(buffer.data(), n);
  }
  EXPECT_EQ(pclose(pipe), 0);
  std::ostringstream committed;
  committed << std::ifstream(SPILLWAY_SOURCE_DIR "/docs/scenario_reference.md").rdbuf();
  EXPECT_TRUE(printed == committed.str())
      << "write it anew: spillway schema --reference > docs/scenario_reference.md";
}

}  // namespace
}  // namespace spillway
