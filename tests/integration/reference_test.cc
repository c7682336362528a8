// The scenario reference is generated: docs/scenario_reference.md is what the program prints.
#include <fstream>
#include <sstream>

#include "tests/integration/program.h"

namespace spillway::integration {
namespace {

class ScenarioReference : public ProgramTest {};

TEST_F(ScenarioReference, IsWhatTheSchemaSays) {
  std::ostringstream committed;
  committed << std::ifstream(SPILLWAY_SOURCE_DIR "/docs/scenario_reference.md").rdbuf();
  EXPECT_TRUE(spillway({"schema", "--reference"}).out == committed.str())
      << "write it anew: spillway schema --reference > docs/scenario_reference.md";
}

}  // namespace
}  // namespace spillway::integration
