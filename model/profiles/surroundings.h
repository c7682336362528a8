// What stands around the manifests in every cluster although no file speaks of it, so that single
// files can be judged: Services and Gateways that routes name, the class of Gateways, waypoints.
// Pure functions; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "model/resources/resources.h"
#include "model/spec/assumption.h"

namespace spillway::model {

/// Adds the Services that routes name where the files hold no Service at all, with the ports that
/// they name and without appProtocol; likewise Gateways, with one HTTP listener for all.
void assume_referenced(Resources& resources, std::vector<Assumption>& assumptions);

/// Makes manifests that were written for any implementation ones of the profile's own: it serves
/// all Gateways whatever their class; istio-ambient gives every namespace a waypoint where no
/// manifest speaks of one. Doing it twice changes nothing.
void assume_own(std::string_view profile, Resources& resources,
                std::vector<Assumption>& assumptions);

}  // namespace spillway::model
