#include "reports/number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace spillway::reports {
namespace {

constexpr int kMaxDecimals = 9;

std::string fixed(double value, int decimals) {
  std::array<char, 400> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::fixed, decimals);
  std::string result(text.data(), end.ptr);
  if (result.starts_with('-') && result.find_first_not_of("-0.") == std::string::npos)
    result.erase(0, 1);
  return result;
}

// Decimals that show `digits` significant digits of `value`.
int decimals_for(double value, int digits) {
  const int magnitude = static_cast<int>(std::floor(std::log10(std::fabs(value))));
  return std::clamp(digits - 1 - magnitude, 0, kMaxDecimals);
}

bool has_width(double half_width) { return half_width > 0 && std::isfinite(half_width); }

}  // namespace

std::string exact(double value) {
  if (std::isnan(value)) return {};
  const double size = std::fabs(value);
  const bool plain = size == 0 || (size >= 1e-5 && size < 1e15);
  std::array<char, 64> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 plain ? std::chars_format::fixed : std::chars_format::general);
  return {text.data(), end.ptr};
}

std::string rounded(double value, double half_width) {
  if (std::isnan(value)) return "-";
  if (!std::isfinite(value)) return exact(value);
  if (has_width(half_width)) return fixed(value, decimals_for(half_width, 2));
  if (value == 0) return "0";
  std::string text = fixed(value, decimals_for(value, 4));
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
  }
  return text;
}

std::string rounded_half_width(double half_width) {
  return has_width(half_width) ? fixed(half_width, decimals_for(half_width, 2)) : "0";
}

std::string grouped(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), 1, ' ');
  return text;
}

}  // namespace spillway::reports
