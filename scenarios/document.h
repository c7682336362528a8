// Text of a YAML or JSON file -> its documents as trees with places. Syntax only; what the
// documents mean is read by others. Pure functions but read_file(); any thread.
//
// Stricter than the YAML specification where a file could mean something else than its author
// thinks: duplicate keys, merge keys, tags, tabs as indentation and keys that are no scalars are
// errors. Anchors and aliases are expanded.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/node.h"

namespace spillway::scenarios {

inline constexpr std::size_t kLargestFile = 64u << 20;  ///< bytes
inline constexpr std::size_t kDeepestNesting = 100;     ///< lists and mappings within each other
inline constexpr std::size_t kMostNodesOfAliases = 1'000'000;  ///< in one file

/// The documents of `text` in order; empty ones are left out. `name` is the file as the user named
/// it: JSON if it ends in `.json`, or if it is "-" or empty and the text starts with `{` or `[`,
/// otherwise YAML. When the text is broken beyond its syntax there is no value; after lesser errors
/// (a duplicate key) there are documents *and* errors, so that the errors of their contents can be
/// told in the same go.
model::Loaded<std::vector<Node>> read_documents(std::string_view text, const std::string& name);

model::Loaded<std::vector<Node>> read_yaml(std::string_view text, const std::string& name);
model::Loaded<std::vector<Node>> read_json(std::string_view text, const std::string& name);

/// The same for a file, named `file.string()` in places; "-" is standard input.
model::Loaded<std::vector<Node>> read_file(const std::filesystem::path& file);

}  // namespace spillway::scenarios
