// Which TrafficPolicies and BackendConfigPolicies bind to what, and what several of them come to
// (pkg/kgateway/extensions2/plugins in kgateway-dev/kgateway). Internal to the profile. Keeps
// pointers into the Resources. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/resources/resources.h"

namespace spillway::model::kgateway {

using PolicyList = std::vector<const TrafficPolicy*>;

class PolicyIndex {
 public:
  /// Policies bind within their own namespace. Of several the one with the greater annotation
  /// kgateway.dev/policy-weight comes first, then the older, then by name.
  explicit PolicyIndex(const Resources& resources);

  /// With a section: those for it alone; without: those for the whole object.
  PolicyList for_gateway(const Gateway& gateway, const std::string& listener) const;
  PolicyList for_route(const HttpRoute& route, const std::string& rule) const;
  const TrafficPolicy* find(const std::string& ns, const std::string& name) const;

  /// The oldest first; weights do not count.
  std::vector<const BackendConfigPolicy*> for_service(const KubeService& service) const;
  std::vector<const BackendConfigPolicy*> for_backend(const Backend& backend) const;

 private:
  std::vector<const BackendConfigPolicy*> for_object(const std::string& kind,
                                                     const ObjectMeta& object) const;
  PolicyList select(const std::string& kind, const ObjectMeta& object,
                    const std::string& section) const;

  PolicyList traffic_;
  std::vector<const BackendConfigPolicy*> backend_config_;
};

/// The groups of fields that several policies come to. A group is taken whole from one policy.
struct TrafficSettings {
  const Timeouts* timeouts = nullptr;
  const Retry* retry = nullptr;
  const FaultInjection* fault = nullptr;
};

/// One policy of a chain, the most specific first.
struct PolicyLayer {
  const TrafficPolicy* policy = nullptr;
  int level = 0;               ///< 0: the route itself, then its delegating parents
  bool prefer_parent = false;  ///< the parent wants its own to win
};

TrafficSettings merge(const std::vector<PolicyLayer>& layers);
TrafficSettings merge(const PolicyList& policies);

}  // namespace spillway::model::kgateway
