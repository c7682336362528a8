// What the operations of the engine cost, one by one. Run on a quiet machine; compare ratios within
// one run.
#include <benchmark/benchmark.h>

#include <vector>

#include "sim/distribution.h"
#include "sim/event_queue.h"
#include "sim/histogram.h"
#include "sim/random.h"
#include "sim/ring.h"
#include "sim/slot_pool.h"
#include "sim/statistics.h"

namespace spillway::sim {
namespace {

constexpr auto kAll = [](const Event&) { return true; };

Duration random_delay(Draw& draw) { return {static_cast<std::int64_t>(exponential(draw) * 1e6)}; }

void Combine(benchmark::State& state) {  // latency: each key needs the one before
  Key key = 1;
  for (std::uint64_t i = 0; auto _ : state) key = combine(key, ++i);
  benchmark::DoNotOptimize(key);
}
BENCHMARK(Combine);

void UniformOfAKey(benchmark::State& state) {
  const Key entity = hash_name("service");
  double sum = 0;
  for (std::uint64_t i = 0; auto _ : state) sum += Draw(combine(entity, ++i)).uniform();
  benchmark::DoNotOptimize(sum);
}
BENCHMARK(UniformOfAKey);

void Exponential(benchmark::State& state) {
  Draw draw(1);
  double sum = 0;
  for (auto _ : state) sum += exponential(draw);
  benchmark::DoNotOptimize(sum);
}
BENCHMARK(Exponential);

void Normal(benchmark::State& state) {
  Draw draw(1);
  double sum = 0;
  for (auto _ : state) sum += normal(draw);
  benchmark::DoNotOptimize(sum);
}
BENCHMARK(Normal);

/// A sample from a key of its own, as a request draws it.
void Sample(benchmark::State& state, const Distribution& law) {
  const Key entity = hash_name("service");
  std::int64_t sum = 0;
  for (std::uint64_t i = 0; auto _ : state) {
    Draw draw(combine(entity, ++i));
    sum += law.sample(draw).ns & 1023;
  }
  benchmark::DoNotOptimize(sum);
}
BENCHMARK_CAPTURE(Sample, constant, Distribution::constant(1_ms));
BENCHMARK_CAPTURE(Sample, exponential, Distribution::exponential(1_ms));
BENCHMARK_CAPTURE(Sample, lognormal, Distribution::lognormal_median_p99(1_ms, 9_ms));
BENCHMARK_CAPTURE(Sample, gamma, Distribution::gamma(1_ms, 0.5));
BENCHMARK_CAPTURE(Sample, hyperexponential, Distribution::hyperexponential(1_ms, 4));
BENCHMARK_CAPTURE(Sample, weibull, Distribution::weibull(1_ms, 0.7));
BENCHMARK_CAPTURE(Sample, pareto, Distribution::pareto(1_ms, 2.5));
BENCHMARK_CAPTURE(Sample, uniform, Distribution::uniform(1_ms, 2_ms));
BENCHMARK_CAPTURE(Sample, empirical,
                  Distribution::empirical({{0.5, 1_ms}, {0.9, 3_ms}, {0.99, 9_ms}, {1, 50_ms}}));

/// The hold model: pop the earliest event, schedule another; `range` events pending. Includes one
/// exponential draw.
void HoldInHeap(benchmark::State& state) {
  EventQueue queue;
  Draw draw(1);
  for (std::int64_t i = 0; i < state.range(0); ++i)
    queue.push(Time{} + random_delay(draw), 0, 0, 0);
  Event event{};
  for (auto _ : state) {
    queue.pop(event, kAll);
    queue.push(event.at + random_delay(draw), 0, event.slot, 0);
  }
  benchmark::DoNotOptimize(event);
}
BENCHMARK(HoldInHeap)->Arg(1)->Arg(2)->Arg(16)->Arg(128)->Arg(1000)->Arg(10'000)->Arg(100'000);

/// Each event schedules the next on the lane it came from; `range` lanes with 8 events each.
void HoldInLanes(benchmark::State& state) {
  EventQueue queue;
  std::vector<LaneId> lanes;
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(state.range(0)); ++i) {
    lanes.push_back(queue.lane({1'000 + 37 * i}));
    for (std::uint32_t j = 0; j < 8; ++j) queue.push(lanes[i], Time{j * 100}, 0, i, 0);
  }
  Event event{};
  for (auto _ : state) {
    queue.pop(event, kAll);
    queue.push(lanes[event.slot], event.at, 0, event.slot, 0);
  }
  benchmark::DoNotOptimize(event);
}
BENCHMARK(HoldInLanes)->Arg(1)->Arg(2)->Arg(4)->Arg(8)->Arg(16)->Arg(64)->Arg(200);

/// A lane that runs empty each time: one event at a time goes through `range` lanes in turn.
void HopThroughEmptyLanes(benchmark::State& state) {
  EventQueue queue;
  std::vector<LaneId> lanes;
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(state.range(0)); ++i)
    lanes.push_back(queue.lane({1 + i}));
  queue.push(lanes[0], Time{}, 0, 0, 0);
  Event event{};
  for (auto _ : state) {
    queue.pop(event, kAll);
    const std::uint32_t next = event.slot + 1 < lanes.size() ? event.slot + 1 : 0;
    queue.push(lanes[next], event.at, 0, next, 0);
  }
  benchmark::DoNotOptimize(event);
}
BENCHMARK(HopThroughEmptyLanes)->Arg(1)->Arg(8)->Arg(64);

/// A timer per request that is nearly always cancelled, `range` nanoseconds long where a request
/// lives about 1 us: the whole life of a request (slot, timer, one heap event, release).
void CancelledTimer(benchmark::State& state) {
  EventQueue queue;
  SlotPool<std::uint64_t> pool;
  const LaneId timeout = queue.lane({state.range(0)});
  Draw draw(1);
  Event event{};
  const auto live = [&](const Event& e) { return pool.alive(e.slot, e.generation); };
  const auto start = [&](Time now) {
    const std::uint32_t slot = pool.allocate();
    const std::uint32_t generation = pool.generation(slot);
    queue.push(now + Duration{draw.below(2000)}, 0, slot, generation);
    queue.push(timeout, now, 1, slot, generation);
  };
  for (int i = 0; i < 16; ++i) start(Time{});
  for (auto _ : state) {
    queue.pop(event, live);
    pool.release(event.slot);
    start(event.at);
  }
  benchmark::DoNotOptimize(event);
}
BENCHMARK(CancelledTimer)->Arg(3'000)->Arg(100'000)->Arg(10'000'000);

/// M/M/1 at 0.9 from engine parts alone: two keyed draws, two heap events, FIFO queue, histogram,
/// time average. One iteration is one request.
void SingleServer(benchmark::State& state) {
  EventQueue queue;
  SlotPool<Time> pool;
  Ring<std::uint32_t> waiting;
  Histogram sojourn;
  TimeAverage in_system;
  const Distribution gap = Distribution::exponential(1111_us);
  const Distribution work = Distribution::exponential(1000_us);
  const Key gaps = hash_name("gaps");
  const Key works = hash_name("works");
  std::uint64_t arrivals = 0;
  std::uint64_t served = 0;
  const auto live = [&](const Event& e) { return pool.alive(e.slot, e.generation); };
  const auto arrive = [&](Time now) {
    Draw draw(combine(gaps, arrivals++));
    const std::uint32_t slot = pool.allocate();
    queue.push(now + gap.sample(draw), 0, slot, pool.generation(slot));
  };
  const auto serve = [&](Time now) {
    Draw draw(combine(works, served++));
    const std::uint32_t slot = waiting.front();
    queue.push(now + work.sample(draw), 1, slot, pool.generation(slot));
  };
  arrive(Time{});
  Event event{};
  for (auto _ : state) {
    for (bool done = false; !done;) {
      queue.pop(event, live);
      if (event.kind() == 0) {
        arrive(event.at);
        pool[event.slot] = event.at;
        waiting.push_back(event.slot);
        in_system.add(event.at, 1);
        if (waiting.size() == 1) serve(event.at);
      } else {
        waiting.pop_front();
        if (!waiting.empty()) serve(event.at);
        in_system.add(event.at, -1);
        sojourn.record((event.at - pool[event.slot]).ns);
        pool.release(event.slot);
        done = true;
      }
    }
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["mean_ms"] = sojourn.mean() * 1e-6;
}
BENCHMARK(SingleServer);

void RecordInHistogram(benchmark::State& state) {
  Histogram histogram;
  Draw draw(1);
  for (auto _ : state) histogram.record(static_cast<std::int64_t>(draw.next() >> 36));
  benchmark::DoNotOptimize(histogram);
}
BENCHMARK(RecordInHistogram);

void QuantileOfHistogram(benchmark::State& state) {
  Histogram histogram;
  Draw draw(1);
  for (int i = 0; i < 100'000; ++i) histogram.record(random_delay(draw).ns);
  for (auto _ : state) benchmark::DoNotOptimize(histogram.quantile(0.99));
}
BENCHMARK(QuantileOfHistogram);

void AddToTimeAverage(benchmark::State& state) {
  TimeAverage level;
  Time now;
  for (std::int64_t delta = 1; auto _ : state) {
    now = now + 17_ns;
    level.add(now, delta);
    delta = -delta;
  }
  benchmark::DoNotOptimize(level);
}
BENCHMARK(AddToTimeAverage);

void StudentInterval(benchmark::State& state) {
  const std::vector<double> samples{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  for (auto _ : state) benchmark::DoNotOptimize(student_interval(samples));
}
BENCHMARK(StudentInterval);

}  // namespace
}  // namespace spillway::sim
