// All proxies of an Envoy-based implementation with what each is given, whether or not a request
// meets them: what reviews and comparisons of manifests look at. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/envoy/config.h"
#include "model/profiles/cilium/options.h"
#include "model/profiles/istio/version.h"
#include "model/profiles/kgateway/options.h"
#include "model/profiles/translation.h"
#include "model/resources/resources.h"
#include "model/spec/scenario.h"

namespace spillway::model {

struct ProxyView {
  enum class Kind { sidecar, server_sidecar, waypoint, gateway, node };
  Kind kind = Kind::gateway;
  std::string name;   ///< "waypoint shop/waypoint", "sidecars in shop"
  std::string scope;  ///< sidecar: namespace of the clients; else "ns/name" that it serves
  envoy::ProxyConfig config;
  std::vector<std::string> refused;  ///< why Envoy does not take it; empty: it does
};

/// An implementation at one version, with the options that decide about configuration.
struct ControlView {
  std::string profile;
  /// monostate: not based on Envoy.
  std::variant<std::monostate, istio::Behavior, cilium::Options, kgateway::Options> behavior;
  bool alpha_gateway_api = false;  ///< Istio

  bool is_envoy() const { return behavior.index() != 0; }
};

/// Reads profile, version and options; unknown ones count as the newest and as the default.
ControlView control_view(const MeshSpec& mesh);

/// The proxies by kind and name; none of a profile that is not based on Envoy.
std::vector<ProxyView> proxy_views(const Resources& resources, const ControlView& control);

/// Conditions of routes at their parents; none of a profile that is not based on Envoy.
std::vector<RouteCondition> route_conditions(const Resources& resources,
                                             const ControlView& control);
/// Objects that the CRDs of this version refuse.
std::vector<Refusal> refused_objects(const Resources& resources, const ControlView& control);

}  // namespace spillway::model
