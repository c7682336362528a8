#include <algorithm>
#include <unordered_map>

#include "scenarios/check.h"
#include "scenarios/mistake.h"
#include "scenarios/suggest.h"

namespace spillway::scenarios {
namespace {

using namespace model;

/// Looking for near names among thousands is slow; so many mistakes have more in common than a
/// misspelling.
constexpr int kMostSuggestions = 50;

class References {
 public:
  References(const Scenario& scenario, const Resources& resources, Diagnostics& diagnostics)
      : scenario_(scenario), resources_(resources), diagnostics_(diagnostics) {
    for (const Service& service : scenario.services) {
      std::vector<int>& ports = services_[service.scope()];
      for (const PortSpec& port : service.ports) ports.push_back(port.port);
      names_.push_back(service.scope());
    }
    for (const KubeService& service : resources.services) {
      const std::string scope = service.meta.name + "." + service.meta.namespace_;
      if (!services_.contains(scope)) names_.push_back(scope);
      std::vector<int> ports;
      for (const ServicePort& port : service.ports) ports.push_back(port.port);
      services_[scope] = std::move(ports);
    }
  }

  void check() {
    for (const Service& service : scenario_.services)
      for (const Operation& operation : service.operations) steps(operation.steps);
    for (const Traffic& traffic : scenario_.traffic) {
      if (const auto* service = std::get_if<ServiceRef>(&traffic.to)) this->service(*service);
      if (const auto* gateway = std::get_if<GatewayTarget>(&traffic.to)) this->gateway(*gateway);
    }
    for (const Fault& fault : scenario_.faults)
      if (const auto* target = std::get_if<RouteTarget>(&fault.target)) route(*target, fault);
  }

 private:
  void error(const Place& place, std::string what, const std::string& got,
             const std::vector<std::string>& known) {
    std::string hint;
    if (++suggestions_ <= kMostSuggestions) hint = did_you_mean(got, known);
    diagnostics_.push_back(mistake(place, "unknown-name", std::move(what), in_quotes(got),
                                   known.empty() ? "" : one_of(known), std::move(hint)));
  }

  void steps(const std::vector<Step>& list) {
    for (const Step& step : list) {
      if (const auto* call = std::get_if<CallStep>(&step.action)) service(call->service);
      if (const auto* parallel = std::get_if<ParallelStep>(&step.action)) steps(parallel->branches);
    }
  }

  void service(const ServiceRef& ref) {
    const auto found = services_.find(ref.scope());
    if (found == services_.end())
      return error(ref.place, "no such service in the scenario or its manifests", ref.scope(),
                   names_);
    const std::vector<int>& ports = found->second;
    if (ref.port == 0 || std::ranges::find(ports, ref.port) != ports.end()) return;
    std::vector<std::string> known;
    for (const int port : ports) known.push_back(std::to_string(port));
    error(ref.place, "service " + ref.scope() + " has no such port", std::to_string(ref.port),
          known);
  }

  void gateway(const GatewayTarget& target) {
    const ServiceRef& ref = target.gateway;
    std::vector<std::string> known;
    for (const Gateway& gateway : resources_.gateways) {
      known.push_back(gateway.meta.name + "." + gateway.meta.namespace_);
      if (known.back() != ref.scope()) continue;
      if (ref.port == 0) return;
      std::vector<std::string> ports;
      for (const Listener& listener : gateway.listeners) {
        if (listener.port == ref.port) return;
        ports.push_back(std::to_string(listener.port));
      }
      return error(ref.place, "Gateway " + ref.scope() + " has no listener on this port",
                   std::to_string(ref.port), ports);
    }
    error(ref.place, "no such Gateway in the manifests", ref.scope(), known);
  }

  void route(const RouteTarget& target, const Fault& fault) {
    const std::string wanted = target.namespace_ + "/" + target.name;
    std::vector<std::string> known;
    for (const HttpRoute& route : resources_.http_routes) {
      known.push_back(route.meta.key());
      if (route.meta.key() != wanted) continue;
      if (!target.rule || *target.rule < route.rules.size()) return;
      diagnostics_.push_back(
          mistake(fault.place, "unknown-name", "route " + wanted + " has no such rule",
                  std::to_string(*target.rule),
                  "an index from 0 to " + std::to_string(route.rules.size() - 1)));
      return;
    }
    error(fault.place, "no such route in the manifests", wanted, known);
  }

  const Scenario& scenario_;
  const Resources& resources_;
  Diagnostics& diagnostics_;
  std::unordered_map<std::string, std::vector<int>>
      services_;  // ports by scope; a manifest's decide
  std::vector<std::string> names_;
  int suggestions_ = 0;
};

}  // namespace

void check_references(const Scenario& scenario, const Resources& resources,
                      Diagnostics& diagnostics) {
  References(scenario, resources, diagnostics).check();
}

}  // namespace spillway::scenarios
