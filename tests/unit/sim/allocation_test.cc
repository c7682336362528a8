// Counts every allocation of this program: the engine must not allocate once its containers have
// reached their size.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "sim/distribution.h"
#include "sim/event_queue.h"
#include "sim/histogram.h"
#include "sim/ring.h"
#include "sim/slot_pool.h"
#include "sim/statistics.h"

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
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace spillway::sim {
namespace {

/// Runs `round` until it has reached its size, then counts what further rounds allocate.
template <class Round>
std::size_t allocations_in_steady_state(Round round) {
  for (int i = 0; i < 200; ++i) round();
  const std::size_t before = allocations;
  for (int i = 0; i < 1000; ++i) round();
  return allocations - before;
}

TEST(NoAllocationInSteadyState, CountsAllocations) {
  const std::size_t before = allocations;
  int* volatile kept = new int(1);  // not to be optimised away
  delete kept;
  EXPECT_GT(allocations, before);
}

TEST(NoAllocationInSteadyState, EventQueue) {
  EventQueue queue;
  const LaneId timeout = queue.lane(1_us);
  const LaneId now = queue.lane(0_ns);
  Draw draw(1);
  Time clock;
  EXPECT_EQ(allocations_in_steady_state([&] {
              for (std::uint32_t i = 0; i < 20; ++i) {
                queue.push(clock + Duration{draw.below(1000)}, 1, i, 0);
                queue.push(timeout, clock, 2, i, 0);
                queue.push(now, clock, 3, i, 0);
              }
              for (Event event; queue.pop(event, [](const Event& e) { return e.slot % 2 == 0; });) {
                clock = event.at;
              }
            }),
            0u);
}

TEST(NoAllocationInSteadyState, SlotPoolAndRing) {
  SlotPool<int> pool;
  Ring<std::uint32_t> ring;
  EXPECT_EQ(allocations_in_steady_state([&] {
              for (int i = 0; i < 1000; ++i) ring.push_back(pool.allocate());
              for (; !ring.empty(); ring.pop_front()) pool.release(ring.front());
            }),
            0u);
}

TEST(NoAllocationInSteadyState, Histogram) {
  Histogram histogram;
  Draw draw(1);
  histogram.record(1);
  histogram.record(1 << 30);
  EXPECT_EQ(allocations_in_steady_state([&] {
              for (int i = 0; i < 100; ++i) histogram.record(1 + draw.below(1 << 30));
              histogram.quantile(0.99);
              histogram.clear();
            }),
            0u);
}

TEST(NoAllocationInSteadyState, Sampling) {
  const Distribution laws[] = {Distribution::exponential(1_ms),
                               Distribution::lognormal_median_p99(1_ms, 9_ms),
                               Distribution::gamma(1_ms, 2), Distribution::pareto(1_ms, 1.5),
                               Distribution::empirical({{0.5, 1_ms}, {1, 9_ms}})};
  Draw draw(1);
  TimeAverage level;
  Time clock;
  EXPECT_EQ(allocations_in_steady_state([&] {
              for (const Distribution& law : laws) clock = clock + law.sample(draw);
              level.add(clock, 1);
            }),
            0u);
}

}  // namespace
}  // namespace spillway::sim
