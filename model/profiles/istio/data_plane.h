// Istio's proxies: sidecars, or waypoints between ztunnels, and gateways.
#pragma once

#include <memory>

#include "model/profiles/data_plane.h"
#include "model/profiles/istio/control_plane.h"
#include "model/profiles/istio/notes.h"

namespace spillway::model::istio {

std::unique_ptr<DataPlane> data_plane(const Resources& resources,
                                      const ControlPlaneOptions& options, Mode mode);

/// "istio-ambient" ...; requires: one of Istio's.
Mode mode_of(std::string_view profile);

}  // namespace spillway::model::istio
