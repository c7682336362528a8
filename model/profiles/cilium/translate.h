// What Cilium makes of manifests: an Envoy configuration for each Gateway and for each Service that
// routes have as their parent, the Service ports whose traffic is redirected to Envoy, what the
// status of the routes says, and what is ignored or changed. Held to the real operator. Pure
// function; any thread.
#pragma once

#include <string>
#include <vector>

#include "model/envoy/config.h"
#include "model/profiles/cilium/options.h"
#include "model/profiles/translation.h"
#include "model/resources/resources.h"

namespace spillway::model::cilium {

/// A CiliumEnvoyConfig as every node's Envoy gets it. Clusters with the same name in different
/// configurations are different clusters, with breakers and outlier state of their own.
struct Config {
  std::string name;     ///< "ns/name"
  bool gateway = true;  ///< else of a Service
  envoy::ProxyConfig proxy;
  /// The Service ("ns/name") and the ports of it whose traffic goes through Envoy; all other
  /// traffic to it stays in eBPF.
  std::string service;
  std::vector<int> ports;
};

struct Translation {
  std::vector<Config> configs;  ///< by name
  std::vector<Refusal> refused;
  std::vector<RouteCondition> conditions;  ///< by route; a parent that is not there has none
  std::vector<Refusal>
      failures;  ///< objects that the operator cannot reconcile; `config`: "Kind ns/name"
  std::vector<Note> notes;
  /// The order in which the operator reads the routes, random in a live cluster, decides.
  bool order_dependent = false;
};

Translation translate(const Resources& resources, const Options& options);

}  // namespace spillway::model::cilium
