// Which route of a configuration takes a request, and what the request looks like when it leaves
// the router (Envoy source/common/router/config_impl.cc). Used while compiling: pure functions,
// slow, any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/envoy/route_config.h"
#include "model/spec/request.h"

namespace spillway::model::envoy {

/// By the Host of the request without regard to case, as it stands, else without its port: an exact
/// domain, the longest "*.suffix", the longest "prefix*", "*". Null: none, which is answered 404.
const VirtualHost* find_virtual_host(const RouteConfiguration& config, std::string_view authority);

/// The first route that matches; null: none, which is answered 404.
const Route* find_route(const VirtualHost& host, const Request& request);

/// The request as hosts of the cluster see it: host, path and headers rewritten. `cluster`: the
/// weighted one that was drawn, or null.
Request rewritten(const Request& request, const Route& route, const WeightedCluster* cluster);

/// What a consistent-hash balancer hashes of a request.
struct HashSource {
  bool source_ip = false;
  std::string_view text;  ///< of headers, cookies and query parameters; empty: nothing is there
};
HashSource hash_source(const std::vector<HashPolicy>& policies, const Request& request);

}  // namespace spillway::model::envoy
