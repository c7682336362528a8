// A small mesh with one Envoy in it, for tests of what run/ makes of its decisions.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/run/envoy_legs.h"
#include "model/run/simulation.h"

namespace spillway::model {

/// One traffic source, an Envoy in front of it, and service "up" of some replicas.
struct EnvoyWorld {
  Spec spec;
  envoy::RouteAction route;
  envoy::Cluster cluster;
  bool http2 = false;
  envoy::ProxyConfig proxy;       ///< its filters
  sim::Duration wire{1'000'000};  ///< each way

  explicit EnvoyWorld(std::uint32_t replicas = 1) {
    Service service;
    service.name = "up";
    service.replicas = replicas;
    service.operations.emplace_back();
    spec.scenario.services.push_back(std::move(service));
    Traffic traffic;
    traffic.name = "clients";
    traffic.to = ServiceRef{"up", "default", 0, {}};
    spec.scenario.traffic.push_back(std::move(traffic));
    spec.scenario.run.duration = sim::Duration{60'000'000'000};
    arrive({0});
  }

  Operation& operation() { return spec.scenario.services[0].operations[0]; }
  void answer(std::vector<ScriptEntry> script) { operation().script = std::move(script); }
  void arrive(const std::vector<std::int64_t>& ms) {
    TimedArrivals arrivals;
    for (const std::int64_t at : ms) arrivals.times.push_back(sim::Time{at * 1'000'000});
    spec.scenario.traffic[0].arrivals = arrivals;
  }
  void retry(const std::string& on, std::uint32_t times) {
    route.retry_policy.emplace();
    route.retry_policy->retry_on = on;
    route.retry_policy->num_retries = times;
    route.retry_policy->retry_back_off = envoy::RetryBackOff{sim::Duration{1'000'000}, {}};
  }
  void fault(FaultAction action, std::int64_t at_ms, std::int64_t for_ms,
             FaultTarget target = ServiceTarget{{"up", "default", 0, {}}, std::nullopt, ""}) {
    Fault fault;
    fault.when = FaultWindow{sim::Time{at_ms * 1'000'000}, sim::Duration{for_ms * 1'000'000}};
    fault.target = std::move(target);
    fault.action = std::move(action);
    spec.scenario.faults.push_back(std::move(fault));
  }

  Mesh mesh() const {
    Mesh mesh = **compile(spec);
    Hop hop = mesh.hops[mesh.legs[mesh.calls[0].leg].first_hop];  // keeps link and operation
    hop.out.constant = hop.back.constant = wire;
    hop.out.lane = hop.back.lane = mesh.queue.lane(wire);
    std::vector<EnvoyHost> hosts;
    for (std::uint32_t r = 0; r < spec.scenario.services[0].replicas; ++r)
      hosts.push_back({static_cast<Id>(mesh.hops.size()), r});
    mesh.hops.push_back(hop);
    Leg leg;
    set_envoy_route(mesh, leg, route, std::nullopt);
    add_envoy_filters(mesh, leg, proxy, 1);
    leg.first_hop = static_cast<Id>(mesh.hops.size());
    leg.hop_count = 1;
    Hop to_cluster;
    to_cluster.to = Hop::To::cluster;
    to_cluster.cluster = add_envoy_cluster(mesh, cluster, http2, hosts, 1, 1);
    to_cluster.first_peer = leg.first_hop;
    mesh.hops.push_back(to_cluster);
    mesh.calls[0].leg = static_cast<Id>(mesh.legs.size());
    mesh.legs.push_back(leg);
    return mesh;
  }

  std::vector<RequestTrace> trace(std::uint64_t seed = 1) const {
    const Mesh compiled = mesh();
    Tracer tracer(compiled, {});
    Simulation simulation(compiled, seed, 0, &tracer);
    simulation.run({}, nullptr);
    return tracer.take();
  }
};

inline ScriptEntry answers(int status, std::int64_t after_ms = 0) {
  ScriptEntry entry;
  entry.status = status;
  entry.after.ns = after_ms * 1'000'000;
  return entry;
}
inline ScriptEntry hangs() {
  ScriptEntry entry;
  entry.kind = ScriptEntry::Kind::hang;
  return entry;
}
inline ScriptEntry resets() {
  ScriptEntry entry;
  entry.kind = ScriptEntry::Kind::reset;
  return entry;
}

/// "200 -, 2 tries, 5 ms"
inline std::string told(const RequestTrace& trace) {
  std::string flags;
  for (const std::string& flag : trace.flags) flags.append(flags.empty() ? "" : ",").append(flag);
  return std::to_string(trace.status) + " " + (flags.empty() ? "-" : flags) + ", " +
         std::to_string(trace.call.attempts.size()) + " tries, " +
         std::to_string(trace.latency.ns / 1'000'000) + " ms";
}

}  // namespace spillway::model
