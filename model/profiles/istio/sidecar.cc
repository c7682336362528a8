#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "model/profiles/istio/clusters.h"
#include "model/profiles/istio/control_plane.h"
#include "model/profiles/istio/names.h"

namespace spillway::model::istio {
namespace {

const ServicePort* port_of(const KubeService& service, int port) {
  const auto found = std::ranges::find(service.ports, port, &ServicePort::port);
  return found == service.ports.end() ? nullptr : &*found;
}

/// All names that a client in `ns` may use for a Service (pilot/pkg/networking/core/httproute.go).
std::vector<std::string> domains_of(const KubeService& service, const std::string& host,
                                    std::string_view ns) {
  const std::string& name = service.meta.name;
  const std::string qualified = name + "." + service.meta.namespace_;
  std::vector<std::string> domains{host, host + "."};
  if (service.meta.namespace_ == ns)
    domains.insert(domains.end(), {name, qualified + ".svc", qualified});
  else
    domains.insert(domains.end(), {qualified, qualified + ".svc"});
  if (service.cluster_ip == "None")
    for (std::size_t i = 0, n = domains.size(); i < n; ++i) domains.push_back("*." + domains[i]);
  else if (!service.cluster_ip.empty())
    domains.push_back(service.cluster_ip);
  return domains;
}

envoy::VirtualHost virtual_host(std::string_view host, int port, std::vector<std::string> domains,
                                std::vector<envoy::Route> routes) {
  return {fmt::format("{}:{}", host, port), std::move(domains), std::move(routes), true, {}};
}

}  // namespace

/// The one set whose wildcard stands for the Service: none where any names it exactly.
const RouteSet* ControlPlane::claimed_by_wildcard(const Service& of,
                                                  const std::vector<const RouteSet*>& sets) const {
  const RouteSet* best = nullptr;
  std::size_t length = 0;
  for (const RouteSet* set : sets)
    for (const std::string& host : set->hosts) {
      if (host == of.host) return nullptr;
      if (set->gateway_semantics || !is_wildcard_host(host) || !is_subset_host(of.host, host) ||
          (best && host.size() <= length))
        continue;
      best = set;
      length = host.size();
    }
  return best;
}

/// Of the sets that name a Service the first that has routes for the port serves it alone; Services
/// without one keep their default route.
std::vector<envoy::VirtualHost> ControlPlane::sidecar_virtual_hosts(const Proxy& proxy,
                                                                    int port) const {
  std::vector<envoy::VirtualHost> hosts;
  std::vector<const Service*> here;
  for (const Service& each : services_)
    if (port_of(*each.object, port)) here.push_back(&each);
  std::set<std::string> taken;
  RouteContext context = this->context(proxy, port);
  context.cluster = [&](const Destination& d) { return outbound_destination(d, port, false); };
  const std::vector<const RouteSet*> sets = visible_route_sets(proxy.ns, "mesh");
  std::map<const Service*, const RouteSet*> claims;
  for (const Service* each : here) claims[each] = claimed_by_wildcard(*each, sets);
  for (const RouteSet* set : sets) {
    const std::vector<envoy::Route> routes = translate(*set, context);
    if (routes.empty()) continue;
    std::vector<const Service*> matched;
    for (const Service* each : here) {
      const bool named = std::ranges::find(set->hosts, each->host) != set->hosts.end();
      const bool allowed = !set->gateway_semantics || set->meta.namespace_ == proxy.ns ||
                           set->meta.namespace_ == each->object->meta.namespace_;
      if (allowed && (named || claims[each] == set)) matched.push_back(each);
    }
    const bool has_http = std::ranges::any_of(matched, [&](const Service* each) {
      return has_routes(port_protocol(*port_of(*each->object, port)));
    });
    if (!set->gateway_semantics && (has_http || port == 80))
      for (const std::string& host : set->hosts) {
        const bool known = std::ranges::any_of(
            here, [&](const Service* each) { return hosts_overlap(host, each->host); });
        if (!known && taken.insert(host).second)
          hosts.push_back(virtual_host(host, port, {host}, routes));
      }
    for (const Service* each : matched)
      if (has_routes(port_protocol(*port_of(*each->object, port))) &&
          taken.insert(each->host).second)
        hosts.push_back(virtual_host(each->host, port,
                                     domains_of(*each->object, each->host, proxy.ns), routes));
  }
  for (const Service* each : here) {
    if (each->object->type == "ExternalName" || taken.contains(each->host) ||
        !has_routes(port_protocol(*port_of(*each->object, port))))
      continue;
    hosts.push_back(virtual_host(each->host, port, domains_of(*each->object, each->host, proxy.ns),
                                 {default_route(cluster_name("outbound", port, "", each->host),
                                                mesh_, hash_of_port(proxy, *each, port))}));
  }
  return hosts;
}

/// A port that only speaks HTTP has one route configuration for all its Services; a sniffed one has
/// a listener, and so a configuration, for each.
void ControlPlane::add_listen_port(const Proxy& proxy, int port, envoy::ProxyConfig& to) const {
  std::vector<envoy::VirtualHost> hosts = sidecar_virtual_hosts(proxy, port);
  bool shared = false;
  for (const Service& each : services_) {
    const ServicePort* own = port_of(*each.object, port);
    if (!own || each.object->type == "ExternalName") continue;
    const Protocol protocol = port_protocol(*own);
    shared = shared || is_http(protocol);
    if (protocol != Protocol::sniffed) continue;
    const std::string name = fmt::format("{}:{}", each.host, port);
    const auto host = std::ranges::find(hosts, name, &envoy::VirtualHost::name);
    if (host == hosts.end()) continue;
    to.route_configs.push_back({name, {*host}, {}});
    to.route_configs.back().virtual_hosts[0].domains = {"*"};
  }
  if (shared) to.route_configs.push_back({std::to_string(port), std::move(hosts), {}});
}

std::vector<int> ControlPlane::listen_ports() const {
  std::set<int> ports;
  for (const Service& each : services_)
    for (const ServicePort& port : each.object->ports)
      if (has_routes(port_protocol(port))) ports.insert(port.port);
  return {ports.begin(), ports.end()};
}

envoy::ProxyConfig ControlPlane::sidecar(std::string_view client_namespace,
                                         const Labels& labels) const {
  const Proxy proxy{client_namespace, &labels};
  envoy::ProxyConfig config;
  for (const int port : listen_ports()) add_listen_port(proxy, port, config);
  for (const Service& each : services_) add_outbound_clusters(proxy, each, config);
  return config;
}

envoy::ProxyConfig ControlPlane::server_sidecar(const KubeService& of) const {
  static const Labels kNone;
  const Proxy proxy{of.meta.namespace_, &kNone};
  const Service own{&of, service_host(of.meta.namespace_, of.meta.name)};
  const MergedRule* rule = rule_of(proxy, own);
  envoy::ProxyConfig config;
  for (const ServicePort& port : of.ports) {
    const Protocol protocol = port_protocol(port);
    if (protocol == Protocol::udp) continue;
    const int* target = std::get_if<int>(&port.target_port);
    const std::string name =
        cluster_name("inbound", target && *target != 0 ? *target : port.port, "", "");
    config.clusters.push_back(
        inbound_cluster(name, {&of, &port, ""}, port_policy(rule, port.port), mesh_, behavior_));
    if (!has_routes(protocol)) continue;
    envoy::VirtualHost host{fmt::format("inbound|http|{}", port.port),
                            {"*"},
                            {inbound_route(name, mesh_, protocol == Protocol::grpc)},
                            false, {}};
    config.route_configs.push_back({name, {std::move(host)}, {}});
  }
  return config;
}

}  // namespace spillway::model::istio
