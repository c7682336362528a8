#include "model/profiles/upgrade.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "model/profiles/cilium/changes.h"
#include "model/profiles/envoy_fields.h"
#include "model/profiles/istio/changes.h"
#include "model/profiles/kgateway/changes.h"
#include "model/profiles/profile.h"
#include "model/profiles/proxies.h"
#include "model/profiles/surroundings.h"

namespace spillway::model {
namespace {

/// What a field belongs to.
struct Subject {
  std::string object;
  std::string kind;  ///< "route", "cluster" or "status"
  auto operator<=>(const Subject&) const = default;
};

struct FieldKey {
  Subject subject;
  std::string field;
  auto operator<=>(const FieldKey&) const = default;
};

struct Difference {
  FieldKey key;
  std::string before;
  std::string after;
  auto operator<=>(const Difference&) const = default;
};

/// All fields of one proxy's configuration, or of all conditions.
using Snapshot = std::map<Subject, EnvoyFields>;
/// By proxy; "" holds the conditions.
using Snapshots = std::map<std::string, Snapshot>;
using Differences = std::map<Difference, std::vector<std::string>>;

std::string service_key(const envoy::Cluster& cluster) {
  return cluster.service.substr(0, cluster.service.rfind(':'));
}

std::string route_object(const envoy::Route& route, const envoy::ProxyConfig& config) {
  const std::size_t hash = route.origin.rfind('#');
  if (hash != std::string::npos)
    return fmt::format("HTTPRoute {} rule {}", route.origin.substr(0, hash),
                       route.origin.substr(hash + 1));
  if (route.route)
    for (const envoy::Cluster& cluster : config.clusters)
      if (cluster.name == route.route->cluster && !cluster.service.empty())
        return fmt::format("Service {} without route", service_key(cluster));
  return route.name.empty() ? "other routes" : "route " + route.name;
}

Snapshot snapshot(const ProxyView& view) {
  Snapshot all;
  for (const envoy::RouteConfiguration& config : view.config.route_configs)
    for (const envoy::VirtualHost& host : config.virtual_hosts)
      for (const envoy::Route& route : host.routes)
        all.try_emplace({route_object(route, view.config), "route"}, fields_of(route));
  for (const envoy::Cluster& cluster : view.config.clusters) {
    const std::string object =
        cluster.service.empty()
            ? "cluster " + cluster.name
            : fmt::format("Service {}{}{}", service_key(cluster),
                          cluster.subset.empty() ? "" : " subset ", cluster.subset);
    all.try_emplace({object, "cluster"}, fields_of(cluster));
  }
  if (!view.refused.empty())
    all[{view.name, "status"}]["accepted by Envoy"] =
        fmt::format("no: {}", fmt::join(view.refused, "; "));
  return all;
}

Snapshot statuses(const Resources& resources, const ControlView& control) {
  Snapshot all;
  for (const RouteCondition& each : route_conditions(resources, control))
    all[{each.route, "status"}][fmt::format("{} at {} {}/{}", each.type, each.parent.kind,
                                            each.parent.namespace_, each.parent.name)] =
        fmt::format("{} ({})", each.status ? "True" : "False", each.reason);
  for (const Refusal& each : refused_objects(resources, control))
    all[{each.config, "status"}]["accepted by the API server"] = "no: " + each.error;
  return all;
}

Snapshots snapshots(const Resources& resources, const ControlView& control) {
  Snapshots all;
  for (const ProxyView& view : proxy_views(resources, control)) all[view.name] = snapshot(view);
  all[""] = statuses(resources, control);
  return all;
}

std::string value_of(const EnvoyFields& fields, const std::string& field) {
  const auto found = fields.find(field);
  if (found != fields.end()) return found->second;
  const std::string_view standard = default_of(field);
  return standard.empty() ? "unset" : fmt::format("unset ({})", standard);
}

void compare(const Subject& subject, const EnvoyFields& before, const EnvoyFields& after,
             const std::string& proxy, Differences& to) {
  std::set<std::string> names;
  for (const EnvoyFields* fields : {&before, &after})
    for (const auto& [name, value] : *fields) names.insert(name);
  for (const std::string& name : names) {
    std::string old = value_of(before, name), now = value_of(after, name);
    if (old == now) continue;
    auto& proxies = to[{{subject, name}, std::move(old), std::move(now)}];
    if (!proxy.empty()) proxies.push_back(proxy);
  }
}

Differences compare(const Snapshots& before, const Snapshots& after) {
  static const Snapshot kNone;
  Differences differences;
  std::set<std::string> proxies;
  for (const Snapshots* side : {&before, &after})
    for (const auto& [name, own] : *side) proxies.insert(name);
  for (const std::string& proxy : proxies) {
    const auto old = before.find(proxy), now = after.find(proxy);
    const Snapshot& a = old == before.end() ? kNone : old->second;
    const Snapshot& b = now == after.end() ? kNone : now->second;
    std::set<Subject> subjects;
    for (const Snapshot* side : {&a, &b})
      for (const auto& [subject, fields] : *side) subjects.insert(subject);
    for (const Subject& subject : subjects) {
      const auto x = a.find(subject), y = b.find(subject);
      if (subject.kind != "status" && (x == a.end() || y == b.end())) {
        auto& there = differences[{{subject, subject.kind},
                                   x == a.end() ? "absent" : "present",
                                   y == b.end() ? "absent" : "present"}];
        there.push_back(proxy);
        continue;
      }
      compare(subject, x == a.end() ? EnvoyFields() : x->second,
              y == b.end() ? EnvoyFields() : y->second, proxy, differences);
    }
  }
  return differences;
}

/// Finds the manifest's field behind a field of Envoy's.
class Places {
 public:
  explicit Places(const Resources& resources) : resources_(resources) {}

