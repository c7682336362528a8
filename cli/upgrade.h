// `spillway check --upgrade`: what another version of the mesh changes for manifests, and for the
// outcome of a scenario.
#pragma once

#include <vector>

#include "cli/check.h"
#include "model/resources/resources.h"

namespace spillway::cli {

struct Session;

/// Of manifests and scenarios (with a name) that have been read without errors.
ExitCode check_upgrade(std::vector<model::Spec> subjects, model::Diagnostics found,
                       const CheckOptions& options, Session& session);

}  // namespace spillway::cli
