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
    SlotWindow copy = *this;
    return copy.count(now);
  }

 private:
  void rotate(sim::Time now) {
    const std::int64_t steps = (now - slot_end_).ns / width_ + 1;
    slot_end_ = slot_end_ + sim::Duration{steps * width_};
    const auto slots = static_cast<std::int64_t>(slots_.size());
    for (std::int64_t left = std::min(steps, slots); left > 0; --left) {
      head_ = head_ + 1 == slots_.size() ? 0 : head_ + 1;
      total_ -= slots_[head_];
      slots_[head_] = 0;
    }
  }

  std::vector<std::uint32_t> slots_{0};
  std::uint64_t total_ = 0;
  std::int64_t width_ = sim::kForever.ns;
  sim::Time slot_end_ = sim::kNever;
  std::uint32_t head_ = 0;
};

}  // namespace spillway::model
