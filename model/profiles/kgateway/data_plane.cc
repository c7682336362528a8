#include "model/profiles/kgateway/data_plane.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/profiles/kgateway/translate.h"

namespace spillway::model::kgateway {
namespace {

class Plane : public DataPlane {
 public:
  Plane(const Resources& resources, const Options& options) {
    Translation translation = translate(resources, options);
    for (Proxy& proxy : translation.proxies) {
      if (std::ranges::find(translation.refused, proxy.gateway, &Refusal::config) !=
          translation.refused.end())
        continue;
      const std::size_t slash = proxy.gateway.find('/');
      const std::string name = fmt::format("gateway/{}.{}", proxy.gateway.substr(slash + 1),
                                           proxy.gateway.substr(0, slash));
      proxies_[proxy.gateway] = {name, name, Placement::gateway,
                                 std::make_shared<envoy::ProxyConfig>(std::move(proxy.config))};
    }
  }

  ProxyEntry to_service(const ClientPods&, const KubeService&, int) override { return {}; }

  ProxyEntry to_gateway(const Gateway& gateway, int port) override {
    const auto proxy = proxies_.find(gateway.meta.key());
    if (proxy == proxies_.end()) return {};
    return {&proxy->second, fmt::format("listener~{}", port), 0};
  }

  ProxyEntry to_pods(const EnvoyProxy*, const KubeService&, int) override { return {}; }

  std::vector<const EnvoyProxy*> proxies() override {
    std::vector<const EnvoyProxy*> all;
    for (const auto& [gateway, proxy] : proxies_) all.push_back(&proxy);
    return all;
  }

 private:
  std::map<std::string, EnvoyProxy> proxies_;  ///< by gateway
};

}  // namespace

std::unique_ptr<DataPlane> data_plane(const Resources& resources, const Options& options) {
  return std::make_unique<Plane>(resources, options);
}

}  // namespace spillway::model::kgateway
