#include "cli/profiles.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <vector>

#include "cli/session.h"
#include "model/profiles/profile.h"
#include "scenarios/suggest.h"

namespace spillway::cli {
namespace {

void print_list() {
  std::size_t width = 0;
  for (const auto& profile : model::profiles()) width = std::max(width, profile.name.size());
  for (const auto& profile : model::profiles())
    std::cout << fmt::format("{:<{}}  {}\n", profile.name, width, profile.summary);
}

void print_one(const model::ProfileInfo& profile) {
  std::cout << fmt::format("{}: {}\n", profile.name, profile.summary);
  if (!profile.versions.empty())
    std::cout << fmt::format("versions: {}\n", fmt::join(profile.versions, ", "));
  if (!profile.validated.empty()) std::cout << fmt::format("validated: {}\n", profile.validated);
  std::cout << "\noptions (mesh.options):\n";
  for (const auto& option : profile.options)
    std::cout << fmt::format("  {} ({}; default {})\n      {}\n", option.name, option.type,
                             option.default_value, option.meaning);
}

}  // namespace

ExitCode profiles(const ProfilesOptions& options, Session& session) {
  if (options.name.empty()) {
    print_list();
    return kDone;
  }
  if (const model::ProfileInfo* profile = model::find_profile(options.name)) {
    print_one(*profile);
    return kDone;
  }
  std::vector<std::string> names;
  for (const auto& profile : model::profiles()) names.push_back(profile.name);
  const std::string hint = scenarios::did_you_mean(options.name, names);
  report_error(session, fmt::format("unknown profile \"{}\"; {}", options.name,
                                    hint.empty() ? "there is " + scenarios::one_of(names) : hint));
  return kWrongInput;
}

}  // namespace spillway::cli
