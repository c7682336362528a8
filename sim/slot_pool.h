// Storage for things that come and go, addressed by a dense index. A slot has a generation that
// grows when it is released, so that a reference held elsewhere as (index, generation) is
// recognised as stale. References stay valid while others are allocated; indices are reused last
// in, first out. Plain data: a copy is a snapshot (T must be default-constructible and copyable).
// One thread at a time. No allocation once the largest number has been alive.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace spillway::sim {

template <class T>
class SlotPool {
 public:
  /// A free slot. Its T is as the last owner left it (value-initialised at first): the caller
  /// resets what it needs.
  std::uint32_t allocate() {
    if (free_count_ == 0) grow();
    return free_[--free_count_];
  }

  /// Gives `index` back and ends its generation. It must be allocated.
  void release(std::uint32_t index) {
    assert(free_count_ < free_.size());
    ++generations_[index];
    free_[free_count_++] = index;
  }

  T& operator[](std::uint32_t index) { return chunks_[index / kChunk][index % kChunk]; }
  const T& operator[](std::uint32_t index) const { return chunks_[index / kChunk][index % kChunk]; }

  std::uint32_t generation(std::uint32_t index) const { return generations_[index]; }

  /// Whether the slot is still the one that was seen with `generation` (wraps after 2^32 uses of
  /// one slot).
  bool alive(std::uint32_t index, std::uint32_t generation) const {
    return generations_[index] == generation;
  }

  /// Slots allocated now.
  std::size_t live() const { return generations_.size() - free_count_; }

 private:
  static constexpr std::uint32_t kChunk = 256;

  void grow() {
    const auto first = static_cast<std::uint32_t>(generations_.size());
    chunks_.emplace_back(kChunk);
    generations_.resize(first + kChunk);
    free_.resize(first + kChunk);
    for (std::uint32_t i = kChunk; i-- > 0;) free_[free_count_++] = first + i;
  }

  std::vector<std::vector<T>> chunks_;
  std::vector<std::uint32_t> generations_;
  std::vector<std::uint32_t> free_;  // the first free_count_ of them
  std::size_t free_count_ = 0;
};

}  // namespace spillway::sim
