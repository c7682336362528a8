#include "scenarios/manifests/access.h"
#include "scenarios/manifests/decode.h"

namespace spillway::scenarios::manifests {
namespace {

namespace istio = model::istio;

std::optional<std::uint32_t> count_of(const Node& node, std::string_view key) {
  const auto number = number_of(node, key);
  return number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
}

istio::ConnectionPoolSettings decode_connection_pool(const Node& node) {
  istio::ConnectionPoolSettings pool;
  if (const Node* tcp = node.find("tcp"))
    pool.tcp = {number_of(*tcp, "maxConnections").value_or(0),
                go_duration_of(*tcp, "connectTimeout"), go_duration_of(*tcp, "idleTimeout")};
  if (const Node* http = node.find("http"))
    pool.http = {number_of(*http, "http1MaxPendingRequests").value_or(0),
                 number_of(*http, "http2MaxRequests").value_or(0),
                 number_of(*http, "maxRequestsPerConnection").value_or(0),
                 number_of(*http, "maxRetries").value_or(0),
                 go_duration_of(*http, "idleTimeout"),
                 std::string(text_of(*http, "h2UpgradePolicy")),
                 flag_of(*http, "useClientProtocol")};
  return pool;
}

istio::OutlierDetection decode_outlier_detection(const Node& node, const model::Place& place) {
  istio::OutlierDetection outlier;
  outlier.consecutive_5xx_errors = count_of(node, "consecutive5xxErrors");
  outlier.consecutive_gateway_errors = count_of(node, "consecutiveGatewayErrors");
  outlier.consecutive_local_origin_failures = count_of(node, "consecutiveLocalOriginFailures");
  outlier.interval = go_duration_of(node, "interval");
  outlier.base_ejection_time = go_duration_of(node, "baseEjectionTime");
  outlier.max_ejection_percent = number_of(node, "maxEjectionPercent").value_or(0);
  outlier.min_health_percent = number_of(node, "minHealthPercent").value_or(0);
  outlier.split_external_local_origin_errors = flag_of(node, "splitExternalLocalOriginErrors");
  outlier.place = place;
  return outlier;
}

istio::ConsistentHash decode_consistent_hash(const Node& node) {
  using Key = istio::ConsistentHash::Key;
  istio::ConsistentHash hash;
  for (const auto& [name, key] : {std::pair("httpHeaderName", Key::header),
                                  std::pair("httpQueryParameterName", Key::query_parameter)})
    if (has(node, name)) {
      hash.key = key;
      hash.name = text_of(node, name);
    }
  if (const Node* cookie = node.find("httpCookie")) {
    hash.key = Key::cookie;
    hash.name = text_of(*cookie, "name");
    hash.path = text_of(*cookie, "path");
    hash.ttl = go_duration_of(*cookie, "ttl");
  }
  if (has(node, "useSourceIp")) hash.key = Key::source_ip;
  hash.minimum_ring_size = count_of(node, "minimumRingSize").value_or(0);
  if (const Node* ring = node.find("ringHash")) {
    hash.ring_hash = true;
    hash.minimum_ring_size = count_of(*ring, "minimumRingSize").value_or(0);
  }
  if (const Node* maglev = node.find("maglev")) {
    hash.maglev = true;
    hash.maglev_table_size = count_of(*maglev, "tableSize").value_or(0);
  }
  return hash;
}

istio::LoadBalancerSettings decode_load_balancer(const Node& node) {
  istio::LoadBalancerSettings balancer;
  balancer.simple = text_of(node, "simple");
  if (const Node* hash = node.find("consistentHash"))
    balancer.consistent_hash = decode_consistent_hash(*hash);
  if (const Node* warmup = node.find("warmup"))
    balancer.warmup = {go_duration_of(*warmup, "duration"), decimal_of(*warmup, "minimumPercent"),
                       decimal_of(*warmup, "aggression"), false};
  else if (has(node, "warmupDurationSecs"))
    balancer.warmup = {go_duration_of(node, "warmupDurationSecs"), {}, {}, true};
  const Node& locality = child_of(node, "localityLbSetting");
  if (!has(locality, "enabled") || flag_of(locality, "enabled")) {
    balancer.locality_weighted = has(locality, "distribute");
    balancer.locality_failover = has(locality, "failover") || has(locality, "failoverPriority");
  }
  return balancer;
}

/// The three blocks that a policy and its settings for a port have in common.
template <class Policy>
void decode_blocks(const Node& node, Policy& policy) {
  if (const Node* pool = node.find("connectionPool"))
    policy.connection_pool = decode_connection_pool(*pool);
  if (const Node* outlier = node.find("outlierDetection"))
    policy.outlier_detection =
        decode_outlier_detection(*outlier, place_of(node, "outlierDetection"));
  if (const Node* balancer = node.find("loadBalancer"))
    policy.load_balancer = decode_load_balancer(*balancer);
}

istio::TrafficPolicy decode_traffic_policy(const Node& node) {
  istio::TrafficPolicy policy;
  decode_blocks(node, policy);
  if (const Node* budget = node.find("retryBudget"))
    policy.retry_budget = {
        decimal_of(*budget, "percent"), count_of(*budget, "minRetryConcurrency").value_or(0),
        go_duration_of(*budget, "budgetInterval"), place_of(node, "retryBudget")};
  for (const Node& item : items_of(node, "portLevelSettings")) {
    istio::TrafficPolicy::PortSettings& port = policy.port_level_settings.emplace_back();
    port.port = number_of(child_of(item, "port"), "number").value_or(0);
    decode_blocks(item, port);
    port.place = item.place;
  }
  return policy;
}

}  // namespace

istio::DestinationRule decode_destination_rule(const Node& manifest) {
  const Node& spec = *manifest.find("spec");
  istio::DestinationRule rule;
  rule.meta = decode_meta(manifest, Scope::namespaced);
  rule.host = text_of(spec, "host");
  if (const Node* policy = spec.find("trafficPolicy"))
    rule.traffic_policy = decode_traffic_policy(*policy);
  for (const Node& item : items_of(spec, "subsets")) {
    istio::Subset& subset = rule.subsets.emplace_back();
    subset.name = text_of(item, "name");
    for (const Member& m : child_of(item, "labels").members)
      subset.labels.emplace(m.key, m.value.scalar);
    if (const Node* policy = item.find("trafficPolicy"))
      subset.traffic_policy = decode_traffic_policy(*policy);
  }
  for (const Node& item : items_of(spec, "exportTo")) rule.export_to.push_back(item.scalar);
  for (const Member& m : child_of(child_of(spec, "workloadSelector"), "matchLabels").members)
    rule.workload_selector.emplace(m.key, m.value.scalar);
  return rule;
}

istio::MeshConfig decode_mesh_config(const Node& config) {
  istio::MeshConfig mesh;
  if (const Node* retries = config.find("defaultHttpRetryPolicy"))
    mesh.default_http_retry_policy = decode_istio_retries(*retries);
  if (const Node* retries = config.find("defaultInboundHttpRetryPolicy"))
    mesh.default_inbound_http_retry_policy = decode_istio_retries(*retries);
  const Node& policy = child_of(config, "defaultTrafficPolicy");
  if (const Node* pool = policy.find("connectionPool"))
    mesh.default_connection_pool = decode_connection_pool(*pool);
  if (const Node* outlier = policy.find("outlierDetection"))
    mesh.default_outlier_detection =
        decode_outlier_detection(*outlier, place_of(policy, "outlierDetection"));
  if (const auto timeout = go_duration_of(config, "connectTimeout"))
    mesh.connect_timeout = *timeout;
  if (has(config, "rootNamespace")) mesh.root_namespace = text_of(config, "rootNamespace");
  mesh.h2_upgrade_policy = text_of(config, "h2UpgradePolicy");
  return mesh;
}

}  // namespace spillway::scenarios::manifests
