#include "model/gateway/attachment.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/gateway/conflicts.h"
#include "model/gateway/hostname.h"

namespace spillway::model {
namespace {

using Role = Attachment::Role;
using Section = Attachment::Section;

void reject(Attachment& a, std::string reason, std::string message) {
  a.accepted = false;
  a.reason = std::move(reason);
  a.message = std::move(message);
  a.sections.clear();
}

/// "sectionName web and port 80" as far as they are set.
std::string selector_text(const ParentReference& parent) {
  std::string text;
  if (!parent.section_name.empty()) text = fmt::format("sectionName {}", parent.section_name);
  if (parent.port) text += fmt::format("{}port {}", text.empty() ? "" : " and ", *parent.port);
  return text;
}

bool is_http(const Listener& listener) {
  return listener.protocol == "HTTP" ||
         (listener.protocol == "HTTPS" && listener.tls_mode != "Passthrough");
}

bool kind_allowed(const Listener& listener, const std::string& kind) {
  const auto& kinds = listener.allowed_routes.kinds;
  return is_http(listener) &&
         (kinds.empty() || std::ranges::any_of(kinds, [&](const AllowedRoutes::GroupKind& k) {
            return k.group == kGatewayGroup && k.kind == kind;
          }));
}

bool namespace_allowed(const Listener& listener, const Gateway& gateway, const std::string& ns,
                       const ResourceIndex& index) {
  const AllowedRoutes& allowed = listener.allowed_routes;
  if (allowed.from == "All") return true;
  if (allowed.from == "Same") return ns == gateway.meta.namespace_;
  return allowed.from == "Selector" && allowed.selector.matches(index.namespace_labels(ns));
}

std::vector<Attachment::Host> intersect(const Listener& listener, const HttpRoute& route) {
  if (route.hostnames.empty()) return {{"", listener.hostname}};
  std::vector<Attachment::Host> hosts;
  for (const std::string& hostname : route.hostnames)
    if (const auto effective = intersect_hostnames(hostname, listener.hostname))
      hosts.push_back({hostname, std::string(*effective)});
  return hosts;
}

void attach_to_gateway(Attachment& a, const ResourceIndex& index) {
  const ParentReference& parent = a.parent();
  const Gateway* gateway = index.gateway(parent_key(parent));
  a.role = Role::gateway;
  if (!gateway)
    return reject(a, "NoMatchingParent", fmt::format("there is no Gateway {}", parent_key(parent)));
  const std::vector<bool> usable = usable_listeners(*gateway);
  bool selected = false;
  bool allowed = false;
  for (std::size_t i = 0; i < gateway->listeners.size(); ++i) {
    const Listener& listener = gateway->listeners[i];
    if (!parent.section_name.empty() && parent.section_name != listener.name) continue;
    if (parent.port && *parent.port != listener.port) continue;
    selected = true;
    if (!usable[i] || !kind_allowed(listener, a.route->kind) ||
        !namespace_allowed(listener, *gateway, a.route->meta.namespace_, index))
      continue;
    allowed = true;
    if (auto hosts = intersect(listener, *a.route); !hosts.empty())
      a.sections.push_back({listener.name, listener.port, static_cast<int>(i), std::move(hosts)});
  }
  const std::string key = gateway->meta.key();
  if (!selected)
    return reject(a, "NoMatchingParent",
                  fmt::format("no listener of Gateway {} has {}", key, selector_text(parent)));
  if (!allowed)
    return reject(a, "NotAllowedByListeners",
                  fmt::format("no listener of Gateway {} allows {}s of namespace {}", key,
                              a.route->kind, a.route->meta.namespace_));
  if (a.sections.empty())
    return reject(a, "NoMatchingListenerHostname",
                  fmt::format("no hostname of the route is one of a listener of Gateway {}", key));
  a.accepted = true;
}

/// Whether Services of this type can be parents; records the option that decides.
bool type_can_be_parent(Attachment& a, const KubeService& service, const RoutingOptions& options) {
  const auto decided_by = [&](RoutingOption option, bool value) {
    a.depends_on.push_back(option);
    return value;
  };
  if (service.type == "ExternalName")
    return decided_by(RoutingOption::external_name_parents, options.external_name_parents);
  if (service.cluster_ip == "None")
    return decided_by(RoutingOption::headless_parents, options.headless_parents);
  if (service.type == "NodePort" || service.type == "LoadBalancer")
    return decided_by(RoutingOption::node_port_parents, options.node_port_parents);
  return true;
}

std::vector<Section> service_sections(const KubeService& service, const ParentReference& parent) {
  if (parent.section_name.empty() && !parent.port) return {{"", 0, -1, {}}};
  std::vector<Section> sections;
  for (const ServicePort& port : service.ports)
    if ((parent.section_name.empty() || parent.section_name == port.name) &&
        (!parent.port || *parent.port == port.port))
      sections.push_back({port.name, port.port, -1, {}});
  return sections;
}

void attach_to_service(Attachment& a, const ResourceIndex& index, const RoutingOptions& options) {
  const ParentReference& parent = a.parent();
  const std::string key = parent_key(parent);
  a.role = parent.namespace_ == a.route->meta.namespace_ ? Role::producer : Role::consumer;
  const KubeService* service = index.service(key);
  if (!service && options.assume_services_exist) {
    a.depends_on.push_back(RoutingOption::assume_services_exist);
    a.sections.push_back({parent.section_name, parent.port.value_or(0), -1, {}});
    a.accepted = true;
    return;
  }
  if (!service) return reject(a, "NoMatchingParent", fmt::format("there is no Service {}", key));
  if (!type_can_be_parent(a, *service, options))
    return reject(
        a, "NoMatchingParent",
        fmt::format("Service {} is {} and cannot be a parent", key,
                    service->cluster_ip == "None" ? "headless" : "of type " + service->type));
  a.sections = service_sections(*service, parent);
  if (a.sections.empty())
    return reject(a, "NoMatchingParent",
                  fmt::format("no port of Service {} has {}", key, selector_text(parent)));
  a.accepted = true;
}

void attach_to_parent(Attachment& a, const ResourceIndex& index, const RoutingOptions& options) {
  const ParentReference& parent = a.parent();
  if (parent.group == kGatewayGroup && parent.kind == "Gateway") {
    attach_to_gateway(a, index);
  } else if (parent.group.empty() && parent.kind == "Service") {
    attach_to_service(a, index, options);
  } else {
    reject(a, "NoMatchingParent",
           fmt::format("{}/{} is not a kind of parent",
                       parent.group.empty() ? "core (\"\")" : parent.group, parent.kind));
  }
}

/// The references of a rule list, those of the backends' own filters included.
template <class Visit>
void visit_references(const std::vector<HttpRouteFilter>& filters, Visit visit) {
  for (const HttpRouteFilter& filter : filters) {
    if (const auto* mirror = std::get_if<RequestMirrorFilter>(&filter.filter))
      visit(mirror->backend_ref);
    if (const auto* auth = std::get_if<ExternalAuthFilter>(&filter.filter))
      visit(auth->backend_ref);
  }
}

void resolve_references(Attachment& a, const ResourceIndex& index, const RoutingOptions& options) {
  const bool mesh = a.role == Role::producer || a.role == Role::consumer;
  const auto visit = [&](const BackendObjectReference& ref) {
    const Resolution found = resolve(index, options, *a.route, ref, mesh);
    a.depends_on.insert(a.depends_on.end(), found.depends_on.begin(), found.depends_on.end());
    if (found.fault == BackendFault::none || !a.refs_resolved) return;
    a.refs_resolved = false;
    a.refs_reason = condition_reason(found.fault);
    a.refs_message = found.message;
  };
  for (const HttpRouteRule& rule : a.route->rules) {
    visit_references(rule.filters, visit);
    for (const HttpBackendRef& backend : rule.backend_refs) {
      visit(backend.ref);
      visit_references(backend.filters, visit);
    }
  }
}

}  // namespace

std::string parent_key(const ParentReference& parent) {
  return parent.namespace_ + "/" + parent.name;
}

std::vector<Attachment> attach(const Resources& resources, const ResourceIndex& index,
                               const RoutingOptions& options) {
  std::vector<Attachment> attachments;
  for (const HttpRoute& route : resources.http_routes)
    for (std::size_t i = 0; i < route.parent_refs.size(); ++i) {
      Attachment& a = attachments.emplace_back();
      a.route = &route;
      a.parent_ref = static_cast<int>(i);
      a.reason = "Accepted";
      a.place = route.parent_refs[i].place;
      attach_to_parent(a, index, options);
    }
  reject_conflicts(attachments, index);
  for (Attachment& a : attachments)
    if (a.role != Role::none) resolve_references(a, index, options);
  return attachments;
}

bool listeners_conflict(const Listener& a, const Listener& b) {
  const auto is_tls = [](const Listener& l) {
    return l.protocol == "HTTPS" || l.protocol == "TLS";
  };
  if (a.port != b.port || (a.protocol == "UDP") != (b.protocol == "UDP")) return false;
  if (is_tls(a) && is_tls(b)) return a.hostname == b.hostname;
  return a.protocol != b.protocol || a.protocol == "TCP" || a.protocol == "UDP" ||
         a.hostname == b.hostname;
}

std::vector<bool> usable_listeners(const Gateway& gateway) {
  std::vector<bool> usable;
  for (const Listener& a : gateway.listeners) {
    const bool distinct = std::ranges::none_of(
        gateway.listeners, [&](const Listener& b) { return &a != &b && listeners_conflict(a, b); });
    usable.push_back(is_http(a) && distinct);
  }
  return usable;
}

}  // namespace spillway::model
