// What a rule does with its requests, as Envoy's actions. Internal to the profile. Pure functions.
#pragma once

#include <vector>

#include "model/envoy/route_config.h"
#include "model/profiles/cilium/ingest.h"

namespace spillway::model::cilium {

/// Timeout, retry, rewrite and mirrors of `first` over `backends`, which several equal rules may
/// have brought together. A single backend gets everything, whatever its weight.
envoy::RouteAction route_action(const RuleMatch& first, const std::vector<Backend>& backends,
                                const Options& options);
envoy::RedirectAction redirect_action(const RequestRedirectFilter& redirect, int listener_port);
envoy::CorsPolicy cors_policy(const CorsFilter& cors);

}  // namespace spillway::model::cilium
