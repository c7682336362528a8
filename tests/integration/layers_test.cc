// Reads every #include line of the repository: an edge that the layering does not allow fails.
#include "tests/integration/layers.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace spillway::layers {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

std::string contents(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

/// The sources of the product, as paths from the repository root.
std::vector<std::string> sources() {
  std::vector<std::string> found;
  const fs::path root = SPILLWAY_SOURCE_DIR;
  for (const char* layer : {"sim", "model", "scenarios", "reports", "batch", "cli", "gui"}) {
    if (!fs::exists(root / layer)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / layer)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cc") continue;
      found.push_back(fs::relative(entry.path(), root).generic_string());
    }
  }
  std::ranges::sort(found);
  return found;
}

std::vector<std::string> violations(const std::string& file, const std::string& text) {
  std::vector<std::string> found;
  for (const Include& include : includes_of(text)) {
    if (const auto wrong = violation(file, include)) {
      found.push_back(file + ":" + std::to_string(include.line) + ": " + *wrong);
    }
  }
  return found;
}

TEST(Layers, PointDownOnly) {
  const fs::path root = SPILLWAY_SOURCE_DIR;
  const std::vector<std::string> files = sources();
  ASSERT_GT(files.size(), 30u);
  for (const std::string& file : files) {
    EXPECT_THAT(violations(file, contents(root / file)), IsEmpty());
  }
}

TEST(Layers, IncludeOnlyFilesOfTheRepositoryInQuotes) {
  const fs::path root = SPILLWAY_SOURCE_DIR;
  for (const std::string& file : sources()) {
    for (const Include& include : includes_of(contents(root / file))) {
      if (include.angle) continue;
      EXPECT_TRUE(fs::is_regular_file(root / include.name)) << file << ": " << include.name;
    }
  }
}

TEST(Layers, KeepTheMeshOutOfTheEngine) {
  const fs::path root = SPILLWAY_SOURCE_DIR;
  for (const std::string& file : sources()) {
    if (!file.starts_with("sim/")) continue;
    EXPECT_EQ(mesh_word(contents(root / file)).value_or(""), "") << file;
  }
}

// The checks themselves: each plants a wrong line and expects it to be found.

TEST(LayerCheck, ReadsIncludeLines) {
  EXPECT_THAT(
      includes_of("#pragma once\n#include <vector>\n  #  include \"sim/time.h\"\n// #include"),
      ElementsAre(Include{"vector", true, 2}, Include{"sim/time.h", false, 3}));
}

TEST(LayerCheck, FindsEdgesThatPointUp) {
  EXPECT_THAT(violations("sim/time.h", "#include \"model/spec/scenario.h\"\n"),
              ElementsAre("sim/time.h:1: sim may not include model/spec/scenario.h"));
  EXPECT_THAT(violations("model/neutral/a.cc", "\n#include \"model/run/mesh.h\"\n"),
              ElementsAre("model/neutral/a.cc:2: model/neutral may not include model/run/mesh.h"));
}

TEST(LayerCheck, FindsEdgesThatPointSideways) {
  EXPECT_THAT(violations("reports/csv.cc", "#include \"scenarios/load.h\"\n"),
              ElementsAre("reports/csv.cc:1: reports may not include scenarios/load.h"));
  EXPECT_THAT(
      violations("model/analytic/a.cc", "#include \"model/run/mesh.h\"\n"),
      ElementsAre("model/analytic/a.cc:1: model/analytic may not include model/run/mesh.h"));
}

TEST(LayerCheck, AllowsEdgesThatPointDown) {
  EXPECT_THAT(violations("cli/run.cc", "#include \"scenarios/load.h\"\n#include <CLI/CLI.hpp>\n"),
              IsEmpty());
  EXPECT_THAT(violations("model/run/mesh.cc", "#include \"model/graph/graph.h\"\n"), IsEmpty());
}

TEST(LayerCheck, KeepsLibrariesWhereTheyBelong) {
  EXPECT_THAT(
      violations("model/run/a.cc", "#include <boost/graph/adjacency_list.hpp>\n"),
      ElementsAre("model/run/a.cc:1: model/run may not use boost/graph/adjacency_list.hpp"));
  EXPECT_THAT(violations("cli/a.cc", "#include <nlohmann/json.hpp>\n"),
              ElementsAre("cli/a.cc:1: cli may not use nlohmann/json.hpp"));
  EXPECT_THAT(violations("cli/a.cc", "#include <QApplication>\n"),
              ElementsAre("cli/a.cc:1: cli may not use QApplication"));
  EXPECT_THAT(violations("reports/a.cc", "#include <rapidjson/document.h>\n"),
              ElementsAre("reports/a.cc:1: rapidjson/document.h belongs to no known library"));
}

TEST(LayerCheck, KeepsLibrariesOutOfHeaders) {
  EXPECT_THAT(violations("model/graph/a.h", "#include <boost/graph/adjacency_list.hpp>\n"),
              ElementsAre("model/graph/a.h:1: boost/graph/adjacency_list.hpp may not stand in a "
                          "header"));
  EXPECT_THAT(violations("model/run/a.h", "#include <fmt/format.h>\n"),
              ElementsAre("model/run/a.h:1: fmt/format.h may not stand in a header"));
}

TEST(LayerCheck, GivesTheEngineTheStandardLibraryOnly) {
  EXPECT_THAT(violations("sim/a.cc", "#include <fmt/format.h>\n#include <unistd.h>\n"),
              ElementsAre("sim/a.cc:1: sim may not use fmt/format.h",
                          "sim/a.cc:2: sim may not use unistd.h"));
}

TEST(LayerCheck, WantsPathsFromTheRootAndKnownLayers) {
  EXPECT_THAT(violations("cli/a.cc", "#include \"run.h\"\n#include \"../sim/time.h\"\n"),
              testing::SizeIs(2));
  EXPECT_THAT(violations("extra/a.cc", "#include \"sim/time.h\"\n"),
              ElementsAre("extra/a.cc:1: extra is no known layer"));
}

TEST(LayerCheck, FindsMeshWordsInsideNames) {
  EXPECT_EQ(mesh_word("int x;\nstruct RetryBudget;\n"), "line 2: retry");
  EXPECT_EQ(mesh_word("int http_codes;"), "line 1: http");
  EXPECT_EQ(mesh_word("struct Entry; bool reroutes; void enroute();"), std::nullopt);
}

}  // namespace
}  // namespace spillway::layers
