// Quantities as scenario files write them: durations (`1h30m`, `250ms`, `1.5s`, `20us`), rates
// (`200/s`), percentages
// (`50`, `0.5%`). Exact: durations and their fractions are read in integers. Pure functions; any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "sim/time.h"

namespace spillway::scenarios {

/// A value, or what is wrong with the text: a phrase such as "a duration without a unit".
template <class T>
struct Quantity {
  T value{};
  std::string_view wrong;

  explicit operator bool() const { return wrong.empty(); }
};

/// No duration of a scenario is longer: ten years of 365 days.
inline constexpr sim::Duration kLongestDuration{87'600LL * 3'600 * 1'000'000'000};

/// The grammar of the Gateway API (GEP-2257: a sum of components with the units h, m, s, ms)
/// without its limit on digits, and with fractions and the units us and ns. A whole number of
/// nanoseconds, 0 to kLongestDuration.
Quantity<sim::Duration> parse_duration(std::string_view text);
/// In the shortest form that parse_duration() reads back: "1h30m", "1.5s" is "1s500ms", "0s".
std::string format_duration(sim::Duration duration);

/// `200/s`, `12000/m`, `5/h`: events per second, >= 0.
Quantity<double> parse_rate(std::string_view text);

/// `50`, `50%`, `0.5%`: 0 or more, in percent.
Quantity<double> parse_percent(std::string_view text);

}  // namespace spillway::scenarios