  Place of(const FieldKey& key) const {
    for (const HttpRoute& route : resources_.http_routes) {
      const std::string name = route.meta.key();
      if (key.subject.object == "HTTPRoute " + name) return route.meta.place;
      for (std::size_t i = 0; i < route.rules.size(); ++i)
        if (key.subject.object == fmt::format("HTTPRoute {} rule {}", name, i))
          return in_rule(route.rules[i], key.field, route.meta.place);
    }
    for (const KubeService& service : resources_.services) {
      const std::string name = "Service " + service.meta.key();
      if (key.subject.object == name || key.subject.object.starts_with(name + " "))
        return policy(service, key.field).value_or(service.meta.place);
    }
    return {};
  }

 private:
  static Place in_rule(const HttpRouteRule& rule, std::string_view field, const Place& route) {
    const Place own = rule.place.known() ? rule.place : route;
    if (field.starts_with("retry_policy.")) {
      if (field.ends_with("per_try_timeout") && rule.timeouts)
        return rule.timeouts->backend_request_place;
      return rule.retry ? rule.retry->place : own;
    }
    if (field == "timeout" && rule.timeouts) return rule.timeouts->place;
    if (field.find("cluster") != std::string_view::npos && !rule.backend_refs.empty())
      return rule.backend_refs.front().place;
    return own;
  }

  /// Of the policy that asks for a field of a cluster.
  std::optional<Place> policy(const KubeService& service, std::string_view field) const {
    const bool budget = field.find("retry_budget") != std::string_view::npos;
    const bool outlier = field.starts_with("outlier_detection");
    for (const istio::DestinationRule& rule : resources_.destination_rules) {
      if (!rule.traffic_policy ||
          !(rule.host == service.meta.name ||
            rule.host.starts_with(service.meta.name + "." + service.meta.namespace_)))
        continue;
      if (budget && rule.traffic_policy->retry_budget)
        return rule.traffic_policy->retry_budget->place;
      if (outlier && rule.traffic_policy->outlier_detection)
        return rule.traffic_policy->outlier_detection->place;
    }
    for (const XBackendTrafficPolicy& policy : resources_.backend_traffic_policies)
      for (const auto& target : policy.target_refs)
        if (budget && policy.retry_constraint && target.name == service.meta.name &&
            policy.meta.namespace_ == service.meta.namespace_)
          return policy.retry_constraint->place;
    for (const kgateway::BackendConfigPolicy& policy : resources_.kgateway_backend_config_policies)
      for (const kgateway::Target& target : policy.targets)
        if (target.name == service.meta.name && policy.meta.namespace_ == service.meta.namespace_)
          return policy.meta.place;
    return std::nullopt;
  }

