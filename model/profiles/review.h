// What an implementation ignores, reads otherwise than it is written, or drops, as diagnostics with
// places. What holds for every implementation is lint()'s and check_references()'s to find. Pure
// functions; any thread.
#pragma once

#include "model/resources/resources.h"
#include "model/spec/diagnostic.h"
#include "model/spec/scenario.h"

namespace spillway::model {

/// Warnings for what is lost, notes for what is changed; by place. The rule names begin with the
/// family of the profile (istio-, cilium-, kgateway-, linkerd-, lattice-); besides there are
/// PROFILE-status (a condition that is false here and true by the specification), PROFILE-refused
/// (configuration that Envoy does not take), NAME-only (an object of another implementation's),
/// filter-ignored, tries-exceed-timeout and assumed. Nothing of an unknown profile.
Diagnostics review_profile(const Resources& resources, const MeshSpec& mesh);

/// What shows only beside a scenario, under its profile: retry-storm (tries multiplied along a path
/// of calls) and ejection-limit (too few replicas for the share that may be ejected).
Diagnostics review_scenario(const Spec& spec);

}  // namespace spillway::model
