#include "model/gateway/traffic_policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "tests/unit/gateway/world.h"

namespace spillway::model {
namespace {

using namespace testing_world;

XBackendTrafficPolicy policy(std::string_view key, std::vector<std::string> targets,
                             std::string timestamp = "") {
  XBackendTrafficPolicy p;
  p.meta = meta(key);
  p.meta.creation_timestamp = std::move(timestamp);
  for (std::string& target : targets)
    p.target_refs.push_back({"", "Service", std::move(target), {}});
  p.retry_constraint.emplace();
  return p;
}
std::string applies(const Resources& r, std::string_view ns = "n", std::string_view name = "s") {
  const XBackendTrafficPolicy* found = policy_for(r, ns, name);
  return found ? found->meta.key() : "none";
}
Resources policies(std::vector<XBackendTrafficPolicy> all) {
  Resources r;
  r.backend_traffic_policies = std::move(all);
  return r;
}

TEST(PolicyFor, IsTheOneThatTargetsTheService) {
  const Resources r = policies({policy("n/a", {"other"}), policy("n/b", {"x", "s"})});
  EXPECT_EQ(applies(r), "n/b");
}
TEST(PolicyFor, IsNoneWithoutATarget) {
  EXPECT_EQ(applies(policies({policy("n/a", {"t"})})), "none");
}
TEST(PolicyFor, IsOfTheNamespaceOfTheService) {
  EXPECT_EQ(applies(policies({policy("m/a", {"s"})})), "none");
}
TEST(PolicyFor, IsTheOldest) {
  const Resources r = policies(
      {policy("n/a", {"s"}, "2024-02-01T00:00:00Z"), policy("n/z", {"s"}, "2024-01-01T00:00:00Z")});
  EXPECT_EQ(applies(r), "n/z");
}
TEST(PolicyFor, IsTheFirstByNameOnEqualAge) {
  EXPECT_EQ(applies(policies({policy("n/b", {"s"}), policy("n/a", {"s"})})), "n/a");
}
TEST(PolicyFor, IsTheAppliedOneBeforeTheNeverApplied) {
  const Resources r =
      policies({policy("n/a", {"s"}), policy("n/z", {"s"}, "2024-01-01T00:00:00Z")});
  EXPECT_EQ(applies(r), "n/z");
}
TEST(PolicyFor, IgnoresOtherKinds) {
  Resources r = policies({policy("n/a", {"s"})});
  r.backend_traffic_policies[0].target_refs[0].kind = "Deployment";
  EXPECT_EQ(applies(r), "none");
}
TEST(PoliciesByService, PutsTheOneThatAppliesFirst) {
  std::mt19937 random(5);
  Resources r;
  for (int i = 0; i < 40; ++i)
    r.backend_traffic_policies.push_back(policy(
        std::string("n/p") + std::to_string(random() % 1000),
        {std::string("s") + std::to_string(random() % 8)},
        random() % 2 == 0 ? "" : "2024-01-0" + std::to_string(1 + random() % 3) + "T00:00:00Z"));
  const auto by_service = policies_by_service(r);
  for (int i = 0; i < 8; ++i) {
    const std::string name = std::string("s") + std::to_string(i);
    const auto found = by_service.find("n/" + name);
    EXPECT_EQ(found == by_service.end() ? nullptr : found->second.front(),
              policy_for(r, "n", name));
  }
}

}  // namespace
}  // namespace spillway::model
