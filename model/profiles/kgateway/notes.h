// What kgateway ignores or changes. Internal to the profile. Pure function.
#pragma once

#include <vector>

#include "model/profiles/kgateway/options.h"
#include "model/profiles/translation.h"
#include "model/resources/resources.h"

namespace spillway::model::kgateway {

/// In the order of the manifests.
std::vector<Note> notes_of(const Resources& resources, const Options& options);

}  // namespace spillway::model::kgateway
