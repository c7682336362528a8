#include "sim/histogram.h"

#include <algorithm>

namespace spillway::sim {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

std::int64_t Histogram::lower_bound(std::size_t index) {
  if (index < kPerOctave) return static_cast<std::int64_t>(index);
  const std::size_t shift = index / kPerOctave - 1;
  return static_cast<std::int64_t>((kPerOctave + index % kPerOctave) << shift);
}

std::int64_t Histogram::upper_bound(std::size_t index) {
  const std::size_t shift = index < kPerOctave ? 0 : index / kPerOctave - 1;
  return lower_bound(index) + ((std::int64_t{1} << shift) - 1);
}

void Histogram::cover(std::size_t low, std::size_t high) {
  const std::size_t end = bins_.empty() ? 0 : first_ + bins_.size();
  const std::size_t new_first =
      (bins_.empty() ? low : std::min(low, first_)) / kPerOctave * kPerOctave;
  const std::size_t new_end = std::max(end, (high / kPerOctave + 1) * kPerOctave);
  if (!bins_.empty() && new_first == first_ && new_end == end) return;
  std::vector<std::uint64_t> larger(new_end - new_first);
  for (std::size_t i = 0; i < bins_.size(); ++i) larger[first_ - new_first + i] = bins_[i];
  bins_.swap(larger);
  first_ = new_first;
}

void Histogram::record_outside(std::int64_t value, std::uint64_t count) {
  cover(index_of(value), index_of(value));
  record(value, count);
}

void Histogram::merge(const Histogram& other) {
  if (other.empty()) return;
  const std::size_t low = index_of(other.min_);
  const std::size_t high = index_of(other.max_);
  cover(low, high);
  for (std::size_t i = low; i <= high; ++i) bins_[i - first_] += other.bins_[i - other.first_];
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

void Histogram::clear() {
  if (!empty()) {
    for (std::size_t i = index_of(min_); i <= index_of(max_); ++i) bins_[i - first_] = 0;
  }
  count_ = 0;
  sum_ = 0;
  min_ = std::numeric_limits<std::int64_t>::max();
  max_ = 0;
}

double Histogram::mean() const {
  return empty() ? kNan : static_cast<double>(sum_) / static_cast<double>(count_);
}

double Histogram::quantile(double q) const {
  if (empty() || !(q >= 0 && q <= 1)) return kNan;
  const double wanted = q * static_cast<double>(count_);
  double below = 0;
  std::size_t index = index_of(min_);
  for (; index < index_of(max_); ++index) {
    const auto here = static_cast<double>(bins_[index - first_]);
    if (here > 0 && below + here >= wanted) break;
    below += here;
  }
  const double share = (wanted - below) / static_cast<double>(bins_[index - first_]);
  const auto lower = static_cast<double>(lower_bound(index));
  const auto upper = static_cast<double>(upper_bound(index));
  return std::clamp(lower + share * (upper - lower), static_cast<double>(min_),
                    static_cast<double>(max_));
}

bool Histogram::operator==(const Histogram& other) const {
  if (count_ != other.count_ || sum_ != other.sum_ || min_ != other.min_ || max_ != other.max_) {
    return false;
  }
  if (empty()) return true;
  const std::size_t low = index_of(min_);
  const auto size = static_cast<std::ptrdiff_t>(index_of(max_) - low + 1);
  const auto mine = bins_.begin() + static_cast<std::ptrdiff_t>(low - first_);
  return std::equal(mine, mine + size,
                    other.bins_.begin() + static_cast<std::ptrdiff_t>(low - other.first_));
}

}  // namespace spillway::sim
