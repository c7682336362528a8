#include <algorithm>
#include <array>
#include <charconv>

#include "scenarios/manifests/access.h"
#include "scenarios/manifests/decode.h"

namespace spillway::scenarios::manifests {
namespace {

namespace kgateway = model::kgateway;

void decode_targets(const Node& spec, std::vector<kgateway::Target>& targets) {
  for (const char* list : {"targetRefs", "targetSelectors"})
    for (const Node& item : items_of(spec, list)) {
      kgateway::Target target;
      target.group = text_of(item, "group");
      target.kind = text_of(item, "kind");
      if (has(item, "name")) target.name = text_of(item, "name");
      for (const Member& label : child_of(item, "matchLabels").members)
        target.match_labels.emplace(label.key, label.value.scalar);
      target.section_name = text_of(item, "sectionName");
      target.place = item.place;
      targets.push_back(std::move(target));
    }
}

template <std::size_t N>
std::vector<std::string> others(const Node& spec, const std::array<std::string_view, N>& read) {
  std::vector<std::string> names;
  for (const Member& member : spec.members)
    if (std::ranges::find(read, member.key) == read.end()) names.push_back(member.key);
  return names;
}

kgateway::Retry decode_retry(const Node& node, const model::Place& place) {
  kgateway::Retry retry;
  for (const Node& condition : items_of(node, "retryOn"))
    retry.retry_on.push_back(condition.scalar);
  retry.attempts = number_of(node, "attempts").value_or(1);
  retry.per_try_timeout = duration_of(node, "perTryTimeout");
  for (const Node& code : items_of(node, "statusCodes"))
    retry.status_codes.push_back(std::stoi(code.scalar));
  retry.backoff_base_interval =
      duration_of(node, "backoffBaseInterval").value_or(retry.backoff_base_interval);
  retry.place = place;
  return retry;
}

int percentage_of(const Node& node) { return number_of(node, "percentage").value_or(100); }

kgateway::FaultInjection decode_fault(const Node& node, const model::Place& place) {
  kgateway::FaultInjection fault;
  if (const Node* delay = node.find("delay"))
    fault.delay = {duration_of(*delay, "fixedDelay").value_or(sim::Duration{}),
                   percentage_of(*delay)};
  if (const Node* abort = node.find("abort"))
    fault.abort = {number_of(*abort, "httpStatus"), number_of(*abort, "grpcStatus"),
                   percentage_of(*abort)};
  if (const Node* limit = node.find("responseRateLimit"))
    fault.response_rate_limit = {number_of(*limit, "kbitsPerSecond").value_or(1),
                                 percentage_of(*limit)};
  fault.max_active_faults = number_of(node, "maxActiveFaults");
  fault.disable = has(node, "disable");
  fault.place = place;
  return fault;
}

std::optional<bool> boolean_of(const Node& node, std::string_view key) {
  return has(node, key) ? std::optional(flag_of(node, key)) : std::nullopt;
}

kgateway::OutlierDetection decode_outlier(const Node& node) {
  kgateway::OutlierDetection outlier;
  outlier.consecutive_5xx = *number_of(node, "consecutive5xx");
  outlier.interval = *duration_of(node, "interval");
  outlier.base_ejection_time = *duration_of(node, "baseEjectionTime");
  outlier.max_ejection_percent = *number_of(node, "maxEjectionPercent");
  outlier.enforcing_consecutive_5xx = number_of(node, "enforcingConsecutive5xx");
  outlier.split_external_local_origin_errors = boolean_of(node, "splitExternalLocalOriginErrors");
  outlier.consecutive_local_origin_failure = number_of(node, "consecutiveLocalOriginFailure");
  outlier.enforcing_consecutive_local_origin_failure =
      number_of(node, "enforcingConsecutiveLocalOriginFailure");
  return outlier;
}

kgateway::SlowStart decode_slow_start(const Node& node) {
  kgateway::SlowStart slow_start;
  slow_start.window = duration_of(node, "window");
  slow_start.min_weight_percent = number_of(node, "minWeightPercent");
  const std::string_view text = text_of(node, "aggression");
  double value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{})
    slow_start.aggression = value;
  return slow_start;
}

kgateway::HashPolicy decode_hash_policy(const Node& node) {
  using Kind = kgateway::HashPolicy::Kind;
  kgateway::HashPolicy policy;
  policy.kind = has(node, "header")   ? Kind::header
                : has(node, "cookie") ? Kind::cookie
                                      : Kind::source_ip;
  const Node& named = child_of(node, policy.kind == Kind::cookie ? "cookie" : "header");
  policy.name = text_of(named, "name");
  policy.ttl = duration_of(named, "ttl");
  policy.path = text_of(named, "path");
  policy.terminal = flag_of(node, "terminal");
  return policy;
}

kgateway::LoadBalancer decode_load_balancer(const Node& node) {
  using Kind = kgateway::LoadBalancer::Kind;
  static constexpr std::array<std::pair<const char*, Kind>, 5> kKinds{
      {{"leastRequest", Kind::least_request},
       {"roundRobin", Kind::round_robin},
       {"ringHash", Kind::ring_hash},
       {"maglev", Kind::maglev},
       {"random", Kind::random}}};
  kgateway::LoadBalancer balancer;
  balancer.healthy_panic_threshold = number_of(node, "healthyPanicThreshold");
  balancer.update_merge_window = duration_of(node, "updateMergeWindow");
  for (const auto& [name, kind] : kKinds) {
    const Node* config = node.find(name);
    if (!config) continue;
    balancer.kind = kind;
    balancer.choice_count = number_of(*config, "choiceCount");
    balancer.minimum_ring_size = number_of(*config, "minimumRingSize");
    balancer.maximum_ring_size = number_of(*config, "maximumRingSize");
    if (const Node* slow = config->find("slowStart"))
      balancer.slow_start = decode_slow_start(*slow);
    for (const Node& policy : items_of(*config, "hashPolicies"))
      balancer.hash_policies.push_back(decode_hash_policy(policy));
  }
  return balancer;
}

}  // namespace

