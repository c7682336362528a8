#include "model/gateway/traffic_policy.h"

#include <algorithm>

#include "model/gateway/match.h"

namespace spillway::model {
namespace {

bool is_service(const XBackendTrafficPolicy::TargetRef& target) {
  return target.group.empty() && target.kind == "Service";
}

}  // namespace

std::map<std::string, std::vector<const XBackendTrafficPolicy*>, std::less<>> policies_by_service(
    const Resources& resources) {
  std::map<std::string, std::vector<const XBackendTrafficPolicy*>, std::less<>> by_service;
  for (const XBackendTrafficPolicy& policy : resources.backend_traffic_policies)
    for (const auto& target : policy.target_refs) {
      if (!is_service(target)) continue;
      auto& policies = by_service[policy.meta.namespace_ + "/" + target.name];
      if (std::ranges::find(policies, &policy) == policies.end()) policies.push_back(&policy);
    }
  for (auto& [service, policies] : by_service)
    std::ranges::stable_sort(
        policies, [](const auto* a, const auto* b) { return is_older(a->meta, b->meta); });
  return by_service;
}

const XBackendTrafficPolicy* policy_for(const Resources& resources, std::string_view ns,
                                        std::string_view name) {
  const XBackendTrafficPolicy* best = nullptr;
  for (const XBackendTrafficPolicy& policy : resources.backend_traffic_policies) {
    const bool targets =
        policy.meta.namespace_ == ns &&
        std::ranges::any_of(policy.target_refs, [&](const XBackendTrafficPolicy::TargetRef& t) {
          return is_service(t) && t.name == name;
        });
    if (targets && (!best || is_older(policy.meta, best->meta))) best = &policy;
  }
  return best;
}

}  // namespace spillway::model
