// Envoy's configuration as JSON of its API v3 (protojson with the names of the proto files): fields
// at their proto default are left out, durations are written "0.700s", numbers in wrappers as plain
// numbers. Pure functions; any thread.
#pragma once

#include <string>

#include "model/envoy/config.h"

namespace spillway::reports {

/// config.route.v3.Route, with the fault and CORS filters under typed_per_filter_config.
std::string envoy_json(const model::envoy::Route& route);
/// config.route.v3.VirtualHost.
std::string envoy_json(const model::envoy::VirtualHost& host);
/// config.route.v3.RouteConfiguration.
std::string envoy_json(const model::envoy::RouteConfiguration& config);
/// config.cluster.v3.Cluster without endpoints; `lb_policy` is always written.
std::string envoy_json(const model::envoy::Cluster& cluster);

/// "4s", "0.700s", "0.000025s": with 0, 3, 6 or 9 decimals, whichever suffices.
std::string proto_duration(sim::Duration duration);

}  // namespace spillway::reports
