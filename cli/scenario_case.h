// One scenario file on its way to a mesh: loaded, compiled, its objectives checked.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/run/experiment.h"
#include "scenarios/load.h"

namespace spillway::cli {

struct ScenarioCase {
  std::filesystem::path file;
  std::string name;                ///< of the scenario; of the file when it could not be read
  model::Place place;              ///< of the scenario
  model::Diagnostics diagnostics;  ///< of reading and compiling, by place
  model::MeshPtr mesh;             ///< absent: the diagnostics have errors
};

ScenarioCase open_scenario(const std::filesystem::path& file,
                           const scenarios::LoadOptions& options);

/// What valid manifests do not do, or not as their writer may think, under the profile of `mesh`:
/// warnings and notes. Without any Service among them, references to Services are taken as valid.
model::Diagnostics review(const model::Resources& resources, const model::MeshSpec& mesh);

/// The mesh of a specification that has been read. Adds to `diagnostics`, which then are in order
/// of their places.
model::MeshPtr compile_checked(model::Spec spec, model::Diagnostics& diagnostics);

/// What the flags that replace values of a scenario have in common.
struct Replacements {
  std::optional<std::string> seed, replications, duration, profile;
  std::vector<std::string> set;  ///< PATH=VALUE, as given; checked when parsed
};
std::vector<scenarios::Override> overrides(const Replacements& replacements);

}  // namespace spillway::cli
