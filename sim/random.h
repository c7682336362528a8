// Random numbers by key. A key names one purpose of one thing (seed, replication, entity,
// occurrence, attempt, ...), and a Draw is the stream of numbers that belongs to that key: the same
// key always gives the same numbers, whatever else is drawn and in whatever order. That is what
// makes runs reproducible and lets two policies meet the same fate (common random numbers). Plain
// values and pure functions, no global state; any thread. Same bits in every build and on every
// machine.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace spillway::sim {

using Key = std::uint64_t;

namespace detail {

__extension__ using Uint128 = unsigned __int128;

/// A bijection of 64 bits in which every output bit depends on every input bit ("moremur" constants
/// by P. Evensen on the MurmurHash3 finaliser).
constexpr std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 27;
  x *= 0x3c79ac492ba7b653u;
  x ^= x >> 33;
  x *= 0x1c69b3f74ac4ae35u;
  return x ^ (x >> 27);
}

}  // namespace detail

/// The key of `part` below `key`. Ordered: combine(a, b) and combine(b, a) differ. For a fixed key
/// different parts never collide, and the other way round.
constexpr Key combine(Key key, std::uint64_t part) {
  return detail::mix(((key ^ 0x8e9d5f4a3b2c7161u) * 0xd6e8feb86659fd93u) ^ part);
}

/// The key of a name. Depends on every character, its position and the length.
constexpr Key hash_name(std::string_view name) {
  Key key = combine(0x5350494c4c574159u, name.size());
  for (std::size_t i = 0; i < name.size(); i += 8) {
    std::uint64_t block = 0;
    for (std::size_t j = i; j < i + 8 && j < name.size(); ++j) {
      block |= std::uint64_t{static_cast<unsigned char>(name[j])} << (8 * (j - i));
    }
    key = combine(key, block);
  }
  return key;
}

/// The numbers of one key: a counter (golden-ratio steps from the key) behind a strong finaliser. 8
/// bytes, free to create.
class Draw {
 public:
  constexpr explicit Draw(Key key) : state_(key) {}

  /// 64 uniform bits.
  constexpr std::uint64_t next() { return detail::mix(state_ += 0x9e3779b97f4a7c15u); }

  /// Uniform in the open interval (0, 1): the middles of 2^52 equal cells.
  constexpr double uniform() {
    return (static_cast<double>(static_cast<std::int64_t>(next() >> 12)) + 0.5) * 0x1p-52;
  }

  /// Uniform in [0, n), n > 0; one draw, bias below n / 2^64 < 2^-32.
  constexpr std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>((detail::Uint128{next()} * n) >> 64);
  }

 private:
  std::uint64_t state_;
};

namespace detail {

/// One horizontal layer of a ziggurat: a 53-bit number below `inner` lies wholly under the curve,
/// and stands for number * scale.
struct ZigguratLayer {
  std::uint64_t inner;
  double scale;
};

using Ziggurat = std::array<ZigguratLayer, 256>;

extern const Ziggurat kExponentialZiggurat;  // constant data, no initialisation at run time
extern const Ziggurat kNormalZiggurat;

/// The rest of a draw whose first 64 bits did not fall under the curve (about 1 %).
double exponential_edge(Draw& draw, std::uint64_t bits);
double normal_edge(Draw& draw, std::uint64_t bits);

}  // namespace detail

/// Exponential with mean 1 (ziggurat, Marsaglia and Tsang 2000, with 53-bit positions).
inline double exponential(Draw& draw) {
  const std::uint64_t bits = draw.next();
  const detail::ZigguratLayer& layer = detail::kExponentialZiggurat[bits & 255];
  const std::uint64_t position = bits >> 11;
  if (position < layer.inner) [[likely]] {
    return static_cast<double>(static_cast<std::int64_t>(position)) * layer.scale;
  }
  return detail::exponential_edge(draw, bits);
}

/// Normal with mean 0 and variance 1 (ziggurat; bit 8 is the sign).
inline double normal(Draw& draw) {
  const std::uint64_t bits = draw.next();
  const detail::ZigguratLayer& layer = detail::kNormalZiggurat[bits & 255];
  const std::uint64_t position = bits >> 11;
  if (position < layer.inner) [[likely]] {
    const double magnitude = static_cast<double>(static_cast<std::int64_t>(position)) * layer.scale;
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(magnitude) | ((bits & 256) << 55));
  }
  return detail::normal_edge(draw, bits);
}

/// Gamma with mean `shape` and scale 1, shape > 0 (Marsaglia and Tsang 2000).
double gamma(Draw& draw, double shape);

}  // namespace spillway::sim
