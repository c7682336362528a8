#include "model/profiles/istio/destination_rules.h"

#include <algorithm>
#include <utility>

#include "model/gateway/index.h"
#include "model/gateway/match.h"
#include "model/gateway/traffic_policy.h"
#include "model/profiles/istio/names.h"

namespace spillway::model::istio {
namespace {

bool includes(const std::vector<std::string>& values, std::string_view value) {
  return std::ranges::find(values, value) != values.end();
}

bool exported_to(const MergedRule& rule, std::string_view ns) {
  const auto& to = rule.export_to;
  return to.empty() || includes(to, "*") || includes(to, ns) ||
         (includes(to, ".") && ns == rule.namespace_);
}

bool is_private(const MergedRule& rule) {
  return rule.export_to.size() == 1 &&
         (rule.export_to[0] == "." || rule.export_to[0] == rule.namespace_);
}

template <class T>
void override_with(std::optional<T>& to, const std::optional<T>& from) {
  if (from) to = from;
}

/// A user's blocks win, whichever rule is older; the other fills what they leave out.
void merge_policy(std::optional<TrafficPolicy>& user, const std::optional<TrafficPolicy>& backend) {
  if (!backend) return;
  if (!user) {
    user = backend;
    return;
  }
  if (!user->retry_budget) user->retry_budget = backend->retry_budget;
}

RetryBudget budget_of(const RetryConstraint& constraint) {
  return {static_cast<double>(constraint.budget_percent),
          static_cast<std::uint32_t>(constraint.min_retry_count), constraint.budget_interval,
          constraint.place};
}

PortPolicy blocks_of(const std::optional<TrafficPolicy>& policy, int port, bool& port_level) {
  port_level = false;
  if (!policy) return {};
  for (const TrafficPolicy::PortSettings& own : policy->port_level_settings)
    if (own.port == port) {
      port_level = true;
      return {own.connection_pool, own.outlier_detection, own.load_balancer, {}};
    }
  return {policy->connection_pool, policy->outlier_detection, policy->load_balancer,
          policy->retry_budget};
}

}  // namespace

DestinationRules::DestinationRules(const Resources& resources, bool backend_policies,
                                   std::string_view root_namespace)
    : root_namespace_(root_namespace) {
  std::vector<const DestinationRule*> ordered;
  for (const DestinationRule& rule : resources.destination_rules) ordered.push_back(&rule);
  std::ranges::stable_sort(ordered,
                           [](const auto* a, const auto* b) { return is_older(a->meta, b->meta); });
  for (const DestinationRule* rule : ordered)
    add({resolve_host(rule->host, rule->meta.namespace_), rule->meta.namespace_,
         rule->traffic_policy, rule->subsets, rule->export_to, rule->workload_selector, true});
  if (!backend_policies) return;
  const ResourceIndex index(resources);
  for (const auto& [service, policies] : policies_by_service(resources)) {
    if (!index.service(service)) continue;
    const XBackendTrafficPolicy& oldest = *policies.front();
    const std::string name = service.substr(service.find('/') + 1);
    TrafficPolicy policy;
    if (oldest.retry_constraint) policy.retry_budget = budget_of(*oldest.retry_constraint);
    add({service_host(oldest.meta.namespace_, name),
         oldest.meta.namespace_,
         std::move(policy),
         {},
         {},
         {},
         false});
  }
}

/// Rules of one host, namespace, audience and selector are one: all subsets, the first policy.
void DestinationRules::add(MergedRule rule) {
  const auto same = std::ranges::find_if(rules_, [&](const MergedRule& r) {
    return r.host == rule.host && r.namespace_ == rule.namespace_ &&
           r.export_to == rule.export_to && r.workload_selector == rule.workload_selector;
  });
  if (same == rules_.end()) {
    rules_.push_back(std::move(rule));
    return;
  }
  for (Subset& subset : rule.subsets)
    if (std::ranges::find(same->subsets, subset.name, &Subset::name) == same->subsets.end())
      same->subsets.push_back(std::move(subset));
  if (same->user && !rule.user)
    merge_policy(same->policy, rule.policy);
  else if (!same->policy)
    same->policy = std::move(rule.policy);
}

const MergedRule* DestinationRules::find_in(std::string_view ns, std::string_view proxy_namespace,
                                            const Labels& proxy_labels,
                                            std::string_view host) const {
  const MergedRule* best = nullptr;
  for (const MergedRule& rule : rules_) {
    if (rule.namespace_ != ns || !exported_to(rule, proxy_namespace)) continue;
    if (ns != proxy_namespace && is_private(rule)) continue;
    if (!is_subset_host(host, rule.host)) continue;
    const bool selected = std::ranges::all_of(rule.workload_selector, [&](const auto& label) {
      const auto found = proxy_labels.find(label.first);
      return found != proxy_labels.end() && found->second == label.second;
    });
    if (!selected || (!rule.workload_selector.empty() && ns != proxy_namespace)) continue;
    const auto more_specific = [](const MergedRule& a, const MergedRule& b) {
      if (is_wildcard_host(a.host) != is_wildcard_host(b.host)) return !is_wildcard_host(a.host);
      if (a.host.size() != b.host.size()) return a.host.size() > b.host.size();
      return !a.workload_selector.empty() && b.workload_selector.empty();
    };
    if (!best || more_specific(rule, *best)) best = &rule;
  }
  return best;
}

const MergedRule* DestinationRules::find(std::string_view proxy_namespace,
                                         const Labels& proxy_labels, std::string_view host,
                                         std::string_view service_namespace) const {
  const auto in = [&](std::string_view ns) {
    return find_in(ns, proxy_namespace, proxy_labels, host);
  };
  if (proxy_namespace != root_namespace_)
    if (const MergedRule* own = in(proxy_namespace)) return own;
  if (const MergedRule* service = in(service_namespace)) return service;
  return in(root_namespace_);
}

PortPolicy port_policy(const MergedRule* rule, int port) {
  bool port_level = false;
  return rule ? blocks_of(rule->policy, port, port_level) : PortPolicy{};
}

PortPolicy subset_policy(const MergedRule& rule, const Subset& subset, int port) {
  PortPolicy policy = port_policy(&rule, port);
  if (!subset.traffic_policy) return policy;
  bool port_level = false;
  const PortPolicy own = blocks_of(subset.traffic_policy, port, port_level);
  if (port_level) {
    policy.connection_pool = own.connection_pool;
    policy.outlier_detection = own.outlier_detection;
    policy.load_balancer = own.load_balancer;
  }
  override_with(policy.connection_pool, own.connection_pool);
  override_with(policy.outlier_detection, own.outlier_detection);
  override_with(policy.load_balancer, own.load_balancer);
  override_with(policy.retry_budget, own.retry_budget);
  return policy;
}

}  // namespace spillway::model::istio
