// Which DestinationRule a proxy uses for a host, XBackendTrafficPolicies included, which istiod
// turns into DestinationRules (pilot/pkg/model/destination_rule.go, push_context.go;
// pilot/pkg/config/kube/gateway/backend_policies.go). Keeps pointers into nothing; const use from
// any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/resources/resources.h"

namespace spillway::model::istio {

/// All rules of one host and namespace, merged.
struct MergedRule {
  std::string host;
  std::string namespace_;
  std::optional<TrafficPolicy> policy;
  std::vector<Subset> subsets;
  std::vector<std::string> export_to;
  std::map<std::string, std::string> workload_selector;
  bool user = false;  ///< `policy` is a user's own
};

/// What applies to one port of a cluster.
struct PortPolicy {
  std::optional<ConnectionPoolSettings> connection_pool;
  std::optional<OutlierDetection> outlier_detection;
  std::optional<LoadBalancerSettings> load_balancer;
  std::optional<RetryBudget> retry_budget;
};

class DestinationRules {
 public:
  using Labels = std::map<std::string, std::string>;

  /// `backend_policies`: XBackendTrafficPolicies count.
  DestinationRules(const Resources& resources, bool backend_policies,
                   std::string_view root_namespace);

  /// The rule of `host`, a Service of `service_namespace`, for a proxy: of the proxy's namespace,
  /// else the Service's, else the root namespace; in each the most specific host. Null: none.
  const MergedRule* find(std::string_view proxy_namespace, const Labels& proxy_labels,
                         std::string_view host, std::string_view service_namespace) const;

 private:
  void add(MergedRule rule);
  const MergedRule* find_in(std::string_view ns, std::string_view proxy_namespace,
                            const Labels& proxy_labels, std::string_view host) const;

  std::string root_namespace_;
  std::vector<MergedRule> rules_;  ///< oldest first within a host and namespace
};

/// The settings of a port replace everything.
PortPolicy port_policy(const MergedRule* rule, int port);
/// Those of a subset replace block by block; absent where the rule has no such subset.
PortPolicy subset_policy(const MergedRule& rule, const Subset& subset, int port);

}  // namespace spillway::model::istio