kgateway::TrafficPolicy decode_kgateway_traffic_policy(const Node& manifest) {
  const Node& spec = *manifest.find("spec");
  kgateway::TrafficPolicy policy;
  policy.meta = decode_meta(manifest, Scope::namespaced);
  decode_targets(spec, policy.targets);
  if (const Node* timeouts = spec.find("timeouts"))
    policy.timeouts =
        kgateway::Timeouts{duration_of(*timeouts, "request"), duration_of(*timeouts, "streamIdle"),
                           place_of(spec, "timeouts")};
  if (const Node* retry = spec.find("retry"))
    policy.retry = decode_retry(*retry, place_of(spec, "retry"));
  if (const Node* fault = spec.find("faultInjection"))
    policy.fault_injection = decode_fault(*fault, place_of(spec, "faultInjection"));
  policy.other_fields =
      others(spec, std::array<std::string_view, 5>{"targetRefs", "targetSelectors", "timeouts",
                                                   "retry", "faultInjection"});
  return policy;
}

kgateway::BackendConfigPolicy decode_kgateway_backend_config_policy(const Node& manifest) {
  const Node& spec = *manifest.find("spec");
  kgateway::BackendConfigPolicy policy;
  policy.meta = decode_meta(manifest, Scope::namespaced);
  decode_targets(spec, policy.targets);
  policy.connect_timeout = duration_of(spec, "connectTimeout");
  if (const Node* http = spec.find("commonHttpProtocolOptions"))
    policy.http = kgateway::HttpProtocolOptions{duration_of(*http, "idleTimeout"),
                                                duration_of(*http, "maxStreamDuration"),
                                                number_of(*http, "maxRequestsPerConnection")};
  if (const Node* balancer = spec.find("loadBalancer"))
    policy.load_balancer = decode_load_balancer(*balancer);
  if (const Node* outlier = spec.find("outlierDetection"))
    policy.outlier_detection = decode_outlier(*outlier);
  if (const Node* breakers = spec.find("circuitBreakers"))
    policy.circuit_breakers = kgateway::CircuitBreakers{
        number_of(*breakers, "maxConnections"), number_of(*breakers, "maxPendingRequests"),
        number_of(*breakers, "maxRequests"), number_of(*breakers, "maxRetries")};
  policy.other_fields = others(
      spec, std::array<std::string_view, 7>{"targetRefs", "targetSelectors", "connectTimeout",
                                            "commonHttpProtocolOptions", "loadBalancer",
                                            "outlierDetection", "circuitBreakers"});
  return policy;
}

kgateway::DirectResponse decode_kgateway_direct_response(const Node& manifest) {
  const Node& spec = *manifest.find("spec");
  return {decode_meta(manifest, Scope::namespaced), number_of(spec, "status").value_or(200),
          std::string(text_of(spec, "body"))};
}

kgateway::Backend decode_kgateway_backend(const Node& manifest) {
  kgateway::Backend backend;
  backend.meta = decode_meta(manifest, Scope::namespaced);
  for (const Node& host : items_of(child_of(*manifest.find("spec"), "static"), "hosts"))
    backend.hosts.push_back(
        {std::string(text_of(host, "host")), number_of(host, "port").value_or(0)});
  return backend;
}

}  // namespace spillway::scenarios::manifests
