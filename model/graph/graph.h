// The service graph of a scenario: who calls whom, checked and frozen into dense index arrays.
// Built once while loading; the result owns its strings and is immutable afterwards, so any thread
// may read it. Uses Boost.Graph inside, none of it shows here.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/spec/scenario.h"

namespace spillway::model {

inline constexpr std::uint32_t kNoVertex = 0xffffffff;

/// A directed graph as compressed rows, vertices 0 .. size()-1. The targets of a vertex ascend and
/// are unique. `weights` stands beside `targets`: the expected number of such calls per visit.
struct Rows {
  std::vector<std::uint32_t> offsets{0};
  std::vector<std::uint32_t> targets;
  std::vector<double> weights;

  std::uint32_t size() const { return static_cast<std::uint32_t>(offsets.size() - 1); }
  std::span<const std::uint32_t> of(std::uint32_t vertex) const {
    return {targets.data() + offsets[vertex], targets.data() + offsets[vertex + 1]};
  }
  std::span<const double> weights_of(std::uint32_t vertex) const {
    return {weights.data() + offsets[vertex], weights.data() + offsets[vertex + 1]};
  }
};

/// One place from which a request is sent.
struct CallSite {
  std::string_view caller;  ///< service scope or traffic name
  std::string_view caller_namespace;
  bool meshed = true;
  std::variant<const ServiceRef*, const GatewayTarget*> target;
  const Request& request;
};

/// Where a share (0..1) of the requests of a call site ends up, and the request as that service
/// sees it.
struct Destination {
  std::string scope;
  double share = 1;
  Request request;
};

/// What manifests add to a scenario. `routing` answers where the requests of a call site go (no
/// entry: answered by a proxy); absent: a call reaches the service that it names, and where a
/// Gateway leads is unknown. `declared`: scopes of Services that stand in manifests only.
struct Surroundings {
  std::function<std::vector<Destination>(const CallSite&)> routing;
  std::vector<std::string> declared;
};

/// A set of operations that call each other in a circle.
struct CallCycle {
  std::vector<std::uint32_t> operations;  ///< one way round, by index, starting at the lowest
  /// Less than one request in a million goes deeper than so many calls within the cycle (Markov's
  /// bound on the expected number of calls at a depth). Absent: the calls do not die out.
  std::optional<std::uint32_t> depth_bound;
};

/// Vertices of `calls`: services in the order of the scenario, then declared ones, then traffic.
/// Vertices of `operation_calls`: the operations of each service (a service without any has one),
/// then traffic.
struct ServiceGraph {
  std::vector<std::string> names;  ///< by vertex: scopes, then traffic names
  std::uint32_t services = 0;      ///< number of service vertices; the rest is traffic
  Rows calls;                      ///< weight: number of calls in the text, whatever operation
  std::vector<std::uint32_t> first_operation;  ///< [services + 1]
  Rows operation_calls;
  std::vector<std::uint32_t> order;  ///< vertices, callers before callees; a cycle's side by side
  std::vector<std::uint32_t> component;  ///< by vertex; equal = they call each other in a circle
  std::vector<bool> reached;             ///< by vertex: some traffic leads there
  std::vector<CallCycle> cycles;         ///< by lowest operation
  std::optional<std::uint32_t> longest_depth;  ///< calls one inside the other; absent: cycles

  /// The vertex of a service scope or traffic name, or kNoVertex.
  std::uint32_t find_service(std::string_view scope) const;
  std::uint32_t service_of(std::uint32_t operation) const;
};

/// The operation of `service` that answers `request`: the first whose method, path prefix (element
/// by element, as PathPrefix of the Gateway API) and headers all match. Nothing: the service
/// replies 404. A service without operations has one, number 0, that matches everything.
std::optional<std::uint32_t> match_operation(const Service& service, const Request& request);

/// Unknown call targets are left out.
ServiceGraph build_graph(const Scenario& scenario, const Surroundings& surroundings = {});

/// Errors: calls to services that do not exist, cycles whose calls never die out. Warnings: cycles
/// that do, calls that no operation answers, and services that no traffic reaches (not if traffic
/// enters through a Gateway and there is no routing).
Diagnostics check_graph(const Scenario& scenario, const Surroundings& surroundings = {});

}  // namespace spillway::model
