#include <gtest/gtest.h>

#include "scenarios/glob.h"
#include "tests/unit/scenarios/scenario_files.h"

namespace spillway::scenarios {
namespace {

TEST(Matches, KnowsStarsAndQuestionMarks) {
  EXPECT_TRUE(matches("*.yaml", "a.yaml"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("a*b*c", "aXbYbZc"));
  EXPECT_TRUE(matches("r?.yaml", "r1.yaml"));
  EXPECT_FALSE(matches("r?.yaml", "r.yaml"));
  EXPECT_FALSE(matches("*.yaml", "a.yml"));
  EXPECT_FALSE(matches("a*b", "abc"));
  EXPECT_TRUE(matches("[x]", "[x]"));
}

class Glob : public ScenarioFiles {
 protected:
  std::string found(const std::string& pattern) {
    std::string text;
    for (const auto& file : expand(folder_ / pattern)) text += relative(file.string()) + " ";
    return text;
  }
};

TEST_F(Glob, FindsSortedFiles) {
  for (const char* file : {"b.yaml", "a.yaml", ".hidden.yaml", "n.txt", "x/c.yaml", "x/y/d.yaml"})
    write(file, "");
  EXPECT_EQ(found("*.yaml"), "a.yaml b.yaml ");
  EXPECT_EQ(found("*"), "a.yaml b.yaml ");
  EXPECT_EQ(found("*.txt"), "n.txt ");
  EXPECT_EQ(found("**/*.yaml"), "a.yaml b.yaml x/c.yaml x/y/d.yaml ");
  EXPECT_EQ(found("x/**/d.yaml"), "x/y/d.yaml ");
  EXPECT_EQ(found("*/c.yaml"), "x/c.yaml ");
  EXPECT_EQ(found("?.yaml"), "a.yaml b.yaml ");
  EXPECT_EQ(found("z*"), "");
}

TEST_F(Glob, ListsManifestsOfAFolder) {
  for (const char* file : {"b.yaml", "a.json", "c.yml", "n.txt", "x/c.yaml"}) write(file, "");
  EXPECT_EQ(manifest_files(folder_).size(), 3u);
  EXPECT_EQ(manifest_files(folder_, true).size(), 4u);
  EXPECT_EQ(manifest_files(folder_ / "no").size(), 0u);
}

}  // namespace
}  // namespace spillway::scenarios
