#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/fault/timeline.h"
#include "model/run/compiler.h"

namespace spillway::model {
namespace {

constexpr std::array<std::string_view, 9> kKinds = {"abort", "delay", "slow",      "crash",  "hang",
                                                    "reset", "loss",  "partition", "workers"};

bool on_network(const FaultAction& action) {
  return std::holds_alternative<LossFault>(action) ||
         std::holds_alternative<PartitionFault>(action);
}

}  // namespace

Id Compiler::link(const std::string& from, const std::string& to) {
  const auto [at, added] = links_.emplace(from + "->" + to, mesh_->links);
  mesh_->links += added;
  return at->second;
}

void Compiler::compile_faults() {
  const std::vector<sim::Key> keys = fault_keys(mesh_->spec.scenario.faults);
  for (const Fault& fault : mesh_->spec.scenario.faults) {
    CompiledFault compiled;
    compiled.action = fault.action;
    compiled.salt = keys[mesh_->faults.size()];
    check_place(fault);
    aim(fault, compiled);
    mesh_->faults.push_back(std::move(compiled));
  }
}

/// Errors for faults that make no sense where they are put.
void Compiler::check_place(const Fault& fault) {
  const std::size_t kind = fault.action.index();
  const bool slow = std::holds_alternative<SlowFault>(fault.action);
  const bool per_request = std::holds_alternative<AbortFault>(fault.action) ||
                           std::holds_alternative<DelayFault>(fault.action) ||
                           std::holds_alternative<HangFault>(fault.action) ||
                           std::holds_alternative<ResetFault>(fault.action);
  const auto* service = std::get_if<ServiceTarget>(&fault.target);
  const bool link = std::holds_alternative<LinkTarget>(fault.target);
  const auto* abort = std::get_if<AbortFault>(&fault.action);
  if (abort && abort->work && !service)
    error(fault.place, "abort with work needs a service: nothing works elsewhere", "fault-target");
  if (per_request) return;
  if (service && (service->operation.empty() || slow)) return;
  if (link && on_network(fault.action)) return;
  error(fault.place,
        fmt::format("{} is not a fault of {}", kKinds[kind],
                    service ? "an operation"
                    : link  ? "a link"
                            : "a route"),
        "fault-target",
        service ? "an operation can have abort, delay, hang, reset and slow"
        : link  ? "a link can have abort, delay, hang, reset, loss and partition"
                : "a route can have abort, delay, hang and reset");
}

void Compiler::aim(const Fault& fault, CompiledFault& compiled) {
  if (const auto* target = std::get_if<ServiceTarget>(&fault.target)) {
    const auto id = service_ids_.find(target->service.namespace_ + "/" + target->service.name);
    if (id == service_ids_.end())
      return error(fault.place, fmt::format("fault on unknown service {}", target->service.scope()),
                   "unknown-service");
    const CompiledService& service = mesh_->services[id->second];
    compiled.service = id->second;
    compiled.first_replica = service.first_replica;
    compiled.replica_count =
        std::min(target->replicas.value_or(service.replicas), service.replicas);
    if (on_network(fault.action))  // every way to it
      for (const auto& [way, link] : links_)
        if (way.ends_with("->" + target->service.scope())) compiled.links.push_back(link);
    if (target->operation.empty()) return;
    const std::vector<Operation>& operations = mesh_->spec.scenario.services[id->second].operations;
    const auto operation = std::ranges::find(operations, target->operation, &Operation::name);
    if (operation == operations.end())
      return error(fault.place,
                   fmt::format("fault on unknown operation {} of {}", target->operation,
                               target->service.scope()),
                   "unknown-operation");
    compiled.operation = service.first_operation + static_cast<Id>(operation - operations.begin());
  } else if (const auto* route = std::get_if<RouteTarget>(&fault.target)) {
    const std::string prefix = fmt::format("{}/{}#", route->namespace_, route->name);
    const std::string exact = route->rule ? fmt::format("{}{}", prefix, *route->rule) : "";
    for (const auto& [name, id] : rule_targets_)
      if (route->rule ? name == exact : name.starts_with(prefix)) compiled.rules.push_back(id);
    if (compiled.rules.empty())
      error(fault.place,
            fmt::format("fault on route {}/{}{}, which no call of this scenario takes",
                        route->namespace_, route->name,
                        route->rule ? fmt::format(" rule {}", *route->rule) : ""),
            "unknown-route");
  } else {
    const auto& way = std::get<LinkTarget>(fault.target);
    const auto found = links_.find(way.from + "->" + way.to.scope());
    if (found == links_.end())
      return error(
          fault.place,
          fmt::format("fault on a link that no call takes: {} -> {}", way.from, way.to.scope()),
          "unknown-link");
    compiled.links.push_back(found->second);
  }
}

}  // namespace spillway::model
