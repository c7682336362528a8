#include "model/profiles/istio/control_plane.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "model/profiles/istio/clusters.h"
#include "model/profiles/istio/names.h"

namespace spillway::model::istio {
namespace {

void resolve_gateway(std::string& name, const std::string& ns) {
  if (name != "mesh" && name.find('/') == std::string::npos) name.insert(0, ns + "/");
}

RouteSet user_routes(const VirtualService& own) {
  const std::string& ns = own.meta.namespace_;
  RouteSet set{own.meta, {}, own.gateways, own.http, own.export_to, false};
  if (set.gateways.empty()) set.gateways.emplace_back("mesh");
  for (std::string& gateway : set.gateways) resolve_gateway(gateway, ns);
  for (const std::string& host : own.hosts) set.hosts.push_back(resolve_host(host, ns));
  for (HttpRoute& http : set.http) {
    for (HttpMatchRequest& match : http.match)
      for (std::string& gateway : match.gateways) resolve_gateway(gateway, ns);
    for (HttpRouteDestination& d : http.route)
      d.destination.host = resolve_host(d.destination.host, ns);
    for (HttpMirrorPolicy& mirror : http.mirrors)
      mirror.destination.host = resolve_host(mirror.destination.host, ns);
  }
  return set;
}

/// Oldest first; objects that were never applied come last.
bool older(const RouteSet& a, const RouteSet& b) {
  const auto key = [](const RouteSet& set) {
    const std::string& time = set.meta.creation_timestamp;
    return std::tuple(time.empty(), std::string_view(time), std::string_view(set.meta.name),
                      std::string_view(set.meta.namespace_));
  };
  return key(a) < key(b);
}

bool includes(const std::vector<std::string>& values, std::string_view value) {
  return std::ranges::find(values, value) != values.end();
}

enum class Audience { own, named, all, none };

Audience audience(const RouteSet& set, std::string_view ns) {
  if (set.export_to.empty() || includes(set.export_to, "*")) return Audience::all;
  if (set.meta.namespace_ == ns && (includes(set.export_to, ".") || includes(set.export_to, ns)))
    return Audience::own;
  return includes(set.export_to, ns) ? Audience::named : Audience::none;
}

const ConsistentHash* hash_in(const std::optional<LoadBalancerSettings>& balancer) {
  return balancer && balancer->consistent_hash ? &*balancer->consistent_hash : nullptr;
}

const ConsistentHash* hash_at_port(const TrafficPolicy& policy, std::optional<int> port) {
  for (const TrafficPolicy::PortSettings& own : policy.port_level_settings)
    if (port && own.port == *port) return hash_in(own.load_balancer);
  return nullptr;
}

}  // namespace

ControlPlane::ControlPlane(const Resources& resources, ControlPlaneOptions options)
    : resources_(&resources),
      index_(resources),
      mesh_(resources.mesh_config.value_or(MeshConfig{})),
      behavior_(options.behavior ? *options.behavior : behavior(options.version)),
      reads_alpha_(options.alpha_gateway_api),
      rules_(resources, options.alpha_gateway_api, mesh_.root_namespace) {
  for (const KubeService& each : resources.services)
    services_.push_back({&each, service_host(each.meta.namespace_, each.meta.name)});
  Attached attached = attach_routes(resources, index_, behavior_);
  route_sets_ = std::move(attached.route_sets);
  conditions_ = std::move(attached.conditions);
  for (const VirtualService& own : resources.virtual_services)
    route_sets_.push_back(user_routes(own));
  std::ranges::stable_sort(route_sets_, older);
  if (!options.alpha_gateway_api) return;
  for (Condition& condition : policy_conditions(resources, index_))
    conditions_.push_back(std::move(condition));
}

const ControlPlane::Service* ControlPlane::service(std::string_view host) const {
  const auto found = std::ranges::find(services_, host, &Service::host);
  return found == services_.end() ? nullptr : &*found;
}

/// A proxy of namespace `ns` sees what is private to it first, then what names it, then the rest;
/// in each, HTTPRoutes of its own namespace first, then the oldest
/// (pilot/pkg/model/virtualservice.go, SelectVirtualServices).
std::vector<const RouteSet*> ControlPlane::visible_route_sets(std::string_view ns,
                                                              std::string_view gateway) const {
  std::vector<const RouteSet*> visible;
  for (const Audience wanted : {Audience::own, Audience::named, Audience::all})
    for (const bool own_route : {true, false})
      for (const RouteSet& set : route_sets_)
        if (includes(set.gateways, gateway) && audience(set, ns) == wanted &&
            (set.gateway_semantics && set.meta.namespace_ == ns) == own_route)
          visible.push_back(&set);
  return visible;
}

const MergedRule* ControlPlane::rule_of(const Proxy& proxy, const Service& of) const {
  return rules_.find(proxy.ns, *proxy.labels, of.host, of.object->meta.namespace_);
}

const ConsistentHash* ControlPlane::hash_of(const Proxy& proxy,
                                            const Destination& destination) const {
  const Service* to = service(destination.host);
  const MergedRule* rule = to ? rule_of(proxy, *to) : nullptr;
  if (!rule) return nullptr;
  for (const Subset& subset : rule->subsets) {
    if (subset.name != destination.subset || !subset.traffic_policy) continue;
    if (const auto* hash = hash_at_port(*subset.traffic_policy, destination.port)) return hash;
    if (const auto* hash = hash_in(subset.traffic_policy->load_balancer)) return hash;
  }
  if (!rule->policy) return nullptr;
  if (const auto* hash = hash_at_port(*rule->policy, destination.port)) return hash;
  return hash_in(rule->policy->load_balancer);
}

const ConsistentHash* ControlPlane::hash_of_port(const Proxy& proxy, const Service& of,
                                                 int port) const {
  return hash_of(proxy, {of.host, "", port});
}

RouteContext ControlPlane::context(const Proxy& proxy, int port) const {
  RouteContext context;
  context.listen_port = port;
  context.proxy_namespace = proxy.ns;
  context.proxy_labels = proxy.labels;
  context.mesh = &mesh_;
  context.hash = [this, proxy](const Destination& d) { return hash_of(proxy, d); };
  return context;
}

/// `whole_service`: the proxy knows all ports of a Service; of one port, no other is meant.
std::string ControlPlane::outbound_destination(const Destination& destination, int port,
                                               bool whole_service) const {
  if (destination.host.empty()) return "UnknownService";
  const Service* to = service(destination.host);
  std::string host = destination.host;
  if (to && !to->object->external_name.empty()) host = to->object->external_name;
  int number = port;
  if (destination.port)
    number = *destination.port;
  else if (whole_service && to && to->object->ports.size() == 1)
    number = to->object->ports[0].port;
  return cluster_name("outbound", number, destination.subset, host);
}

/// The cluster of a port and those of its subsets. `protocol` stands before a subset at waypoints.
void ControlPlane::add_clusters(const Proxy& proxy, const Service& of, std::string_view direction,
                                std::string_view protocol, const ServicePort& port,
                                envoy::ProxyConfig& to) const {
  const MergedRule* rule = rule_of(proxy, of);
  const auto name = [&](std::string subset) {
    if (!protocol.empty()) subset = std::string(protocol) + (subset.empty() ? "" : "/" + subset);
    return cluster_name(direction, port.port, subset, of.host);
  };
  to.clusters.push_back(outbound_cluster(name(""), {of.object, &port, ""},
                                         port_policy(rule, port.port), mesh_, behavior_));
  if (!rule) return;
  for (const Subset& subset : rule->subsets) {
    to.clusters.push_back(outbound_cluster(name(subset.name), {of.object, &port, subset.name},
                                           subset_policy(*rule, subset, port.port), mesh_,
                                           behavior_));
    to.clusters.back().subset_labels = subset.labels;
  }
}

void ControlPlane::add_outbound_clusters(const Proxy& proxy, const Service& of,
                                         envoy::ProxyConfig& to) const {
  if (of.object->type == "ExternalName") return;
  for (const ServicePort& port : of.object->ports)
    if (port_protocol(port) != Protocol::udp) add_clusters(proxy, of, "outbound", "", port, to);
}

}  // namespace spillway::model::istio
