// A double-ended queue in one ring that doubles when it is full: FIFO and LIFO queues without an
// allocation in steady state. A plain value (T default-constructible and copyable; removed elements
// are overwritten, not destroyed). One thread at a time.
#pragma once

#include <cassert>
#include <cstddef>
#include <utility>
#include <vector>

namespace spillway::sim {

template <class T>
class Ring {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  void push_back(const T& value) {
    if (size_ == items_.size()) grow();
    items_[(head_ + size_++) & mask()] = value;
  }

  /// The following need an element; `i` < size() counts from the front.
  void pop_front() {
    assert(!empty());
    head_ = (head_ + 1) & mask();
    --size_;
  }
  void pop_back() {
    assert(!empty());
    --size_;
  }
  T& operator[](std::size_t i) {
    assert(i < size_);
    return items_[(head_ + i) & mask()];
  }
  const T& operator[](std::size_t i) const {
    assert(i < size_);
    return items_[(head_ + i) & mask()];
  }
  T& front() { return (*this)[0]; }
  const T& front() const { return (*this)[0]; }
  T& back() { return (*this)[size_ - 1]; }
  const T& back() const { return (*this)[size_ - 1]; }

  /// Empties the queue and keeps its memory.
  void clear() { size_ = 0; }

 private:
  std::size_t mask() const { return items_.size() - 1; }

  void grow() {
    std::vector<T> larger(items_.empty() ? 8 : 2 * items_.size());
    for (std::size_t i = 0; i < size_; ++i) larger[i] = std::move((*this)[i]);
    items_.swap(larger);
    head_ = 0;
  }

  std::vector<T> items_;  // a power of two, or empty
  std::size_t head_ = 0;
  std::size_t size_ = 0;
};

}  // namespace spillway::sim
