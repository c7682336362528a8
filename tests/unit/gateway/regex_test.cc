#include "model/gateway/regex.h"

#include <gtest/gtest.h>

#include <random>
#include <regex>
#include <string>

namespace spillway::model {
namespace {

struct RegexCase {
  const char* pattern;
  const char* text;
  bool matches;
};
class RegexMatch : public testing::TestWithParam<RegexCase> {};
TEST_P(RegexMatch, TakesTheWholeText) {
  const auto [pattern, text, matches] = GetParam();
  const auto regex = Regex::compile(pattern);
  ASSERT_TRUE(regex) << pattern;
  EXPECT_EQ(regex->matches_whole(text), matches) << pattern << " on " << text;
}
INSTANTIATE_TEST_SUITE_P(
    Cases, RegexMatch,
    testing::Values(
        RegexCase{"", "", true}, RegexCase{"", "a", false}, RegexCase{"/api", "/api", true},
        RegexCase{"/api", "/api/", false}, RegexCase{"/v[0-9]+/.*", "/v12/x", true},
        RegexCase{"/v[0-9]+/.*", "/vx/x", false}, RegexCase{"a|bc", "bc", true},
        RegexCase{"a|bc", "abc", false}, RegexCase{"(a|b)*c", "ababc", true},
        RegexCase{"a{2,3}", "a", false}, RegexCase{"a{2,3}", "aaa", true},
        RegexCase{"a{2,3}", "aaaa", false}, RegexCase{"a{2,}", "aaaaa", true},
        RegexCase{"a{0}", "", true}, RegexCase{"a{,3}", "a{,3}", true}, RegexCase{"a?b", "b", true},
        RegexCase{"a+?", "aaa", true}, RegexCase{"[^/]+", "a/b", false},
        RegexCase{"[]a]", "]", true}, RegexCase{"[a-]", "-", true},
        RegexCase{"[[:alpha:]]+", "aZ", true}, RegexCase{"[[:^alpha:]]", "1", true},
        RegexCase{"\\d{3}", "123", true}, RegexCase{"[\\w-]+", "a_1-", true},
        RegexCase{"\\W", "a", false}, RegexCase{"\\.", ".", true}, RegexCase{"\\.", "a", false},
        RegexCase{".", "\n", false}, RegexCase{"(?s).", "\n", true},
        RegexCase{"(?i)abc", "aBC", true}, RegexCase{"(?i:a)b", "Ab", true},
        RegexCase{"(?i:a)b", "AB", false}, RegexCase{"(?i)[a-c]", "B", true},
        RegexCase{"(?:ab)+", "abab", true}, RegexCase{"(?P<x>a)", "a", true},
        RegexCase{"(?<x>a)", "a", true}, RegexCase{"^a$", "a", true}, RegexCase{"a^b", "ab", false},
        RegexCase{"(?m)a\n^b", "a\nb", true}, RegexCase{"\\bfoo\\b", "foo", true},
        RegexCase{"foo\\Bbar", "foobar", true}, RegexCase{"\\Aa\\z", "a", true},
        RegexCase{"\\x41\\x{42}", "AB", true}, RegexCase{"\\Qa.b\\E+", "a.bb", true},
        RegexCase{"\\Qa.b\\E", "a.b", true}, RegexCase{"((a*)*)*", "aaa", true},
        RegexCase{"(|a)+", "aa", true}, RegexCase{"\xc3\xa9", "\xc3\xa9", true}));

struct BadRegex {
  const char* pattern;
  const char* error;
};
class RegexError : public testing::TestWithParam<BadRegex> {};
TEST_P(RegexError, SaysWhy) {
  std::string error;
  EXPECT_FALSE(Regex::compile(GetParam().pattern, &error));
  EXPECT_EQ(error, GetParam().error);
}
INSTANTIATE_TEST_SUITE_P(
    Cases, RegexError,
    testing::Values(BadRegex{"(a", "a group lacks its )"}, BadRegex{"a)", "unexpected )"},
                    BadRegex{"*a", "nothing to repeat before *"},
                    BadRegex{"a**", "a repetition cannot be repeated without a group"},
                    BadRegex{"[a", "a class lacks its ]"},
                    BadRegex{"[b-a]", "a class has a range in the wrong order"},
                    BadRegex{"[[:foo:]]", "there is no class [:foo:]"},
                    BadRegex{"\\1", "\\1 is not supported"},
                    BadRegex{"\\pL", "\\p is not supported"}, BadRegex{"\\", "it ends with a \\"},
                    BadRegex{"(?=a)", "a group of this kind is not supported"},
                    BadRegex{"(?<=a)", "a group of this kind is not supported"},
                    BadRegex{"a{3,2}", "a repetition has its bounds in the wrong order"},
                    BadRegex{"a{1001}", "a repetition is above 1000"},
                    BadRegex{"(a{100}){11}", "repetitions multiply to above 1000"},
                    BadRegex{"(abcdefghijklmnopqrstu){1000}", "the expression is too large"},
                    BadRegex{"\\xZ", "\\x lacks its digits"},
                    BadRegex{"[\xc3\xa9]", "a class has a character that is not ASCII"}));

TEST(Regex, RefusesDeepNesting) {
  std::string error;
  EXPECT_FALSE(Regex::compile(std::string(5000, '('), &error));
  EXPECT_EQ(error, "groups are nested too deeply");
}

TEST(Regex, IsLinearWhereBacktrackingWouldExplode) {
  const auto regex = Regex::compile("(a*)*(a|aa)+b");
  ASSERT_TRUE(regex);
  EXPECT_FALSE(regex->matches_whole(std::string(20'000, 'a')));
}

// Random expressions of a small alphabet against the standard library's matcher.
class RegexAgreement : public testing::TestWithParam<unsigned> {};
std::string random_pattern(std::mt19937& random, int depth) {
  const auto pick = [&](unsigned n) { return random() % n; };
  if (depth == 0) return std::string(1, "ab."[pick(3)]);
  const std::string left = random_pattern(random, depth - 1);
  switch (pick(6)) {
    case 0:
      return left + random_pattern(random, depth - 1);
    case 1:
      return "(" + left + "|" + random_pattern(random, depth - 1) + ")";
    case 2:
      return "(" + left + ")*";
    case 3:
      return "(" + left + ")?";
    case 4:
      return "(" + left + "){1,2}";
    default:
      return "[^b]" + left;
  }
}
TEST_P(RegexAgreement, WithTheStandardLibrary) {
  std::mt19937 random(GetParam());
  for (int i = 0; i < 20; ++i) {
    const std::string pattern = random_pattern(random, 3);
    const auto regex = Regex::compile(pattern);
    ASSERT_TRUE(regex) << pattern;
    const std::regex standard(pattern);
    for (int t = 0; t < 20; ++t) {
      std::string text;
      for (auto n = random() % 7; n > 0; --n) text += "abc"[random() % 3];
      EXPECT_EQ(regex->matches_whole(text), std::regex_match(text, standard))
          << pattern << " on " << text;
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, RegexAgreement, testing::Range(1u, 11u));

}  // namespace
}  // namespace spillway::model
