#include "sim/statistics.h"

#include <algorithm>
#include <vector>

#include "sim/portable_math.h"

namespace spillway::sim {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Probability that Kolmogorov's statistic exceeds `x`.
double kolmogorov_tail(double x) {
  if (x < 0.2) return 1;
  double sum = 0;
  for (int k = 1; k <= 100; ++k) {
    const double term = portable_exp(-2.0 * k * k * x * x);
    sum += k % 2 == 1 ? term : -term;
    if (term < 1e-17) break;
  }
  return std::clamp(2 * sum, 0.0, 1.0);
}

double p_value(double deviation, double n) {
  const double root = std::sqrt(n);
  return kolmogorov_tail((root + 0.12 + 0.11 / root) * deviation);
}

std::vector<double> sorted(std::span<const double> samples) {
  std::vector<double> values(samples.begin(), samples.end());
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

void Welford::merge(const Welford& other) {
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  const auto mine = static_cast<double>(count_);
  const auto theirs = static_cast<double>(other.count_);
  const double delta = other.mean_ - mean_;
  mean_ += delta * (theirs / (mine + theirs));
  squares_ += other.squares_ + delta * delta * (mine * theirs / (mine + theirs));
  count_ += other.count_;
}

void TimeAverage::reset(Time now) {
  advance(now);
  area_ = 0;
  start_ = now;
  mark_ = now;
  mark_area_ = 0;
}

void TimeAverage::mark(Time now) {
  advance(now);
  mark_ = now;
  mark_area_ = area_;
}

double TimeAverage::mean(Time now, Time from, Area area_before) const {
  assert(now >= last_);
  if (now <= from) return static_cast<double>(level_);
  const Area area = area_ - area_before + Area{level_} * (now - last_).ns;
  return static_cast<double>(area) / static_cast<double>((now - from).ns);
}

Interval student_interval(std::span<const double> samples, double confidence) {
  Welford moments;
  for (const double sample : samples) {
    if (!std::isnan(sample)) moments.add(sample);
  }
  Interval interval{.mean = moments.mean(), .n = static_cast<std::size_t>(moments.count())};
  if (interval.n < 2) return interval;
  const auto n = static_cast<double>(interval.n);
  const double half =
      student_t_quantile(0.5 + 0.5 * confidence, n - 1) * moments.stddev() / std::sqrt(n);
  interval.low = interval.mean - half;
  interval.high = interval.mean + half;
  return interval;
}

Interval wilson_interval(std::uint64_t successes, std::uint64_t n, double confidence) {
  assert(successes <= n);
  Interval interval{.n = static_cast<std::size_t>(n)};
  if (n == 0) return interval;
  const auto count = static_cast<double>(n);
  const double z = normal_quantile(0.5 + 0.5 * confidence);
  const double share = static_cast<double>(successes) / count;
  const double scale = 1 + z * z / count;
  const double centre = (share + z * z / (2 * count)) / scale;
  const double half =
      z / scale * std::sqrt(share * (1 - share) / count + z * z / (4 * count * count));
  interval.mean = share;
  interval.low = successes == 0 ? 0 : std::max(0.0, centre - half);
  interval.high = successes == n ? 1 : std::min(1.0, centre + half);
  return interval;
}

std::optional<std::size_t> mser5(std::span<const double> samples) {
  constexpr std::size_t kBatch = 5;
  const std::size_t batches = samples.size() / kBatch;
  if (batches < 10) return std::nullopt;
  // From the end backwards: moments of the batches d .. end, and their variance over their number.
  Welford moments;
  double best = std::numeric_limits<double>::infinity();
  std::size_t best_cut = batches;
  for (std::size_t d = batches; d-- > 0;) {
    double sum = 0;
    for (const double sample : samples.subspan(d * kBatch, kBatch)) sum += sample;
    moments.add(sum / kBatch);
    if (batches - d < 5) continue;
    const auto n = static_cast<double>(moments.count());
    const double statistic = moments.variance() * (n - 1) / (n * n);
    if (statistic <= best) {
      best = statistic;
      best_cut = d;
    }
  }
  if (best_cut > batches / 2) return std::nullopt;
  return best_cut * kBatch;
}

double lag1_autocorrelation(std::span<const double> samples) {
  Welford moments;
  for (const double sample : samples) moments.add(sample);
  if (samples.size() < 2 || !(moments.variance() > 0)) return kNan;
  double sum = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    sum += (samples[i - 1] - moments.mean()) * (samples[i] - moments.mean());
  }
  return sum / (moments.variance() * static_cast<double>(samples.size() - 1));
}

BatchMeans batch_means(std::span<const double> samples, std::size_t batches, double confidence) {
  assert(batches >= 2);
  const std::size_t size = samples.size() / batches;
  if (size == 0) return {};
  const auto used = samples.last(size * batches);
  std::vector<double> means;
  means.reserve(batches);
  for (std::size_t i = 0; i < batches; ++i) {
    Welford batch;
    for (const double sample : used.subspan(i * size, size)) batch.add(sample);
    means.push_back(batch.mean());
  }
  return {student_interval(means, confidence), lag1_autocorrelation(means)};
}

double kolmogorov_smirnov(std::span<const double> samples,
                          const std::function<double(double)>& cdf) {
  if (samples.empty()) return kNan;
  const std::vector<double> values = sorted(samples);
  const auto n = static_cast<double>(values.size());
  double deviation = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double expected = cdf(values[i]);
    deviation = std::max({deviation, expected - static_cast<double>(i) / n,
                          static_cast<double>(i + 1) / n - expected});
  }
  return p_value(deviation, n);
}

double kolmogorov_smirnov(std::span<const double> first, std::span<const double> second) {
  if (first.empty() || second.empty()) return kNan;
  const std::vector<double> a = sorted(first);
  const std::vector<double> b = sorted(second);
  const auto na = static_cast<double>(a.size());
  const auto nb = static_cast<double>(b.size());
  double deviation = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const double here = std::min(a[i], b[j]);
    while (i < a.size() && a[i] <= here) ++i;
    while (j < b.size() && b[j] <= here) ++j;
    deviation =
        std::max(deviation, std::fabs(static_cast<double>(i) / na - static_cast<double>(j) / nb));
  }
  return p_value(deviation, na * nb / (na + nb));
}

}  // namespace spillway::sim
