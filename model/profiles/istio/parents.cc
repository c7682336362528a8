#include "model/profiles/istio/parents.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "model/gateway/match.h"
#include "model/profiles/istio/http_routes.h"
#include "model/profiles/istio/names.h"

namespace spillway::model::istio {
namespace {

constexpr std::string_view kMissingLabel =
    "istio.io/use-waypoint label missing from parent and parent namespace; in ambient mode, route "
    "will not be respected";

struct Denial {
  std::string reason;
  std::string message;
};

/// One parentRef at one listener, or at a Service.
struct Binding {
  const ParentReference* parent = nullptr;
  const Gateway* gateway = nullptr;
  const Listener* listener = nullptr;  ///< null: a Service
  std::optional<Denial> denied;
  std::string waypoint_message = "All waypoints resolved";

  bool mesh() const { return !listener; }
};

const std::string* label(const std::map<std::string, std::string>& labels, const char* name) {
  const auto found = labels.find(name);
  return found == labels.end() ? nullptr : &found->second;
}

bool asks_for_waypoint(const std::map<std::string, std::string>& labels) {
  const std::string* name = label(labels, "istio.io/use-waypoint");
  return name && !name->empty() && *name != "none" && *name != "None";
}

std::vector<std::string> hosts_of(const model::HttpRoute& route) {
  return route.hostnames.empty() ? std::vector<std::string>{"*"} : route.hostnames;
}

std::string listener_host(const Listener& listener) {
  return listener.hostname.empty() ? "*" : listener.hostname;
}

bool allows_kind(const Listener& listener, const std::string& kind) {
  if (listener.protocol != "HTTP" && listener.protocol != "HTTPS") return false;
  const auto& kinds = listener.allowed_routes.kinds;
  return kinds.empty() || std::ranges::any_of(kinds, [&](const AllowedRoutes::GroupKind& k) {
           return k.kind == kind && k.group == kGatewayGroup;
         });
}

std::optional<Denial> denial(const model::HttpRoute& route, const ParentReference& parent,
                             const Gateway& gateway, const Listener& listener,
                             const ResourceIndex& index) {
  if (parent.port && *parent.port != listener.port)
    return Denial{"NoMatchingParent", fmt::format("port {} not found", *parent.port)};
  if (!parent.section_name.empty() && parent.section_name != listener.name)
    return Denial{"NoMatchingParent",
                  fmt::format("sectionName \"{}\" not found", parent.section_name)};
  const std::string host = listener_host(listener);
  const bool overlaps = std::ranges::any_of(
      hosts_of(route), [&](const std::string& own) { return hosts_overlap(host, own); });
  if (!overlaps)
    return Denial{"NoMatchingListenerHostname",
                  fmt::format("no hostnames matched parent hostname \"{}\"", listener.hostname)};
  if (!admits(gateway, listener, route.meta.namespace_, index))
    return Denial{"NotAllowedByListeners",
                  fmt::format("hostnames matched parent hostname \"{}\", but namespace \"{}\" is "
                              "not allowed by the parent",
                              listener.hostname, route.meta.namespace_)};
  if (!allows_kind(listener, route.kind))
    return Denial{"NotAllowedByListeners",
                  fmt::format("kind {}/v1/{} is not allowed", kGatewayGroup, route.kind)};
  return std::nullopt;
}

Binding service_binding(const ParentReference& parent, const ResourceIndex& index) {
  Binding binding;
  binding.parent = &parent;
  const KubeService* service = index.service(parent.namespace_ + "/" + parent.name);
  if (!service) {
    binding.denied = {"NoMatchingParent",
                      fmt::format("parent service: \"{}\" not found", parent.name)};
    binding.waypoint_message = "parent not found";
  } else if (!asks_for_waypoint(service->meta.labels) &&
             !asks_for_waypoint(index.namespace_labels(service->meta.namespace_))) {
    binding.waypoint_message = kMissingLabel;
  }
  return binding;
}

std::vector<Binding> bindings_of(const model::HttpRoute& route, const Resources& resources,
                                 const ResourceIndex& index) {
  std::vector<Binding> bindings;
  for (const ParentReference& parent : route.parent_refs) {
    if (parent.group.empty() && parent.kind == "Service")
      bindings.push_back(service_binding(parent, index));
    if (parent.group != kGatewayGroup || parent.kind != "Gateway") continue;
    const Gateway* gateway = index.gateway(parent.namespace_ + "/" + parent.name);
    if (!gateway || !is_ingress_gateway(*gateway, resources)) continue;
    for (const Listener& listener : gateway->listeners) {
      Binding& binding = bindings.emplace_back();
      binding.parent = &parent;
      binding.gateway = gateway;
      binding.listener = &listener;
      binding.denied = denial(route, parent, *gateway, listener, index);
    }
  }
  return bindings;
}

int severity(const Binding& binding) {
  if (!binding.denied) return 0;
  if (binding.denied->reason == "NotAllowedByListeners") return 1;
  return binding.denied->reason == "NoMatchingListenerHostname" ? 2 : 3;
}

/// All listeners of one parentRef have one condition: the best that one of them says.
void add_conditions(const model::HttpRoute& route, const std::vector<const Binding*>& bindings,
                    const std::optional<ConfigError>& error, std::vector<Condition>& to) {
  const Binding* best = bindings.front();
  for (const Binding* b : bindings)
    if (severity(*b) < severity(*best)) best = b;
  std::string message;
  for (const Binding* b : bindings)
    if (b->denied && severity(*b) == severity(*best))
      message += (message.empty() ? "" : "; ") + b->denied->message;
  const auto accepted =
      std::ranges::count_if(bindings, [](const Binding* b) { return !b->denied; });
  if (!best->denied)
    message = accepted > 1 ? fmt::format("Route was valid, bound to {} parents", accepted)
                           : "Route was valid";
  const auto add = [&](std::string type, bool status, std::string reason, std::string text) {
    to.push_back({route.meta.key(), "", best->parent, nullptr, std::move(type), status,
                  std::move(reason), std::move(text)});
  };
  add("Accepted", !best->denied, best->denied ? best->denied->reason : "Accepted", message);
  add("ResolvedRefs", !error, error ? error->reason : "ResolvedRefs",
      error ? error->message : "All references resolved");
  add("ResolvedWaypoints", true, "ResolvedWaypoints", best->waypoint_message);
}

/// Where a listener is a wildcard, requests for hosts that another listener of its port names more
/// exactly are that listener's.
bool isolated(const Binding& binding, const std::string& host) {
  const std::string& own = binding.listener->hostname;
  if (!own.empty() && !is_wildcard_host(own)) return true;
  if (!own.empty() && !hosts_overlap(host, own)) return false;
  return std::ranges::none_of(binding.gateway->listeners, [&](const Listener& other) {
    return &other != binding.listener && other.port == binding.listener->port &&
           other.protocol == binding.listener->protocol && other.hostname != own &&
           own.size() <= other.hostname.size() && is_subset_host(host, other.hostname);
  });
}

struct Keyed {
  std::string key;
  RouteSet routes;
};

void add_mesh_routes(const model::HttpRoute& route, const Binding& binding,
                     std::vector<HttpRoute> http, std::vector<Keyed>& to) {
  std::string key = route.kind + "/" + route.meta.namespace_;
  if (binding.parent->port) {
    for (HttpRoute& each : http)
      for (HttpMatchRequest& match : each.match) match.port = *binding.parent->port;
    key += fmt::format("/{}", *binding.parent->port);
  }
  const std::string host = service_host(binding.parent->namespace_, binding.parent->name);
  to.push_back({key + "/" + host, {route.meta, {host}, {"mesh"}, std::move(http), {}, true}});
}

void add_listener_routes(const model::HttpRoute& route, const Binding& binding,
                         const std::vector<HttpRoute>& http, std::vector<Keyed>& to) {
  const std::string name = listener_name(*binding.gateway, *binding.listener);
  for (const std::string& host : hosts_of(route))
    if (isolated(binding, host))
      to.push_back(
          {route.kind + "/" + name + "/" + host, {route.meta, {host}, {name}, http, {}, true}});
}

/// Routes of one key are one list: oldest first, then by precedence.
std::vector<RouteSet> merged(std::vector<Keyed> all) {
  std::ranges::stable_sort(
      all, [](const Keyed& a, const Keyed& b) { return is_older(a.routes.meta, b.routes.meta); });
  std::vector<RouteSet> sets;
  std::map<std::string, std::size_t> by_key;
  for (Keyed& each : all) {
    const auto [found, fresh] = by_key.try_emplace(each.key, sets.size());
    if (fresh) {
      sets.push_back(std::move(each.routes));
      continue;
    }
    auto& http = sets[found->second].http;
    http.insert(http.end(), each.routes.http.begin(), each.routes.http.end());
  }
  for (RouteSet& set : sets) sort_by_precedence(set.http);
  return sets;
}

}  // namespace

Attached attach_routes(const Resources& resources, const ResourceIndex& index,
                       const Behavior& behavior) {
  Attached attached;
  std::vector<Keyed> keyed;
  for (const model::HttpRoute& route : resources.http_routes) {
    const std::vector<Binding> bindings = bindings_of(route, resources, index);
    std::optional<ConvertedRoute> results[2];  // of its listeners, of its Services
    std::vector<std::pair<const ParentReference*, std::vector<const Binding*>>> by_parent;
    for (const Binding& binding : bindings) {
      auto& result = results[binding.mesh() ? 1 : 0];
      if (!result) result = convert(route, binding.mesh(), index, behavior);
      if (by_parent.empty() || by_parent.back().first != binding.parent)
        by_parent.push_back({binding.parent, {}});
      by_parent.back().second.push_back(&binding);
      if (binding.denied || result->routes.empty()) continue;
      if (binding.mesh())
        add_mesh_routes(route, binding, result->routes, keyed);
      else
        add_listener_routes(route, binding, result->routes, keyed);
    }
    for (const auto& [parent, group] : by_parent)
      add_conditions(route, group, results[group.front()->mesh() ? 1 : 0]->error,
                     attached.conditions);
  }
  attached.route_sets = merged(std::move(keyed));
  return attached;
}

std::vector<Condition> policy_conditions(const Resources& resources, const ResourceIndex& index) {
  std::vector<Condition> conditions;
  for (const XBackendTrafficPolicy& policy : resources.backend_traffic_policies)
    for (const auto& target : policy.target_refs) {
      Condition condition{"",         policy.meta.key(),       nullptr, &target, "Accepted", true,
                          "Accepted", "Configuration is valid"};
      if (policy.session_persistence)
        condition.message +=
            ", but Istio does not support the following fields: sessionPersistence";
      const std::string key = policy.meta.namespace_ + "/" + target.name;
      const bool is_service = target.group.empty() && target.kind == "Service";
      if (!is_service || !index.service(key)) {
        condition.status = false;
        condition.reason = "TargetNotFound";
        condition.message =
            is_service
                ? fmt::format("targetRefs invalid: reference {} (of kind Service) not found", key)
                : fmt::format("targetRefs invalid: unsupported kind {}", target.kind);
      }
      conditions.push_back(std::move(condition));
    }
  return conditions;
}

namespace {

std::string_view controller_of(const std::string& name, const Resources& resources) {
  const auto found = std::ranges::find(resources.gateway_classes, name,
                                       [](const GatewayClass& c) { return c.meta.name; });
  if (found != resources.gateway_classes.end()) return found->controller_name;
  if (name == "istio") return "istio.io/gateway-controller";
  return name == "istio-waypoint" ? "istio.io/mesh-controller" : "";
}

}  // namespace

bool is_ingress_gateway(const Gateway& gateway, const Resources& resources) {
  return controller_of(gateway.gateway_class_name, resources) == "istio.io/gateway-controller";
}

bool is_waypoint(const Gateway& gateway, const Resources& resources) {
  return gateway.gateway_class_name == "istio-waypoint" &&
         controller_of(gateway.gateway_class_name, resources) == "istio.io/mesh-controller";
}

std::string listener_name(const Gateway& gateway, const Listener& listener) {
  return fmt::format("{}/{}-istio-autogenerated-k8s-gateway-{}", gateway.meta.namespace_,
                     gateway.meta.name, listener.name);
}

bool admits(const Gateway& gateway, const Listener& listener, const std::string& ns,
            const ResourceIndex& index) {
  const AllowedRoutes& allowed = listener.allowed_routes;
  if (allowed.from == "All") return true;
  if (allowed.from == "Selector") return allowed.selector.matches(index.namespace_labels(ns));
  return ns == gateway.meta.namespace_;
}

std::string waypoint_of(const KubeService& service, const ResourceIndex& index) {
  const auto named_by = [&](const std::map<std::string, std::string>& labels) -> std::string {
    const std::string* name = label(labels, "istio.io/use-waypoint");
    if (!name || name->empty()) return "";
    const std::string* ns = label(labels, "istio.io/use-waypoint-namespace");
    return (ns && !ns->empty() ? *ns : service.meta.namespace_) + "/" + *name;
  };
  std::string own = named_by(service.meta.labels);
  if (own.empty()) own = named_by(index.namespace_labels(service.meta.namespace_));
  return own.ends_with("/none") ? "" : own;
}

}  // namespace spillway::model::istio
