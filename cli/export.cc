#include "cli/export.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <vector>

#include "cli/session.h"
#include "model/profiles/profile.h"
#include "model/profiles/proxy_kinds.h"
#include "model/profiles/surroundings.h"
#include "model/resources/declared_services.h"
#include "reports/envoy_bootstrap.h"
#include "reports/output_directory.h"

namespace spillway::cli {
namespace {

bool has_envoys(const std::string& profile) {
  model::MeshSpec mesh;
  mesh.profile = profile;
  return model::make_data_plane(mesh, {}) != nullptr;
}

std::vector<std::string> profiles_with_envoys() {
  std::vector<std::string> names;
  for (const model::ProfileInfo& profile : model::profiles())
    if (has_envoys(profile.name)) names.push_back(profile.name);
  return names;
}

/// What the exported configurations point into.
struct Proxies {
  model::Spec spec;
  std::unique_ptr<model::DataPlane> plane;
  std::vector<reports::EnvoyExport> kinds;
};

reports::EnvoyExport exported(const model::ProxyKind& kind) {
  reports::EnvoyExport what;
  what.node_id = kind.name;
  for (const model::ProxyKind::Part& part : kind.parts)
    what.parts.push_back({part.proxy->proxy.get(),
                          kind.parts.size() > 1 ? part.proxy->config + "/" : "", part.ports});
  return what;
}

void find_proxies(Proxies& proxies) {
  model::declare_services(proxies.spec);
  std::vector<model::Assumption> ignored;
  model::assume_own(proxies.spec.scenario.mesh.profile, proxies.spec.resources, ignored);
  proxies.plane = model::make_data_plane(proxies.spec.scenario.mesh, proxies.spec.resources);
  for (const model::ProxyKind& kind : model::proxy_kinds(*proxies.plane, proxies.spec))
    proxies.kinds.push_back(exported(kind));
}

ExitCode write(const std::vector<reports::EnvoyExport>& kinds, const std::string& target,
               const Session& session) {
  std::error_code ignored;
  if (std::filesystem::exists(target, ignored)) {
    report_error(session, fmt::format("cannot write {}: it exists", target));
    return kWrongInput;
  }
  try {
    reports::OutputDirectory directory(target, false);
    for (const reports::EnvoyExport& kind : kinds)
      directory.write(kind.node_id + ".json",
                      [&](std::ostream& out) { out << reports::envoy_bootstrap(kind); });
    directory.commit();
  } catch (const reports::OutputError& problem) {
    report_error(session, problem.what());
    return kWrongInput;
  }
  say(session, fmt::format("{} of Envoy {} in {}",
                           kinds.size() == 1 ? "1 configuration"
                                             : fmt::format("{} configurations", kinds.size()),
                           kinds.size() == 1 ? "is" : "are", target));
  return kDone;
}

}  // namespace

ExitCode export_envoy(const ExportOptions& options, Session& session) {
  auto loaded = scenarios::load_scenario(
      options.scenario, {.channel = {}, .overrides = overrides(options.replacements)});
  model::Diagnostics diagnostics = std::move(loaded.diagnostics());
  model::MeshPtr mesh;
  if (loaded && !model::has_errors(diagnostics)) mesh = compile_checked(*loaded, diagnostics);
  report(session, diagnostics);
  if (!mesh) return kWrongInput;
  const std::string profile = loaded->scenario.mesh.profile;
  if (!has_envoys(profile)) {
    report_error(session, fmt::format("profile {} has no Envoys to export (expected one of {})",
                                      profile, fmt::join(profiles_with_envoys(), ", ")));
    return kWrongInput;
  }
  Proxies proxies{*std::move(loaded), nullptr, {}};
  find_proxies(proxies);
  if (proxies.kinds.empty()) {
    report_error(session,
                 fmt::format("profile {} places no Envoy on the way of any request", profile));
    return kWrongInput;
  }
  if (!options.out.empty()) return write(proxies.kinds, options.out, session);
  std::cout << (proxies.kinds.size() == 1 ? reports::envoy_bootstrap(proxies.kinds.front())
                                          : reports::envoy_bootstraps(proxies.kinds));
  return kDone;
}

}  // namespace spillway::cli
