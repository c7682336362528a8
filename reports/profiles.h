// Profiles for tools. Writers of streams.
#pragma once

#include <iosfwd>
#include <vector>

#include "model/profiles/profile.h"

namespace spillway::reports {

/// {"name", "summary", "versions": [...], "options": [{name, type, default, meaning}],
/// "validated"}.
void write_profile_json(std::ostream& out, const model::ProfileInfo& profile);
/// An array of these.
void write_profiles_json(std::ostream& out, const std::vector<model::ProfileInfo>& profiles);

}  // namespace spillway::reports
