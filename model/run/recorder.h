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

  /// Adds one to a counter of a scope. `counted`: of a request that counts in the totals.
  template <std::uint64_t Tally::*Counter>
  void count(Id scope, bool counted) {
    ++(scopes_[scope].tally[counted].*Counter);
  }

  /// A request, or a call first sent there.
  void sent(Id scope, bool counted, bool clean) {
    Tally& t = scopes_[scope].tally[counted];
    ++t.requests;
    t.clean_requests += clean;
  }

  /// A try that reached a replica.
  void arrived(Id scope, bool counted, bool clean, bool retry) {
    Tally& t = scopes_[scope].tally[counted];
    ++t.attempts;
    t.clean_attempts += clean;
    t.retries += retry;
  }

  /// A request, call or try that ended with an answer, after `latency`.
  void ended(Id scope, sim::Duration latency, bool success, bool counted) {
    ScopeState& s = scopes_[scope];
    Tally& t = s.tally[counted];
    ++t.finished;
    t.successes += success;
    s.latency[counted ? (success ? kSuccess : kFailure) : kUncounted].record(latency.ns);
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
    scopes_[scope].held += held;
    scopes_[scope].wasted += wasted;
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
  enum Latency { kUncounted, kSuccess, kFailure };
  struct ScopeState {
    Tally tally[2];  ///< of the interval, of requests that do not count in the totals and that do
    sim::Histogram latency[3];  ///< of the interval
    Tally total;                ///< of the intervals before
    sim::Histogram success, failure, queue_time;
    sim::TimeAverage queued, busy, in_flight;
    double workers = 0;          ///< 0: unlimited, or no service
    sim::Duration held, wasted;  ///< worker time
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
  /// Adds the interval to the totals and forgets it.
  static void fold(ScopeState& scope);

  std::vector<ScopeState> scopes_;
  sim::Histogram all_;  ///< scratch: latencies of an interval
  std::vector<OutcomeSlot> outcomes_;
  std::size_t last_outcome_ = 0;
  std::vector<std::vector<IntervalRow>> series_;
  sim::Time interval_start_;
};

}  // namespace spillway::model
