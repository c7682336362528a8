// XBackendTrafficPolicy and durations through the manifest path.
#include <gmock/gmock.h>

#include "tests/unit/scenarios/manifest_support.h"

namespace spillway::scenarios::manifests {
namespace {

using namespace sim::literals;
using testing::ElementsAre;
using testing::IsEmpty;

ReadManifests policy(const std::string& spec) {
  return read_manifests(
      "apiVersion: gateway.networking.x-k8s.io/v1alpha1\nkind: XBackendTrafficPolicy\n"
      "metadata: {name: p}\nspec:\n  targetRefs: [{group: '', kind: Service, name: s}]\n" +
      spec);
}

model::RetryConstraint constraint(const std::string& text) {
  const auto read = policy("  retryConstraint: " + text + "\n");
  EXPECT_THAT(messages(read.diagnostics), IsEmpty());
  return read.resources.backend_traffic_policies.at(0).retry_constraint.value();
}

TEST(ManifestBudget, HasTheDefaultsOfTheApi) {
  for (const char* text : {"{}", "{budget: {}}", "{budget: null}"}) {
    const auto c = constraint(text);
    EXPECT_EQ(c.budget_percent, 20);
    EXPECT_EQ(c.budget_interval, 10_s);
    EXPECT_EQ(c.min_retry_count, 10);
    EXPECT_EQ(c.min_retry_interval, 1_s);
    EXPECT_FALSE(c.min_retry_interval_defaulted);
    EXPECT_FALSE(c.min_retry_count_defaulted);
    EXPECT_EQ(c.place.text(), "m.yaml:6:3");
  }
}

TEST(ManifestBudget, IsAbsentWithoutAConstraint) {
  const auto read = policy("");
  ASSERT_EQ(read.resources.backend_traffic_policies.size(), 1u);
  EXPECT_EQ(read.resources.backend_traffic_policies[0].retry_constraint, std::nullopt);
  EXPECT_EQ(read.resources.backend_traffic_policies[0].target_refs.at(0).name, "s");
}

TEST(ManifestBudget, ReadsWhatIsWritten) {
  const auto c = constraint(
      "{budget: {percent: 0, interval: 1h}, minRetryRate: {count: 1000000, interval: 500ms}}");
  EXPECT_EQ(c.budget_percent, 0);
  EXPECT_EQ(c.budget_interval, 3600_s);
  EXPECT_EQ(c.min_retry_count, 1'000'000);
  EXPECT_EQ(c.min_retry_interval, 500_ms);
}

TEST(ManifestBudget, SaysWhatAPartialFloorLeavesOpen) {
  const auto without_interval = constraint("{minRetryRate: {count: 5}}");
  EXPECT_EQ(without_interval.min_retry_count, 5);
  EXPECT_EQ(without_interval.min_retry_interval, 1_s);
  EXPECT_TRUE(without_interval.min_retry_interval_defaulted);
  EXPECT_FALSE(without_interval.min_retry_count_defaulted);
  const auto without_count = constraint("{minRetryRate: {interval: 2s}}");
  EXPECT_EQ(without_count.min_retry_count, 10);
  EXPECT_EQ(without_count.min_retry_interval, 2_s);
  EXPECT_TRUE(without_count.min_retry_count_defaulted);
}

TEST(ManifestBudget, RejectsWhatIsOutOfRange) {
  const auto of = [](const std::string& text) {
    return messages(policy("  retryConstraint: " + text + "\n").diagnostics);
  };
  EXPECT_THAT(
      of("{budget: {percent: 101}}"),
      ElementsAre("m.yaml:6:39: error: spec.retryConstraint.budget.percent: must be at most "
                  "100 (got 101, expected 0 to 100) [crd-maximum]"));
  EXPECT_THAT(
      of("{budget: {interval: 500ms}}"),
      ElementsAre("m.yaml:6:40: error: spec.retryConstraint.budget.interval: must be from "
                  "one second to one hour (got 500ms, expected 1s to 1h) [budget-interval]"));
  EXPECT_THAT(of("{minRetryRate: {count: 0}}"),
              ElementsAre("m.yaml:6:43: error: spec.retryConstraint.minRetryRate.count: must be at "
                          "least 1 (got 0, expected 1 to 1000000) [crd-minimum]"));
  EXPECT_THAT(of("{minRetryRate: {interval: 0s}}"),
              ElementsAre("m.yaml:6:46: error: spec.retryConstraint.minRetryRate.interval: must be "
                          "positive and one hour at most (got 0s, expected 1ms to 1h) "
                          "[min-retry-interval]"));
}

TEST(ManifestBudget, RejectsTheSameTargetTwice) {
  EXPECT_THAT(
      messages("apiVersion: gateway.networking.x-k8s.io/v1alpha1\n"
               "kind: XBackendTrafficPolicy\nmetadata: {name: p}\nspec: {targetRefs: "
               "[{group: '', kind: Service, name: s}, {group: '', kind: Service, name: s}]}"
               "\n"),
      ElementsAre("m.yaml:4:58: error: spec.targetRefs[1]: repeats group \"\", kind "
                  "\"Service\", name \"s\" (got it a second time, expected each group, kind, "
                  "name once) [crd-duplicate-key]"));
}

ReadManifests with_request(const std::string& duration) {
  return read_manifests(
      "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: x}\n"
      "spec: {rules: [{timeouts: {request: '" +
      duration + "'}}]}\n");
}

TEST(ManifestDurations, AreReadAsGep2257Says) {
  const std::pair<const char*, sim::Duration> vectors[] = {{"0h", 0_s},
                                                           {"0s", 0_s},
                                                           {"0h0m0s", 0_s},
                                                           {"1h", 3600_s},
                                                           {"30m", 1800_s},
                                                           {"10s", 10_s},
                                                           {"500ms", 500_ms},
                                                           {"2h30m", 9000_s},
                                                           {"150m", 9000_s},
                                                           {"7230s", 7230_s},
                                                           {"1h30m10s", 5410_s},
                                                           {"10s30m1h", 5410_s},
                                                           {"100ms200ms300ms", 600_ms}};
  for (const auto& [text, expected] : vectors) {
    const auto read = with_request(text);
    ASSERT_THAT(messages(read.diagnostics), IsEmpty());
    EXPECT_EQ(read.resources.http_routes.at(0).rules.at(0).timeouts->request, expected) << text;
  }
}

TEST(ManifestDurations, AreRejectedAsGep2257Says) {
  for (const char* text : {"1", "1m1", "1d", "1h30m10s20ms50h", "999999h", "1.5h", "-15m"})
    EXPECT_THAT(
        messages(with_request(text).diagnostics),
        ElementsAre("m.yaml:4:37: error: spec.rules[0].timeouts.request: must be a duration "
                    "such as 10s, 500ms or 1h30m (got \"" +
                    std::string(text) +
                    "\", expected ^([0-9]{1,5}(h|m|s|ms)){1,4}$) [crd-pattern]"));
}

}  // namespace
}  // namespace spillway::scenarios::manifests
