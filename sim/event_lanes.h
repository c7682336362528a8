// Timer lanes: events that all lie the same delay ahead fall due in the order in which they were
// scheduled, so a ring is their priority queue. Used through EventQueue. Plain data, copyable; one
// thread at a time.
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/event_heap.h"
#include "sim/time.h"

namespace spillway::sim::detail {

/// One lane: a ring of events whose times do not decrease.
class Lane {
 public:
  explicit Lane(Duration delay) : delay_(delay) {}

  Duration delay() const { return delay_; }
  bool empty() const { return head_ == tail_; }
  std::size_t size() const { return tail_ - head_; }
  const Event& front() const { return ring_[head_ & mask_]; }
  void pop() { ++head_; }

  void push(const Event& event) {
    assert(tail_ == 0 || ring_[(tail_ - 1) & mask_].at <= event.at);
    if (size() == ring_.size()) grow();
    ring_[tail_++ & mask_] = event;
  }

 private:
  void grow() {
    std::vector<Event> larger(ring_.empty() ? 16 : 2 * ring_.size(), kNoEvent);
    const std::size_t mask = larger.size() - 1;
    for (std::size_t i = head_; i != tail_; ++i) larger[i & mask] = ring_[i & mask_];
    ring_.swap(larger);
    mask_ = mask;
  }

  std::vector<Event> ring_;  // a power of two, or empty
  std::size_t mask_ = 0;
  std::size_t head_ = 0;  // counts of pops and pushes so far
  std::size_t tail_ = 0;
  Duration delay_;
};

/// The earliest head of all lanes: a tournament whose leaves are the lanes and whose inner nodes
/// hold the earlier of their two children. A change replays one match per level without a branch;
/// sibling nodes are found from the lane number alone, so their loads do not wait for each other.
class LaneTree {
 public:
  struct Head {
    Time at;
    std::uint64_t order;
    std::uint32_t lane;
  };

  /// Makes room for `lanes` lanes; those that are new are empty.
  void resize(std::size_t lanes) {
    const std::size_t leaves = std::bit_ceil(lanes);
    if (leaves <= leaves_) return;
    std::vector<Head> larger(2 * leaves, kEmpty);
    for (std::size_t i = 0; i < leaves_ && !nodes_.empty(); ++i) {
      larger[leaves + i] = nodes_[leaves_ + i];
    }
    for (std::size_t i = leaves - 1; i > 0; --i) {
      larger[i] = precedes(larger[2 * i + 1], larger[2 * i]) ? larger[2 * i + 1] : larger[2 * i];
    }
    nodes_.swap(larger);
    leaves_ = leaves;
  }

  /// Later than every event when all lanes are empty.
  const Head& first() const { return nodes_[1]; }

  /// Lane `lane`, empty so far, now starts with `event`.
  void fill(std::uint32_t lane, const Event& event) {
    const Head head{event.at, event.order, lane};
    std::size_t node = leaves_ + lane;
    nodes_[node] = head;
    while (node > 1) {
      node /= 2;
      if (precedes(nodes_[node], head)) return;
      nodes_[node] = head;
    }
  }

  /// The first event of `lane`, which was the earliest of all, is gone; `event` comes next
  /// (kNoEvent when there is none).
  void advance(std::uint32_t lane, const Event& event) {
    auto at = static_cast<std::uint64_t>(event.at.ns);
    Head head{event.at, event.order, lane};
    for (std::size_t node = leaves_ + lane; node > 1; node /= 2) {
      nodes_[node] = head;
      const Head& sibling = nodes_[node ^ 1];
      const bool loses = precedes(sibling, head);
      at = select(loses, static_cast<std::uint64_t>(sibling.at.ns), at);
      head.at.ns = static_cast<std::int64_t>(at);
      head.order = select(loses, sibling.order, head.order);
      head.lane = static_cast<std::uint32_t>(select(loses, sibling.lane, head.lane));
    }
    nodes_[1] = head;
  }

 private:
  static constexpr Head kEmpty{kNoEvent.at, kNoEvent.order, 0};

  std::vector<Head> nodes_ = std::vector<Head>(2, kEmpty);  // children of i: 2i and 2i + 1; root: 1
  std::size_t leaves_ = 1;
};

}  // namespace spillway::sim::detail
