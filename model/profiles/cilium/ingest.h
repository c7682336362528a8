// First half of Cilium's translation: routes and their parents as a flat list of listeners with
// rules (operator/pkg/model/ingestion in cilium/cilium). Internal to the profile. Pure functions;
// what they return points into the Resources.
#pragma once

#include <string>
#include <vector>

#include "model/envoy/route_config.h"
#include "model/gateway/index.h"
#include "model/profiles/cilium/options.h"
#include "model/resources/resources.h"

namespace spillway::model::cilium {

struct Backend {
  std::string namespace_;
  std::string name;
  int port = 0;
  int weight = 1;
  std::string cluster() const { return namespace_ + ":" + name + ":" + std::to_string(port); }
};

/// Headers that a filter of a backendRef changes; by cluster, so that of two filters for one
/// cluster the later counts where a rule has several backends.
struct BackendHeaders {
  std::string cluster;
  envoy::HeaderMutations headers;
};

/// One match of one rule on one listener.
struct RuleMatch {
  const HttpRoute* route = nullptr;
  int rule = 0;
  const HttpRouteMatch* match = nullptr;
  std::vector<std::string> hostnames;  ///< empty: the listener's
  std::vector<Backend> backends;       ///< the valid ones
  std::vector<BackendHeaders> backend_headers;
  std::vector<Backend> mirrors;  ///< the valid ones, one for each of mirror_policies
  std::vector<envoy::RequestMirrorPolicy> mirror_policies;
  envoy::HeaderMutations headers;
  const RequestRedirectFilter* redirect = nullptr;
  const UrlRewriteFilter* rewrite = nullptr;
  const CorsFilter* cors = nullptr;
  int listener_port = 0;
  std::string key;  ///< rules with equal keys become one route

  const HttpRouteRule& http_rule() const { return route->rules[static_cast<std::size_t>(rule)]; }
};

struct IngestedListener {
  std::string owner;  ///< "ns/name" of the Gateway or Service
  int port = 0;
  std::string hostname = "*";
  bool tls = false;
  std::vector<RuleMatch> rules;
};

/// The listeners of a Gateway with the rules of `routes`, which its status accepts.
std::vector<IngestedListener> ingest_gateway(const Gateway& gateway,
                                             const std::vector<const HttpRoute*>& routes,
                                             const ResourceIndex& index, const Options& options);

/// One listener for each port of each Service parent of each of `routes`.
std::vector<IngestedListener> ingest_services(const std::vector<const HttpRoute*>& routes,
                                              const ResourceIndex& index, const Options& options);

/// The ports of a Service parent that are redirected to Envoy.
std::vector<int> redirected_ports(const ParentReference& parent, const KubeService& service);

/// Hostnames that a route with these serves on a listener, sorted; {"*"}: all, empty: none. A
/// hostname that `others` (listeners of the protocol) stand for more precisely is left to them.
std::vector<std::string> served_hostnames(const std::vector<std::string>& route_hostnames,
                                          const std::string& listener_hostname,
                                          const std::vector<std::string>& others);
/// Hostnames of the listeners that speak `protocol`.
std::vector<std::string> listener_hostnames(const Gateway& gateway, const std::string& protocol);

/// Whether a ReferenceGrant is there where one is needed: in meshes too.
bool reference_allowed(const ResourceIndex& index, const HttpRoute& route,
                       const BackendObjectReference& ref);

}  // namespace spillway::model::cilium
