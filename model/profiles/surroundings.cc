#include "model/profiles/surroundings.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "model/profiles/istio/parents.h"

namespace spillway::model {
namespace {

/// Ports by "ns/name", in order of the names.
using Named = std::map<std::pair<std::string, std::string>, std::set<int>>;

void add(Named& services, const BackendObjectReference& ref) {
  if (!ref.group.empty() || ref.kind != "Service") return;
  auto& ports = services[{ref.namespace_, ref.name}];
  if (ref.port) ports.insert(*ref.port);
}

void add_filters(Named& services, const std::vector<HttpRouteFilter>& filters) {
  for (const HttpRouteFilter& filter : filters)
    if (const auto* mirror = std::get_if<RequestMirrorFilter>(&filter.filter))
      add(services, mirror->backend_ref);
}

Named named_services(const Resources& resources) {
  Named services;
  for (const HttpRoute& route : resources.http_routes) {
    for (const ParentReference& parent : route.parent_refs) {
      if (!parent.group.empty() || parent.kind != "Service") continue;
      auto& ports = services[{parent.namespace_, parent.name}];
      if (parent.port) ports.insert(*parent.port);
    }
    for (const HttpRouteRule& rule : route.rules) {
      add_filters(services, rule.filters);
      for (const HttpBackendRef& backend : rule.backend_refs) add(services, backend.ref);
    }
  }
  for (const XBackendTrafficPolicy& policy : resources.backend_traffic_policies)
    for (const auto& target : policy.target_refs)
      if (target.group.empty() && target.kind == "Service")
        services[{policy.meta.namespace_, target.name}];
  return services;
}

void assume_services(Resources& resources, std::vector<Assumption>& assumptions) {
  if (!resources.services.empty()) return;
  for (const auto& [name, ports] : named_services(resources)) {
    KubeService service;
    service.meta.namespace_ = name.first;
    service.meta.name = name.second;
    for (const int port : ports.empty() ? std::set<int>{80} : ports) {
      ServicePort& own = service.ports.emplace_back();
      own.port = port;
      if (ports.size() > 1) own.name = fmt::format("port-{}", port);
    }
    assume(assumptions, "services", service.meta.key(),
           "routes name it and no file holds Services");
    resources.services.push_back(std::move(service));
  }
}

void assume_gateways(Resources& resources, std::vector<Assumption>& assumptions) {
  if (!resources.gateways.empty()) return;
  std::set<std::pair<std::string, std::string>> names;
  for (const HttpRoute& route : resources.http_routes)
    for (const ParentReference& parent : route.parent_refs)
      if (parent.group == kGatewayGroup && parent.kind == "Gateway")
        names.insert({parent.namespace_, parent.name});
  for (const auto& [ns, name] : names) {
    Gateway gateway;
    gateway.meta.namespace_ = ns;
    gateway.meta.name = name;
    Listener& listener = gateway.listeners.emplace_back();
    listener.name = "http";
    listener.port = 80;
    listener.protocol = "HTTP";
    listener.allowed_routes.from = "All";
    assume(assumptions, "gateways", gateway.meta.key(),
           "routes name it and no file holds Gateways");
    resources.gateways.push_back(std::move(gateway));
  }
}

/// All Gateways become ones of this class.
void take_gateways(Resources& resources, std::string_view name, std::string_view controller,
                   std::vector<Assumption>& assumptions) {
  const auto is_own = [&](const Gateway& gateway) {
    for (const GatewayClass& one : resources.gateway_classes)
      if (one.meta.name == gateway.gateway_class_name) return one.controller_name == controller;
    return gateway.gateway_class_name == name;
  };
  for (Gateway& gateway : resources.gateways) {
    if (is_own(gateway)) continue;
    if (!gateway.gateway_class_name.empty())
      assume(
          assumptions, "gatewayClass", fmt::format("{}: {}", gateway.meta.key(), name),
          fmt::format("its class \"{}\" is not one of the profile's", gateway.gateway_class_name));
    gateway.gateway_class_name = name;
    std::erase_if(resources.gateway_classes,
                  [&](const GatewayClass& one) { return one.meta.name == name; });
  }
}

void take_gateways_for_istio(Resources& resources, std::vector<Assumption>& assumptions) {
  for (Gateway& gateway : resources.gateways) {
    if (istio::is_waypoint(gateway, resources) || istio::is_ingress_gateway(gateway, resources))
      continue;
    if (!gateway.gateway_class_name.empty())
      assume(assumptions, "gatewayClass", fmt::format("{}: istio", gateway.meta.key()),
             fmt::format("its class \"{}\" is not one of Istio's", gateway.gateway_class_name));
    gateway.gateway_class_name = "istio";
    std::erase_if(resources.gateway_classes,
                  [](const GatewayClass& one) { return one.meta.name == "istio"; });
  }
}

bool speaks_of_waypoints(const Resources& resources) {
  const auto labelled = [](const auto& object) {
    return object.meta.labels.contains("istio.io/use-waypoint");
  };
  return std::ranges::any_of(resources.services, labelled) ||
         std::ranges::any_of(resources.namespaces, labelled) ||
         std::ranges::any_of(resources.gateways, [&](const Gateway& gateway) {
           return istio::is_waypoint(gateway, resources);
         });
}

void assume_waypoints(Resources& resources, std::vector<Assumption>& assumptions) {
  if (speaks_of_waypoints(resources)) return;
  std::set<std::string> namespaces;
  for (KubeService& service : resources.services) {
    namespaces.insert(service.meta.namespace_);
    service.meta.labels["istio.io/use-waypoint"] = "waypoint";
  }
  for (const std::string& ns : namespaces) {
    Gateway waypoint;
    waypoint.meta.name = "waypoint";
    waypoint.meta.namespace_ = ns;
    waypoint.gateway_class_name = "istio-waypoint";
    Listener& listener = waypoint.listeners.emplace_back();
    listener.name = "mesh";
    listener.port = 15008;
    listener.protocol = "HBONE";
    resources.gateways.push_back(std::move(waypoint));
    assume(assumptions, "waypoint", ns + "/waypoint",
           "no manifest speaks of a waypoint, so every namespace has one for its Services");
  }
}

}  // namespace

void assume_referenced(Resources& resources, std::vector<Assumption>& assumptions) {
  assume_services(resources, assumptions);
  assume_gateways(resources, assumptions);
}

void assume_own(std::string_view profile, Resources& resources,
                std::vector<Assumption>& assumptions) {
  if (profile.starts_with("istio-")) take_gateways_for_istio(resources, assumptions);
  if (profile == "istio-ambient") assume_waypoints(resources, assumptions);
  if (profile == "cilium")
    take_gateways(resources, "cilium", "io.cilium/gateway-controller", assumptions);
  if (profile == "kgateway")
    take_gateways(resources, "kgateway", "kgateway.dev/kgateway", assumptions);
}

}  // namespace spillway::model
