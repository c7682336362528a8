// How many things happened lately: a sliding window in slots on a fixed grid of time. A thing
// counts for between (slots - 1) / slots and 1 of the window, and memory does not grow with the
// rate. Plain value; not for several threads at once. Allocates when built, never later.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/time.h"

namespace spillway::model {

class SlotWindow {
 public:
  /// Counts nothing and forgets nothing: for members that stay unused.
  SlotWindow() = default;
  /// window > 0, slots >= 1. Slot k covers [k, k + 1) * window / slots, from the start of the run.
  SlotWindow(sim::Duration window, std::uint32_t slots)
      : slots_(slots), width_(std::max<std::int64_t>(1, window.ns / slots)), slot_end_{width_} {}

  /// `now` never goes back between calls.
  void add(sim::Time now, std::uint32_t n = 1) {
    if (now >= slot_end_) rotate(now);
    slots_[head_] += n;
    total_ += n;
  }

  std::uint64_t count(sim::Time now) {
    if (now >= slot_end_) rotate(now);
    return total_;
  }

  /// The same without a change: for reports.
  std::uint64_t peek(sim::Time now) const {
    std::uint64_t total = total_;
    std::size_t slot = head_;
    for (std::int64_t left = steps_until(now); left > 0; --left)
      total -= slots_[slot = after(slot)];
    return total;
  }

 private:
  /// Slots that start between the current one and `now`, at most all.
  std::int64_t steps_until(sim::Time now) const {
    if (now < slot_end_) return 0;
    return std::min((now - slot_end_).ns / width_ + 1, static_cast<std::int64_t>(slots_.size()));
  }

  std::size_t after(std::size_t slot) const { return slot + 1 == slots_.size() ? 0 : slot + 1; }

  void rotate(sim::Time now) {
    for (std::int64_t left = steps_until(now); left > 0; --left) {
      head_ = after(head_);
      total_ -= slots_[head_];
      slots_[head_] = 0;
    }
    slot_end_ = sim::Time{(now.ns / width_ + 1) * width_};
  }

  std::vector<std::uint32_t> slots_{0};
  std::uint64_t total_ = 0;
  std::int64_t width_ = sim::kForever.ns;
  sim::Time slot_end_ = sim::kNever;
  std::size_t head_ = 0;
};

}  // namespace spillway::model
