// The pending events of one replication: exactly the order (time, sequence), like a sorted list, at
// the cost of a ring for constant delays. Stochastic delays go into a heap; each constant delay has
// a lane (a FIFO ring), O(1), in which a cancelled timer costs no more than being skipped. Plain
// data: a copy is a snapshot. One thread at a time. No allocation once heap and rings have reached
// their largest size.
#pragma once

#include <algorithm>
#include <cassert>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/event_heap.h"
#include "sim/event_lanes.h"
#include "sim/time.h"

namespace spillway::sim {

/// A lane of one EventQueue.
struct LaneId {
  std::uint32_t index = 0;

  auto operator<=>(const LaneId&) const = default;
};

class EventQueue {
 public:
  EventQueue();

  /// The lane of `delay` >= 0, made on first use; for setup, not for the event loop. Zero is the
  /// lane of what happens next at the same instant.
  LaneId lane(Duration delay);

  /// Schedules an event at `at`.
  void push(Time at, std::uint8_t kind, std::uint32_t slot, std::uint32_t generation) {
    heap_.push({at, next_order(kind), slot, generation});
  }

  /// Schedules an event at `now` + the delay of `lane`. `now` must not decrease from push to push
  /// on the same lane.
  void push(LaneId lane, Time now, std::uint8_t kind, std::uint32_t slot,
            std::uint32_t generation) {
    detail::Lane& target = lanes_[lane.index];
    const Event event{now + target.delay(), next_order(kind), slot, generation};
    if (target.empty()) heads_.fill(lane.index, event);
    target.push(event);
  }

  /// Removes the earliest event for which live(const Event&) is true and stores it in `out`; false
  /// when there is none. Events before it are stale and are dropped, as are all stale events that
  /// follow a stale one in its lane: once not live, an event must stay so.
  template <class Live>
  bool pop(Event& out, Live&& live) {
    heap_.settle();
    for (;;) {
      if (detail::precedes(heads_.first(), heap_.top())) {
        if (pop_lane(heads_.first().lane, out, live)) return true;
      } else {
        if (heap_.size() == 0) return false;
        out = heap_.top();
        heap_.pop();
        if (live(std::as_const(out))) return true;
        heap_.settle();
      }
    }
  }

  bool empty() const { return heap_.size() == 0 && heads_.first().order == detail::kNoEvent.order; }

  /// Events held, stale ones included; takes time in the number of lanes.
  std::size_t size() const;

  /// The time of the earliest event, which may be stale; kNever when empty.
  Time next_time() const { return std::min(heap_.next_time(), heads_.first().at); }

 private:
  std::uint64_t next_order(std::uint8_t kind) { return sequence_++ << 8 | kind; }

  template <class Live>
  bool pop_lane(std::uint32_t index, Event& out, Live& live) {
    detail::Lane& lane = lanes_[index];
    out = lane.front();
    lane.pop();
    const bool found = live(std::as_const(out));
    if (!found) {
      while (!lane.empty() && !live(lane.front())) lane.pop();
    }
    heads_.advance(index, lane.empty() ? detail::kNoEvent : lane.front());
    return found;
  }

  detail::EventHeap heap_;
  std::vector<detail::Lane> lanes_;
  detail::LaneTree heads_;
  std::vector<std::pair<Duration, LaneId>> delays_;  // sorted by delay
  std::uint64_t sequence_ = 0;
};

}  // namespace spillway::sim
