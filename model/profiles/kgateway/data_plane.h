// kgateway's proxies: the replicas of each Gateway. Requests between Services meet none.
#pragma once

#include <memory>

#include "model/profiles/data_plane.h"
#include "model/profiles/kgateway/options.h"

namespace spillway::model::kgateway {

std::unique_ptr<DataPlane> data_plane(const Resources& resources, const Options& options);

}  // namespace spillway::model::kgateway
