#include "model/profiles/cilium/data_plane.h"

#include <algorithm>

#include "model/profiles/cilium/translate.h"

namespace spillway::model::cilium {
namespace {

class Plane : public DataPlane {
 public:
  Plane(const Resources& resources, const Options& options) {
    Translation translation = translate(resources, options);
    const auto refused = [&](const Config& config) {
      return std::ranges::find(translation.refused, config.name, &Refusal::config) !=
             translation.refused.end();
    };
    for (Config& config : translation.configs) {
      if (refused(config)) continue;
      proxies_.push_back({"node/cilium-envoy", config.name,
                          config.gateway ? Placement::any_node : Placement::client_node,
                          std::make_shared<envoy::ProxyConfig>(std::move(config.proxy))});
      redirected_.push_back({std::move(config.service), std::move(config.ports)});
    }
  }

  ProxyEntry to_service(const ClientPods&, const KubeService& service, int port) override {
    return entry(service.meta.key(), port);
  }

  ProxyEntry to_gateway(const Gateway& gateway, int port) override {
    return entry(gateway.meta.namespace_ + "/cilium-gateway-" + gateway.meta.name, port);
  }

  ProxyEntry to_pods(const EnvoyProxy*, const KubeService&, int) override { return {}; }

  std::vector<const EnvoyProxy*> proxies() override {
    std::vector<const EnvoyProxy*> all;
    for (const EnvoyProxy& proxy : proxies_) all.push_back(&proxy);
    return all;
  }

 private:
  struct Redirected {
    std::string service;
    std::vector<int> ports;
  };

  /// What is not redirected stays in eBPF.
  ProxyEntry entry(const std::string& service, int port) const {
    for (std::size_t i = 0; i < redirected_.size(); ++i) {
      const Redirected& one = redirected_[i];
      if (one.service != service || std::ranges::find(one.ports, port) == one.ports.end()) continue;
      const auto& configs = proxies_[i].proxy->route_configs;
      return {&proxies_[i], configs.empty() ? "" : configs.front().name, 1};
    }
    return {nullptr, "", 1};
  }

  std::vector<EnvoyProxy> proxies_;
  std::vector<Redirected> redirected_;  ///< one for each of proxies_
};

}  // namespace

std::unique_ptr<DataPlane> data_plane(const Resources& resources, const Options& options) {
  return std::make_unique<Plane>(resources, options);
}

}  // namespace spillway::model::cilium
