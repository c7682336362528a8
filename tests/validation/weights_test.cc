// Weights and mirrors of the Gateway API conformance suite: 500 requests with the suite's own
// tolerances, and 200,000 with four standard errors of the share, 0.0016 for a mirror of 20 %.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/validation/manifest_case.h"

namespace spillway::validation {
namespace {

constexpr double kFew = 500, kMany = 200'000;

const std::string kThree = scripted("v1", "{status: 200}") + ", " +
                           scripted("v2", "{status: 200}") + ", " + scripted("v3", "{status: 200}");

/// Replies 200 only to requests with the header, 500 to others.
std::string with_header(const std::string& name, const std::string& header) {
  return fmt::format(
      "{{name: {}, namespace: infra, ports: [8080], operations: [{{name: has, match: {{headers: "
      "{{{}}}}}, script: [{{status: 200}}]}}, {{name: has-not, script: [{{status: 500}}]}}]}}",
      name, header);
}

model::build::Measured run(const std::string& manifest, const std::string& path, double requests,
                           const std::string& services = kThree) {
  return model::build::run(load(
      {manifest, path, services, "{constant: {rate: 1000/s}}", fmt::format("{}ms", requests)}));
}

double attempts(const model::build::Measured& result, const std::string& service) {
  return static_cast<double>(result.tally(service + ".infra").attempts);
}

double standard_error(double share, double requests) {
  return std::sqrt(share * (1 - share) / requests);
}

TEST(Weights, ShareFiveHundredRequestsWithinFivePoints) {
  const auto result = run("weight.yaml", "/", kFew);
  EXPECT_EQ(result.tally("users").requests, kFew);
  EXPECT_NEAR(attempts(result, "v1") / kFew, 0.7, 0.05);
  EXPECT_NEAR(attempts(result, "v2") / kFew, 0.3, 0.05);
  EXPECT_EQ(attempts(result, "v3"), 0);
}

TEST(Weights, ShareManyRequestsWithinFourStandardErrors) {
  const auto result = run("weight.yaml", "/", kMany);
  EXPECT_NEAR(attempts(result, "v1") / kMany, 0.7, 4 * standard_error(0.7, kMany));
  EXPECT_EQ(attempts(result, "v1") + attempts(result, "v2"), kMany);
  EXPECT_EQ(attempts(result, "v3"), 0);
}

TEST(Weights, GiveEachBackendTheHeaderOfItsOwnFilter) {
  const auto result =
      run("weight-header.yaml", "/", kFew,
          with_header("v1", "Backend: v1") + ", " + with_header("v2", "Backend: v2"));
  EXPECT_EQ(result.tally("users").successes, kFew);
  EXPECT_NEAR(attempts(result, "v1") / kFew, 0.5, 0.1);
}

struct MirrorCase {
  const char* name;
  const char* path;
  double share;
  bool both;      ///< v3 is a mirror, too
  bool modified;  ///< the rule sets a header
};

void PrintTo(const MirrorCase& c, std::ostream* out) { *out << c.path; }

constexpr MirrorCase kMirrors[] = {
    {"One", "/mirror", 1, false, false},
    {"OneModified", "/modify-and-mirror", 1, false, true},
    {"Two", "/multi-mirror", 1, true, false},
    {"TwoModified", "/multi-mirror-and-modify", 1, true, true},
    {"TwentyPercent", "/percent-mirror", 0.2, false, false},
    {"TwentyFiveOfFifty", "/fraction-mirror", 0.5, false, false},
    {"ThirtyFivePercentModified", "/percent-mirror-and-modify", 0.35, false, true},
};

class Mirrors : public ::testing::TestWithParam<MirrorCase> {
 protected:
  static void expect_shares(double requests, double standard_errors) {
    const MirrorCase& c = GetParam();
    const auto result = run("mirror.yaml", c.path, requests);
    const double tolerance = standard_errors * standard_error(c.share, requests);
    EXPECT_EQ(attempts(result, "v1"), requests);
    EXPECT_NEAR(attempts(result, "v2") / requests, c.share, tolerance);
    EXPECT_NEAR(attempts(result, "v3") / requests, c.both ? c.share : 0, tolerance);
  }
};

TEST_P(Mirrors, GetTheirShareOfFiveHundredRequestsWithinThreeStandardErrors) {
  expect_shares(kFew, 3);
}

TEST_P(Mirrors, GetTheirShareOfManyRequestsWithinFourStandardErrors) { expect_shares(kMany, 4); }

TEST_P(Mirrors, GetTheRequestAsTheFiltersLeaveIt) {
  const MirrorCase& c = GetParam();
  const std::string header = "X-Header-Set: set";
  const auto result = run("mirror.yaml", c.path, kFew,
                          with_header("v1", header) + ", " + with_header("v2", header) + ", " +
                              with_header("v3", header));
  for (const char* service : {"v1", "v2", "v3"}) {
    const model::Tally& tally = result.tally(std::string(service) + ".infra");
    EXPECT_EQ(tally.successes, c.modified ? tally.attempts : 0) << service;
  }
}

TEST_P(Mirrors, DecideNothingAboutTheReply) {
  const auto result = run("mirror.yaml", GetParam().path, kFew,
                          scripted("v1", "{status: 200}") + ", " + scripted("v2", "{status: 500}") +
                              ", " + scripted("v3", "{hang: true}"));
  EXPECT_EQ(result.tally("users").successes, kFew);
}

INSTANTIATE_TEST_SUITE_P(Suite, Mirrors, ::testing::ValuesIn(kMirrors),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace spillway::validation
