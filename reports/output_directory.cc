#include "reports/output_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "reports/output_file.h"

namespace spillway::reports {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kMark = ".spillway-";

[[noreturn]] void fail(std::string_view action, const fs::path& path, std::string_view reason) {
  throw OutputError(fmt::format("cannot {} {}: {}", action, path.string(), reason));
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

std::string hidden_prefix(const fs::path& target) {
  return fmt::format(".{}{}", target.filename().string(), kMark);
}

// -1 when somebody else holds it.
int lock(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return -1;
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  ::close(descriptor);
  return -1;
}

void remove_leftovers(const fs::path& target) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_of(target), ignored)) {
    if (!entry.path().filename().string().starts_with(hidden_prefix(target))) continue;
    const int descriptor = lock(entry.path());
    if (descriptor < 0) continue;
    fs::remove_all(entry.path(), ignored);
    ::close(descriptor);
  }
}

bool is_result(const fs::path& folder) {
  return fs::exists(folder / "run.json") || fs::exists(folder / "runs.csv");
}

// Throws unless a result may be put there.
void check_target(const fs::path& target, bool replace) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(target, error);
  if (status.type() == fs::file_type::not_found) return;
  if (status.type() == fs::file_type::none) fail("write", target, error.message());
  if (!replace) fail("write", target, "it exists (--force replaces an earlier result)");
  if (status.type() != fs::file_type::directory) fail("replace", target, "it is not a directory");
  if (!fs::is_empty(target, error) && !is_result(target))
    fail("replace", target,
         error ? error.message() : "it holds other files than a result (no run.json or runs.csv)");
}

int rename_with(const fs::path& from, const fs::path& to, unsigned flags) {
  return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0 ? 0 : errno;
}

}  // namespace

OutputDirectory::OutputDirectory(fs::path target, bool replace)
    : target_(std::move(target)), replace_(replace) {
  target_ = target_.lexically_normal();
  if (!target_.has_filename()) target_ = target_.parent_path();
  const std::string name = target_.filename().string();
  if (name.empty() || name == "." || name == "..")
    fail("write", target_.empty() ? fs::path("\"\"") : target_, "it names no new directory");
  check_target(target_, replace_);
  std::error_code error;
  fs::create_directories(folder_of(target_), error);
  if (error) fail("create", folder_of(target_), error.message());
  remove_leftovers(target_);
  make_hidden_folder();
}

void OutputDirectory::make_hidden_folder() {
  // Another run may take a folder for a leftover before it is locked: then make another one.
  do {
    std::string pattern = (folder_of(target_) / (hidden_prefix(target_) + "XXXXXX")).string();
    if (!::mkdtemp(pattern.data())) fail("write", target_, std::strerror(errno));
    hidden_ = pattern;
    lock_ = lock(hidden_);
  } while (lock_ < 0 && !fs::exists(hidden_));
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::chmod(hidden_.c_str(), 0777 & ~mask);
}

OutputDirectory::~OutputDirectory() {
  std::error_code ignored;
  if (!committed_ && !hidden_.empty()) fs::remove_all(hidden_, ignored);
  if (lock_ >= 0) ::close(lock_);
}

void OutputDirectory::write(const fs::path& relative, const Writer& writer) {
  std::error_code error;
  fs::create_directories(folder_of(hidden_ / relative), error);
  if (error) fail("create", folder_of(target_ / relative), error.message());
  write_new_file(hidden_ / relative, target_ / relative, writer);
}

void OutputDirectory::commit() {
  check_target(target_, replace_);
  for (const auto& entry : fs::recursive_directory_iterator(hidden_))
    if (entry.is_directory()) sync_directory(entry.path());
  sync_directory(hidden_);
  int error = rename_with(hidden_, target_, RENAME_NOREPLACE);
  if (error == EEXIST && replace_) {
    error = rename_with(hidden_, target_, RENAME_EXCHANGE);
    if (error == 0) {
      std::error_code ignored;
      fs::remove_all(hidden_, ignored);
    }
  }
  // File systems without these flags: plain renames; an old result moves aside first.
  if (error == EINVAL || error == ENOSYS) {
    const fs::path aside = hidden_.string() + "-old";
    if (replace_ && fs::exists(target_)) rename_with(target_, aside, 0);
    error = rename_with(hidden_, target_, 0);
    std::error_code ignored;
    if (error == 0)
      fs::remove_all(aside, ignored);
    else
      rename_with(aside, target_, 0);
  }
  if (error != 0) fail("write", target_, std::strerror(error));
  committed_ = true;
  sync_directory(folder_of(target_));
}

void write_file(const fs::path& target, const Writer& writer) {
  const fs::path hidden =
      folder_of(target) / fmt::format("{}{}", hidden_prefix(target), static_cast<long>(::getpid()));
  std::error_code error;
  fs::remove(hidden, error);
  try {
    write_new_file(hidden, target, writer);
  } catch (...) {
    fs::remove(hidden, error);
    throw;
  }
  fs::rename(hidden, target, error);
  if (error) {
    const std::string reason = error.message();
    fs::remove(hidden, error);
    fail("write", target, reason);
  }
}

}  // namespace spillway::reports
