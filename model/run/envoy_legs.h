// How a leg of a Mesh becomes one that Envoys execute. Used while compiling.
#pragma once

#include <optional>
#include <vector>

#include "model/envoy/config.h"
#include "model/run/mesh.h"

namespace spillway::model {

/// Adds what `instances` Envoys have of a cluster with these hosts and returns the first, for
/// Hop::cluster. `http2`: towards the hosts. `seed`: by which its draws are told from others'.
Id add_envoy_cluster(Mesh& mesh, const envoy::Cluster& cluster, bool http2,
                     const std::vector<EnvoyHost>& hosts, sim::Key seed, std::uint32_t instances);

/// Lets `leg` be executed as this route action says: its executor, config and timers. Hops (one a
/// weighted cluster, Hop::To::cluster) and mirrors are the caller's to add. `fault`: of the filter
/// ahead of the router.
void set_envoy_route(Mesh& mesh, Leg& leg, const envoy::RouteAction& route,
                     const std::optional<envoy::HttpFault>& fault);

/// The filters ahead of the router, one of each an instance; call it once a proxy and give the same
/// ids to all its legs.
void add_envoy_filters(Mesh& mesh, Leg& leg, const envoy::ProxyConfig& proxy,
                       std::uint32_t instances);

}  // namespace spillway::model
