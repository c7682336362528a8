#include "cli/scenario_case.h"

#include <utility>

#include "model/gateway/checks.h"
#include "model/profiles/review.h"
#include "model/resources/declared_services.h"
#include "model/resources/lint.h"
#include "reports/objectives.h"

namespace spillway::cli {

std::vector<scenarios::Override> overrides(const Replacements& r) {
  std::vector<scenarios::Override> list;
  const auto add = [&](const char* path, const std::optional<std::string>& value) {
    if (value) list.push_back({path, *value});
  };
  for (const std::string& setting : r.set) {
    const auto equals = setting.find('=');
    list.push_back({setting.substr(0, equals), setting.substr(equals + 1)});
  }
  add("Scenario:spec.run.seed", r.seed);
  add("Scenario:spec.run.replications", r.replications);
  add("Scenario:spec.run.duration", r.duration);
  add("Scenario:spec.mesh.profile", r.profile);
  return list;
}

namespace {

model::Diagnostics review(const model::Resources& resources) {
  model::RoutingOptions options;
  options.assume_services_exist = resources.services.empty();
  model::Diagnostics found = model::check_references(resources, options);
  for (auto& d : model::lint(resources)) found.push_back(std::move(d));
  return found;
}

}  // namespace

model::Diagnostics review(const model::Resources& resources, const model::MeshSpec& mesh) {
  model::Diagnostics found = review(resources);
  for (auto& d : model::review_profile(resources, mesh)) found.push_back(std::move(d));
  return found;
}

model::MeshPtr compile_checked(model::Spec spec, model::Diagnostics& diagnostics) {
  model::declare_services(spec);
  model::Diagnostics found = review(spec.resources, spec.scenario.mesh);
  for (auto& d : model::review_scenario(spec)) found.push_back(std::move(d));
  auto compiled = model::compile(std::move(spec));
  for (auto& d : compiled.diagnostics()) found.push_back(std::move(d));
  if (compiled) {
    const model::Scenario& scenario = model::scenario(**compiled);
    for (auto& problem : reports::check_objectives(scenario.objectives, model::scopes(**compiled),
                                                   !scenario.faults.empty()))
      found.push_back(std::move(problem));
  }
  const bool usable = compiled && !model::has_errors(found);
  for (auto& d : found) diagnostics.push_back(std::move(d));
  model::sort_by_place(diagnostics);
  return usable ? *std::move(compiled) : nullptr;
}

ScenarioCase open_scenario(const std::filesystem::path& file,
                           const scenarios::LoadOptions& options) {
  ScenarioCase result{
      .file = file, .name = file.string(), .place = {}, .diagnostics = {}, .mesh = {}};
  auto loaded = scenarios::load_scenario(file, options);
  result.diagnostics = std::move(loaded.diagnostics());
  if (!loaded) return result;
  result.name = loaded->scenario.name;
  result.place = loaded->scenario.place;
  if (!model::has_errors(result.diagnostics))
    result.mesh = compile_checked(*std::move(loaded), result.diagnostics);
  return result;
}

}  // namespace spillway::cli
