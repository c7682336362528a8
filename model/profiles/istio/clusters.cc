#include "model/profiles/istio/clusters.h"

#include <fmt/format.h>

#include <limits>
#include <utility>

namespace spillway::model::istio {
namespace {

constexpr std::uint32_t kUnlimited = std::numeric_limits<std::uint32_t>::max();

/// 0 cannot be told from unset.
std::uint32_t limit(int value) {
  return value > 0 ? static_cast<std::uint32_t>(value) : kUnlimited;
}

envoy::RetryBudget retry_budget(const RetryBudget& budget, const Behavior& behavior) {
  envoy::RetryBudget out;
  out.budget_percent = budget.percent.value_or(20);
  out.min_retry_concurrency = budget.min_retry_concurrency > 0 ? budget.min_retry_concurrency : 3;
  if (behavior.budget_window) out.budget_interval = budget.budget_interval;
  return out;
}

void apply_connection_pool(envoy::Cluster& cluster, const PortPolicy& policy,
                           const MeshConfig& mesh, const Behavior& behavior) {
  const ConnectionPoolSettings pool = policy.connection_pool.value_or(ConnectionPoolSettings{});
  const ConnectionPoolSettings::Tcp tcp = pool.tcp.value_or(ConnectionPoolSettings::Tcp{});
  const ConnectionPoolSettings::Http http = pool.http.value_or(ConnectionPoolSettings::Http{});
  cluster.connect_timeout = tcp.connect_timeout.value_or(mesh.connect_timeout);
  envoy::CircuitBreakers& breakers = cluster.circuit_breakers.emplace();
  breakers.max_connections = limit(tcp.max_connections);
  breakers.max_pending_requests = limit(http.http1_max_pending_requests);
  breakers.max_requests = limit(http.http2_max_requests);
  breakers.max_retries = limit(http.max_retries);
  if (policy.retry_budget) breakers.retry_budget = retry_budget(*policy.retry_budget, behavior);
  cluster.idle_timeout = http.idle_timeout ? http.idle_timeout : tcp.idle_timeout;
  if (http.max_requests_per_connection > 0)
    cluster.max_requests_per_connection =
        static_cast<std::uint32_t>(http.max_requests_per_connection);
  cluster.use_downstream_protocol = http.use_client_protocol;
}

bool upgrades_to_http2(const PortPolicy& policy, const MeshConfig& mesh, Protocol protocol) {
  if (policy.connection_pool && policy.connection_pool->http) {
    const auto& http = *policy.connection_pool->http;
    if (http.use_client_protocol || http.h2_upgrade_policy == "DO_NOT_UPGRADE") return false;
    if (http.h2_upgrade_policy == "UPGRADE") return true;
  }
  return is_http(protocol) && mesh.h2_upgrade_policy == "UPGRADE";
}

/// A count and how strictly it is enforced: not at all for 0.
void set_count(std::optional<std::uint32_t>& count, std::optional<std::uint32_t>& enforcing,
               const std::optional<std::uint32_t>& value) {
  if (!value) return;
  count = *value;
  enforcing = *value > 0 ? 100 : 0;
}

envoy::OutlierDetection outlier_detection(const OutlierDetection& outlier) {
  envoy::OutlierDetection out;
  out.enforcing_success_rate = 0;
  set_count(out.consecutive_5xx, out.enforcing_consecutive_5xx, outlier.consecutive_5xx_errors);
  set_count(out.consecutive_gateway_failure, out.enforcing_consecutive_gateway_failure,
            outlier.consecutive_gateway_errors);
  out.interval = outlier.interval;
  out.base_ejection_time = outlier.base_ejection_time;
  if (outlier.max_ejection_percent > 0)
    out.max_ejection_percent = static_cast<std::uint32_t>(outlier.max_ejection_percent);
  if (!outlier.split_external_local_origin_errors) return out;
  out.split_external_local_origin_errors = true;
  if (outlier.consecutive_local_origin_failures.value_or(0) > 0)
    set_count(out.consecutive_local_origin_failure, out.enforcing_consecutive_local_origin_failure,
              outlier.consecutive_local_origin_failures);
  out.enforcing_local_origin_success_rate = 0;
  return out;
}

void apply_panic_threshold(envoy::Cluster& cluster, const OutlierDetection* outlier,
                           const Behavior& behavior) {
  if (behavior.panic_off_everywhere) cluster.healthy_panic_threshold = 0;
  if (outlier && (outlier->min_health_percent > 0 || !behavior.panic_off_everywhere))
    cluster.healthy_panic_threshold = outlier->min_health_percent;
}

envoy::SlowStartConfig slow_start(const LoadBalancerSettings::Warmup& warmup) {
  if (warmup.plain) return {warmup.duration, {}, {}};
  return {warmup.duration, warmup.aggression.value_or(1), warmup.minimum_percent.value_or(10)};
}

void apply_hash(envoy::Cluster& cluster, const ConsistentHash& hash) {
  cluster.slow_start_config.reset();
  if (hash.maglev) {
    cluster.lb_policy = envoy::LbPolicy::maglev;
    if (hash.maglev_table_size != 0) cluster.table_size = hash.maglev_table_size;
    return;
  }
  cluster.lb_policy = envoy::LbPolicy::ring_hash;
  if (hash.minimum_ring_size != 0)
    cluster.minimum_ring_size = hash.minimum_ring_size;
  else if (!hash.ring_hash)
    cluster.minimum_ring_size = 1024;
}

void make_original_dst(envoy::Cluster& cluster) {
  cluster.type = "ORIGINAL_DST";
  cluster.lb_policy = envoy::LbPolicy::original_dst;
}

void apply_load_balancer(envoy::Cluster& cluster, const LoadBalancerSettings& balancer) {
  cluster.lb_policy = envoy::LbPolicy::least_request;
  if (balancer.simple == "RANDOM") cluster.lb_policy = envoy::LbPolicy::random;
  if (balancer.simple == "ROUND_ROBIN") cluster.lb_policy = envoy::LbPolicy::round_robin;
  if (balancer.simple == "PASSTHROUGH") return make_original_dst(cluster);
  if (balancer.warmup && balancer.simple != "RANDOM")
    cluster.slow_start_config = slow_start(*balancer.warmup);
  if (balancer.consistent_hash) apply_hash(cluster, *balancer.consistent_hash);
}

bool prefers_close(const KubeService& service) {
  const auto annotated = service.meta.annotations.find("networking.istio.io/traffic-distribution");
  const std::string& wish = annotated != service.meta.annotations.end()
                                ? annotated->second
                                : service.traffic_distribution;
  return wish.starts_with("Prefer");
}

/// What the mesh gives where neither a DestinationRule nor its port says anything.
PortPolicy with_mesh_defaults(PortPolicy policy, const MeshConfig& mesh, const Behavior& behavior) {
  if (!behavior.mesh_default_policies) return policy;
  if (!policy.connection_pool) policy.connection_pool = mesh.default_connection_pool;
  if (!policy.outlier_detection) policy.outlier_detection = mesh.default_outlier_detection;
  return policy;
}

envoy::Cluster named_cluster(std::string name, const ClusterTarget& target, Protocol protocol) {
  envoy::Cluster cluster;
  cluster.name = std::move(name);
  cluster.service = fmt::format("{}:{}", target.service->meta.key(), target.port->port);
  cluster.subset = target.subset;
  cluster.http2 = protocol == Protocol::http2 || protocol == Protocol::grpc;
  return cluster;
}

}  // namespace

envoy::Cluster outbound_cluster(std::string name, const ClusterTarget& target,
                                const PortPolicy& own, const MeshConfig& mesh,
                                const Behavior& behavior) {
  const Protocol protocol = port_protocol(*target.port);
  const PortPolicy policy = with_mesh_defaults(own, mesh, behavior);
  envoy::Cluster cluster = named_cluster(std::move(name), target, protocol);
  cluster.http2 = cluster.http2 || upgrades_to_http2(policy, mesh, protocol);
  apply_connection_pool(cluster, policy, mesh, behavior);
  const OutlierDetection* outlier = policy.outlier_detection ? &*policy.outlier_detection : nullptr;
  if (outlier) cluster.outlier_detection = outlier_detection(*outlier);
  apply_panic_threshold(cluster, outlier, behavior);
  const LoadBalancerSettings balancer = policy.load_balancer.value_or(LoadBalancerSettings{});
  cluster.locality_weighted_lb = balancer.locality_weighted ||
                                 (balancer.locality_failover && outlier) ||
                                 prefers_close(*target.service);
  if (target.service->cluster_ip == "None")
    make_original_dst(cluster);
  else
    apply_load_balancer(cluster, balancer);
  return cluster;
}

envoy::Cluster inbound_cluster(std::string name, const ClusterTarget& target,
                               const PortPolicy& policy, const MeshConfig& mesh,
                               const Behavior& behavior) {
  envoy::Cluster cluster = named_cluster(std::move(name), target, port_protocol(*target.port));
  apply_connection_pool(cluster, policy, mesh, behavior);
  make_original_dst(cluster);
  return cluster;
}

}  // namespace spillway::model::istio
