#include "scenarios/quantity.h"

#include <array>
#include <charconv>
#include <cstdint>

#include "scenarios/scalar.h"

namespace spillway::scenarios {
namespace {

__extension__ using Wide = unsigned __int128;

struct Unit {
  std::string_view name;
  std::uint64_t ns;
};
constexpr std::array kUnits{
    Unit{"h", 3'600'000'000'000}, Unit{"m", 60'000'000'000}, Unit{"s", 1'000'000'000},
    Unit{"ms", 1'000'000},        Unit{"us", 1'000},         Unit{"ns", 1}};

constexpr std::size_t kMostFractionDigits = 18;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end])) ++end;
  const std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  return digits;
}

std::string_view take_unit(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && !is_digit(text[end]) && text[end] != '.') ++end;
  const std::string_view unit = text.substr(0, end);
  text.remove_prefix(end);
  return unit;
}

/// Saturates far above kLongestDuration.
Wide to_wide(std::string_view digits) {
  constexpr Wide kTop = Wide{1} << 80;
  Wide value = 0;
  for (const char c : digits)
    value = value > kTop ? kTop : value * 10 + static_cast<unsigned>(c - '0');
  return value;
}

/// One component such as "1.5h"; takes it from `text`.
Quantity<Wide> take_component(std::string_view& text) {
  constexpr std::string_view kNone = "not a duration";
  const std::string_view whole = take_digits(text);
  if (whole.empty()) return {0, kNone};
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (fraction.empty()) return {0, kNone};
  }
  const std::string_view name = take_unit(text);
  if (name.empty()) return {0, "a duration without a unit"};
  for (const Unit& unit : kUnits) {
    if (unit.name != name) continue;
    while (fraction.ends_with('0')) fraction.remove_suffix(1);
    if (fraction.size() > kMostFractionDigits) return {0, "a duration finer than a nanosecond"};
    Wide scale = 1;
    for (std::size_t i = 0; i < fraction.size(); ++i) scale *= 10;
    const Wide part = to_wide(fraction) * unit.ns;
    if (part % scale != 0) return {0, "a duration finer than a nanosecond"};
    const Wide count = to_wide(whole);
    if (count > static_cast<Wide>(kLongestDuration.ns)) return {0, "too long a duration"};
    return {count * unit.ns + part / scale, {}};
  }
  return {0, "a duration with an unknown unit"};
}

/// Number and what follows it.
std::pair<std::string_view, std::string_view> split_number(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
  return {text.substr(0, end), text.substr(end)};
}

}  // namespace

Quantity<sim::Duration> parse_duration(std::string_view text) {
  if (text.starts_with('-')) return {{}, "a negative duration"};
  if (text.empty()) return {{}, "not a duration"};
  Wide sum = 0;
  while (!text.empty()) {
    const Quantity<Wide> component = take_component(text);
    if (!component) return {{}, component.wrong};
    sum += component.value;
    if (sum > static_cast<Wide>(kLongestDuration.ns)) return {{}, "too long a duration"};
  }
  return {{static_cast<std::int64_t>(sum)}, {}};
}

std::string format_duration(sim::Duration duration) {
  if (duration == sim::kForever) return "unlimited";
  std::string text;
  auto rest = static_cast<std::uint64_t>(duration.ns);
  for (const Unit& unit : kUnits) {
    if (rest < unit.ns) continue;
    text += std::to_string(rest / unit.ns);
    text += unit.name;
    rest %= unit.ns;
  }
  return text.empty() ? "0s" : text;
}

Quantity<double> parse_rate(std::string_view text) {
  if (text.starts_with('-')) return {0, "a negative rate"};
  const auto [number, unit] = split_number(text);
  const auto count = parse_number(number);
  if (!count) return {0, "not a rate"};
  if (unit.empty()) return {0, "a rate without a unit"};
  if (unit == "/s") return {*count, {}};
  if (unit == "/m") return {*count / 60, {}};
  if (unit == "/h") return {*count / 3600, {}};
  return {0, unit.starts_with('/') ? "a rate with an unknown unit" : "not a rate"};
}

Quantity<double> parse_percent(std::string_view text) {
  if (text.starts_with('-')) return {0, "a negative percentage"};
  if (text.ends_with('%')) text.remove_suffix(1);
  const auto [number, unit] = split_number(text);
  const auto value = parse_number(number);
  if (!value || !unit.empty()) return {0, "not a percentage"};
  return {*value, {}};
}

}  // namespace spillway::scenarios
