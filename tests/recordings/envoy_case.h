// One scripted case of a real Envoy, as the simulator runs it: the case's route and cluster as
// Envoy configuration, its hosts as services with scripted answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "model/envoy/config.h"
#include "model/run/mesh.h"

namespace spillway::recordings {

/// What became of one request: recorded or simulated. Times in ms from its start.
struct EnvoyRequest {
  int status = 0;
  std::string flags;
  int tries = 0;
  double ms = 0;
  std::vector<double> at_ms;  ///< when each try reached a host; refused ones left no entry
  std::vector<int> hosts;     ///< likewise, which host
};

/// All requests of a case, by start, and copies that a mirror got.
struct EnvoyRun {
  std::vector<EnvoyRequest> requests;
  std::size_t mirrored = 0;
};

/// Route and cluster of a case as Envoy's configuration. The cluster of weights and mirrors is
/// used once a host.
model::envoy::RouteAction route_action(const nlohmann::json& one);
model::envoy::Cluster cluster_config(const nlohmann::json& one);
std::optional<model::envoy::HttpFault> http_fault(const nlohmann::json& one);

/// The mesh of `spec`, whose first traffic goes to its services (one replica each, each a host)
/// through an Envoy with the route and cluster of `one`.
model::Mesh with_envoy(model::Spec spec, const nlohmann::json& one);

/// The mesh that runs the case.
model::Mesh envoy_mesh(const nlohmann::json& one);

EnvoyRun simulate(const model::Mesh& mesh, const nlohmann::json& one, std::uint64_t seed);
EnvoyRun recorded(const nlohmann::json& one);

}  // namespace spillway::recordings
