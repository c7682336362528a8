#include "model/policy/balancer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

namespace spillway::model {
namespace {

using namespace sim::literals;

constexpr sim::Time kStart{};

LoadBalancer spec(Balancing policy, std::uint32_t choices = 2) {
  return {.policy = policy, .choices = choices, .hash_on = {}};
}

std::uint32_t no_load(std::uint32_t) { return 0; }

std::vector<int> picks(Balancer& balancer, std::uint32_t hosts, int n) {
  std::vector<int> counts(hosts);
  sim::Draw draw(77);
  for (int i = 0; i < n; ++i) ++counts[balancer.pick(kStart, draw, draw.next(), no_load)];
  return counts;
}

TEST(Balancer, KnowsOnlyOneAnswerForOneHost) {
  for (int policy = 0; policy <= static_cast<int>(Balancing::maglev); ++policy) {
    Balancer balancer(spec(static_cast<Balancing>(policy)), 1, 3);
    sim::Draw draw(1);
    sim::Draw untouched(1);
    EXPECT_EQ(balancer.pick(kStart, draw, 42, no_load), 0U);
    balancer.on_start(0);
    balancer.on_end(0, kStart, 1_ms);
    EXPECT_EQ(draw.next(), untouched.next());
  }
}

TEST(Balancer, GoesRoundFromARandomHost) {
  std::set<std::uint32_t> starts;
  for (sim::Key seed = 0; seed < 40; ++seed) {
    Balancer balancer(spec(Balancing::round_robin), 5, seed);
    sim::Draw draw(1);
    const std::uint32_t start = balancer.pick(kStart, draw, 0, no_load);
    starts.insert(start);
    for (std::uint32_t i = 1; i < 12; ++i) {
      EXPECT_EQ(balancer.pick(kStart, draw, 0, no_load), (start + i) % 5);
    }
  }
  EXPECT_EQ(starts.size(), 5U);
}

TEST(Balancer, StartsAtTheSameHostForTheSameSeed) {
  Balancer a(spec(Balancing::round_robin), 100, 9);
  Balancer b(spec(Balancing::round_robin), 100, 9);
  EXPECT_EQ(picks(a, 100, 30), picks(b, 100, 30));
}

TEST(Balancer, PicksHostsEvenlyAtRandom) {
  Balancer balancer(spec(Balancing::random), 8, 1);
  double chi_square = 0;
  for (const int n : picks(balancer, 8, 80'000)) chi_square += std::pow(n - 10'000, 2) / 10'000;
  EXPECT_LT(chi_square, 24.3);  // 99.9 % of 7 degrees of freedom
  EXPECT_GT(chi_square, 0.6);   // and not suspiciously even
}

TEST(Balancer, PrefersTheHostWithFewerActiveRequests) {
  // Two draws with replacement of three hosts: the busiest is picked only when both are it.
  Balancer balancer(spec(Balancing::least_request), 3, 1);
  balancer.on_start(0);
  balancer.on_start(0);
  balancer.on_start(1);
  const std::vector<int> counts = picks(balancer, 3, 90'000);
  EXPECT_NEAR(counts[0], 10'000, 400);
  EXPECT_NEAR(counts[1], 30'000, 600);
  EXPECT_NEAR(counts[2], 50'000, 600);
}

TEST(Balancer, ComparesAsManyHostsAsItIsTold) {
  Balancer balancer(spec(Balancing::least_request, 4), 2, 1);
  balancer.on_start(0);
  EXPECT_NEAR(picks(balancer, 2, 80'000)[0], 80'000 / 16, 300);
  Balancer blind(spec(Balancing::least_request, 1), 2, 1);
  blind.on_start(0);
  EXPECT_NEAR(picks(blind, 2, 80'000)[0], 40'000, 600);
}

TEST(Balancer, PrefersAmongEquallyActiveHostsTheOneDrawnFirst) {
  Balancer balancer(spec(Balancing::least_request, 3), 50, 1);
  sim::Draw draw(8);
  for (int i = 0; i < 200; ++i) {
    sim::Draw same = draw;
    EXPECT_EQ(balancer.pick(kStart, draw, 0, no_load), same.below(50));
  }
}

TEST(Balancer, ForgetsARequestThatEnded) {
  Balancer balancer(spec(Balancing::least_request), 2, 1);
  balancer.on_start(0);
  balancer.on_end(0, kStart + 5_ms, 5_ms);
  EXPECT_NEAR(picks(balancer, 2, 80'000)[0], 40'000, 600);
}

TEST(Balancer, JoinsTheShortestQueueAndBreaksTiesAtRandom) {
  Balancer balancer(spec(Balancing::join_shortest_queue), 6, 1);
  const std::vector<std::uint32_t> load = {3, 1, 2, 1, 5, 1};
  std::vector<int> counts(6);
  sim::Draw draw(3);
  for (int i = 0; i < 90'000; ++i) {
    ++counts[balancer.pick(kStart, draw, 0, [&](std::uint32_t host) { return load[host]; })];
  }
  EXPECT_EQ(counts[0] + counts[2] + counts[4], 0);
  for (const int host : {1, 3, 5}) EXPECT_NEAR(counts[host], 30'000, 600);
}

TEST(Balancer, KeepsAHashOnItsHostInAllInstances) {
  for (const Balancing policy : {Balancing::ring_hash, Balancing::maglev}) {
    const auto table = Balancer::make_table(spec(policy), 9, sim::hash_name("cluster"));
    ASSERT_NE(table, nullptr);
    Balancer one(spec(policy), 9, 1, table);
    Balancer other(spec(policy), 9, 2, table);
    sim::Draw draw(1);
    std::set<std::uint32_t> seen;
    for (std::uint64_t user = 0; user < 500; ++user) {
      const std::uint64_t hash = sim::combine(7, user);
      const std::uint32_t host = one.pick(kStart, draw, hash, no_load);
      EXPECT_EQ(one.pick(kStart + 1_s, draw, hash, no_load), host);
      EXPECT_EQ(other.pick(kStart, draw, hash, no_load), host);
      seen.insert(host);
    }
    EXPECT_EQ(seen.size(), 9U);
  }
}

TEST(Balancer, BuildsNoTableWithoutNeed) {
  EXPECT_EQ(Balancer::make_table(spec(Balancing::random), 9, 1), nullptr);
  EXPECT_EQ(Balancer::make_table(spec(Balancing::maglev), 1, 1), nullptr);
}

TEST(Balancer, BuildsItsOwnTableWhenItIsGivenNone) {
  Balancer balancer(spec(Balancing::maglev), 4, 5);
  for (const int n : picks(balancer, 4, 40'000)) EXPECT_NEAR(n, 10'000, 400);
}

TEST(PeakEwma, StartsAtThirtyMilliseconds) {
  PeakEwma latency;
  EXPECT_EQ(latency.read(kStart), 30e6);
}

TEST(PeakEwma, JumpsToAHigherSampleAndDecaysToALowerOne) {
  PeakEwma latency;
  latency.sample(kStart, 100_ms);
  EXPECT_EQ(latency.read(kStart), 100e6);
  latency.sample(kStart + 5_s, 20_ms);
  const double kept = std::exp(-0.5);
  EXPECT_NEAR(latency.read(kStart + 5_s), 1e6 * (100 * kept + 20 * (1 - kept)), 1);
}

TEST(PeakEwma, DecaysTowardsZeroWhenItIsOnlyRead) {
  PeakEwma latency;
  EXPECT_NEAR(latency.read(kStart + 10_s), 30e6 * std::exp(-1), 1);
  EXPECT_NEAR(latency.read(kStart + 20_s), 30e6 * std::exp(-2), 1);
}

TEST(Balancer, WeighsLatencyByPendingRequests) {
  Balancer balancer(spec(Balancing::peak_ewma), 2, 1);
  balancer.on_start(0);
  balancer.on_end(0, kStart, 70_ms);  // 70 * 1
  balancer.on_start(1);               // 30 * 2
  EXPECT_EQ(picks(balancer, 2, 100)[1], 100);
  balancer.on_start(1);  // 30 * 3
  EXPECT_EQ(picks(balancer, 2, 100)[0], 100);
}

TEST(Balancer, ComparesDifferentHostsByLatency) {
  // Every pair of three is drawn as often; the slowest of three never wins, the middle one a third.
  Balancer balancer(spec(Balancing::peak_ewma), 3, 1);
  for (std::uint32_t host = 0; host < 3; ++host) {
    balancer.on_start(host);
    balancer.on_end(host, kStart, 40_ms + 10_ms * host);
  }
  const std::vector<int> counts = picks(balancer, 3, 30'000);
  EXPECT_NEAR(counts[0], 20'000, 400);
  EXPECT_NEAR(counts[1], 10'000, 400);
  EXPECT_EQ(counts[2], 0);
}

TEST(Balancer, PicksEquallyFastHostsEvenly) {
  for (const std::uint32_t choices : {2U, 3U, 64U}) {
    Balancer balancer(spec(Balancing::peak_ewma, choices), 5, 1);
    for (const int n : picks(balancer, 5, 50'000)) EXPECT_NEAR(n, 10'000, 450);
  }
}

TEST(Balancer, FindsTheFastestHostWhenItComparesAll) {
  for (const std::uint32_t choices : {10U, 64U}) {
    Balancer balancer(spec(Balancing::peak_ewma, choices), 10, 1);
    for (std::uint32_t host = 0; host < 10; ++host) {
      balancer.on_start(host);
      balancer.on_end(host, kStart, host == 6 ? 31_ms : 40_ms);
    }
    EXPECT_EQ(picks(balancer, 10, 500)[6], 500);
  }
}

// Recorded from linkerd2-proxy: 10/20/40 ms under light load get 0.67/0.32/0.01 of the requests.
TEST(Balancer, GivesTheFastestOfThreeTwoThirdsUnderLightLoad) {
  Balancer balancer(spec(Balancing::peak_ewma), 3, 1);
  sim::Draw draw(2);
  std::vector<int> counts(3);
  constexpr int kRequests = 20'000;
  for (int i = 0; i < kRequests; ++i) {
    const sim::Time now = kStart + 100_ms * i;
    const std::uint32_t host = balancer.pick(now, draw, 0, no_load);
    const sim::Duration rtt = 10_ms * (1 << host);
    balancer.on_start(host);
    balancer.on_end(host, now + rtt, rtt);
    ++counts[host];
  }
  EXPECT_NEAR(counts[0], 0.67 * kRequests, 0.02 * kRequests);
  EXPECT_NEAR(counts[1], 0.32 * kRequests, 0.02 * kRequests);
  EXPECT_NEAR(counts[2], 0.01 * kRequests, 0.01 * kRequests);
}

/// Mean time in a system of M/M/1 servers of rate 1 with arrivals of rate `load` per server: the
/// uniformised jump chain, with Little's law.
double mean_sojourn(Balancer balancer, std::uint32_t servers, double load, int steps) {
  std::vector<std::uint32_t> queue(servers);
  sim::Draw draw(12);
  double in_system = 0;
  double sum = 0;
  for (int i = 0; i < steps; ++i) {
    if (draw.uniform() < load / (1 + load)) {
      const std::uint32_t host =
          balancer.pick(kStart, draw, 0, [&](std::uint32_t h) { return queue[h]; });
      balancer.on_start(host);
      ++queue[host];
      in_system += 1;
    } else if (const std::uint32_t host = draw.below(servers); queue[host] > 0) {
      balancer.on_end(host, kStart, 1_ms);
      --queue[host];
      in_system -= 1;
    }
    if (i >= steps / 4) sum += in_system;
  }
  return sum / (steps - steps / 4) / (load * servers);
}

// Mitzenmacher, "The power of two choices in randomized load balancing" (2001), many servers.
TEST(Balancer, HasTheSojournTimeOfTheSupermarketModel) {
  const Balancer two(spec(Balancing::least_request), 500, 1);
  EXPECT_NEAR(mean_sojourn(two, 500, 0.8, 4'000'000), 1.947363, 0.025);
  const Balancer one(spec(Balancing::random), 500, 1);
  EXPECT_NEAR(mean_sojourn(one, 500, 0.5, 2'000'000), 2, 0.03);
}

TEST(Balancer, HasTheSojournTimeOfTwoQueuesJoinedAtTheShorter) {
  const Balancer balancer(spec(Balancing::join_shortest_queue), 2, 1);
  EXPECT_NEAR(mean_sojourn(balancer, 2, 0.5, 2'000'000), 1.426320751, 0.02);
  EXPECT_NEAR(mean_sojourn(balancer, 2, 0.8, 6'000'000), 2.955736617, 0.06);
}

}  // namespace
}  // namespace spillway::model
