#include <algorithm>
#include <unordered_map>

#include "scenarios/check.h"
#include "scenarios/mistake.h"
#include "scenarios/quantity.h"
#include "scenarios/suggest.h"

namespace spillway::scenarios {
namespace {

using namespace model;

class Checker {
 public:
  Checker(Scenario& scenario, Diagnostics& diagnostics)
      : scenario_(scenario), diagnostics_(diagnostics) {}

  void check() {
    names();
    for (const Service& service : scenario_.services) {
      workers(service);
      operations(service);
    }
    for (Fault& fault : scenario_.faults) this->fault(fault);
    for (const Objective& objective : scenario_.objectives) this->objective(objective);
  }

 private:
  void error(const Place& place, std::string rule, std::string what, const std::string& got = {},
             const std::string& expected = {}, std::string hint = {}) {
    diagnostics_.push_back(
        mistake(place, std::move(rule), std::move(what), got, expected, std::move(hint)));
  }
  void warning(const Place& place, std::string rule, std::string what) {
    diagnostics_.push_back({Severity::warning, place, std::move(what), std::move(rule), {}});
  }

  template <class T>
  void unique(std::unordered_map<std::string, const T*>& known, const T& thing,
              const std::string& name, const std::string& what) {
    const auto [first, added] = known.emplace(name, &thing);
    if (!added)
      error(thing.place, "duplicate",
            "two " + what + " are called \"" + name + "\", the first at " +
                first->second->place.text());
  }

  void names() {
    for (const Service& service : scenario_.services) {
      unique(services_, service, service.scope(), "services");
      service_names_.push_back(service.scope());
    }
    for (const Traffic& traffic : scenario_.traffic) {
      unique(traffic_, traffic, traffic.name, "traffic sources");
      traffic_names_.push_back(traffic.name);
    }
  }

  void workers(const Service& service) {
    if (service.workers != kUnlimitedWorkers) return;
    const QueueSpec& queue = service.queue;
    if (queue.discipline == Discipline::ps)
      error(service.place, "contradiction", "service " + service.name + ": ps shares the workers",
            "no `workers`", "a number of workers");
    else if (queue.discipline == Discipline::lifo_preemptive)
      error(service.place, "contradiction",
            "service " + service.name + ": lifo-preemptive interrupts the workers", "no `workers`",
            "a number of workers");
    else if (queue.capacity || queue.max_wait || queue.discipline != Discipline::fifo)
      warning(service.place, "unused-queue",
              "service " + service.name +
                  ": `queue` has no effect, as nothing waits where `workers` is absent");
  }

  void operations(const Service& service) {
    std::unordered_map<std::string, const Operation*> known;
    const Operation* all = nullptr;
    for (const Operation& operation : service.operations) {
      unique(known, operation, operation.name, "operations of service " + service.name);
      if (all != nullptr)
        warning(operation.place, "unreachable-operation",
                "operation " + operation.name + " is never reached: operation " + all->name +
                    " before it matches everything");
      const OperationMatch& match = operation.match;
      const bool any_path = match.path.empty() || match.path == "/";
      if (all == nullptr && any_path && match.method.empty() && match.headers.empty())
        all = &operation;
    }
  }

  void fault(Fault& fault) {
    if (const auto* window = std::get_if<FaultWindow>(&fault.when);
        window != nullptr && window->at.ns >= scenario_.run.duration.ns)
      warning(fault.place, "unused-fault",
              "the fault starts at " + format_duration({window->at.ns}) + ", when the run of " +
                  format_duration(scenario_.run.duration) + " is over");
    if (auto* target = std::get_if<ServiceTarget>(&fault.target)) service_fault(fault, *target);
    if (auto* link = std::get_if<LinkTarget>(&fault.target)) link_fault(*link);
  }

  void service_fault(const Fault& fault, const ServiceTarget& target) {
    const Service* service = find_service(target.service, target.service.place);
    if (service == nullptr) return;
    const Place& place = target.service.place;
    if (target.replicas && *target.replicas > service->replicas)
      error(place, "contradiction",
            "the fault strikes more replicas than service " + service->name + " has",
            std::to_string(*target.replicas), "at most " + std::to_string(service->replicas));
    if (std::holds_alternative<WorkersFault>(fault.action) && service->workers == kUnlimitedWorkers)
      error(place, "contradiction",
            "service " + service->name + " has no limit of workers that the fault could reduce",
            "no `workers`", "a number of workers");
    if (target.operation.empty()) return;
    std::vector<std::string> known;
    for (const Operation& operation : service->operations) known.push_back(operation.name);
    if (std::ranges::find(known, target.operation) != known.end()) return;
    error(place, "unknown-name", "service " + service->name + " has no such operation",
          in_quotes(target.operation), known.empty() ? "no operation" : one_of(known),
          did_you_mean(target.operation, known));
  }

  void link_fault(LinkTarget& link) {
    find_service(link.to, link.to.place);
    if (traffic_.contains(link.from)) return;
    const std::string scope =
        link.from.find('.') == std::string::npos ? link.from + ".default" : link.from;
    if (services_.contains(scope)) {
      link.from = scope;
      return;
    }
    std::vector<std::string> known = traffic_names_;
    known.insert(known.end(), service_names_.begin(), service_names_.end());
    error(link.to.place, "unknown-name", "the link starts at nothing that the scenario has",
          in_quotes(link.from), one_of(known), did_you_mean(link.from, known));
  }

  const Service* find_service(const ServiceRef& ref, const Place& place) {
    const auto found = services_.find(ref.scope());
    if (found != services_.end()) return found->second;
    error(place, "unknown-name", "no such service in the scenario", in_quotes(ref.scope()),
          one_of(service_names_), did_you_mean(ref.scope(), service_names_));
    return nullptr;
  }

  void objective(const Objective& objective) {
    if (objective.metric == "recovery_time" && scenario_.faults.empty())
      error(objective.place, "contradiction", "recovery_time needs a fault to recover from",
            "no faults", "`faults`");
    if (objective.scope.empty() || traffic_.contains(objective.scope) ||
        services_.contains(objective.scope))
      return;
    std::vector<std::string> known = traffic_names_;
    known.insert(known.end(), service_names_.begin(), service_names_.end());
    error(objective.place, "unknown-name", "the objective is about nothing that the scenario has",
          in_quotes(objective.scope), one_of(known), did_you_mean(objective.scope, known));
  }

  Scenario& scenario_;
  Diagnostics& diagnostics_;
  std::unordered_map<std::string, const Service*> services_;
  std::unordered_map<std::string, const Traffic*> traffic_;
  std::vector<std::string> service_names_;
  std::vector<std::string> traffic_names_;
};

}  // namespace

void check_scenario(Scenario& scenario, Diagnostics& diagnostics) {
  Checker(scenario, diagnostics).check();
}

}  // namespace spillway::scenarios
