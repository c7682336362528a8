// What the tests of arrivals share: building profiles, running a process to a horizon, integrating
// a rate.
#pragma once

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <vector>

#include "model/workload/arrivals.h"

namespace spillway::model {

inline RateProfile profile(std::initializer_list<std::pair<double, double>> seconds_and_rates) {
  RateProfile result;
  for (const auto& [seconds, rate] : seconds_and_rates) {
    result.points.push_back({sim::Time{} + sim::from_seconds(seconds), rate});
  }
  return result;
}

inline std::vector<double> arrivals_until(const Arrivals& arrivals, sim::Key key, double seconds) {
  ArrivalProcess process(arrivals, key, sim::Time{} + sim::from_seconds(seconds));
  std::vector<double> times;
  while (const auto time = process.next()) {
    if (time->seconds() >= seconds) break;
    times.push_back(time->seconds());
  }
  return times;
}

/// Expected arrivals in [0, t], t in seconds: the sum of trapezia.
inline double expected_until(const RateProfile& rate, double t) {
  double sum = 0;
  for (std::size_t i = 0; i < rate.points.size(); ++i) {
    const double from = rate.points[i].at.seconds();
    const bool last = i + 1 == rate.points.size();
    const double to = last ? t : std::min(t, rate.points[i + 1].at.seconds());
    if (to <= from) continue;
    const double first = rate.points[i].per_second;
    const double slope =
        last ? 0
             : (rate.points[i + 1].per_second - first) / (rate.points[i + 1].at.seconds() - from);
    sum += (to - from) * (first + slope * (to - from) / 2);
  }
  return sum;
}

/// Per second, at t seconds.
inline double rate_at(const RateProfile& rate, double t) {
  std::size_t i = 0;
  while (i + 1 < rate.points.size() && rate.points[i + 1].at.seconds() <= t) ++i;
  if (i + 1 == rate.points.size()) return rate.points[i].per_second;
  const double from = rate.points[i].at.seconds();
  const double share = (t - from) / (rate.points[i + 1].at.seconds() - from);
  return rate.points[i].per_second * (1 - share) + rate.points[i + 1].per_second * share;
}

/// sqrt(n) times the largest distance between the sample's distribution function and 1 - exp(-x):
/// above 1.95 in one sample of a thousand (Kolmogorov).
inline double kolmogorov_distance_to_exponential(std::vector<double> sample) {
  std::sort(sample.begin(), sample.end());
  const auto n = static_cast<double>(sample.size());
  double distance = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double law = -std::expm1(-sample[i]);
    const double rank = static_cast<double>(i);
    distance = std::max({distance, law - rank / n, (rank + 1) / n - law});
  }
  return distance * std::sqrt(n);
}

struct Moments {
  double mean = 0;
  double variance = 0;
};

inline Moments moments_of(const std::vector<double>& sample) {
  Moments result;
  for (const double x : sample) result.mean += x / static_cast<double>(sample.size());
  for (const double x : sample) {
    result.variance +=
        (x - result.mean) * (x - result.mean) / static_cast<double>(sample.size() - 1);
  }
  return result;
}

}  // namespace spillway::model
