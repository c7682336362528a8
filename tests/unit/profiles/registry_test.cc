#include <gmock/gmock.h>

#include <set>

#include "model/profiles/profile.h"

namespace spillway::model {
namespace {

TEST(Profiles, HaveNamesAndSummaries) {
  std::set<std::string> names;
  for (const ProfileInfo& profile : profiles()) {
    EXPECT_TRUE(names.insert(profile.name).second) << profile.name;
    EXPECT_NE(profile.summary, "");
    EXPECT_NE(profile.validated, "");
  }
  EXPECT_TRUE(names.contains("gateway-api"));
}

TEST(Profiles, DescribeEveryOptionOnce) {
  for (const ProfileInfo& profile : profiles()) {
    std::set<std::string> names;
    for (const OptionInfo& option : profile.options) {
      EXPECT_TRUE(names.insert(option.name).second) << option.name;
      EXPECT_NE(option.type, "") << option.name;
      EXPECT_NE(option.default_value, "") << option.name;
      EXPECT_NE(option.meaning, "") << option.name;
    }
    for (const char* common : {"proxyLatency", "l4Latency", "networkLatency", "budgetOverride"})
      EXPECT_TRUE(names.contains(common)) << profile.name << " " << common;
  }
}

TEST(Profiles, AreFoundByName) {
  ASSERT_NE(find_profile("gateway-api"), nullptr);
  EXPECT_EQ(find_profile("gateway-api")->name, "gateway-api");
  EXPECT_EQ(find_profile("Gateway-API"), nullptr);
  EXPECT_EQ(find_profile(""), nullptr);
}

TEST(CheckProfile, AcceptsTheDefault) { EXPECT_EQ(check_profile({}).size(), 0u); }

TEST(CheckProfile, RefusesUnknownProfilesAtTheirPlace) {
  MeshSpec mesh;
  mesh.profile = "envy";
  mesh.profile_place = {std::make_shared<const std::string>("s.yaml"), 3, 14};
  const Diagnostics found = check_profile(mesh);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(to_text(found[0]),
              testing::StartsWith("s.yaml:3:14: error: unknown profile (got \"envy\", expected one "
                                  "of gateway-api"));
  EXPECT_EQ(found[0].rule, "unknown-profile");
}

TEST(CheckProfile, RefusesVersionsOfAProfileWithoutVersions) {
  MeshSpec mesh;
  mesh.version = "1.4";
  mesh.version_place = {std::make_shared<const std::string>("s.yaml"), 4, 14};
  const Diagnostics found = check_profile(mesh);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(to_text(found[0]),
              testing::StartsWith(
                  "s.yaml:4:14: error: unknown version of profile gateway-api (got \"1.4\", "
                  "expected none: the profile has no versions) ["));
}

}  // namespace
}  // namespace spillway::model
