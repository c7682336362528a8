#include "model/envoy/cluster_state.h"

namespace spillway::model::envoy {
namespace {

enum Part : std::uint64_t { kRotation = 1, kEjections = 2, kSweep = 3, kTick = 4 };

/// A moment within one period before or after `start`: when the process really started is unknown.
sim::Time phase(sim::Key seed, Part part, sim::Duration period, sim::Time start, int sign) {
  const double share = sim::Draw(sim::combine(seed, part)).uniform();
  return start + sim::from_seconds(share * period.seconds()) * sign;
}

}  // namespace

ClusterSettings cluster_settings(const Cluster& cluster, bool http2) {
  ClusterSettings settings;
  settings.limits = limits(cluster.circuit_breakers);
  settings.balancer = balancer_settings(cluster);
  settings.outlier = outlier_settings(cluster.outlier_detection);
  settings.update_merge_window = cluster.update_merge_window.value_or(settings.update_merge_window);
  settings.connect_timeout = cluster.connect_timeout.value_or(settings.connect_timeout);
  if (http2) settings.streams_per_connection = kHttp2Streams;
  return settings;
}

ClusterState::ClusterState(const ClusterSettings& given, std::uint32_t hosts, sim::Key seed,
                           sim::Time start)
    : settings(given),
      resources(given.limits,
                given.limits.budget_interval
                    ? phase(seed, kTick, {given.limits.budget_interval->ns / 10}, start, -1)
                    : start),
      pools(hosts, HostPool(given.streams_per_connection)),
      balancer(given.balancer, std::vector<std::uint32_t>(hosts, 1), sim::combine(seed, kRotation),
               start),
      outlier(given.outlier, hosts, sim::combine(seed, kEjections)),
      window(given.update_merge_window),
      first_sweep(phase(seed, kSweep, given.outlier.interval, start, 1)) {}

}  // namespace spillway::model::envoy
