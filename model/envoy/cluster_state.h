// All that one Envoy process keeps of one cluster: breakers, connection pools, balancer, outlier
// detection. Plain value; one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "model/envoy/host_pool.h"
#include "model/envoy/load_balancer.h"
#include "model/envoy/outlier_detection.h"
#include "model/envoy/resources.h"

namespace spillway::model::envoy {

/// A cluster with Envoy's defaults in place.
struct ClusterSettings {
  Limits limits;
  BalancerSettings balancer;
  OutlierSettings outlier;
  sim::Duration update_merge_window{1'000'000'000};
  sim::Duration connect_timeout{5'000'000'000};
  std::uint32_t streams_per_connection = 1;
  bool operator==(const ClusterSettings&) const = default;
};

/// Requests that an HTTP/2 connection of Envoy carries at once, as good as unlimited.
inline constexpr std::uint32_t kHttp2Streams = 1 << 20;

/// `http2`: towards its hosts.
ClusterSettings cluster_settings(const Cluster& cluster, bool http2);

struct ClusterState {
  /// `seed`: of this instance; decides where rotations, sweeps and ticks start. `start`: when the
  /// process started.
  ClusterState(const ClusterSettings& given, std::uint32_t hosts, sim::Key seed,
               sim::Time start = {});

  ClusterSettings settings;
  Resources resources;
  std::vector<HostPool> pools;  ///< by host
  Balancer balancer;
  OutlierDetector outlier;
  UpdateWindow window;
  sim::Time first_sweep;
};

}  // namespace spillway::model::envoy
