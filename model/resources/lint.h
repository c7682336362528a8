// What valid manifests say that their writers rarely mean: retries that never happen, tries that
// do not fit into a timeout, budgets that limit nothing. Looks at the manifests alone, so that it
// holds for every implementation of the Gateway API. Pure function; any thread.
#pragma once

#include "model/resources/resources.h"
#include "model/spec/diagnostic.h"

namespace spillway::model {

/// Warnings and notes, grouped by object in the order of `resources`. Numbers of tries follow
/// GEP-1731 (`attempts` counts retries), budgets GEP-3388. What depends on several objects
/// (attachment, references, hostnames of mesh routes) is check_references()'s to find.
Diagnostics lint(const Resources& resources);

}  // namespace spillway::model
