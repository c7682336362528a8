// `spillway export envoy`: the configuration of the Envoys that a profile makes of a scenario's
// manifests.
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "cli/scenario_case.h"

namespace spillway::cli {

struct Session;

struct ExportOptions {
  std::string kind;  ///< envoy
  std::string scenario;
  std::string out;  ///< a new directory; empty: standard output
  Replacements replacements;
};

ExitCode export_envoy(const ExportOptions& options, Session& session);

}  // namespace spillway::cli
