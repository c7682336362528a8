#include <array>

#include "sim/portable_math.h"
#include "sim/statistics.h"

namespace spillway::sim {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// c[0] + c[1] x + ...
constexpr double polynomial(const std::array<double, 8>& c, double x) {
  double sum = 0;
  for (std::size_t i = c.size(); i-- > 0;) sum = sum * x + c[i];
  return sum;
}

// Wichura, algorithm AS 241 (1988), PPND16: rational approximations of the normal quantile in three
// regions.
constexpr std::array<double, 8> kCentreTop{3.3871328727963666080e0,  1.3314166789178437745e+2,
                                           1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                           4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                           3.3430575583588128105e+4, 2.5090809287301226727e+3};
constexpr std::array<double, 8> kCentreBottom{1.0,
                                              4.2313330701600911252e+1,
                                              6.8718700749205790830e+2,
                                              5.3941960214247511077e+3,
                                              2.1213794301586595867e+4,
                                              3.9307895800092710610e+4,
                                              2.8729085735721942674e+4,
                                              5.2264952788528545610e+3};
constexpr std::array<double, 8> kMiddleTop{1.42343711074968357734e0,  4.63033784615654529590e0,
                                           5.76949722146069140550e0,  3.64784832476320460504e0,
                                           1.27045825245236838258e0,  2.41780725177450611770e-1,
                                           2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr std::array<double, 8> kMiddleBottom{1.0,
                                              2.05319162663775882187e0,
                                              1.67638483018380384940e0,
                                              6.89767334985100004550e-1,
                                              1.48103976427480074590e-1,
                                              1.51986665636164571966e-2,
                                              5.47593808499534494600e-4,
                                              1.05075007164441684324e-9};
constexpr std::array<double, 8> kTailTop{6.65790464350110377720e0,  5.46378491116411436990e0,
                                         1.78482653991729133580e0,  2.96560571828504891230e-1,
                                         2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                         2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr std::array<double, 8> kTailBottom{1.0,
                                            5.99832206555887937690e-1,
                                            1.36929880922735805310e-1,
                                            1.48753612908506148525e-2,
                                            7.86869131145613259100e-4,
                                            1.84631831751005468180e-5,
                                            1.42151175831644588870e-7,
                                            2.04426310338993978564e-15};

/// Continued fraction of the incomplete beta function (Lentz' method); converges fast for x < (a +
/// 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;
  const auto guarded = [](double v) { return std::fabs(v) < kTiny ? kTiny : v; };
  double c = 1;
  double d = 1 / guarded(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m <= 10000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guarded(1 + even * d);
    c = guarded(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guarded(1 + odd * d);
    c = guarded(1 + odd / c);
    fraction *= d * c;
    if (std::fabs(d * c - 1) < 1e-16) break;
  }
  return fraction;
}

/// Student's law with a number of degrees of freedom.
class Student {
 public:
  explicit Student(double degrees)
      : degrees_(degrees),
        log_scale_(portable_log_gamma(0.5 * degrees + 0.5) - portable_log_gamma(0.5 * degrees) -
                   kHalfLogPi) {}

  double density(double t) const {
    const double square = t * t;
    return portable_exp(log_scale_ + 0.5 * portable_log(1 / (degrees_ + square)) +
                        0.5 * degrees_ * portable_log(degrees_ / (degrees_ + square)));
  }

  /// P(T > t) for t >= 0: half of the regularised incomplete beta function I_x(degrees / 2, 1 / 2)
  /// at x = degrees / (degrees + t^2).
  double tail(double t) const {
    if (t == 0) return 0.5;
    const double square = t * t;
    const double x = degrees_ / (degrees_ + square);
    const double y = square / (degrees_ + square);
    const double front =
        portable_exp(log_scale_ + 0.5 * degrees_ * portable_log(x) + 0.5 * portable_log(y));
    const double a = 0.5 * degrees_;
    if (x < (a + 1) / (a + 2.5)) return 0.5 * front * beta_fraction(a, 0.5, x) / a;
    return 0.5 - front * beta_fraction(0.5, a, y);
  }

 private:
  static constexpr double kHalfLogPi = 0.57236494292470008707;

  double degrees_;
  double log_scale_;  // ln of Gamma((d + 1) / 2) / (Gamma(d / 2) sqrt(pi))
};

}  // namespace

double normal_quantile(double p) {
  if (!(p >= 0 && p <= 1)) return std::numeric_limits<double>::quiet_NaN();
  if (p == 0 || p == 1) return p == 0 ? -kInfinity : kInfinity;
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(kCentreTop, r) / polynomial(kCentreBottom, r);
  }
  const double r = std::sqrt(-portable_log(q < 0 ? p : 1 - p));
  const double size = r <= 5 ? polynomial(kMiddleTop, r - 1.6) / polynomial(kMiddleBottom, r - 1.6)
                             : polynomial(kTailTop, r - 5) / polynomial(kTailBottom, r - 5);
  return q < 0 ? -size : size;
}

double student_t_cdf(double t, double degrees) {
  const double tail = Student(degrees).tail(std::fabs(t));
  return t < 0 ? tail : 1 - tail;
}

double student_t_quantile(double p, double degrees) {
  if (!(p >= 0 && p <= 1 && degrees > 0)) return std::numeric_limits<double>::quiet_NaN();
  if (p == 0 || p == 1) return p == 0 ? -kInfinity : kInfinity;
  if (p < 0.5) return -student_t_quantile(1 - p, degrees);
  // The tail is convex and the normal quantile lies before the root, so Newton's steps approach it
  // from below.
  const Student law(degrees);
  double t = normal_quantile(p);
  for (int step = 0; step < 2000; ++step) {
    const double next = t + (law.tail(t) - (1 - p)) / law.density(t);
    if (!(next > t * (1 + 1e-15))) break;
    t = next;
  }
  return t;
}

}  // namespace spillway::sim
