#include "scenarios/document.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

#include "scenarios/mistake.h"

namespace spillway::scenarios {
namespace {

using model::Place;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Length of the UTF-8 sequence at the start of `text`, 0 if there is none (overlong forms,
/// surrogates and values above U+10FFFF are none).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  unsigned lowest = 0x80;
  unsigned highest = 0xbf;
  if (lead == 0xe0) lowest = 0xa0;
  if (lead == 0xed) highest = 0x9f;
  if (lead == 0xf0) lowest = 0x90;
  if (lead == 0xf4) highest = 0x8f;
  if (byte(1) < lowest || byte(1) > highest) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  return length;
}

bool is_control(unsigned char c) {
  return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
}

std::string hex(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return {'0', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

/// The first byte that a text file cannot hold.
std::optional<model::Diagnostic> check_characters(std::string_view text, const std::string& name) {
  Place place{nullptr, 1, 1};
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0 || is_control(byte)) {
      place.file = std::make_shared<const std::string>(name);
      return length == 0 ? mistake(place, "encoding", "the file is not UTF-8",
                                   "the byte " + hex(byte), "UTF-8 text")
                         : mistake(place, "encoding", "a control character",
                                   "the byte " + hex(byte), "text");
    }
    i += length;
    ++place.column;
    if (byte == '\n') {
      ++place.line;
      place.column = 1;
    }
  }
  return std::nullopt;
}

bool is_json(std::string_view text, const std::string& name) {
  if (!name.empty() && name != "-") return name.ends_with(".json");
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

Place whole_file(const std::string& name) {
  return {std::make_shared<const std::string>(name), 0, 0};
}

model::Loaded<std::vector<Node>> unreadable(const std::string& name, const std::string& why) {
  return model::Diagnostics{mistake(whole_file(name), "file", "cannot be read: " + why)};
}

std::string read_stream(std::istream& stream) {
  std::string text;
  std::string chunk(1 << 16, '\0');
  while (stream && text.size() <= kLargestFile) {
    stream.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    text.append(chunk, 0, static_cast<std::size_t>(stream.gcount()));
  }
  return text;
}

}  // namespace

model::Loaded<std::vector<Node>> read_documents(std::string_view text, const std::string& name) {
  if (text.size() > kLargestFile)
    return model::Diagnostics{mistake(whole_file(name), "file-size", "the file is too large",
                                      "more than " + std::to_string(kLargestFile) + " bytes",
                                      "at most " + std::to_string(kLargestFile))};
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (auto wrong = check_characters(text, name)) return model::Diagnostics{std::move(*wrong)};
  return is_json(text, name) ? read_json(text, name) : read_yaml(text, name);
}

model::Loaded<std::vector<Node>> read_file(const std::filesystem::path& file) {
  const std::string name = file.string();
  if (name == "-") return read_documents(read_stream(std::cin), name);
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) return unreadable(name, "there is no such file");
  if (std::filesystem::is_directory(status)) return unreadable(name, "it is a directory");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return unreadable(name, "permission denied");
  const std::string text = read_stream(stream);
  if (stream.bad()) return unreadable(name, "reading failed");
  return read_documents(text, name);
}

}  // namespace spillway::scenarios
