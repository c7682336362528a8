// What Envoy itself refuses of a configuration: the constraints of its API and the checks that it
// makes while it loads, as far as they concern what ProxyConfig holds. Pure function; any thread.
#pragma once

#include <string>
#include <vector>

#include "model/envoy/config.h"

namespace spillway::model::envoy {

/// One clause for each thing that a real Envoy refuses (it takes none of the resource then), worded
/// as Envoy words it; empty where it takes the configuration. Sources: api/envoy/config/route/v3,
/// source/common/router/{config_impl,header_parser}.cc, api/envoy/config/cluster/v3.
std::vector<std::string> refusals(const ProxyConfig& config);
std::vector<std::string> refusals(const RouteConfiguration& routes);
std::vector<std::string> refusals(const Cluster& cluster);

}  // namespace spillway::model::envoy
