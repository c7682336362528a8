// The layering of the repository as a table, and the rules that #include lines are held to.
// Pure functions on text; tests only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::layers {

struct Include {
  std::string name;    ///< what stands between the quotes or brackets
  bool angle = false;  ///< <...>
  int line = 0;
  bool operator==(const Include&) const = default;
};

/// The #include lines of a source text.
std::vector<Include> includes_of(std::string_view text);

/// What is wrong with `include` in `file` (a path from the repository root); nothing: it is
/// allowed.
std::optional<std::string> violation(std::string_view file, const Include& include);

/// The first word of `text` that the engine must not know ("retry", "route", ...), with its line.
std::optional<std::string> mesh_word(std::string_view text);

}  // namespace spillway::layers
