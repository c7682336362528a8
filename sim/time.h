// Simulated time: integer nanoseconds behind two types, so that a point in time and a span of time
// cannot be mixed up and equal times are exactly equal. Plain values; any thread. Range: +-292
// years; sums that leave it are undefined (the loader rejects such durations).
#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>

namespace spillway::sim {

/// A span of time in nanoseconds, of either sign.
struct Duration {
  std::int64_t ns = 0;

  constexpr auto operator<=>(const Duration&) const = default;
  constexpr Duration& operator+=(Duration d) { return ns += d.ns, *this; }
  constexpr Duration& operator-=(Duration d) { return ns -= d.ns, *this; }
  constexpr double seconds() const { return static_cast<double>(ns) / 1e9; }
  constexpr double milliseconds() const { return static_cast<double>(ns) / 1e6; }
};

/// A point in simulated time: nanoseconds since the start of the run.
struct Time {
  std::int64_t ns = 0;

  constexpr auto operator<=>(const Time&) const = default;
  constexpr double seconds() const { return static_cast<double>(ns) / 1e9; }
};

inline constexpr Time kNever{std::numeric_limits<std::int64_t>::max()};
inline constexpr Duration kForever{std::numeric_limits<std::int64_t>::max()};

constexpr Duration operator+(Duration a, Duration b) { return {a.ns + b.ns}; }
constexpr Duration operator-(Duration a, Duration b) { return {a.ns - b.ns}; }
constexpr Duration operator*(Duration a, std::int64_t k) { return {a.ns * k}; }
constexpr Duration operator-(Time a, Time b) { return {a.ns - b.ns}; }
constexpr Time operator+(Time t, Duration d) { return {t.ns + d.ns}; }
constexpr Time operator-(Time t, Duration d) { return {t.ns - d.ns}; }

/// Nearest whole nanosecond of `seconds`; values outside +-9.2e9 s (and NaN) saturate.
inline Duration from_seconds(double seconds) {
  const double ns = seconds * 1e9;
  if (!(ns < 9.2e18)) return kForever;
  if (ns < -9.2e18) return {-kForever.ns};
  return {std::llround(ns)};
}

inline namespace literals {
constexpr Duration operator""_ns(unsigned long long v) { return {static_cast<std::int64_t>(v)}; }
constexpr Duration operator""_us(unsigned long long v) {
  return {static_cast<std::int64_t>(v) * 1'000};
}
constexpr Duration operator""_ms(unsigned long long v) {
  return {static_cast<std::int64_t>(v) * 1'000'000};
}
constexpr Duration operator""_s(unsigned long long v) {
  return {static_cast<std::int64_t>(v) * 1'000'000'000};
}
}  // namespace literals

}  // namespace spillway::sim
