// Several servers: networks, load balancing, closed loops, fan-out, servers that break.
#include <algorithm>

#include "model/resources/resources.h"
#include "tests/support/build.h"
#include "tests/validation/oracle.h"
#include "tests/validation/system_parts.h"

namespace spillway::validation {
namespace {

using namespace model::build;  // NOLINT(google-build-using-namespace): the words of specifications
using model::Balancing;

std::uint32_t whole(double value) { return static_cast<std::uint32_t>(value); }

/// A Service without replicas of its own, whose route sends each request to one of several.
void add_junction(model::Spec& spec, const std::string& name,
                  std::vector<model::HttpBackendRef> ways) {
  model::KubeService junction;
  junction.meta.name = name;
  junction.ports.push_back({});
  junction.ports[0].port = 80;
  spec.resources.services.push_back(junction);
  model::HttpRouteRule rule;
  rule.backend_refs = std::move(ways);
  spec.resources.http_routes.push_back(route(name, rule));
}

/// Stations work, then pass the customer on; asynchronous, so that no server is held meanwhile.
System jackson(const Params&) {
  System system;
  model::Spec& spec = system.spec;
  const auto node = [&](const std::string& name, double mu, const std::string& next) {
    model::Service made = service(name, {work(exponential(1 / mu)), call(next)}, 1);
    made.threading = model::Threading::async;
    spec.scenario.services.push_back(made);
  };
  node("n1", 3, "after1");
  node("n2", 3, "after2");
  node("n3", 4, "after3");
  spec.scenario.services.push_back(service("out"));
  add_junction(spec, "after1", {backend("n2", 60), backend("n3", 30), backend("out", 10)});
  add_junction(spec, "after2", {backend("n1", 20), backend("n3", 50), backend("out", 30)});
  add_junction(spec, "after3", {backend("n2", 10), backend("out", 90)});
  spec.scenario.traffic.push_back(poisson("first", "n1", 1));
  spec.scenario.traffic.push_back(poisson("second", "n2", 0.5));
  run_for(spec, 50, 20'000);
  const auto throughput = [](const std::string& scope) {
    return [scope](const Sample& s) {
      return static_cast<double>(s[scope].tally.attempts) / s.seconds;
    };
  };
  system.values["lambda_1"] = throughput("n1.default");
  system.values["lambda_2"] = throughput("n2.default");
  system.values["lambda_3"] = throughput("n3.default");
  system.laws["end_to_end"] = [](const Sample& s) {
    sim::Histogram both = answered(s["first"]);
    both.merge(answered(s["second"]));
    return both;
  };
  return system;
}

System balanced(double lambda, std::uint32_t servers, model::LoadBalancer balancer) {
  System system;
  model::Service a = service("a", {work(exponential())}, 1);
  a.replicas = servers;
  a.load_balancer = balancer;
  system.spec.scenario.services.push_back(a);
  system.spec.scenario.traffic.push_back(poisson("users", "a", lambda));
  read_station(system);
  return system;
}

System random_split(const Params& p) {
  const double c = p.number("c"), rho = p.number("rho");
  System system = balanced(c * rho, whole(c), {Balancing::random, 2, ""});
  steady(system.spec, c * rho, rho, 0.005);
  return system;
}

System round_robin(const Params& p) {
  const double c = p.number("c"), rho = p.number("lambda");
  System system = balanced(c * rho, whole(c), {Balancing::round_robin, 2, ""});
  steady(system.spec, c * rho, rho, 0.005);
  return system;
}

System shortest_queue(const Params& p) {
  const double lambda = p.number("lambda");
  System system = balanced(lambda, 2, {Balancing::join_shortest_queue, 2, ""});
  steady(system.spec, lambda, lambda / 2, 0.005);
  return system;
}

/// A large part of the deviation from the limit falls as 1 / servers; it grows with the load.
System supermarket(const Params& p) {
  const double lambda = p.number("lambda");
  const std::uint32_t servers = lambda > 0.98 ? 1000 : 500;
  System system =
      balanced(servers * lambda, servers, {Balancing::least_request, whole(p.number("d")), ""});
  run_for(system.spec, lambda > 0.9 ? 300 : 30,
          50 + std::min(1000.0, 2.5 / ((1 - lambda) * (1 - lambda))));
  return system;
}

System closed_loop(const Params& p) {
  System system;
  system.spec.scenario.services.push_back(
      service("a", {work(exponential())}, whole(p.number("c"))));
  system.spec.scenario.traffic.push_back(traffic(
      "users", "a", model::ClosedArrivals{whole(p.number("N")), exponential(p.number("think"))}));
  run_for(system.spec, 200, 10'000);
  read_station(system);
  return system;
}

/// The number in the system at time t: its average over the last microsecond before.
System from_empty(const Params& p) {
  System system;
  system.spec.scenario.services.push_back(service("a", {work(exponential())}, 1));
  system.spec.scenario.traffic.push_back(poisson("users", "a", p.number("lambda")));
  const double t = p.number("t");
  run_for(system.spec, t - 1e-6, 1e-6);
  read_station(system);
  system.batch = 400;
  return system;
}

System up_and_down(const Params& p) {
  System system;
  system.spec.scenario.services.push_back(service("a"));
  system.spec.scenario.traffic.push_back(poisson("users", "a", 2));
  model::Fault crash = fault(on("a"), model::CrashFault{});
  crash.when = model::FaultEvery{s(p.number("up")), s(p.number("down"))};
  system.spec.scenario.faults.push_back(crash);
  run_for(system.spec, 100, 10'000);
  system.values["availability"] = [](const Sample& sample) {
    return share(sample["users"].tally.successes, sample["users"].tally.requests);
  };
  return system;
}

System fan_out(model::Service leaf, double n) {
  System system;
  std::vector<model::Step> branches(whole(n), call(leaf.name));
  system.spec.scenario.services.push_back(std::move(leaf));
  system.spec.scenario.services.push_back(service("front", {parallel(std::move(branches))}));
  system.spec.scenario.traffic.push_back(poisson("users", "front", 1));
  system.laws["latency"] = [](const Sample& s) { return answered(s["users"]); };
  return system;
}

System max_of_n(const Params& p) {
  const double n = p.number("n");
  System system = fan_out(service("leaf", {work(exponential())}), n);
  run_for(system.spec, 0, n > 10 ? 1000 : 5000);
  return system;
}

System one_slow_of_many(const Params& p) {
  System system = fan_out(service("leaf"), p.number("n"));
  system.spec.scenario.faults.push_back(
      fault(on("leaf"), model::DelayFault{constant(1), p.number("p") * 100}));
  run_for(system.spec, 0, 250);
  system.values["P(any slow)"] = [](const Sample& s) {
    return share_above(answered(s["users"]), 0.5);
  };
  return system;
}

}  // namespace

std::map<std::string, Builder> server_systems() {
  return {{"Jackson network", jackson},
          {"random split", random_split},
          {"round robin over c servers", round_robin},
          {"JSQ", shortest_queue},
          {"supermarket", supermarket},
          {"M/M/c//N", closed_loop},
          {"M/M/1 from empty", from_empty},
          {"up and down", up_and_down},
          {"max of n", max_of_n},
          {"one slow of many", one_slow_of_many}};
}

}  // namespace spillway::validation
