#include <fmt/format.h>

#include <algorithm>

#include "model/graph/graph.h"
#include "model/run/compiler.h"

namespace spillway::model {
namespace {

bool selects(const std::map<std::string, std::string>& selector,
             const std::map<std::string, std::string>& labels) {
  return !selector.empty() && std::ranges::includes(labels, selector);
}

std::string dotted(const std::string& key) {
  const std::size_t slash = key.find('/');
  return key.substr(slash + 1) + "." + key.substr(0, slash);
}

const Header* header(const Request& request, std::string_view name) {
  const auto same = [&](const Header& h) {
    return std::ranges::equal(h.name, name, [](char a, char b) {
      return std::tolower(static_cast<unsigned char>(a)) ==
             std::tolower(static_cast<unsigned char>(b));
    });
  };
  const auto found = std::ranges::find_if(request.headers, same);
  return found == request.headers.end() ? nullptr : &*found;
}

}  // namespace

int Compiler::port_of(const ServiceRef& target) const {
  if (target.port != 0) return target.port;
  const auto found = kube_services_.find(target.namespace_ + "/" + target.name);
  return found == kube_services_.end() || found->second->ports.empty()
             ? 80
             : found->second->ports.front().port;
}

/// The simulated services behind a Service: the one of its name, else those whose own Service
/// selects with more labels.
std::vector<Id> Compiler::endpoints_of(const std::string& service) const {
  if (const auto own = service_ids_.find(service); own != service_ids_.end()) return {own->second};
  std::vector<Id> found;
  const auto kube = kube_services_.find(service);
  if (kube == kube_services_.end()) return found;
  for (Id id = 0; id < mesh_->spec.scenario.services.size(); ++id) {
    const Service& candidate = mesh_->spec.scenario.services[id];
    const auto other = kube_services_.find(candidate.namespace_ + "/" + candidate.name);
    if (candidate.namespace_ == kube->second->meta.namespace_ && other != kube_services_.end() &&
        selects(kube->second->selector, other->second->selector))
      found.push_back(id);
  }
  return found;
}

Id Compiler::call_service(const Caller& caller, const ServiceRef& target, const Request& given,
                          const std::optional<ClientPolicy>& client, Id edge, const Place& place) {
  const std::string key = target.namespace_ + "/" + target.name;
  const int port = port_of(target);
  const std::string to = fmt::format("{}:{}", target.scope(), port);
  Request request = given;
  if (request.host.empty()) request.host = target.scope();
  if (const auto kube = kube_services_.find(key);
      kube != kube_services_.end() &&
      std::ranges::find(kube->second->ports, port, &ServicePort::port) == kube->second->ports.end())
    error(place, fmt::format("{} has no port {}", target.scope(), port), "unknown-port");
  Id leg = kNoId;
  if (lattice_idle_timeout_) {
    leg = direct_leg(caller, key, port, request, to, place);  // requests to a ClusterIP bypass it
  } else if (plane_) {
    leg = service_leg(caller, key, port, request, to, place);
  } else {
    const Routed routed =
        routing_->route_service(key, port, caller.namespace_, !caller.meshed, request);
    const auto service = kube_services_.find(key);
    if (linkerd_ && caller.meshed && service != kube_services_.end())
      leg = linkerd_leg(caller, routed, *service->second, port, to, place);
    else
      leg = !linkerd_ && (routed.route || routed.by_proxy)
                ? route_leg(caller, routed, false, to, place)
                : direct_leg(caller, key, port, request, to, place);
  }
  return client ? client_leg(caller, *client, leg, edge, to, Delay{}) : leg;
}

Id Compiler::call_gateway(const Caller& caller, const GatewayTarget& target, const Request& given,
                          const std::optional<ClientPolicy>& client, const Place& place) {
  const std::string key = target.gateway.namespace_ + "/" + target.gateway.name;
  Request request = given;
  if (!target.host.empty()) request.host = target.host;
  const std::string to =
      fmt::format("{}{}", target.gateway.scope(),
                  target.gateway.port ? fmt::format(":{}", target.gateway.port) : "");
  Id leg = kNoId;
  if (plane_) {
    leg = gateway_leg(caller, target, request, to, place);
  } else {
    const Routed routed = routing_->route_gateway(
        key, target.gateway.port ? std::optional(target.gateway.port) : std::nullopt, "http",
        request);
    const Caller gateway{"gateway/" + target.gateway.scope(), target.gateway.namespace_,
                         options_.gateway_replicas, true};
    leg = route_leg(gateway, routed, true, to, place);
    if (linkerd_)
      warn(place,
           fmt::format("Linkerd serves no Gateways: {} does what the specification says", to),
           "linkerd-no-gateway");
  }
  // Between the client and the gateway lies a network, too.
  const Delay way = delay({latency("networkLatency", options_.network_latency)});
  return client_leg(caller, client.value_or(ClientPolicy{}), leg, kNoId, to, way);
}

Id Compiler::client_leg(const Caller& caller, const ClientPolicy& policy, Id next, Id edge,
                        const std::string& to, const Delay& way) {
  Leg leg;
  const bool acts = policy != ClientPolicy{};
  leg.executor = acts ? Executor::client : Executor::direct;
  leg.instances = caller.instances;
  leg.to = to;
  if (acts) {
    leg.proxy = "client";
    leg.config = static_cast<Id>(mesh_->clients.size());
    mesh_->clients.push_back(policy);
    leg.timeout = timer(policy.timeout);
    leg.per_try = timer(policy.per_try_timeout);
    if (policy.hedge) leg.hedge = timer(policy.hedge->after);
    if (policy.budget.index() != 0) {
      leg.budget = static_cast<Id>(mesh_->budgets.size());
      mesh_->budgets.resize(mesh_->budgets.size() + caller.instances,
                            BudgetSlot{policy.budget, options_.budget_reading, edge, false});
    }
    if (policy.throttle) {
      leg.throttle = static_cast<Id>(mesh_->throttles.size());
      mesh_->throttles.resize(mesh_->throttles.size() + caller.instances, *policy.throttle);
    }
  }
  Hop hop;
  hop.to = Hop::To::leg;
  hop.target = next;
  hop.out = way;
  hop.back = way;
  hop.out.lane = hop.back.lane = mesh_->queue.lane(way.constant);
  leg.first_hop = static_cast<Id>(mesh_->hops.size());
  leg.hop_count = 1;
  mesh_->hops.push_back(std::move(hop));
  mesh_->legs.push_back(std::move(leg));
  return static_cast<Id>(mesh_->legs.size() - 1);
}

Id Compiler::direct_leg(const Caller& owner, const std::string& service, int port,
                        const Request& request, const std::string& to, const Place& place, int l4) {
  Leg leg;
  leg.instances = owner.instances;
  leg.to = to;
  leg.first_hop = static_cast<Id>(mesh_->hops.size());
  add_backend(owner, service, port, request, 1, kNoId, place, l4);
  close_shares(leg);
  leg.plain = leg.hop_count == 1 && mesh_->hops.back().to == Hop::To::replica;
  mesh_->legs.push_back(std::move(leg));
  return static_cast<Id>(mesh_->legs.size() - 1);
}

std::pair<Id, Id> Compiler::rule_ids(const Routed& routed) {
  const std::string name = fmt::format("{}#{}", routed.route->meta.key(), routed.rule);
  const Id rule = scope(rule_scopes_, rule_index_, ScopeKind::rule, name);
  const auto [target, added] = rule_targets_.emplace(name, mesh_->rule_targets);
  mesh_->rule_targets += added;
  return {rule, target->second};
}

Id Compiler::route_leg(const Caller& owner, const Routed& routed, bool at_gateway,
                       const std::string& to, const Place& place) {
  for (const RoutingOption option : routed.depends_on)
    assume(mesh_->assumptions, option_name(option), assumption(option, options_.routing),
           "left open by the Gateway API specification");
  Leg leg;
  leg.executor = Executor::neutral;
  leg.instances = owner.instances;
  leg.caller_instance = !at_gateway;
  leg.to = to;
  leg.proxy = at_gateway ? owner.scope : "proxy/" + owner.scope;
  neutral::RuleConfig config;
  if (routed.route) {
    leg.route = routed.route->meta.key();
    leg.rule = routed.rule;
    std::tie(leg.rule_scope, leg.faults) = rule_ids(routed);
    config = lattice_idle_timeout_ ? vpc_lattice::translate(*lattice_idle_timeout_)
                                   : gateway_api::translate(
                                         routed.route->rules[static_cast<std::size_t>(routed.rule)],
                                         options_, mesh_->assumptions);
  }
  if (at_gateway) {
    leg.proxy_scope = static_cast<Id>(proxy_scopes_.size());
    for (std::uint32_t i = 0; i < owner.instances; ++i) {
      const Id id = scope(proxy_scopes_, proxy_index_, ScopeKind::proxy,
                          fmt::format("{}/{}", owner.scope, i));
      if (i == 0) leg.proxy_scope = id;
    }
  }
  if (routed.external_auth)
    warn(routed.route->rules[static_cast<std::size_t>(routed.rule)].place,
         fmt::format("HTTPRoute {}: the extra call of filter ExternalAuth is not simulated",
                     leg.route),
         "external-auth-not-simulated");
  std::vector<Mirror> mirrors;
  for (const RoutedMirror& mirror : routed.mirrors)
    mirrors.push_back({mirror.share, direct_leg(owner, mirror.service, mirror.port, mirror.request,
                                                dotted(mirror.service), place)});
  for (const RoutedBackend& backend : routed.backends)
    for (const RoutedMirror& mirror : backend.mirrors)  // sees the backend's share of the requests
      mirrors.push_back({mirror.share * backend.share,
                         direct_leg(owner, mirror.service, mirror.port, mirror.request,
                                    dotted(mirror.service), place)});
  leg.first_hop = static_cast<Id>(mesh_->hops.size());
  if (routed.by_proxy) {
    leg.answer = static_cast<std::uint16_t>(routed.status);
    if (routed.status == 404) leg.answer_flags = Flags::kNR;
    warn(place,
         fmt::format("requests to {} are answered {} by the proxy: {}", to, routed.status,
                     routed.reason),
         "answered-by-proxy");
  }
  for (const RoutedBackend& backend : routed.backends) {
    if (backend.share <= 0) continue;
    if (backend.reply)
      add_answer_hop(Hop::To::answer, static_cast<std::uint16_t>(backend.reply->status),
                     backend.share, fmt::format("{}:{}", backend.service, backend.port));
    else
      add_backend(owner, backend.service, backend.port, backend.request, backend.share,
                  leg.rule_scope, place);
  }
  close_shares(leg);
  leg.first_mirror = static_cast<Id>(mesh_->mirrors.size());
  leg.mirror_count = static_cast<Id>(mirrors.size());
  mesh_->mirrors.insert(mesh_->mirrors.end(), mirrors.begin(), mirrors.end());
  leg.timeout = timer(config.request_timeout);
  leg.per_try = timer(config.backend_request_timeout);
  if (config.retry) leg.backoff = timer(config.backoff);
  leg.repick_backend = options_.repick_backend;
  if (leg.hop_count > 1 && config.retry)
    assume(mesh_->assumptions, "retryBackend", options_.repick_backend ? "redraw" : "same",
           "which backendRef a retry goes to is left open (GEP-1731)");
  leg.config = static_cast<Id>(mesh_->rules.size());
  mesh_->rules.push_back(config);
  mesh_->legs.push_back(std::move(leg));
  return static_cast<Id>(mesh_->legs.size() - 1);
}

void Compiler::add_backend(const Caller& owner, const std::string& service, int port,
                           const Request& request, double share, Id rule_scope, const Place& place,
                           int l4) {
  const std::vector<Id> endpoints = endpoints_of(service);
  const std::string backend = fmt::format("{}:{}", service, port);
  if (endpoints.empty()) {
    warn(place,
         fmt::format(
             "no simulated service stands behind Service {}: requests to it are answered 503",
             service),
         "no-endpoints", "add a service of this name to spec.services");
    return add_answer_hop(Hop::To::nowhere, 0, share, backend);
  }
  const Id budgets = rule_scope == kNoId ? kNoId : budget(owner, service, rule_scope);
  double replicas = 0;
  for (const Id id : endpoints) replicas += mesh_->services[id].replicas;
  const auto first = static_cast<Id>(mesh_->hops.size());
  for (const Id id : endpoints)
    add_replica_hop(owner, id, backend, request, share * mesh_->services[id].replicas / replicas,
                    budgets, rule_scope != kNoId, l4);
  for (Id h = first; h < mesh_->hops.size(); ++h) {
    mesh_->hops[h].first_peer = first;
    mesh_->hops[h].peers = static_cast<Id>(endpoints.size());
  }
}

void Compiler::add_replica_hop(const Caller& owner, Id id, const std::string& backend,
                               const Request& request, double share, Id budgets, bool proxied,
                               int l4) {
  const Service& service = mesh_->spec.scenario.services[id];
  Hop hop;
  hop.cumulative = share;
  hop.target = id;
  if (const auto operation = match_operation(service, request))
    hop.operation = mesh_->services[id].first_operation + *operation;
  hop.cluster = cluster(owner, id);
  hop.budget = budgets;
  hop.link = link(owner.scope, service.scope());
  const LoadBalancer balancer = service.load_balancer.value_or(LoadBalancer{});
  hop.hash_source = balancer.hash_on.empty() || balancer.hash_on == "source";
  if (hop.hash_source) {
    hop.hash = sim::hash_name(owner.scope);
  } else {
    const Header* hashed = header(request, balancer.hash_on);
    hop.hash = sim::hash_name(hashed ? hashed->value : "");
  }
  const sim::Distribution network = latency("networkLatency", options_.network_latency);
  std::vector<sim::Distribution> out{network};
  if (proxied) out.push_back(latency("proxyLatency", options_.proxy_latency));
  for (int i = 0; i < l4; ++i) out.push_back(latency("l4Latency", options_.l4_latency));
  hop.out = delay(out);
  hop.back = delay({network});
  hop.backend = backend;
  mesh_->hops.push_back(std::move(hop));
}

/// A hop that reaches nothing.
void Compiler::add_answer_hop(Hop::To to, std::uint16_t status, double share,
                              const std::string& backend) {
  Hop hop;
  hop.to = to;
  hop.status = status;
  hop.cumulative = share;
  hop.backend = backend;
  hop.out = hop.back = delay({});
  mesh_->hops.push_back(std::move(hop));
}

/// Turns the shares of the hops since leg.first_hop into cumulative ones.
void Compiler::close_shares(Leg& leg) {
  leg.hop_count = static_cast<Id>(mesh_->hops.size()) - leg.first_hop;
  double sum = 0;
  for (Id h = leg.first_hop; h < mesh_->hops.size(); ++h)
    mesh_->hops[h].cumulative = sum += mesh_->hops[h].cumulative;
  if (leg.hop_count > 0) mesh_->hops.back().cumulative = 1;
}

Id Compiler::cluster(const Caller& owner, Id id) {
  const Service& service = mesh_->spec.scenario.services[id];
  const auto [at, added] = clusters_.emplace(owner.scope + ">" + service.scope(),
                                             static_cast<Id>(mesh_->clusters.size()));
  if (!added) return at->second;
  LoadBalancer balancer;
  balancer.policy = options_.load_balancing;
  if (service.load_balancer)
    balancer = *service.load_balancer;
  else if (service.replicas > 1 && plane_)
    assume(mesh_->assumptions, "loadBalancing", "random",
           "where no proxy picks an endpoint, each request is a connection of its own");
  else if (service.replicas > 1)
    assume(mesh_->assumptions, "loadBalancing",
           "round_robin from a random start, or as the option says",
           "how an endpoint is picked is left open");
  const auto table = Balancer::make_table(balancer, service.replicas, mesh_->services[id].salt);
  for (std::uint32_t i = 0; i < owner.instances; ++i)
    mesh_->clusters.push_back(
        {balancer, id,
         sim::combine(sim::combine(sim::hash_name(owner.scope), mesh_->services[id].salt), i),
         table});
  return at->second;
}

/// Budgets of an owner's instances towards a Service; kNoId where it has none.
Id Compiler::budget(const Caller& owner, const std::string& service, Id rule_scope) {
  if (lattice_idle_timeout_) return kNoId;
  const auto policies = policies_.find(service);
  const XBackendTrafficPolicy* policy =
      policies == policies_.end() ? nullptr : policies->second.front();
  const Budget budget = gateway_api::translate_budget(policy, options_, mesh_->assumptions);
  if (budget.index() == 0) return kNoId;
  const auto [at, added] =
      budgets_.emplace(owner.scope + ">" + service, static_cast<Id>(mesh_->budgets.size()));
  if (added)
    mesh_->budgets.resize(mesh_->budgets.size() + owner.instances,
                          BudgetSlot{budget, options_.budget_reading, rule_scope, true});
  return at->second;
}

}  // namespace spillway::model
