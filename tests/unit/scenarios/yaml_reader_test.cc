#include <gtest/gtest.h>

#include "scenarios/document.h"
#include "tests/unit/scenarios/scenario_testing.h"

namespace spillway::scenarios {
namespace {

struct Case {
  std::string name;
  std::string text;
  std::string expected;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }
std::string name_of(const testing::TestParamInfo<Case>& info) { return info.param.name; }

class YamlReads : public testing::TestWithParam<Case> {};

TEST_P(YamlReads, AsWritten) {
  const auto documents = read_documents(GetParam().text, "a.yaml");
  ASSERT_TRUE(documents) << messages(documents.diagnostics());
  EXPECT_EQ(outline(*documents), GetParam().expected);
  EXPECT_EQ(messages(documents.diagnostics()), "");
}

INSTANTIATE_TEST_SUITE_P(
    Documents, YamlReads,
    testing::Values(
        Case{"Scalars", "a: 1\nb: 'x'\nc: \"y\"\nd: ~\ne:\n",
             "{a: 1, b: 'x', c: 'y', d: null, e: null}"},
        Case{"Nesting", "a:\n  - b: {c: [1, 2]}\n  - d\n", "{a: [{b: {c: [1, 2]}}, d]}"},
        Case{"ManyDocuments", "a: 1\n---\nb: 2\n---\n[c]\n", "{a: 1} --- {b: 2} --- [c]"},
        Case{"EmptyDocumentsSkipped", "---\n---\n# nothing\n---\na: 1\n---\n", "{a: 1}"},
        Case{"EmptyFile", "", ""}, Case{"OnlyComments", "# one\n# two\n", ""},
        Case{"ByteOrderMark",
             "\xef\xbb\xbf"
             "a: 1\n",
             "{a: 1}"},
        Case{"CarriageReturns", "a: 1\r\nb:\r\n  - c\r\n", "{a: 1, b: [c]}"},
        Case{"BlockScalarIsString", "a: |\n  1\n", "{a: '1\n'}"},
        Case{"StringTag", "a: !!str 1\n", "{a: '1'}"},
        Case{"CoreTags", "a: !!map {b: !!seq [1]}\n", "{a: {b: [1]}}"},
        Case{"Anchors", "a: &x {b: 1}\nc: *x\nd: [*x]\n", "{a: {b: 1}, c: {b: 1}, d: [{b: 1}]}"},
        Case{"AnchorAsKey", "a: &x k\n*x : 1\n", "{a: k, k: 1}"},
        Case{"QuotedMergeKey", "'<<': 1\n", "{<<: 1}"},
        Case{"TabsBetweenTokens", "a:\t1\nb: [\t2]\nc: [\n\t3]\n", "{a: 1, b: [2], c: [3]}"},
        Case{"NotBooleanNorOctal", "a: no\nb: 010\nc: 1_000\nd: 1e3\n",
             "{a: no, b: 010, c: 1_000, d: 1e3}"},
        Case{"Directive", "%YAML 1.2\n---\na: 1\n...\n---\nb: 2\n", "{a: 1} --- {b: 2}"},
        Case{"NonAscii", "name: café ☕\n", "{name: café ☕}"}),
    name_of);

class YamlRefuses : public testing::TestWithParam<Case> {};

TEST_P(YamlRefuses, WithPlaceAndReason) {
  EXPECT_EQ(messages(read_documents(GetParam().text, "a.yaml").diagnostics()), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, YamlRefuses,
    testing::Values(
        Case{"DuplicateKey", "a: 1\nb: 2\na: 3\n",
             "a.yaml:3:1: error: the key \"a\" stands twice in one mapping, first at a.yaml:1:1 "
             "[duplicate-key]"},
        Case{"DuplicateKeyInFlow", "{a: 1, a: 2}",
             "a.yaml:1:8: error: the key \"a\" stands twice in one mapping, first at a.yaml:1:2 "
             "[duplicate-key]"},
        Case{"DuplicateKeysAmongMany",
             "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\ng: 1\nh: 1\ni: 1\nc: 2\na: 2\nc: 3\n",
             "a.yaml:11:1: error: the key \"a\" stands twice in one mapping, first at a.yaml:1:1 "
             "[duplicate-key]\n"
             "a.yaml:10:1: error: the key \"c\" stands twice in one mapping, first at a.yaml:3:1 "
             "[duplicate-key]\n"
             "a.yaml:12:1: error: the key \"c\" stands twice in one mapping, first at a.yaml:3:1 "
             "[duplicate-key]"},
        Case{"MergeKey", "a: &x {b: 1}\nc:\n  <<: *x\n",
             "a.yaml:3:3: error: merge keys are not supported (got <<, expected the keys written "
             "out, or an alias for a whole value) [merge-key]"},
        Case{
            "ListAsKey", "? [a]\n: 1\n",
            "a.yaml:1:3: error: a key must be text (got a list, expected a name) [key-not-scalar]"},
        Case{"NullAsKey", ": 1\n",
             "a.yaml:1:1: error: a key must be text (got null, expected a name) [key-not-scalar]"},
        Case{"CustomTag", "a: !secret x\n",
             "a.yaml:1:4: error: tags are not supported (got !secret, expected a plain value, or a "
             "string in quotes) [custom-tag]"},
        Case{"TagOnMapping", "a: !thing {b: 1}\n",
             "a.yaml:1:4: error: tags are not supported (got !thing, expected a plain value, or a "
             "string in quotes) [custom-tag]"},
        Case{"TabIndentation", "a:\n\tb: 1\n",
             "a.yaml:2:1: error: a tab is used as indentation (expected spaces) [tab-indentation]"},
        Case{"TabBeforeScalar", "a:\n \tb\n",
             "a.yaml:2:2: error: a tab is used as indentation (expected spaces) [tab-indentation]"},
        Case{"TabInContinuation", "a: x\n\ty\n",
             "a.yaml:2:1: error: a tab is used as indentation (expected spaces) [tab-indentation]"},
        Case{"TwoColons", "a: b: c\n",
             "a.yaml:1:5: error: a `key: value` pair is not possible here [yaml-syntax]\n"
             "    hint: check the indentation; text that holds `: ` needs quotes"},
        Case{"WrongIndentation", "a: 1\n b: 2\n",
             "a.yaml:2:3: error: a `key: value` pair is not possible here [yaml-syntax]\n"
             "    hint: check the indentation; text that holds `: ` needs quotes"},
        Case{"EntryAfterKey", "a: - b\n",
             "a.yaml:1:4: error: a list entry is not possible here [yaml-syntax]\n"
             "    hint: check the indentation; text that starts with `- ` needs quotes"},
        Case{"OpenList", "a: [1, 2\n",
             "a.yaml:2:1: error: a list that was opened with [ is not closed [yaml-syntax]"},
        Case{"OpenMapping", "a: {b: 1\n",
             "a.yaml:2:1: error: a mapping that was opened with { is not closed [yaml-syntax]"},
        Case{"OpenQuote", "a: 'x\n", "a.yaml:1:4: error: a quote is not closed [yaml-syntax]"},
        Case{"OpenDoubleQuote", "a: &x \"x\\\"\n",
             "a.yaml:1:4: error: a quote is not closed [yaml-syntax]"},
        Case{"StrayBracket", "a: 1\n]\n",
             "a.yaml:2:1: error: a closing bracket without an opening one [yaml-syntax]"},
        Case{"ReservedCharacter", "a: @x\n",
             "a.yaml:1:4: error: a plain value cannot hold this character here [yaml-syntax]\n"
             "    hint: put the value in quotes"},
        Case{"UnknownEscape", "a: \"\\q\"\n",
             "a.yaml:1:7: error: not valid YAML: unknown escape character: q [yaml-syntax]"},
        Case{"UnknownAlias", "a: *x\n",
             "a.yaml:1:4: error: the alias has no anchor before it [yaml-syntax]"},
        Case{"AliasOfEarlierDocument", "a: &x 1\n---\nb: *x\n",
             "a.yaml:3:4: error: the alias has no anchor before it [yaml-syntax]"},
        Case{"AliasWithinItself", "a: &x [*x]\n",
             "a.yaml:1:8: error: the alias contains itself [alias-expansion]"},
        Case{"TextAfterDocument", "[1]\nfoo: 1\n",
             "a.yaml:2:1: error: text after the end of the document (expected a line with --- "
             "before the next document) [yaml-syntax]"},
        Case{"NotUtf8", "a: 1\nb: x\xff\n",
             "a.yaml:2:5: error: the file is not UTF-8 (got the byte 0xff, expected UTF-8 text) "
             "[encoding]"},
        Case{"OverlongUtf8", "a: \xc0\xaf\n",
             "a.yaml:1:4: error: the file is not UTF-8 (got the byte 0xc0, expected UTF-8 text) "
             "[encoding]"},
        Case{"ControlCharacter", std::string("a: 1\x04\nb: 2\n"),
             "a.yaml:1:5: error: a control character (got the byte 0x04, expected text) "
             "[encoding]"},
        Case{"Zero", std::string("a: \0b\n", 6),
             "a.yaml:1:4: error: a control character (got the byte 0x00, expected text) "
             "[encoding]"}),
    name_of);

TEST(YamlReader, CountsColumnsInCharacters) {
  const auto documents = read_documents("é: ü\n", "a.yaml");
  ASSERT_TRUE(documents);
  EXPECT_EQ((*documents)[0].members[0].value.place.text(), "a.yaml:1:4");
}

TEST(YamlReader, GivesAnEmptyValueThePlaceOfItsKey) {
  const auto documents = read_documents("a:\nb: 1\n", "a.yaml");
  ASSERT_TRUE(documents);
  EXPECT_EQ((*documents)[0].members[0].value.place.text(), "a.yaml:1:1");
}

TEST(YamlReader, KeepsTheTreeBesideDuplicateKeys) {
  const auto documents = read_documents("a: 1\na: 2\nb: 3\n", "a.yaml");
  ASSERT_TRUE(documents);
  EXPECT_EQ(outline(*documents), "{a: 1, b: 3}");
  EXPECT_TRUE(has_errors(documents.diagnostics()));
}

TEST(YamlReader, StopsAnAliasBomb) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    const std::string name = std::to_string(i);
    text.append("a").append(name).append(": &a").append(name).append(" [").append(alias);
    for (int j = 1; j < 9; ++j) text.append(", ").append(alias);
    text += "]\n";
  }
  EXPECT_EQ(messages(read_documents(text, "a.yaml").diagnostics()),
            "a.yaml:6:5: error: the aliases expand to too much (got more than 1000000 values, "
            "expected at most 1000000) [alias-expansion]");
}

TEST(YamlReader, StopsAtTheDeepestNesting) {
  EXPECT_EQ(
      messages(
          read_documents(std::string(101, '[') + std::string(101, ']'), "a.yaml").diagnostics()),
      "a.yaml:1:101: error: too deeply nested (got more than 100 levels, expected at most "
      "100) [nesting-depth]");
  EXPECT_TRUE(read_documents(std::string(100, '[') + std::string(100, ']'), "a.yaml"));
}

TEST(YamlReader, RefusesHugeFiles) {
  EXPECT_EQ(messages(read_documents(std::string(kLargestFile + 1, ' '), "a.yaml").diagnostics()),
            "a.yaml: error: the file is too large (got more than 67108864 bytes, expected at most "
            "67108864) [file-size]");
}

TEST(YamlReader, SaysWhyAFileCannotBeRead) {
  EXPECT_EQ(messages(read_file("no/such.yaml").diagnostics()),
            "no/such.yaml: error: cannot be read: there is no such file [file]");
  EXPECT_EQ(messages(read_file("/").diagnostics()),
            "/: error: cannot be read: it is a directory [file]");
}

}  // namespace
}  // namespace spillway::scenarios
