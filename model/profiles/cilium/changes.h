// Why versions of Cilium differ, for each field of Options that versions set. Constant data.
#pragma once

#include <span>

#include "model/profiles/cilium/options.h"
#include "model/profiles/version_change.h"

namespace spillway::model::cilium {

std::span<const VersionChange<Options>> changes();

}  // namespace spillway::model::cilium
