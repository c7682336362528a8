#include "model/policy/host_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace spillway::model {
namespace {

using Build = HostTable (*)(std::span<const sim::Key>);

std::vector<sim::Key> keys_of(std::uint32_t hosts) {
  std::vector<sim::Key> keys;
  for (std::uint32_t i = 0; i < hosts; ++i)
    keys.push_back(sim::combine(sim::hash_name("cluster"), i));
  return keys;
}

std::vector<double> shares(const HostTable& table, std::size_t hosts) {
  constexpr int kRequests = 200'000;
  std::vector<double> result(hosts);
  sim::Draw draw(5);
  for (int i = 0; i < kRequests; ++i) result[table.pick(draw.next())] += 1.0 / kRequests;
  return result;
}

TEST(HostTable, SendsTheSameHashToTheSameHost) {
  for (const Build build : {&HostTable::ring, &HostTable::maglev}) {
    const HostTable one = build(keys_of(7));
    const HostTable other = build(keys_of(7));
    sim::Draw draw(1);
    for (int i = 0; i < 1000; ++i) {
      const std::uint64_t hash = draw.next();
      ASSERT_EQ(one.pick(hash), other.pick(hash));
    }
  }
}

TEST(HostTable, SpreadsHashesEvenlyWithMaglev) {
  for (const double share : shares(HostTable::maglev(keys_of(10)), 10))
    EXPECT_NEAR(share, 0.1, 0.003);
}

TEST(HostTable, SpreadsHashesWithinTheRoughnessOfARing) {
  // 103 points a host: shares vary by about 1 / sqrt(103) of their mean.
  const std::vector<double> result = shares(HostTable::ring(keys_of(10)), 10);
  EXPECT_GT(*std::min_element(result.begin(), result.end()), 0.06);
  EXPECT_LT(*std::max_element(result.begin(), result.end()), 0.14);
}

TEST(HostTable, ReachesEveryHostWhenThereAreMoreHostsThanRingPoints) {
  const std::vector<double> result = shares(HostTable::ring(keys_of(1500)), 1500);
  EXPECT_GT(std::count_if(result.begin(), result.end(), [](double share) { return share > 0; }),
            1450);
}

TEST(HostTable, UsesTheOnlyHost) {
  for (const Build build : {&HostTable::ring, &HostTable::maglev}) {
    EXPECT_EQ(build(keys_of(1)).pick(0), 0U);
    EXPECT_EQ(build(keys_of(1)).pick(~std::uint64_t{0}), 0U);
  }
}

/// Share of hashes whose host stays but that move, when host `gone` leaves.
double moved_without_need(Build build, std::uint32_t hosts, std::uint32_t gone) {
  std::vector<sim::Key> keys = keys_of(hosts);
  const HostTable before = build(keys);
  keys.erase(keys.begin() + gone);
  const HostTable after = build(keys);
  constexpr int kRequests = 100'000;
  int moved = 0;
  sim::Draw draw(2);
  for (int i = 0; i < kRequests; ++i) {
    const std::uint64_t hash = draw.next();
    const std::uint32_t old_host = before.pick(hash);
    const std::uint32_t new_host = after.pick(hash);
    const std::uint32_t same_host = new_host < gone ? new_host : new_host + 1;
    if (old_host != gone && old_host != same_host) ++moved;
  }
  return static_cast<double>(moved) / kRequests;
}

TEST(HostTable, MovesNothingOnARingButTheLeaversShareWhileEachHostHasAsManyPoints) {
  EXPECT_EQ(moved_without_need(&HostTable::ring, 1200, 17), 0);
}

TEST(HostTable, MovesLittleOnARingThatGivesTheOthersMorePoints) {
  EXPECT_LT(moved_without_need(&HostTable::ring, 10, 3), 0.12);  // 103 -> 114 points each
}

TEST(HostTable, MovesLittleWithMaglev) {
  EXPECT_LT(moved_without_need(&HostTable::maglev, 10, 3), 0.05);
  EXPECT_LT(moved_without_need(&HostTable::maglev, 100, 50), 0.05);
}

}  // namespace
}  // namespace spillway::model
