#include "reports/envoy_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace spillway::reports {
namespace {

namespace envoy = model::envoy;
using namespace sim::literals;
using Json = nlohmann::json;

envoy::Route route() {
  envoy::Route route;
  route.route.emplace().cluster = "c";
  return route;
}

Json action(const envoy::Route& route) { return Json::parse(envoy_json(route))["route"]; }

TEST(EnvoyJson, WritesDurationsAsProtobufDoes) {
  EXPECT_EQ(proto_duration(2_s), "2s");
  EXPECT_EQ(proto_duration(1500_ms), "1.500s");
  EXPECT_EQ(proto_duration(25_us), "0.000025s");
  EXPECT_EQ(proto_duration({1}), "0.000000001s");
  EXPECT_EQ(proto_duration({-1'500'000'000}), "-1.500s");
}

TEST(EnvoyJson, LeavesOutWhatIsUnset) {
  EXPECT_EQ(envoy_json(route()), R"({"match":{"prefix":"/"},"route":{"cluster":"c"}})");
}

TEST(EnvoyJson, WritesARetryPolicy) {
  envoy::Route one = route();
  envoy::RetryPolicy& retry = one.route->retry_policy.emplace();
  retry.retry_on = "reset,5xx";
  retry.num_retries = 3;
  retry.retriable_status_codes = {503, 429};
  retry.per_try_timeout = 250_ms;
  retry.retry_back_off = {10_ms, 100_ms};
  retry.previous_hosts = true;
  retry.host_selection_retry_max_attempts = 5;
  EXPECT_EQ(action(one)["retry_policy"], Json::parse(R"({
    "retry_on": "reset,5xx", "num_retries": 3, "retriable_status_codes": [503, 429],
    "per_try_timeout": "0.250s",
    "retry_back_off": {"base_interval": "0.010s", "max_interval": "0.100s"},
    "retry_host_predicate": [{"name": "envoy.retry_host_predicates.previous_hosts",
      "typed_config": {"@type": "type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"}}],
    "host_selection_retry_max_attempts": "5"})"));
}

TEST(EnvoyJson, WritesATimeoutOfZero) {
  envoy::Route one = route();
  one.route->timeout = 0_s;
  EXPECT_EQ(action(one)["timeout"], "0s");
}

TEST(EnvoyJson, WritesWeightedClustersAndMirrors) {
  envoy::Route one = route();
  one.route->cluster.clear();
  one.route->weighted_clusters = {{"a", 9, {}}, {"b", 1, {}}};
  one.route->request_mirror_policies = {{"m", envoy::FractionalPercent{2500, 10'000}}};
  EXPECT_EQ(action(one)["weighted_clusters"]["clusters"],
            Json::parse(R"([{"name": "a", "weight": 9}, {"name": "b", "weight": 1}])"));
  EXPECT_EQ(action(one)["request_mirror_policies"], Json::parse(R"([{"cluster": "m",
    "runtime_fraction": {"default_value": {"numerator": 2500, "denominator": "TEN_THOUSAND"}}}])"));
}

TEST(EnvoyJson, WritesMatchers) {
  using Kind = envoy::StringMatcher::Kind;
  envoy::Route one = route();
  one.match.kind = envoy::RouteMatch::Kind::path_separated_prefix;
  one.match.value = "/pay";
  one.match.headers = {{"x-a", {Kind::safe_regex, "v.*", false, true}},
                       {"x-b", {Kind::present, "", false, false}}};
  EXPECT_EQ(Json::parse(envoy_json(one))["match"], Json::parse(R"({
    "path_separated_prefix": "/pay",
    "headers": [{"name": "x-a", "string_match": {"safe_regex": {"regex": "v.*"}}, "invert_match": true},
                {"name": "x-b", "present_match": true}]})"));
}

TEST(EnvoyJson, WritesTheFaultFilterOfARoute) {
  envoy::Route one = route();
  envoy::HttpFault& fault = one.fault.emplace();
  fault.delay = {100_ms, {50, 100}};
  fault.abort = {503, std::nullopt, {10, 100}};
  EXPECT_EQ(Json::parse(envoy_json(one))["typed_per_filter_config"]["envoy.filters.http.fault"],
            Json::parse(
                R"({"@type": "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault",
    "delay": {"fixed_delay": "0.100s", "percentage": {"numerator": 50}},
    "abort": {"http_status": 503, "percentage": {"numerator": 10}}})"));
}

TEST(EnvoyJson, WritesBreakersAndABudget) {
  envoy::Cluster cluster;
  cluster.name = "c";
  envoy::CircuitBreakers& breakers = cluster.circuit_breakers.emplace();
  breakers.max_pending_requests = 7;
  breakers.retry_budget = {25.0, 5, 10_s};
  EXPECT_EQ(Json::parse(envoy_json(cluster))["circuit_breakers"], Json::parse(R"({"thresholds": [{
    "max_pending_requests": 7,
    "retry_budget": {"budget_percent": {"value": 25.0}, "min_retry_concurrency": 5,
                     "budget_interval": "10s"}}]})"));
}

TEST(EnvoyJson, WritesOutlierDetectionAndPanic) {
  envoy::Cluster cluster;
  cluster.name = "c";
  envoy::OutlierDetection& outlier = cluster.outlier_detection.emplace();
  outlier.consecutive_5xx = 3;
  outlier.base_ejection_time = 30_s;
  outlier.split_external_local_origin_errors = true;
  cluster.healthy_panic_threshold = 0;
  const Json json = Json::parse(envoy_json(cluster));
  EXPECT_EQ(json["outlier_detection"],
            Json::parse(R"({"consecutive_5xx": 3, "base_ejection_time": "30s",
                            "split_external_local_origin_errors": true})"));
  EXPECT_EQ(json["common_lb_config"], Json::parse(R"({"healthy_panic_threshold": {}})"));
}

TEST(EnvoyJson, WritesLoadBalancingInEitherForm) {
  envoy::Cluster cluster;
  cluster.name = "c";
  cluster.lb_policy = envoy::LbPolicy::least_request;
  cluster.choice_count = 3;
  Json json = Json::parse(envoy_json(cluster));
  EXPECT_EQ(json["lb_policy"], "LEAST_REQUEST");
  EXPECT_EQ(json["least_request_lb_config"], Json::parse(R"({"choice_count": 3})"));
  cluster.typed_lb_policy = true;
  json = Json::parse(envoy_json(cluster));
  EXPECT_FALSE(json.contains("lb_policy"));
  EXPECT_EQ(json["load_balancing_policy"], Json::parse(R"({"policies": [{"typed_extension_config": {
    "name": "envoy.load_balancing_policies.least_request",
    "typed_config": {"@type": "type.googleapis.com/envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest",
                     "choice_count": 3}}}]})"));
}

}  // namespace
}  // namespace spillway::reports
