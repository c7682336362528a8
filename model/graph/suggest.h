// "Did you mean": the known name that a mistyped one was probably meant to be. Internal to
// model/graph. Pure function.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace spillway::model::graph {

/// A scope of the same name in another namespace; else the scope with the smallest edit distance,
/// if that is at most a third of the length (the first of equals); else empty.
std::string suggest_scope(std::string_view wrong, std::span<const std::string> known);

}  // namespace spillway::model::graph
