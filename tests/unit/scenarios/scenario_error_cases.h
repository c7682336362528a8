// Table tests of bad scenarios.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "tests/unit/scenarios/scenario_files.h"

namespace spillway::scenarios {

struct BadCase {
  std::string name;
  Sections scenario;
  std::string expected;  ///< all diagnostics
};
inline std::ostream& operator<<(std::ostream& out, const BadCase& c) { return out << c.name; }
inline std::string case_name(const testing::TestParamInfo<BadCase>& info) {
  return info.param.name;
}

class BadScenario : public ScenarioFiles, public testing::WithParamInterface<BadCase> {};

}  // namespace spillway::scenarios
