#include "model/policy/throttle.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace spillway::model {
namespace {

using namespace sim::literals;

TEST(ThrottleState, AdmitsEverythingWhileEverythingIsAccepted) {
  ThrottleState throttle(AdaptiveThrottle{});
  sim::Draw draw(1);
  for (int i = 0; i < 10'000; ++i) {
    const sim::Time now = sim::Time{} + 10_ms * i;
    ASSERT_TRUE(throttle.admit(now, draw));
    throttle.on_accept(now);
  }
}

TEST(ThrottleState, AdmitsTheFirstRequest) {
  ThrottleState throttle(AdaptiveThrottle{.k = 0, .window = 1_s});
  sim::Draw draw(1);
  EXPECT_TRUE(throttle.admit({}, draw));
}

TEST(ThrottleState, RefusesWithTheProbabilityOfTheFormula) {
  // 99 requests, 9 accepts, k = 2: (99 - 18) / 100.
  ThrottleState before(AdaptiveThrottle{});
  sim::Draw draw(4);
  for (int i = 0; i < 99; ++i) before.admit({}, draw);
  for (int i = 0; i < 9; ++i) before.on_accept({});
  int refused = 0;
  for (int i = 0; i < 100'000; ++i) {
    ThrottleState throttle = before;
    refused += throttle.admit({}, draw) ? 0 : 1;
  }
  EXPECT_NEAR(refused, 81'000, 400);
}

TEST(ThrottleState, ForgetsAfterTheWindow) {
  ThrottleState throttle(AdaptiveThrottle{.k = 1.1, .window = 10_s});
  sim::Draw draw(2);
  for (int i = 0; i < 100'000; ++i) throttle.admit({}, draw);
  int admitted = 0;
  for (int i = 0; i < 100; ++i) admitted += throttle.admit(sim::Time{} + 5_s, draw) ? 1 : 0;
  EXPECT_LE(admitted, 1);
  EXPECT_TRUE(throttle.admit(sim::Time{} + 15_s, draw));
}

TEST(ThrottleState, DrawsNothingWhileTheAnswerIsCertain) {
  ThrottleState throttle(AdaptiveThrottle{});
  sim::Draw draw(8);
  sim::Draw untouched(8);
  throttle.admit({}, draw);
  throttle.on_accept({});
  throttle.admit({}, draw);
  EXPECT_EQ(draw.next(), untouched.next());
}

struct FixedPoint {
  double backend_load;  ///< in multiples of its capacity
  double refused;       ///< share of all requests
};

/// A backend that accepts 100 requests a second, with a second of slack, and is offered ten times
/// that.
FixedPoint offer_ten_times(double k) {
  constexpr int kCapacity = 100;
  constexpr int kOffered = 1000;
  constexpr int kSeconds = 900;
  ThrottleState throttle(AdaptiveThrottle{.k = k, .window = 120_s});
  sim::Draw draw(6);
  double credit = 0;
  double sent = 0;
  double refused = 0;
  for (int i = 0; i < kSeconds * kOffered; ++i) {
    const sim::Time now = sim::Time{} + 1_ms * i;
    const bool counted = i >= kSeconds * kOffered / 2;
    credit = std::min<double>(kCapacity, credit + static_cast<double>(kCapacity) / kOffered);
    if (!throttle.admit(now, draw)) {
      refused += counted ? 1 : 0;
      continue;
    }
    sent += counted ? 1 : 0;
    if (credit < 1) continue;
    credit -= 1;
    throttle.on_accept(now);
  }
  return {sent / kSeconds * 2 / kCapacity, refused / (kSeconds * kOffered / 2)};
}

// The fixed point of the formula: the backend gets k times what it accepts, the client refuses the
// rest.
TEST(ThrottleState, SettlesAtKTimesWhatIsAccepted) {
  const FixedPoint two = offer_ten_times(2);
  EXPECT_NEAR(two.backend_load, 2, 0.02);
  EXPECT_NEAR(two.refused, 0.8, 0.002);
  const FixedPoint little_more = offer_ten_times(1.1);
  EXPECT_NEAR(little_more.backend_load, 1.1, 0.011);
  EXPECT_NEAR(little_more.refused, 0.89, 0.002);
}

}  // namespace
}  // namespace spillway::model
