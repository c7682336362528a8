// Random schedules against a sorted list.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "sim/event_queue.h"
#include "sim/random.h"

namespace spillway::sim {
namespace {

/// What the queue must do, done in the simplest way.
class SortedList {
 public:
  void push(Time at, std::uint8_t kind, std::uint32_t slot, std::uint32_t generation) {
    const Event event{at, sequence_++ << 8 | kind, slot, generation};
    const auto place =
        std::upper_bound(events_.begin(), events_.end(), event, [](const Event& a, const Event& b) {
          return a.at != b.at ? a.at < b.at : a.order < b.order;
        });
    events_.insert(place, event);
  }

  template <class Live>
  std::optional<Event> pop(Live live) {
    while (!events_.empty()) {
      const Event event = events_.front();
      events_.erase(events_.begin());
      if (live(event)) return event;
    }
    return std::nullopt;
  }

 private:
  std::vector<Event> events_;
  std::uint64_t sequence_ = 0;
};

struct Mix {
  std::uint32_t lanes;
  std::uint32_t heap_percent;    // of pushes
  std::uint32_t cancel_percent;  // of steps
  std::uint32_t most;            // events pending
  std::uint32_t spread;          // largest random delay: small values make many ties
};

class EventQueueMix : public testing::TestWithParam<Mix> {};

/// Queue and list driven by the same random steps.
class Pair {
 public:
  Pair(const Mix& mix, Key seed) : mix_(mix), draw_(seed), generations_(50) {
    for (std::uint32_t i = 0; i < mix.lanes; ++i) {
      delays_.push_back({i == 0 ? 0 : draw_.below(2 * mix.spread)});
      lanes_.push_back(queue_.lane(delays_.back()));
    }
  }

  void push() {
    const auto kind = static_cast<std::uint8_t>(draw_.next());
    const std::uint32_t slot = draw_.below(50);
    const std::uint32_t generation = generations_[slot];
    if (lanes_.empty() || draw_.below(100) < mix_.heap_percent) {
      const Time at = now_ + Duration{draw_.below(mix_.spread)};
      queue_.push(at, kind, slot, generation);
      list_.push(at, kind, slot, generation);
    } else {
      const std::uint32_t lane = draw_.below(mix_.lanes);
      queue_.push(lanes_[lane], now_, kind, slot, generation);
      list_.push(now_ + delays_[lane], kind, slot, generation);
    }
  }

  void cancel() { ++generations_[draw_.below(50)]; }

  /// Pops from both; whether an event came.
  bool pop() {
    const auto live = [&](const Event& event) {
      return generations_[event.slot] == event.generation;
    };
    const std::optional<Event> expected = list_.pop(live);
    Event event{};
    const bool found = queue_.pop(event, live);
    EXPECT_EQ(found, expected.has_value());
    if (!found || !expected) return false;
    EXPECT_EQ(event, *expected);
    now_ = event.at;
    EXPECT_GE(queue_.next_time(), now_);
    return true;
  }

  void step() {
    if (draw_.below(100) < mix_.cancel_percent) cancel();
    const std::uint32_t target = draw_.below(mix_.most);
    if (queue_.size() <= target)
      push();
    else
      pop();
  }

 private:
  Mix mix_;
  Draw draw_;
  std::vector<std::uint32_t> generations_;
  std::vector<Duration> delays_;
  std::vector<LaneId> lanes_;
  EventQueue queue_;
  SortedList list_;
  Time now_;
};

TEST_P(EventQueueMix, BehavesLikeASortedList) {
  for (Key seed = 0; seed < 20 && !HasFailure(); ++seed) {
    Pair pair(GetParam(), combine(hash_name("event queue"), seed));
    for (int step = 0; step < 4000; ++step) pair.step();
    while (pair.pop()) {
    }
  }
}

TEST_P(EventQueueMix, ContinuesFromASnapshotAsIfItHadNotBeenTaken) {
  Pair original(GetParam(), hash_name("snapshot"));
  for (int step = 0; step < 1000; ++step) original.step();
  Pair copy = original;
  for (int step = 0; step < 500; ++step) original.step();
  for (int step = 0; step < 500; ++step) copy.step();
  while (copy.pop()) {
  }
}

INSTANTIATE_TEST_SUITE_P(Mixes, EventQueueMix,
                         testing::Values(Mix{0, 100, 0, 3, 1000}, Mix{0, 100, 20, 200, 1000},
                                         Mix{0, 100, 20, 300, 3}, Mix{1, 0, 20, 50, 100},
                                         Mix{1, 50, 20, 50, 10}, Mix{5, 30, 30, 100, 20},
                                         Mix{8, 10, 0, 400, 1000}, Mix{8, 10, 60, 400, 1000},
                                         Mix{33, 20, 20, 300, 50}, Mix{200, 20, 10, 1000, 400},
                                         Mix{3, 50, 90, 20, 4}));

}  // namespace
}  // namespace spillway::sim
