// Runs the program as a user does: arguments, a working folder, what it prints and how it ends.
#pragma once

#include <gmock/gmock.h>
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace spillway::integration {

struct Ended {
  int exit_code = -1;  ///< 128 + signal when a signal ended it
  std::string out;
  std::string err;
};

/// A process that runs in `folder`, without a terminal and with NO_COLOR unset. Its streams
/// are files of a folder of its own, so that processes of tests that run side by side never meet.
class Process {
 public:
  Process(const std::filesystem::path& folder, const std::vector<std::string>& arguments,
          const std::string& input = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void signal(int number) const;
  /// Processor time used so far.
  double cpu_seconds() const;
  /// Whether it has a handler for the signal.
  bool catches(int number) const;
  Ended wait();

 private:
  std::filesystem::path streams_;  ///< folder of in, out and err
  pid_t pid_ = -1;
};

/// A new folder for every test; files and results stay in it and go with it.
class ProgramTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  Ended spillway(const std::vector<std::string>& arguments, const std::string& input = {}) const;
  void write(const std::string& file, const std::string& text) const;
  std::string read(const std::filesystem::path& file) const;
  bool exists(const std::filesystem::path& file) const;
  /// Names in a folder, hidden ones too, sorted.
  std::vector<std::string> entries(const std::filesystem::path& below = {}) const;

  std::filesystem::path folder_;
};

/// One service that fails half of its requests, `seconds` of 100 requests/s; `more` is added at the
/// end of `spec`.
std::string scenario(const std::string& name, const std::string& seconds = "2s",
                     const std::string& more = {});
/// The same for so long that nobody waits for its end.
std::string endless_scenario();

}  // namespace spillway::integration
