// Calls in a data plane of Envoys: which proxies a request meets, and what each does with it.
#include <fmt/format.h>

#include <algorithm>

#include "model/envoy/route_match.h"
#include "model/gateway/filters.h"
#include "model/graph/graph.h"
#include "model/run/compiler.h"
#include "model/run/envoy_legs.h"

namespace spillway::model {
namespace {

std::string scope_of(std::string_view key) {
  const std::size_t slash = key.find('/');
  return fmt::format("{}.{}", key.substr(slash + 1), key.substr(0, slash));
}

/// "ns/name" of "ns/name:port".
std::string service_of(const envoy::Cluster& cluster) {
  return cluster.service.substr(0, cluster.service.rfind(':'));
}

int cluster_port(const envoy::Cluster& cluster) {
  return std::stoi(cluster.service.substr(cluster.service.rfind(':') + 1));
}

const envoy::Cluster* find_cluster(const EnvoyProxy& proxy, const std::string& name) {
  const auto found = std::ranges::find(proxy.proxy->clusters, name, &envoy::Cluster::name);
  return found == proxy.proxy->clusters.end() ? nullptr : &*found;
}

const envoy::HttpFault* fault_of(const ProxyEntry& entry, const envoy::VirtualHost& host,
                                 const envoy::Route& route) {
  if (route.fault) return &*route.fault;
  if (host.fault) return &*host.fault;
  for (const envoy::RouteConfiguration& config : entry.proxy->proxy->route_configs)
    if (config.name == entry.route_config && config.fault) return &*config.fault;
  return nullptr;
}

struct Match {
  const envoy::VirtualHost* host = nullptr;
  const envoy::Route* route = nullptr;
};

Match match(const ProxyEntry& entry, const Request& request) {
  for (const envoy::RouteConfiguration& config : entry.proxy->proxy->route_configs) {
    if (config.name != entry.route_config) continue;
    const envoy::VirtualHost* host = envoy::find_virtual_host(config, request.host);
    return {host, host ? envoy::find_route(*host, request) : nullptr};
  }
  return {};
}

/// The clusters of a route with their shares, as the weights have them.
std::vector<std::pair<envoy::WeightedCluster, double>> shares_of(const envoy::RouteAction& action) {
  if (action.weighted_clusters.empty()) return {{{action.cluster, 1, {}}, 1}};
  double total = 0;
  for (const envoy::WeightedCluster& each : action.weighted_clusters) total += each.weight;
  std::vector<std::pair<envoy::WeightedCluster, double>> shares;
  for (const envoy::WeightedCluster& each : action.weighted_clusters)
    if (each.weight > 0) shares.emplace_back(each, each.weight / total);
  return shares;
}

}  // namespace

ClientPods Compiler::pods_of(const Caller& caller) const {
  ClientPods pods{caller.scope, caller.namespace_, {}, caller.meshed};
  const std::string suffix = fmt::format(".{}", caller.namespace_);
  if (!caller.scope.ends_with(suffix)) return pods;
  const auto service = kube_services_.find(fmt::format(
      "{}/{}", caller.namespace_, caller.scope.substr(0, caller.scope.size() - suffix.size())));
  if (service != kube_services_.end()) pods.labels = service->second->selector;
  return pods;
}

Id Compiler::service_leg(const Caller& caller, const std::string& key, int port,
                         const Request& request, const std::string& to, const Place& place) {
  const auto service = kube_services_.find(key);
  if (service == kube_services_.end()) return direct_leg(caller, key, port, request, to, place);
  const ProxyEntry entry = plane_->to_service(pods_of(caller), *service->second, port);
  if (!entry.proxy) return pods_leg(caller, *service->second, port, entry.l4, request, to, place);
  const Id leg = envoy_leg({caller, entry, request, to, place, std::nullopt});
  if (entry.proxy->placement == Placement::client_pod) return leg;
  std::vector<sim::Distribution> way;
  for (int i = 0; i < entry.l4; ++i) way.push_back(latency("l4Latency", options_.l4_latency));
  const bool same_node = entry.proxy->placement == Placement::client_node;
  if (!same_node) way.push_back(latency("networkLatency", options_.network_latency));
  const Id first = client_leg(caller, ClientPolicy{}, leg, kNoId, to, delay(way));
  if (!same_node)
    mesh_->hops[mesh_->legs[first].first_hop].link = link(caller.scope, scope_of(key));
  return first;
}

ProxyEntry Compiler::gateway_entry(const GatewayTarget& target, const Request& request) {
  const std::string key = target.gateway.namespace_ + "/" + target.gateway.name;
  const Gateway* gateway = routing_->index().gateway(key);
  if (!gateway) return {};
  std::vector<int> ports;
  for (const Listener& listener : gateway->listeners)
    if (listener.protocol == "HTTP") ports.push_back(listener.port);
  int port = target.gateway.port;
  const std::size_t colon = request.host.rfind(':');
  const std::string wanted = colon == std::string::npos ? "80" : request.host.substr(colon + 1);
  if (port == 0 && !ports.empty()) port = ports.front();
  for (const int each : ports)
    if (target.gateway.port == 0 && std::to_string(each) == wanted) port = each;
  return plane_->to_gateway(*gateway, port);
}

Id Compiler::gateway_leg(const Caller& caller, const GatewayTarget& target, const Request& request,
                         const std::string& to, const Place& place) {
  const ProxyEntry entry = gateway_entry(target, request);
  if (entry.proxy) return envoy_leg({caller, entry, request, to, place, std::nullopt});
  error(place,
        fmt::format("Gateway {} is not served under profile {}", target.gateway.scope(),
                    mesh_->spec.scenario.mesh.profile),
        "gateway-not-served", "is there a manifest of it, and do its listeners speak HTTP?");
  return answer_leg(404, Flags::kNR, to);
}

Id Compiler::answer_leg(std::uint16_t status, Flags flags, const std::string& to) {
  Leg leg;
  leg.answer = status;
  leg.answer_flags = flags;
  leg.to = to;
  mesh_->legs.push_back(std::move(leg));
  return static_cast<Id>(mesh_->legs.size() - 1);
}

/// No proxy on the client's side: a pod is picked by connection.
Id Compiler::pods_leg(const Caller& caller, const KubeService& service, int port, int l4,
                      const Request& request, const std::string& to, const Place& place) {
  const std::string key = service.meta.key();
  const ProxyEntry entry = plane_->to_pods(nullptr, service, port);
  const std::vector<Id> endpoints = endpoints_of(key);
  if (!entry.proxy || endpoints.empty())
    return direct_leg(caller, key, port, request, to, place, l4);
  std::vector<Host> hosts;
  for (const Id id : endpoints)
    for (std::uint32_t replica = 0; replica < mesh_->services[id].replicas; ++replica) {
      hosts.push_back({id, replica, kNoId});
      hosts.back().leg = server_leg(caller, entry, hosts.back(), request, to, place);
    }
  Leg leg;
  leg.instances = caller.instances;
  leg.to = to;
  leg.first_hop = static_cast<Id>(mesh_->hops.size());
  const EnvoyCall call{caller, ProxyEntry(), request, to, place, std::nullopt};
  for (const Host& host : hosts) {
    Hop hop = host_hop(call, host, fmt::format("{}:{}", key, port), request, l4);
    hop.first_peer = leg.first_hop;
    hop.peers = static_cast<Id>(hosts.size());
    hop.cumulative = 1.0 / static_cast<double>(hosts.size());
    mesh_->hops.push_back(std::move(hop));
  }
  close_shares(leg);
  mesh_->legs.push_back(std::move(leg));
  return static_cast<Id>(mesh_->legs.size() - 1);
}

const Compiler::PlacedProxy& Compiler::place_proxy(const EnvoyCall& call) {
  const EnvoyProxy& proxy = *call.entry.proxy;
  const auto [at, added] = placed_.try_emplace(
      call.own_pod ? fmt::format("{} {}", proxy.config, call.own_pod->service) : proxy.config);
  PlacedProxy& placed = at->second;
  if (!added) return placed;
  std::string name = proxy.name;
  switch (proxy.placement) {
    case Placement::client_pod:
      placed.instances = call.caller.instances;
      break;
    case Placement::client_node:
    case Placement::any_node:
      placed.instances = options_.nodes;
      break;
    case Placement::waypoint:
      placed.instances = options_.waypoint_replicas;
      break;
    case Placement::gateway:
      placed.instances = options_.gateway_replicas;
      break;
    case Placement::server_pod:
      placed.instances = mesh_->services[call.own_pod->service].replicas;
      name += fmt::format("/{}", mesh_->spec.scenario.services[call.own_pod->service].scope());
      break;
  }
  for (std::uint32_t i = 0; i < placed.instances; ++i) {
    const std::string instance = fmt::format("{}/{}", name, i);
    const Id id = scope(proxy_scopes_, proxy_index_, ScopeKind::proxy, instance);
    const auto [process, is_new] = processes_.try_emplace(instance, mesh_->proxies);
    mesh_->proxies += is_new;
    if (i > 0) continue;
    placed.first_scope = id;
    placed.first = process->second;
  }
  Leg filters;
  add_envoy_filters(*mesh_, filters, *proxy.proxy, placed.instances);
  placed.admission = filters.admission;
  placed.concurrency = filters.concurrency;
  return placed;
}

Id Compiler::envoy_leg(const EnvoyCall& call) {
  const EnvoyProxy& proxy = *call.entry.proxy;
  const PlacedProxy& placed = place_proxy(call);
  Leg leg;
  leg.to = call.to;
  leg.proxy = proxy.name;
  leg.proxy_scope = placed.first_scope;
  leg.process = placed.first;
  leg.instances = placed.instances;
  if (call.own_pod) {
    leg.proxy += fmt::format("/{}", mesh_->spec.scenario.services[call.own_pod->service].scope());
    leg.instances = 1;
    leg.first_instance = call.own_pod->replica;
    leg.proxy_scope += call.own_pod->replica;
    leg.process += call.own_pod->replica;
  }
  leg.caller_instance = proxy.placement == Placement::client_pod ||
                        proxy.placement == Placement::client_node ||
                        proxy.placement == Placement::server_pod;
  const Match found = match(call.entry, call.request);
  if (found.route) {
    serve(call, *found.host, *found.route, leg);
  } else {
    leg.answer = 404;
    leg.answer_flags = Flags::kNR;
  }
  if (leg.answer != 0)
    warn(call.place,
         fmt::format("requests to {} are answered {} by {}: {}", call.to, leg.answer, leg.proxy,
                     found.route ? "its route says so" : "no route matches"),
         "answered-by-proxy");
  mesh_->legs.push_back(std::move(leg));
  return static_cast<Id>(mesh_->legs.size() - 1);
}

/// What a route does with its requests.
void Compiler::serve(const EnvoyCall& call, const envoy::VirtualHost& host,
                     const envoy::Route& route, Leg& leg) {
  if (const std::size_t hash = route.origin.rfind('#'); hash != std::string::npos) {
    leg.route = route.origin.substr(0, hash);
    leg.rule = std::stoi(route.origin.substr(hash + 1));
    leg.rule_scope = scope(rule_scopes_, rule_index_, ScopeKind::rule, route.origin);
    const auto [target, added] = rule_targets_.emplace(route.origin, mesh_->rule_targets);
    mesh_->rule_targets += added;
    leg.faults = target->second;
  }
  if (route.redirect) leg.answer = route.redirect->response_code;
  if (route.direct_response) leg.answer = route.direct_response->status;
  if (route.cors && is_cors_preflight(call.request)) leg.answer = 200;
  if (leg.answer != 0) return;
  if (route.stateful_session)
    warn(call.place, fmt::format("route {}: its sessions are not simulated", leg.route),
         "sessions-not-simulated");
  const envoy::RouteAction& action = *route.route;
  add_mirrors(call, route, leg);
  std::vector<Hop> hops;
  for (const auto& [cluster, share] : shares_of(action)) {
    std::optional<Hop> hop =
        cluster_hop(call, cluster.name, route, envoy::rewritten(call.request, route, &cluster));
    if (!hop) {
      hop.emplace();
      hop->to = Hop::To::answer;
      hop->status = action.cluster_not_found_response_code.value_or(503);
      hop->backend = cluster.name;
      hop->out = hop->back = delay({});
    }
    hop->cumulative = share;
    hops.push_back(std::move(*hop));
  }
  leg.first_hop = static_cast<Id>(mesh_->hops.size());
  for (Hop& hop : hops) {
    hop.first_peer = static_cast<Id>(mesh_->hops.size());
    mesh_->hops.push_back(std::move(hop));
  }
  close_shares(leg);
  const envoy::HttpFault* fault = fault_of(call.entry, host, route);
  set_envoy_route(*mesh_, leg, action, fault ? std::optional(*fault) : std::nullopt);
  const PlacedProxy& placed = place_proxy(call);
  leg.admission = placed.admission;
  leg.concurrency = placed.concurrency;
}

/// A mirror gets one copy of a request and no retries; nobody waits for its answer.
void Compiler::add_mirrors(const EnvoyCall& call, const envoy::Route& route, Leg& leg) {
  std::vector<Mirror> mirrors;
  for (const envoy::RequestMirrorPolicy& policy : route.route->request_mirror_policies) {
    const double share = policy.runtime_fraction ? policy.runtime_fraction->share() : 1;
    envoy::RouteAction action;
    action.cluster = policy.cluster;
    action.timeout = route.route->timeout;
    auto hop =
        cluster_hop(call, policy.cluster, route, envoy::rewritten(call.request, route, nullptr));
    if (!hop || share <= 0) continue;
    Leg copy;
    copy.to = policy.cluster;
    copy.proxy = leg.proxy;
    copy.process = leg.process;
    copy.first_instance = leg.first_instance;
    copy.instances = leg.instances;
    copy.first_hop = static_cast<Id>(mesh_->hops.size());
    hop->first_peer = copy.first_hop;
    mesh_->hops.push_back(std::move(*hop));
    close_shares(copy);
    set_envoy_route(*mesh_, copy, action, std::nullopt);
    mirrors.push_back({share, static_cast<Id>(mesh_->legs.size())});
    mesh_->legs.push_back(std::move(copy));
  }
  leg.first_mirror = static_cast<Id>(mesh_->mirrors.size());
  leg.mirror_count = static_cast<Id>(mirrors.size());
  mesh_->mirrors.insert(mesh_->mirrors.end(), mirrors.begin(), mirrors.end());
}

/// Absent: the proxy has no such cluster.
std::optional<Hop> Compiler::cluster_hop(const EnvoyCall& call, const std::string& name,
                                         const envoy::Route& route, const Request& request) {
  const EnvoyProxy& proxy = *call.entry.proxy;
  const envoy::Cluster* cluster = find_cluster(proxy, name);
  if (!cluster) return std::nullopt;
  const std::vector<Host> hosts = hosts_of(call, *cluster, request);
  int l4 = 0;
  if (const auto service = kube_services_.find(service_of(*cluster));
      service != kube_services_.end() && !call.own_pod)
    l4 = plane_->to_pods(&proxy, *service->second, cluster_port(*cluster)).l4;
  Hop hop;
  hop.to = Hop::To::cluster;
  hop.target = static_cast<Id>(mesh_->hops.size());
  std::vector<EnvoyHost> envoy_hosts;
  for (const Host& host : hosts) {
    envoy_hosts.push_back({static_cast<Id>(mesh_->hops.size()), host.replica});
    mesh_->hops.push_back(host_hop(call, host, cluster->service, request, l4));
  }
  std::string key = fmt::format("{} {}", proxy.config, name);
  if (call.own_pod) key += fmt::format(" {}/{}", call.own_pod->service, call.own_pod->replica);
  const auto [at, added] = envoy_clusters_.try_emplace(key);
  if (added)
    at->second =
        add_envoy_cluster(*mesh_, *cluster, cluster->http2, envoy_hosts, sim::hash_name(key),
                          call.own_pod ? 1 : placed_.at(proxy.config).instances);
  hop.cluster = at->second;
  hop.backend = cluster->service;
  std::vector<envoy::HashPolicy> policies =
      route.route ? route.route->hash_policy : std::vector<envoy::HashPolicy>();
  policies.insert(policies.end(), cluster->hash_policy.begin(), cluster->hash_policy.end());
  const envoy::HashSource source = envoy::hash_source(policies, call.request);
  hop.hash_source = source.source_ip;
  if (!source.text.empty() || source.source_ip)
    hop.hash = sim::combine(sim::hash_name(source.text),
                            source.source_ip ? sim::hash_name(call.caller.scope) : 1);
  hop.out = hop.back = delay({});
  return hop;
}

/// The pods that a cluster stands for.
std::vector<Compiler::Host> Compiler::hosts_of(const EnvoyCall& call, const envoy::Cluster& cluster,
                                               const Request& request) {
  if (call.own_pod) return {*call.own_pod};
  std::vector<Host> hosts;
  if (cluster.service.empty()) return hosts;
  const std::string key = service_of(cluster);
  const auto service = kube_services_.find(key);
  ProxyEntry entry;
  if (service != kube_services_.end())
    entry = plane_->to_pods(call.entry.proxy, *service->second, cluster_port(cluster));
  for (const Id id : endpoints_of(key)) {
    const Service& simulated = mesh_->spec.scenario.services[id];
    const auto own = kube_services_.find(simulated.namespace_ + "/" + simulated.name);
    if (!cluster.subset_labels.empty() &&
        (own == kube_services_.end() ||
         !std::ranges::includes(own->second->selector, cluster.subset_labels)))
      continue;
    for (std::uint32_t replica = 0; replica < simulated.replicas; ++replica) {
      Host host{id, replica, kNoId};
      if (entry.proxy)
        host.leg = server_leg(call.caller, entry, host, request, call.to, call.place);
      hosts.push_back(host);
    }
  }
  if (hosts.empty())
    warn(call.place,
         fmt::format("no simulated service stands behind Service {}{}: requests to it are "
                     "answered 503",
                     key, cluster.subset.empty() ? "" : fmt::format(", subset {}", cluster.subset)),
         "no-endpoints",
         cluster.subset.empty() ? "add a service of this name to spec.services"
                                : "add a service whose Service selects the labels of the subset");
  return hosts;
}

/// The way from a proxy (or, without one, from a client) to a pod, or to the proxy in front of it.
Hop Compiler::host_hop(const EnvoyCall& call, const Host& host, const std::string& backend,
                       const Request& request, int l4) {
  const Service& service = mesh_->spec.scenario.services[host.service];
  Hop hop;
  hop.backend = backend;
  if (host.leg != kNoId && !call.own_pod) {
    hop.to = Hop::To::leg;
    hop.target = host.leg;
    hop.replica = mesh_->services[host.service].first_replica + host.replica;
  } else {
    hop.target = host.service;
    if (const auto operation = match_operation(service, request))
      hop.operation = mesh_->services[host.service].first_operation + *operation;
  }
  std::vector<sim::Distribution> out;
  if (call.entry.proxy) out.push_back(latency("proxyLatency", options_.proxy_latency));
  for (int i = 0; i < l4; ++i) out.push_back(latency("l4Latency", options_.l4_latency));
  if (call.own_pod) {
    hop.out = delay(out);
    hop.back = delay({});
    return hop;
  }
  const sim::Distribution network = latency("networkLatency", options_.network_latency);
  out.push_back(network);
  hop.out = delay(out);
  hop.back = delay({network});
  const bool beside_client = !call.entry.proxy ||
                             call.entry.proxy->placement == Placement::client_pod ||
                             call.entry.proxy->placement == Placement::client_node;
  hop.link = link(beside_client ? call.caller.scope : call.entry.proxy->name, service.scope());
  return hop;
}

/// The proxy in front of a pod. Callers whose requests look alike share the leg.
Id Compiler::server_leg(const Caller& caller, const ProxyEntry& entry, const Host& host,
                        const Request& request, const std::string& to, const Place& place) {
  std::string key =
      fmt::format("{} {} {}/{} {} {} {}", entry.proxy->config, entry.route_config, host.service,
                  host.replica, request.method, request.host, request.path);
  for (const Header& header : request.headers)
    key += fmt::format(" {}={}", header.name, header.value);
  if (const auto known = server_legs_.find(key); known != server_legs_.end()) return known->second;
  const Id leg = envoy_leg({caller, entry, request, to, place, host});
  return server_legs_.emplace(key, leg).first->second;
}

/// As envoy_leg() would lead them, without making anything.
std::vector<Destination> Compiler::destinations_behind(const ProxyEntry& entry,
                                                       const Request& request) {
  std::vector<Destination> list;
  if (!entry.proxy) return list;
  const Match found = match(entry, request);
  if (!found.route || !found.route->route) return list;
  const auto add = [&](const std::string& name, double share, const Request& sent) {
    const envoy::Cluster* cluster = find_cluster(*entry.proxy, name);
    if (!cluster || cluster->service.empty()) return;
    for (const Id service : endpoints_of(service_of(*cluster)))
      list.push_back({mesh_->spec.scenario.services[service].scope(), share, sent});
  };
  for (const auto& [cluster, share] : shares_of(*found.route->route))
    add(cluster.name, share, envoy::rewritten(request, *found.route, &cluster));
  for (const envoy::RequestMirrorPolicy& mirror : found.route->route->request_mirror_policies)
    add(mirror.cluster, mirror.runtime_fraction ? mirror.runtime_fraction->share() : 1,
        envoy::rewritten(request, *found.route, nullptr));
  return list;
}

}  // namespace spillway::model
