#include <gmock/gmock.h>

#include "model/profiles/review.h"
#include "tests/support/build.h"

namespace spillway::model {
namespace {

using namespace build;
using testing::ElementsAre;
using testing::IsEmpty;

/// clients -> a -> b -> c.
Spec chain() {
  Spec spec;
  spec.scenario.services = {service("a", {call("b")}), service("b", {call("c")}), service("c")};
  spec.scenario.traffic = {poisson("clients", "a", 10)};
  return spec;
}

std::vector<std::string> review(const Spec& spec, const std::string& profile = "gateway-api") {
  Spec copy = spec;
  copy.scenario.mesh.profile = profile;
  std::vector<std::string> all;
  for (const Diagnostic& d : review_scenario(copy)) all.push_back(to_text(d));
  return all;
}

TEST(ScenarioReview, FindsRetriesThatMultiplyAlongAPath) {
  Spec spec = chain();
  for (const char* name : {"a", "b", "c"})
    spec.resources.http_routes.push_back(route(name, {}, retry(2, {503})));
  EXPECT_THAT(review(spec),
              ElementsAre("warning: one request of clients can reach b.default 9 times while it "
                          "fails: 3 tries of a.default x 3 tries of b.default [retry-storm]\n"
                          "    hint: retry in one layer only, or limit the retries by budgets",
                          "warning: one request of clients can reach c.default 27 times while it "
                          "fails: 3 tries of a.default x 3 tries of b.default x 3 tries of "
                          "c.default [retry-storm]\n"
                          "    hint: retry in one layer only, or limit the retries by budgets"));
}

TEST(ScenarioReview, LetsOneLayerRetry) {
  Spec spec = chain();
  spec.resources.http_routes.push_back(route("b", {}, retry(5, {503})));
  EXPECT_THAT(review(spec), IsEmpty());
}

TEST(ScenarioReview, DoesNotCountRetriesOfConnectionErrorsAlone) {
  Spec spec = chain();
  for (const char* name : {"a", "b"})
    spec.resources.http_routes.push_back(route(name, {}, retry(2)));
  EXPECT_THAT(review(spec), IsEmpty());
}

TEST(ScenarioReview, CountsRetriesOfApplications) {
  Spec spec = chain();
  spec.scenario.traffic[0].client.emplace().retries = 1;
  spec.resources.http_routes.push_back(route("c", {}, retry(3, {500})));
  EXPECT_THAT(review(spec),
              ElementsAre("warning: one request of clients can reach c.default 8 times while it "
                          "fails: 2 tries of a.default x 4 tries of c.default [retry-storm]\n"
                          "    hint: retry in one layer only, or limit the retries by budgets"));
}

TEST(ScenarioReview, CountsWhatTheProfileRetries) {
  Spec spec = chain();
  for (const char* name : {"a", "b"})
    spec.resources.http_routes.push_back(route(name, {}, retry(2, {503})));
  EXPECT_THAT(review(spec, "istio-sidecar"), testing::SizeIs(1));
  EXPECT_THAT(review(spec, "istio-ambient-l4"), IsEmpty());
  EXPECT_THAT(review(spec, "linkerd"), IsEmpty());
}

/// A route at a port that Cilium redirects, so that its Envoy has a cluster with ejection.
Spec behind_cilium(std::uint32_t replicas) {
  Spec spec;
  spec.scenario.services = {service("cart")};
  spec.scenario.services[0].replicas = replicas;
  spec.scenario.services[0].ports[0].app_protocol = "http";
  spec.resources.http_routes.push_back(route("cart"));
  return spec;
}

TEST(ScenarioReview, FindsEjectionThatFewEndpointsRuleOut) {
  EXPECT_THAT(review(behind_cilium(9), "cilium"),
              ElementsAre("warning: none of the 9 endpoints of cart.default is ever ejected: at "
                          "most 10 % of them may be [ejection-limit]\n"
                          "    hint: it takes 10 endpoints"));
  EXPECT_THAT(review(behind_cilium(10), "cilium"), IsEmpty());
}

TEST(ScenarioReview, SaysNothingOfEjectionWhereThereIsNone) {
  EXPECT_THAT(review(behind_cilium(1), "istio-sidecar"), IsEmpty());
}

}  // namespace
}  // namespace spillway::model
