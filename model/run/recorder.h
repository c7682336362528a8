// The only output of the event loop: counters, histograms and time averages by scope, turned into
// rows at interval boundaries and into a ReplicationResult at the end. Owned by one Simulation; one
// thread.
#pragma once

#include <cstdint>
#include <vector>

#include "model/policy/outcome.h"
#include "model/run/mesh.h"
#include "sim/histogram.h"
#include "sim/statistics.h"

namespace spillway::model {

class Recorder {
 public:
  explicit Recorder(const Mesh& mesh);

  /// Adds one to a counter of a scope: to the interval, and to the totals of requests that count.
  template <std::uint64_t Tally::*Counter>
  void count(Id scope, bool counted) {
    ScopeState& s = scopes_[scope];
    ++(s.interval.*Counter);
    (s.total.*Counter) += counted ? 1 : 0;
  }

  /// A request, or a call first sent there.
  void sent(Id scope, bool counted, bool clean) {
    ScopeState& s = scopes_[scope];
    ++s.interval.requests;
    s.interval.clean_requests += clean;
    s.total.requests += counted;
    s.total.clean_requests += counted && clean;
  }

  /// A try that reached a replica.
  void arrived(Id scope, bool counted, bool clean, bool retry) {
    ScopeState& s = scopes_[scope];
    ++s.interval.attempts;
    s.interval.clean_attempts += clean;
    s.interval.retries += retry;
    if (!counted) return;
    ++s.total.attempts;
    s.total.clean_attempts += clean;
    s.total.retries += retry;
  }

  /// A request, call or try that ended with an answer, after `latency`.
  void ended(Id scope, sim::Duration latency, bool success, bool counted) {
    ScopeState& s = scopes_[scope];
    ++s.interval.finished;
    s.interval.successes += success;
    s.interval_latency.record(latency.ns);
    if (!counted) return;
    ++s.total.finished;
    s.total.successes += success;
    (success ? s.success : s.failure).record(latency.ns);
  }

  void queue_time(Id scope, sim::Duration value, bool counted) {
    if (counted) scopes_[scope].queue_time.record(value.ns);
  }

  /// A request of traffic ended.
  void outcome(Id traffic_scope, std::uint16_t status, Flags flags, std::uint64_t requests = 1);

  void queue_length(Id scope, sim::Time now, std::int64_t delta) {
    scopes_[scope].queued.add(now, delta);
  }
  void busy(Id scope, sim::Time now, std::int64_t delta) { scopes_[scope].busy.add(now, delta); }
  void in_flight(Id scope, sim::Time now, std::int64_t delta) {
    scopes_[scope].in_flight.add(now, delta);
  }

  void worker_time(Id scope, sim::Duration held, sim::Duration wasted) {
    scopes_[scope].busy_seconds += held.seconds();
    scopes_[scope].wasted_seconds += wasted.seconds();
  }

  /// The time averages start anew: the end of the warm-up.
  void start_measuring(sim::Time now);
  /// One row a scope; `balance` by scope, NaN where there is no budget.
  void end_interval(sim::Time now, const std::vector<double>& balance);
  /// The time averages are final: the end of the run; what is still in flight may go on.
  void end_measuring(sim::Time now);

  /// Moves everything out; `unfinished` requests by traffic end as status 0.
  ReplicationResult take(const std::vector<std::uint64_t>& unfinished);

 private:
  struct ScopeState {
    Tally total, interval;
    sim::Histogram interval_latency, success, failure, queue_time;
    sim::TimeAverage queued, busy, in_flight;
    double workers = 0;  ///< 0: unlimited, or no service
    double busy_seconds = 0, wasted_seconds = 0;
    double mean_queued = kNotMeasured, mean_busy = kNotMeasured, mean_in_flight = kNotMeasured;
  };
  struct OutcomeSlot {
    Id scope;
    std::uint16_t status;
    Flags flags;
    std::uint64_t count;
  };

  IntervalRow row(ScopeKind kind, ScopeState& scope, double seconds, sim::Time now);

  const Mesh& mesh_;
  std::vector<ScopeState> scopes_;
  std::vector<OutcomeSlot> outcomes_;
  std::size_t last_outcome_ = 0;
  std::vector<std::vector<IntervalRow>> series_;
  sim::Time interval_start_;
};

}  // namespace spillway::model
