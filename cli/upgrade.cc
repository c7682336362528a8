#include "cli/upgrade.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <utility>

#include "cli/progress.h"
#include "cli/scenario_case.h"
#include "cli/session.h"
#include "model/profiles/profile.h"
#include "model/profiles/upgrade.h"
#include "reports/diagnostics.h"
#include "reports/upgrade.h"

namespace spillway::cli {
namespace {

/// The mesh of a scenario under another profile: options that it does not have are left behind.
model::MeshSpec mesh_for(model::MeshSpec mesh, const std::string& profile) {
  const auto& known = model::find_profile(profile)->options;
  mesh.profile = profile;
  mesh.profile_place = {};
  mesh.version_place = {};
  std::erase_if(mesh.options, [&](const auto& option) {
    return std::ranges::find(known, option.first, &model::OptionInfo::name) == known.end();
  });
  return mesh;
}

std::string first_error(const model::Diagnostics& diagnostics) {
  for (const model::Diagnostic& d : diagnostics)
    if (d.severity == model::Severity::error) return d.message;
  return "it does not compile";
}

reports::UpgradeOutcome run_both(const model::Spec& spec, const model::VersionRange& range,
                                 Session& session) {
  reports::UpgradeOutcome outcome;
  std::vector<model::MeshPtr> meshes;
  for (const std::string& version : {range.from, range.to}) {
    model::Spec copy = spec;
    copy.scenario.mesh.version = version;
    model::Diagnostics found;
    meshes.push_back(compile_checked(std::move(copy), found));
    if (meshes.back()) continue;
    outcome.not_run = first_error(found);
    return outcome;
  }
  ProgressLine progress(session.show_progress && !session.quiet);
  const model::Plan plan{.threads = 0,
                         .stop = session.interrupt.stop_on_signal(),
                         .on_progress = [&](const model::Progress& p) { progress.update(p); }};
  const auto results = model::run_experiments(meshes, plan);
  if (!results[0].complete || !results[1].complete) {
    outcome.not_run = "interrupted";
    return outcome;
  }
  return reports::compare_outcomes(reports::summarize(results[0]), reports::summarize(results[1]));
}

void write(const std::vector<reports::UpgradeResult>& results, const CheckOptions& options,
           const Session& session) {
  if (options.format == "json")
    reports::write_upgrade_json(std::cout, results);
  else if (options.format == "markdown")
    reports::write_upgrade_markdown(std::cout, results);
  else
    reports::write_upgrade_text(std::cout, results, session.color_output);
}

}  // namespace

ExitCode check_upgrade(std::vector<model::Spec> subjects, model::Diagnostics found,
                       const CheckOptions& options, Session& session) {
  const auto range = model::parse_upgrade(options.profile, options.upgrade);
  if (!range) {
    report_error(session, range.diagnostics().front().message);
    return kWrongInput;
  }
  std::vector<reports::UpgradeResult> results;
  for (model::Spec& spec : subjects) {
    spec.scenario.mesh = mesh_for(spec.scenario.mesh, options.profile);
    reports::UpgradeResult& result = results.emplace_back();
    result.report = model::compare_versions(spec.resources, spec.scenario.mesh, *range);
    result.report.scenario = spec.scenario.name;
    if (!spec.scenario.name.empty() && !result.report.changes.empty() && options.format != "sarif")
      result.outcome = run_both(spec, *range, session);
  }
  if (options.format == "sarif") {
    for (const reports::UpgradeResult& result : results)
      for (model::Diagnostic& d : model::to_diagnostics(result.report))
        found.push_back(std::move(d));
    reports::write_diagnostics_sarif(std::cout, found, kVersion);
  } else {
    report(session, found);
    write(results, options, session);
  }
  std::cout.flush();
  return session.interrupt.requested() ? kInterrupted : kDone;
}

}  // namespace spillway::cli
