#include "tests/recordings/statistics.h"

#include <algorithm>
#include <cmath>

namespace spillway::recordings {
namespace {

/// Means below this are too small for the normal approximation.
constexpr double kRare = 8;

/// P(X <= k) for a Poisson law.
double poisson_below(double k, double mean) {
  double term = std::exp(-mean), sum = 0;
  for (int i = 0; i <= k; ++i) {
    sum += term;
    term *= mean / (i + 1);
  }
  return std::min(1.0, sum);
}

double two_sided_normal(double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); }

/// P(sqrt(n) D > x) of Kolmogorov's law.
double kolmogorov(double x) {
  if (x < 0.2) return 1;
  double sum = 0;
  for (int k = 1; k <= 100; ++k) sum += (k % 2 == 1 ? 2 : -2) * std::exp(-2.0 * k * k * x * x);
  return std::clamp(sum, 0.0, 1.0);
}

double share_not_above(const std::vector<double>& sorted, double x) {
  return static_cast<double>(std::ranges::upper_bound(sorted, x) - sorted.begin()) /
         static_cast<double>(sorted.size());
}

}  // namespace

double count_p_value(double recorded, const std::vector<double>& simulated) {
  const auto n = static_cast<double>(simulated.size());
  double mean = 0, variance = 0;
  for (const double value : simulated) mean += value / n;
  for (const double value : simulated) variance += (value - mean) * (value - mean) / (n - 1);
  if (mean < kRare && variance < 2 * mean + 1) {  // one more than was seen is possible
    const double smooth = (mean * n + 1) / n;
    const double below = poisson_below(recorded, smooth);
    const double above = 1 - (recorded > 0 ? poisson_below(recorded - 1, smooth) : 0);
    return std::min(1.0, 2 * std::min(below, above));
  }
  const double sd = std::sqrt(variance * (1 + 1 / n) + 0.1);
  return two_sided_normal(std::max(0.0, std::abs(recorded - mean) - 0.5) / sd);
}

double sample_p_value(std::vector<double> recorded, std::vector<double> simulated,
                      const std::function<Slack(double)>& slack) {
  std::ranges::sort(recorded);
  std::ranges::sort(simulated);
  const auto n = static_cast<double>(recorded.size());
  double distance = 0;
  for (std::size_t i = 0; i < recorded.size(); ++i) {
    const Slack allowed = slack(recorded[i]);
    const double most = share_not_above(simulated, recorded[i] + allowed.early);
    const double least = share_not_above(simulated, recorded[i] - allowed.late);
    distance = std::max(distance, static_cast<double>(i + 1) / n - most);
    distance = std::max(distance, least - static_cast<double>(i + 1) / n);
  }
  const double both =
      n * static_cast<double>(simulated.size()) / (n + static_cast<double>(simulated.size()));
  return kolmogorov(std::sqrt(both) * distance);
}

double range_p_value(const std::vector<double>& recorded, const std::vector<double>& simulated,
                     const std::function<Slack(double)>& slack) {
  const auto [least, most] = std::ranges::minmax(simulated);
  for (const double value : recorded) {
    const Slack allowed = slack(value);
    if (value + allowed.early < least || value - allowed.late > most) return 0;
  }
  return 1;
}

}  // namespace spillway::recordings
