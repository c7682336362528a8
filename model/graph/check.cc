#include <fmt/format.h>

#include <algorithm>

#include "model/graph/call_edges.h"
#include "model/graph/graph.h"
#include "model/graph/suggest.h"

namespace spillway::model {
namespace {

Diagnostic unknown_service(const graph::UnknownCall& call, const graph::CallEdges& calls) {
  const std::span<const std::string> known(calls.names.data(), calls.services);
  const std::string meant = graph::suggest_scope(call.scope, known);
  return {Severity::error, call.place,
          fmt::format("unknown service (got \"{}\", expected a service of the scenario or of a "
                      "Service manifest)",
                      call.scope),
          "unknown-service", meant.empty() ? "" : fmt::format("did you mean \"{}\"?", meant)};
}

Diagnostic no_operation(const graph::CallEdge& edge, const graph::CallEdges& calls) {
  return {Severity::warning, edge.place,
          fmt::format("no operation of {} answers {} {}: it replies 404", calls.names[edge.to],
                      edge.request->method, edge.request->path),
          "no-operation", ""};
}

/// "a.default/pay": the operation is left out where the service has no choice.
std::string operation_name(const Scenario& scenario, const ServiceGraph& graph,
                           std::uint32_t operation) {
  const std::uint32_t service = graph.service_of(operation);
  const std::string& scope = graph.names[service];
  if (service >= scenario.services.size()) return scope;
  const std::vector<Operation>& operations = scenario.services[service].operations;
  if (operations.size() < 2) return scope;
  return scope + "/" + operations[operation - graph.first_operation[service]].name;
}

Diagnostic cycle(const Scenario& scenario, const ServiceGraph& graph, const CallCycle& cycle,
                 const graph::CallEdges& calls) {
  std::string circle;
  for (const std::uint32_t operation : cycle.operations) {
    circle += operation_name(scenario, graph, operation) + " -> ";
  }
  const std::uint32_t first = cycle.operations.front();
  const std::uint32_t second = cycle.operations[1 % cycle.operations.size()];
  circle += operation_name(scenario, graph, first);
  const auto edge = std::ranges::find_if(calls.edges, [&](const graph::CallEdge& e) {
    return e.from_operation == first && e.to_operation == second;
  });
  if (!cycle.depth_bound) {
    return {Severity::error, edge->place,
            fmt::format("calls go in a circle without end: {}", circle), "endless-call-cycle",
            "give a call of the circle a probability that makes the calls die out"};
  }
  return {Severity::warning, edge->place,
          fmt::format("calls go in a circle: {}; less than one request in a million goes deeper "
                      "than {} calls",
                      circle, *cycle.depth_bound),
          "call-cycle", ""};
}

}  // namespace

Diagnostics check_graph(const Scenario& scenario, const Surroundings& surroundings) {
  const graph::CallEdges calls = graph::collect_call_edges(scenario, surroundings);
  const ServiceGraph graph = build_graph(scenario, surroundings);
  Diagnostics found;
  for (const graph::UnknownCall& call : calls.unknown)
    found.push_back(unknown_service(call, calls));
  for (const graph::CallEdge& edge : calls.edges) {
    if (edge.to_operation == kNoVertex) found.push_back(no_operation(edge, calls));
  }
  for (const CallCycle& each : graph.cycles) found.push_back(cycle(scenario, graph, each, calls));
  const bool whole = calls.complete && calls.unknown.empty() && !scenario.traffic.empty();
  for (std::uint32_t s = 0; whole && s < scenario.services.size(); ++s) {
    if (graph.reached[s]) continue;
    found.push_back({Severity::warning, scenario.services[s].place,
                     fmt::format("no traffic reaches {}", graph.names[s]), "unreached-service",
                     ""});
  }
  sort_by_place(found);
  return found;
}

}  // namespace spillway::model
