// ASCII text in the way HTTP compares it, without a locale. Pure functions; any thread.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace spillway::model {

constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return to_lower(c); });
  return lower;
}

inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, {}, [](char c) { return to_lower(c); }, [](char c) { return to_lower(c); });
}

}  // namespace spillway::model
