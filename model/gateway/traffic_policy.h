// Which XBackendTrafficPolicy (GEP-3388) a Service has. Pure functions; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/resources/resources.h"

namespace spillway::model {

/// All policies by the Service that they target ("ns/name"), the one that applies first: the oldest
/// by creationTimestamp, then by namespace/name (GEP-713). A policy reaches Services of its own
/// namespace only. Keeps pointers into `resources`.
std::map<std::string, std::vector<const XBackendTrafficPolicy*>, std::less<>> policies_by_service(
    const Resources& resources);

/// The policy that applies to Service `ns`/`name`; null where none does. Takes time linear in the
/// number of policies: for many Services use policies_by_service().
const XBackendTrafficPolicy* policy_for(const Resources& resources, std::string_view ns,
                                        std::string_view name);

}  // namespace spillway::model
