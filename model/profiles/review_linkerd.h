// What Linkerd ignores of manifests. Pure function; any thread.
#pragma once

#include "model/profiles/profile.h"
#include "model/resources/resources.h"
#include "model/spec/diagnostic.h"

namespace spillway::model {

/// Warnings in the order of the manifests: linkerd-retry, linkerd-backend-request, linkerd-filter,
/// linkerd-gateway-parent, linkerd-policy.
Diagnostics linkerd_notes(const Resources& resources);

ProfileInfo linkerd_info();

}  // namespace spillway::model
