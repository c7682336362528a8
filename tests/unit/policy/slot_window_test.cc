#include "model/policy/slot_window.h"

#include <gtest/gtest.h>

#include <vector>

#include "sim/random.h"

namespace spillway::model {
namespace {

using namespace sim::literals;

constexpr sim::Time kStart{};

TEST(SlotWindow, CountsWhatWasAdded) {
  SlotWindow window(1_s, 10);
  window.add(kStart);
  window.add(kStart + 50_ms, 3);
  EXPECT_EQ(window.count(kStart + 60_ms), 4U);
}

TEST(SlotWindow, ForgetsASlotWhenItsLastWindowEnds) {
  SlotWindow window(1_s, 10);
  window.add(kStart + 99_ms);   // slot 0, seen in slots 0 ... 9
  window.add(kStart + 100_ms);  // slot 1
  EXPECT_EQ(window.count(kStart + 1000_ms - 1_ns), 2U);
  EXPECT_EQ(window.count(kStart + 1000_ms), 1U);
  EXPECT_EQ(window.count(kStart + 1100_ms), 0U);
}

TEST(SlotWindow, IsEmptyAfterALongSilence) {
  SlotWindow window(1_s, 10);
  window.add(kStart, 7);
  EXPECT_EQ(window.count(kStart + 3600_s), 0U);
  window.add(kStart + 3600_s, 2);
  EXPECT_EQ(window.count(kStart + 3600_s), 2U);
}

TEST(SlotWindow, PeekChangesNothing) {
  SlotWindow window(1_s, 10);
  window.add(kStart, 5);
  EXPECT_EQ(window.peek(kStart + 5_s), 0U);
  EXPECT_EQ(window.count(kStart + 500_ms), 5U);
}

TEST(SlotWindow, CountsEverythingWhenItHasNoLength) {
  SlotWindow window;
  window.add(kStart, 2);
  window.add(kStart + 86400_s, 3);
  EXPECT_EQ(window.count(kStart + 86400_s), 5U);
}

/// Slot numbers of all events ever, counted one by one.
struct NaiveWindow {
  std::int64_t width;
  std::int64_t slots;
  std::vector<std::int64_t> events;

  std::uint64_t count(sim::Time now) const {
    std::uint64_t n = 0;
    for (const std::int64_t slot : events) n += slot > now.ns / width - slots ? 1 : 0;
    return n;
  }
};

TEST(SlotWindow, AgreesWithAListOfAllEvents) {
  for (const std::uint32_t slots : {1U, 2U, 10U, 100U}) {
    SlotWindow window(700_ms, slots);
    NaiveWindow naive{(700_ms).ns / slots, slots, {}};
    sim::Draw draw(slots);
    sim::Time now = kStart;
    for (int i = 0; i < 2000; ++i) {
      const double gap = draw.below(20) == 0 ? 1.5 : 0.02;
      now = now + sim::from_seconds(gap * sim::exponential(draw));
      if (draw.below(3) != 0) {
        window.add(now);
        naive.events.push_back(now.ns / naive.width);
      }
      ASSERT_EQ(window.peek(now), naive.count(now)) << "slots " << slots << ", step " << i;
      ASSERT_EQ(window.count(now), naive.count(now)) << "slots " << slots << ", step " << i;
    }
  }
}

}  // namespace
}  // namespace spillway::model
