#include "model/gateway/hostname.h"

#include <gtest/gtest.h>

#include <string>

namespace spillway::model {
namespace {

struct HostCase {
  const char* name;
  const char* hostname;
  const char* host;
  bool matches;
};
class Hostname : public testing::TestWithParam<HostCase> {};
TEST_P(Hostname, MatchesHost) {
  EXPECT_EQ(host_matches(GetParam().hostname, GetParam().host), GetParam().matches);
}
INSTANTIATE_TEST_SUITE_P(
    Of, Hostname,
    testing::Values(HostCase{"ExactSame", "a.example.com", "a.example.com", true},
                    HostCase{"ExactOther", "a.example.com", "b.example.com", false},
                    HostCase{"ExactSubdomain", "example.com", "a.example.com", false},
                    HostCase{"WildcardOneLabel", "*.example.com", "a.example.com", true},
                    HostCase{"WildcardTwoLabels", "*.example.com", "a.b.example.com", true},
                    HostCase{"WildcardNoLabel", "*.example.com", "example.com", false},
                    HostCase{"WildcardEmptyLabel", "*.example.com", ".example.com", false},
                    HostCase{"WildcardPartOfLabel", "*.example.com", "aexample.com", false},
                    HostCase{"WildcardOtherSuffix", "*.example.com", "a.example.net", false},
                    HostCase{"EmptyMatchesAll", "", "a.example.com", true},
                    HostCase{"EmptyMatchesNoHost", "", "", true},
                    HostCase{"ExactNoHost", "a.example.com", "", false}),
    [](const auto& param) { return std::string(param.param.name); });

struct IntersectionCase {
  const char* name;
  const char* a;
  const char* b;
  const char* both;  // null: nothing
};
class HostnameIntersection : public testing::TestWithParam<IntersectionCase> {};
TEST_P(HostnameIntersection, IsTheMoreSpecificOne) {
  const auto [name, a, b, both] = GetParam();
  const std::optional<std::string_view> expected =
      both ? std::optional<std::string_view>(both) : std::nullopt;
  EXPECT_EQ(intersect_hostnames(a, b), expected);
  EXPECT_EQ(intersect_hostnames(b, a), expected);
}
INSTANTIATE_TEST_SUITE_P(
    Of, HostnameIntersection,
    testing::Values(IntersectionCase{"EqualExact", "a.com", "a.com", "a.com"},
                    IntersectionCase{"DifferentExact", "a.com", "b.com", nullptr},
                    IntersectionCase{"ExactInWildcard", "*.a.com", "x.a.com", "x.a.com"},
                    IntersectionCase{"ExactDeepInWildcard", "*.a.com", "y.x.a.com", "y.x.a.com"},
                    IntersectionCase{"ApexNotInWildcard", "*.a.com", "a.com", nullptr},
                    IntersectionCase{"EqualWildcards", "*.a.com", "*.a.com", "*.a.com"},
                    IntersectionCase{"NestedWildcards", "*.com", "*.a.com", "*.a.com"},
                    IntersectionCase{"WildcardsOfSiblings", "*.a.com", "*.b.com", nullptr},
                    IntersectionCase{"WildcardsThatShareLetters", "*.a.com", "*.ba.com", nullptr},
                    IntersectionCase{"EmptyWithExact", "", "a.com", "a.com"},
                    IntersectionCase{"EmptyWithWildcard", "", "*.a.com", "*.a.com"},
                    IntersectionCase{"BothEmpty", "", "", ""}),
    [](const auto& param) { return std::string(param.param.name); });

struct NormalCase {
  const char* name;
  const char* header;
  const char* host;
};
class NormalHost : public testing::TestWithParam<NormalCase> {};
TEST_P(NormalHost, HasNoPortAndNoCapitals) {
  EXPECT_EQ(normalize_host(GetParam().header), GetParam().host);
}
INSTANTIATE_TEST_SUITE_P(Of, NormalHost,
                         testing::Values(NormalCase{"Plain", "a.com", "a.com"},
                                         NormalCase{"Port", "a.com:8080", "a.com"},
                                         NormalCase{"Capitals", "A.Com", "a.com"},
                                         NormalCase{"Ipv6", "[::1]", "[::1]"},
                                         NormalCase{"Ipv6Port", "[::1]:80", "[::1]"},
                                         NormalCase{"Empty", "", ""}),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(HostRank, PutsExactNamesBeforeLongerWildcards) {
  EXPECT_GT(host_rank("a.b"), host_rank("*.very.long.example.com"));
}
TEST(HostRank, PutsLongerWildcardsFirst) {
  EXPECT_GT(host_rank("*.b.example.com"), host_rank("*.example.com"));
}
TEST(HostRank, PutsEveryHostLast) { EXPECT_GT(host_rank("*.com"), host_rank("")); }

}  // namespace
}  // namespace spillway::model
