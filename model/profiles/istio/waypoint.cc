#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "model/profiles/istio/control_plane.h"
#include "model/profiles/istio/names.h"

namespace spillway::model::istio {
namespace {

const ControlPlane::Labels kNoLabels;

/// The protocol that stands before the subset in the names of a waypoint's clusters.
std::string_view protocol_prefix(const KubeService* service, int port) {
  if (!service) return "http";
  const auto found = std::ranges::find(service->ports, port, &ServicePort::port);
  return found == service->ports.end() || has_routes(port_protocol(*found)) ? "http" : "tcp";
}

bool is_for_services(const Gateway& waypoint) {
  const auto label = waypoint.meta.labels.find("istio.io/waypoint-for");
  return label == waypoint.meta.labels.end() || label->second == "service" ||
         label->second == "all";
}

}  // namespace

bool ControlPlane::serves(const Gateway& waypoint, const KubeService& of) const {
  if (!is_for_services(waypoint) || waypoint_of(of, index_) != waypoint.meta.key()) return false;
  return std::ranges::any_of(waypoint.listeners, [&](const Listener& listener) {
    return admits(waypoint, listener, of.meta.namespace_, index_);
  });
}

std::vector<const ControlPlane::Service*> ControlPlane::served_by(const Gateway& waypoint) const {
  std::vector<const Service*> served;
  for (const Service& each : services_)
    if (serves(waypoint, *each.object)) served.push_back(&each);
  return served;
}

/// Routes of the waypoint's own namespace and of the Service's follow one another; every list ends
/// at its own first route that takes everything
/// (pilot/pkg/networking/core/listener_waypoint.go).
void ControlPlane::add_waypoint_port(const Proxy& proxy, const Gateway& waypoint, const Service& of,
                                     const ServicePort& port, envoy::ProxyConfig& to) const {
  RouteContext context = this->context(proxy, port.port);
  context.source_labels = false;
  context.cluster = [&](const Destination& d) -> std::string {
    if (d.host.empty()) return "UnknownService";
    const Service* target = service(d.host);
    int number = d.port.value_or(port.port);
    if (!d.port && target && target->object->ports.size() == 1)
      number = target->object->ports[0].port;
    if (target && !serves(waypoint, *target->object))
      return cluster_name("outbound", number, d.subset, d.host);
    std::string subset(protocol_prefix(target ? target->object : nullptr, number));
    if (!d.subset.empty()) subset += "/" + d.subset;
    return cluster_name("inbound-vip", number, subset, d.host);
  };
  std::vector<envoy::Route> routes;
  for (const RouteSet* set : visible_route_sets(proxy.ns, "mesh")) {
    if (set->meta.namespace_ != proxy.ns && set->meta.namespace_ != of.object->meta.namespace_)
      continue;
    const bool named = std::ranges::any_of(
        set->hosts, [&](const std::string& host) { return hosts_overlap(host, of.host); });
    if (!named) continue;
    for (envoy::Route& route : translate(*set, context)) routes.push_back(std::move(route));
  }
  const std::string name = cluster_name("inbound-vip", port.port, "http", of.host);
  if (routes.empty())
    routes.push_back(behavior_.waypoint_default_retries
                         ? default_route(name, mesh_, hash_of_port(proxy, of, port.port))
                         : inbound_route(name, mesh_, port_protocol(port) == Protocol::grpc));
  envoy::VirtualHost host{
      fmt::format("inbound|http|{}", port.port), {"*"}, std::move(routes), false, {}};
  to.route_configs.push_back({name, {std::move(host)}, {}});
}

/// Services that routes of the served ones lead to are reached directly.
void ControlPlane::add_referenced(const Proxy& proxy, const Gateway& waypoint,
                                  const std::vector<const Service*>& served,
                                  envoy::ProxyConfig& to) const {
  std::set<std::string> referenced;
  for (const RouteSet& set : route_sets_) {
    const bool of_served = std::ranges::any_of(served, [&](const Service* each) {
      return std::ranges::find(set.hosts, each->host) != set.hosts.end();
    });
    if (!of_served || std::ranges::find(set.gateways, "mesh") == set.gateways.end()) continue;
    for (const HttpRoute& http : set.http) {
      for (const HttpRouteDestination& d : http.route) referenced.insert(d.destination.host);
      for (const HttpMirrorPolicy& mirror : http.mirrors)
        referenced.insert(mirror.destination.host);
    }
  }
  for (const std::string& host : referenced) {
    const Service* target = service(host);
    if (target && !serves(waypoint, *target->object)) add_outbound_clusters(proxy, *target, to);
  }
}

envoy::ProxyConfig ControlPlane::waypoint(const Gateway& waypoint) const {
  const Proxy proxy{waypoint.meta.namespace_, &kNoLabels};
  const std::vector<const Service*> served = served_by(waypoint);
  envoy::ProxyConfig config;
  for (const Service* each : served)
    for (const ServicePort& port : each->object->ports) {
      const Protocol protocol = port_protocol(port);
      if (protocol == Protocol::tcp || protocol == Protocol::sniffed)
        add_clusters(proxy, *each, "inbound-vip", "tcp", port, config);
      if (!has_routes(protocol)) continue;
      add_clusters(proxy, *each, "inbound-vip", "http", port, config);
      add_waypoint_port(proxy, waypoint, *each, port, config);
    }
  add_referenced(proxy, waypoint, served, config);
  return config;
}

}  // namespace spillway::model::istio
