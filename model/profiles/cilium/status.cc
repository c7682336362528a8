#include "model/profiles/cilium/status.h"

#include <algorithm>
#include <vector>

#include "model/gateway/regex.h"

namespace spillway::model::cilium {
namespace {

void reject(ParentStatus& status, std::string reason) {
  status.accepted = false;
  status.accepted_reason = std::move(reason);
}

void unresolved(ParentStatus& status, std::string reason) {
  status.refs_resolved = false;
  status.refs_reason = std::move(reason);
}

/// Backends and mirror targets; filters of backendRefs are not looked at.
std::vector<const BackendObjectReference*> references(const HttpRoute& route) {
  std::vector<const BackendObjectReference*> refs;
  for (const HttpRouteRule& rule : route.rules) {
    for (const HttpBackendRef& backend : rule.backend_refs) refs.push_back(&backend.ref);
    for (const HttpRouteFilter& filter : rule.filters)
      if (const auto* mirror = std::get_if<RequestMirrorFilter>(&filter.filter))
        refs.push_back(&mirror->backend_ref);
  }
  return refs;
}

bool has_port(const KubeService& service, int port) {
  return std::ranges::find(service.ports, port, &ServicePort::port) != service.ports.end();
}

/// The first stage with a fault decides: grants, then kinds, then existence.
void check_references(const HttpRoute& route, const ResourceIndex& index, const Options& options,
                      ParentStatus& status) {
  const auto refs = references(route);
  for (const BackendObjectReference* ref : refs)
    if (!reference_allowed(index, route, *ref)) return unresolved(status, "RefNotPermitted");
  for (const BackendObjectReference* ref : refs)
    if (!ref->group.empty() || ref->kind != "Service" || !ref->port)
      return unresolved(status, "InvalidKind");
  for (const BackendObjectReference* ref : refs) {
    const KubeService* service = index.service(ref->namespace_ + "/" + ref->name);
    if (!service || (options.wrong_port_is_unresolved && !has_port(*service, *ref->port)))
      unresolved(status, "BackendNotFound");
  }
}

bool is_valid(const ValueMatch& match) {
  return match.type == ValueMatchType::exact || Regex::compile(match.value).has_value();
}

bool expressions_valid(const HttpRoute& route) {
  for (const HttpRouteRule& rule : route.rules)
    for (const HttpRouteMatch& match : rule.matches) {
      if (match.path.type == PathMatchType::regular_expression && !Regex::compile(match.path.value))
        return false;
      if (!std::ranges::all_of(match.headers, is_valid) ||
          !std::ranges::all_of(match.query_params, is_valid))
        return false;
    }
  return true;
}

/// In exactly this spelling.
bool sets_host(const HttpRoute& route) {
  const auto is_host = [](const HttpHeader& header) { return header.name == "Host"; };
  for (const HttpRouteRule& rule : route.rules)
    for (const HttpRouteFilter& filter : rule.filters)
      if (const auto* headers = std::get_if<RequestHeaderModifierFilter>(&filter.filter))
        if (std::ranges::any_of(headers->set, is_host) ||
            std::ranges::any_of(headers->add, is_host))
          return true;
  return false;
}

bool kind_allowed(const Gateway& gateway, const std::string& kind) {
  return std::ranges::all_of(gateway.listeners, [&](const Listener& listener) {
    const auto& kinds = listener.allowed_routes.kinds;
    return kinds.empty() || std::ranges::any_of(kinds, [&](const AllowedRoutes::GroupKind& k) {
             return k.group == kGatewayGroup && k.kind == kind;
           });
  });
}

bool hostname_matches(const HttpRoute& route, const Gateway& gateway) {
  return std::ranges::any_of(gateway.listeners, [&](const Listener& listener) {
    return !served_hostnames(route.hostnames, listener.hostname,
                             listener_hostnames(gateway, listener.protocol))
                .empty();
  });
}

/// The first listener of the section that says yes or selects by labels decides.
bool namespace_allowed(const HttpRoute& route, const ParentReference& parent,
                       const Gateway& gateway, const ResourceIndex& index) {
  for (const Listener& listener : gateway.listeners) {
    if (!parent.section_name.empty() && parent.section_name != listener.name) continue;
    const AllowedRoutes& allowed = listener.allowed_routes;
    if (allowed.from == "All") return true;
    if (allowed.from == "Selector" &&
        allowed.selector.matches(index.namespace_labels(route.meta.namespace_)))
      return true;
    if (allowed.from == "Same" && route.meta.namespace_ == gateway.meta.namespace_) return true;
  }
  return false;
}

template <class Member, class Value>
bool a_listener_has(const Gateway& gateway, Member member, const Value& value) {
  return std::ranges::find(gateway.listeners, value, member) != gateway.listeners.end();
}

void check_parent(const HttpRoute& route, const ParentReference& parent, const Gateway& gateway,
                  const ResourceIndex& index, ParentStatus& status) {
  if (!kind_allowed(gateway, route.kind)) return reject(status, "NotAllowedByListeners");
  if (parent.port && !a_listener_has(gateway, &Listener::port, *parent.port))
    return reject(status, "NoMatchingParent");
  if (!hostname_matches(route, gateway)) return reject(status, "NoMatchingListenerHostname");
  if (!parent.section_name.empty() &&
      !a_listener_has(gateway, &Listener::name, parent.section_name))
    return reject(status, "NoMatchingParent");
  if (!namespace_allowed(route, parent, gateway, index))
    return reject(status, "NotAllowedByListeners");
}

}  // namespace

ParentStatus gateway_status(const HttpRoute& route, const ParentReference& parent,
                            const Gateway& gateway, const ResourceIndex& index,
                            const Options& options) {
  ParentStatus status;
  check_parent(route, parent, gateway, index, status);
  check_references(route, index, options, status);
  if (sets_host(route)) {
    if (options.host_header_is_unsupported) reject(status, "UnsupportedValue");
    status.dropped_silently = !options.host_header_is_unsupported;
  }
  if (!expressions_valid(route)) reject(status, "UnsupportedValue");
  return status;
}

ParentStatus service_status(const HttpRoute& route, const ParentReference& parent,
                            const ResourceIndex& index, const Options& options) {
  ParentStatus status;
  if (parent.namespace_ != route.meta.namespace_) reject(status, "NoMatchingParent");
  check_references(route, index, options, status);
  if (!expressions_valid(route)) reject(status, "UnsupportedValue");
  return status;
}

}  // namespace spillway::model::cilium
