#include "model/profiles/proxies.h"

#include <set>
#include <utility>

#include "model/envoy/validate.h"
#include "model/profiles/cilium/translate.h"
#include "model/profiles/istio/control_plane.h"
#include "model/profiles/kgateway/translate.h"

namespace spillway::model {
namespace {

bool flag(const MeshSpec& mesh, const char* name, bool standard) {
  const auto found = mesh.options.find(name);
  if (found == mesh.options.end()) return standard;
  const bool* value = std::get_if<bool>(&found->second.value);
  return value ? *value : standard;
}

std::set<std::string> namespaces_of(const Resources& resources) {
  std::set<std::string> names;
  for (const HttpRoute& route : resources.http_routes) names.insert(route.meta.namespace_);
  for (const KubeService& service : resources.services) names.insert(service.meta.namespace_);
  return names;
}

class Views {
 public:
  std::vector<ProxyView> take() { return std::move(views_); }

  void add(ProxyView::Kind kind, std::string name, std::string scope, envoy::ProxyConfig config) {
    std::vector<std::string> refused = envoy::refusals(config);
    views_.push_back(
        {kind, std::move(name), std::move(scope), std::move(config), std::move(refused)});
  }

  void add_istio(const Resources& resources, const ControlView& control) {
    istio::ControlPlaneOptions options;
    options.alpha_gateway_api = control.alpha_gateway_api;
    options.behavior = std::get<istio::Behavior>(control.behavior);
    const istio::ControlPlane plane(resources, options);
    if (control.profile == "istio-sidecar") add_sidecars(resources, plane);
    for (const Gateway& gateway : resources.gateways) {
      const std::string key = gateway.meta.key();
      if (istio::is_ingress_gateway(gateway, resources))
        add(ProxyView::Kind::gateway, "gateway " + key, key, plane.gateway(gateway));
      else if (control.profile == "istio-ambient" && istio::is_waypoint(gateway, resources))
        add(ProxyView::Kind::waypoint, "waypoint " + key, key, plane.waypoint(gateway));
    }
  }

  void add_cilium(const Resources& resources, const cilium::Options& options) {
    cilium::Translation translation = cilium::translate(resources, options);
    for (cilium::Config& config : translation.configs)
      add(config.gateway ? ProxyView::Kind::gateway : ProxyView::Kind::node,
          "node's Envoy for " + config.name, config.service, std::move(config.proxy));
  }

  void add_kgateway(const Resources& resources, const kgateway::Options& options) {
    kgateway::Translation translation = kgateway::translate(resources, options);
    for (kgateway::Proxy& proxy : translation.proxies)
      add(ProxyView::Kind::gateway, "gateway " + proxy.gateway, proxy.gateway,
          std::move(proxy.config));
  }

 private:
  void add_sidecars(const Resources& resources, const istio::ControlPlane& plane) {
    for (const std::string& ns : namespaces_of(resources))
      add(ProxyView::Kind::sidecar, "sidecars in " + ns, ns, plane.sidecar(ns));
    for (const KubeService& service : resources.services)
      add(ProxyView::Kind::server_sidecar, "sidecars of " + service.meta.key(), service.meta.key(),
          plane.server_sidecar(service));
  }

  std::vector<ProxyView> views_;
};

}  // namespace

ControlView control_view(const MeshSpec& mesh) {
  ControlView view{mesh.profile, {}, flag(mesh, "alphaGatewayApi", false)};
  if (mesh.profile.starts_with("istio-")) view.behavior = istio::behavior(mesh.version);
  if (mesh.profile == "cilium") view.behavior = cilium::options_for(mesh.version);
  if (mesh.profile == "kgateway") {
    kgateway::Options options = kgateway::options_for(mesh.version);
    options.experimental_features = flag(mesh, "experimentalFeatures", true);
    options.strict_validation = flag(mesh, "strictValidation", false);
    view.behavior = options;
  }
  return view;
}

std::vector<ProxyView> proxy_views(const Resources& resources, const ControlView& control) {
  Views views;
  if (std::holds_alternative<istio::Behavior>(control.behavior))
    views.add_istio(resources, control);
  else if (const auto* own = std::get_if<cilium::Options>(&control.behavior))
    views.add_cilium(resources, *own);
  else if (const auto* other = std::get_if<kgateway::Options>(&control.behavior))
    views.add_kgateway(resources, *other);
  return views.take();
}

std::vector<RouteCondition> route_conditions(const Resources& resources,
                                             const ControlView& control) {
  if (const auto* own = std::get_if<cilium::Options>(&control.behavior))
    return cilium::translate(resources, *own).conditions;
  if (const auto* own = std::get_if<kgateway::Options>(&control.behavior))
    return kgateway::translate(resources, *own).conditions;
  const auto* behavior = std::get_if<istio::Behavior>(&control.behavior);
  if (!behavior) return {};
  istio::ControlPlaneOptions options;
  options.alpha_gateway_api = control.alpha_gateway_api;
  options.behavior = *behavior;
  std::vector<RouteCondition> conditions;
  const istio::ControlPlane plane(resources, options);
  for (const istio::Condition& each : plane.conditions())
    if (each.parent)
      conditions.push_back(
          {"HTTPRoute " + each.route, *each.parent, each.type, each.status, each.reason});
  return conditions;
}

std::vector<Refusal> refused_objects(const Resources& resources, const ControlView& control) {
  const auto* own = std::get_if<kgateway::Options>(&control.behavior);
  return own ? kgateway::translate(resources, *own).unknown_fields : std::vector<Refusal>();
}

}  // namespace spillway::model
