// Manifests as text and what Istio's control plane makes of them, for the tests.
#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "model/profiles/istio/control_plane.h"
#include "scenarios/document.h"
#include "scenarios/manifests/manifests.h"

namespace spillway::model::istio {

/// Manifests that must be valid; objects are as old as their documents are early.
inline std::unique_ptr<Resources> read(const std::string& text) {
  auto resources = std::make_unique<Resources>();
  Diagnostics diagnostics;
  auto documents = scenarios::read_documents(text, "m.yaml");
  EXPECT_TRUE(documents);
  for (const scenarios::Node& document : *documents)
    scenarios::decode_manifest(document, Channel::experimental, *resources, diagnostics);
  for (const Diagnostic& d : diagnostics)
    if (d.severity == Severity::error) ADD_FAILURE() << to_text(d);
  return resources;
}

inline std::string service(const std::string& name,
                           const std::string& port = "{name: http, port: 80}",
                           const std::string& ns = "shop") {
  return "---\napiVersion: v1\nkind: Service\nmetadata: {name: " + name + ", namespace: " + ns +
         "}\nspec: {ports: [" + port + "]}\n";
}

/// An HTTPRoute of Service `shop/NAME` with this list of rules.
inline std::string route(const std::string& name, const std::string& rules,
                         const std::string& ns = "shop", const std::string& parent = "cart") {
  return "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: " +
         name + ", namespace: " + ns +
         "}\nspec:\n  parentRefs: [{group: '', kind: Service, name: " + parent +
         ", namespace: shop}]\n  rules: " + rules + "\n";
}

inline std::string destination_rule(const std::string& spec, const std::string& ns = "shop",
                                    const std::string& name = "dr") {
  return "---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: " +
         name + ", namespace: " + ns + "}\nspec: " + spec + "\n";
}

inline std::string virtual_service(const std::string& http, const std::string& name = "vs",
                                   const std::string& ns = "shop", const std::string& more = "") {
  return "---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: " + name +
         ", namespace: " + ns + "}\nspec: {hosts: [cart.shop.svc.cluster.local], http: " + http +
         more + "}\n";
}

struct World {
  std::unique_ptr<Resources> resources;
  ControlPlane plane;

  explicit World(const std::string& text, ControlPlaneOptions options = {})
      : resources(read(text)), plane(*resources, std::move(options)) {}

  /// The routes of Service shop/cart at a sidecar of `ns`.
  std::vector<envoy::Route> routes(const std::string& ns = "shop") const {
    for (const auto& config : plane.sidecar(ns).route_configs)
      for (const auto& host : config.virtual_hosts)
        if (host.name == "cart.shop.svc.cluster.local:80") return host.routes;
    return {};
  }
  /// Its first route's action.
  envoy::RouteAction action(const std::string& ns = "shop") const {
    const auto all = routes(ns);
    return all.empty() || !all[0].route ? envoy::RouteAction{} : *all[0].route;
  }
  envoy::Cluster cluster(const std::string& name = "outbound|80||cart.shop.svc.cluster.local",
                         const std::string& ns = "shop") const {
    return find(plane.sidecar(ns), name);
  }
  static envoy::Cluster find(const envoy::ProxyConfig& config, const std::string& name) {
    for (const envoy::Cluster& each : config.clusters)
      if (each.name == name) return each;
    return {};
  }
  const Condition* condition(const std::string& type) const {
    for (const Condition& each : plane.conditions())
      if (each.type == type) return &each;
    return nullptr;
  }
};

inline std::vector<std::string> names(const std::vector<envoy::Route>& routes) {
  std::vector<std::string> all;
  for (const envoy::Route& each : routes) all.push_back(each.name);
  return all;
}

}  // namespace spillway::model::istio
