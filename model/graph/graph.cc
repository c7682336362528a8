#include "model/graph/graph.h"

#include <algorithm>
#include <tuple>

#include "model/graph/call_edges.h"
#include "model/graph/cycles.h"

namespace spillway::model {
namespace {

struct Arrow {
  std::uint32_t from, to;
  double weight;
};

Rows freeze(std::vector<Arrow> arrows, std::uint32_t vertices) {
  std::ranges::stable_sort(arrows, {}, [](const Arrow& a) { return std::tie(a.from, a.to); });
  Rows rows;
  rows.offsets.assign(vertices + 1, 0);
  for (std::size_t i = 0; i < arrows.size(); ++i) {
    const bool repeated =
        i > 0 && arrows[i].from == arrows[i - 1].from && arrows[i].to == arrows[i - 1].to;
    if (repeated) {
      rows.weights.back() += arrows[i].weight;
    } else {
      rows.targets.push_back(arrows[i].to);
      rows.weights.push_back(arrows[i].weight);
      ++rows.offsets[arrows[i].from + 1];
    }
  }
  for (std::uint32_t v = 0; v < vertices; ++v) rows.offsets[v + 1] += rows.offsets[v];
  return rows;
}

std::vector<bool> reach(const ServiceGraph& graph) {
  std::vector<bool> reached(graph.names.size(), false);
  std::vector<std::uint32_t> open;
  for (std::uint32_t v = graph.services; v < graph.names.size(); ++v) open.push_back(v);
  while (!open.empty()) {
    const std::uint32_t v = open.back();
    open.pop_back();
    if (reached[v]) continue;
    reached[v] = true;
    for (const std::uint32_t target : graph.calls.of(v)) open.push_back(target);
  }
  return reached;
}

void find_cycles(ServiceGraph& graph) {
  const graph::Components operations = graph::strong_components(graph.operation_calls);
  for (const std::vector<std::uint32_t>& members : operations.cyclic) {
    graph.cycles.push_back({graph::way_round(graph.operation_calls, members),
                            graph::depth_bound(graph.operation_calls, members)});
  }
  if (graph.cycles.empty()) {
    graph.longest_depth = graph::longest_path(graph.operation_calls, operations.order);
  }
}

}  // namespace

std::uint32_t ServiceGraph::find_service(std::string_view scope) const {
  const auto found = std::ranges::find(names, scope);
  return found == names.end() ? kNoVertex : static_cast<std::uint32_t>(found - names.begin());
}

std::uint32_t ServiceGraph::service_of(std::uint32_t operation) const {
  const std::uint32_t operations = first_operation.back();
  if (operation >= operations) return services + (operation - operations);
  const auto after = std::ranges::upper_bound(first_operation, operation);
  return static_cast<std::uint32_t>(after - first_operation.begin()) - 1;
}

ServiceGraph build_graph(const Scenario& scenario, const Surroundings& surroundings) {
  graph::CallEdges found = graph::collect_call_edges(scenario, surroundings);
  std::vector<Arrow> calls;
  std::vector<Arrow> operation_calls;
  for (const graph::CallEdge& edge : found.edges) {
    calls.push_back({edge.from, edge.to, 1});
    if (edge.to_operation == kNoVertex) continue;
    operation_calls.push_back({edge.from_operation, edge.to_operation, edge.weight});
  }
  const auto traffic = static_cast<std::uint32_t>(scenario.traffic.size());
  ServiceGraph graph;
  graph.names = std::move(found.names);
  graph.services = found.services;
  graph.calls = freeze(std::move(calls), found.services + traffic);
  graph.operation_calls = freeze(std::move(operation_calls), found.operations() + traffic);
  graph.first_operation = std::move(found.first_operation);
  graph::Components components = graph::strong_components(graph.calls);
  graph.component = std::move(components.of);
  graph.order = std::move(components.order);
  graph.reached = reach(graph);
  find_cycles(graph);
  return graph;
}

}  // namespace spillway::model
