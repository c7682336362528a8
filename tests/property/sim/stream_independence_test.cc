// Keys and streams: unique, avalanching, uncorrelated along every part of a key.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "sim/random.h"
#include "sim/statistics.h"

namespace spillway::sim {
namespace {

Key request_key(Key seed, Key replication, Key entity, Key request, Key attempt) {
  return combine(combine(combine(combine(seed, replication), entity), request), attempt);
}

TEST(Keys, AreUniqueOverAMillionNeighbours) {
  std::vector<Key> keys;
  for (Key seed = 0; seed < 10; ++seed) {
    for (Key replication = 0; replication < 10; ++replication) {
      for (Key entity = 0; entity < 10; ++entity) {
        for (Key request = 0; request < 250; ++request) {
          for (Key attempt = 0; attempt < 4; ++attempt) {
            keys.push_back(request_key(
                seed, replication, hash_name("svc-" + std::to_string(entity)), request, attempt));
          }
        }
      }
    }
  }
  ASSERT_EQ(keys.size(), 1'000'000u);
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(std::adjacent_find(keys.begin(), keys.end()), keys.end());
}

TEST(Keys, DoNotRepeatAsFirstDraws) {
  std::vector<std::uint64_t> draws;
  for (Key key = 0; key < 1'000'000; ++key) draws.push_back(Draw(combine(1, key)).next());
  std::sort(draws.begin(), draws.end());
  EXPECT_EQ(std::adjacent_find(draws.begin(), draws.end()), draws.end());
}

/// Every input bit must flip every output bit in half of the cases: 64 x 64 counts of Binomial(n,
/// 1/2), all within 5.5 standard deviations (probability of a false alarm 1.6e-4).
template <class Function, class Input>
void expect_avalanche(Function function, Input input) {
  constexpr int kTrials = 20'000;
  const double limit = 5.5 * std::sqrt(0.25 * kTrials);
  for (int bit = 0; bit < 64; ++bit) {
    std::vector<int> flips(64);
    for (Key i = 0; i < kTrials; ++i) {
      const std::uint64_t x = input(i);
      const std::uint64_t changed = function(x) ^ function(x ^ (std::uint64_t{1} << bit));
      for (std::size_t out = 0; out < 64; ++out) flips[out] += static_cast<int>(changed >> out & 1);
    }
    for (std::size_t out = 0; out < 64; ++out) {
      EXPECT_NEAR(flips[out], kTrials / 2, limit) << "in " << bit << " out " << out;
    }
  }
}

std::uint64_t counted(Key i) { return i; }
std::uint64_t scattered(Key i) { return Draw(i).next(); }

TEST(Combine, AvalanchesInItsPart) {
  expect_avalanche([](std::uint64_t x) { return combine(42, x); }, counted);
  expect_avalanche([](std::uint64_t x) { return combine(42, x); }, scattered);
}

TEST(Combine, AvalanchesInItsKey) {
  expect_avalanche([](std::uint64_t x) { return combine(x, 7); }, counted);
  expect_avalanche([](std::uint64_t x) { return combine(x, 7); }, scattered);
}

TEST(Draw, AvalanchesInItsKey) {
  expect_avalanche([](std::uint64_t x) { return Draw(x).next(); }, counted);
}

TEST(HashName, AvalanchesInEachCharacter) {
  expect_avalanche(
      [](std::uint64_t x) {
        const auto bytes = std::bit_cast<std::array<char, 8>>(x);
        return hash_name("svc-" + std::string(bytes.begin(), bytes.end()));
      },
      scattered);
}

/// Correlation of first uniforms of two families of keys, times sqrt(n): about standard normal when
/// they are independent.
template <class A, class B>
double correlation(A a, B b) {
  constexpr Key kNumbers = 200'000;
  double sum = 0;
  for (Key i = 0; i < kNumbers; ++i)
    sum += (Draw(a(i)).uniform() - 0.5) * (Draw(b(i)).uniform() - 0.5);
  return sum * 12 / std::sqrt(static_cast<double>(kNumbers));
}

/// 30 tests at a family level of 1 %: two-sided quantile of 1 - 0.01 / 60.
constexpr double kLimit = 3.59;

TEST(Streams, AreUncorrelatedAlongEveryPartOfAKey) {
  const Key a = hash_name("a");
  const Key b = hash_name("b");
  const auto base = [=](Key i) { return request_key(1, 0, a, i, 0); };
  EXPECT_LT(std::fabs(correlation(base, [=](Key i) { return request_key(1, 0, a, i, 1); })),
            kLimit);
  EXPECT_LT(std::fabs(correlation(base, [=](Key i) { return request_key(1, 0, b, i, 0); })),
            kLimit);
  EXPECT_LT(std::fabs(correlation(base, [=](Key i) { return request_key(1, 1, a, i, 0); })),
            kLimit);
  EXPECT_LT(std::fabs(correlation(base, [=](Key i) { return request_key(2, 0, a, i, 0); })),
            kLimit);
  EXPECT_LT(std::fabs(correlation([=](Key i) { return request_key(i, 0, a, 0, 0); },
                                  [=](Key i) { return request_key(0, i, a, 0, 0); })),
            kLimit);
  EXPECT_LT(std::fabs(correlation([](Key i) { return combine(i, i + 1); },
                                  [](Key i) { return combine(i + 1, i); })),
            kLimit);
}

TEST(Streams, AreUncorrelatedAtLagsWithinAndAcrossKeys) {
  const Key a = hash_name("a");
  for (const Key lag : {1, 2, 3, 4, 8, 16, 64, 1024}) {
    EXPECT_LT(std::fabs(correlation([=](Key i) { return request_key(1, 0, a, i, 0); },
                                    [=](Key i) { return request_key(1, 0, a, i + lag, 0); })),
              kLimit)
        << lag;
    Draw front(a);
    Draw back(a);
    for (Key i = 0; i < lag; ++i) back.next();
    double sum = 0;
    for (int i = 0; i < 200'000; ++i) sum += (front.uniform() - 0.5) * (back.uniform() - 0.5);
    EXPECT_LT(std::fabs(sum * 12 / std::sqrt(200'000.0)), kLimit) << lag;
  }
}

TEST(Streams, FillPairsOfDrawsEvenly) {
  // First and second draw of consecutive requests on a 32 x 32 grid: chi-square with 1023 degrees.
  std::vector<int> cells(32 * 32);
  constexpr int kPairs = 1'000'000;
  for (Key request = 0; request < kPairs; ++request) {
    Draw draw(request_key(1, 2, 3, request, 0));
    const std::uint32_t row = draw.below(32);
    ++cells[row * 32 + draw.below(32)];
  }
  double square = 0;
  for (const int n : cells) square += std::pow(n - kPairs / 1024.0, 2) / (kPairs / 1024.0);
  EXPECT_NEAR(square, 1023, 4 * std::sqrt(2 * 1023.0));
}

TEST(Streams, HaveUniformFirstDrawsOverConsecutiveRequests) {
  std::vector<double> samples;
  for (Key request = 0; request < 100'000; ++request)
    samples.push_back(Draw(combine(9, request)).uniform());
  EXPECT_GT(kolmogorov_smirnov(samples, [](double x) { return x; }), 1e-3);
}

TEST(Streams, HaveFairBits) {
  std::vector<int> ones(64);
  constexpr int kNumbers = 200'000;
  for (Key request = 0; request < kNumbers; ++request) {
    const std::uint64_t number = Draw(combine(11, request)).next();
    for (std::size_t bit = 0; bit < 64; ++bit) ones[bit] += static_cast<int>(number >> bit & 1);
  }
  for (const int n : ones) EXPECT_NEAR(n, kNumbers / 2, 4.5 * std::sqrt(0.25 * kNumbers));
}

}  // namespace
}  // namespace spillway::sim
