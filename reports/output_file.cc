#include "reports/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ostream>

#include "reports/output_directory.h"

namespace spillway::reports {
namespace {

[[noreturn]] void fail(const std::filesystem::path& name, int error) {
  throw OutputError(fmt::format("cannot write {}: {}", name.string(), std::strerror(error)));
}

}  // namespace

FileBuffer::FileBuffer(int descriptor) : descriptor_(descriptor) {
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

bool FileBuffer::put(const char* text, std::size_t size) {
  while (size > 0 && error_ == 0) {
    const ssize_t written = ::write(descriptor_, text, size);
    if (written < 0) {
      if (errno == EINTR) continue;
      error_ = errno;
      return false;
    }
    text += written;
    size -= static_cast<std::size_t>(written);
  }
  return error_ == 0;
}

bool FileBuffer::drain() {
  const bool done = put(pbase(), static_cast<std::size_t>(pptr() - pbase()));
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return done;
}

FileBuffer::int_type FileBuffer::overflow(int_type c) {
  if (!drain()) return traits_type::eof();
  if (!traits_type::eq_int_type(c, traits_type::eof())) sputc(traits_type::to_char_type(c));
  return traits_type::not_eof(c);
}

int FileBuffer::sync() { return drain() ? 0 : -1; }

std::streamsize FileBuffer::xsputn(const char* text, std::streamsize size) {
  const auto bytes = static_cast<std::size_t>(size);
  if (bytes <= static_cast<std::size_t>(epptr() - pptr())) {
    std::memcpy(pptr(), text, bytes);
    pbump(static_cast<int>(size));
    return size;
  }
  return drain() && put(text, bytes) ? size : 0;
}

void write_new_file(const std::filesystem::path& path, const std::filesystem::path& name,
                    const std::function<void(std::ostream&)>& writer) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) fail(name, errno);
  FileBuffer buffer(descriptor);
  std::ostream out(&buffer);
  try {
    writer(out);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  out.flush();
  int error = buffer.error();
  if (error == 0 && ::fsync(descriptor) != 0 && errno != EINVAL && errno != ENOTSUP) error = errno;
  if (::close(descriptor) != 0 && error == 0) error = errno;
  if (error != 0) fail(name, error);
}

void sync_directory(const std::filesystem::path& path) {
  const int descriptor =
      ::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace spillway::reports
