#include "model/gateway/match.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/unit/gateway/world.h"

namespace spillway::model {
namespace {

using namespace testing_world;

constexpr auto kRegex = ValueMatchType::regular_expression;

bool fits(const HttpRouteMatch& match, const Request& r) {
  RegexCache regexes;
  if (match.path.type == PathMatchType::regular_expression) regexes.add(match.path.value);
  for (const auto* values : {&match.headers, &match.query_params})
    for (const ValueMatch& v : *values)
      if (v.type == kRegex) regexes.add(v.value);
  return matches(match, r, regexes);
}

struct MatchCase {
  std::string name;
  HttpRouteMatch match;
  Request request;
  bool fits;
};
class MatchPredicate : public testing::TestWithParam<MatchCase> {};
TEST_P(MatchPredicate, Fits) {
  EXPECT_EQ(fits(GetParam().match, GetParam().request), GetParam().fits);
}

std::string case_name(const testing::TestParamInfo<MatchCase>& param) { return param.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Path, MatchPredicate,
    testing::Values(MatchCase{"DefaultTakesEverything", HttpRouteMatch{}, request("a/x/y"), true},
                    MatchCase{"ExactSame", exact("/abc"), request("a/abc"), true},
                    MatchCase{"ExactTrailingSlash", exact("/abc"), request("a/abc/"), false},
                    MatchCase{"ExactCase", exact("/abc"), request("a/ABC"), false},
                    MatchCase{"ExactIgnoresQuery", exact("/abc"), request("a/abc?x=1"), true},
                    MatchCase{"PrefixSame", prefix("/abc"), request("a/abc"), true},
                    MatchCase{"PrefixSlash", prefix("/abc"), request("a/abc/"), true},
                    MatchCase{"PrefixElement", prefix("/abc"), request("a/abc/d"), true},
                    MatchCase{"PrefixPartOfElement", prefix("/abc"), request("a/abcd"), false},
                    MatchCase{"PrefixCase", prefix("/abc"), request("a/Abc/d"), false},
                    MatchCase{"SlashedPrefixBare", prefix("/abc/"), request("a/abc"), true},
                    MatchCase{"SlashedPrefixSlash", prefix("/abc/"), request("a/abc/"), true},
                    MatchCase{"SlashedPrefixElement", prefix("/abc/"), request("a/abc/d"), true},
                    MatchCase{"SlashedPrefixPartOfElement", prefix("/abc/"), request("a/abcd"),
                              false},
                    MatchCase{"PrefixIgnoresQuery", prefix("/abc"), request("a/abc?d"), true},
                    MatchCase{"QueryIsNoPath", prefix("/abc"), request("a/x?p=/abc"), false},
                    MatchCase{"RootPrefix", prefix("/"), request("a/anything"), true},
                    MatchCase{"RegexWhole", regex("/v[12]/.*"), request("a/v2/x"), true},
                    MatchCase{"RegexIsAnchored", regex("/v[12]"), request("a/v2/x"), false},
                    MatchCase{"RegexIgnoresQuery", regex("/v[12]"), request("a/v2?x"), true},
                    MatchCase{"InvalidRegexNeverFits", regex("("), request("a/("), false}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Header, MatchPredicate,
    testing::Values(
        MatchCase{"Same", prefix("/").header("x", "1"), request("a/", {"x: 1"}), true},
        MatchCase{"NameInAnyCase", prefix("/").header("X-Tier", "1"), request("a/", {"x-tIER: 1"}),
                  true},
        MatchCase{"ValueCase", prefix("/").header("x", "Gold"), request("a/", {"x: gold"}), false},
        MatchCase{"Missing", prefix("/").header("x", "1"), request("a/"), false},
        MatchCase{"AllMustFit", prefix("/").header("x", "1").header("y", "2"),
                  request("a/", {"x: 1", "y: 3"}), false},
        MatchCase{"AllFit", prefix("/").header("x", "1").header("y", "2"),
                  request("a/", {"y: 2", "x: 1"}), true},
        MatchCase{"FirstOfRepeatedMatchesCounts", prefix("/").header("x", "1").header("X", "2"),
                  request("a/", {"x: 1"}), true},
        MatchCase{"LaterOfRepeatedMatchesIsIgnored", prefix("/").header("x", "1").header("X", "2"),
                  request("a/", {"x: 2"}), false},
        MatchCase{"FirstOfRepeatedHeadersCounts", prefix("/").header("x", "2"),
                  request("a/", {"x: 1", "x: 2"}), false},
        MatchCase{"Regex", prefix("/").header("x", "v[0-9]+", kRegex), request("a/", {"x: v12"}),
                  true},
        MatchCase{"RegexIsAnchored", prefix("/").header("x", "v[0-9]", kRegex),
                  request("a/", {"x: v12"}), false},
        MatchCase{"HostIsTheHostOfTheRequest", prefix("/").header("Host", "a.com"),
                  request("a.com/"), true},
        MatchCase{"OtherHost", prefix("/").header("host", "a.com"), request("b.com/"), false}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Query, MatchPredicate,
    testing::Values(
        MatchCase{"Same", prefix("/").query("a", "1"), request("h/?a=1"), true},
        MatchCase{"AmongOthers", prefix("/").query("a", "1"), request("h/?b=2&a=1&c"), true},
        MatchCase{"OtherValue", prefix("/").query("a", "1"), request("h/?a=2"), false},
        MatchCase{"Missing", prefix("/").query("a", "1"), request("h/"), false},
        MatchCase{"NameCase", prefix("/").query("a", "1"), request("h/?A=1"), false},
        MatchCase{"FirstOfRepeatedParametersCounts", prefix("/").query("a", "2"),
                  request("h/?a=1&a=2"), false},
        MatchCase{"FirstOfRepeatedMatchesCounts", prefix("/").query("a", "1").query("a", "2"),
                  request("h/?a=1"), true},
        MatchCase{"NamesThatDifferInCaseAreTwo", prefix("/").query("a", "1").query("A", "2"),
                  request("h/?a=1&A=2"), true},
        MatchCase{"ParameterWithoutValue", prefix("/").query("a", ""), request("h/?a"), true},
        MatchCase{"ValueWithEqualsSign", prefix("/").query("a", "b=c"), request("h/?a=b=c"), true},
        MatchCase{"Regex", prefix("/").query("a", "[0-9]+", kRegex), request("h/?a=42"), true},
        MatchCase{"AllMustFit", prefix("/").query("a", "1").query("b", "2"), request("h/?a=1"),
                  false}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Method, MatchPredicate,
    testing::Values(MatchCase{"Same", prefix("/").on("POST"), request("POST a/"), true},
                    MatchCase{"Other", prefix("/").on("POST"), request("GET a/"), false},
                    MatchCase{"Any", prefix("/"), request("PATCH a/"), true},
                    MatchCase{"AllKindsTogether",
                              prefix("/x").on("PUT").header("h", "1").query("q", "2"),
                              request("PUT a/x/y?q=2", {"h: 1"}), true},
                    MatchCase{"OneKindMissing",
                              prefix("/x").on("PUT").header("h", "1").query("q", "2"),
                              request("PUT a/x/y?q=3", {"h: 1"}), false}),
    case_name);

/// Path elements: the pieces between the slashes, without an empty last one.
std::vector<std::string> elements(std::string path) {
  std::vector<std::string> list;
  if (path.ends_with('/')) path.pop_back();
  for (std::size_t at = 0; at < path.size();) {
    const auto end = std::min(path.find('/', at + 1), path.size());
    list.push_back(path.substr(at + 1, end - at - 1));
    at = end;
  }
  return list;
}

TEST(PathPrefix, AgreesWithComparingElementByElement) {
  std::mt19937 random(1);
  const auto path = [&] {
    std::string p;
    for (auto n = 1 + random() % 3; n > 0; --n) {
      p += '/';
      for (auto letters = 1 + random() % 2; letters > 0; --letters) p += "ab"[random() % 2];
    }
    return random() % 3 == 0 ? p + "/" : p;
  };
  int fitting = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string pattern = random() % 10 == 0 ? "/" : path();
    const std::string actual = path();
    const auto want = elements(pattern);
    const auto have = elements(actual);
    const bool expected =
        want.size() <= have.size() && std::equal(want.begin(), want.end(), have.begin());
    EXPECT_EQ(has_path_prefix(actual, pattern), expected) << pattern << " on " << actual;
    fitting += expected ? 1 : 0;
  }
  EXPECT_GT(fitting, 1000);
}

}  // namespace
}  // namespace spillway::model
