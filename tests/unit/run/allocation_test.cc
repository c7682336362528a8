// Counts every allocation of this program: once its containers have reached their size, the event
// loop must not allocate.
#include <cstdlib>
#include <new>

#include "tests/support/runs.h"

namespace {

std::size_t allocations = 0;

void* counted(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size > 0 ? size : 1);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size > 0 ? size : 1);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace spillway::model::build {
namespace {

sim::Distribution uniform(double from, double to) {
  return sim::Distribution::uniform(s(from), s(to));
}

/// 20 users, so that no more than 20 requests are under way, of times that have an end: every
/// container reaches its size soon. front calls back, which fails a tenth of the calls.
Spec system() {
  Spec spec;
  spec.scenario.services = {service("front", {work(uniform(0.001, 0.009)), call("back")}, 8),
                            service("back", {work(uniform(0.005, 0.015))}, 8)};
  spec.scenario.traffic.push_back(
      traffic("users", "front", ClosedArrivals{20, uniform(0.05, 0.15)}));
  spec.scenario.faults.push_back(fault(on("back"), AbortFault{503, 10, false}));
  return spec;
}

struct Cost {
  std::size_t allocations;
  std::uint64_t events;
};

/// Of one replication, from start to result.
Cost cost(Spec spec, double seconds) {
  spec.scenario.run.duration = s(seconds);
  spec.scenario.run.interval = s(seconds);  // a row of results allocates, once an interval
  const MeshPtr mesh = compiled(std::move(spec));
  const std::size_t before = allocations;
  const std::uint64_t events = run_replication(*mesh, 1, 0).events;
  return {allocations - before, events};
}

/// The longer run starts with the same events as the shorter one: what it allocates beyond that, it
/// allocates in steady state.
void expect_no_more_in_a_longer_run(const Spec& spec) {
  const Cost start = cost(spec, 1000);
  const Cost whole = cost(spec, 2000);
  EXPECT_GT(whole.events, start.events + 100'000);
  EXPECT_EQ(whole.allocations, start.allocations);
}

TEST(Simulation, AllocatesWhileItIsSetUp) { EXPECT_GT(cost(system(), 1).allocations, 0u); }

TEST(Simulation, AllocatesNothingInSteadyState) { expect_no_more_in_a_longer_run(system()); }

TEST(Simulation, AllocatesNothingInSteadyStateWithRetries) {
  Spec spec = system();
  spec.resources.http_routes.push_back(
      route("back", timeouts(s(2), s(0.05)), retry(3, {503}, s(0.02))));
  expect_no_more_in_a_longer_run(spec);
}

TEST(Simulation, AllocatesNothingInSteadyStateWithABudget) {
  Spec spec = system();
  spec.resources.http_routes.push_back(route("back", timeouts(s(2)), retry(3, {503}, s(0.02))));
  spec.resources.backend_traffic_policies.push_back(budget_policy("back", 5, 1));
  expect_no_more_in_a_longer_run(spec);
}

TEST(Simulation, AllocatesNothingInSteadyStateWithClientPolicies) {
  Spec spec = system();
  ClientPolicy policy;
  policy.timeout = s(1);
  policy.retries = 2;
  policy.hedge = Hedge{s(0.03), 1};
  policy.budget = RatioBudget{};
  spec.scenario.services[0].operations[0].steps[1] = call("back", policy);
  expect_no_more_in_a_longer_run(spec);
}

}  // namespace
}  // namespace spillway::model::build
