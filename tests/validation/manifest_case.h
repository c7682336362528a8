// Scenarios around the manifests of tests/validation/manifests, read as a user's files are.
#pragma once

#include <string>

#include "tests/support/runs.h"

namespace spillway::validation {

/// What stands beside the manifests in the scenario file; YAML in one line each.
struct ManifestCase {
  std::string manifest;  ///< "retry.yaml", after gateway.yaml
  std::string path;      ///< of the requests, all through the Gateway
  std::string services;  ///< a list without its brackets
  std::string arrivals = "{times: [0s]}";
  std::string duration = "10s";
};

/// A service of namespace infra that replies so, attempt by attempt of the same request.
std::string scripted(const std::string& name, const std::string& script);

/// Loads without any error; throws std::runtime_error with the messages otherwise. Traffic is named
/// "users".
model::Spec load(const ManifestCase& the_case);

}  // namespace spillway::validation
