// Numbers as text, without the locale. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>

namespace spillway::reports {

/// The shortest decimal text, without an exponent between 1e-5 and 1e15, that reads back as the
/// same double; "" for NaN.
std::string exact(double value);

/// For people: `value` to the digits that an interval of `half_width` lets mean something (two
/// digits of the half-width); four significant digits when there is none (0 or NaN). "-" for NaN.
std::string rounded(double value, double half_width);
/// The half-width in the digits that rounded() gives to the value.
std::string rounded_half_width(double half_width);

/// Whole number with a space between groups of three digits.
std::string grouped(std::uint64_t value);

}  // namespace spillway::reports
