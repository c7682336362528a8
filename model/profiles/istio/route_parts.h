// The parts of a route of a VirtualService as Envoy's. Internal to model/profiles/istio. Pure
// functions; any thread.
#pragma once

#include <optional>
#include <string>

#include "model/envoy/route_config.h"
#include "model/resources/istio.h"

namespace spillway::model::istio {

envoy::RouteMatch route_match(const HttpMatchRequest& match, bool gateway_semantics);

/// Adds the operations, by name; returns the authority that they set ("" for none).
std::string add_headers(const Headers& headers, envoy::HeaderMutations& to);

/// Absent for a share of 0.
std::optional<envoy::FractionalPercent> mirror_fraction(const HttpMirrorPolicy& mirror);

/// Absent where neither a delay nor an abort is left.
std::optional<envoy::HttpFault> http_fault(const HttpFaultInjection& fault);

std::optional<envoy::HashPolicy> hash_policy(const ConsistentHash& hash);
envoy::CorsPolicy cors_policy(const CorsPolicy& cors);

/// A prefix replaced by "/": what follows it, behind one "/".
envoy::RegexRewrite removed_prefix(const envoy::RouteMatch& match);

}  // namespace spillway::model::istio
