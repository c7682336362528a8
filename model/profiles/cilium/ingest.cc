#include "model/profiles/cilium/ingest.h"

#include <algorithm>
#include <map>

#include "model/profiles/cilium/rules.h"

namespace spillway::model::cilium {
namespace {

bool selects(const ParentReference& parent, const Listener& listener) {
  return (parent.section_name.empty() || parent.section_name == listener.name) &&
         (!parent.port || *parent.port == listener.port);
}

bool is_parent(const HttpRoute& route, const Gateway& gateway, const Listener& listener) {
  return std::ranges::any_of(route.parent_refs, [&](const ParentReference& parent) {
    return parent.group == kGatewayGroup && parent.kind == "Gateway" &&
           parent.name == gateway.meta.name && parent.namespace_ == gateway.meta.namespace_ &&
           selects(parent, listener);
  });
}

bool namespace_allowed(const Listener& listener, const Gateway& gateway, const HttpRoute& route,
                       const ResourceIndex& index) {
  const AllowedRoutes& allowed = listener.allowed_routes;
  if (allowed.from == "All") return true;
  if (allowed.from == "Same") return route.meta.namespace_ == gateway.meta.namespace_;
  return allowed.from == "Selector" &&
         allowed.selector.matches(index.namespace_labels(route.meta.namespace_));
}

bool wildcard_covers(const std::string& wildcard, const std::string& hostname) {
  const std::string suffix = wildcard.substr(wildcard.starts_with('*') ? 1 : 0);
  return hostname.size() > suffix.size() && hostname.ends_with(suffix);
}

/// Whether another listener has a better claim on the hostname of a route.
bool claimed_by_other(const std::string& hostname, const std::string& listener,
                      const std::vector<std::string>& others) {
  return std::ranges::any_of(others, [&](const std::string& other) {
    if (other == listener) return false;
    return hostname == other || (other.starts_with('*') && wildcard_covers(other, hostname) &&
                                 other.size() > listener.size());
  });
}

}  // namespace

std::vector<std::string> listener_hostnames(const Gateway& gateway, const std::string& protocol) {
  std::vector<std::string> hostnames;
  for (const Listener& listener : gateway.listeners)
    if (listener.protocol == protocol && !listener.hostname.empty())
      hostnames.push_back(listener.hostname);
  return hostnames;
}

std::vector<std::string> served_hostnames(const std::vector<std::string>& route_hostnames,
                                          const std::string& listener,
                                          const std::vector<std::string>& others) {
  if (route_hostnames.empty()) return {listener.empty() ? "*" : listener};
  std::vector<std::string> hostnames;
  for (const std::string& hostname : route_hostnames) {
    if (listener.empty()) {
      if (!claimed_by_other(hostname, listener, others)) hostnames.push_back(hostname);
    } else if (listener == hostname) {
      hostnames.push_back(hostname);
    } else if (listener.starts_with('*')) {
      if (wildcard_covers(listener, hostname) && !claimed_by_other(hostname, listener, others))
        hostnames.push_back(hostname);
    } else if (hostname.starts_with('*') && wildcard_covers(hostname, listener)) {
      hostnames.push_back(listener);
    }
  }
  std::ranges::sort(hostnames);
  return hostnames;
}

bool reference_allowed(const ResourceIndex& index, const HttpRoute& route,
                       const BackendObjectReference& ref) {
  return ref.namespace_ == route.meta.namespace_ ||
         index.granted(route.kind, route.meta.namespace_, ref);
}

std::vector<IngestedListener> ingest_gateway(const Gateway& gateway,
                                             const std::vector<const HttpRoute*>& routes,
                                             const ResourceIndex& index, const Options& options) {
  std::vector<IngestedListener> listeners;
  for (const Listener& listener : gateway.listeners) {
    if (listener.protocol != "HTTP" && listener.protocol != "HTTPS") continue;
    IngestedListener ingested;
    ingested.owner = gateway.meta.key();
    ingested.port = listener.port;
    if (!listener.hostname.empty()) ingested.hostname = listener.hostname;
    ingested.tls = listener.protocol == "HTTPS";
    for (const HttpRoute* route : routes) {
      if (!is_parent(*route, gateway, listener) ||
          !namespace_allowed(listener, gateway, *route, index))
        continue;
      std::vector<std::string> hostnames = served_hostnames(
          route->hostnames, listener.hostname, listener_hostnames(gateway, listener.protocol));
      if (hostnames.empty()) continue;
      if (hostnames.size() == 1 && hostnames[0] == "*") hostnames.clear();
      ingest_rules(*route, hostnames, listener.port, index, options, ingested.rules);
    }
    listeners.push_back(std::move(ingested));
  }
  return listeners;
}

std::vector<int> redirected_ports(const ParentReference& parent, const KubeService& service) {
  if (parent.port) return {*parent.port};
  std::vector<int> ports;
  for (const ServicePort& port : service.ports)
    if (port.protocol != "TCP" || port.app_protocol == "http") ports.push_back(port.port);
  return ports;
}

std::vector<IngestedListener> ingest_services(const std::vector<const HttpRoute*>& routes,
                                              const ResourceIndex& index, const Options& options) {
  std::vector<IngestedListener> listeners;
  for (const HttpRoute* route : routes)
    for (const ParentReference& parent : route->parent_refs) {
      if (!parent.group.empty() || parent.kind != "Service") continue;
      const std::string key = parent.namespace_ + "/" + parent.name;
      const KubeService* service = index.service(key);
      if (!service) continue;
      for (const int port : redirected_ports(parent, *service)) {
        IngestedListener& listener = listeners.emplace_back();
        listener.owner = key;
        listener.port = port;
        ingest_rules(*route, {"*"}, port, index, options, listener.rules);
      }
    }
  return listeners;
}

}  // namespace spillway::model::cilium
