#include "reports/envoy_bootstrap.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "reports/envoy_filters_json.h"
#include "reports/envoy_json.h"

namespace spillway::reports {
namespace {

namespace envoy = model::envoy;
using Json = nlohmann::ordered_json;

constexpr int kFirstFreePort = 20'000;
constexpr const char* kHttpOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

Json address_json(const EnvoyAddress& address) {
  return {{"socket_address", {{"address", address.host}, {"port_value", address.port}}}};
}

bool is_ip(const std::string& host) {
  return host.find(':') != std::string::npos ||
         host.find_first_not_of("0123456789.") == std::string::npos;
}

Json load_assignment(const std::string& cluster, const std::vector<EnvoyAddress>& endpoints) {
  Json list = Json::array();
  for (const EnvoyAddress& endpoint : endpoints)
    list.push_back({{"endpoint", {{"address", address_json(endpoint)}}}});
  return {{"cluster_name", cluster}, {"endpoints", Json::array({{{"lb_endpoints", list}}})}};
}

/// The endpoints of clusters that a control plane would send them for.
void set_endpoints(Json& json, const envoy::Cluster& cluster, const EnvoyExport& what) {
  const auto given = what.endpoints.find(cluster.service.empty() ? cluster.name : cluster.service);
  std::vector<EnvoyAddress> endpoints;
  if (given != what.endpoints.end())
    endpoints = given->second;
  else if (cluster.type == "EDS" && !cluster.service.empty())
    endpoints = {service_address(cluster.service)};
  else if (cluster.type != "EDS")
    return;
  json.erase("eds_cluster_config");
  const bool addresses = std::ranges::all_of(endpoints, is_ip, &EnvoyAddress::host);
  json["type"] = addresses ? "STATIC" : "STRICT_DNS";
  if (!endpoints.empty())
    json["load_assignment"] = load_assignment(json["name"].get<std::string>(), endpoints);
}

void set_http2(Json& json) {
  Json& options = json["typed_extension_protocol_options"][kHttpOptions];
  options["@type"] = std::string("type.googleapis.com/") + kHttpOptions;
  options["explicit_http_config"] = {{"http2_protocol_options", Json::object()}};
}

Json cluster_json(const envoy::Cluster& cluster, const std::string& prefix,
                  const EnvoyExport& what) {
  Json json = Json::parse(envoy_json(cluster));
  json["name"] = prefix + cluster.name;
  set_endpoints(json, cluster, what);
  if (cluster.http2) set_http2(json);
  return json;
}

void add_prefix(std::vector<envoy::Route>& routes, const std::string& prefix) {
  for (envoy::Route& route : routes) {
    if (!route.route) continue;
    if (!route.route->cluster.empty()) route.route->cluster.insert(0, prefix);
    for (envoy::WeightedCluster& cluster : route.route->weighted_clusters)
      cluster.name.insert(0, prefix);
    for (envoy::RequestMirrorPolicy& mirror : route.route->request_mirror_policies)
      mirror.cluster.insert(0, prefix);
  }
}

/// Routes may name clusters that are not there: their requests are answered 503 or 500.
Json route_config_json(envoy::RouteConfiguration config, const std::string& prefix) {
  config.name.insert(0, prefix);
  for (envoy::VirtualHost& host : config.virtual_hosts) add_prefix(host.routes, prefix);
  Json json = Json::parse(envoy_json(config));
  json["validate_clusters"] = false;
  return json;
}

Json listener_json(const envoy::ProxyConfig& proxy, const envoy::RouteConfiguration& config,
                   const std::string& prefix, const EnvoyAddress& address) {
  Json manager{{"@type",
                "type.googleapis.com/envoy.extensions.filters.network."
                "http_connection_manager.v3.HttpConnectionManager"},
               {"stat_prefix", prefix + config.name}};
  if (proxy.stream_idle_timeout)
    manager["stream_idle_timeout"] = proto_duration(*proxy.stream_idle_timeout);
  manager["route_config"] = route_config_json(config, prefix);
  manager["http_filters"] = Json::parse(envoy_http_filters_json(proxy, config));
  return {{"name", prefix + config.name},
          {"address", address_json(address)},
          {"filter_chains",
           Json::array({{{"filters",
                          Json::array({{{"name", "envoy.filters.network.http_connection_manager"},
                                        {"typed_config", std::move(manager)}}})}}})}};
}

/// Which ports are taken.
class Ports {
 public:
  explicit Ports(int admin) : taken_{admin} {}
  int take(const EnvoyPart& part, const std::string& route_config) {
    const auto wanted = part.ports.find(route_config);
    if (wanted != part.ports.end() && taken_.insert(wanted->second).second) return wanted->second;
    while (!taken_.insert(next_).second) ++next_;
    return next_;
  }

 private:
  std::set<int> taken_;
  int next_ = kFirstFreePort;
};

Json bootstrap_json(const EnvoyExport& what) {
  Json listeners = Json::array(), clusters = Json::array();
  Ports ports(what.admin_port);
  for (const EnvoyPart& part : what.parts) {
    for (const envoy::RouteConfiguration& config : part.config->route_configs)
      listeners.push_back(listener_json(*part.config, config, part.prefix,
                                        {what.listen_address, ports.take(part, config.name)}));
    for (const envoy::Cluster& cluster : part.config->clusters)
      clusters.push_back(cluster_json(cluster, part.prefix, what));
  }
  return {
      {"node", {{"id", what.node_id}, {"cluster", what.node_id}}},
      {"admin", {{"address", address_json({"127.0.0.1", what.admin_port})}}},
      {"static_resources",
       {{"listeners", std::move(listeners)}, {"clusters", std::move(clusters)}}},
  };
}

}  // namespace

EnvoyAddress service_address(std::string_view service) {
  const std::size_t slash = service.find('/'), colon = service.rfind(':');
  const std::string ns(service.substr(0, slash));
  const std::string name(service.substr(slash + 1, colon - slash - 1));
  return {name + "." + ns + ".svc.cluster.local",
          std::stoi(std::string(service.substr(colon + 1)))};
}

std::string envoy_bootstrap(const EnvoyExport& what) { return bootstrap_json(what).dump(2) + "\n"; }

std::string envoy_bootstraps(const std::vector<EnvoyExport>& all) {
  Json json = Json::object();
  for (const EnvoyExport& what : all) json[what.node_id] = bootstrap_json(what);
  return json.dump(2) + "\n";
}

}  // namespace spillway::reports
