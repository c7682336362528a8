// Clusters of Istio's proxies (pilot/pkg/networking/core/cluster_traffic_policy.go). Pure
// functions; any thread.
#pragma once

#include <string>

#include "model/envoy/cluster_config.h"
#include "model/profiles/istio/destination_rules.h"
#include "model/profiles/istio/names.h"
#include "model/profiles/istio/version.h"

namespace spillway::model::istio {

/// One port of a Service, as it is seen by a proxy.
struct ClusterTarget {
  const KubeService* service = nullptr;
  const ServicePort* port = nullptr;
  std::string subset;
};

/// The way out of a sidecar, gateway or waypoint.
envoy::Cluster outbound_cluster(std::string name, const ClusterTarget& target,
                                const PortPolicy& policy, const MeshConfig& mesh,
                                const Behavior& behavior);

/// From a server's sidecar to its own application: connection pool and budget apply here too.
envoy::Cluster inbound_cluster(std::string name, const ClusterTarget& target,
                               const PortPolicy& policy, const MeshConfig& mesh,
                               const Behavior& behavior);

}  // namespace spillway::model::istio
