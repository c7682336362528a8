// Bare kernels of three workloads: what a hand-written loop reaches on this machine with one
// service law, no names, no policy objects and no statistics beyond a mean. tests/bench/speed.py
// sets the whole program beside them.
//   kernels mm1|chain5|two-hop REQUESTS
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "sim/event_queue.h"
#include "sim/random.h"
#include "sim/ring.h"

namespace {

using spillway::sim::Draw;
using spillway::sim::Duration;
using spillway::sim::Event;
using spillway::sim::EventQueue;
using spillway::sim::LaneId;
using spillway::sim::Time;

struct Result {
  double mean_ms;
  std::uint64_t events;
};

Duration exponential(Draw& draw, double mean_ns) {
  return {static_cast<std::int64_t>(spillway::sim::exponential(draw) * mean_ns)};
}

/// One queue, one worker, rho 0.9, everything in one heap.
Result mm1(std::uint64_t requests) {
  EventQueue queue;
  Draw draw(1);
  spillway::sim::Ring<Time> waiting;
  std::uint64_t arrived = 0, done = 0, events = 0;
  double sum = 0;
  bool busy = false;
  Time served{};
  queue.push(Time{} + exponential(draw, 1e6 / 0.9), 0, 0, 0);
  Event e;
  while (done < requests && queue.pop(e, [](const Event&) { return true; })) {
    ++events;
    if (e.kind() == 0) {
      if (++arrived < requests) queue.push(e.at + exponential(draw, 1e6 / 0.9), 0, 0, 0);
      if (busy) {
        waiting.push_back(e.at);
        continue;
      }
      busy = true;
      served = e.at;
    } else {
      sum += (e.at - served).milliseconds();
      ++done;
      busy = !waiting.empty();
      if (!busy) continue;
      served = waiting.front();
      waiting.pop_front();
    }
    queue.push(e.at + exponential(draw, 1e6), 1, 0, 0);
  }
  return {sum / static_cast<double>(done), events};
}

struct Station {
  int free = 0;
  spillway::sim::Ring<std::uint32_t> waiting;
};

/// Five stations of 4 workers in tandem, rho 0.7; 1 % of the visits fail and are retried twice
/// after 1 ms; a timer per try.
Result chain5(std::uint64_t requests) {
  struct Request {
    Time start;
    std::uint32_t generation = 0;
    std::uint8_t hop = 0, tries = 0;
  };
  enum : std::uint8_t { kArrival, kServed, kTimer, kRetry };
  EventQueue queue;
  const LaneId timer = queue.lane({1'000'000'000}), backoff = queue.lane({1'000'000});
  Draw draw(1);
  std::vector<Request> pool;
  std::vector<std::uint32_t> free;
  Station stations[5];
  for (Station& s : stations) s.free = 4;
  std::uint64_t arrived = 0, done = 0, events = 0;
  double sum = 0;
  Event e;
  const auto enter = [&](std::uint32_t id) {
    Request& r = pool[id];
    queue.push(timer, e.at, kTimer, id, ++r.generation);
    Station& s = stations[r.hop];
    if (s.free == 0) return s.waiting.push_back(id);
    --s.free;
    queue.push(e.at + exponential(draw, 1e7), kServed, id, 0);
  };
  queue.push(Time{}, kArrival, 0, 0);
  while (done < requests && queue.pop(e, [&](const Event& x) {
    return x.kind() != kTimer || pool[x.slot].generation == x.generation;
  })) {
    ++events;
    if (e.kind() == kArrival) {
      if (++arrived < requests) queue.push(e.at + exponential(draw, 1e9 / 280), kArrival, 0, 0);
      if (free.empty()) {
        free.push_back(static_cast<std::uint32_t>(pool.size()));
        pool.emplace_back();
      }
      const std::uint32_t id = free.back();
      free.pop_back();
      pool[id] = {e.at, pool[id].generation, 0, 0};
      enter(id);
    } else if (e.kind() == kRetry) {
      enter(e.slot);
    } else if (e.kind() == kServed) {
      Request& r = pool[e.slot];
      Station& s = stations[r.hop];
      ++r.generation;
      if (s.waiting.empty()) {
        ++s.free;
      } else {
        queue.push(e.at + exponential(draw, 1e7), kServed, s.waiting.front(), 0);
        s.waiting.pop_front();
      }
      if (draw.uniform() < 0.01 && r.tries < 2) {
        ++r.tries;
        queue.push(backoff, e.at, kRetry, e.slot, 0);
      } else if (r.hop < 4) {
        ++r.hop;
        r.tries = 0;
        enter(e.slot);
      } else {
        sum += (e.at - r.start).milliseconds();
        ++done;
        free.push_back(e.slot);
      }
    }
  }
  return {sum / static_cast<double>(done), events};
}

/// Two stations of 64 workers, a 0.5 ms link between them, timers of 10 and 30 ms, 5 % failures
/// with 2 retries.
Result two_hop(std::uint64_t requests) {
  struct Request {
    Time start;
    std::uint32_t generation = 0, attempt = 0;
    std::uint8_t tries = 0;
  };
  enum : std::uint8_t { kArrival, kServedA, kToB, kServedB, kBack, kDeadline, kTry };
  EventQueue queue;
  const LaneId link = queue.lane({500'000}), deadline = queue.lane({30'000'000}),
               per_try = queue.lane({10'000'000});
  Draw draw(1);
  std::vector<Request> pool;
  std::vector<std::uint32_t> free;
  Station a, b;
  a.free = b.free = 64;
  std::uint64_t arrived = 0, done = 0, events = 0;
  double sum = 0;
  Event e;
  const auto serve = [&](Station& s, std::uint8_t kind, std::uint32_t id) {
    if (s.free == 0) return s.waiting.push_back(id);
    --s.free;
    queue.push(e.at + exponential(draw, 1e6), kind, id, pool[id].attempt);
  };
  const auto next = [&](Station& s, std::uint8_t kind) {
    ++s.free;
    if (s.waiting.empty()) return;
    const std::uint32_t id = s.waiting.front();
    s.waiting.pop_front();
    serve(s, kind, id);
  };
  const auto finish = [&](std::uint32_t id) {
    sum += (e.at - pool[id].start).milliseconds();
    ++done;
    ++pool[id].generation;
    ++pool[id].attempt;
    free.push_back(id);
  };
  const auto send = [&](std::uint32_t id) {
    Request& r = pool[id];
    ++r.tries;
    queue.push(link, e.at, kToB, id, ++r.attempt);
    queue.push(per_try, e.at, kTry, id, r.attempt);
  };
  queue.push(Time{}, kArrival, 0, 0);
  const auto live = [&](const Event& x) {
    if (x.kind() == kTry) return pool[x.slot].attempt == x.generation;
    return x.kind() != kDeadline || pool[x.slot].generation == x.generation;
  };
  while (done < requests && queue.pop(e, live)) {
    ++events;
    switch (e.kind()) {
      case kArrival: {
        if (++arrived < requests) queue.push(e.at + exponential(draw, 1e9 / 42666), kArrival, 0, 0);
        if (free.empty()) {
          free.push_back(static_cast<std::uint32_t>(pool.size()));
          pool.emplace_back();
        }
        const std::uint32_t id = free.back();
        free.pop_back();
        pool[id] = {e.at, pool[id].generation, pool[id].attempt, 0};
        queue.push(deadline, e.at, kDeadline, id, pool[id].generation);
        serve(a, kServedA, id);
        break;
      }
      case kServedA:
        next(a, kServedA);
        if (pool[e.slot].attempt == e.generation) send(e.slot);
        break;
      case kToB:
        serve(b, kServedB, e.slot);
        break;
      case kServedB:
        next(b, kServedB);
        queue.push(link, e.at, kBack, e.slot, e.generation);
        break;
      case kBack:
        if (pool[e.slot].attempt != e.generation) break;
        if (draw.uniform() < 0.05 && pool[e.slot].tries < 3)
          send(e.slot);
        else
          finish(e.slot);
        break;
      case kTry:
        if (pool[e.slot].tries < 3)
          send(e.slot);
        else
          finish(e.slot);
        break;
      case kDeadline:
        finish(e.slot);
        break;
    }
  }
  return {sum / static_cast<double>(done), events};
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t requests = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 0;
  Result (*kernel)(std::uint64_t) = nullptr;
  if (argc == 3 && std::strcmp(argv[1], "mm1") == 0) kernel = mm1;
  if (argc == 3 && std::strcmp(argv[1], "chain5") == 0) kernel = chain5;
  if (argc == 3 && std::strcmp(argv[1], "two-hop") == 0) kernel = two_hop;
  if (!kernel || requests == 0) {
    std::fputs("usage: kernels mm1|chain5|two-hop REQUESTS\n", stderr);
    return 2;
  }
  const auto start = std::chrono::steady_clock::now();
  const Result result = kernel(requests);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("{\"requests_per_s\": %.0f, \"events\": %llu, \"mean_ms\": %.4f}\n",
              static_cast<double>(requests) / seconds,
              static_cast<unsigned long long>(result.events), result.mean_ms);
}
