// A scheduled event, its order, and a 4-ary min-heap of events. Used through EventQueue.
// Plain data, copyable; one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/time.h"

namespace spillway::sim {

/// What happens (`kind`) to whom (`slot`, valid while its generation is `generation`) and when.
/// `order` is (sequence number << 8 | kind), so (at, order) is a total order in which events of the
/// same instant come in the order in which they were scheduled.
struct Event {
  Time at;
  std::uint64_t order;
  std::uint32_t slot;
  std::uint32_t generation;

  std::uint8_t kind() const { return static_cast<std::uint8_t>(order); }
  bool operator==(const Event&) const = default;
};

namespace detail {

/// Later than every event.
inline constexpr Event kNoEvent{kNever, std::numeric_limits<std::uint64_t>::max(), 0, 0};

/// Whether (at, order) of `a` comes before that of `b`: one 128-bit comparison, without a branch.
template <class A, class B>
bool precedes(const A& a, const B& b) {
  __extension__ using Int128 = __int128;
  return (Int128{a.at.ns} << 64 | a.order) < (Int128{b.at.ns} << 64 | b.order);
}

/// `condition ? yes : no`, which compilers like to turn into a branch: here one that cannot be
/// predicted.
constexpr std::uint64_t select(bool condition, std::uint64_t yes, std::uint64_t no) {
  return no ^ ((yes ^ no) & -std::uint64_t{condition});
}

/// Popping leaves a hole at the root. The next push fills it with one sift-down, which is what a
/// model does that schedules the next event of a thing while it handles the last one; otherwise
/// settle() fills it with the last item. Storage beyond the items holds kNoEvent, so that four
/// children can always be compared.
class EventHeap {
 public:
  std::size_t size() const { return end_ - (hole_ ? 1 : 0); }

  void push(const Event& event) {
    if (hole_) {
      hole_ = false;
      sift_down(event);
      return;
    }
    if (end_ + 4 >= items_.size()) items_.resize(2 * items_.size(), kNoEvent);
    sift_up(end_++, event);
  }

  /// To be called before top() and pop().
  void settle() {
    if (!hole_) return;
    hole_ = false;
    const Event last = items_[--end_];
    items_[end_] = kNoEvent;
    if (end_ > 0) sift_down(last);
  }

  /// The earliest event; kNoEvent when there is none.
  const Event& top() const { return items_[0]; }

  /// Removes top(). Not empty.
  void pop() { hole_ = true; }

  Time next_time() const {
    if (!hole_) return items_[0].at;
    return items_[earliest_child(1)].at;
  }

 private:
  std::size_t earliest_child(std::size_t first) const {
    const Event* child = items_.data() + first;
    const std::size_t left = precedes(child[1], child[0]);
    const std::size_t right = 2 + precedes(child[3], child[2]);
    return first + select(precedes(child[right], child[left]), right, left);
  }

  void sift_up(std::size_t at, const Event& event) {
    while (at > 0) {
      const std::size_t parent = (at - 1) / 4;
      if (!precedes(event, items_[parent])) break;
      items_[at] = items_[parent];
      at = parent;
    }
    items_[at] = event;
  }

  void sift_down(const Event& event) {
    std::size_t at = 0;
    for (std::size_t first = 1; first < end_; first = 4 * at + 1) {
      const std::size_t child = earliest_child(first);
      if (!precedes(items_[child], event)) break;
      items_[at] = items_[child];
      at = child;
    }
    items_[at] = event;
  }

  std::vector<Event> items_ = std::vector<Event>(16, kNoEvent);
  std::size_t end_ = 0;  // items, the hole included
  bool hole_ = false;
};

}  // namespace detail
}  // namespace spillway::sim
