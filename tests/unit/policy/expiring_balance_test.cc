#include "model/policy/expiring_balance.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "sim/random.h"

namespace spillway::model {
namespace {

using namespace sim::literals;

constexpr sim::Time kStart{};

/// How long a deposit made at the start is seen, if the balance is looked at every `touch`.
sim::Duration life_of_a_deposit(RatioArithmetic arithmetic, sim::Duration touch) {
  ExpiringBalance balance(1_s, arithmetic);
  balance.add(kStart, 1);
  sim::Time now = kStart;
  while (balance.sum(now) > 0) now = now + touch;
  return now - kStart;
}

// Recorded from linkerd2-proxy, whose slots start anew at each use after the last one ran out.
TEST(ExpiringBalance, KeepsADepositAsLongAsTowerDoes) {
  EXPECT_EQ(life_of_a_deposit(RatioArithmetic::tower, 50_ms), 1100_ms);
  EXPECT_EQ(life_of_a_deposit(RatioArithmetic::tower, 110_ms), 660_ms);
  EXPECT_EQ(life_of_a_deposit(RatioArithmetic::tower, 190_ms), 1140_ms);
}

TEST(ExpiringBalance, KeepsADepositForTenSlotsInFinagle) {
  EXPECT_EQ(life_of_a_deposit(RatioArithmetic::finagle, 50_ms), 1000_ms);
  EXPECT_EQ(life_of_a_deposit(RatioArithmetic::finagle, 100_ms), 1000_ms);
  EXPECT_EQ(life_of_a_deposit(RatioArithmetic::finagle, 110_ms), 1100_ms);
}

TEST(ExpiringBalance, ForgetsEverythingAfterALongSilence) {
  for (const auto arithmetic : {RatioArithmetic::finagle, RatioArithmetic::tower}) {
    ExpiringBalance balance(1_s, arithmetic);
    balance.add(kStart, 5);
    balance.add(kStart + 300_ms, -3);
    EXPECT_EQ(balance.sum(kStart + 300_ms), 2);
    EXPECT_EQ(balance.sum(kStart + 10_s), 0);
  }
}

TEST(ExpiringBalance, ForgetsWithdrawalsToo) {
  ExpiringBalance balance(1_s, RatioArithmetic::finagle);
  balance.add(kStart, -100);
  EXPECT_EQ(balance.sum(kStart + 999_ms), -100);
  EXPECT_EQ(balance.sum(kStart + 1999_ms), 0);
}

/// Every slot ever, oldest first; the last one is being written.
struct NaiveBalance {
  RatioArithmetic arithmetic;
  std::int64_t width;
  std::int64_t start = 0;
  std::vector<std::int64_t> slots{0};

  std::int64_t sum(std::int64_t now) {
    const std::int64_t elapsed = now - start;
    if (elapsed >= width) {
      const bool up = arithmetic == RatioArithmetic::tower && elapsed % width != 0;
      slots.resize(slots.size() + static_cast<std::size_t>(elapsed / width) + (up ? 1 : 0), 0);
      start = now;
    }
    const std::size_t kept = arithmetic == RatioArithmetic::tower ? 11 : 10;
    const std::size_t from = slots.size() > kept ? slots.size() - kept : 0;
    return std::accumulate(slots.begin() + static_cast<std::ptrdiff_t>(from), slots.end(),
                           std::int64_t{0});
  }
};

TEST(ExpiringBalance, AgreesWithAListOfAllSlots) {
  for (const auto arithmetic : {RatioArithmetic::finagle, RatioArithmetic::tower}) {
    ExpiringBalance balance(1_s, arithmetic);
    NaiveBalance naive{arithmetic, (100_ms).ns};
    sim::Draw draw(7);
    sim::Time now = kStart;
    for (int i = 0; i < 5000; ++i) {
      now = now + sim::Duration{(10_ms).ns * draw.below(draw.below(30) == 0 ? 300 : 30)};
      naive.sum(now.ns);
      const std::int64_t amount = static_cast<std::int64_t>(draw.below(9)) - 4;
      balance.add(now, amount);
      naive.slots.back() += amount;
      ASSERT_EQ(balance.sum(now), naive.sum(now.ns)) << "step " << i;
    }
  }
}

}  // namespace
}  // namespace spillway::model
