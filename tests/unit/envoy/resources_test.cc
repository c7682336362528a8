#include "model/envoy/resources.h"

#include <gtest/gtest.h>

namespace spillway::model::envoy {
namespace {

using namespace sim::literals;

CircuitBreakers budget(double percent, std::optional<std::uint32_t> least,
                       std::optional<sim::Duration> interval = std::nullopt) {
  CircuitBreakers breakers;
  breakers.max_retries = 1;
  breakers.retry_budget = RetryBudget{percent, least, interval};
  return breakers;
}

TEST(Resources, HasEnvoysDefaults) {
  EXPECT_EQ(limits(std::nullopt), (Limits{1024, 1024, 1024, 3, false, 20, 3, std::nullopt}));
}

TEST(Resources, RefusesAtEachLimit) {
  Resources resources(Limits{1, 1, 1, 1, false, 20, 3, std::nullopt});
  EXPECT_TRUE(resources.connection_allowed());
  resources.connections = resources.pending = resources.requests = resources.retries = 1;
  EXPECT_FALSE(resources.connection_allowed());
  EXPECT_FALSE(resources.pending_allowed());
  EXPECT_FALSE(resources.request_allowed());
  EXPECT_FALSE(resources.retry_allowed({}));
}

TEST(Resources, PutsABudgetInPlaceOfMaxRetries) {
  Resources resources(limits(budget(20, std::nullopt)));
  resources.retries = 2;
  EXPECT_TRUE(resources.retry_allowed({}));
}

TEST(Resources, SharesOutRetriesAmongActiveAndPendingRequests) {
  Resources resources(limits(budget(20, 3)));
  resources.requests = 60;
  resources.pending = 39;
  EXPECT_EQ(resources.retry_limit({}), 19U);
}

TEST(Resources, KeepsAtLeastTheMinimumOfRetries) {
  Resources resources(limits(budget(0, 3)));
  resources.requests = 1000;
  EXPECT_EQ(resources.retry_limit({}), 3U);
}

TEST(Resources, CountsRequestsOfTheIntervalWhenThereIsOne) {
  Resources resources(limits(budget(20, 3, 1_s)));
  for (int i = 0; i < 100; ++i) resources.on_request_started({});
  EXPECT_EQ(resources.retry_limit({}), 20U);
}

TEST(Resources, TakesAnIntervalOfZeroAsNone) {
  EXPECT_EQ(limits(budget(20, 3, 0_s)).budget_interval, std::nullopt);
}

TEST(StartedRequests, ForgetsAfterNineToTenTicks) {
  StartedRequests started(1_s, {});
  started.count(sim::Time{} + 99_ms);
  EXPECT_EQ(started.total(sim::Time{} + 999_ms), 1U);
  EXPECT_EQ(started.total(sim::Time{} + 1000_ms), 0U);
}

TEST(StartedRequests, ForgetsEverythingAfterALongPause) {
  StartedRequests started(1_s, {});
  for (int i = 0; i < 10; ++i) started.count(sim::Time{} + 100_ms * i);
  EXPECT_EQ(started.total(sim::Time{} + 950_ms), 10U);
  EXPECT_EQ(started.total(sim::Time{} + 60_s), 0U);
}

TEST(StartedRequests, CountsFromItsOwnStart) {
  StartedRequests started(1_s, sim::Time{} - 50_ms);
  started.count(sim::Time{});
  EXPECT_EQ(started.total(sim::Time{} + 949_ms), 1U);
  EXPECT_EQ(started.total(sim::Time{} + 950_ms), 0U);
}

}  // namespace
}  // namespace spillway::model::envoy
