#include "sim/event_queue.h"

#include <gtest/gtest.h>

#include <type_traits>
#include <vector>

namespace spillway::sim {
namespace {

constexpr auto kAll = [](const Event&) { return true; };

/// The slots of all live events in the order in which they come.
template <class Live>
std::vector<std::uint32_t> drain(EventQueue& queue, Live live) {
  std::vector<std::uint32_t> slots;
  for (Event event; queue.pop(event, live);) slots.push_back(event.slot);
  return slots;
}

using Slots = std::vector<std::uint32_t>;

TEST(Event, IsSmallAndTriviallyCopyable) {
  EXPECT_EQ(sizeof(Event), 24u);
  EXPECT_TRUE(std::is_trivially_copyable_v<Event>);
}

TEST(EventQueue, IsEmptyAtFirst) {
  EventQueue queue;
  Event event;
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.size(), 0u);
  EXPECT_EQ(queue.next_time(), kNever);
  EXPECT_FALSE(queue.pop(event, kAll));
}

TEST(EventQueue, KeepsWhatWasPushed) {
  EventQueue queue;
  queue.push(Time{7}, 200, 3, 9);
  EXPECT_FALSE(queue.empty());
  EXPECT_EQ(queue.next_time(), Time{7});
  Event event;
  ASSERT_TRUE(queue.pop(event, kAll));
  EXPECT_EQ(event.at, Time{7});
  EXPECT_EQ(event.kind(), 200);
  EXPECT_EQ(event.slot, 3u);
  EXPECT_EQ(event.generation, 9u);
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, OrdersByTime) {
  EventQueue queue;
  for (const std::uint32_t at : {5, 1, 4, 2, 3}) queue.push(Time{at}, 0, at, 0);
  EXPECT_EQ(drain(queue, kAll), (Slots{1, 2, 3, 4, 5}));
}

TEST(EventQueue, KeepsTheOrderOfSchedulingAtEqualTimes) {
  EventQueue queue;
  const LaneId five = queue.lane(5_ns);
  const LaneId now = queue.lane(0_ns);
  // The kind, though it shares a word with the sequence number, must not decide.
  queue.push(Time{5}, 255, 0, 0);
  queue.push(five, Time{0}, 7, 1, 0);
  queue.push(now, Time{5}, 9, 2, 0);
  queue.push(Time{5}, 0, 3, 0);
  queue.push(five, Time{0}, 3, 4, 0);
  EXPECT_EQ(drain(queue, kAll), (Slots{0, 1, 2, 3, 4}));
}

TEST(EventQueue, GivesTheSameLaneForTheSameDelay) {
  EventQueue queue;
  const LaneId a = queue.lane(10_ms);
  const LaneId b = queue.lane(3_ms);
  EXPECT_NE(a, b);
  EXPECT_EQ(queue.lane(10_ms), a);
  EXPECT_EQ(queue.lane(3_ms), b);
}

TEST(EventQueue, SchedulesLaneEventsAfterTheDelayOfTheLane) {
  EventQueue queue;
  const LaneId lane = queue.lane(10_ns);
  queue.push(lane, Time{3}, 1, 2, 4);
  EXPECT_EQ(queue.next_time(), Time{13});
  Event event;
  ASSERT_TRUE(queue.pop(event, kAll));
  EXPECT_EQ(event.at, Time{13});
}

TEST(EventQueue, MergesLanesAndHeap) {
  EventQueue queue;
  const LaneId ten = queue.lane(10_ns);
  const LaneId three = queue.lane(3_ns);
  queue.push(ten, Time{0}, 0, 10, 0);
  queue.push(three, Time{0}, 0, 3, 0);
  queue.push(Time{7}, 0, 7, 0);
  queue.push(ten, Time{2}, 0, 12, 0);
  queue.push(Time{11}, 0, 11, 0);
  EXPECT_EQ(queue.size(), 5u);
  EXPECT_EQ(drain(queue, kAll), (Slots{3, 7, 10, 11, 12}));
}

TEST(EventQueue, AcceptsLanesWhileEventsArePending) {
  EventQueue queue;
  queue.push(queue.lane(9_ns), Time{0}, 0, 9, 0);
  for (std::uint32_t delay = 1; delay < 9; ++delay) {
    queue.push(queue.lane({delay}), Time{0}, 0, delay, 0);
  }
  EXPECT_EQ(drain(queue, kAll), (Slots{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(EventQueue, DropsStaleEventsOfTheHeap) {
  EventQueue queue;
  for (std::uint32_t at = 0; at < 10; ++at) queue.push(Time{at}, 0, at, 0);
  EXPECT_EQ(drain(queue, [](const Event& event) { return event.slot % 3 == 0; }),
            (Slots{0, 3, 6, 9}));
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, DropsARunOfStaleEventsOfALaneAtOnce) {
  EventQueue queue;
  const LaneId lane = queue.lane(1_ns);
  for (std::uint32_t at = 0; at < 100; ++at) queue.push(lane, Time{at}, 0, at, 0);
  queue.push(Time{2}, 0, 1000, 0);
  Event event;
  const auto live = [](const Event& e) { return e.slot >= 90; };
  ASSERT_TRUE(queue.pop(event, live));
  EXPECT_EQ(event.slot, 1000u);
  EXPECT_EQ(queue.size(), 10u);  // all 90 went when the first of them fell due
  EXPECT_EQ(queue.next_time(), Time{91});
}

TEST(EventQueue, IsEmptyOnceOnlyStaleEventsWereLeft) {
  EventQueue queue;
  const LaneId lane = queue.lane(1_ns);
  queue.push(lane, Time{0}, 0, 1, 0);
  queue.push(Time{5}, 0, 1, 0);
  Event event;
  EXPECT_FALSE(queue.pop(event, [](const Event&) { return false; }));
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, KnowsTheNextTimeRightAfterAPop) {
  EventQueue queue;
  for (const std::uint32_t at : {8, 2, 6, 4}) queue.push(Time{at}, 0, at, 0);
  Event event;
  ASSERT_TRUE(queue.pop(event, kAll));
  EXPECT_EQ(queue.next_time(), Time{4});
  EXPECT_EQ(queue.size(), 3u);
  queue.push(Time{3}, 0, 3, 0);
  EXPECT_EQ(queue.next_time(), Time{3});
  EXPECT_EQ(queue.size(), 4u);
}

TEST(EventQueue, CopyIsASnapshot) {
  EventQueue queue;
  const LaneId lane = queue.lane(4_ns);
  queue.push(Time{1}, 0, 1, 0);
  queue.push(lane, Time{0}, 0, 4, 0);
  EventQueue snapshot = queue;
  EXPECT_EQ(drain(queue, kAll), (Slots{1, 4}));
  snapshot.push(Time{2}, 0, 2, 0);
  EXPECT_EQ(drain(snapshot, kAll), (Slots{1, 2, 4}));
}

TEST(EventQueue, TakesEventsThatNeverHappen) {
  EventQueue queue;
  queue.push(kNever, 255, 1, 0);
  EXPECT_FALSE(queue.empty());
  EXPECT_EQ(drain(queue, kAll), (Slots{1}));
}

}  // namespace
}  // namespace spillway::sim
