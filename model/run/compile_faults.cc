#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

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
  if (per_request && !std::holds_alternative<ProxyTarget>(fault.target)) return;
  if (service && (service->operation.empty() || slow)) return;
  if (link && on_network(fault.action)) return;
  const bool proxy = std::holds_alternative<ProxyTarget>(fault.target);
  if (proxy && std::holds_alternative<CrashFault>(fault.action)) return;
  error(fault.place,
        fmt::format("{} is not a fault of {}", kKinds[kind],
                    service ? "an operation"
                    : proxy ? "a proxy"
                    : link  ? "a link"
                            : "a route"),
        "fault-target",
        proxy     ? "a proxy can have crash"
        : service ? "an operation can have abort, delay, hang, reset and slow"
        : link    ? "a link can have abort, delay, hang, reset, loss and partition"
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
  } else if (const auto* proxy = std::get_if<ProxyTarget>(&fault.target)) {
    aim_at_proxies(fault, *proxy, compiled);
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

void Compiler::aim_at_proxies(const Fault& fault, const ProxyTarget& target,
                              CompiledFault& compiled) {
  if (target.name == "ztunnel") return aim_at_ztunnels(fault, "", compiled);
  if (target.name.starts_with("ztunnel/"))
    return aim_at_ztunnels(fault, target.name.substr(8), compiled);
  const std::string prefix = fmt::format("{}/", target.name);
  for (const auto& [name, process] : processes_)
    if (name == target.name || name.starts_with(prefix)) compiled.proxies.push_back(process);
  if (!compiled.proxies.empty()) return;
  std::vector<std::string> known;
  for (const auto& [name, process] : processes_) known.push_back(name);
  if (known.size() > 10) known.resize(10);
  error(fault.place,
        fmt::format("fault on proxy {}, which no call of this scenario passes", target.name),
        "unknown-proxy",
        known.empty() ? fmt::format("profile {} places no proxy on its calls",
                                    mesh_->spec.scenario.mesh.profile)
                      : fmt::format("they pass {}", fmt::join(known, ", ")));
}

/// Pods on a node whose ztunnel is down have no way in or out.
void Compiler::aim_at_ztunnels(const Fault& fault, const std::string& node,
                               CompiledFault& compiled) {
  if (!mesh_->spec.scenario.mesh.profile.starts_with("istio-ambient"))
    return error(fault.place,
                 fmt::format("profile {} has no ztunnel", mesh_->spec.scenario.mesh.profile),
                 "unknown-proxy");
  std::uint32_t number = 0;
  const auto [end, bad] = std::from_chars(node.data(), node.data() + node.size(), number);
  if (!node.empty() &&
      (bad != std::errc{} || end != node.data() + node.size() || number >= options_.nodes))
    return error(fault.place,
                 fmt::format("there is no ztunnel/{}: nodes are numbered from 0 to {}", node,
                             options_.nodes - 1),
                 "unknown-proxy", "option nodes of the mesh sets their number");
  compiled.node = number;
  compiled.nodes = node.empty() ? 0 : options_.nodes;
  for (const auto& [way, link] : links_) compiled.links.push_back(link);
}

}  // namespace spillway::model
