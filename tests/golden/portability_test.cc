// The portability table of the route that everybody writes. If a difference is meant, write the
// file anew as golden_test.cc says.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "model/profiles/portability.h"
#include "reports/portability.h"
#include "scenarios/load.h"

namespace spillway {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = SPILLWAY_SOURCE_DIR;

std::string table_of(const fs::path& manifest) {
  auto files = scenarios::load_files({manifest});
  EXPECT_TRUE(files);
  std::vector<model::Portability> tables{model::portability(files->resources)};
  for (model::Portability::Row& row : tables[0].rows)
    if (row.place.file)
      row.place.file =
          std::make_shared<const std::string>(fs::path(*row.place.file).filename().string());
  std::ostringstream out;
  reports::write_portability_text(out, tables);
  return out.str();
}

TEST(PortabilityGolden, IsUnchanged) {
  const fs::path file = kRoot / "tests/golden/portability_service_b_retry.txt";
  const std::string now =
      table_of(kRoot / "scenarios/examples/service-b-retry/service-b-retry.yaml");
  if (std::getenv("SPILLWAY_UPDATE_GOLDEN")) {
    std::ofstream(file) << now;
    return;
  }
  std::ostringstream before;
  before << std::ifstream(file).rdbuf();
  EXPECT_EQ(before.str(), now) << "in " << file;
}

}  // namespace
}  // namespace spillway
