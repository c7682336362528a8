// The kinds of recordings: one function each, in a file of its own.
#pragma once

#include "tests/recordings/report.h"

namespace spillway::recordings {

/// Manifests and what istiod's own code made of them.
void check_istio(const std::vector<nlohmann::json>& cases, Report& report);

}  // namespace spillway::recordings
