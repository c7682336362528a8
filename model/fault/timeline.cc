#include "model/fault/timeline.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

namespace spillway::model {
namespace {

std::string describe(const ServiceTarget& target) {
  return "service " + target.service.scope() + ":" + std::to_string(target.service.port) + " " +
         (target.replicas ? std::to_string(*target.replicas) : "all") + " " + target.operation;
}
std::string describe(const RouteTarget& target) {
  return "route " + target.namespace_ + "/" + target.name + " " +
         (target.rule ? std::to_string(*target.rule) : "all");
}
std::string describe(const LinkTarget& target) {
  return "link " + target.from + " " + target.to.scope() + ":" + std::to_string(target.to.port);
}

std::string describe(const ProxyTarget& target) { return "proxy " + target.name; }

/// What stays the same about a fault when others are added around it.
std::string identity(const Fault& fault) {
  return std::to_string(fault.action.index()) + " " +
         std::visit([](const auto& target) { return describe(target); }, fault.target);
}

sim::Duration exponential(sim::Duration mean, sim::Draw& draw) {
  const double ns = static_cast<double>(mean.ns) * sim::exponential(draw);
  constexpr double kLongest = 1e18;
  return {std::max<std::int64_t>(1, static_cast<std::int64_t>(std::min(ns, kLongest)))};
}

void add_window(const FaultWindow& window, std::uint32_t fault, std::vector<FaultEdge>& edges) {
  if (window.length && window.length->ns <= 0) return;
  edges.push_back({window.at, fault, true});
  if (window.length) edges.push_back({window.at + *window.length, fault, false});
}

void add_recurring(const FaultEvery& every, std::uint32_t fault, sim::Duration horizon,
                   sim::Key key, std::vector<FaultEdge>& edges) {
  sim::Draw draw(key);
  const sim::Time end{horizon.ns};
  sim::Time now{};
  while (true) {
    now = now + std::min(exponential(every.mean_between, draw), end - now);
    if (now >= end) return;
    edges.push_back({now, fault, true});
    now = now + std::min(exponential(every.mean_repair, draw), end - now);
    edges.push_back({now, fault, false});
  }
}

}  // namespace

std::vector<FaultEdge> fault_timeline(const std::vector<Fault>& faults, sim::Duration horizon,
                                      sim::Key key) {
  std::vector<FaultEdge> edges;
  std::map<std::string, std::uint64_t> equals;
  for (std::uint32_t i = 0; i < faults.size(); ++i) {
    if (const auto* window = std::get_if<FaultWindow>(&faults[i].when)) {
      add_window(*window, i, edges);
      continue;
    }
    const std::string name = identity(faults[i]);
    const sim::Key own = sim::combine(sim::combine(key, sim::hash_name(name)), equals[name]++);
    add_recurring(std::get<FaultEvery>(faults[i].when), i, horizon, own, edges);
  }
  std::ranges::sort(edges, {},
                    [](const FaultEdge& e) { return std::tie(e.at, e.fault, e.starts); });
  return edges;
}

std::vector<sim::Key> fault_keys(const std::vector<Fault>& faults) {
  std::vector<sim::Key> keys;
  std::map<std::string, std::uint64_t> equals;
  for (const Fault& fault : faults) {
    const std::string name = identity(fault);
    keys.push_back(sim::combine(sim::hash_name(name), equals[name]++));
  }
  return keys;
}

sim::Time last_fault_end(const std::vector<FaultEdge>& edges, sim::Duration horizon) {
  std::int64_t active = 0;
  sim::Time last = sim::kNever;
  for (const FaultEdge& edge : edges) {
    if (edge.at.ns >= horizon.ns) break;
    active += edge.starts ? 1 : -1;
    if (!edge.starts) last = edge.at;
  }
  return active == 0 ? last : sim::kNever;
}

sim::Time first_fault_start(const std::vector<FaultEdge>& edges) {
  const auto first = std::ranges::find(edges, true, &FaultEdge::starts);
  return first == edges.end() ? sim::kNever : first->at;
}

}  // namespace spillway::model
