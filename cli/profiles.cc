#include "cli/profiles.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <vector>

#include "cli/session.h"
#include "model/profiles/profile.h"
#include "reports/profiles.h"
#include "scenarios/suggest.h"

namespace spillway::cli {
namespace {

void print_json(const ProfilesOptions& options) {
  if (options.name.empty())
    reports::write_profiles_json(std::cout, model::profiles());
  else
    reports::write_profile_json(std::cout, *model::find_profile(options.name));
}

void print_list() {
  std::size_t width = 0;
  for (const auto& profile : model::profiles()) width = std::max(width, profile.name.size());
  for (const auto& profile : model::profiles())
    std::cout << fmt::format("{:<{}}  {}\n", profile.name, width, profile.summary);
  std::cout << "\nspillway profiles NAME tells versions, options and what a profile was validated "
               "against.\n";
}

void print_one(const model::ProfileInfo& profile) {
  std::cout << fmt::format("{}: {}\n", profile.name, profile.summary);
  if (!profile.versions.empty())
    std::cout << fmt::format("versions (mesh.version; default {}): {}\n", profile.versions.back(),
                             fmt::join(profile.versions, ", "));
  else
    std::cout << "versions: none\n";
  if (!profile.validated.empty()) std::cout << fmt::format("validated: {}\n", profile.validated);
  std::cout << "\noptions (mesh.options):\n";
  for (const auto& option : profile.options)
    std::cout << fmt::format("  {} ({}; default {})\n      {}\n", option.name, option.type,
                             option.default_value, option.meaning);
}

}  // namespace

ExitCode profiles(const ProfilesOptions& options, Session& session) {
  const model::ProfileInfo* profile = model::find_profile(options.name);
  if (profile || options.name.empty()) {
    if (options.format == "json")
      print_json(options);
    else if (profile)
      print_one(*profile);
    else
      print_list();
    return kDone;
  }
  std::vector<std::string> names;
  for (const auto& known : model::profiles()) names.push_back(known.name);
  const std::string hint = scenarios::did_you_mean(options.name, names);
  report_error(session, fmt::format("unknown profile \"{}\"; {}", options.name,
                                    hint.empty() ? "there is " + scenarios::one_of(names) : hint));
  return kWrongInput;
}

}  // namespace spillway::cli
