// What Cilium ignores or changes. Internal to the profile. Pure function.
#pragma once

#include <vector>

#include "model/profiles/cilium/translate.h"

namespace spillway::model::cilium {

/// In the order of the manifests.
std::vector<Note> notes_of(const Resources& resources, const Translation& translation,
                           const Options& options);

}  // namespace spillway::model::cilium
