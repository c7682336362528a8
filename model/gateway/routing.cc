#include "model/gateway/routing.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "model/gateway/choose.h"
#include "model/gateway/hostname.h"
#include "model/gateway/serve.h"

namespace spillway::model {
namespace {

constexpr int kNotFound = 404;
constexpr int kServiceUnavailable = 503;

Routed reply(int status, const Request& request, std::string reason) {
  Routed routed;
  routed.status = status;
  routed.by_proxy = true;
  routed.request = request;
  routed.reason = std::move(reason);
  return routed;
}

void add_regexes(RegexCache& cache, const HttpRouteMatch& match) {
  if (match.path.type == PathMatchType::regular_expression) cache.add(match.path.value);
  for (const auto* values : {&match.headers, &match.query_params})
    for (const ValueMatch& value : *values)
      if (value.type == ValueMatchType::regular_expression) cache.add(value.value);
}

/// Chooses among the pool and serves; `nothing` is the reason of a 404.
Routed choose_and_serve(const ServeContext& context, const Pool& pool, const Request& request,
                        std::string nothing) {
  const Candidate* chosen = choose(pool, context.options);
  Routed routed =
      chosen ? serve(context, *chosen, request) : reply(kNotFound, request, std::move(nothing));
  for (const RoutingOption option : choice_depends_on(pool, context.options))
    note(routed.depends_on, option);
  return routed;
}

void note_all(Routed& routed, const Attachment& attachment) {
  // Conditions that depend on an option are the attachment's; references note theirs when served.
  for (const RoutingOption option :
       {RoutingOption::headless_parents, RoutingOption::external_name_parents,
        RoutingOption::node_port_parents})
    if (std::ranges::find(attachment.depends_on, option) != attachment.depends_on.end())
      note(routed.depends_on, option);
}

}  // namespace

RoutingTable::RoutingTable(const Resources& resources, RoutingOptions options)
    : resources_(&resources), options_(std::move(options)), index_(resources) {
  for (const HttpRoute& route : resources.http_routes)
    for (const HttpRouteRule& rule : route.rules)
      for (const HttpRouteMatch& match : rule.matches) add_regexes(regexes_, match);
  attachments_ = attach(resources, index_, options_);
  for (const Gateway& gateway : resources.gateways)
    gateways_.try_emplace(gateway.meta.key(),
                          GatewayRoutes{&gateway, usable_listeners(gateway), {}});
  for (const Attachment& a : attachments_) {
    if (!a.accepted) continue;
    const std::string key = parent_key(a.parent());
    if (a.role == Attachment::Role::gateway) {
      for (const Attachment::Section& section : a.sections)
        for (const Attachment::Host& host : section.hosts)
          gateways_[key].by_host[host.effective].push_back(
              {a.route, section.listener, host.own, host.effective});
    } else if (a.role == Attachment::Role::producer) {
      services_[key].producers.push_back(&a);
    } else {
      services_[key].consumers[a.route->meta.namespace_].push_back(&a);
    }
  }
}

void RoutingTable::add_candidates(std::vector<Candidate>& to, const Candidate& bound,
                                  const Request& request) const {
  Candidate candidate = bound;
  for (std::size_t r = 0; r < bound.route->rules.size(); ++r) {
    candidate.rule = static_cast<int>(r);
    const std::vector<HttpRouteMatch>& all = bound.route->rules[r].matches;
    for (std::size_t m = 0; m < all.size(); ++m) {
      candidate.match = static_cast<int>(m);
      if (matches(all[m], request, regexes_)) to.push_back(candidate);
    }
  }
}

namespace {

bool speaks(const Listener& listener, std::string_view scheme) {
  return scheme.empty() || (scheme == "https") == (listener.protocol == "HTTPS");
}

/// The port that a Host header names.
std::optional<int> port_of_host(std::string_view host) {
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos || host.ends_with(']')) return std::nullopt;
  int port = 0;
  for (const char c : host.substr(colon + 1)) {
    if (c < '0' || c > '9' || port > 65535) return std::nullopt;
    port = port * 10 + (c - '0');
  }
  return port;
}

std::optional<int> entry_port(const Gateway& gateway, const std::vector<bool>& usable,
                              std::string_view scheme, const Request& request) {
  std::vector<int> ports;
  for (std::size_t i = 0; i < gateway.listeners.size(); ++i)
    if (usable[i] && speaks(gateway.listeners[i], scheme))
      ports.push_back(gateway.listeners[i].port);
  if (ports.empty()) return std::nullopt;
  for (const std::optional<int> port :
       {port_of_host(request.host), std::optional(scheme == "https" ? 443 : 80)})
    if (port && std::ranges::find(ports, *port) != ports.end()) return port;
  return ports.front();
}

/// Hostnames under which routes for `host` can be found: itself, its wildcards, every host.
std::vector<std::string> possible_hostnames(std::string_view host) {
  std::vector<std::string> names{std::string(host)};
  for (auto dot = host.find('.'); dot != std::string_view::npos; dot = host.find('.', dot + 1))
    if (dot > 0) names.emplace_back("*").append(host.substr(dot));
  if (!host.empty()) names.emplace_back();
  return names;
}

}  // namespace

std::vector<RoutingTable::BoundHost> RoutingTable::bound_hosts(
    const GatewayRoutes& routes, std::string_view host, const std::vector<int>& listeners) const {
  std::vector<BoundHost> bound;
  for (const std::string& name : possible_hostnames(host))
    if (const auto found = routes.by_host.find(name); found != routes.by_host.end())
      std::ranges::copy_if(found->second, std::back_inserter(bound), [&](const BoundHost& b) {
        return std::ranges::find(listeners, b.listener) != listeners.end();
      });
  return bound;
}

