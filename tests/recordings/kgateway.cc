// Recordings of kgateway's translator: manifests and what it made of them.
#include <algorithm>
#include <set>

#include "model/profiles/kgateway/translate.h"
#include "reports/envoy_json.h"
#include "tests/recordings/kinds.h"
#include "tests/recordings/manifests.h"

namespace spillway::recordings {
namespace {

namespace kgateway = model::kgateway;
using nlohmann::json;

constexpr const char* kFault = "envoy.filters.http.fault";

/// What must agree of a route: not its name, nor the record of which policy gave what, nor filters
/// that do not act on traffic.
json comparable_route(json route) {
  route.erase("name");
  route.erase("metadata");
  json& filters = route["typed_per_filter_config"];
  if (filters.is_object() && filters.contains(kFault)) route["fault"] = filters[kFault];
  route.erase("typed_per_filter_config");
  return route;
}

json comparable_host(const json& row) {
  json result{{"gateway", row["gateway"]}, {"route_config", row["route_config"]},
              {"domains", row["domains"]}, {"routes", json::array()},
              {"fault", nullptr},          {"route_config_fault", nullptr}};
  for (const json& route : row["routes"]) result["routes"].push_back(comparable_route(route));
  for (const auto& [key, field] :
       {std::pair("typed_per_filter_config", "fault"),
        std::pair("route_config_typed_per_filter_config", "route_config_fault")})
    if (row.contains(key) && row[key].contains(kFault)) result[field] = row[key][kFault];
  return result;
}

json routes_of(const kgateway::Translation& translation) {
  json rows = json::array();
  for (const kgateway::Proxy& proxy : translation.proxies)
    for (const auto& routes : proxy.config.route_configs) {
      json all = json::parse(reports::envoy_json(routes));
      json hosts = all.value("virtual_hosts", json::array());
      if (hosts.empty()) hosts.push_back({{"domains", json::array()}, {"routes", json::array()}});
      for (json& host : hosts) {
        host["gateway"] = proxy.gateway;
        host["route_config"] = routes.name;
        if (!host.contains("routes")) host["routes"] = json::array();
        if (all.contains("typed_per_filter_config"))
          host["route_config_typed_per_filter_config"] = all["typed_per_filter_config"];
        rows.push_back(comparable_host(host));
      }
    }
  return rows;
}

json recorded_routes(const json& rows) {
  json result = json::array();
  for (const json& row : rows) result.push_back(comparable_host(row));
  return result;
}

/// Without weights of localities, which no Service here has, and keys of the runtime.
void strip(json& value) {
  if (value.is_object()) {
    value.erase("locality_weighted_lb_config");
    value.erase("locality_lb_config");
    value.erase("runtime_key");
  }
  if (value.is_structured())
    for (json& child : value) strip(child);
}

/// The first value under `key` at any depth.
const json* find_deep(const json& value, const char* key) {
  if (value.is_object() && value.contains(key)) return &value[key];
  if (value.is_structured())
    for (const json& child : value)
      if (const json* found = find_deep(child, key)) return found;
  return nullptr;
}

json comparable_cluster(const json& row) {
  json result = json::object();
  for (const char* key : {"name", "type", "lb_policy", "connect_timeout", "circuit_breakers",
                          "outlier_detection", "common_lb_config", "load_balancing_policy"})
    if (row.contains(key) && !row[key].is_null()) result[key] = row[key];
  for (json& value : result)
    if (value.is_structured()) strip(value);
  if (result.contains("common_lb_config") && result["common_lb_config"].empty())
    result.erase("common_lb_config");
  if (const json* limit = find_deep(row, "max_stream_duration"))
    result["max_stream_duration"] = *limit;
  return result;
}

json clusters_of(const kgateway::Translation& translation) {
  std::set<json> rows;
  for (const kgateway::Proxy& proxy : translation.proxies)
    for (const auto& cluster : proxy.config.clusters)
      rows.insert(comparable_cluster(json::parse(reports::envoy_json(cluster))));
  return rows;
}

json recorded_clusters(const json& rows) {
  std::set<json> result;
  for (const json& row : rows) result.insert(comparable_cluster(row));
  return result;
}

/// "Gateway edge", "HTTPRoute shop/r", with or without more: the kind and the name.
std::string parent_of(const std::string& text) {
  const std::size_t blank = text.find(' ');
  std::string name = text.substr(blank + 1, text.find(' ', blank + 1) - blank - 1);
  return text.substr(0, blank + 1) + name.substr(name.find('/') + 1);
}

json status_of(const kgateway::Translation& translation) {
  json rows = json::array();
  for (const model::RouteCondition& condition : translation.conditions)
    rows.push_back({condition.route, condition.parent.kind + " " + condition.parent.name,
                    condition.type, condition.status ? "True" : "False", condition.reason});
  return rows;
}

json recorded_status(const json& rows, bool programmed) {
  json result = json::array();
  for (const json& row : rows)
    if (row.contains("route") && (programmed || row["type"] != "kgateway.dev/Programmed"))
      result.push_back({row["route"], parent_of(row["parent"].get<std::string>()), row["type"],
                        row["status"], row["reason"]});
  return result;
}

json sorted(json rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

void compare_part(const json& results, const json& status, const kgateway::Translation& translation,
                  const std::string& prefix, bool programmed, Report& report) {
  if (results.contains("routes"))
    report.compare(prefix + "routes", sorted(recorded_routes(results["routes"])),
                   sorted(routes_of(translation)));
  if (results.contains("clusters") && !translation.proxies.empty())
    report.compare(prefix + "clusters", recorded_clusters(results["clusters"]),
                   clusters_of(translation));
  if (status.is_array())
    report.compare(prefix + "status", sorted(recorded_status(status, programmed)),
                   sorted(status_of(translation)));
}

/// What a version differs in from the newest: "same", parts, a missing word of retry_on, or an
/// object that its CRDs refuse.
void compare_version(const json& one, const json& difference, const std::string& version,
                     const kgateway::Translation& translation, Report& report) {
  const std::string prefix = "at_v" + version + ".x.";
  const bool is_object = difference.is_object();
  report.compare(prefix + "error", is_object && difference.contains("error"),
                 !translation.unknown_fields.empty());
  if (is_object && difference.contains("error")) return;
  json results = one["results"];
  json status = one["status"];
  if (is_object && difference.contains("retry_on_without")) {
    const std::string word = "," + difference["retry_on_without"].get<std::string>() + ",";
    std::string text = results.dump();
    for (std::size_t at = 0; (at = text.find(word, at)) != text.npos;)
      text.erase(at, word.size() - 1);
    results = json::parse(text);
  }
  if (is_object) {
    results.update(difference);
    if (difference.contains("status")) status = difference["status"];
  }
  compare_part(results, status, translation, prefix, version != "2.3", report);
}

/// As in a cluster where the objects were made one after the other.
void set_ages(model::Resources& resources) {
  const auto set = [](auto& objects) {
    for (auto& object : objects)
      if (object.meta.creation_timestamp.empty()) {
        std::string line = std::to_string(object.meta.place.line);
        object.meta.creation_timestamp = std::string(9 - line.size(), '0') + line;
      }
  };
  set(resources.http_routes);
  set(resources.kgateway_traffic_policies);
  set(resources.kgateway_backend_config_policies);
}

void check_case(const json& one, Report& report) {
  RecordedManifests manifests = read_manifests(one["manifests"].get<std::string>());
  report.compare("refused by the API server", one["results"].is_null(),
                 !manifests.errors().empty());
  report.note(manifests.errors());
  if (one["results"].is_null() || !manifests.errors().empty()) return;
  set_ages(manifests.resources);
  kgateway::Options options = kgateway::options_for("");
  options.experimental_features = one.value("experimental_features", true);
  const auto translation = kgateway::translate(manifests.resources, options);
  compare_part(one["results"], one["status"], translation, "", true, report);
  std::set<std::string> recorded;
  for (const json& row : one.value("rejected", json::array()))
    if (row.value("by", "") == "envoy") recorded.insert(row["gateway"].get<std::string>());
  std::set<std::string> refused;
  for (const model::Refusal& refusal : translation.refused) refused.insert(refusal.config);
  report.compare("rejected", recorded, refused);
  for (const model::Note& note : translation.notes) report.note(note.rule + ": " + note.text);
  for (const char* version : {"2.4", "2.3"}) {
    const auto difference = one.find("at_v" + std::string(version) + ".x");
    if (difference == one.end()) continue;
    kgateway::Options older = kgateway::options_for(version);
    older.experimental_features = options.experimental_features;
    compare_version(one, *difference, version, kgateway::translate(manifests.resources, older),
                    report);
  }
  const auto strict = one.find("at_strict_validation");
  if (strict == one.end() || !strict->is_object()) return;
  options.strict_validation = true;
  compare_part(*strict, strict->value("status", json()),
               kgateway::translate(manifests.resources, options), "at_strict_validation.", true,
               report);
}

}  // namespace

void check_kgateway(const std::vector<json>& cases, Report& report) {
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
