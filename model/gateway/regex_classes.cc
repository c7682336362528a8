#include "model/gateway/regex_classes.h"

namespace spillway::model::regex_syntax {

using Bytes = Regex::Bytes;

Bytes range(unsigned char from, unsigned char to) {
  Bytes bytes;
  for (int c = from; c <= to; ++c) bytes.set(static_cast<std::size_t>(c));
  return bytes;
}

std::optional<Bytes> perl_class(char c) {
  const Bytes digit = range('0', '9');
  const Bytes word = digit | range('a', 'z') | range('A', 'Z') | range('_', '_');
  const Bytes space = range('\t', '\n') | range('\f', '\r') | range(' ', ' ');
  switch (c) {
    case 'd':
      return digit;
    case 'D':
      return ~digit;
    case 'w':
      return word;
    case 'W':
      return ~word;
    case 's':
      return space;
    case 'S':
      return ~space;
    default:
      return std::nullopt;
  }
}

std::optional<Bytes> posix_class(std::string_view name) {
  const Bytes digit = range('0', '9');
  const Bytes lower = range('a', 'z');
  const Bytes upper = range('A', 'Z');
  if (name == "alnum") return digit | lower | upper;
  if (name == "alpha") return lower | upper;
  if (name == "ascii") return range(0, 0x7f);
  if (name == "blank") return range('\t', '\t') | range(' ', ' ');
  if (name == "cntrl") return range(0, 0x1f) | range(0x7f, 0x7f);
  if (name == "digit") return digit;
  if (name == "graph") return range('!', '~');
  if (name == "lower") return lower;
  if (name == "print") return range(' ', '~');
  if (name == "punct") return range('!', '~') & ~(digit | lower | upper);
  if (name == "space") return range('\t', '\r') | range(' ', ' ');
  if (name == "upper") return upper;
  if (name == "word") return digit | lower | upper | range('_', '_');
  if (name == "xdigit") return digit | range('a', 'f') | range('A', 'F');
  return std::nullopt;
}

Bytes fold_case(Bytes bytes) {
  for (unsigned char c = 'a'; c <= 'z'; ++c) {
    const std::size_t upper = static_cast<std::size_t>(c - 'a' + 'A');
    if (bytes[c] || bytes[upper]) bytes.set(c).set(upper);
  }
  return bytes;
}

}  // namespace spillway::model::regex_syntax
