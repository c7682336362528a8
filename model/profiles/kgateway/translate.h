// What kgateway makes of manifests: an Envoy configuration for each Gateway, what the status of the
// routes says, and what is ignored or changed. Held to its real translator. Pure function; any
// thread.
#pragma once

#include <string>
#include <vector>

#include "model/envoy/config.h"
#include "model/profiles/kgateway/options.h"
#include "model/profiles/translation.h"
#include "model/resources/resources.h"

namespace spillway::model::kgateway {

/// Each replica of a Gateway gets its configuration; breakers and outlier state are a replica's.
struct Proxy {
  std::string gateway;        ///< "ns/name"
  envoy::ProxyConfig config;  ///< one route configuration a port
};

struct Translation {
  std::vector<Proxy> proxies;              ///< by gateway
  std::vector<Refusal> refused;            ///< `config`: the gateway
  std::vector<RouteCondition> conditions;  ///< by route
  /// Objects that this version's CRDs refuse, and why; they count as absent.
  std::vector<Refusal> unknown_fields;
  std::vector<Note> notes;
};

Translation translate(const Resources& resources, const Options& options);

}  // namespace spillway::model::kgateway
