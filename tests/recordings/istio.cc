#include <algorithm>
#include <map>
#include <set>

#include "model/envoy/refused.h"
#include "model/profiles/istio/control_plane.h"
#include "reports/envoy_json.h"
#include "scenarios/document.h"
#include "scenarios/manifests/manifests.h"
#include "tests/recordings/kinds.h"
#include "tests/recordings/manifests.h"

namespace spillway::recordings {
namespace {

using model::istio::ControlPlane;
using nlohmann::json;

/// Fields of a cluster that act on requests; others (transport, statistics) are not compared.
constexpr const char* kClusterFields[] = {"type",
                                          "connect_timeout",
                                          "lb_policy",
                                          "least_request_lb_config",
                                          "round_robin_lb_config",
                                          "ring_hash_lb_config",
                                          "maglev_lb_config",
                                          "circuit_breakers",
                                          "outlier_detection"};

void erase_everywhere(json& value, const std::string& key) {
  if (value.is_object()) value.erase(key);
  if (value.is_structured())
    for (json& item : value) erase_everywhere(item, key);
}

/// A percentage without a numerator is the same as none.
void drop_zero_percentages(json& fault) {
  for (const char* part : {"delay", "abort"})
    if (fault.contains(part) && fault[part].contains("percentage") &&
        !fault[part]["percentage"].contains("numerator"))
      fault[part].erase("percentage");
}

/// The route without what is written in two ways, or does not act.
json comparable_route(json route) {
  erase_everywhere(route, "trace_sampled");
  erase_everywhere(route, "treat_missing_header_as_empty");
  erase_everywhere(route, "retry_priority");  // localities are not simulated
  route.erase("stat_prefix");
  json& match = route["match"];
  if (match.contains("query_parameters"))  // in no order: the control plane keeps them in a map
    std::sort(match["query_parameters"].begin(), match["query_parameters"].end(),
              [](const json& a, const json& b) { return a.dump() < b.dump(); });
  if (match.value("case_sensitive", false)) match.erase("case_sensitive");
  if (route.contains("redirect") && route["redirect"].value("path_redirect", "x").empty())
    route["redirect"].erase("path_redirect");
  if (route.contains("direct_response") &&
      route["direct_response"].value("/body/inline_string"_json_pointer, "").empty())
    route["direct_response"].erase("body");  // empty or none is the same
  if (route.contains("typed_per_filter_config")) {
    json& filters = route["typed_per_filter_config"];
    filters.erase("envoy.filters.http.cors");
    if (filters.contains("envoy.filters.http.fault"))
      drop_zero_percentages(filters["envoy.filters.http.fault"]);
    if (filters.empty()) route.erase("typed_per_filter_config");
  }
  return route;
}

json comparable_cluster(const json& cluster) {
  json picked = json::object();
  for (const char* field : kClusterFields)
    if (cluster.contains(field)) picked[field] = cluster[field];
  erase_everywhere(picked, "runtime_key");
  erase_everywhere(picked, "track_remaining");
  const json common = cluster.value("common_lb_config", json::object());
  for (const char* field : {"healthy_panic_threshold", "update_merge_window"})
    if (common.contains(field)) picked[field] = common[field];
  return picked;
}

bool is_address(const std::string& domain) {
  return domain == "CLUSTER_IP" || domain.find_first_not_of("0123456789.") == std::string::npos;
}

json names_of(const json& domains) {
  json names = json::array();
  for (const json& domain : domains)
    if (!is_address(domain.get<std::string>())) names.push_back(domain);
  return names;
}

struct Host {
  json domains;
  bool counts_attempts = false;
  json routes = json::array();
};
using Hosts = std::map<std::string, Host>;

/// By route configuration and virtual host; one without routes answers 404, as none would.
Hosts recorded_hosts(const json& result) {
  Hosts hosts;
  for (const json& each : result.value("routes", json::array())) {
    Host host;
    host.domains = names_of(each.value("domains", json::array()));
    host.counts_attempts = each.value("include_request_attempt_count", false);
    for (const json& route : each.value("routes", json::array()))
      host.routes.push_back(comparable_route(route));
    if (!host.routes.empty())
      hosts[each.value("route_config", "") + " " + each.value("virtual_host", "")] = host;
  }
  return hosts;
}

Hosts simulated_hosts(const model::envoy::ProxyConfig& config) {
  Hosts hosts;
  for (const auto& routes : config.route_configs)
    for (const auto& each : routes.virtual_hosts) {
      Host host;
      host.domains = names_of(each.domains);
      host.counts_attempts = each.include_request_attempt_count;
      for (const auto& route : each.routes)
        host.routes.push_back(comparable_route(json::parse(reports::envoy_json(route))));
      if (!host.routes.empty()) hosts[routes.name + " " + each.name] = host;
    }
  return hosts;
}

template <class Map>
std::set<std::string> all_keys(const Map& a, const Map& b) {
  std::set<std::string> keys;
  for (const auto& entry : a) keys.insert(entry.first);
  for (const auto& entry : b) keys.insert(entry.first);
  return keys;
}

void compare_routes(const std::string& where, const json& recorded, const json& simulated,
                    Report& report) {
  report.compare(where + ": number of routes", recorded.size(), simulated.size());
  for (std::size_t i = 0; i < std::min(recorded.size(), simulated.size()); ++i)
    report.compare(where + " route " + std::to_string(i), recorded[i], simulated[i]);
}

void compare_hosts(const std::string& role, const Hosts& recorded, const Hosts& simulated,
                   Report& report) {
  for (const std::string& key : all_keys(recorded, simulated)) {
    const std::string where = role + " " + key;
    if (!recorded.contains(key) || !simulated.contains(key)) {
      report.disagree(where, recorded.contains(key) ? "recorded only" : "simulated only");
      continue;
    }
    const Host& a = recorded.at(key);
    const Host& b = simulated.at(key);
    report.compare(where + " domains", a.domains, b.domains);
    report.compare(where + " include_request_attempt_count", a.counts_attempts, b.counts_attempts);
    compare_routes(where, a.routes, b.routes, report);
  }
}

void compare_clusters(const std::string& role, const json& result,
                      const model::envoy::ProxyConfig& config, Report& report) {
  std::map<std::string, json> recorded, simulated;
  for (const json& cluster : result.value("clusters", json::array()))
    recorded[cluster.value("name", "")] = comparable_cluster(cluster);
  for (const auto& cluster : config.clusters)
    simulated[cluster.name] = comparable_cluster(json::parse(reports::envoy_json(cluster)));
  for (const std::string& name : all_keys(recorded, simulated)) {
    const std::string where = role + " cluster " + name;
    if (recorded.contains(name) && simulated.contains(name))
      report.compare(where, recorded[name], simulated[name]);
    else
      report.disagree(where, recorded.contains(name) ? "recorded only" : "simulated only");
  }
}

json parent_json(const model::ParentReference& parent) {
  json written{{"group", parent.group}, {"kind", parent.kind}, {"name", parent.name}};
  if (parent.namespace_given) written["namespace"] = parent.namespace_;
  if (!parent.section_name.empty()) written["sectionName"] = parent.section_name;
  if (parent.port) written["port"] = *parent.port;
  return written;
}

std::string condition_key(const json& condition) {
  return condition.value("route", "") + condition.value("policy", "") + " " +
         condition.value("parent", condition.value("ancestor", json())).dump() + " " +
         condition.value("type", "");
}

json condition_value(const json& condition) {
  return {{"status", condition["status"]},
          {"reason", condition["reason"]},
          {"message", condition["message"]}};
}

void compare_conditions(const json& recorded, const ControlPlane& plane, Report& report) {
  std::map<std::string, json> expected, found;
  for (const json& condition : recorded)
    expected[condition_key(condition)] = condition_value(condition);
  for (const auto& c : plane.conditions()) {
    json written{{"type", c.type},
                 {"status", c.status ? "True" : "False"},
                 {"reason", c.reason},
                 {"message", c.message}};
    if (c.parent) {
      written["route"] = c.route;
      written["parent"] = parent_json(*c.parent);
    } else {
      written["policy"] = c.policy;
      written["ancestor"] = {
          {"group", c.target->group}, {"kind", c.target->kind}, {"name", c.target->name}};
    }
    found[condition_key(written)] = condition_value(written);
  }
  for (const std::string& key : all_keys(expected, found))
    report.compare("condition " + key, expected.contains(key) ? expected[key] : json(),
                   found.contains(key) ? found[key] : json());
}

/// What the simulator gives each proxy that the case has recorded.
std::map<std::string, model::envoy::ProxyConfig> configs(const ControlPlane& plane,
                                                         const std::string& client_namespace,
                                                         const json& results) {
  std::map<std::string, model::envoy::ProxyConfig> made;
  const model::Resources& resources = plane.resources();
  made["sidecar"] = plane.sidecar(client_namespace);
  for (const model::Gateway& gateway : resources.gateways) {
    if (model::istio::is_waypoint(gateway, resources) && !made.contains("waypoint"))
      made["waypoint"] = plane.waypoint(gateway);
    if (model::istio::is_ingress_gateway(gateway, resources) && !made.contains("gateway"))
      made["gateway"] = plane.gateway(gateway);
  }
  if (results.contains("server_sidecar") && !resources.services.empty())
    made["server_sidecar"] = plane.server_sidecar(resources.services.front());
  return made;
}

bool says_rejected(const json& value) {
  if (value.is_null()) return false;
  if (value.is_boolean()) return value.get<bool>();
  return !value.empty();
}

bool recorded_rejection(const json& one) {
  if (says_rejected(one.value("envoy_would_reject", json()))) return true;
  for (const json& result : one["results"])
    if (result.is_object() && says_rejected(result.value("envoy_would_reject", json())))
      return true;
  return false;
}

void check_case(const json& one, Report& report) {
  RecordedManifests read = read_manifests(one.value("manifests", ""));
  if (const std::string mesh = one.value("mesh_config", ""); !mesh.empty())
    if (auto documents = scenarios::read_documents(mesh, "mesh.yaml"))
      for (const scenarios::Node& document : *documents)
        scenarios::decode_mesh_config(document, read.resources, read.diagnostics);
  for (const auto& diagnostic : read.diagnostics)
    if (diagnostic.severity == model::Severity::error)
      report.disagree("manifests", model::to_text(diagnostic));
  const ControlPlane plane(read.resources, {"", one.value("alpha_gateway_api", false)});
  const json& results = one["results"];
  bool rejected = false;
  for (const auto& [role, config] : configs(plane, one.value("client_namespace", ""), results)) {
    rejected = rejected || !model::envoy::refused(config).empty();
    const json recorded = results.value(role, json());
    const json result = recorded.is_null() ? json::object() : recorded;
    compare_hosts(role, recorded_hosts(result), simulated_hosts(config), report);
    compare_clusters(role, result, config, report);
  }
  report.compare("envoy_would_reject", recorded_rejection(one), rejected);
  compare_conditions(one.value("status", json::array()), plane, report);
}

}  // namespace

void check_istio(const std::vector<json>& cases, Report& report) {
  for (const json& one : cases) {
    report.begin_case(one.value("name", ""));
    check_case(one, report);
  }
}

}  // namespace spillway::recordings
