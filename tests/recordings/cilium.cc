// Recordings of Cilium's operator: manifests and what it made of them.
#include <algorithm>
#include <map>
#include <set>

#include "model/profiles/cilium/translate.h"
#include "reports/envoy_json.h"
#include "tests/recordings/kinds.h"
#include "tests/recordings/manifests.h"

namespace spillway::recordings {
namespace {

namespace cilium = model::cilium;
using nlohmann::json;

/// What must agree of a route: cross-origin filters do not matter to traffic.
json comparable(json route) {
  route.erase("typed_per_filter_config");
  return route;
}

json routes_of(const cilium::Translation& translation) {
  json rows = json::array();
  for (const cilium::Config& config : translation.configs)
    for (const auto& routes : config.proxy.route_configs) {
      json row{{"config", config.name},
               {"route_config", routes.name},
               {"virtual_host", nullptr},
               {"domains", json::array()},
               {"routes", json::array()}};
      if (routes.virtual_hosts.empty()) rows.push_back(row);
      for (const auto& host : routes.virtual_hosts) {
        row["virtual_host"] = host.name;
        row["domains"] = host.domains;
        row["routes"] = json::array();
        for (const auto& route : host.routes)
          row["routes"].push_back(comparable(json::parse(reports::envoy_json(route))));
        rows.push_back(row);
      }
    }
  return rows;
}

json recorded_routes(const json& rows) {
  json result = rows;
  for (json& row : result)
    for (json& route : row["routes"]) route = comparable(route);
  return result;
}

json clusters_of(const cilium::Translation& translation) {
  json rows = json::array();
  for (const cilium::Config& config : translation.configs)
    for (const auto& cluster : config.proxy.clusters) {
      const json all = json::parse(reports::envoy_json(cluster));
      const auto field = [&](const char* key) { return all.contains(key) ? all[key] : json(); };
      rows.push_back({{"config", config.name},
                      {"name", cluster.name},
                      {"service", cluster.service},
                      {"circuit_breakers", field("circuit_breakers")},
                      {"common_lb_config", field("common_lb_config")},
                      {"connect_timeout", field("connect_timeout")},
                      {"lb_policy", field("lb_policy")},
                      {"outlier_detection", field("outlier_detection")},
                      {"type", cluster.type}});
    }
  return rows;
}

/// With what the agent adds, as the node's Envoy gets it.
json recorded_clusters(const json& rows) {
  json result = json::array();
  for (const json& row : rows) {
    json circuit_breakers = row["circuit_breakers"];
    if (row.contains("agent_adds") && row["agent_adds"].contains("circuit_breakers"))
      circuit_breakers = row["agent_adds"]["circuit_breakers"];
    result.push_back({{"config", row["config"]},
                      {"name", row["name"]},
                      {"service", row["eds_cluster_config"]["service_name"]},
                      {"circuit_breakers", circuit_breakers},
                      {"common_lb_config", row["common_lb_config"]},
                      {"connect_timeout", row["connect_timeout"]},
                      {"lb_policy", row["lb_policy"]},
                      {"outlier_detection", row["outlier_detection"]},
                      {"type", row["type"]}});
  }
  return result;
}

json services_of(const cilium::Translation& translation) {
  json rows = json::array();
  for (const cilium::Config& config : translation.configs) {
    const std::size_t slash = config.service.find('/');
    rows.push_back({{"config", config.name},
                    {"name", config.service.substr(slash + 1)},
                    {"namespace", config.service.substr(0, slash)},
                    {"ports", config.ports}});
  }
  return rows;
}

std::string parent_text(const model::ParentReference& parent) {
  std::string text = parent.kind + " " + parent.namespace_ + "/" + parent.name;
  if (!parent.section_name.empty()) text += " section " + parent.section_name;
  if (parent.port) text += " port " + std::to_string(*parent.port);
  return text;
}

json status_of(const cilium::Translation& translation) {
  json rows = json::array();
  for (const model::RouteCondition& condition : translation.conditions)
    rows.push_back({{"route", condition.route},
                    {"parent", parent_text(condition.parent)},
                    {"type", condition.type},
                    {"status", condition.status ? "True" : "False"},
                    {"reason", condition.reason}});
  return rows;
}

/// Rows in an order of their own: it carries no meaning.
json sorted(json rows) {
  if (rows.is_array()) std::sort(rows.begin(), rows.end());
  return rows;
}

std::set<std::string> names(const json& rows, const char* key) {
  std::set<std::string> result;
  for (const json& row : rows) result.insert(row[key].get<std::string>());
  return result;
}

std::set<std::string> configs_of(const std::vector<model::Refusal>& refusals) {
  std::set<std::string> result;
  for (const model::Refusal& refusal : refusals) result.insert(refusal.config);
  return result;
}

/// Of one version, or of one order: what is recorded is compared.
void compare_part(const json& recorded, const cilium::Translation& translation,
                  const std::string& prefix, Report& report) {
  const json& results = recorded.contains("results") ? recorded["results"] : recorded;
  if (results.contains("routes"))
    report.compare(prefix + "routes", sorted(recorded_routes(results["routes"])),
                   sorted(routes_of(translation)));
  if (results.contains("clusters"))
    report.compare(prefix + "clusters", sorted(recorded_clusters(results["clusters"])),
                   sorted(clusters_of(translation)));
  if (results.contains("services"))
    report.compare(prefix + "services", sorted(results["services"]),
                   sorted(services_of(translation)));
  if (recorded.contains("status"))
    report.compare(prefix + "status", sorted(recorded["status"]), sorted(status_of(translation)));
  if (recorded.contains("rejected"))
    report.compare(prefix + "rejected", names(recorded["rejected"], "config"),
                   configs_of(translation.refused));
  if (recorded.contains("errors"))
    report.compare(prefix + "errors", names(recorded["errors"], "reconciled"),
                   configs_of(translation.failures));
}

void check_case(const json& one, Report& report) {
  const RecordedManifests manifests = read_manifests(one["manifests"].get<std::string>());
  if (!manifests.errors().empty()) return report.disagree("manifests", manifests.errors());
  const cilium::Options newest = cilium::options_for("");
  const cilium::Translation translation = cilium::translate(manifests.resources, newest);
  compare_part(one, translation, "", report);
  for (const model::Note& note : translation.notes) report.note(note.rule + ": " + note.text);
  report.compare("order_dependent", one.value("order_dependent", false),
                 translation.order_dependent);
  if (one.contains("other_order")) {
    cilium::Options reversed = newest;
    reversed.order = cilium::ListOrder::reversed;
    compare_part(one["other_order"], cilium::translate(manifests.resources, reversed),
                 "other_order.", report);
  }
  const auto older = one.find("at_1.20_branch_point");
  if (older == one.end()) return;
  json expected = one;
  if (older->is_object()) expected.update(*older, true);
  compare_part(expected, cilium::translate(manifests.resources, cilium::options_for("1.20")),
               "at_1.20_branch_point.", report);
}

}  // namespace

void check_cilium(const std::vector<json>& cases, Report& report) {
  for (const json& one : cases) {
    report.begin_case(one.value("name", "unnamed"));
    try {
      check_case(one, report);
    } catch (const json::exception& e) {
      report.disagree("format", e.what());
    }
  }
}

}  // namespace spillway::recordings
