#include "cli/inputs.h"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <string_view>

namespace spillway::cli {
namespace fs = std::filesystem;
namespace {

bool has_known_extension(const fs::path& file) {
  const std::string extension = file.extension().string();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

// `: Scenario`, its value in quotes or not.
bool names_scenario(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  const auto skip_blanks = [&] {
    text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  };
  skip_blanks();
  if (!text.starts_with(':')) return false;
  text.remove_prefix(1);
  skip_blanks();
  if (text.starts_with('"') || text.starts_with('\'')) text.remove_prefix(1);
  constexpr std::string_view kKind = "Scenario";
  return text.starts_with(kKind) && (text.size() == kKind.size() ||
                                     !std::isalnum(static_cast<unsigned char>(text[kKind.size()])));
}

std::vector<fs::path> below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(
           folder, fs::directory_options::skip_permission_denied, ignored)) {
    if (entry.is_regular_file(ignored) && has_known_extension(entry.path()) &&
        looks_like_scenario(entry.path()))
      files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

std::vector<fs::path> matching(const std::string& pattern) {
  std::vector<fs::path> files;
  glob_t found{};
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i)
      if (fs::is_regular_file(found.gl_pathv[i]) && looks_like_scenario(found.gl_pathv[i]))
        files.emplace_back(found.gl_pathv[i]);
  ::globfree(&found);
  return files;
}

}  // namespace

bool looks_like_scenario(const fs::path& file) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const auto quoted = line.find("\"kind\"");
    if (line.starts_with("kind") && names_scenario(std::string_view(line).substr(4))) return true;
    if (quoted != std::string::npos && names_scenario(std::string_view(line).substr(quoted + 6)))
      return true;
  }
  return false;
}

ScenarioFiles find_scenarios(const std::vector<std::string>& arguments) {
  ScenarioFiles result;
  const auto add = [&](const std::vector<fs::path>& files) {
    for (const fs::path& file : files)
      if (std::ranges::find(result.files, file) == result.files.end()) result.files.push_back(file);
    result.several = true;
  };
  std::error_code ignored;
  for (const std::string& argument : arguments) {
    if (fs::is_directory(argument, ignored)) {
      const auto files = below(argument);
      if (files.empty())
        result.errors.push_back(fmt::format("{}: no scenario file in this folder", argument));
      add(files);
    } else if (!fs::exists(argument, ignored) &&
               argument.find_first_of("*?[") != std::string::npos) {
      const auto files = matching(argument);
      if (files.empty())
        result.errors.push_back(fmt::format("{}: no scenario file matches", argument));
      add(files);
    } else if (std::ranges::find(result.files, fs::path(argument)) == result.files.end()) {
      result.files.emplace_back(argument);
    }
  }
  result.several |= arguments.size() > 1;
  return result;
}

}  // namespace spillway::cli
