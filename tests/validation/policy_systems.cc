// Timeouts, retries, budgets, hedges and throttles in front of servers without queues.
#include "tests/support/build.h"
#include "tests/validation/oracle.h"
#include "tests/validation/system_parts.h"

namespace spillway::validation {
namespace {

using namespace model::build;  // NOLINT(google-build-using-namespace): the words of specifications
using model::ClientPolicy;

constexpr double kNeverEnding = 1e9;

std::uint32_t whole(double value) { return static_cast<std::uint32_t>(value); }

/// Clients of "a", and what they got.
System clients(model::Service a, model::Arrivals arrivals) {
  System system;
  system.spec.scenario.services.push_back(std::move(a));
  system.spec.scenario.traffic.push_back(traffic("users", "a", std::move(arrivals)));
  const auto success = [](const Sample& s) {
    const model::Tally& t = s["users"].tally;
    return Observed(share(t.successes, t.requests), static_cast<double>(t.requests));
  };
  const auto tries = [](const Sample& s) {
    return share(s["users->a.default"].tally.attempts, s["users"].tally.requests);
  };
  system.values["success"] = success;
  system.values["amplification"] = tries;
  system.values["load"] = tries;
  system.values["mean_attempts"] = tries;
  system.values["extra_requests"] = [tries](const Sample& s) { return tries(s) - 1; };
  system.laws["latency"] = [](const Sample& s) { return answered(s["users"]); };
  return system;
}

model::Arrivals open_load(double per_second) { return model::PoissonArrivals{rate(per_second)}; }

void fail(System& system, double share_of_tries) {
  system.spec.scenario.faults.push_back(
      fault(on("a"), model::AbortFault{503, share_of_tries * 100, false}));
}

System independent_failures(const Params& p) {
  System system = clients(service("a"), open_load(1000));
  fail(system, p.number("p"));
  system.spec.resources.http_routes.push_back(
      route("a", timeouts({}), retry(static_cast<int>(p.number("n")), {503})));
  run_for(system.spec, 0, 40);
  return system;
}

/// k callers in a row, each with n retries; the last of them calls the leaf that fails.
System layered_retries(const Params& p) {
  ClientPolicy policy;
  policy.retries = whole(p.number("n"));
  System system;
  model::Spec& spec = system.spec;
  const std::uint32_t layers = whole(p.number("k"));
  const auto name = [&](std::uint32_t layer) {
    return layer == layers ? std::string("leaf") : std::string(1, static_cast<char>('a' + layer));
  };
  spec.scenario.services.push_back(service("leaf"));
  for (std::uint32_t i = 1; i < layers; ++i)
    spec.scenario.services.push_back(service(name(i), {call(name(i + 1), policy)}));
  spec.scenario.traffic.push_back(poisson("users", name(1), 1000));
  spec.scenario.traffic[0].client = policy;
  spec.scenario.faults.push_back(
      fault(on("leaf"), model::AbortFault{503, p.number("p") * 100, false}));
  run_for(spec, 0, p.number("p") < 1 ? 15 : 1);
  system.values["leaf_load_amplification"] = [](const Sample& s) {
    return share(s["leaf.default"].tally.attempts, s["users"].tally.requests);
  };
  system.values["success"] = [](const Sample& s) {
    const model::Tally& t = s["users"].tally;
    return Observed(share(t.successes, t.requests), static_cast<double>(t.requests));
  };
  return system;
}

System timeouts_of(const Params& p) {
  const double request = p.number("request", 0);
  System system = clients(
      service("a", {work(request > 0 ? exponential() : law(p.text("service")))}), open_load(1000));
  const int retries = static_cast<int>(p.number("tries")) - 1;
  system.spec.resources.http_routes.push_back(
      route("a", timeouts(s(request), s(p.number("timeout"))),
            retries > 0 ? std::optional(retry(retries)) : std::nullopt));
  run_for(system.spec, 0, 20);
  return system;
}

System hedging(const Params& p) {
  ClientPolicy policy;
  policy.hedge = model::Hedge{s(p.number("after")), 1};
  System system = clients(service("a", {work(law(p.text("service")))}), open_load(1000));
  system.spec.scenario.traffic[0].client = policy;
  run_for(system.spec, 0, 40);
  return system;
}

/// Every request that finds no free worker comes again after an exponential time, for ever.
System retrial(const Params& p) {
  const double lambda = p.number("lambda");
  model::Service a = service("a", {work(exponential())}, whole(p.number("c")));
  a.queue.capacity = 0;
  a.operations.insert(a.operations.begin(), operation({}, {"", "/look", {}}));
  System system = clients(std::move(a), open_load(lambda));
  ClientPolicy policy;
  policy.retries = whole(kNeverEnding);
  policy.backoff.drawn = exponential(1 / p.number("theta"));
  system.spec.scenario.traffic[0].client = policy;
  run_for(system.spec, 2000, 30'000);
  system.values["mean_orbit"] = [](const Sample& s) {
    return s["users"].in_flight - s["a.default"].in_flight;
  };
  // Looks at the workers at Poisson times and needs none of their time.
  system.spec.scenario.traffic.push_back(poisson("looks", "a", 1));
  system.spec.scenario.traffic[1].requests[0].request.path = "/look";
  system.values["P(blocked)"] = [](const Sample& s) {
    return 1 - share(s["looks"].tally.successes, s["looks"].tally.requests);
  };
  return system;
}

System token_bucket(const Params& p) {
  constexpr std::uint32_t kClients = 100;
  System system = clients(service("a"), model::ClosedArrivals{kClients, exponential(0.1)});
  fail(system, p.number("p"));
  ClientPolicy policy;
  policy.retries = whole(kNeverEnding);
  policy.budget = model::TokenBudget{};
  system.spec.scenario.traffic[0].client = policy;
  system.spec.scenario.traffic[0].instances = kClients;
  run_for(system.spec, 100, 50);
  system.values["success"] = [](const Sample& s) {
    return share(s["users"].tally.successes, s["users"].tally.requests);
  };
  return system;
}

System budget_of_requests(const Params& p) {
  System system = clients(service("a"), open_load(1000));
  fail(system, 1);
  ClientPolicy policy;
  policy.retries = 10;
  policy.budget = model::RatioBudget{p.number("b") * 100, 0, s(10)};
  system.spec.scenario.traffic[0].client = policy;
  run_for(system.spec, 20, 40);
  return system;
}

System budget_of_tries(const Params& p) {
  System system = clients(service("a", {work(constant(0.1))}), open_load(1000));
  system.spec.scenario.faults.push_back(fault(on("a"), model::AbortFault{503, 100, true}));
  system.spec.resources.http_routes.push_back(route("a", timeouts({}), retry(10, {503})));
  system.spec.resources.backend_traffic_policies.push_back(
      budget_policy("a", static_cast<int>(p.number("b") * 100), 1));
  run_for(system.spec, 20, 40);
  return system;
}

/// A server that is never idle accepts exactly what it can serve.
System adaptive_throttling(const Params& p) {
  constexpr double kCapacity = 10;
  model::Service a = service("a", {work(constant(1 / kCapacity))}, 1);
  a.queue.capacity = 20;
  System system = clients(std::move(a), open_load(kCapacity * p.number("offered")));
  ClientPolicy policy;
  policy.throttle = model::AdaptiveThrottle{p.number("K"), s(120)};
  system.spec.scenario.traffic[0].client = policy;
  run_for(system.spec, 600, 600);
  system.values["backend_load"] = [](const Sample& s) {
    return static_cast<double>(s["a.default"].tally.attempts) / s.seconds / kCapacity;
  };
  system.values["P(throttled)"] = [](const Sample& s) {
    const model::Tally& t = s["users->a.default"].tally;
    return share(t.rejections, t.requests);
  };
  return system;
}

}  // namespace

std::map<std::string, Builder> policy_systems() {
  return {{"independent failures", independent_failures},
          {"layered retries", layered_retries},
          {"timeout of each try", timeouts_of},
          {"timeout of the request", timeouts_of},
          {"hedging", hedging},
          {"retrial", retrial},
          {"retry token bucket", token_bucket},
          {"retry budget of requests", budget_of_requests},
          {"retry budget of all tries", budget_of_tries},
          {"adaptive throttling", adaptive_throttling}};
}

}  // namespace spillway::validation
