#include "model/spec/gep2257.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>

namespace spillway::model {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ns;
};

constexpr std::array<Unit, 4> kUnits{
    {{"h", 3'600'000'000'000}, {"m", 60'000'000'000}, {"s", 1'000'000'000}, {"ms", 1'000'000}}};
constexpr std::size_t kMaxDigits = 5;
constexpr int kMaxComponents = 4;
constexpr std::int64_t kMaxHours = 99'999;

/// Takes the digits off the front of `text`; absent without one, or with more than five.
std::optional<std::int64_t> take_value(std::string_view& text) {
  std::size_t digits = 0;
  std::int64_t value = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    if (digits == kMaxDigits) return std::nullopt;
    value = value * 10 + (text[digits++] - '0');
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

/// Takes the longest unit off the front of `text`, so that "ms" is not read as minutes.
const Unit* take_unit(std::string_view& text) {
  const Unit* longest = nullptr;
  for (const Unit& unit : kUnits)
    if (text.starts_with(unit.name) && (!longest || unit.name.size() > longest->name.size()))
      longest = &unit;
  if (longest) text.remove_prefix(longest->name.size());
  return longest;
}

}  // namespace

std::optional<sim::Duration> parse_gep2257(std::string_view text) {
  if (text.empty()) return std::nullopt;
  sim::Duration sum;
  for (int component = 0; !text.empty(); ++component) {
    if (component == kMaxComponents) return std::nullopt;
    const auto value = take_value(text);
    if (!value) return std::nullopt;
    const Unit* unit = take_unit(text);
    if (!unit) return std::nullopt;
    sum += {*value * unit->ns};
  }
  return sum;
}

std::string format_gep2257(sim::Duration duration) {
  std::int64_t rest = duration.ns;
  if (rest < 0 || rest % kUnits.back().ns != 0 || rest / kUnits.front().ns > kMaxHours) return {};
  if (rest == 0) return "0s";
  std::string text;
  for (const Unit& unit : kUnits) {
    if (const std::int64_t value = rest / unit.ns; value > 0)
      text += fmt::format("{}{}", value, unit.name);
    rest %= unit.ns;
  }
  return text;
}

}  // namespace spillway::model
