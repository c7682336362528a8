// Calls by clients with a proxy of Linkerd.
#include <fmt/format.h>

#include <algorithm>

#include "model/graph/graph.h"
#include "model/profiles/linkerd/policy.h"
#include "model/run/compiler.h"

namespace spillway::model {

/// The rule that serves a request, at the proxy beside the caller's pods.
Id Compiler::linkerd_leg(const Caller& caller, const Routed& routed, const KubeService& service,
                         int port, const std::string& to, const Place& place) {
  Leg leg;
  leg.executor = Executor::linkerd;
  leg.instances = caller.instances;
  leg.to = to;
  leg.proxy = fmt::format("linkerd-proxy/{}", caller.scope);
  for (std::uint32_t i = 0; i < caller.instances; ++i) {
    const Id id =
        scope(proxy_scopes_, proxy_index_, ScopeKind::proxy, fmt::format("{}/{}", leg.proxy, i));
    if (i == 0) leg.proxy_scope = id;
  }
  const HttpRouteRule* rule = nullptr;
  if (routed.route) {
    leg.route = routed.route->meta.key();
    leg.rule = routed.rule;
    std::tie(leg.rule_scope, leg.faults) = rule_ids(routed);
    rule = &routed.route->rules[static_cast<std::size_t>(routed.rule)];
  }
  if (routed.by_proxy) {
    leg.answer = static_cast<std::uint16_t>(routed.status);
    warn(place,
         fmt::format("requests to {} are answered {} by {}: {}", to, routed.status, leg.proxy,
                     routed.reason),
         "answered-by-proxy");
  } else {
    leg.config = linkerd_stack(caller, routed, linkerd::policy_of(routed.route, rule, service),
                               fmt::format("{}:{}", service.meta.key(), port), leg, place);
  }
  mesh_->legs.push_back(std::move(leg));
  return static_cast<Id>(mesh_->legs.size() - 1);
}

/// What the callers' proxies keep of a rule, one of each instance; the first. Calls of one rule
/// share it, each with hops of its own.
Id Compiler::linkerd_stack(const Caller& caller, const Routed& routed,
                           linkerd::OutboundPolicy policy, const std::string& service, Leg& leg,
                           const Place& place) {
  LinkerdStack stack;
  leg.first_hop = static_cast<Id>(mesh_->hops.size());
  for (const RoutedBackend& backend : routed.backends) {
    if (backend.share <= 0) continue;
    if (backend.reply) {
      warn(place,
           fmt::format("the share of backend {}, which is answered {}, is left out",
                       backend.service, backend.reply->status),
           "linkerd-backend-left-out");
      continue;
    }
    policy.backends.push_back({static_cast<std::uint32_t>(backend.weight), {}});
    stack.backends.push_back(linkerd_endpoints(caller, backend, policy));
  }
  const std::string key = fmt::format("{} {} {}#{}", caller.scope, service, leg.route, leg.rule);
  const auto [at, added] =
      linkerd_stacks_.emplace(key, static_cast<Id>(mesh_->linkerd_stacks.size()));
  if (!added) return at->second;
  if (policy.backends.size() > 1) policy.distribution = linkerd::Distribution::random_available;
  stack.first_hop = leg.first_hop;
  stack.policy = static_cast<Id>(mesh_->linkerd_policies.size());
  mesh_->linkerd_policies.push_back(std::move(policy));
  for (std::uint32_t i = 0; i < caller.instances; ++i) {
    stack.seed = sim::combine(sim::hash_name(key), i);
    mesh_->linkerd_stacks.push_back(stack);
  }
  return at->second;
}

/// Between pods of the mesh requests travel over one HTTP/2 connection.
LinkerdStack::Backend Compiler::linkerd_endpoints(const Caller& caller,
                                                  const RoutedBackend& backend,
                                                  linkerd::OutboundPolicy& policy) {
  LinkerdStack::Backend endpoints;
  endpoints.first_hop = static_cast<Id>(mesh_->hops.size());
  policy.transport = linkerd::Transport::orig_proto;
  const sim::Distribution network = latency("networkLatency", options_.network_latency);
  const sim::Distribution proxy = latency("proxyLatency", options_.proxy_latency);
  for (const Id id : endpoints_of(backend.service)) {
    const Service& service = mesh_->spec.scenario.services[id];
    if (!service.meshed) policy.transport = linkerd::Transport::http1;
    for (std::uint32_t replica = 0; replica < service.replicas; ++replica) {
      Hop hop;
      hop.target = id;
      if (const auto operation = match_operation(service, backend.request))
        hop.operation = mesh_->services[id].first_operation + *operation;
      hop.replica = replica;
      hop.link = link(caller.scope, service.scope());
      hop.backend = fmt::format("{}:{}", backend.service, backend.port);
      std::vector<sim::Distribution> out{proxy, network};
      if (service.meshed) out.push_back(proxy);
      hop.out = delay(out);
      hop.back = delay({network});
      mesh_->hops.push_back(std::move(hop));
      ++endpoints.hops;
    }
  }
  return endpoints;
}

}  // namespace spillway::model
