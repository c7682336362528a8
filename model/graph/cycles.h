// Strongly connected parts of a graph in rows, and how deep calls go in them. Internal to
// model/graph.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/graph/graph.h"

namespace spillway::model::graph {

struct Components {
  std::vector<std::uint32_t> of;     ///< by vertex
  std::vector<std::uint32_t> order;  ///< vertices, sources of edges first, a component side by side
  /// Components with a cycle, each with its vertices ascending; by lowest vertex.
  std::vector<std::vector<std::uint32_t>> cyclic;
};

Components strong_components(const Rows& rows);

/// A shortest way from the lowest of `members` back to itself, inside `members` (ascending).
std::vector<std::uint32_t> way_round(const Rows& rows, const std::vector<std::uint32_t>& members);

/// The depth beyond which the expected number of calls inside `members` is below one in a million,
/// whichever of them is called first; nothing if it never falls so low.
std::optional<std::uint32_t> depth_bound(const Rows& rows,
                                         const std::vector<std::uint32_t>& members);

/// Edges on the longest path; `order` as in Components, no cycles.
std::uint32_t longest_path(const Rows& rows, const std::vector<std::uint32_t>& order);

}  // namespace spillway::model::graph
