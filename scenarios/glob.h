// File patterns of `manifests:` and folders of manifests. Reads folders; results are sorted, so
// that they do not depend on the file system.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::scenarios {

/// Whether `name` (one path component) matches `pattern` with * and ?.
bool matches(std::string_view pattern, std::string_view name);

bool is_pattern(std::string_view text);

/// The regular files that `pattern` names: * and ? within one component, ** for any number of
/// folders. Wildcards pass over names that start with a dot, and, in a last component without an
/// extension, over all but manifests.
std::vector<std::filesystem::path> expand(const std::filesystem::path& pattern);

/// .yaml, .yml and .json files of a folder, and with `deep` of the folders in it.
std::vector<std::filesystem::path> manifest_files(const std::filesystem::path& folder,
                                                  bool deep = false);

}  // namespace spillway::scenarios
