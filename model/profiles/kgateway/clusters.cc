#include "model/profiles/kgateway/clusters.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/envoy/validate.h"
#include "model/profiles/kgateway/actions.h"

namespace spillway::model::kgateway {
namespace {

using namespace sim::literals;

std::optional<std::uint32_t> as_unsigned(const std::optional<int>& value) {
  return value ? std::optional(static_cast<std::uint32_t>(*value)) : std::nullopt;
}

envoy::CircuitBreakers circuit_breakers(const CircuitBreakers& given) {
  return {as_unsigned(given.max_connections), as_unsigned(given.max_pending_requests),
          as_unsigned(given.max_requests), as_unsigned(given.max_retries), std::nullopt};
}

envoy::OutlierDetection outlier_detection(const OutlierDetection& given) {
  envoy::OutlierDetection outlier;
  outlier.consecutive_5xx = static_cast<std::uint32_t>(given.consecutive_5xx);
  outlier.interval = given.interval;
  outlier.base_ejection_time = given.base_ejection_time;
  outlier.max_ejection_percent = static_cast<std::uint32_t>(given.max_ejection_percent);
  outlier.enforcing_consecutive_5xx = as_unsigned(given.enforcing_consecutive_5xx);
  outlier.split_external_local_origin_errors =
      given.split_external_local_origin_errors.value_or(false);
  outlier.consecutive_local_origin_failure = as_unsigned(given.consecutive_local_origin_failure);
  outlier.enforcing_consecutive_local_origin_failure =
      as_unsigned(given.enforcing_consecutive_local_origin_failure);
  return outlier;
}

envoy::LbPolicy lb_policy(LoadBalancer::Kind kind) {
  switch (kind) {
    case LoadBalancer::Kind::least_request:
      return envoy::LbPolicy::least_request;
    case LoadBalancer::Kind::round_robin:
      return envoy::LbPolicy::round_robin;
    case LoadBalancer::Kind::ring_hash:
      return envoy::LbPolicy::ring_hash;
    case LoadBalancer::Kind::maglev:
      return envoy::LbPolicy::maglev;
    case LoadBalancer::Kind::random:
      return envoy::LbPolicy::random;
  }
  return envoy::LbPolicy::round_robin;
}

envoy::HashPolicy hash_policy(const HashPolicy& given) {
  using Kind = envoy::HashPolicy::Kind;
  envoy::HashPolicy policy;
  policy.kind = given.kind == HashPolicy::Kind::header   ? Kind::header
                : given.kind == HashPolicy::Kind::cookie ? Kind::cookie
                                                         : Kind::source_ip;
  policy.name = given.name;
  policy.terminal = given.terminal;
  policy.ttl = given.ttl;
  policy.path = given.path;
  return policy;
}

void set_load_balancer(const LoadBalancer& given, envoy::Cluster& cluster) {
  using Kind = LoadBalancer::Kind;
  cluster.lb_policy = lb_policy(given.kind);
  cluster.typed_lb_policy = true;
  cluster.locality_weighted_lb &= given.kind != Kind::ring_hash && given.kind != Kind::maglev;
  cluster.choice_count = as_unsigned(given.choice_count);
  if (given.slow_start) {
    auto& slow_start = cluster.slow_start_config.emplace();
    slow_start.slow_start_window = given.slow_start->window;
    slow_start.aggression = given.slow_start->aggression;
    if (given.slow_start->min_weight_percent)
      slow_start.min_weight_percent = *given.slow_start->min_weight_percent;
  }
  if (given.minimum_ring_size)
    cluster.minimum_ring_size = static_cast<std::uint64_t>(*given.minimum_ring_size);
  if (given.maximum_ring_size)
    cluster.maximum_ring_size = static_cast<std::uint64_t>(*given.maximum_ring_size);
  cluster.hash_policy.clear();
  for (const HashPolicy& policy : given.hash_policies)
    cluster.hash_policy.push_back(hash_policy(policy));
  if (given.healthy_panic_threshold)
    cluster.healthy_panic_threshold = *given.healthy_panic_threshold;
  cluster.update_merge_window = given.update_merge_window;
}

void apply(const BackendConfigPolicy& policy, envoy::Cluster& cluster) {
  if (policy.connect_timeout) cluster.connect_timeout = policy.connect_timeout;
  if (policy.circuit_breakers)
    cluster.circuit_breakers = circuit_breakers(*policy.circuit_breakers);
  if (policy.outlier_detection)
    cluster.outlier_detection = outlier_detection(*policy.outlier_detection);
  if (policy.load_balancer) set_load_balancer(*policy.load_balancer, cluster);
  if (!policy.http) return;
  cluster.idle_timeout = policy.http->idle_timeout;
  cluster.max_stream_duration = policy.http->max_stream_duration;
  cluster.max_requests_per_connection = as_unsigned(policy.http->max_requests_per_connection);
}

/// Envoy knows it by the name alone, without any endpoint.
envoy::Cluster empty_cluster(const envoy::Cluster& refused) {
  envoy::Cluster cluster;
  cluster.name = refused.name;
  cluster.type = "STATIC";
  return cluster;
}

void configure(envoy::Cluster& cluster, std::vector<const BackendConfigPolicy*> policies,
               const Options& options) {
  cluster.connect_timeout = 5_s;
  cluster.locality_weighted_lb = options.locality_weighted;
  std::erase_if(policies, [&](const BackendConfigPolicy* policy) {
    return !options.new_outlier_fields && policy->outlier_detection &&
           policy->outlier_detection->has_new_fields();
  });
  if (!options.newer_backend_config_wins) std::ranges::reverse(policies);
  for (const BackendConfigPolicy* policy : policies) apply(*policy, cluster);
  if (options.strict_validation && !envoy::refusals(cluster).empty())
    cluster = empty_cluster(cluster);
}

bool is_address(const std::string& host) {
  return host.find_first_not_of("0123456789.") == std::string::npos ||
         host.find(':') != std::string::npos;
}

}  // namespace

std::vector<envoy::Cluster> make_clusters(const Resources& resources, const PolicyIndex& policies,
                                          const Options& options) {
  std::vector<envoy::Cluster> clusters;
  for (const KubeService& service : resources.services)
    for (const ServicePort& port : service.ports) {
      envoy::Cluster& cluster = clusters.emplace_back();
      cluster.name = cluster_name(service.meta.namespace_, service.meta.name, port.port);
      cluster.service = fmt::format("{}:{}", service.meta.key(), port.port);
      configure(cluster, policies.for_service(service), options);
    }
  for (const Backend& backend : resources.kgateway_backends) {
    envoy::Cluster& cluster = clusters.emplace_back();
    cluster.name = cluster_name(backend);
    const bool addresses = std::ranges::all_of(
        backend.hosts, [](const Backend::Host& host) { return is_address(host.host); });
    cluster.type = addresses ? "STATIC" : "STRICT_DNS";
    configure(cluster, policies.for_backend(backend), options);
  }
  std::ranges::stable_sort(clusters, {}, &envoy::Cluster::name);
  return clusters;
}

}  // namespace spillway::model::kgateway
