#include "model/gateway/regex.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

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

// Random expressions against a model that takes the definition of each operator literally: where
// a match that starts at one place of the text can end.
struct Expression {
  std::string pattern;
  std::set<std::size_t> (*ends)(const Expression&, const std::string&, std::size_t) = nullptr;
  std::vector<Expression> parts;
};
using Ends = std::set<std::size_t>;

Ends ends_of(const Expression& e, const std::string& text, std::size_t from) {
  return e.ends(e, text, from);
}
Ends after_all(const Expression& e, const std::string& text, const Ends& starts) {
  Ends all;
  for (const std::size_t start : starts) all.merge(ends_of(e, text, start));
  return all;
}

Expression letter(char c) {
  return {std::string(1, c),
          [](const Expression& e, const std::string& text, std::size_t from) -> Ends {
            const bool fits =
                from < text.size() && (e.pattern[0] == '.' || text[from] == e.pattern[0]);
            return fits ? Ends{from + 1} : Ends{};
          },
          {}};
}
Expression sequence(Expression a, Expression b) {
  return {a.pattern + b.pattern,
          [](const Expression& e, const std::string& text, std::size_t from) {
            return after_all(e.parts[1], text, ends_of(e.parts[0], text, from));
          },
          {a, b}};
}
Expression either(Expression a, Expression b) {
  return {"(" + a.pattern + "|" + b.pattern + ")",
          [](const Expression& e, const std::string& text, std::size_t from) {
            Ends all = ends_of(e.parts[0], text, from);
            all.merge(ends_of(e.parts[1], text, from));
            return all;
          },
          {a, b}};
}
Expression star(Expression a) {
  return {"(" + a.pattern + ")*",
          [](const Expression& e, const std::string& text, std::size_t from) {
            Ends all{from};
            for (std::size_t before = 0; before != all.size();) {
              before = all.size();
              all.merge(after_all(e.parts[0], text, all));
            }
            return all;
          },
          {a}};
}
Expression one_or_two(Expression a) {
  return {"(" + a.pattern + "){1,2}",
          [](const Expression& e, const std::string& text, std::size_t from) {
            Ends once = ends_of(e.parts[0], text, from);
            once.merge(after_all(e.parts[0], text, Ends(once)));
            return once;
          },
          {a}};
}

Expression random_expression(std::mt19937& random, int depth) {
  if (depth == 0) return letter("ab."[random() % 3]);
  Expression left = random_expression(random, depth - 1);
  switch (random() % 4) {
    case 0:
      return sequence(left, random_expression(random, depth - 1));
    case 1:
      return either(left, random_expression(random, depth - 1));
    case 2:
      return star(left);
    default:
      return one_or_two(left);
  }
}

class RegexAgreement : public testing::TestWithParam<unsigned> {};
TEST_P(RegexAgreement, WithTheDefinitionOfTheOperators) {
  std::mt19937 random(GetParam());
  int fitting = 0;
  for (int i = 0; i < 40; ++i) {
    const Expression expression = random_expression(random, 4);
    const auto regex = Regex::compile(expression.pattern);
    ASSERT_TRUE(regex) << expression.pattern;
    for (int t = 0; t < 40; ++t) {
      std::string text;
      for (auto n = random() % 7; n > 0; --n) text += "abc"[random() % 3];
      const bool expected = ends_of(expression, text, 0).contains(text.size());
      EXPECT_EQ(regex->matches_whole(text), expected) << expression.pattern << " on " << text;
      fitting += expected ? 1 : 0;
    }
  }
  EXPECT_GT(fitting, 50);
}
INSTANTIATE_TEST_SUITE_P(Seeds, RegexAgreement, testing::Range(1u, 11u));

}  // namespace
}  // namespace spillway::model
