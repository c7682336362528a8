#include "model/gateway/index.h"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::model {
namespace {

constexpr const char* kNameLabel = "kubernetes.io/metadata.name";

template <class Map>
auto find_or_null(const Map& map, std::string_view key) -> typename Map::mapped_type {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : found->second;
}

template <class Container>
bool has(const Container& container, const std::string& value) {
  return std::ranges::find(container, value) != container.end();
}

std::string key_of(const BackendObjectReference& ref) { return ref.namespace_ + "/" + ref.name; }

}  // namespace

ResourceIndex::ResourceIndex(const Resources& resources) {
  for (const KubeService& s : resources.services) services_.emplace(s.meta.key(), &s);
  for (const Gateway& g : resources.gateways) gateways_.emplace(g.meta.key(), &g);
  for (const Namespace& n : resources.namespaces) namespaces_.emplace(n.meta.name, &n);
  for (const ReferenceGrant& g : resources.reference_grants)
    grants_[g.meta.namespace_].push_back(&g);
}

const KubeService* ResourceIndex::service(std::string_view key) const {
  return find_or_null(services_, key);
}

const Gateway* ResourceIndex::gateway(std::string_view key) const {
  return find_or_null(gateways_, key);
}

std::map<std::string, std::string> ResourceIndex::namespace_labels(const std::string& name) const {
  std::map<std::string, std::string> labels;
  if (const Namespace* found = find_or_null(namespaces_, name)) labels = found->meta.labels;
  labels[kNameLabel] = name;
  return labels;
}

bool ResourceIndex::granted(std::string_view from_kind, std::string_view from_namespace,
                            const BackendObjectReference& to) const {
  const auto grants = grants_.find(to.namespace_);
  if (grants == grants_.end()) return false;
  const auto from_fits = [&](const ReferenceGrant::From& f) {
    return f.group == kGatewayGroup && f.kind == from_kind && f.namespace_ == from_namespace;
  };
  const auto to_fits = [&](const ReferenceGrant::To& t) {
    return t.group == to.group && t.kind == to.kind && (!t.name || *t.name == to.name);
  };
  return std::ranges::any_of(grants->second, [&](const ReferenceGrant* grant) {
    return std::ranges::any_of(grant->from, from_fits) && std::ranges::any_of(grant->to, to_fits);
  });
}

std::string_view condition_reason(BackendFault fault) {
  switch (fault) {
    case BackendFault::none:
      return "";
    case BackendFault::invalid_kind:
      return "InvalidKind";
    case BackendFault::not_found:
    case BackendFault::wrong_port:
      return "BackendNotFound";
    case BackendFault::not_permitted:
      return "RefNotPermitted";
    case BackendFault::unsupported_protocol:
      return "UnsupportedProtocol";
  }
  return "";
}

namespace {

Resolution resolve_port(const RoutingOptions& options, const KubeService& service,
                        const BackendObjectReference& ref) {
  if (!ref.port)
    return {BackendFault::wrong_port,
            fmt::format("the reference to Service {} names no port", service.meta.key()),
            {}};
  const auto port = std::ranges::find(service.ports, *ref.port, &ServicePort::port);
  if (port == service.ports.end())
    return {BackendFault::wrong_port,
            fmt::format("Service {} has no port {}", service.meta.key(), *ref.port),
            {}};
  if (port->protocol != "TCP")
    return {BackendFault::unsupported_protocol,
            fmt::format("port {} of Service {} speaks {}, not TCP", port->port, service.meta.key(),
                        port->protocol),
            {}};
  if (!port->app_protocol.empty() && !has(options.app_protocols, port->app_protocol))
    return {BackendFault::unsupported_protocol,
            fmt::format("port {} of Service {} has the appProtocol {}, which is not supported",
                        port->port, service.meta.key(), port->app_protocol),
            {RoutingOption::app_protocols}};
  return {};
}

Resolution resolve_service(const ResourceIndex& index, const RoutingOptions& options,
                           const BackendObjectReference& ref) {
  const KubeService* service = index.service(key_of(ref));
  if (!service && options.assume_services_exist)
    return {BackendFault::none, "", {RoutingOption::assume_services_exist}};
  if (!service)
    return {BackendFault::not_found, fmt::format("there is no Service {}", key_of(ref)), {}};
  if (service->type == "ExternalName" && !options.external_name_backends)
    return {BackendFault::invalid_kind,
            fmt::format("Service {} is of type ExternalName", key_of(ref)),
            {RoutingOption::external_name_backends}};
  return resolve_port(options, *service, ref);
}

}  // namespace

Resolution resolve(const ResourceIndex& index, const RoutingOptions& options,
                   const HttpRoute& route, const BackendObjectReference& ref, bool mesh) {
  const bool is_service = ref.group.empty() && ref.kind == "Service";
  if (!is_service && !has(options.backend_kinds, ref.group + "/" + ref.kind))
    return {BackendFault::invalid_kind,
            fmt::format("{}{}{} is not a kind of backend", ref.group, ref.group.empty() ? "" : "/",
                        ref.kind),
            {}};
  Resolution result;
  if (ref.namespace_ != route.meta.namespace_) {
    const bool needed = !mesh || options.mesh_needs_grants;
    const bool granted = index.granted(route.kind, route.meta.namespace_, ref);
    if (mesh && !granted) result.depends_on.push_back(RoutingOption::mesh_needs_grants);
    if (needed && !granted) {
      result.fault = BackendFault::not_permitted;
      result.message =
          fmt::format("no ReferenceGrant in namespace {} lets {}s of namespace {} refer to {} {}",
                      ref.namespace_, route.kind, route.meta.namespace_, ref.kind, ref.name);
      return result;
    }
  }
  if (!is_service) return result;
  Resolution found = resolve_service(index, options, ref);
  found.depends_on.insert(found.depends_on.end(), result.depends_on.begin(),
                          result.depends_on.end());
  return found;
}

}  // namespace spillway::model
