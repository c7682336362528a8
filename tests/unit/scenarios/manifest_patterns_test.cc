#include "scenarios/manifests/patterns.h"

#include <gmock/gmock.h>

#include <random>
#include <regex>
#include <string>

#include "scenarios/manifests/timestamp.h"

namespace spillway::scenarios::manifests {
namespace {

/// RE2 spells a backtick \x60 and knows no difference to ECMAScript in what these patterns use.
std::regex regex_of(const Pattern& pattern) { return std::regex(std::string(pattern.regex)); }

bool found(const std::regex& regex, const std::string& text) {
  return std::regex_search(text, regex);
}

/// Random texts of pieces that matter to the patterns, so that near misses are common.
std::string random_text(std::mt19937& rng, const std::vector<std::string>& pieces) {
  std::string text;
  const auto count = rng() % 9;
  for (unsigned i = 0; i < count; ++i) text += pieces[rng() % pieces.size()];
  return text;
}

void expect_same(const Pattern& pattern, const std::vector<std::string>& pieces, unsigned seed) {
  std::mt19937 rng(seed);
  const std::regex regex = regex_of(pattern);
  int accepted = 0;
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = random_text(rng, pieces);
    const bool expected = found(regex, text);
    accepted += expected;
    ASSERT_EQ(pattern.matches(text), expected) << pattern.what << ": \"" << text << '"';
  }
  EXPECT_GT(accepted, 25) << pattern.what;
  EXPECT_LT(accepted, 4'975) << pattern.what;
}

TEST(ManifestPatterns, OfNamesAgreeWithTheirExpressions) {
  const std::vector<std::string> pieces{"a", "7", "-", ".", "A", "_", "*.", "/"};
  expect_same(kGroupName, pieces, 1);
  expect_same(kKindName, pieces, 2);
  expect_same(kDnsLabel, pieces, 3);
  expect_same(kDns1035Label, pieces, 4);
  expect_same(kDnsName, pieces, 5);
  expect_same(kHostname, pieces, 6);
  expect_same(kLabelValue, pieces, 7);
  expect_same(kQualifiedName, pieces, 8);
}

TEST(ManifestPatterns, OfHttpAgreeWithTheirExpressions) {
  expect_same(kHeaderName, {"a", "Z", "-", "_", "`", "~", "!", "(", " ", "0"}, 9);
  expect_same(kHeaderValue, {"a", " ", "\t", "!", "~", "  ", "b", "\x7f"}, 10);
  expect_same(kPathCharacters, {"/", "a", "%2", "f", "%", "#", "20", "~", "@"}, 11);
  expect_same(kCorsOrigin,
              {"*", "http://", "https://", "*.", "a", ".", "-", ":80", ":", "12345", "b"}, 12);
}

TEST(ManifestPatterns, OfGatewaysAgreeWithTheirExpressions) {
  expect_same(kControllerName, {"a", "/", ".", "b", "-", "%", "A"}, 13);
  expect_same(kProtocol, {"HTTP", "a", "/", ".", "-", "b", "%"}, 14);
  expect_same(kAddressType, {"Hostname", "IPAddress", "a", "/", ".", "-", "b", "?"}, 15);
}

TEST(ManifestPatterns, OfDurationsAgreeWithTheirExpression) {
  expect_same(kDuration, {"1", "99", "h", "m", "s", "ms", "-", "0"}, 16);
}

TEST(ManifestPatterns, LimitTheNameOfAQualifiedNameTo63Characters) {
  EXPECT_TRUE(kQualifiedName.matches("a.b/" + std::string(63, 'x')));
  EXPECT_FALSE(kQualifiedName.matches("a.b/" + std::string(64, 'x')));
}

TEST(ManifestPatterns, KnowPortNames) {
  EXPECT_TRUE(kPortName.matches("http-admin"));
  EXPECT_FALSE(kPortName.matches("80"));
  EXPECT_FALSE(kPortName.matches("a--b"));
  EXPECT_FALSE(kPortName.matches("abcdefghijklmnop"));
}

TEST(ManifestPatterns, TakeLinearTimeOnHeaderValues) {
  // A backtracking matcher would not come back.
  EXPECT_FALSE(kHeaderValue.matches(std::string(4095, 'a') + " "));
}

TEST(ManifestTimestamps, AreBroughtToUtc) {
  EXPECT_EQ(utc_timestamp("2024-05-01T12:00:00Z"), "2024-05-01T12:00:00Z");
  EXPECT_EQ(utc_timestamp("2024-03-01T00:30:00+01:00"), "2024-02-29T23:30:00Z");
  EXPECT_EQ(utc_timestamp("2023-12-31T23:30:00.75-00:45"), "2024-01-01T00:15:00Z");
}

TEST(ManifestTimestamps, AreRefusedWhenThereIsNoSuchTime) {
  for (const char* text : {"", "2024-05-01", "2024-02-30T00:00:00Z", "2024-13-01T00:00:00Z",
                           "2024-05-01T24:00:00Z", "2024-05-01T12:60:00Z", "2024-05-01T12:00:61Z",
                           "2024-05-01T12:00:00", "2024-05-01 12:00:00Z", "2024-05-01T12:00:00.Z",
                           "2024-05-01T12:00:00+1:00", "2024-05-01T12:00:00+24:00"})
    EXPECT_EQ(utc_timestamp(text), std::nullopt) << text;
}

}  // namespace
}  // namespace spillway::scenarios::manifests
