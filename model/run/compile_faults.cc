#include <fmt/format.h>

#include <algorithm>

#include "model/run/compiler.h"

namespace spillway::model {

Id Compiler::link(const std::string& from, const std::string& to) {
  const auto [at, added] = links_.emplace(from + "->" + to, mesh_->links);
  mesh_->links += added;
  return at->second;
}

void Compiler::compile_faults() {
  for (const Fault& fault : mesh_->spec.scenario.faults) {
    CompiledFault compiled;
    compiled.action = fault.action;
    aim(fault, compiled);
    compiled.salt = sim::combine(sim::hash_name("fault"), mesh_->faults.size());
    mesh_->faults.push_back(std::move(compiled));
  }
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
