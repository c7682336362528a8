// Numbers as text, without the locale. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "sim/time.h"

namespace spillway::reports {

/// The shortest decimal text, without an exponent between 1e-5 and 1e15, that reads back as the
/// same double; "" for NaN.
std::string exact(double value);

/// For people: `value` to the digits that an interval of `half_width` lets mean something (two
/// digits of the half-width); four significant digits when there is none (0 or NaN). "-" for NaN.
std::string rounded(double value, double half_width);
/// The half-width in the digits that rounded() gives to the value.
std::string rounded_half_width(double half_width);

/// The double nearest to a span, so that exact() shows it as it was written.
inline double seconds(sim::Duration span) { return static_cast<double>(span.ns) / 1e9; }
inline double milliseconds(sim::Duration span) { return static_cast<double>(span.ns) / 1e6; }

/// Whole number with a space between groups of three digits.
std::string grouped(std::uint64_t value);

}  // namespace spillway::reports
