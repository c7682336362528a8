#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "model/gateway/match.h"
#include "tests/unit/gateway/world.h"

namespace spillway::model {
namespace {

using namespace testing_world;

HttpRoute one_match(std::string_view key, HttpRouteMatch match, std::string timestamp = "") {
  return created(route(key, {}, {rule({std::move(match)}, {})}), std::move(timestamp));
}

Candidate first_of(const HttpRoute& r, std::string_view host = "") {
  return {&r, 0, 0, 0, host, host};
}

struct PrecedenceCase {
  std::string name;
  HttpRoute winner;
  HttpRoute loser;
  PrecedenceOptions options = {};
};
class Precedence : public testing::TestWithParam<PrecedenceCase> {};
TEST_P(Precedence, PutsWinnerFirst) {
  const auto& [name, winner, loser, options] = GetParam();
  EXPECT_TRUE(takes_precedence(first_of(winner), first_of(loser), options));
  EXPECT_FALSE(takes_precedence(first_of(loser), first_of(winner), options));
}

PrecedenceOptions regex_at(RegexPrecedence precedence) {
  PrecedenceOptions options;
  options.regex = precedence;
  return options;
}
PrecedenceOptions counting_slash() {
  PrecedenceOptions options;
  options.count_trailing_slash = true;
  return options;
}

// The winner is named z, the loser a: the name alone would decide the other way.
INSTANTIATE_TEST_SUITE_P(
    Step, Precedence,
    testing::Values(
        PrecedenceCase{"ExactBeforeLongPrefix", one_match("n/z", exact("/a")),
                       one_match("n/a", prefix("/aaaaaaaaaa"))},
        PrecedenceCase{"ExactBeforeEverythingElse", one_match("n/z", exact("/a")),
                       one_match("n/a", prefix("/a").on("GET").header("x", "1").query("q", "1"))},
        PrecedenceCase{"LongerPrefix", one_match("n/z", prefix("/aa/b")),
                       one_match("n/a", prefix("/aa"))},
        PrecedenceCase{"PrefixBeforeMethod", one_match("n/z", prefix("/aa")),
                       one_match("n/a", prefix("/a").on("GET"))},
        PrecedenceCase{"MethodBeforeHeaders", one_match("n/z", prefix("/a").on("GET")),
                       one_match("n/a", prefix("/a").header("x", "1").header("y", "1"))},
        PrecedenceCase{"MoreHeaders",
                       one_match("n/z", prefix("/a").header("x", "1").header("y", "1")),
                       one_match("n/a", prefix("/a").header("x", "1"))},
        PrecedenceCase{"HeadersBeforeQuery", one_match("n/z", prefix("/a").header("x", "1")),
                       one_match("n/a", prefix("/a").query("q", "1").query("r", "1"))},
        PrecedenceCase{"MoreQueries",
                       one_match("n/z", prefix("/a").query("q", "1").query("r", "1")),
                       one_match("n/a", prefix("/a").query("q", "1"))},
        PrecedenceCase{
            "RepeatedHeaderCountsOnce",
            one_match("n/z", prefix("/a").header("x", "1").header("y", "1")),
            one_match("n/a", prefix("/a").header("x", "1").header("X", "1").query("q", "1"))},
        PrecedenceCase{"OlderRoute", one_match("n/z", prefix("/a"), "2024-01-01T00:00:00Z"),
                       one_match("n/a", prefix("/a"), "2024-01-02T00:00:00Z")},
        PrecedenceCase{"AppliedBeforeNeverApplied",
                       one_match("n/z", prefix("/a"), "2024-01-01T00:00:00Z"),
                       one_match("n/a", prefix("/a"))},
        PrecedenceCase{"NameWithoutTimestamps", one_match("n/a", prefix("/a")),
                       one_match("n/z", prefix("/a"))},
        PrecedenceCase{"NamespaceBeforeName", one_match("a/z", prefix("/a")),
                       one_match("b/a", prefix("/a"))},
        PrecedenceCase{"NameOnEqualTimestamps",
                       one_match("n/a", prefix("/a"), "2024-01-01T00:00:00Z"),
                       one_match("n/z", prefix("/a"), "2024-01-01T00:00:00Z")},
        PrecedenceCase{"QueryBeforeAge", one_match("n/z", prefix("/a").query("q", "1")),
                       one_match("n/a", prefix("/a"), "2024-01-01T00:00:00Z")},
        PrecedenceCase{"TrailingSlashIsNotCounted", one_match("n/a", prefix("/a")),
                       one_match("n/z", prefix("/a/"))},
        PrecedenceCase{"TrailingSlashCountsIfAsked", one_match("n/z", prefix("/a/")),
                       one_match("n/a", prefix("/a")), counting_slash()},
        PrecedenceCase{"RegexBeforePrefix", one_match("n/z", regex("/.*")),
                       one_match("n/a", prefix("/aaaaaa"))},
        PrecedenceCase{"ExactBeforeRegex", one_match("n/z", exact("/a")),
                       one_match("n/a", regex("/a.*"))},
        PrecedenceCase{"RegexAfterPrefixIfAsked", one_match("n/z", prefix("/a")),
                       one_match("n/a", regex("/aaaaaa.*")),
                       regex_at(RegexPrecedence::after_prefix)},
        PrecedenceCase{"RegexByLengthIfAsked", one_match("n/z", regex("/aaaaaa.*")),
                       one_match("n/a", prefix("/a")), regex_at(RegexPrecedence::as_prefix)},
        PrecedenceCase{"ShortRegexByLengthIfAsked", one_match("n/z", prefix("/aaaaaa")),
                       one_match("n/a", regex("/.*")), regex_at(RegexPrecedence::as_prefix)},
        PrecedenceCase{"GrpcMethodAloneIsLast", grpc(one_match("n/z", prefix("/svc"))),
                       grpc(one_match("n/a", regex("/[^/]+/Get")))}),
    [](const auto& param) { return param.param.name; });

struct HostPrecedenceCase {
  const char* name;
  const char* winner;
  const char* loser;
};
class HostPrecedence : public testing::TestWithParam<HostPrecedenceCase> {};
TEST_P(HostPrecedence, ComesBeforeThePath) {
  const HttpRoute winner = one_match("n/z", prefix("/"));
  const HttpRoute loser = one_match("n/a", exact("/a"));
  EXPECT_TRUE(
      takes_precedence(first_of(winner, GetParam().winner), first_of(loser, GetParam().loser), {}));
}
INSTANTIATE_TEST_SUITE_P(
    Of, HostPrecedence,
    testing::Values(HostPrecedenceCase{"ExactBeforeWildcard", "a.b.com", "*.b.com"},
                    HostPrecedenceCase{"LongWildcardFirst", "*.a.b.com", "*.b.com"},
                    HostPrecedenceCase{"WildcardBeforeNone", "*.com", ""},
                    HostPrecedenceCase{"ExactBeforeNone", "a.com", ""}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(PrecedenceWithinRoute, FirstRuleWins) {
  const HttpRoute r = route("n/r", {}, {rule({prefix("/a")}, {}), rule({prefix("/a")}, {})});
  EXPECT_TRUE(takes_precedence({&r, 0, 0, 0, "", ""}, {&r, 1, 0, 0, "", ""}, {}));
}
TEST(PrecedenceWithinRoute, FirstMatchWins) {
  const HttpRoute r = route("n/r", {}, {rule({prefix("/a"), prefix("/a")}, {})});
  EXPECT_TRUE(takes_precedence({&r, 0, 0, 0, "", ""}, {&r, 0, 1, 0, "", ""}, {}));
}
TEST(PrecedenceWithinRoute, BetterMatchOfLaterRuleWins) {
  const HttpRoute r = route("n/r", {}, {rule({prefix("/")}, {}), rule({exact("/a")}, {})});
  EXPECT_TRUE(takes_precedence({&r, 1, 0, 0, "", ""}, {&r, 0, 0, 0, "", ""}, {}));
}
TEST(PrecedenceAcrossRoutes, ReversesNamesOfUnknownAgeIfAsked) {
  const HttpRoute a = one_match("n/a", prefix("/"));
  const HttpRoute z = one_match("n/z", prefix("/"));
  PrecedenceOptions options;
  options.reverse_names = true;
  EXPECT_TRUE(takes_precedence(first_of(z), first_of(a), options));
}

/// Candidates that differ in everything that precedence looks at.
class RandomCandidates {
 public:
  explicit RandomCandidates(unsigned seed) : random_(seed) {
    for (int i = 0; i < 6; ++i) {
      HttpRoute r = route(pick({"a/x", "a/y", "b/x"}), {}, {});
      r.meta.creation_timestamp = pick({"", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"});
      if (random_() % 4 == 0) r.kind = "GRPCRoute";
      for (int k = 0; k < 2; ++k) r.rules.push_back(rule({match(), match()}, {}));
      routes_.push_back(std::move(r));
    }
    for (const HttpRoute& r : routes_)
      for (int k = 0; k < 4; ++k) {
        const std::string_view host = pick({"", "*.com", "*.a.com", "b.a.com"});
        candidates_.push_back({&r, k / 2, k % 2, 0, host, host});
      }
  }
  const std::vector<Candidate>& all() const { return candidates_; }

 private:
  const char* pick(std::vector<const char*> of) { return of[random_() % of.size()]; }
  HttpRouteMatch match() {
    HttpRouteMatch m;
    m.path.type = static_cast<PathMatchType>(random_() % 3);
    m.path.value = pick({"/", "/a", "/a/", "/bb", "/a/b"});
    m.method = pick({"", "GET"});
    for (auto n = random_() % 3; n > 0; --n)
      m.headers.push_back({ValueMatchType::exact, pick({"x", "X", "y"}), "1"});
    for (auto n = random_() % 3; n > 0; --n)
      m.query_params.push_back({ValueMatchType::exact, pick({"q", "r"}), "1"});
    return m;
  }

  std::mt19937 random_;
  std::deque<HttpRoute> routes_;
  std::vector<Candidate> candidates_;
};

class PrecedenceOrder : public testing::TestWithParam<std::tuple<unsigned, RegexPrecedence, bool>> {
};
TEST_P(PrecedenceOrder, IsAStrictWeakOrder) {
  const auto [seed, regex_precedence, reverse] = GetParam();
  PrecedenceOptions options;
  options.regex = regex_precedence;
  options.reverse_names = reverse;
  const RandomCandidates world(seed);
  const auto& all = world.all();
  const auto less = [&](const Candidate& a, const Candidate& b) {
    return takes_precedence(a, b, options);
  };
  const auto same = [&](const Candidate& a, const Candidate& b) {
    return !less(a, b) && !less(b, a);
  };
  for (const Candidate& a : all) {
    EXPECT_FALSE(less(a, a));
    for (const Candidate& b : all) {
      EXPECT_FALSE(less(a, b) && less(b, a));
      for (const Candidate& c : all) {
        EXPECT_TRUE(!(less(a, b) && less(b, c)) || less(a, c));
        EXPECT_TRUE(!(same(a, b) && same(b, c)) || same(a, c));
      }
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, PrecedenceOrder,
                         testing::Combine(testing::Range(1u, 6u),
                                          testing::Values(RegexPrecedence::before_prefix,
                                                          RegexPrecedence::after_prefix,
                                                          RegexPrecedence::as_prefix),
                                          testing::Bool()));

}  // namespace
}  // namespace spillway::model
