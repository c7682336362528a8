// Why versions of kgateway differ, for each field of Options that versions set. Constant data.
#pragma once

#include <span>

#include "model/profiles/kgateway/options.h"
#include "model/profiles/version_change.h"

namespace spillway::model::kgateway {

std::span<const VersionChange<Options>> changes();

}  // namespace spillway::model::kgateway
