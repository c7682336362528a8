// Routes of VirtualServices (users' own and those made of HTTPRoutes) as Envoy's
// (pilot/pkg/networking/core/route/route.go). Pure functions; any thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/envoy/route_config.h"
#include "model/resources/istio.h"

namespace spillway::model::istio {

/// A VirtualService in force, with full host names. `gateway_semantics`: made of HTTPRoutes, whose
/// prefixes end at "/" and whose missing clusters answer 500.
struct RouteSet {
  ObjectMeta meta;
  std::vector<std::string> hosts;
  std::vector<std::string> gateways;  ///< "mesh", or a listener of a Gateway
  std::vector<HttpRoute> http;
  std::vector<std::string> export_to;
  bool gateway_semantics = false;
};

/// Where the routes are for: one port of one proxy.
struct RouteContext {
  int listen_port = 0;
  std::string_view gateway = "mesh";
  std::string_view proxy_namespace;
  const std::map<std::string, std::string>* proxy_labels = nullptr;  ///< null: none
  bool source_labels = true;  ///< off: a match by source labels never applies (waypoints)
  bool tls = false;
  const MeshConfig* mesh = nullptr;
  /// The cluster of a destination.
  std::function<std::string(const Destination&)> cluster;
  /// The consistent hash of a destination's DestinationRule; null: none.
  std::function<const ConsistentHash*(const Destination&)> hash;
};

/// In order, up to the first that takes every request; empty where none applies here.
std::vector<envoy::Route> translate(const RouteSet& routes, const RouteContext& context);

/// Of a Service without routes of its own: to its cluster, with the mesh's default retries.
envoy::Route default_route(std::string cluster, const MeshConfig& mesh, const ConsistentHash* hash);

/// Of a server's own sidecar.
envoy::Route inbound_route(std::string cluster, const MeshConfig& mesh, bool grpc);

bool is_catch_all(const envoy::Route& route);

}  // namespace spillway::model::istio
