#include "scenarios/manifests/timestamp.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace spillway::scenarios::manifests {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether `text` starts as `shape` says, where d stands for a digit.
bool has_shape(std::string_view text, std::string_view shape) {
  return text.size() >= shape.size() &&
         std::ranges::equal(text.substr(0, shape.size()), shape,
                            [](char c, char s) { return s == 'd' ? is_digit(c) : c == s; });
}

int number(std::string_view text, std::size_t at, std::size_t digits) {
  int value = 0;
  for (const char c : text.substr(at, digits)) value = value * 10 + (c - '0');
  return value;
}

/// "Z", "+hh:mm" or "-hh:mm".
std::optional<std::chrono::minutes> zone(std::string_view text) {
  if (text == "Z") return std::chrono::minutes(0);
  if (text.size() != 6 || (!has_shape(text, "+dd:dd") && !has_shape(text, "-dd:dd")))
    return std::nullopt;
  const int hours = number(text, 1, 2);
  const int minutes = number(text, 4, 2);
  if (hours > 23 || minutes > 59) return std::nullopt;
  return std::chrono::minutes((hours * 60 + minutes) * (text[0] == '-' ? -1 : 1));
}

}  // namespace

std::optional<std::string> utc_timestamp(std::string_view text) {
  using namespace std::chrono;
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
  if (!has_shape(text, kShape)) return std::nullopt;
  const year_month_day date{year(number(text, 0, 4)), month(unsigned(number(text, 5, 2))),
                            day(unsigned(number(text, 8, 2)))};
  const int h = number(text, 11, 2);
  const int m = number(text, 14, 2);
  const int s = number(text, 17, 2);
  std::string_view rest = text.substr(kShape.size());
  if (rest.starts_with('.') && rest.size() > 1 && is_digit(rest[1]))
    rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
  const auto offset = zone(rest);
  if (!date.ok() || h > 23 || m > 59 || s > 59 || !offset) return std::nullopt;
  const sys_seconds instant = sys_days(date) + hours(h) + minutes(m) + seconds(s) - *offset;
  const auto midnight = floor<days>(instant);
  const year_month_day utc{midnight};
  const hh_mm_ss time{instant - midnight};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int(utc.year()), unsigned(utc.month()),
                     unsigned(utc.day()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

}  // namespace spillway::scenarios::manifests
