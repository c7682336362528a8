#include <gtest/gtest.h>

#include "scenarios/scalar.h"
#include "scenarios/suggest.h"

namespace spillway::scenarios {
namespace {

Node plain(std::string text) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.scalar = std::move(text);
  return node;
}

TEST(ScalarKind, FollowsTheCoreSchemaWithoutItsTraps) {
  EXPECT_EQ(scalar_kind(plain("true")), ScalarKind::boolean);
  EXPECT_EQ(scalar_kind(plain("False")), ScalarKind::boolean);
  EXPECT_EQ(scalar_kind(plain("12")), ScalarKind::integer);
  EXPECT_EQ(scalar_kind(plain("-3")), ScalarKind::integer);
  EXPECT_EQ(scalar_kind(plain("1.30")), ScalarKind::number);
  EXPECT_EQ(scalar_kind(plain("1e3")), ScalarKind::number);
  for (const char* text : {"no", "yes", "on", "010", "0x10", "0o7", "1_000", "1:30", ".5", "5.",
                           ".inf", ".nan", "1.2.3", "-", "+", "e3"})
    EXPECT_EQ(scalar_kind(plain(text)), ScalarKind::string) << text;
}

TEST(ScalarKind, OfQuotedTextIsString) {
  Node node = plain("12");
  node.quoted = true;
  EXPECT_EQ(scalar_kind(node), ScalarKind::string);
}

TEST(ParseInteger, RefusesWhatDoesNotFit) {
  EXPECT_EQ(parse_integer("9223372036854775807"), 9223372036854775807);
  EXPECT_EQ(parse_integer("9223372036854775808"), std::nullopt);
  EXPECT_EQ(parse_integer("+5"), 5);
  EXPECT_EQ(parse_integer("1.0"), std::nullopt);
}

TEST(ParseNumber, RefusesInfinity) {
  EXPECT_EQ(parse_number("1e308"), 1e308);
  EXPECT_EQ(parse_number("1e309"), std::nullopt);
  EXPECT_EQ(parse_number("nan"), std::nullopt);
}

TEST(Describe, SaysWhatStandsThere) {
  EXPECT_EQ(describe(plain("010")), "the string \"010\"");
  EXPECT_EQ(describe(plain("3")), "the number 3");
  EXPECT_EQ(describe(plain("true")), "true");
  EXPECT_EQ(describe(Node{}), "null");
  EXPECT_EQ(describe(plain(std::string(100, 'x'))),
            "the string \"" + std::string(60, 'x') + "...\"");
  EXPECT_EQ(describe(plain("a\nb")), "the string \"a\\nb\"");
}

TEST(Closest, FindsMisspellings) {
  const std::vector<std::string> names{"replicas", "maxWait", "onCancel", "ps"};
  EXPECT_EQ(closest("replcas", names), "replicas");
  EXPECT_EQ(closest("relpicas", names), "replicas");
  EXPECT_EQ(closest("max_wait", names), "maxWait");
  EXPECT_EQ(closest("on-cancel", names), "onCancel");
  EXPECT_EQ(closest("sp", names), "ps");
  EXPECT_EQ(closest("workers", names), "");
  EXPECT_EQ(closest(std::string(1000, 'x'), names), "");
}

TEST(OneOf, CutsLongLists) {
  const std::vector<std::string> names{"a", "b", "c"};
  EXPECT_EQ(one_of(names), "a, b or c");
  EXPECT_EQ(one_of(names, 2), "a, b and 1 more");
  EXPECT_EQ(one_of(std::span(names).first(1)), "a");
  EXPECT_EQ(one_of({}), "");
}

}  // namespace
}  // namespace spillway::scenarios
