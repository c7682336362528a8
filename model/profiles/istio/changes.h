// Why versions of Istio differ, for each field of Behavior. Constant data.
#pragma once

#include <span>

#include "model/profiles/istio/version.h"
#include "model/profiles/version_change.h"

namespace spillway::model::istio {

std::span<const VersionChange<Behavior>> changes();

}  // namespace spillway::model::istio
