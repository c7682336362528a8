// Reads scenario files and manifests: text -> model structs, or every diagnostic at once. Reads
// files; no other effect. Any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/resources/resources.h"

namespace spillway::scenarios {

/// `PATH=VALUE` of the command line: `Scenario:spec.run.seed=7` (the `Scenario:` may be left out)
/// or `KIND/NAMESPACE/NAME:FIELDPATH=VALUE`. VALUE is YAML. A path that names nothing is an error.
struct Override {
  std::string path;
  std::string value;
};

struct LoadOptions {
  std::optional<model::Channel> channel;  ///< instead of the scenario's
  std::vector<Override> overrides;
};

/// A scenario file with the manifests that it lists or holds. All errors of all its files are in
/// the diagnostics.
model::Loaded<model::Spec> load_scenario(const std::filesystem::path& file,
                                         const LoadOptions& options = {});

/// Files or folders of manifests, "-" for standard input. A scenario among them adds its manifests
/// and its services.
struct LoadedFiles {
  std::vector<model::Spec> scenarios;  ///< each with its own manifests
  model::Resources resources;          ///< manifests of the plain files
};
model::Loaded<LoadedFiles> load_files(const std::vector<std::filesystem::path>& files,
                                      const LoadOptions& options = {});

}  // namespace spillway::scenarios
