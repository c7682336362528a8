// What the documentation shows is what the program prints: every `$ spillway ...` of a console
// block in a README is run from the repository's root, and its output compared with the lines that
// follow it. A line "..." stands for any lines.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace spillway {
namespace {

namespace fs = std::filesystem;

struct Shown {
  std::string command;
  std::vector<std::string> output;
};

using Lines = std::vector<std::string>;

/// The commands of the console blocks of a Markdown file.
std::vector<Shown> shown_in(std::istream& markdown) {
  std::vector<Shown> found;
  bool inside = false;
  bool listening = false;
  for (std::string line; std::getline(markdown, line);) {
    if (line.starts_with("```")) {
      inside = line == "```console";
      listening = false;
    } else if (inside && line.starts_with("$ ")) {
      listening = line.starts_with("$ spillway ");
      if (listening) found.push_back({line.substr(2), {}});
    } else if (inside && listening) {
      found.back().output.push_back(line);
    }
  }
  return found;
}

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

Lines run(const std::string& command) {
  const fs::path binary = SPILLWAY_BINARY;
  const std::string all = "cd '" SPILLWAY_SOURCE_DIR "' && PATH='" + binary.parent_path().string() +
                          "':\"$PATH\" && { " + command + "; } 2>/dev/null";
  FILE* pipe = popen(all.c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer;
  for (std::size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    text.append(buffer.data(), n);
  }
  pclose(pipe);
  return lines_of(text);
}

/// Is `actual` what `shown` says, "..." standing for any lines?
bool matches(const Lines& shown, std::size_t s, const Lines& actual, std::size_t a) {
  if (s == shown.size()) return a == actual.size();
  if (shown[s] == "...") {
    for (std::size_t next = a; next <= actual.size(); ++next) {
      if (matches(shown, s + 1, actual, next)) return true;
    }
    return false;
  }
  return a < actual.size() && shown[s] == actual[a] && matches(shown, s + 1, actual, a + 1);
}

std::string join(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::vector<std::string> documents() {
  std::vector<std::string> found{"README.md"};
  const fs::path root = SPILLWAY_SOURCE_DIR;
  for (const auto& entry : fs::recursive_directory_iterator(root / "scenarios/examples")) {
    if (entry.path().filename() != "README.md") continue;
    found.push_back(fs::relative(entry.path(), root).generic_string());
  }
  std::ranges::sort(found);
  return found;
}

class Documents : public testing::TestWithParam<std::string> {};

TEST_P(Documents, ShowWhatTheProgramPrints) {
  std::ifstream file(fs::path(SPILLWAY_SOURCE_DIR) / GetParam());
  for (const Shown& shown : shown_in(file)) {
    const Lines actual = run(shown.command);
    EXPECT_TRUE(matches(shown.output, 0, actual, 0))
        << GetParam() << ": " << shown.command << "\nprints\n"
        << join(actual) << "\nand not\n"
        << join(shown.output);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Documents, testing::ValuesIn(documents()), [](const auto& example) {
  std::string name = example.param;
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
});

TEST(DocumentCheck, FindsCommandsWithTheirOutput) {
  std::istringstream text(
      "```console\n$ cd x\nno\n$ spillway run a\none\n\n$ spillway check b\n```\n$ spillway no\n");
  const std::vector<Shown> found = shown_in(text);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].command, "spillway run a");
  EXPECT_EQ(found[0].output, (Lines{"one", ""}));
  EXPECT_EQ(found[1].output, Lines{});
}

TEST(DocumentCheck, LetsDotsStandForAnyLines) {
  EXPECT_TRUE(matches({"a", "...", "d"}, 0, {"a", "b", "c", "d"}, 0));
  EXPECT_TRUE(matches({"...", "d"}, 0, {"d"}, 0));
  EXPECT_FALSE(matches({"a", "..."}, 0, {"b"}, 0));
  EXPECT_FALSE(matches({"a"}, 0, {"a", "b"}, 0));
}

}  // namespace
}  // namespace spillway
