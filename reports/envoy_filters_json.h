// The HTTP filters of an Envoy's listener as the JSON that Envoy reads. Pure; any thread.
#pragma once

#include <string>

#include "model/envoy/config.h"

namespace spillway::reports {

/// The list in the order in which a request meets them: fault, admission control, adaptive
/// concurrency, CORS, stateful session, router; each only if it is used.
std::string envoy_http_filters_json(const model::envoy::ProxyConfig& proxy,
                                    const model::envoy::RouteConfiguration& config);

}  // namespace spillway::reports
