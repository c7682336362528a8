// A new file written through a buffer, with the reason when writing fails. One thread.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <streambuf>

namespace spillway::reports {

/// Bytes to a file descriptor; remembers the first errno.
class FileBuffer : public std::streambuf {
 public:
  explicit FileBuffer(int descriptor);
  int error() const { return error_; }

 protected:
  int_type overflow(int_type c) override;
  int sync() override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;

 private:
  bool drain();
  bool put(const char* text, std::size_t size);

  int descriptor_;
  int error_ = 0;
  std::array<char, 1 << 16> buffer_;
};

/// Creates `path` (which must not exist), writes and syncs it. Throws OutputError that speaks of
/// `name`.
void write_new_file(const std::filesystem::path& path, const std::filesystem::path& name,
                    const std::function<void(std::ostream&)>& writer);

/// Makes the entries of a folder durable; file systems that cannot are left alone.
void sync_directory(const std::filesystem::path& path);

}  // namespace spillway::reports
