// Which scenario files the arguments of `run` mean.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace spillway::cli {

struct ScenarioFiles {
  std::vector<std::filesystem::path> files;  ///< in the order of the arguments, each once
  bool several = false;                      ///< a folder, a glob or more than one file was named
  std::vector<std::string> errors;           ///< arguments that name nothing
};

/// A file stands for itself, a folder for all scenario files below it (by name), a pattern with
/// `*`, `?` or `[` for the scenario files that it matches.
ScenarioFiles find_scenarios(const std::vector<std::string>& arguments);

/// Whether the text of a YAML or JSON file says `kind: Scenario` at the top of a document.
bool looks_like_scenario(const std::filesystem::path& file);

}  // namespace spillway::cli
