#include "model/envoy/outlier_detection.h"

#include <gtest/gtest.h>

namespace spillway::model::envoy {
namespace {

using namespace sim::literals;

constexpr sim::Time kStart{};

OutlierDetection config() {
  OutlierDetection config;
  config.interval = 500_ms;
  config.base_ejection_time = 700_ms;
  config.consecutive_5xx = 3;
  config.max_ejection_percent = 50;
  return config;
}

OutlierDetector detector(const OutlierDetection& config, std::uint32_t hosts) {
  return OutlierDetector(outlier_settings(config), hosts, 1);
}

/// True if the last of them changed the set of hosts.
bool fail(OutlierDetector& outlier, std::uint32_t host, int times, unsigned status = 503,
          sim::Time now = kStart) {
  bool changed = false;
  for (int i = 0; i < times; ++i) changed = outlier.on_answer(host, status, now);
  return changed;
}

TEST(Outlier, IsOffWithoutConfiguration) {
  OutlierDetector outlier(outlier_settings(std::nullopt), 2, 1);
  EXPECT_FALSE(outlier.on());
  EXPECT_FALSE(fail(outlier, 0, 100));
}

TEST(Outlier, EjectsAfterConsecutive5xx) {
  OutlierDetector outlier = detector(config(), 4);
  EXPECT_FALSE(fail(outlier, 0, 2));
  EXPECT_TRUE(fail(outlier, 0, 1));
  EXPECT_TRUE(outlier.ejected(0));
}

TEST(Outlier, CountsAnewAfterASuccess) {
  OutlierDetector outlier = detector(config(), 4);
  fail(outlier, 0, 2);
  outlier.on_answer(0, 200, kStart);
  EXPECT_FALSE(fail(outlier, 0, 2));
}

TEST(Outlier, CountsTimeoutsAndConnectFailures) {
  OutlierDetector outlier = detector(config(), 4);
  outlier.on_local_failure(0, 504, kStart);
  outlier.on_local_failure(0, 503, kStart);
  EXPECT_TRUE(outlier.on_local_failure(0, 503, kStart));
}

TEST(Outlier, EjectsNobodyOfFewerThanTenHostsByDefault) {
  OutlierDetection ten = config();
  ten.max_ejection_percent.reset();
  OutlierDetector nine = detector(ten, 9);
  EXPECT_FALSE(fail(nine, 0, 30));
  OutlierDetector enough = detector(ten, 10);
  EXPECT_TRUE(fail(enough, 0, 3));
}

TEST(Outlier, EjectsOneHostWhenAlwaysAllowed) {
  OutlierDetection always = config();
  always.max_ejection_percent = 0;
  always.always_eject_one_host = true;
  OutlierDetector outlier = detector(always, 3);
  EXPECT_TRUE(fail(outlier, 0, 3));
  EXPECT_FALSE(fail(outlier, 1, 3));
}

TEST(Outlier, StopsAtItsShareOfHosts) {
  OutlierDetector outlier = detector(config(), 4);
  fail(outlier, 0, 3);
  fail(outlier, 1, 3);
  EXPECT_FALSE(fail(outlier, 2, 3));
  EXPECT_EQ(outlier.ejected_count(), 2U);
}

TEST(Outlier, EnforcesGatewayFailuresOnlyWhenAsked) {
  OutlierDetection gateway = config();
  gateway.consecutive_5xx = 100;
  gateway.consecutive_gateway_failure = 2;
  OutlierDetector unasked = detector(gateway, 4);
  EXPECT_FALSE(fail(unasked, 0, 2));
  gateway.enforcing_consecutive_gateway_failure = 100;
  OutlierDetector asked = detector(gateway, 4);
  EXPECT_TRUE(fail(asked, 0, 2));
}

TEST(Outlier, CountsGatewayFailuresAnewAfterAnother5xx) {
  OutlierDetection gateway = config();
  gateway.consecutive_5xx = 100;
  gateway.consecutive_gateway_failure = 2;
  gateway.enforcing_consecutive_gateway_failure = 100;
  OutlierDetector outlier = detector(gateway, 4);
  fail(outlier, 0, 1, 503);
  fail(outlier, 0, 1, 500);
  EXPECT_FALSE(fail(outlier, 0, 1, 503));
}

TEST(Outlier, CountsLocalFailuresApartWhenSplit) {
  OutlierDetection split = config();
  split.split_external_local_origin_errors = true;
  split.consecutive_local_origin_failure = 2;
  OutlierDetector outlier = detector(split, 4);
  fail(outlier, 0, 2);
  EXPECT_FALSE(outlier.on_local_failure(0, 503, kStart));
  EXPECT_TRUE(outlier.on_local_failure(0, 503, kStart));
}

TEST(Outlier, ForgetsLocalFailuresOnceConnectedWhenSplit) {
  OutlierDetection split = config();
  split.split_external_local_origin_errors = true;
  split.consecutive_local_origin_failure = 2;
  OutlierDetector outlier = detector(split, 4);
  for (int i = 0; i < 10; ++i) {  // resets and timeouts of requests that were sent
    outlier.on_connected(0);
    EXPECT_FALSE(outlier.on_local_failure(0, 503, kStart));
  }
}

TEST(Outlier, AddsUpLocalFailuresDespiteConnectionsUnlessSplit) {
  OutlierDetector outlier = detector(config(), 4);
  for (int i = 0; i < 2; ++i) {
    outlier.on_connected(0);
    EXPECT_FALSE(outlier.on_local_failure(0, 503, kStart));
  }
  EXPECT_TRUE(outlier.on_local_failure(0, 503, kStart));
}

TEST(Outlier, EndsAnEjectionAtASweepOnly) {
  OutlierDetector outlier = detector(config(), 4);
  fail(outlier, 0, 3);
  EXPECT_FALSE(outlier.sweep(kStart + 699_ms));
  EXPECT_TRUE(outlier.sweep(kStart + 700_ms));
  EXPECT_FALSE(outlier.ejected(0));
}

TEST(Outlier, EjectsForLongerTheMoreOftenItDoes) {
  OutlierDetector outlier = detector(config(), 4);
  fail(outlier, 0, 3);
  outlier.sweep(kStart + 700_ms);
  fail(outlier, 0, 3, 503, kStart + 700_ms);
  EXPECT_FALSE(outlier.sweep(kStart + 2000_ms));
  EXPECT_TRUE(outlier.sweep(kStart + 2100_ms));
}

TEST(Outlier, ForgivesAnEjectionAtEachSweepWithoutOne) {
  OutlierDetector outlier = detector(config(), 4);
  fail(outlier, 0, 3);
  outlier.sweep(kStart + 1_s);
  outlier.sweep(kStart + 2_s);
  fail(outlier, 0, 3, 503, kStart + 2_s);
  EXPECT_TRUE(outlier.sweep(kStart + 2700_ms));
}

TEST(Outlier, KeepsToTheLongestEjectionTime) {
  OutlierDetection bounded = config();
  bounded.max_ejection_time = 1_s;
  OutlierDetector outlier = detector(bounded, 4);
  fail(outlier, 0, 3);
  outlier.sweep(kStart + 700_ms);
  fail(outlier, 0, 3, 503, kStart + 700_ms);
  EXPECT_TRUE(outlier.sweep(kStart + 1700_ms));
}

TEST(Outlier, EjectsHostsFarBelowTheMeanSuccessRate) {
  OutlierDetection rates = config();
  rates.consecutive_5xx = 1000;
  OutlierDetector outlier = detector(rates, 10);
  for (std::uint32_t host = 0; host < 10; ++host)
    for (int i = 0; i < 100; ++i) outlier.on_answer(host, host == 0 && i % 2 ? 500 : 200, kStart);
  EXPECT_TRUE(outlier.sweep(kStart + 500_ms));
  EXPECT_TRUE(outlier.ejected(0));
  EXPECT_EQ(outlier.ejected_count(), 1U);
}

TEST(Outlier, NeedsAVolumeForSuccessRates) {
  OutlierDetection rates = config();
  rates.consecutive_5xx = 1000;
  OutlierDetector outlier = detector(rates, 10);
  for (std::uint32_t host = 0; host < 10; ++host)
    for (int i = 0; i < 99; ++i) outlier.on_answer(host, host == 0 && i % 2 ? 500 : 200, kStart);
  EXPECT_FALSE(outlier.sweep(kStart + 500_ms));
}

TEST(Outlier, EjectsByFailurePercentageWhenEnforced) {
  OutlierDetection share = config();
  share.consecutive_5xx = 1000;
  share.enforcing_success_rate = 0;
  share.enforcing_failure_percentage = 100;
  OutlierDetector outlier = detector(share, 5);
  for (std::uint32_t host = 0; host < 5; ++host)
    for (int i = 0; i < 50; ++i) outlier.on_answer(host, host == 2 ? 500 : 200, kStart);
  EXPECT_TRUE(outlier.sweep(kStart + 500_ms));
  EXPECT_TRUE(outlier.ejected(2));
}

TEST(UpdateWindow, DeliversTheFirstChangeAtOnce) {
  UpdateWindow window(1_s);
  EXPECT_EQ(window.change(kStart), UpdateWindow::Action::deliver);
}

TEST(UpdateWindow, HoldsAChangeForAWindowFromItsOwnTimeOn) {
  UpdateWindow window(1_s);
  window.change(kStart + 24_ms);
  EXPECT_EQ(window.change(kStart + 32_ms), UpdateWindow::Action::arm);
  EXPECT_EQ(window.due(), kStart + 1032_ms);
  EXPECT_EQ(window.change(kStart + 40_ms), UpdateWindow::Action::held);
}

TEST(UpdateWindow, OpensAgainWhenHeldChangesAreDelivered) {
  UpdateWindow window(1_s);
  window.change(kStart);
  window.change(kStart + 10_ms);
  EXPECT_TRUE(window.flush(kStart + 1010_ms));
  EXPECT_EQ(window.change(kStart + 1500_ms), UpdateWindow::Action::arm);
  EXPECT_EQ(window.due(), kStart + 2500_ms);
}

TEST(UpdateWindow, TakesHeldChangesAlongWithOneAfterTheWindow) {
  UpdateWindow window(1_s);
  window.change(kStart);
  window.change(kStart + 900_ms);
  EXPECT_EQ(window.change(kStart + 1001_ms), UpdateWindow::Action::deliver);
  EXPECT_FALSE(window.flush(kStart + 1900_ms));
}

}  // namespace
}  // namespace spillway::model::envoy
