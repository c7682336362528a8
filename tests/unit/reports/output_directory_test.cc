#include "reports/output_directory.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>

#include "reports/output_file.h"

namespace spillway::reports {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class OutputDirectoryTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "spillway-output-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  void TearDown() override {
    fs::permissions(root_, fs::perms::owner_all);
    fs::remove_all(root_);
  }

  std::vector<std::string> entries(const fs::path& below = {}) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(root_ / below))
      names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  }
  void put(const fs::path& file, const std::string& text = "old") const {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text;
  }
  std::string text(const fs::path& file) const {
    std::ostringstream out;
    out << std::ifstream(root_ / file).rdbuf();
    return out.str();
  }
  void write_result(bool replace = false) const {
    OutputDirectory out(root_ / "r", replace);
    out.write("run.json", [](std::ostream& o) { o << "new"; });
    out.commit();
  }
  template <class Action>
  std::string error(Action action) const {
    try {
      action();
    } catch (const OutputError& e) {
      std::string what = e.what();
      const std::string root = root_.string();
      for (auto at = what.find(root); at != std::string::npos; at = what.find(root))
        what.replace(at, root.size(), "ROOT");
      return what;
    }
    return "no error";
  }

  fs::path root_;
};

TEST_F(OutputDirectoryTest, AppearsOnlyWithCommit) {
  OutputDirectory out(root_ / "r", false);
  out.write("a.csv", [](std::ostream& o) { o << "1\n"; });
  out.write("sub/b.csv", [](std::ostream& o) { o << "2\n"; });
  EXPECT_FALSE(fs::exists(root_ / "r"));
  out.commit();
  EXPECT_THAT(entries(), ElementsAre("r"));
  EXPECT_EQ(text("r/a.csv"), "1\n");
  EXPECT_EQ(text("r/sub/b.csv"), "2\n");
}

