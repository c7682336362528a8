// Cilium's proxies: one Envoy a node, with a configuration for each Gateway and each Service that
// routes have as their parent.
#pragma once

#include <memory>

#include "model/profiles/cilium/options.h"
#include "model/profiles/data_plane.h"

namespace spillway::model::cilium {

std::unique_ptr<DataPlane> data_plane(const Resources& resources, const Options& options);

}  // namespace spillway::model::cilium
