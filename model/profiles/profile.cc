#include "model/profiles/profile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "model/profiles/cilium/options.h"
#include "model/profiles/gateway_api/options.h"
#include "model/profiles/istio/version.h"
#include "model/profiles/kgateway/options.h"
#include "model/profiles/review_linkerd.h"
#include "model/profiles/vpc_lattice/options.h"

namespace spillway::model {

const std::vector<ProfileInfo>& profiles() {
  static const std::vector<ProfileInfo> all{
      gateway_api::info(), istio::ambient_info(), istio::ambient_l4_info(), istio::sidecar_info(),
      cilium::info(),      linkerd_info(),        kgateway::info(),         vpc_lattice::info()};
  return all;
}

const ProfileInfo* find_profile(std::string_view name) {
  const auto found = std::ranges::find(profiles(), name, &ProfileInfo::name);
  return found == profiles().end() ? nullptr : &*found;
}

Diagnostics check_profile(const MeshSpec& mesh) {
  const ProfileInfo* profile = find_profile(mesh.profile);
  if (!profile) {
    std::vector<std::string> names;
    for (const ProfileInfo& p : profiles()) names.push_back(p.name);
    return {{Severity::error, mesh.profile_place,
             fmt::format("unknown profile (got \"{}\", expected one of {})", mesh.profile,
                         fmt::join(names, ", ")),
             "unknown-profile", ""}};
  }
  if (mesh.version.empty() ||
      std::ranges::find(profile->versions, mesh.version) != profile->versions.end())
    return {};
  const std::string known = profile->versions.empty()
                                ? "none: the profile has no versions"
                                : fmt::format("one of {}", fmt::join(profile->versions, ", "));
  return {{Severity::error, mesh.version_place,
           fmt::format("unknown version of profile {} (got \"{}\", expected {})", mesh.profile,
                       mesh.version, known),
           "unknown-version", ""}};
}

}  // namespace spillway::model