TEST_F(OutputDirectoryTest, LeavesNothingWithoutCommit) {
  {
    OutputDirectory(root_ / "r", false).write("a.csv", [](std::ostream& o) { o << "1"; });
  }
  EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(OutputDirectoryTest, WritesFilesLargerThanItsBuffer) {
  const std::string line(1000, 'x');
  OutputDirectory out(root_ / "r", false);
  out.write("a.csv", [&](std::ostream& o) {
    for (int i = 0; i < 200; ++i) o << line << '\n';
  });
  out.write("b.csv", [&](std::ostream& o) { o << std::string(200'000, 'y') << 'z'; });
  out.commit();
  EXPECT_EQ(text("r/a.csv").size(), 200u * 1001);
  EXPECT_EQ(text("r/b.csv"), std::string(200'000, 'y') + 'z');
}

TEST_F(OutputDirectoryTest, RefusesAnExistingTarget) {
  put("r/run.json");
  EXPECT_EQ(error([&] { write_result(); }),
            "cannot write ROOT/r: it exists (--force replaces an earlier result)");
  EXPECT_EQ(text("r/run.json"), "old");
}

TEST_F(OutputDirectoryTest, RefusesATargetThatAppearsMeanwhile) {
  OutputDirectory out(root_ / "r", false);
  put("r/mine");
  EXPECT_EQ(error([&] { out.commit(); }),
            "cannot write ROOT/r: it exists (--force replaces an earlier result)");
  EXPECT_EQ(text("r/mine"), "old");
}

TEST_F(OutputDirectoryTest, ReplacesAnEarlierResultWhenForced) {
  put("r/run.json");
  put("r/stale.csv");
  write_result(true);
  EXPECT_THAT(entries(), ElementsAre("r"));
  EXPECT_THAT(entries("r"), ElementsAre("run.json"));
  EXPECT_EQ(text("r/run.json"), "new");
}

TEST_F(OutputDirectoryTest, ReplacesAnEmptyFolderWhenForced) {
  fs::create_directory(root_ / "r");
  write_result(true);
  EXPECT_EQ(text("r/run.json"), "new");
}

TEST_F(OutputDirectoryTest, KeepsTheEarlierResultUntilTheNewOneIsWhole) {
  put("r/run.json");
  {
    OutputDirectory(root_ / "r", true).write("run.json", [](std::ostream& o) { o << "new"; });
  }
  EXPECT_EQ(text("r/run.json"), "old");
}

TEST_F(OutputDirectoryTest, NeverReplacesWhatIsNoResult) {
  put("r/thesis.tex");
  EXPECT_EQ(error([&] { write_result(true); }),
            "cannot replace ROOT/r: it holds other files than a result (no run.json or runs.csv)");
  put("s", "a file");
  EXPECT_EQ(error([&] { OutputDirectory(root_ / "s", true); }),
            "cannot replace ROOT/s: it is not a directory");
}

TEST_F(OutputDirectoryTest, RemovesLeftoversOfItsOwnNameOnly) {
  put(".r.spillway-abc123/run.json");
  put(".other.spillway-abc123/run.json");
  write_result();
  EXPECT_THAT(entries(), ElementsAre(".other.spillway-abc123", "r"));
}

TEST_F(OutputDirectoryTest, LeavesTheFolderOfARunInProgressAlone) {
  OutputDirectory first(root_ / "r", false);
  first.write("run.json", [](std::ostream& o) { o << "first"; });
  { OutputDirectory second(root_ / "r", false); }
  first.commit();
  EXPECT_EQ(text("r/run.json"), "first");
}

TEST_F(OutputDirectoryTest, CreatesMissingParents) {
  OutputDirectory out(root_ / "a/b/r/", false);
  out.commit();
  EXPECT_TRUE(fs::is_directory(root_ / "a/b/r"));
}

TEST_F(OutputDirectoryTest, RefusesParentsThatAreFiles) {
  put("a", "a file");
  EXPECT_EQ(error([&] { OutputDirectory(root_ / "a/r", false); }),
            "cannot create ROOT/a: Not a directory");
}

TEST_F(OutputDirectoryTest, RefusesNamesThatNameNothingNew) {
  for (const char* name : {"", ".", "..", "/"})
    EXPECT_THAT(error([&] { OutputDirectory(name, true); }), testing::HasSubstr("cannot write"))
        << name;
}

TEST_F(OutputDirectoryTest, SaysThatAFolderCannotBeWritten) {
  EXPECT_EQ(error([&] { OutputDirectory("/proc/r", false); }),
            "cannot write /proc/r: No such file or directory");
}

TEST(FileBuffer, RemembersWhyWritingFailed) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  FileBuffer buffer(full);
  std::ostream out(&buffer);
  out << "text";
  EXPECT_EQ(buffer.error(), 0);
  out.flush();
  EXPECT_FALSE(out.good());
  EXPECT_EQ(buffer.error(), ENOSPC);
  ::close(full);
}

TEST_F(OutputDirectoryTest, SaysThatAFolderMayNotBeWritten) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  fs::permissions(root_, fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_EQ(error([&] { OutputDirectory(root_ / "r", false); }),
            "cannot write ROOT/r: Permission denied");
}

TEST_F(OutputDirectoryTest, WriteFileReplacesTheWholeFile) {
  put("junit.xml", "old and long");
  write_file(root_ / "junit.xml", [](std::ostream& o) { o << "new"; });
  EXPECT_EQ(text("junit.xml"), "new");
  EXPECT_THAT(entries(), ElementsAre("junit.xml"));
}

TEST_F(OutputDirectoryTest, WriteFileSaysWhyItCannot) {
  EXPECT_EQ(error([&] { write_file(root_ / "no/junit.xml", [](std::ostream&) {}); }),
            "cannot write ROOT/no/junit.xml: No such file or directory");
}

}  // namespace
}  // namespace spillway::reports
