// Counts of non-negative 64-bit integers (nanoseconds, bytes, ...) in bins of relative width at
// most 1/128: values below 256 exactly, above them 128 equal bins between a power of two and the
// next. Integer counts and an integer sum: merging is exact, so its order never shows in a result.
// A plain value. Memory covers the octaves seen so far (1 KiB each); an unused histogram has none.
// One writer at a time.
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace spillway::sim {

class Histogram {
 public:
  void record(std::int64_t value) { record(value, 1); }

  /// `count` times the same value >= 0.
  void record(std::int64_t value, std::uint64_t count) {
    assert(value >= 0);
    if (count == 0) return;
    const std::size_t place = index_of(value) - first_;
    if (place >= bins_.size()) [[unlikely]] {
      record_outside(value, count);
      return;
    }
    bins_[place] += count;
    count_ += count;
    sum_ += Sum{static_cast<std::uint64_t>(value)} * count;
    min_ = value < min_ ? value : min_;
    max_ = value > max_ ? value : max_;
  }

  void merge(const Histogram& other);

  /// Forgets all values and keeps the memory; takes time in the range used.
  void clear();

  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  /// Mean of the values themselves, not of their bins; NaN when empty.
  double mean() const;
  /// Smallest and largest value; 0 when empty.
  std::int64_t min() const { return empty() ? 0 : min_; }
  std::int64_t max() const { return empty() ? 0 : max_; }
  /// The value below which the share `q` in [0, 1] of the values lies, interpolated within its bin
  /// and never outside [min(), max()]; NaN when empty.
  double quantile(double q) const;

  /// Calls visit(lower, upper, count) for each bin that is not empty, in increasing order; it holds
  /// the values lower..upper, both included.
  template <class Visit>
  void for_each_bin(Visit&& visit) const {
    if (empty()) return;
    for (std::size_t i = index_of(min_); i <= index_of(max_); ++i) {
      if (const std::uint64_t n = bins_[i - first_]; n > 0)
        visit(lower_bound(i), upper_bound(i), n);
    }
  }

  /// Same values (as far as bins, count, sum, minimum and maximum tell).
  bool operator==(const Histogram& other) const;

 private:
  __extension__ using Sum = unsigned __int128;

  static constexpr std::size_t kPerOctave = 128;

  static std::size_t index_of(std::int64_t value) {
    const auto v = static_cast<std::uint64_t>(value);
    const int shift = 56 - std::countl_zero(v | kPerOctave);
    return static_cast<std::size_t>(shift) * kPerOctave + (v >> shift);
  }

  /// The smallest and the largest value of a bin.
  static std::int64_t lower_bound(std::size_t index);
  static std::int64_t upper_bound(std::size_t index);

  void cover(std::size_t low, std::size_t high);
  void record_outside(std::int64_t value, std::uint64_t count);

  std::vector<std::uint64_t> bins_;  // of the indices first_ .. first_ + size - 1
  std::size_t first_ = 0;            // multiple of kPerOctave
  std::uint64_t count_ = 0;
  Sum sum_ = 0;
  std::int64_t min_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t max_ = 0;
};

}  // namespace spillway::sim
