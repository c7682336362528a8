#include "model/graph/cycles.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/graph/topological_sort.hpp>
#include <iterator>

namespace spillway::model::graph {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;

bool calls_itself(const Rows& rows, std::uint32_t vertex) {
  return std::ranges::binary_search(rows.of(vertex), vertex);
}

Graph boost_graph(const Rows& rows) {
  Graph graph(rows.size());
  for (std::uint32_t v = 0; v < rows.size(); ++v) {
    for (const std::uint32_t target : rows.of(v)) boost::add_edge(v, target, graph);
  }
  return graph;
}

/// The graph of the components, of which some topological order is always possible.
std::vector<std::uint32_t> component_order(const Rows& rows, const std::vector<std::uint32_t>& of,
                                           std::uint32_t count) {
  Graph condensed(count);
  for (std::uint32_t v = 0; v < rows.size(); ++v) {
    for (const std::uint32_t target : rows.of(v)) {
      if (of[v] != of[target]) boost::add_edge(of[v], of[target], condensed);
    }
  }
  std::vector<std::uint32_t> order;
  order.reserve(count);
  boost::topological_sort(condensed, std::back_inserter(order));
  std::ranges::reverse(order);
  return order;
}

/// Dense positions of `members` in themselves, for row-wise work on one component.
struct Local {
  Local(const Rows& rows, const std::vector<std::uint32_t>& members) {
    for (const std::uint32_t member : members) {
      const auto targets = rows.of(member);
      for (std::size_t i = 0; i < targets.size(); ++i) {
        const auto found = std::ranges::lower_bound(members, targets[i]);
        if (found == members.end() || *found != targets[i]) continue;
        result.targets.push_back(static_cast<std::uint32_t>(found - members.begin()));
        result.weights.push_back(rows.weights_of(member)[i]);
      }
      result.offsets.push_back(static_cast<std::uint32_t>(result.targets.size()));
    }
  }
  Rows result;
};

}  // namespace

Components strong_components(const Rows& rows) {
  Components result;
  result.of.resize(rows.size());
  const Graph graph = boost_graph(rows);
  const auto count = static_cast<std::uint32_t>(boost::strong_components(
      graph, boost::make_iterator_property_map(result.of.begin(),
                                               boost::get(boost::vertex_index, graph))));
  std::vector<std::vector<std::uint32_t>> members(count);
  for (std::uint32_t v = 0; v < rows.size(); ++v) members[result.of[v]].push_back(v);
  for (const std::uint32_t component : component_order(rows, result.of, count)) {
    result.order.insert(result.order.end(), members[component].begin(), members[component].end());
  }
  for (std::vector<std::uint32_t>& vertices : members) {
    if (vertices.size() > 1 || calls_itself(rows, vertices.front())) {
      result.cyclic.push_back(std::move(vertices));
    }
  }
  std::ranges::sort(result.cyclic);
  return result;
}

std::vector<std::uint32_t> way_round(const Rows& rows, const std::vector<std::uint32_t>& members) {
  const Graph graph = boost_graph(Local(rows, members).result);
  constexpr std::size_t kStart = 0;
  std::vector<std::size_t> parent(members.size(), kStart);
  std::vector<std::size_t> distance(members.size(), 0);
  boost::breadth_first_search(
      graph, kStart,
      boost::visitor(boost::make_bfs_visitor(
          std::make_pair(boost::record_predecessors(parent.data(), boost::on_tree_edge()),
                         boost::record_distances(distance.data(), boost::on_tree_edge())))));
  std::size_t last = members.size();
  for (std::size_t v = 0; v < members.size(); ++v) {
    if (!boost::edge(v, kStart, graph).second) continue;
    if (last == members.size() || distance[v] < distance[last]) last = v;
  }
  std::vector<std::uint32_t> way{members[last]};
  for (std::size_t v = last; v != kStart; v = parent[v]) way.push_back(members[parent[v]]);
  std::ranges::reverse(way);
  return way;
}

std::optional<std::uint32_t> depth_bound(const Rows& rows,
                                         const std::vector<std::uint32_t>& members) {
  constexpr std::uint32_t kDeepest = 20'000;
  constexpr double kRare = 1e-6;
  const Rows local = Local(rows, members).result;
  std::vector<double> expected(local.size(), 1.0);  // calls at the current depth, by first callee
  std::vector<double> next(local.size());
  for (std::uint32_t depth = 1; depth <= kDeepest; ++depth) {
    for (std::uint32_t v = 0; v < local.size(); ++v) {
      next[v] = 0;
      for (std::uint32_t i = local.offsets[v]; i < local.offsets[v + 1]; ++i) {
        next[v] += local.weights[i] * expected[local.targets[i]];
      }
    }
    expected.swap(next);
    const auto [fewest, most] = std::ranges::minmax(expected);
    if (most < kRare) return depth - 1;
    if (fewest >= 1 - 1e-9) return std::nullopt;  // as many as at the start: never dies out
  }
  return std::nullopt;
}

std::uint32_t longest_path(const Rows& rows, const std::vector<std::uint32_t>& order) {
  std::vector<std::uint32_t> depth(rows.size(), 0);
  std::uint32_t longest = 0;
  for (const std::uint32_t v : order) {
    longest = std::max(longest, depth[v]);
    for (const std::uint32_t target : rows.of(v)) {
      depth[target] = std::max(depth[target], depth[v] + 1);
    }
  }
  return longest;
}

}  // namespace spillway::model::graph