Routed RoutingTable::route_gateway(std::string_view gateway_key, std::optional<int> port,
                                   std::string_view scheme, const Request& request) const {
  const auto found = gateways_.find(gateway_key);
  if (found == gateways_.end())
    return reply(kNotFound, request, fmt::format("there is no Gateway {}", gateway_key));
  const Gateway& gateway = *found->second.gateway;
  const std::vector<bool>& usable = found->second.usable;
  if (!port) port = entry_port(gateway, usable, scheme, request);
  const std::string host = normalize_host(request.host);
  std::vector<int> listeners;
  Pool pool;
  HostRank best;
  for (std::size_t i = 0; i < gateway.listeners.size(); ++i) {
    const Listener& listener = gateway.listeners[i];
    if (!usable[i] || listener.port != port || !speaks(listener, scheme) ||
        !host_matches(listener.hostname, host))
      continue;
    listeners.push_back(static_cast<int>(i));
    if (pool.best_listener < 0 || host_rank(listener.hostname) > best) {
      pool.best_listener = static_cast<int>(i);
      best = host_rank(listener.hostname);
    }
  }
  if (listeners.empty())
    return reply(kNotFound, request,
                 fmt::format("no listener of Gateway {} serves {}://{}{}", gateway_key, scheme,
                             host, port ? fmt::format(" on port {}", *port) : ""));
  for (const BoundHost& b : bound_hosts(found->second, host, listeners)) {
    pool.hosts.push_back({b.route, -1, -1, b.listener, b.effective, b.own});
    add_candidates(pool.candidates, pool.hosts.back(), request);
  }
  const bool tls =
      gateway.listeners[static_cast<std::size_t>(listeners.front())].protocol == "HTTPS";
  const ServeContext context{index_, options_, {tls ? "https" : "http", *port}, false};
  return choose_and_serve(
      context, pool, request,
      fmt::format("no rule of a route of listener {} of Gateway {} matches the request",
                  gateway.listeners[static_cast<std::size_t>(pool.best_listener)].name,
                  gateway_key));
}

Routed RoutingTable::default_route(std::string_view service_key, int port,
                                   const Request& request) const {
  const KubeService* service = index_.service(service_key);
  if (!service && !options_.assume_services_exist)
    return reply(kServiceUnavailable, request, fmt::format("there is no Service {}", service_key));
  if (service && service->type != "ExternalName" &&
      std::ranges::find(service->ports, port, &ServicePort::port) == service->ports.end())
    return reply(kServiceUnavailable, request,
                 fmt::format("Service {} has no port {}", service_key, port));
  Routed routed;
  routed.request = request;
  routed.reason = fmt::format("no route applies: Service {} itself", service_key);
  routed.backends.push_back(
      {std::string(service_key), port, 1, 1, BackendFault::none, request, std::nullopt, {}});
  if (!service) note(routed.depends_on, RoutingOption::assume_services_exist);
  return routed;
}

namespace {

/// "service.namespace" of "namespace/service".
std::string host_of_service(std::string_view key) {
  const auto slash = key.find('/');
  if (slash == std::string_view::npos) return std::string(key);
  return fmt::format("{}.{}", key.substr(slash + 1), key.substr(0, slash));
}

bool serves_port(const Attachment& attachment, int port) {
  return std::ranges::any_of(attachment.sections, [&](const Attachment::Section& section) {
    return section.port == 0 || section.port == port;
  });
}

/// The attachments of a group that serve `port`; of GRPCRoutes and HTTPRoutes only the former.
std::vector<const Attachment*> on_port(const std::vector<const Attachment*>& group, int port) {
  std::vector<const Attachment*> serving;
  std::ranges::copy_if(group, std::back_inserter(serving),
                       [&](const Attachment* a) { return serves_port(*a, port); });
  const auto is_grpc = [](const Attachment* a) { return a->route->kind == "GRPCRoute"; };
  if (std::ranges::any_of(serving, is_grpc))
    std::erase_if(serving, [&](const Attachment* a) { return !is_grpc(a); });
  return serving;
}

}  // namespace

Routed RoutingTable::route_service(std::string_view service, int port,
                                   std::string_view client_namespace, bool from_gateway,
                                   const Request& original) const {
  Request request = original;
  if (request.host.empty()) request.host = host_of_service(service);
  const auto found = services_.find(service);
  if (from_gateway || found == services_.end()) return default_route(service, port, request);
  std::vector<const Attachment*> group;
  if (const auto consumers = found->second.consumers.find(client_namespace);
      consumers != found->second.consumers.end())
    group = on_port(consumers->second, port);
  if (group.empty()) group = on_port(found->second.producers, port);
  if (group.empty()) return default_route(service, port, request);
  Pool pool;
  std::set<const HttpRoute*> seen;  // a route may name the Service in several parentRefs
  for (const Attachment* a : group)
    if (seen.insert(a->route).second)
      add_candidates(pool.candidates, {a->route, -1, -1, -1, {}, {}}, request);
  const ServeContext context{index_, options_, {"http", port}, true};
  const bool consumer = group.front()->role == Attachment::Role::consumer;
  Routed routed =
      choose_and_serve(context, pool, request,
                       fmt::format("no rule of the {} routes of Service {} matches the request",
                                   consumer ? "consumer" : "producer", service));
  for (const Attachment* a : group) note_all(routed, *a);
  return routed;
}

}  // namespace spillway::model
