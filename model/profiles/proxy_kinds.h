// All kinds of proxy that the manifests and the clients of a scenario give rise to, with what each
// is given: what `export envoy` writes, a file a kind.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/profiles/data_plane.h"

namespace spillway::model {

struct ProxyKind {
  /// A configuration that the proxies of this kind have.
  struct Part {
    const EnvoyProxy* proxy = nullptr;  ///< of the DataPlane
    std::map<std::string, int> ports;   ///< on which requests enter, by route configuration
  };
  std::string name;  ///< "waypoint/wp.shop", "sidecar/cart.shop", "sidecar-inbound/cart.shop"
  std::vector<Part> parts;
};

/// By name. Every meshed traffic source and service of the scenario sends to every port of every
/// Service, every Gateway is entered. `spec`: the one that `plane` was made of.
std::vector<ProxyKind> proxy_kinds(DataPlane& plane, const Spec& spec);

}  // namespace spillway::model
