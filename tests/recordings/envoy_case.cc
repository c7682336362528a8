#include "tests/recordings/envoy_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "model/run/envoy_legs.h"
#include "model/run/simulation.h"

namespace spillway::recordings {
namespace {

using nlohmann::json;
using namespace model;
using sim::operator""_us;

/// Each way over the loopback device, of 0.2 to 0.5 ms that a try costs there.
constexpr sim::Duration kWire = 150_us;

std::vector<ScriptEntry> script(const json& given) {
  std::vector<ScriptEntry> entries;
  for (const json& one : given) {
    ScriptEntry entry;
    if (one.contains("hang"))
      entry.kind = ScriptEntry::Kind::hang;
    else if (one.contains("reset") || one.contains("close"))
      entry.kind = ScriptEntry::Kind::reset;
    entry.status = one.value("status", 200);
    entry.after = sim::from_seconds(one.value("after_ms", 0.0) / 1e3);
    if (one.contains("headers"))
      for (const auto& [name, value] : one["headers"].items())
        entry.headers.push_back({name, value.get<std::string>()});
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::string host_name(std::size_t index) { return fmt::format("h{}", index); }

/// A service of one replica for each host, and one traffic source that knows no proxy yet.
Spec plain_spec(const json& one) {
  Spec spec;
  Scenario& scenario = spec.scenario;
  const json& hosts = one.at("cluster").at("hosts");
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    Service service;
    service.name = host_name(i);
    Operation operation;
    operation.script = script(hosts[i].is_object() ? hosts[i].at("script") : one.at("script"));
    service.operations.push_back(std::move(operation));
    scenario.services.push_back(std::move(service));
    if (hosts[i] != "closed") continue;
    Fault crash;
    crash.target = ServiceTarget{{host_name(i), "default", 0, {}}, std::nullopt, ""};
    crash.action = CrashFault{};
    scenario.faults.push_back(std::move(crash));
  }
  Traffic traffic;
  traffic.name = "clients";
  traffic.to = ServiceRef{host_name(0), "default", 0, {}};
  TimedArrivals arrivals;
  for (const json& at : one.at("arrivals_ms"))
    arrivals.times.push_back(sim::Time{} + sim::from_seconds(at.get<double>() / 1e3));
  std::ranges::sort(arrivals.times);
  scenario.run.duration = arrivals.times.back() - sim::Time{} + sim::Duration{1'000'000'000};
  scenario.run.interval = scenario.run.duration;
  traffic.arrivals = std::move(arrivals);
  scenario.traffic.push_back(std::move(traffic));
  return spec;
}

/// A hop to the one replica of service `host`.
EnvoyHost add_host(Mesh& mesh, Id host) {
  Hop hop;
  hop.target = host;
  hop.operation = mesh.services[host].first_operation;
  hop.out.constant = hop.back.constant = kWire;
  hop.out.lane = hop.back.lane = mesh.queue.lane(kWire);
  hop.backend = host_name(host);
  mesh.hops.push_back(std::move(hop));
  return {static_cast<Id>(mesh.hops.size() - 1), 0};
}

Hop cluster_hop(Mesh& mesh, const envoy::Cluster& cluster, const std::vector<EnvoyHost>& hosts,
                double cumulative) {
  Hop hop;
  hop.to = Hop::To::cluster;
  hop.cluster = add_envoy_cluster(mesh, cluster, false, hosts, mesh.envoy_clusters.size(), 1);
  hop.cumulative = cumulative;
  return hop;
}

void add_clusters(Mesh& mesh, Leg& leg, const json& one, const std::vector<EnvoyHost>& hosts) {
  const envoy::RouteAction route = route_action(one);
  const envoy::Cluster cluster = cluster_config(one);
  std::vector<Hop> hops;
  double total = 0, sum = 0;
  for (const envoy::WeightedCluster& weighted : route.weighted_clusters) total += weighted.weight;
  for (std::size_t i = 0; i < route.weighted_clusters.size(); ++i)
    hops.push_back(
        cluster_hop(mesh, cluster, {hosts[i]}, (sum += route.weighted_clusters[i].weight) / total));
  if (hops.empty()) hops.push_back(cluster_hop(mesh, cluster, hosts, 1));
  set_envoy_route(mesh, leg, route, http_fault(one));
  leg.first_hop = static_cast<Id>(mesh.hops.size());
  leg.hop_count = static_cast<Id>(hops.size());
  for (Hop& hop : hops) {
    hop.first_peer = static_cast<Id>(mesh.hops.size());
    mesh.hops.push_back(std::move(hop));
  }
}

/// The last host gets copies.
void add_mirror(Mesh& mesh, Leg& leg, const json& one, const EnvoyHost& host) {
  Leg mirror;
  set_envoy_route(mesh, mirror, {}, std::nullopt);
  mirror.first_hop = static_cast<Id>(mesh.hops.size());
  mirror.hop_count = 1;
  mesh.hops.push_back(cluster_hop(mesh, cluster_config(one), {host}, 1));
  leg.first_mirror = static_cast<Id>(mesh.mirrors.size());
  leg.mirror_count = 1;
  mesh.mirrors.push_back({route_action(one).request_mirror_policies[0].runtime_fraction->share(),
                          static_cast<Id>(mesh.legs.size())});
  mesh.legs.push_back(std::move(mirror));
}

}  // namespace

Mesh with_envoy(Spec spec, const json& one) {
  Loaded<MeshPtr> compiled = compile(std::move(spec));
  if (!compiled) throw std::runtime_error("the case does not compile");
  Mesh mesh = **compiled;
  std::vector<EnvoyHost> hosts;
  for (Id host = 0; host < mesh.services.size(); ++host) hosts.push_back(add_host(mesh, host));
  Leg leg;
  if (one.at("route").contains("mirror_percent")) {
    add_mirror(mesh, leg, one, hosts.back());
    hosts.pop_back();
  }
  add_clusters(mesh, leg, one, hosts);
  mesh.calls[mesh.traffic[0].requests[0].call].leg = static_cast<Id>(mesh.legs.size());
  mesh.legs.push_back(std::move(leg));
  return mesh;
}

Mesh envoy_mesh(const json& one) {
  Mesh mesh = with_envoy(plain_spec(one), one);
  const json& hosts = one.at("cluster").at("hosts");
  for (Id host = 0; host < hosts.size(); ++host)
    mesh.operations[mesh.services[host].first_operation].script_by_replica =
        hosts[host].is_object();
  return mesh;
}

EnvoyRun simulate(const Mesh& mesh, const json& one, std::uint64_t seed) {
  Tracer tracer(mesh, {});
  Simulation simulation(mesh, seed, 0, &tracer);
  simulation.run({}, nullptr);
  EnvoyRun run;
  for (const RequestTrace& trace : tracer.take()) {
    EnvoyRequest request;
    request.status = trace.status;
    for (const std::string& flag : trace.flags)
      request.flags.append(request.flags.empty() ? "" : ",").append(flag);
    if (request.flags.empty()) request.flags.push_back('-');
    request.tries = static_cast<int>(trace.call.attempts.size());
    // A request that finds no host has been tried, although there is no try.
    if (request.flags == "UH") ++request.tries;
    request.ms = trace.latency.milliseconds();
    for (const AttemptTrace& attempt : trace.call.attempts) {
      if (attempt.replica < 0 || attempt.outcome == "refused") continue;
      request.at_ms.push_back((attempt.start - trace.arrival).milliseconds() +
                              kWire.milliseconds());
      request.hosts.push_back(std::stoi(attempt.backend.substr(1)));
    }
    run.requests.push_back(std::move(request));
  }
  if (mesh.mirrors.empty()) return run;
  const ReplicationResult result = simulation.take();
  run.mirrored =
      result.scopes[mesh.services[one["cluster"]["hosts"].size() - 1].scope].tally.attempts;
  return run;
}

EnvoyRun recorded(const json& one) {
  EnvoyRun run;
  const bool mirrored = one.at("route").contains("mirror_percent");
  const int last = static_cast<int>(one.at("cluster").at("hosts").size()) - 1;
  for (const json& observed : one.at("observed")) {
    EnvoyRequest request;
    request.status = observed.at("status");
    request.flags = observed.at("flags");
    request.tries = observed.at("attempt_count");
    request.ms = observed.at("ms");
    for (const json& attempt : observed.at("attempts")) {
      if (mirrored && attempt.at("host") == last) {
        ++run.mirrored;
        continue;
      }
      request.at_ms.push_back(attempt.at("at_ms"));
      request.hosts.push_back(attempt.at("host"));
    }
    run.requests.push_back(std::move(request));
  }
  return run;
}

}  // namespace spillway::recordings
