#include "model/profiles/kgateway/policies.h"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace spillway::model::kgateway {
namespace {

constexpr const char* kWeight = "kgateway.dev/policy-weight";

int weight_of(const ObjectMeta& meta) {
  const auto found = meta.annotations.find(kWeight);
  int weight = 0;
  if (found != meta.annotations.end())
    std::from_chars(found->second.data(), found->second.data() + found->second.size(), weight);
  return weight;
}

auto age_key(const ObjectMeta& meta) {
  return std::tuple(meta.creation_timestamp, meta.namespace_, meta.name);
}

bool selects(const Target& target, const std::string& kind, const ObjectMeta& object,
             const std::string& section) {
  if (target.kind != kind || target.section_name != section) return false;
  if (target.name) return *target.name == object.name;
  return std::ranges::all_of(target.match_labels, [&](const auto& label) {
    const auto found = object.labels.find(label.first);
    return found != object.labels.end() && found->second == label.second;
  });
}

template <class Policy>
bool binds(const Policy& policy, const std::string& kind, const ObjectMeta& object,
           const std::string& section) {
  return policy.meta.namespace_ == object.namespace_ &&
         std::ranges::any_of(policy.targets, [&](const Target& target) {
           return selects(target, kind, object, section);
         });
}

template <class T>
void take(const T*& group, const std::optional<T>& offered, bool overrides) {
  if (offered && (!group || overrides)) group = &*offered;
}

}  // namespace

PolicyIndex::PolicyIndex(const Resources& resources) {
  for (const TrafficPolicy& policy : resources.kgateway_traffic_policies)
    traffic_.push_back(&policy);
  for (const BackendConfigPolicy& policy : resources.kgateway_backend_config_policies)
    backend_config_.push_back(&policy);
  std::ranges::stable_sort(traffic_, {}, [](const TrafficPolicy* policy) {
    return std::tuple(-weight_of(policy->meta), age_key(policy->meta));
  });
  std::ranges::stable_sort(backend_config_, {},
                           [](const BackendConfigPolicy* policy) { return age_key(policy->meta); });
}

PolicyList PolicyIndex::select(const std::string& kind, const ObjectMeta& object,
                               const std::string& section) const {
  PolicyList found;
  for (const TrafficPolicy* policy : traffic_)
    if (binds(*policy, kind, object, section)) found.push_back(policy);
  return found;
}

PolicyList PolicyIndex::for_gateway(const Gateway& gateway, const std::string& listener) const {
  return select("Gateway", gateway.meta, listener);
}

PolicyList PolicyIndex::for_route(const HttpRoute& route, const std::string& rule) const {
  return select(route.kind, route.meta, rule);
}

const TrafficPolicy* PolicyIndex::find(const std::string& ns, const std::string& name) const {
  const auto found = std::ranges::find_if(traffic_, [&](const TrafficPolicy* policy) {
    return policy->meta.namespace_ == ns && policy->meta.name == name;
  });
  return found == traffic_.end() ? nullptr : *found;
}

std::vector<const BackendConfigPolicy*> PolicyIndex::for_object(const std::string& kind,
                                                                const ObjectMeta& object) const {
  std::vector<const BackendConfigPolicy*> found;
  for (const BackendConfigPolicy* policy : backend_config_)
    if (binds(*policy, kind, object, "")) found.push_back(policy);
  return found;
}

std::vector<const BackendConfigPolicy*> PolicyIndex::for_service(const KubeService& service) const {
  return for_object("Service", service.meta);
}

std::vector<const BackendConfigPolicy*> PolicyIndex::for_backend(const Backend& backend) const {
  return for_object("Backend", backend.meta);
}

TrafficSettings merge(const std::vector<PolicyLayer>& layers) {
  TrafficSettings settings;
  for (const PolicyLayer& layer : layers) {
    const bool overrides = layer.prefer_parent && layer.level != layers.front().level;
    take(settings.timeouts, layer.policy->timeouts, overrides);
    take(settings.retry, layer.policy->retry, overrides);
    take(settings.fault, layer.policy->fault_injection, overrides);
  }
  return settings;
}

TrafficSettings merge(const PolicyList& policies) {
  std::vector<PolicyLayer> layers;
  for (const TrafficPolicy* policy : policies) layers.push_back({policy, 0, false});
  return merge(layers);
}

}  // namespace spillway::model::kgateway
