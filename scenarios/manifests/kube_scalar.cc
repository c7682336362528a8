#include "scenarios/manifests/kube_scalar.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <iterator>

namespace spillway::scenarios::manifests {
namespace {

using std::string_view;

constexpr std::array<string_view, 5> kNull{"", "~", "null", "Null", "NULL"};
constexpr std::array<string_view, 11> kTrue{"y",    "Y",    "yes", "Yes", "YES", "true",
                                            "True", "TRUE", "on",  "On",  "ON"};
constexpr std::array<string_view, 11> kFalse{"n",     "N",     "no",  "No",  "NO", "false",
                                             "False", "FALSE", "off", "Off", "OFF"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The text without the underscores that numbers may have, or empty where it cannot be a number.
std::string number_text(string_view text) {
  if (text.empty() || !(is_digit(text[0]) || text[0] == '-' || text[0] == '+' || text[0] == '.'))
    return {};
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c != '_'; });
  return out;
}

std::optional<std::int64_t> whole_number(string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  int base = 10;
  const auto prefix = [&](string_view lower, string_view upper) {
    const bool found = text.starts_with(lower) || text.starts_with(upper);
    if (found) text.remove_prefix(lower.size());
    return found;
  };
  if (prefix("0x", "0X"))
    base = 16;
  else if (prefix("0b", "0B"))
    base = 2;
  else if (prefix("0o", "0O") || (text.size() > 1 && text[0] == '0'))
    base = 8;
  if (text.empty() || !std::isalnum(static_cast<unsigned char>(text[0]))) return std::nullopt;
  const std::string digits = std::string(negative ? "-" : "").append(text);
  std::int64_t value = 0;
  const auto end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value, base);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

/// [-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)? and a trailing dot.
std::optional<double> decimal_number(string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || !(is_digit(digits[0]) || digits[0] == '.')) return std::nullopt;
  double value = 0;
  const auto end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

/// Control characters as \n, \t or \xNN, so that a message stays on its line.
std::string printable(string_view text) {
  constexpr string_view kHex = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (code < 0x20 || code == 0x7F)
      out += {'\\', 'x', kHex[code >> 4], kHex[code & 15]};
    else
      out += c;
  }
  return out;
}

template <std::size_t N>
bool among(const std::array<string_view, N>& values, string_view text) {
  return std::ranges::find(values, text) != values.end();
}

}  // namespace

ScalarType scalar_type(const Node& node) {
  if (node.kind == Node::Kind::null) return ScalarType::null;
  if (node.quoted) return ScalarType::string;
  if (among(kNull, node.scalar)) return ScalarType::null;
  if (among(kTrue, node.scalar) || among(kFalse, node.scalar)) return ScalarType::boolean;
  const std::string number = number_text(node.scalar);
  if (whole_number(number)) return ScalarType::integer;
  return decimal_number(number) ? ScalarType::decimal : ScalarType::string;
}

std::optional<std::int64_t> integer_value(const Node& node) {
  if (node.quoted) return std::nullopt;
  const std::string number = number_text(node.scalar);
  if (const auto value = whole_number(number)) return value;
  const auto decimal = decimal_number(number);
  if (!decimal || std::trunc(*decimal) != *decimal || std::abs(*decimal) > 9e15)
    return std::nullopt;
  return static_cast<std::int64_t>(*decimal);
}

std::optional<double> number_value(const Node& node) {
  if (node.kind != Node::Kind::scalar || node.quoted) return std::nullopt;
  if (const auto whole = integer_value(node)) return static_cast<double>(*whole);
  const auto decimal = decimal_number(number_text(node.scalar));
  return decimal && std::isfinite(*decimal) ? decimal : std::nullopt;
}

bool boolean_value(const Node& node) { return among(kTrue, node.scalar); }

std::string quoted_line(string_view text) {
  constexpr std::size_t kShown = 60;
  constexpr std::size_t kHead = 40;
  constexpr std::size_t kTail = 15;
  if (text.size() <= kShown) return '"' + printable(text) + '"';
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  std::size_t head = kHead;
  while (head > 0 && continues(text[head])) --head;
  std::size_t tail = text.size() - kTail;
  while (tail < text.size() && continues(text[tail])) ++tail;
  return '"' + printable(text.substr(0, head)) + "..." + printable(text.substr(tail)) + '"';
}

std::string manifest_description(const Node& node) {
  if (node.kind == Node::Kind::mapping) return "a mapping";
  if (node.kind == Node::Kind::sequence) return "a list";
  switch (scalar_type(node)) {
    case ScalarType::null:
      return "null";
    case ScalarType::boolean:
      return "the boolean " + node.scalar;
    case ScalarType::integer:
    case ScalarType::decimal:
      return "the number " + node.scalar;
    case ScalarType::string:
      break;
  }
  return "the string " + quoted_line(node.scalar);
}

}  // namespace spillway::scenarios::manifests
