#include "sim/random.h"

#include <cmath>

#include "sim/portable_math.h"

namespace spillway::sim {
namespace detail {
namespace {

constexpr double k2p53 = 0x1p53;

// A ziggurat of 256 layers of equal area over a density f that falls from f(0) = 1. Layer 0 is the
// base strip with the tail beyond `tail`; layer i > 0 reaches from x[i] on its lower to x[i + 1] on
// its upper side.
struct Shape {
  std::array<double, 257> x{};
  std::array<double, 257> f{};
};

template <class Density, class Inverse>
constexpr Shape build_shape(double tail, double area, Density density, Inverse inverse) {
  Shape shape;
  shape.x[0] = area / density(tail);
  shape.x[1] = tail;
  shape.f[0] = 0;
  shape.f[1] = density(tail);
  for (std::size_t i = 2; i < 256; ++i) {
    shape.f[i] = shape.f[i - 1] + area / shape.x[i - 1];
    shape.x[i] = inverse(shape.f[i]);
  }
  shape.x[256] = 0;
  shape.f[256] = 1;
  return shape;
}

constexpr Ziggurat layers_of(const Shape& shape) {
  Ziggurat layers{};
  for (std::size_t i = 0; i < 256; ++i) {
    layers[i].inner = static_cast<std::uint64_t>(shape.x[i + 1] / shape.x[i] * k2p53);
    layers[i].scale = shape.x[i] / k2p53;
  }
  return layers;
}

constexpr double square_root(double x) {  // Newton; std::sqrt is not for compile time
  double root = x > 1 ? x : 1.0;
  for (;;) {
    const double next = 0.5 * (root + x / root);
    if (next >= root) return root;
    root = next;
  }
}

constexpr double exponential_density(double x) { return portable_exp(-x); }
constexpr double exponential_inverse(double f) { return -portable_log(f); }
constexpr double normal_density(double x) { return portable_exp(-0.5 * x * x); }
constexpr double normal_inverse(double f) { return square_root(-2 * portable_log(f)); }

// Where the tail starts, so that 256 layers close at f = 1, and the area of each layer, base strip
// and tail included.
constexpr double kExponentialTail = 7.6971174701310497140;
constexpr double kExponentialArea = 0.0039496598225815572200;
constexpr double kNormalTail = 3.6541528853610087716;
constexpr double kNormalArea = 0.0049286732339746553474;

constexpr Shape kExponentialShape =
    build_shape(kExponentialTail, kExponentialArea, exponential_density, exponential_inverse);
constexpr Shape kNormalShape =
    build_shape(kNormalTail, kNormalArea, normal_density, normal_inverse);

/// Whether a point at `x`, at a uniform height in layer `i`, lies under the curve.
template <class Density>
bool under_curve(const Shape& shape, std::size_t i, double x, Draw& draw, Density density) {
  return shape.f[i] + draw.uniform() * (shape.f[i + 1] - shape.f[i]) < density(x);
}

double normal_tail(Draw& draw) {  // Marsaglia 1964
  for (;;) {
    const double x = -portable_log(draw.uniform()) / kNormalTail;
    const double y = -portable_log(draw.uniform());
    if (2 * y > x * x) return kNormalTail + x;
  }
}

}  // namespace

constexpr Ziggurat kExponentialZiggurat = layers_of(kExponentialShape);
constexpr Ziggurat kNormalZiggurat = layers_of(kNormalShape);

double exponential_edge(Draw& draw, std::uint64_t bits) {
  double start = 0;  // the tail of an exponential is an exponential again
  for (;;) {
    const std::size_t i = bits & 255;
    const double x = static_cast<double>(bits >> 11) * kExponentialZiggurat[i].scale;
    if ((bits >> 11) < kExponentialZiggurat[i].inner) return start + x;
    if (i == 0) {
      start += kExponentialTail;
    } else if (under_curve(kExponentialShape, i, x, draw, exponential_density)) {
      return start + x;
    }
    bits = draw.next();
  }
}

double normal_edge(Draw& draw, std::uint64_t bits) {
  for (;;) {
    const std::size_t i = bits & 255;
    const double sign = (bits & 256) != 0 ? -1.0 : 1.0;
    const double x = static_cast<double>(bits >> 11) * kNormalZiggurat[i].scale;
    if ((bits >> 11) < kNormalZiggurat[i].inner) return sign * x;
    if (i == 0) return sign * normal_tail(draw);
    if (under_curve(kNormalShape, i, x, draw, normal_density)) return sign * x;
    bits = draw.next();
  }
}

}  // namespace detail

double gamma(Draw& draw, double shape) {
  if (shape < 1) {
    const double boost = portable_pow(draw.uniform(), 1 / shape);
    return gamma(draw, shape + 1) * boost;
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal(draw);
    const double v = (1 + c * x) * (1 + c * x) * (1 + c * x);
    if (v <= 0) continue;
    const double u = draw.uniform();
    const double x2 = x * x;
    if (u < 1 - 0.0331 * x2 * x2) return d * v;
    if (portable_log(u) < 0.5 * x2 + d * (1 - v + portable_log(v))) return d * v;
  }
}

}  // namespace spillway::sim
