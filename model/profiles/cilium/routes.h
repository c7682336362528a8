// Second half of Cilium's translation: listeners with rules as Envoy's route configurations and
// clusters (operator/pkg/model/translation in cilium/cilium; the clusters' thresholds are added by
// the agent). Internal to the profile. Pure function.
#pragma once

#include <vector>

#include "model/envoy/config.h"
#include "model/profiles/cilium/ingest.h"

namespace spillway::model::cilium {

/// All plain listeners share one route configuration and all TLS ones another: only hostnames tell
/// their requests apart.
envoy::ProxyConfig make_config(const std::vector<IngestedListener>& listeners,
                               const Options& options);

}  // namespace spillway::model::cilium
