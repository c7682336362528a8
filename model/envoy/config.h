// What one kind of Envoy proxy is given. Plain values.
#pragma once

#include <vector>

#include "model/envoy/cluster_config.h"
#include "model/envoy/route_config.h"

namespace spillway::model::envoy {

struct ProxyConfig {
  std::vector<RouteConfiguration> route_configs;
  std::vector<Cluster> clusters;
};

}  // namespace spillway::model::envoy
