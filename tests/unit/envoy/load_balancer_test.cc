#include "model/envoy/load_balancer.h"

#include <gtest/gtest.h>

#include <set>

namespace spillway::model::envoy {
namespace {

using namespace sim::literals;

std::vector<int> picks(Balancer& balancer, int count, std::uint64_t hash = 0) {
  sim::Draw draw(5);
  std::vector<int> by_host(10);
  for (int i = 0; i < count; ++i) ++by_host[balancer.pick({}, draw, hash)];
  return by_host;
}

Balancer balancer(LbPolicy policy, std::uint32_t hosts, double panic = 50, sim::Key seed = 3) {
  BalancerSettings settings;
  settings.policy = policy;
  settings.panic_threshold = panic;
  return Balancer(settings, std::vector<std::uint32_t>(hosts, 1), seed);
}

TEST(RoundRobin, GoesOnCyclically) {
  Balancer lb = balancer(LbPolicy::round_robin, 3);
  sim::Draw draw(1);
  const std::uint32_t first = lb.pick({}, draw, 0);
  EXPECT_EQ(lb.pick({}, draw, 0), (first + 1) % 3);
  EXPECT_EQ(lb.pick({}, draw, 0), (first + 2) % 3);
  EXPECT_EQ(lb.pick({}, draw, 0), first);
}

TEST(RoundRobin, StartsAnywhere) {
  std::set<std::uint32_t> starts;
  sim::Draw draw(1);
  for (sim::Key seed = 0; seed < 50; ++seed)
    starts.insert(balancer(LbPolicy::round_robin, 3, 50, seed).pick({}, draw, 0));
  EXPECT_EQ(starts.size(), 3U);
}

TEST(RoundRobin, FollowsUnequalWeights) {
  Balancer lb(BalancerSettings{}, {1, 3}, 3);
  const std::vector<int> by_host = picks(lb, 400);
  EXPECT_NEAR(by_host[0], 100, 2);
}

TEST(LeastRequest, TakesTheLessBusyOfTwo) {
  Balancer lb = balancer(LbPolicy::least_request, 2);
  lb.on_start(0);
  // Host 0 only if it was drawn twice.
  EXPECT_NEAR(picks(lb, 10'000)[0], 2'500, 200);
}

TEST(LeastRequest, WeighsByActiveRequestsWhereWeightsDiffer) {
  BalancerSettings settings;
  settings.policy = LbPolicy::least_request;
  Balancer lb(settings, {2, 4}, 3);
  for (int i = 0; i < 3; ++i) lb.on_start(1);  // 4 / (3 + 1) against 2
  EXPECT_NEAR(picks(lb, 300)[1], 100, 3);
}

TEST(Random, TakesAllHostsAlike) {
  Balancer lb = balancer(LbPolicy::random, 4);
  for (int host = 0; host < 4; ++host) EXPECT_NEAR(picks(lb, 10'000)[host], 2'500, 200);
}

TEST(RingHash, SendsAHashToOneHost) {
  Balancer lb = balancer(LbPolicy::ring_hash, 5);
  const std::vector<int> by_host = picks(lb, 10, 0x123456789abcdefULL);
  EXPECT_EQ(std::ranges::count(by_host, 10), 1);
}

TEST(Maglev, MovesFewRequestsWhenAHostGoes) {
  Balancer lb = balancer(LbPolicy::maglev, 5);
  sim::Draw draw(1), hashes(2);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> before;
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t hash = hashes.next();
    before.push_back({hash, lb.pick({}, draw, hash)});
  }
  lb.update({true, true, false, true, true});
  int moved = 0;
  for (const auto& [hash, host] : before) moved += host != 2 && lb.pick({}, draw, hash) != host;
  EXPECT_LT(moved, 60);
}

TEST(Panic, SparesEjectedHostsWhileHalfAreLeft) {
  Balancer lb = balancer(LbPolicy::random, 4);
  lb.update({false, false, true, true});
  EXPECT_FALSE(lb.in_panic());
  EXPECT_EQ(picks(lb, 100)[0], 0);
}

TEST(Panic, TakesAllHostsWhenFewerAreLeft) {
  Balancer lb = balancer(LbPolicy::random, 4);
  lb.update({false, false, false, true});
  EXPECT_TRUE(lb.in_panic());
  EXPECT_GT(picks(lb, 100)[0], 0);
}

TEST(Panic, IsOffAtZero) {
  Balancer lb = balancer(LbPolicy::round_robin, 2, 0);
  lb.update({false, false});
  sim::Draw draw(1);
  EXPECT_EQ(lb.pick({}, draw, 0), Balancer::kNoHost);
}

TEST(Panic, NeedsFewerThanSevenOfTenHosts) {
  Balancer lb = balancer(LbPolicy::random, 4, 100);
  lb.update({false, true, true, true});  // 75 %, worth 105
  EXPECT_FALSE(lb.in_panic());
}

TEST(PreviousHosts, PicksAgainSoOftenAndTakesWhatComes) {
  Balancer lb = balancer(LbPolicy::round_robin, 3);
  sim::Draw draw(1);
  const std::uint32_t first = lb.pick({}, draw, 0);
  const auto all = [](std::uint32_t) { return true; };
  EXPECT_EQ(lb.pick_other({}, draw, 0, 1, all), (first + 2) % 3);
}

TEST(PreviousHosts, StopsAtAHostThatWasNotTried) {
  Balancer lb = balancer(LbPolicy::random, 3);
  sim::Draw draw(1);
  for (int i = 0; i < 100; ++i)
    EXPECT_NE(lb.pick_other({}, draw, 0, 100, [](std::uint32_t h) { return h != 1; }), 0U);
}

TEST(SlowStart, GrowsFromItsMinimum) {
  BalancerSettings settings;
  settings.slow_start_window = 100_s;
  EXPECT_DOUBLE_EQ(slow_start_factor(settings, 0_s), 0.1);
  EXPECT_DOUBLE_EQ(slow_start_factor(settings, 50_s), 0.5);
  EXPECT_DOUBLE_EQ(slow_start_factor(settings, 100_s), 1);
  settings.aggression = 2;
  EXPECT_DOUBLE_EQ(slow_start_factor(settings, 25_s), 0.5);
}

}  // namespace
}  // namespace spillway::model::envoy
