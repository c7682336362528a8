#include "model/gateway/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "model/gateway/finding.h"
#include "model/gateway/rule_checks.h"
#include "model/gateway/traffic_policy.h"

namespace spillway::model {
namespace {

using Role = Attachment::Role;

bool is_mesh(const Attachment& a) { return a.role == Role::producer || a.role == Role::consumer; }

const Place& place_of(const Attachment& a) { return known_place(a.place, a.route->meta.place); }

std::string parent_text(const Attachment& a) {
  return fmt::format("{} {}", a.parent().kind, parent_key(a.parent()));
}

void check_rejected(const Attachment& a, Diagnostics& diagnostics) {
  const bool core = a.parent().group == "core";
  diagnostics.push_back(warning(place_of(a),
                                fmt::format("{}: not attached to {} ({}): {}", name_of(*a.route),
                                            parent_text(a), a.reason, a.message),
                                core ? "parent-group" : kebab_case(a.reason),
                                core ? "the core group is written group: \"\"" : ""));
}

void check_section(const RoutingTable& table, const Attachment& a, Diagnostics& diagnostics) {
  if (!is_mesh(a) || a.parent().section_name.empty() ||
      table.index().service(parent_key(a.parent())))
    return;
  diagnostics.push_back(warning(
      place_of(a),
      fmt::format("{}: sectionName {} is taken for every port: no manifest of {} names its ports",
                  name_of(*a.route), a.parent().section_name, parent_text(a)),
      "section-name-assumed"));
}

/// Hostnames that stand for nothing: at Services all, at Gateways those of no listener.
void check_hostnames(const Attachment& a, Diagnostics& diagnostics) {
  if (a.route->hostnames.empty()) return;
  if (is_mesh(a)) {
    diagnostics.push_back(warning(
        place_of(a),
        fmt::format("{}: its hostnames are ignored for {}", name_of(*a.route), parent_text(a)),
        "mesh-hostnames", "match the header Host instead"));
    return;
  }
  for (const std::string& hostname : a.route->hostnames) {
    const bool used = std::ranges::any_of(a.sections, [&](const Attachment::Section& s) {
      return std::ranges::find(s.hosts, hostname, &Attachment::Host::own) != s.hosts.end();
    });
    if (!used)
      diagnostics.push_back(
          warning(place_of(a),
                  fmt::format("{}: hostname {} is ignored: no listener of {} serves it",
                              name_of(*a.route), hostname, parent_text(a)),
                  "hostname-ignored"));
  }
}

void check_namespace_labels(const RoutingTable& table, Diagnostics& diagnostics) {
  std::set<std::pair<const Listener*, std::string>> seen;
  for (const Attachment& a : table.attachments()) {
    const Gateway* gateway =
        a.role == Role::gateway ? table.index().gateway(parent_key(a.parent())) : nullptr;
    const std::string& ns = a.route->meta.namespace_;
    if (!gateway || table.index().has_namespace(ns)) continue;
    for (const Listener& listener : gateway->listeners)
      if (listener.allowed_routes.from == "Selector" && seen.insert({&listener, ns}).second)
        diagnostics.push_back(warning(
            known_place(listener.place, gateway->meta.place),
            fmt::format("Gateway {}: listener {} selects namespaces by label, and no manifest of "
                        "Namespace {} gives its labels",
                        gateway->meta.key(), listener.name, ns),
            "namespace-labels-unknown"));
  }
}

void check_listeners(const Resources& resources, Diagnostics& diagnostics) {
  for (const Gateway& gateway : resources.gateways)
    for (const Listener& listener : gateway.listeners) {
      const auto other = std::ranges::find_if(gateway.listeners, [&](const Listener& l) {
        return &l != &listener && listeners_conflict(l, listener);
      });
      if (other != gateway.listeners.end())
        diagnostics.push_back(warning(
            known_place(listener.place, gateway.meta.place),
            fmt::format("Gateway {}: listener {} is not served: it conflicts with listener {}",
                        gateway.meta.key(), listener.name, other->name),
            "conflicted-listener"));
    }
}

bool takes_everything(const HttpRoute& route) {
  return std::ranges::any_of(route.rules, [](const HttpRouteRule& rule) {
    return std::ranges::any_of(rule.matches, [](const HttpRouteMatch& m) {
      return m.path.type == PathMatchType::path_prefix && m.path.value == "/" &&
             m.headers.empty() && m.query_params.empty() && m.method.empty();
    });
  });
}

/// Routes on a Service replace its default routing: what no rule matches is rejected.
void check_unmatched(const RoutingTable& table, Diagnostics& diagnostics) {
  using Group = std::tuple<std::string, std::string>;  // Service, client namespace ("" producers)
  std::map<Group, std::map<int, std::vector<const Attachment*>>> groups;
  for (const Attachment& a : table.attachments())
    if (is_mesh(a))
      for (const Attachment::Section& s : a.sections)
        groups[{parent_key(a.parent()), a.role == Role::consumer ? a.route->meta.namespace_ : ""}]
              [s.port]
                  .push_back(&a);
  for (const auto& [group, ports] : groups)
    for (const auto& [port, routes] : ports) {
      const auto covers = [](const Attachment* a) { return takes_everything(*a->route); };
      const auto everywhere = ports.find(0);
      if (std::ranges::any_of(routes, covers) ||
          (everywhere != ports.end() && std::ranges::any_of(everywhere->second, covers)))
        continue;
      const auto& [service, client_namespace] = group;
      diagnostics.push_back(warning(
          place_of(*routes.front()),
          fmt::format(
              "{}: requests {}to Service {}{} that no rule matches get 404",
              name_of(*routes.front()->route),
              client_namespace.empty() ? "" : fmt::format("from namespace {} ", client_namespace),
              service, port == 0 ? "" : fmt::format(" port {}", port)),
          "unmatched-requests"));
    }
}

void check_policy_targets(const RoutingTable& table, const XBackendTrafficPolicy& policy,
                          Diagnostics& diagnostics) {
  for (const auto& target : policy.target_refs) {
    const std::string key = policy.meta.namespace_ + "/" + target.name;
    std::string why;
    if (!target.group.empty() || target.kind != "Service")
      why = fmt::format("target {} {} is not a Service", target.kind, target.name);
    else if (!table.options().assume_services_exist && !table.index().service(key))
      why = fmt::format("there is no Service {}", key);
    if (!why.empty())
      diagnostics.push_back(
          warning(known_place(target.place, policy.meta.place),
                  fmt::format("XBackendTrafficPolicy {}: {}: the policy does nothing there",
                              policy.meta.key(), why),
                  "policy-target"));
  }
}

void check_policies(const RoutingTable& table, Diagnostics& diagnostics) {
  for (const XBackendTrafficPolicy& policy : table.resources().backend_traffic_policies)
    check_policy_targets(table, policy, diagnostics);
  for (const auto& [service, policies] : policies_by_service(table.resources()))
    for (std::size_t i = 1; i < policies.size(); ++i) {
      const ObjectMeta& winner = policies.front()->meta;
      const ObjectMeta& loser = policies[i]->meta;
      const bool by_age = winner.creation_timestamp != loser.creation_timestamp;
      diagnostics.push_back(
          warning(loser.place,
                  fmt::format("XBackendTrafficPolicy {}: not applied to Service {}: "
                              "XBackendTrafficPolicy {} {}",
                              loser.key(), service, winner.key(),
                              by_age ? "is older" : "is as old and comes first by name"),
                  "policy-conflict"));
    }
}

}  // namespace

Diagnostics check_references(const RoutingTable& table) {
  Diagnostics diagnostics;
  for (const Attachment& a : table.attachments()) {
    if (!a.accepted) {
      check_rejected(a, diagnostics);
      continue;
    }
    check_section(table, a, diagnostics);
    check_hostnames(a, diagnostics);
  }
  check_namespace_labels(table, diagnostics);
  check_listeners(table.resources(), diagnostics);
  check_rules(table, diagnostics);
  check_unmatched(table, diagnostics);
  check_policies(table, diagnostics);
  return diagnostics;
}

Diagnostics check_references(const Resources& resources, const RoutingOptions& options) {
  return check_references(RoutingTable(resources, options));
}

}  // namespace spillway::model
