#include <nlohmann/json.hpp>
#include <ostream>

#include "reports/profiles.h"

namespace spillway::reports {
namespace {

using Json = nlohmann::ordered_json;

Json profile_json(const model::ProfileInfo& profile) {
  Json options = Json::array();
  for (const model::OptionInfo& option : profile.options)
    options.push_back({{"name", option.name},
                       {"type", option.type},
                       {"default", option.default_value},
                       {"meaning", option.meaning}});
  return {{"name", profile.name},
          {"summary", profile.summary},
          {"versions", profile.versions},
          {"options", options},
          {"validated", profile.validated}};
}

}  // namespace

void write_profile_json(std::ostream& out, const model::ProfileInfo& profile) {
  out << profile_json(profile).dump(2) << '\n';
}

void write_profiles_json(std::ostream& out, const std::vector<model::ProfileInfo>& profiles) {
  Json all = Json::array();
  for (const model::ProfileInfo& profile : profiles) all.push_back(profile_json(profile));
  out << all.dump(2) << '\n';
}

}  // namespace spillway::reports
