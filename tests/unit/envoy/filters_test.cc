#include <gtest/gtest.h>

#include "model/envoy/adaptive_concurrency.h"
#include "model/envoy/admission_control.h"

namespace spillway::model::envoy {
namespace {

using namespace sim::literals;

TEST(AdmissionControl, RejectsNothingAboveItsThreshold) {
  EXPECT_EQ(rejection_probability({}, 100, 95), 0);
}

TEST(AdmissionControl, RejectsMoreTheMoreFails) {
  EXPECT_NEAR(rejection_probability({}, 99, 0), 0.8, 1e-12);  // at most
  EXPECT_NEAR(rejection_probability({}, 99, 57), (99 - 60) / 100.0, 1e-12);
}

TEST(AdmissionControl, ForgetsWhatLiesBehindItsWindow) {
  AdmissionControl control({});
  for (int i = 0; i < 1000; ++i) control.on_result(sim::Time{}, false);
  sim::Draw draw(1);
  int admitted = 0;
  for (int i = 0; i < 1000; ++i) admitted += control.admit(sim::Time{} + 1_s, draw);
  EXPECT_NEAR(admitted, 200, 60);
  EXPECT_TRUE(control.admit(sim::Time{} + 32_s, draw));
}

TEST(AdmissionControl, AdmitsAllBelowItsRate) {
  AdmissionControlConfig config;
  config.rps_threshold = 100;
  AdmissionControl control(config);
  for (int i = 0; i < 1000; ++i) control.on_result(sim::Time{}, false);
  sim::Draw draw(1);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(control.admit(sim::Time{}, draw));
}

TEST(AdaptiveConcurrency, GrowsWhileLatencyStaysLow) {
  EXPECT_EQ(next_limit({}, 100, 10_ms, 10_ms), 136U);  // 125 + sqrt(125)
}

TEST(AdaptiveConcurrency, HalvesAtMost) {
  EXPECT_EQ(next_limit({}, 100, 10_ms, 10_s), 57U);  // 50 + sqrt(50)
}

TEST(AdaptiveConcurrency, KeepsToItsLimits) {
  EXPECT_EQ(next_limit({}, 1000, 10_ms, 1_ms), 1000U);
  EXPECT_EQ(next_limit({}, 3, 1_ms, 1_s), 3U);
}

TEST(AdaptiveConcurrency, LetsFewThroughWhileItMeasures) {
  AdaptiveConcurrency control({}, 1);
  int admitted = 0;
  for (int i = 0; i < 10; ++i) admitted += control.admit(sim::Time{});
  EXPECT_EQ(admitted, 3);
}

TEST(AdaptiveConcurrency, RaisesItsLimitOnceItHasMeasured) {
  AdaptiveConcurrency control({}, 1);
  sim::Time now{};
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(control.admit(now));
    now = now + 10_ms;
    control.on_end(now, 10_ms, true);
  }
  EXPECT_GT(control.limit(), 3U);
}

}  // namespace
}  // namespace spillway::model::envoy
