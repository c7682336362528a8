#include "cli/check.h"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "cli/scenario_case.h"
#include "cli/session.h"
#include "model/profiles/profile.h"
#include "reports/diagnostics.h"

namespace spillway::cli {
namespace {

void append(model::Diagnostics& all, model::Diagnostics more) {
  for (auto& d : more) all.push_back(std::move(d));
}

model::Diagnostics findings(const CheckOptions& options) {
  scenarios::LoadOptions load;
  if (!options.channel.empty())
    load.channel =
        options.channel == "standard" ? model::Channel::standard : model::Channel::experimental;
  auto loaded = scenarios::load_files({options.files.begin(), options.files.end()}, load);
  model::Diagnostics all = std::move(loaded.diagnostics());
  if (loaded) {
    append(all, review(loaded->resources));
    for (model::Spec& spec : loaded->scenarios) {
      if (!options.profile.empty()) {
        spec.scenario.mesh.profile = options.profile;
        spec.scenario.mesh.profile_place = {};
      }
      compile_checked(std::move(spec), all);
    }
  }
  if (!options.profile.empty()) {
    model::MeshSpec mesh;
    mesh.profile = options.profile;
    append(all, model::check_profile(mesh));
  }
  model::sort_by_place(all);
  return all;
}

}  // namespace

ExitCode check(const CheckOptions& options, Session& session) {
  const model::Diagnostics all = findings(options);
  if (options.format == "json")
    reports::write_diagnostics_json(std::cout, all);
  else if (options.format == "sarif")
    reports::write_diagnostics_sarif(std::cout, all, kVersion);
  else if (options.format == "markdown")
    reports::write_diagnostics_markdown(std::cout, all);
  else
    reports::write_diagnostics_text(std::cout, all, session.color_output);
  std::cout.flush();
  say(session, reports::to_text(reports::totals(all)));
  return model::has_errors(all) ? kWrongInput : kDone;
}

}  // namespace spillway::cli