  const Resources& resources_;
};

/// Gives each difference the change without which it would not be there.
template <class Behavior>
void explain(const Resources& resources, const ControlView& from, const ControlView& to,
             std::span<const VersionChange<Behavior>> changes, const Snapshots& before,
             std::map<Difference, UpgradeReport::Change*>& open) {
  const auto& old = std::get<Behavior>(from.behavior);
  for (const VersionChange<Behavior>& change : changes) {
    if (change.same(old, std::get<Behavior>(to.behavior))) continue;
    ControlView without = to;
    change.copy(std::get<Behavior>(without.behavior), old);
    const Differences rest = compare(before, snapshots(resources, without));
    for (auto& [difference, told] : open) {
      if (rest.contains(difference) || !told->why.empty()) continue;
      told->why = change.why;
      told->source = change.source;
      told->evidence = change.evidence;
    }
  }
}

bool knows(const ProfileInfo& profile, const std::string& version) {
  return std::ranges::find(profile.versions, version) != profile.versions.end();
}

Diagnostics refuse(std::string message, std::string rule) {
  return {{Severity::error, {}, std::move(message), std::move(rule), ""}};
}

}  // namespace

std::string_view to_string(Evidence evidence) {
  return evidence == Evidence::recorded ? "recorded" : "read in source";
}

Loaded<VersionRange> parse_upgrade(std::string_view profile, std::string_view text) {
  MeshSpec mesh;
  mesh.profile = profile;
  if (Diagnostics wrong = check_profile(mesh); has_errors(wrong)) return wrong;
  const ProfileInfo& info = *find_profile(profile);
  if (info.versions.size() < 2)
    return refuse(fmt::format("profile {} has no versions to upgrade between{}", info.name,
                              info.versions.empty() ? "" : ": there is " + info.versions.front()),
                  "no-versions");
  const std::string known = fmt::format("{}", fmt::join(info.versions, ", "));
  const std::size_t dots = text.find("..");
  if (dots == 0 || dots == std::string_view::npos || dots + 2 == text.size())
    return refuse(
        fmt::format("no range of versions (got \"{}\", expected FROM..TO with versions of "
                    "{}: {})",
                    text, info.name, known),
        "upgrade-range");
  VersionRange range{std::string(text.substr(0, dots)), std::string(text.substr(dots + 2))};
  for (const std::string& version : {range.from, range.to})
    if (!knows(info, version))
      return refuse(fmt::format("unknown version of profile {} (got \"{}\", expected one of {})",
                                info.name, version, known),
                    "unknown-version");
  if (range.from == range.to)
    return refuse(fmt::format("no upgrade: both versions are {} (known are {})", range.from, known),
                  "upgrade-range");
  return range;
}

UpgradeReport compare_versions(const Resources& given, const MeshSpec& mesh,
                               const VersionRange& range) {
  UpgradeReport report{mesh.profile, range.from, range.to, {}, {}, {}};
  Resources resources = given;
  assume_referenced(resources, report.assumptions);
  assume_own(mesh.profile, resources, report.assumptions);
  MeshSpec old = mesh, now = mesh;
  old.version = range.from;
  now.version = range.to;
  const ControlView from = control_view(old), to = control_view(now);
  const Snapshots before = snapshots(resources, from);
  const Differences differences = compare(before, snapshots(resources, to));
  const Places places(resources);
  report.changes.reserve(differences.size());
  std::map<Difference, UpgradeReport::Change*> open;
  for (const auto& [difference, proxies] : differences) {
    report.changes.push_back({proxies, difference.key.subject.object, difference.key.field,
                              difference.before, difference.after, places.of(difference.key), "",
                              "", Evidence::read_in_source});
    open[difference] = &report.changes.back();
  }
  if (std::holds_alternative<istio::Behavior>(from.behavior))
    explain(resources, from, to, istio::changes(), before, open);
  else if (std::holds_alternative<cilium::Options>(from.behavior))
    explain(resources, from, to, cilium::changes(), before, open);
  else if (std::holds_alternative<kgateway::Options>(from.behavior))
    explain(resources, from, to, kgateway::changes(), before, open);
  return report;
}

Diagnostics to_diagnostics(const UpgradeReport& report) {
  Diagnostics all;
  for (const UpgradeReport::Change& change : report.changes) {
    std::string rule = "upgrade-" + change.field.substr(0, change.field.find(' '));
    std::ranges::replace(rule, '.', '-');
    std::ranges::replace(rule, '_', '-');
    all.push_back({Severity::warning, change.place,
                   fmt::format("{} {} to {}: {}: {} is {}, was {}", report.profile, report.from,
                               report.to, change.object, change.field, change.after, change.before),
                   std::move(rule),
                   change.why.empty() ? ""
                                      : fmt::format("{} ({}; {})", change.why, change.source,
                                                    to_string(change.evidence))});
  }
  sort_by_place(all);
  return all;
}

}  // namespace spillway::model
