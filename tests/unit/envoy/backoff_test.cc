#include "model/envoy/backoff.h"

#include <gtest/gtest.h>

#include "model/envoy/timeouts.h"

namespace spillway::model::envoy {
namespace {

using namespace sim::literals;

std::vector<std::int64_t> waits(BackoffSettings settings, std::uint64_t random, int count) {
  ExponentialBackoff backoff(settings);
  std::vector<std::int64_t> list;
  for (int i = 0; i < count; ++i) list.push_back(backoff.next(random).ns / 1'000'000);
  return list;
}

TEST(Backoff, DoublesUpToItsMaximum) {
  EXPECT_EQ(waits({5, 100}, 9999, 7), (std::vector<std::int64_t>{4, 9, 19, 39, 79, 99, 99}));
}

TEST(Backoff, JumpsToAMaximumBelowTwiceItsBase) {
  EXPECT_EQ(waits({25, 30}, 27, 2), (std::vector<std::int64_t>{2, 27}));
}

TEST(Backoff, MayBeZero) { EXPECT_EQ(waits({25, 250}, 0, 1).front(), 0); }

TEST(Backoff, HasDefaultsOf25And250Ms) {
  EXPECT_EQ(backoff_settings(std::nullopt), (BackoffSettings{25, 250}));
}

TEST(Backoff, TakesTenTimesItsBaseAsMaximum) {
  EXPECT_EQ(backoff_settings(RetryBackOff{40_ms, std::nullopt}), (BackoffSettings{40, 400}));
}

TEST(Backoff, RaisesABaseBelowOneMillisecond) {
  EXPECT_EQ(backoff_settings(RetryBackOff{100_us, std::nullopt}), (BackoffSettings{1, 10}));
}

TEST(RateLimitedWait, StretchesTheIntervalByUpToHalf) {
  EXPECT_EQ(rate_limited_wait(2_s, 300_s, 0), 2_s);
  EXPECT_EQ(rate_limited_wait(2_s, 300_s, 1999), 2999_ms);
}

TEST(RateLimitedWait, DoesNotCountOutsideOfItsLimits) {
  EXPECT_EQ(rate_limited_wait(1_ms, 300_s, 0), std::nullopt);
  EXPECT_EQ(rate_limited_wait(301_s, 300_s, 0), std::nullopt);
}

RouteAction route(std::optional<sim::Duration> timeout, std::optional<sim::Duration> per_try) {
  RouteAction action;
  action.timeout = timeout;
  action.retry_policy.emplace();
  action.retry_policy->per_try_timeout = per_try;
  return action;
}

TEST(Timeouts, DefaultTo15Seconds) {
  EXPECT_EQ(resolve_timeouts(RouteAction{}), (Timeouts{15_s, std::nullopt}));
}

TEST(Timeouts, AreOffAtZero) {
  EXPECT_EQ(resolve_timeouts(route(0_s, 0_s)), (Timeouts{std::nullopt, std::nullopt}));
}

TEST(Timeouts, KeepAPerTryTimeoutBelowTheGlobalOne) {
  EXPECT_EQ(resolve_timeouts(route(300_ms, 100_ms)), (Timeouts{300_ms, 100_ms}));
}

TEST(Timeouts, DropAPerTryTimeoutThatIsNotBelowTheGlobalOne) {
  EXPECT_EQ(resolve_timeouts(route(300_ms, 300_ms)), (Timeouts{300_ms, std::nullopt}));
  EXPECT_EQ(resolve_timeouts(route(std::nullopt, 15_s)), (Timeouts{15_s, std::nullopt}));
}

TEST(Timeouts, KeepAPerTryTimeoutWithoutAGlobalOne) {
  EXPECT_EQ(resolve_timeouts(route(0_s, 100_s)), (Timeouts{std::nullopt, 100_s}));
}

TEST(Timeouts, GiveWayToAMaximumStreamDuration) {
  RouteAction action = route(300_ms, std::nullopt);
  action.max_stream_duration = MaxStreamDuration{0_s, std::nullopt};
  EXPECT_EQ(resolve_timeouts(action).global, std::nullopt);
}

}  // namespace
}  // namespace spillway::model::envoy
