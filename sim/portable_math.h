// exp and log from plain IEEE arithmetic: the C library's versions may differ in the last bit
// between machines (with or without fused multiply-add) and between a constant folded by the
// compiler and a call; these give the same bits everywhere, and may be used at compile time. Pure
// functions; any thread. Error below 2 units in the last place (unit tests compare them with the C
// library).
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

namespace spillway::sim {

namespace detail {

inline constexpr double kLn2High =
    6.93147180369123816490e-01;  // the upper 33 bits of ln 2: exact when multiplied by an exponent
inline constexpr double kLn2Low = 1.90821492927058770002e-10;

/// 2^k for k in [-1022, 1023].
constexpr double power_of_two(std::int64_t k) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52);
}

}  // namespace detail

/// e^x. Overflows to infinity above 709.78, flushes to 0 below -708; NaN gives NaN.
constexpr double portable_exp(double x) {
  if (x != x) return x;
  if (x > 709.782712893384) return std::numeric_limits<double>::infinity();
  if (x < -708.0) return 0.0;
  // x = k ln 2 + r with |r| <= ln 2 / 2; adding and subtracting 1.5 x 2^52 rounds to a whole
  // number.
  const double kd = (x * 1.44269504088896340736 + 0x1.8p52) - 0x1.8p52;
  const double r = (x - kd * detail::kLn2High) - kd * detail::kLn2Low;
  // e^r = 1 + r + r^2 (1/2! + r/3! + ... + r^11/13!), terms paired so that they do not wait for
  // each other.
  const double r2 = r * r;
  const double r4 = r2 * r2;
  const double low = (1.0 / 2 + r * (1.0 / 6)) + r2 * (1.0 / 24 + r * (1.0 / 120));
  const double middle = (1.0 / 720 + r * (1.0 / 5040)) + r2 * (1.0 / 40320 + r * (1.0 / 362880));
  const double high =
      (1.0 / 3628800 + r * (1.0 / 39916800)) + r2 * (1.0 / 479001600 + r * (1.0 / 6227020800));
  const double y = 1.0 + (r + r2 * (low + r4 * (middle + r4 * high)));
  const auto k = static_cast<std::int64_t>(kd);
  return k == 1024 ? y * 2.0 * detail::power_of_two(1023) : y * detail::power_of_two(k);
}

/// Natural logarithm. 0 gives -infinity; a negative number or NaN gives NaN; subnormal numbers
/// count as 0.
constexpr double portable_log(double x) {
  if (!(x >= 0)) return std::numeric_limits<double>::quiet_NaN();
  if (x < std::numeric_limits<double>::min()) return -std::numeric_limits<double>::infinity();
  if (x == std::numeric_limits<double>::infinity()) return x;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  // Split x = 2^k m with m in [sqrt(1/2), sqrt(2)), then ln m = 2 artanh(s), s = (m - 1) / (m + 1).
  const std::uint64_t shifted = bits + (0x3ff0000000000000u - 0x3fe6a09e667f3bcdu);
  const auto k = static_cast<double>(static_cast<std::int64_t>(shifted >> 52) - 1023);
  const auto m = std::bit_cast<double>((shifted & 0x000fffffffffffffu) + 0x3fe6a09e667f3bcdu);
  const double f = m - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double z2 = z * z;
  const double z4 = z2 * z2;
  const double low = (2.0 / 3 + z * (2.0 / 5)) + z2 * (2.0 / 7 + z * (2.0 / 9));
  const double high = (2.0 / 11 + z * (2.0 / 13)) + z2 * (2.0 / 15 + z * (2.0 / 17));
  const double top = 2.0 / 19 + z * (2.0 / 21);
  const double series = z * (low + z4 * (high + z4 * top));
  // ln(1 + f) = f - f^2/2 + s (f^2/2 + series): the leading term f is exact.
  const double half = 0.5 * f * f;
  return k * detail::kLn2High - ((half - (s * (half + series) + k * detail::kLn2Low)) - f);
}

/// x^y for x >= 0; relative error about |y ln x| units in the last place.
constexpr double portable_pow(double x, double y) {
  if (y == 0) return 1.0;
  return portable_exp(y * portable_log(x));
}

/// ln Gamma(x) for x > 0 (Stirling's series above 10, the recurrence below); relative error about
/// 1e-15.
constexpr double portable_log_gamma(double x) {
  double product = 1;
  while (x < 10) {
    product *= x;
    x += 1;
  }
  const double z = 1 / (x * x);
  const double series =
      (1.0 / 12 -
       z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z * (1.0 / 1188 - z * (691.0 / 360360 -
                                                                                   z / 156)))))) /
      x;
  constexpr double kHalfLogTwoPi = 0.91893853320467274178;
  return (x - 0.5) * portable_log(x) - x + kHalfLogTwoPi + series - portable_log(product);
}

}  // namespace spillway::sim
