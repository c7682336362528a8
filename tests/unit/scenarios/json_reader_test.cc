#include <gtest/gtest.h>

#include "scenarios/document.h"
#include "tests/unit/scenarios/scenario_testing.h"

namespace spillway::scenarios {
namespace {

TEST(JsonReader, MakesTheSameTreeAsYaml) {
  const auto json =
      read_documents("{\"a\": [1, -2.5e3, true, null, \"x\\n\\\"\\u00e9\"], \"b\": {}}", "a.json");
  ASSERT_TRUE(json) << messages(json.diagnostics());
  EXPECT_EQ(outline(*json), "{a: [1, -2.5e3, true, null, 'x\n\"é'], b: {}}");
}

TEST(JsonReader, KnowsThePlaceOfEveryKeyAndValue) {
  const auto json =
      read_documents("{\n  \"é\\\"\" : {\"b\":\n [10,\"x\"] },\n \"c\":-1}", "a.json");
  ASSERT_TRUE(json) << messages(json.diagnostics());
  const Node& root = (*json)[0];
  EXPECT_EQ(root.place.text(), "a.json:1:1");
  EXPECT_EQ(root.members[0].key_place.text(), "a.json:2:3");
  EXPECT_EQ(root.members[0].value.place.text(), "a.json:2:11");
  const Member& b = root.members[0].value.members[0];
  EXPECT_EQ(b.key_place.text(), "a.json:2:12");
  EXPECT_EQ(b.value.place.text(), "a.json:3:2");
  EXPECT_EQ(b.value.items[0].place.text(), "a.json:3:3");
  EXPECT_EQ(b.value.items[1].place.text(), "a.json:3:6");
  EXPECT_EQ(root.members[1].key_place.text(), "a.json:4:2");
  EXPECT_EQ(root.members[1].value.place.text(), "a.json:4:6");
}

TEST(JsonReader, KeepsNumbersPlainAndStringsQuoted) {
  const auto json = read_documents("[1, \"1\"]", "a.json");
  ASSERT_TRUE(json);
  EXPECT_FALSE((*json)[0].items[0].quoted);
  EXPECT_TRUE((*json)[0].items[1].quoted);
}

TEST(JsonReader, RefusesDuplicateKeys) {
  EXPECT_EQ(messages(read_documents("{\"a\": 1,\n\"a\": 2}", "a.json").diagnostics()),
            "a.json:2:1: error: the key \"a\" stands twice in one mapping, first at a.json:1:2 "
            "[duplicate-key]");
}

TEST(JsonReader, RefusesWhatIsNoJson) {
  EXPECT_EQ(messages(read_documents("{\"a\": 1,}", "a.json").diagnostics()),
            "a.json:1:9: error: not valid JSON: unexpected '}'; expected string literal "
            "[json-syntax]");
  EXPECT_EQ(messages(read_documents("{'a': 1}", "a.json").diagnostics()),
            "a.json:1:2: error: not valid JSON: invalid literal; last read: '{''; expected string "
            "literal [json-syntax]");
  EXPECT_EQ(messages(read_documents("{\"a\": 010}", "a.json").diagnostics()),
            "a.json:1:10: error: not valid JSON: unexpected number literal; expected '}' "
            "[json-syntax]");
  EXPECT_EQ(messages(read_documents("", "a.json").diagnostics()),
            "a.json:1:1: error: not valid JSON: unexpected end of input; expected '[', '{', or a "
            "literal [json-syntax]");
  EXPECT_EQ(messages(read_documents("{} {}", "a.json").diagnostics()),
            "a.json:1:4: error: not valid JSON: unexpected '{'; expected end of input "
            "[json-syntax]");
}

TEST(JsonReader, StopsAtTheDeepestNesting) {
  EXPECT_EQ(messages(read_documents(std::string(200'000, '['), "a.json").diagnostics()),
            "a.json:1:101: error: too deeply nested (got more than 100 levels, expected at most "
            "100) [nesting-depth]");
}

TEST(Documents, AreJsonByExtensionOrOnStandardInputByTheFirstCharacter) {
  EXPECT_TRUE(read_documents("{a: 1}", "a.yaml"));
  EXPECT_FALSE(read_documents("{a: 1}", "a.json"));
  EXPECT_FALSE(read_documents(" [a]", "-"));
  EXPECT_TRUE(read_documents("a: [b]", "-"));
}

}  // namespace
}  // namespace spillway::scenarios
