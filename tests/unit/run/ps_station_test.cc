#include "model/run/ps_station.h"

#include <gtest/gtest.h>

namespace spillway::model {
namespace {

using namespace sim::literals;

constexpr sim::Time kStart{};

TEST(PsStation, ServesOneJobAtFullSpeed) {
  PsStation station;
  station.set_workers(kStart, 1);
  station.start(kStart, 7, 1_s);
  EXPECT_EQ(station.next_done(kStart), kStart + 1_s);
  EXPECT_EQ(station.finish(kStart + 1_s), 7u);
  EXPECT_TRUE(station.empty());
}

TEST(PsStation, SharesItsWorkers) {
  PsStation station;
  station.set_workers(kStart, 1);
  station.start(kStart, 1, 1_s);
  station.start(kStart + 500_ms, 2, 1_s);
  EXPECT_EQ(station.next_done(kStart + 500_ms), kStart + 1500_ms);
  EXPECT_EQ(station.finish(kStart + 1500_ms), 1u);
  EXPECT_EQ(station.next_done(kStart + 1500_ms), kStart + 2_s);
}

TEST(PsStation, GivesNoJobMoreThanOneWorker) {
  PsStation station;
  station.set_workers(kStart, 4);
  station.start(kStart, 1, 1_s);
  station.start(kStart, 2, 1_s);
  EXPECT_EQ(station.next_done(kStart), kStart + 1_s);
}

TEST(PsStation, FinishesTheEarlierOfTwoEqualJobsFirst) {
  PsStation station;
  station.set_workers(kStart, 2);
  station.start(kStart, 5, 1_s);
  station.start(kStart, 4, 1_s);
  EXPECT_EQ(station.finish(kStart + 1_s), 5u);
  EXPECT_EQ(station.finish(kStart + 1_s), 4u);
}

TEST(PsStation, SpeedsUpWhenAJobLeaves) {
  PsStation station;
  station.set_workers(kStart, 1);
  station.start(kStart, 1, 1_s);
  station.start(kStart, 2, 1_s);
  station.remove(kStart + 1_s, 1);
  station.remove(kStart + 1_s, 9);
  EXPECT_EQ(station.size(), 1u);
  EXPECT_EQ(station.next_done(kStart + 1_s), kStart + 1500_ms);
}

TEST(PsStation, StandsStillWithoutWorkers) {
  PsStation station;
  station.start(kStart, 1, 1_s);
  EXPECT_EQ(station.next_done(kStart + 5_s), sim::kNever);
  station.set_workers(kStart + 5_s, 1);
  EXPECT_EQ(station.next_done(kStart + 5_s), kStart + 6_s);
}

TEST(PsStation, IsNeverDoneWhenEmpty) {
  PsStation station;
  station.set_workers(kStart, 1);
  EXPECT_EQ(station.next_done(kStart), sim::kNever);
}

}  // namespace
}  // namespace spillway::model
