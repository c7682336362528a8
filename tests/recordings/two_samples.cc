#include "tests/recordings/two_samples.h"

#include <algorithm>
#include <cmath>

namespace spillway::recordings {

namespace {

double log_choose(double n, double k) {
  return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
}

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double most = 0;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    const double x = std::min(a[i], b[j]);
    while (i < a.size() && a[i] == x) ++i;
    while (j < b.size() && b[j] == x) ++j;
    most = std::max(most, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                   static_cast<double>(j) / static_cast<double>(b.size())));
  }
  return most;
}

}  // namespace

double kolmogorov_smirnov(std::vector<double> a, std::vector<double> b) {
  if (a.empty() || b.empty()) return 1;
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  const double d = distance(a, b);
  const auto n = static_cast<double>(a.size());
  const auto m = static_cast<double>(b.size());
  if (d >= 1) return std::min(1.0, 2 * std::exp(-log_choose(n + m, n)));
  const double root = std::sqrt(n * m / (n + m));
  const double x = d * (root + 0.12 + 0.11 / root);
  double p = 0;
  for (int k = 1; k <= 100; ++k) p += (k % 2 == 1 ? 2 : -2) * std::exp(-2 * x * x * k * k);
  return x < 0.2 ? 1 : std::clamp(p, 0.0, 1.0);
}

double outliers(const std::vector<double>& recorded, const std::vector<double>& simulated) {
  if (recorded.empty() || simulated.empty()) return 1;
  const auto [low, high] = std::minmax_element(simulated.begin(), simulated.end());
  const auto outside = static_cast<double>(std::count_if(
      recorded.begin(), recorded.end(), [&](double x) { return x < *low || x > *high; }));
  if (outside == 0) return 1;
  const double one = 2 * outside / (static_cast<double>(simulated.size()) + 1);
  const double all =
      std::exp(log_choose(static_cast<double>(recorded.size()), outside)) * std::pow(one, outside);
  return std::min(1.0, all);
}

double binomial(std::size_t successes, std::size_t trials, double p) {
  const auto n = static_cast<double>(trials);
  double at_most = 0;
  double at_least = 0;
  for (std::size_t k = 0; k <= trials; ++k) {
    const auto x = static_cast<double>(k);
    const double mass = std::exp(log_choose(n, x) + x * std::log(p) + (n - x) * std::log1p(-p));
    if (k <= successes) at_most += mass;
    if (k >= successes) at_least += mass;
  }
  return std::min(1.0, 2 * std::min(at_most, at_least));
}

}  // namespace spillway::recordings
