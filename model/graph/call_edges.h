// Every call that a scenario can make, resolved to vertices. Internal to model/graph.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/graph/graph.h"

namespace spillway::model::graph {

struct CallEdge {
  std::uint32_t from = 0;                  ///< vertex
  std::uint32_t to = 0;                    ///< vertex
  std::uint32_t from_operation = 0;        ///< vertex of ServiceGraph::operation_calls
  std::uint32_t to_operation = kNoVertex;  ///< likewise; kNoVertex: no operation answers
  double weight = 1;                       ///< expected number of calls per visit
  const Request* request = nullptr;        ///< as the caller sends it
  Place place;
};

/// A call to a service that neither the scenario nor a manifest knows.
struct UnknownCall {
  std::string scope;
  Place place;
};

struct CallEdges {
  std::vector<std::string> names;  ///< as ServiceGraph::names
  std::uint32_t services = 0;
  std::vector<std::uint32_t> first_operation;  ///< as in ServiceGraph
  std::vector<CallEdge> edges;
  std::vector<UnknownCall> unknown;
  bool complete = true;  ///< false: some traffic enters through a Gateway and nothing says where to

  std::uint32_t operations() const { return first_operation.back(); }
};

/// The edges point into `scenario` and must not outlive it.
CallEdges collect_call_edges(const Scenario& scenario, const Surroundings& surroundings);

}  // namespace spillway::model::graph
