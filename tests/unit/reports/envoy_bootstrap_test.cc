#include "reports/envoy_bootstrap.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace spillway::reports {
namespace {

namespace envoy = model::envoy;
using namespace sim::literals;
using testing::ElementsAre;
using Json = nlohmann::json;

envoy::RouteConfiguration routes_to(const std::string& name, const std::string& cluster) {
  envoy::Route route;
  route.route.emplace().cluster = cluster;
  return {name, {{"all", {"*"}, {route}, false, std::nullopt}}, std::nullopt};
}

envoy::Cluster cluster_of(const std::string& name, const std::string& service) {
  envoy::Cluster cluster;
  cluster.name = name;
  cluster.service = service;
  return cluster;
}

envoy::ProxyConfig proxy() {
  envoy::ProxyConfig proxy;
  proxy.route_configs = {routes_to("r", "c")};
  proxy.clusters = {cluster_of("c", "shop/cart:8080")};
  return proxy;
}

EnvoyExport export_of(const envoy::ProxyConfig& config, std::string node,
                      const std::map<std::string, int>& ports = {}) {
  EnvoyExport what;
  what.node_id = std::move(node);
  what.parts = {{&config, "", ports}};
  return what;
}

Json exported(const envoy::ProxyConfig& config, const std::map<std::string, int>& ports = {}) {
  return Json::parse(envoy_bootstrap(export_of(config, "waypoint/wp.shop", ports)));
}

Json manager(const Json& bootstrap) {
  return bootstrap["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0]
                  ["typed_config"];
}

std::vector<std::string> filters(const envoy::ProxyConfig& config) {
  std::vector<std::string> names;
  const Json json = manager(exported(config));
  for (const Json& filter : json["http_filters"]) names.push_back(filter["name"]);
  return names;
}

int port(const Json& listener) { return listener["address"]["socket_address"]["port_value"]; }

TEST(EnvoyBootstrap, NamesTheNodeAndKeepsTheAdminInterfaceLocal) {
  const Json json = exported(proxy());
  EXPECT_EQ(json["node"]["id"], "waypoint/wp.shop");
  EXPECT_EQ(json["admin"]["address"]["socket_address"]["address"], "127.0.0.1");
}

TEST(EnvoyBootstrap, GivesEveryRouteConfigurationAListenerOnItsPort) {
  envoy::ProxyConfig config = proxy();
  config.route_configs.push_back(routes_to("s", "c"));
  config.route_configs.push_back(routes_to("t", "c"));
  const Json json = exported(config, {{"r", 8080}, {"s", 8080}});
  const Json& listeners = json["static_resources"]["listeners"];
  ASSERT_EQ(listeners.size(), 3U);
  EXPECT_EQ(listeners[0]["name"], "r");
  EXPECT_EQ(port(listeners[0]), 8080);
  EXPECT_EQ(port(listeners[1]), 20'000);  // 8080 is taken
  EXPECT_EQ(port(listeners[2]), 20'001);  // it has none
}

TEST(EnvoyBootstrap, AllowsRoutesToClustersThatAreNotThere) {
  EXPECT_EQ(manager(exported(proxy()))["route_config"]["validate_clusters"], false);
}

TEST(EnvoyBootstrap, UsesTheFiltersThatAreNeeded) {
  EXPECT_THAT(filters(proxy()), ElementsAre("envoy.filters.http.router"));
  envoy::ProxyConfig all = proxy();
  all.route_configs[0].virtual_hosts[0].fault.emplace();
  all.route_configs[0].virtual_hosts[0].routes[0].cors.emplace();
  all.route_configs[0].virtual_hosts[0].routes[0].stateful_session.emplace();
  all.admission_control.emplace();
  all.adaptive_concurrency.emplace();
  EXPECT_THAT(filters(all),
              ElementsAre("envoy.filters.http.fault", "envoy.filters.http.admission_control",
                          "envoy.filters.http.adaptive_concurrency", "envoy.filters.http.cors",
                          "envoy.filters.http.stateful_session", "envoy.filters.http.router"));
}

TEST(EnvoyBootstrap, WritesTheStreamIdleTimeout) {
  envoy::ProxyConfig config = proxy();
  EXPECT_FALSE(manager(exported(config)).contains("stream_idle_timeout"));
  config.stream_idle_timeout = 0_s;
  EXPECT_EQ(manager(exported(config))["stream_idle_timeout"], "0s");
}

TEST(EnvoyBootstrap, FindsEndpointsByTheNameOfTheService) {
  const Json cluster = exported(proxy())["static_resources"]["clusters"][0];
  EXPECT_EQ(cluster["type"], "STRICT_DNS");
  EXPECT_FALSE(cluster.contains("eds_cluster_config"));
  EXPECT_EQ(cluster["load_assignment"], Json::parse(R"({"cluster_name": "c", "endpoints": [
    {"lb_endpoints": [{"endpoint": {"address": {"socket_address":
      {"address": "cart.shop.svc.cluster.local", "port_value": 8080}}}}]}]})"));
}

TEST(EnvoyBootstrap, TakesGivenAddresses) {
  const envoy::ProxyConfig config = proxy();
  EnvoyExport what = export_of(config, "x");
  what.endpoints["shop/cart:8080"] = {{"127.0.0.1", 1}, {"127.0.0.1", 2}};
  const Json json = Json::parse(envoy_bootstrap(what));
  const Json& cluster = json["static_resources"]["clusters"][0];
  EXPECT_EQ(cluster["type"], "STATIC");
  EXPECT_EQ(cluster["load_assignment"]["endpoints"][0]["lb_endpoints"].size(), 2U);
}

TEST(EnvoyBootstrap, LeavesClustersAloneThatNeedNoControlPlane) {
  envoy::ProxyConfig config = proxy();
  config.clusters[0] = cluster_of("PassthroughCluster", "");
  config.clusters[0].type = "ORIGINAL_DST";
  const Json cluster = exported(config)["static_resources"]["clusters"][0];
  EXPECT_EQ(cluster["type"], "ORIGINAL_DST");
  EXPECT_FALSE(cluster.contains("load_assignment"));
}

TEST(EnvoyBootstrap, SpeaksHttp2ToHostsThatDo) {
  envoy::ProxyConfig config = proxy();
  config.clusters[0].http2 = true;
  const Json cluster = exported(config)["static_resources"]["clusters"][0];
  EXPECT_EQ(
      cluster["typed_extension_protocol_options"]
             ["envoy.extensions.upstreams.http.v3.HttpProtocolOptions"]["explicit_http_config"],
      Json::parse(R"({"http2_protocol_options": {}})"));
}

TEST(EnvoyBootstrap, KeepsThePartsOfAProxyApart) {
  const envoy::ProxyConfig one = proxy(), two = proxy();
  EnvoyExport what;
  what.parts = {{&one, "a/", {}}, {&two, "b/", {}}};
  const Json json = Json::parse(envoy_bootstrap(what));
  const Json& resources = json["static_resources"];
  EXPECT_EQ(resources["listeners"][1]["name"], "b/r");
  EXPECT_EQ(resources["clusters"][1]["name"], "b/c");
  EXPECT_NE(resources.dump().find(R"("route":{"cluster":"b/c"})"), std::string::npos);
}

TEST(EnvoyBootstrap, WritesSeveralByNode) {
  const envoy::ProxyConfig config = proxy();
  const Json json = Json::parse(envoy_bootstraps({export_of(config, "x"), export_of(config, "y")}));
  EXPECT_EQ(json["x"]["node"]["id"], "x");
  EXPECT_EQ(json["y"]["node"]["id"], "y");
}

}  // namespace
}  // namespace spillway::reports
