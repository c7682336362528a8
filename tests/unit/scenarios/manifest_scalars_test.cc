#include <gmock/gmock.h>

#include "scenarios/manifests/kube_scalar.h"

namespace spillway::scenarios::manifests {
namespace {

Node plain(const std::string& text) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.scalar = text;
  return node;
}

TEST(ManifestScalars, AreReadAsYaml11) {
  const auto type = [](const char* text) { return scalar_type(plain(text)); };
  for (const char* text : {"y", "Yes", "on", "TRUE", "n", "no", "Off", "false"})
    EXPECT_EQ(type(text), ScalarType::boolean) << text;
  for (const char* text : {"", "~", "null", "NULL"})
    EXPECT_EQ(type(text), ScalarType::null) << text;
  for (const char* text : {"0", "-12", "+7", "1_000", "0x1F", "0b101", "0o17", "017"})
    EXPECT_EQ(type(text), ScalarType::integer) << text;
  for (const char* text : {"1.5", "1e3", ".5", "-1.", "08"})
    EXPECT_EQ(type(text), ScalarType::decimal) << text;
  for (const char* text :
       {"a", "10s", "1.2.3", "0x", "--1", "_1", "2024-05-01", "yEs", "1:30", "-"})
    EXPECT_EQ(type(text), ScalarType::string) << text;
}

TEST(ManifestScalars, AreStringsInQuotes) {
  Node node = plain("80");
  node.quoted = true;
  EXPECT_EQ(scalar_type(node), ScalarType::string);
  EXPECT_EQ(integer_value(node), std::nullopt);
}

TEST(ManifestScalars, HaveTheValueOfTheirBase) {
  EXPECT_EQ(integer_value(plain("1_000")), 1000);
  EXPECT_EQ(integer_value(plain("-0x1F")), -31);
  EXPECT_EQ(integer_value(plain("0b101")), 5);
  EXPECT_EQ(integer_value(plain("017")), 15);
  EXPECT_EQ(integer_value(plain("5.0")), 5);
  EXPECT_EQ(integer_value(plain("1e3")), 1000);
  EXPECT_EQ(integer_value(plain("5.5")), std::nullopt);
  EXPECT_EQ(integer_value(plain("99999999999999999999")), std::nullopt);
}

TEST(ManifestScalars, AreQuotedOnOneLine) {
  EXPECT_EQ(quoted_line("a\nb\tc\x01"), R"("a\nb\tc\x01")");
  EXPECT_EQ(quoted_line(std::string(100, 'x')),
            '"' + std::string(40, 'x') + "..." + std::string(15, 'x') + '"');
}

TEST(ManifestScalars, AreNotCutWithinACharacter) {
  const std::string shown = quoted_line(std::string(39, 'x') + "\xc3\xa4" + std::string(60, 'y'));
  EXPECT_EQ(shown, '"' + std::string(39, 'x') + "..." + std::string(15, 'y') + '"');
}

}  // namespace
}  // namespace spillway::scenarios::manifests
