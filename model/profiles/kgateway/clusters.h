// Services as Envoy clusters, with what BackendConfigPolicies say about them
// (pkg/kgateway/extensions2/plugins/backendconfigpolicy in kgateway-dev/kgateway). Internal to the
// profile. Pure function.
#pragma once

#include <vector>

#include "model/envoy/cluster_config.h"
#include "model/profiles/kgateway/options.h"
#include "model/profiles/kgateway/policies.h"

namespace spillway::model::kgateway {

/// One for each port of each Service, by name, whether a route leads to it or not.
std::vector<envoy::Cluster> make_clusters(const Resources& resources, const PolicyIndex& policies,
                                          const Options& options);

}  // namespace spillway::model::kgateway
