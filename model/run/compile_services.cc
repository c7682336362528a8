#include <fmt/format.h>

#include "model/graph/graph.h"
#include "model/run/compiler.h"

namespace spillway::model {

void Compiler::compile_services() {
  const std::vector<Service>& services = mesh_->spec.scenario.services;
  // Ids of services and of their operations first: calls refer to both.
  Id operations = 0;
  for (Id id = 0; id < services.size(); ++id) {
    const Service& service = services[id];
    CompiledService compiled;
    compiled.scope = static_cast<Id>(service_scopes_.size());
    service_scopes_.push_back({ScopeKind::service, service.scope()});
    compiled.replicas = service.replicas;
    compiled.workers = service.workers;
    compiled.first_replica = mesh_->replicas;
    compiled.async = service.threading == Threading::async;
    compiled.discipline = service.queue.discipline;
    compiled.on_cancel = service.on_cancel;
    compiled.queue_capacity = service.queue.capacity.value_or(~0ull);
    compiled.has_max_wait = service.queue.max_wait.has_value();
    if (compiled.has_max_wait) compiled.max_wait = delay({*service.queue.max_wait});
    compiled.salt = sim::hash_name(service.scope());
    compiled.first_operation = operations;
    operations += static_cast<Id>(std::max<std::size_t>(1, service.operations.size()));
    mesh_->replicas += service.replicas;
    mesh_->services.push_back(std::move(compiled));
    if (service.workers == kUnlimitedWorkers)
      assume(mesh_->assumptions, "workers", "unlimited",
             "services without `workers` serve any number of requests at once");
  }
  for (Id id = 0; id < services.size(); ++id) compile_operations(services[id], id);
}

void Compiler::compile_operations(const Service& service, Id id) {
  static const std::vector<Operation> kNoWork{Operation{}};
  const Caller caller{service.scope(), service.namespace_, service.replicas, service.meshed};
  std::map<std::string, int> calls;
  for (const Operation& operation : service.operations.empty() ? kNoWork : service.operations) {
    CompiledOperation compiled;
    compiled.service = id;
    compiled.name = operation.name;
    compiled.script = operation.script;
    for (const ScriptEntry& entry : operation.script)
      compiled.answers.push_back(read_headers(entry.headers));
    std::vector<CompiledStep> steps;
    for (const Step& step : operation.steps) steps.push_back(compile_step(step, caller, calls));
    compiled.first_step = static_cast<Id>(mesh_->steps.size());
    compiled.step_count = static_cast<Id>(steps.size());
    mesh_->steps.insert(mesh_->steps.end(), steps.begin(), steps.end());
    mesh_->operations.push_back(std::move(compiled));
  }
}

/// Parallel steps inside parallel steps start and end together with them, so all branches lie side
/// by side.
CompiledStep Compiler::compile_step(const Step& step, const Caller& caller,
                                    std::map<std::string, int>& calls) {
  CompiledStep compiled;
  compiled.first_work = static_cast<Id>(mesh_->work.size());
  std::vector<Call> made;
  const auto add = [&](const auto& self, const Step& part) -> void {
    if (const auto* work = std::get_if<WorkStep>(&part.action))
      add_work(*work);
    else if (const auto* call = std::get_if<CallStep>(&part.action))
      made.push_back(compile_call_step(*call, part.place, caller, calls));
    else
      for (const Step& branch : std::get<ParallelStep>(part.action).branches) self(self, branch);
  };
  add(add, step);
  compiled.work_count = static_cast<Id>(mesh_->work.size()) - compiled.first_work;
  compiled.first_call = static_cast<Id>(mesh_->calls.size());
  compiled.call_count = static_cast<Id>(made.size());
  mesh_->calls.insert(mesh_->calls.end(), made.begin(), made.end());
  return compiled;
}

void Compiler::add_work(const WorkStep& step) {
  WorkItem item;
  if (const auto* load = std::get_if<LoadDependentWork>(&step.time)) {
    item.load = *load;
    item.load_dependent = true;
  } else {
    item.time = std::get<sim::Distribution>(step.time);
  }
  mesh_->work.push_back(std::move(item));
}

Call Compiler::compile_call_step(const CallStep& step, const Place& place, const Caller& caller,
                                 std::map<std::string, int>& calls) {
  Call call;
  const std::string callee = step.service.scope();
  call.edge = scope(edge_scopes_, edge_index_, ScopeKind::edge, caller.scope + "->" + callee);
  call.leg = call_service(caller, step.service, step.request, step.client, call.edge, place);
  if (const auto id = service_ids_.find(step.service.namespace_ + "/" + step.service.name);
      id != service_ids_.end())
    call.service_scope = id->second;
  call.probability = step.probability;
  call.optional = step.optional;
  // The n-th call to the same service, whatever stands between: another call moves none of its
  // draws.
  call.salt = sim::combine(sim::hash_name(callee), static_cast<std::uint64_t>(calls[callee]++));
  assume(
      mesh_->assumptions, "failedCall",
      "the caller answers with the status of its first failed call, once the step's other calls "
      "have ended",
      "what an application makes of a failed call is its own affair; `optional: true` ignores it");
  return call;
}

}  // namespace spillway::model
