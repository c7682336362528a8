// The registry of profiles: what an implementation of the Gateway API is called, its versions and
// its options. Constant data; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/spec/diagnostic.h"
#include "model/spec/scenario.h"

namespace spillway::model {

/// One entry of `mesh.options`. `type`: duration or distribution | number | boolean | one of a few
/// words | budget.
struct OptionInfo {
  std::string name;
  std::string type;
  std::string default_value;  ///< as text with unit
  std::string meaning;
};

struct ProfileInfo {
  std::string name;
  std::string summary;
  std::vector<std::string> versions;  ///< known ones, the newest last; empty: the profile has none
  std::vector<OptionInfo> options;
  std::string validated;  ///< what its behaviour was held against
};

const std::vector<ProfileInfo>& profiles();
const ProfileInfo* find_profile(std::string_view name);

/// Errors, with did-you-mean: unknown profile or version. (Options are judged where the profile
/// reads them.)
Diagnostics check_profile(const MeshSpec& mesh);

}  // namespace spillway::model
