#include "model/graph/call_edges.h"

#include <algorithm>
#include <utility>

namespace spillway::model::graph {
namespace {

class Collector {
 public:
  Collector(const Scenario& scenario, const Surroundings& surroundings)
      : scenario_(scenario), surroundings_(surroundings) {
    name_vertices();
  }

  CallEdges collect() && {
    for (std::uint32_t s = 0; s < scenario_.services.size(); ++s) add_service(s);
    for (std::uint32_t t = 0; t < scenario_.traffic.size(); ++t) add_traffic(t);
    return std::move(result_);
  }

 private:
  struct Caller {
    std::uint32_t vertex;
    std::uint32_t operation;
    std::string_view namespace_;
    bool meshed;
  };

  void name_vertices() {
    result_.first_operation.push_back(0);
    for (const Service& service : scenario_.services) {
      add_name(service.scope(), std::max<std::size_t>(1, service.operations.size()));
    }
    for (const std::string& scope : surroundings_.declared) {
      if (!vertex_.contains(scope)) add_name(scope, 1);
    }
    result_.services = static_cast<std::uint32_t>(result_.names.size());
    for (const Traffic& traffic : scenario_.traffic) result_.names.push_back(traffic.name);
  }

  void add_name(std::string scope, std::size_t operations) {
    vertex_.emplace(scope, static_cast<std::uint32_t>(result_.names.size()));
    result_.names.push_back(std::move(scope));
    result_.first_operation.push_back(result_.first_operation.back() +
                                      static_cast<std::uint32_t>(operations));
  }

  void add_service(std::uint32_t s) {
    const Service& service = scenario_.services[s];
    for (std::uint32_t o = 0; o < service.operations.size(); ++o) {
      const Operation& operation = service.operations[o];
      if (!operation.script.empty()) continue;
      add_steps(operation.steps,
                {s, result_.first_operation[s] + o, service.namespace_, service.meshed});
    }
  }

  void add_steps(const std::vector<Step>& steps, const Caller& caller) {
    for (const Step& step : steps) {
      if (const auto* parallel = std::get_if<ParallelStep>(&step.action)) {
        add_steps(parallel->branches, caller);
      } else if (const auto* call = std::get_if<CallStep>(&step.action)) {
        const Place& place = call->service.place.known() ? call->service.place : step.place;
        add_call(caller, call->service, call->request, call->probability, place);
      }
    }
  }

  void add_traffic(std::uint32_t t) {
    const Traffic& traffic = scenario_.traffic[t];
    const Caller caller{result_.services + t, result_.operations() + t, traffic.from_namespace,
                        traffic.meshed};
    double total = 0;
    for (const WeightedRequest& request : traffic.requests) total += request.weight;
    for (const WeightedRequest& request : traffic.requests) {
      const double share = total > 0 ? request.weight / total : 0;
      if (const auto* service = std::get_if<ServiceRef>(&traffic.to)) {
        const Place& place = service->place.known() ? service->place : traffic.place;
        add_call(caller, *service, request.request, share, place);
      } else if (!surroundings_.routing) {
        result_.complete = false;
      } else {
        follow(caller, &std::get<GatewayTarget>(traffic.to), request.request, share, traffic.place);
      }
    }
  }

  void add_call(const Caller& caller, const ServiceRef& target, const Request& request,
                double weight, const Place& place) {
    const auto found = vertex_.find(target.scope());
    if (found == vertex_.end()) {
      result_.unknown.push_back({target.scope(), place});
    } else if (surroundings_.routing) {
      if (found->second >= scenario_.services.size()) touch(caller, found->second, place);
      follow(caller, &target, request, weight, place);
    } else {
      add_edge(caller, found->second, request, request, weight, place);
    }
  }

  /// A declared Service has no replicas of its own: it counts as called, its backends do the work.
  void touch(const Caller& caller, std::uint32_t vertex, const Place& place) {
    result_.edges.push_back({caller.vertex, vertex, caller.operation,
                             result_.first_operation[vertex], 0, nullptr, place});
  }

  void follow(const Caller& caller, std::variant<const ServiceRef*, const GatewayTarget*> target,
              const Request& request, double weight, const Place& place) {
    const CallSite site{result_.names[caller.vertex], caller.namespace_, caller.meshed, target,
                        request};
    for (const Destination& destination : surroundings_.routing(site)) {
      const auto found = vertex_.find(destination.scope);
      if (found == vertex_.end()) continue;
      add_edge(caller, found->second, request, destination.request, weight * destination.share,
               place);
    }
  }

  void add_edge(const Caller& caller, std::uint32_t to, const Request& sent, const Request& seen,
                double weight, const Place& place) {
    if (weight <= 0) return;
    std::uint32_t operation = result_.first_operation[to];
    if (to < scenario_.services.size()) {
      const auto matched = match_operation(scenario_.services[to], seen);
      operation = matched ? operation + *matched : kNoVertex;
    }
    result_.edges.push_back({caller.vertex, to, caller.operation, operation, weight, &sent, place});
  }

  const Scenario& scenario_;
  const Surroundings& surroundings_;
  std::unordered_map<std::string, std::uint32_t> vertex_;  // looked up only
  CallEdges result_;
};

}  // namespace

CallEdges collect_call_edges(const Scenario& scenario, const Surroundings& surroundings) {
  return Collector(scenario, surroundings).collect();
}

}  // namespace spillway::model::graph
