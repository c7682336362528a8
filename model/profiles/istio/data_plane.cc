#include "model/profiles/istio/data_plane.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/profiles/istio/names.h"

namespace spillway::model::istio {
namespace {

using ConfigPtr = std::shared_ptr<const envoy::ProxyConfig>;

std::string dotted(const ObjectMeta& meta) { return meta.name + "." + meta.namespace_; }

/// Whether configurations of two clients of one namespace can differ.
bool labels_matter(const Resources& resources) {
  const auto selects = [](const DestinationRule& rule) { return !rule.workload_selector.empty(); };
  if (std::ranges::any_of(resources.destination_rules, selects)) return true;
  for (const VirtualService& service : resources.virtual_services)
    for (const HttpRoute& http : service.http)
      for (const HttpMatchRequest& match : http.match)
        if (!match.source_labels.empty()) return true;
  return false;
}

const ServicePort* port_of(const KubeService& service, int port) {
  const auto found = std::ranges::find(service.ports, port, &ServicePort::port);
  return found == service.ports.end() ? nullptr : &*found;
}

bool has_config(const EnvoyProxy& proxy, std::string_view name) {
  return std::ranges::find(proxy.proxy->route_configs, name, &envoy::RouteConfiguration::name) !=
         proxy.proxy->route_configs.end();
}

class Plane : public DataPlane {
 public:
  Plane(const Resources& resources, const ControlPlaneOptions& options, Mode mode)
      : control_(resources, options), mode_(mode), labels_matter_(labels_matter(resources)) {}

  ProxyEntry to_service(const ClientPods& client, const KubeService& service, int port) override {
    if (mode_ == Mode::sidecar) return through_sidecar(client, service, port);
    const int ztunnels = client.meshed ? 2 : 1;
    if (mode_ == Mode::ambient_l4 || !client.meshed) return {nullptr, "", ztunnels};
    for (const Gateway& gateway : control_.resources().gateways) {
      if (!is_waypoint(gateway, control_.resources()) || !control_.serves(gateway, service))
        continue;
      const EnvoyProxy& proxy = proxy_of(
          fmt::format("waypoint/{}", dotted(gateway.meta)), Placement::waypoint,
          [&] { return std::make_shared<envoy::ProxyConfig>(control_.waypoint(gateway)); });
      const std::string name = cluster_name(
          "inbound-vip", port, "http", service_host(service.meta.namespace_, service.meta.name));
      if (has_config(proxy, name)) return {&proxy, name, 1};
    }
    return {nullptr, "", ztunnels};
  }

  ProxyEntry to_gateway(const Gateway& gateway, int port) override {
    const EnvoyProxy& proxy =
        proxy_of(fmt::format("gateway/{}", dotted(gateway.meta)), Placement::gateway,
                 [&] { return std::make_shared<envoy::ProxyConfig>(control_.gateway(gateway)); });
    const std::string https = fmt::format("https.{}.", port);
    for (const envoy::RouteConfiguration& config : proxy.proxy->route_configs)
      if (config.name == fmt::format("http.{}", port) || config.name.starts_with(https))
        return {&proxy, config.name, 0};
    return {&proxy, "", 0};
  }

  ProxyEntry to_pods(const EnvoyProxy* from, const KubeService& service, int port) override {
    if (mode_ != Mode::sidecar) return {nullptr, "", from ? 1 : 0};
    const ServicePort* own = port_of(service, port);
    if (!own || !has_routes(port_protocol(*own))) return {};
    const std::string name = fmt::format("inbound {}", service.meta.key());
    EnvoyProxy& proxy = proxies_[name];
    if (!proxy.proxy)
      proxy = {"sidecar", name, Placement::server_pod,
               std::make_shared<envoy::ProxyConfig>(control_.server_sidecar(service))};
    const int* target = std::get_if<int>(&own->target_port);
    return {&proxy, cluster_name("inbound", target && *target != 0 ? *target : own->port, "", ""),
            0};
  }

  std::vector<const EnvoyProxy*> proxies() override {
    std::vector<const EnvoyProxy*> all;
    for (const auto& [name, proxy] : proxies_) all.push_back(&proxy);
    return all;
  }

 private:
  template <class Make>
  const EnvoyProxy& proxy_of(const std::string& name, Placement placement, Make&& make) {
    EnvoyProxy& proxy = proxies_[name];
    if (!proxy.proxy) proxy = {name, name, placement, make()};
    return proxy;
  }

  /// Ports that only speak HTTP share a route configuration, sniffed ones have one of their own.
  ProxyEntry through_sidecar(const ClientPods& client, const KubeService& service, int port) {
    const ServicePort* own = port_of(service, port);
    if (!client.meshed || !own || !has_routes(port_protocol(*own))) return {};
    const EnvoyProxy& proxy =
        proxy_of(fmt::format("sidecar/{}", client.scope), Placement::client_pod, [&] {
          const ControlPlane::Labels labels =
              labels_matter_ ? client.labels : ControlPlane::Labels();
          ConfigPtr& config = sidecars_[{client.namespace_, labels}];
          if (!config)
            config =
                std::make_shared<envoy::ProxyConfig>(control_.sidecar(client.namespace_, labels));
          return config;
        });
    std::string name = std::to_string(port);
    if (!is_http(port_protocol(*own)))
      name = fmt::format("{}:{}", service_host(service.meta.namespace_, service.meta.name), port);
    return has_config(proxy, name) ? ProxyEntry{&proxy, name, 0} : ProxyEntry{};
  }

  ControlPlane control_;
  Mode mode_;
  bool labels_matter_;
  std::map<std::pair<std::string, ControlPlane::Labels>, ConfigPtr> sidecars_;
  std::map<std::string, EnvoyProxy> proxies_;
};

}  // namespace

std::unique_ptr<DataPlane> data_plane(const Resources& resources,
                                      const ControlPlaneOptions& options, Mode mode) {
  return std::make_unique<Plane>(resources, options, mode);
}

Mode mode_of(std::string_view profile) {
  return profile == "istio-sidecar"      ? Mode::sidecar
         : profile == "istio-ambient-l4" ? Mode::ambient_l4
                                         : Mode::ambient;
}

}  // namespace spillway::model::istio
