#include "model/profiles/proxy_kinds.h"

#include <fmt/format.h>

#include <algorithm>

namespace spillway::model {
namespace {

/// Who sends requests: traffic sources, and services with the labels of their pods.
std::vector<ClientPods> clients(const Spec& spec) {
  std::vector<ClientPods> list;
  for (const Traffic& traffic : spec.scenario.traffic)
    list.push_back({traffic.name, traffic.from_namespace, {}, traffic.meshed});
  for (const Service& service : spec.scenario.services) {
    ClientPods& pods =
        list.emplace_back(ClientPods{service.scope(), service.namespace_, {}, service.meshed});
    for (const KubeService& kube : spec.resources.services)
      if (kube.meta.name == service.name && kube.meta.namespace_ == service.namespace_)
        pods.labels = kube.selector;
  }
  return list;
}

using Entered = std::map<const EnvoyProxy*, std::map<std::string, int>>;

/// Ports by proxy and route configuration. Asking makes a DataPlane make its proxies.
Entered enter_all(DataPlane& plane, const Spec& spec) {
  Entered entered;
  const auto add = [&](const ProxyEntry& entry, int port) {
    if (entry.proxy && !entry.route_config.empty())
      entered[entry.proxy].emplace(entry.route_config, port);
  };
  const std::vector<ClientPods> senders = clients(spec);
  for (const KubeService& service : spec.resources.services)
    for (const ServicePort& port : service.ports) {
      for (const ClientPods& client : senders)
        add(plane.to_service(client, service, port.port), port.port);
      add(plane.to_pods(nullptr, service, port.port), port.port);
    }
  for (const Gateway& gateway : spec.resources.gateways)
    for (const Listener& listener : gateway.listeners)
      if (listener.protocol == "HTTP" || listener.protocol == "HTTPS")
        add(plane.to_gateway(gateway, listener.port), listener.port);
  return entered;
}

/// Proxies before the pods of a Service are told apart by their configurations only.
std::string kind_name(const EnvoyProxy& proxy) {
  if (proxy.placement != Placement::server_pod) return proxy.name;
  const std::string key = proxy.config.substr(proxy.config.rfind(' ') + 1);
  const std::size_t slash = key.find('/');
  return fmt::format("{}-inbound/{}.{}", proxy.name, key.substr(slash + 1), key.substr(0, slash));
}

}  // namespace

std::vector<ProxyKind> proxy_kinds(DataPlane& plane, const Spec& spec) {
  Entered entered = enter_all(plane, spec);
  std::map<std::string, ProxyKind> kinds;
  for (const EnvoyProxy* proxy : plane.proxies()) {
    ProxyKind& kind = kinds[kind_name(*proxy)];
    kind.name = kind_name(*proxy);
    kind.parts.push_back({proxy, std::move(entered[proxy])});
  }
  std::vector<ProxyKind> list;
  for (auto& [name, kind] : kinds) list.push_back(std::move(kind));
  return list;
}

}  // namespace spillway::model
