// A result directory that appears whole or not at all: files are written into a hidden folder
// beside it, made durable, and renamed at the end. Owned by one thread.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <stdexcept>

namespace spillway::reports {

/// What could not be written and why: "cannot create out/summary.csv: No space left on device".
class OutputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Writer = std::function<void(std::ostream&)>;

class OutputDirectory {
 public:
  /// Creates missing parents, removes what earlier runs to the same target left behind when they
  /// were killed, and makes the hidden folder `.NAME.spillway-XXXXXX`, locked while this lives.
  /// Throws OutputError when the target exists (unless `replace`; then it must be empty or an
  /// earlier result, which is a folder with run.json or runs.csv) or cannot be written.
  OutputDirectory(std::filesystem::path target, bool replace);
  /// Removes the hidden folder unless committed.
  ~OutputDirectory();
  OutputDirectory(const OutputDirectory&) = delete;
  OutputDirectory& operator=(const OutputDirectory&) = delete;

  /// A file below the target, its folders made as needed.
  void write(const std::filesystem::path& relative, const Writer& writer);
  /// Renames the folder to its target in one step.
  void commit();

 private:
  void make_hidden_folder();

  std::filesystem::path target_;
  std::filesystem::path hidden_;
  bool replace_;
  bool committed_ = false;
  int lock_ = -1;
};

/// One file that appears whole or not at all; an existing one is replaced.
void write_file(const std::filesystem::path& target, const Writer& writer);

}  // namespace spillway::reports
