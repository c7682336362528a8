#include "cli/check.h"

#include <fmt/format.h>

#include <iostream>
#include <utility>

#include "cli/scenario_case.h"
#include "cli/session.h"
#include "cli/upgrade.h"
#include "model/profiles/portability.h"
#include "model/profiles/profile.h"
#include "model/resources/declared_services.h"
#include "reports/diagnostics.h"
#include "reports/portability.h"
#include "scenarios/load.h"

namespace spillway::cli {
namespace {

using Files = model::Loaded<scenarios::LoadedFiles>;

void append(model::Diagnostics& all, model::Diagnostics more) {
  for (auto& d : more) all.push_back(std::move(d));
}

Files load(const CheckOptions& options) {
  scenarios::LoadOptions load;
  if (!options.channel.empty())
    load.channel =
        options.channel == "standard" ? model::Channel::standard : model::Channel::experimental;
  return scenarios::load_files({options.files.begin(), options.files.end()}, load);
}

model::MeshSpec mesh_of(const CheckOptions& options) {
  model::MeshSpec mesh;
  if (!options.profile.empty()) mesh.profile = options.profile;
  return mesh;
}

void write(const model::Diagnostics& all, const CheckOptions& options, const Session& session) {
  if (options.format == "json")
    reports::write_diagnostics_json(std::cout, all);
  else if (options.format == "sarif")
    reports::write_diagnostics_sarif(std::cout, all, kVersion);
  else if (options.format == "markdown")
    reports::write_diagnostics_markdown(std::cout, all);
  else
    reports::write_diagnostics_text(std::cout, all, session.color_output);
}

ExitCode finish(model::Diagnostics all, const CheckOptions& options, const Session& session) {
  model::sort_by_place(all);
  write(all, options, session);
  std::cout.flush();
  say(session, reports::to_text(reports::totals(all)));
  return model::has_errors(all) ? kWrongInput : kDone;
}

ExitCode check_one(Files loaded, const CheckOptions& options, const Session& session) {
  model::Diagnostics all = std::move(loaded.diagnostics());
  const model::MeshSpec mesh = mesh_of(options);
  if (loaded) {
    append(all, review(loaded->resources, mesh));
    for (model::Spec& spec : loaded->scenarios) {
      if (!options.profile.empty()) {
        spec.scenario.mesh.profile = options.profile;
        spec.scenario.mesh.profile_place = {};
      }
      compile_checked(std::move(spec), all);
    }
  }
  append(all, model::check_profile(mesh));
  return finish(std::move(all), options, session);
}

/// What is compared: the manifests of the plain files, and of each scenario.
std::vector<model::Spec> subjects(scenarios::LoadedFiles files) {
  std::vector<model::Spec> all;
  if (files.scenarios.empty() || !files.resources.http_routes.empty()) {
    all.emplace_back();
    all.back().resources = std::move(files.resources);
  }
  for (model::Spec& spec : files.scenarios) {
    model::declare_services(spec);
    all.push_back(std::move(spec));
  }
  return all;
}

ExitCode check_all_profiles(Files loaded, const CheckOptions& options, const Session& session) {
  model::Diagnostics all = std::move(loaded.diagnostics());
  if (!loaded) return finish(std::move(all), options, session);
  std::vector<model::Portability> tables;
  for (const model::Spec& subject : subjects(*std::move(loaded))) {
    if (options.format == "sarif") {
      append(all, model::review_all_profiles(subject.resources));
      continue;
    }
    tables.push_back(model::portability(subject.resources));
    tables.back().scenario = subject.scenario.name;
  }
  if (options.format == "sarif") return finish(std::move(all), options, session);
  report(session, all);
  if (options.format == "json")
    reports::write_portability_json(std::cout, tables);
  else if (options.format == "markdown")
    reports::write_portability_markdown(std::cout, tables);
  else
    reports::write_portability_text(std::cout, tables, {session.color_output});
  std::cout.flush();
  return model::has_errors(all) ? kWrongInput : kDone;
}

ExitCode check_versions(Files loaded, const CheckOptions& options, Session& session) {
  if (options.profile.empty() || options.profile == "all") {
    report_error(session, "check: --upgrade needs --profile with one profile");
    return kUsage;
  }
  model::Diagnostics all = std::move(loaded.diagnostics());
  if (!loaded) return finish(std::move(all), options, session);
  return check_upgrade(subjects(*std::move(loaded)), std::move(all), options, session);
}

}  // namespace

ExitCode check(const CheckOptions& options, Session& session) {
  if (!options.upgrade.empty()) return check_versions(load(options), options, session);
  return options.profile == "all" ? check_all_profiles(load(options), options, session)
                                  : check_one(load(options), options, session);
}

}  // namespace spillway::cli
