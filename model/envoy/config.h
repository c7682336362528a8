// What one kind of Envoy proxy is given. Plain values.
#pragma once

#include <optional>
#include <vector>

#include "model/envoy/cluster_config.h"
#include "model/envoy/filter_config.h"
#include "model/envoy/route_config.h"

namespace spillway::model::envoy {

struct ProxyConfig {
  std::vector<RouteConfiguration> route_configs;
  std::vector<Cluster> clusters;
  std::optional<sim::Duration> stream_idle_timeout;  ///< of the listeners; absent: 5 min
  std::optional<AdmissionControlConfig> admission_control;
  std::optional<AdaptiveConcurrencyConfig> adaptive_concurrency;
  bool operator==(const ProxyConfig&) const = default;
};

}  // namespace spillway::model::envoy
