// What a run measured, before any statistics over replications: plain values, merged by replication
// index. Times in ns inside histograms; every other field names its unit. NaN = does not apply to
// this scope, or nothing was measured.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "model/spec/assumption.h"
#include "model/spec/scenario.h"
#include "sim/histogram.h"
#include "sim/time.h"

namespace spillway::model {

inline constexpr double kNotMeasured = std::numeric_limits<double>::quiet_NaN();

enum class ScopeKind : std::uint8_t { traffic, service, edge, rule, proxy };
std::string_view to_string(ScopeKind kind);

/// traffic NAME; service NAME.NAMESPACE; edge CALLER->SERVICE.NAMESPACE; rule NAMESPACE/ROUTE#RULE;
/// proxy KIND/NAME/INSTANCE.
struct Scope {
  ScopeKind kind = ScopeKind::traffic;
  std::string name;
  bool operator==(const Scope&) const = default;
};

/// Counts. Summary tallies hold the requests that arrived in [warmup, duration) and everything
/// below them, however late it ended; interval tallies hold what happened in the interval.
struct Tally {
  std::uint64_t requests = 0;  ///< traffic: offered; service, edge: calls first sent there; rule,
                               ///< proxy: requests that came to it
  std::uint64_t clean_requests = 0;  ///< of these, those without a retry anywhere in their ancestry
  std::uint64_t attempts = 0;  ///< arrived there, refused connections included; rule, proxy: tries
                               ///< sent; traffic: requests + retries below
  std::uint64_t clean_attempts = 0;  ///< of these, those without a retry anywhere in their ancestry
  std::uint64_t retries = 0;        ///< service, edge, rule, proxy: tries beyond a request's first;
                                    ///< traffic: retries anywhere below
  std::uint64_t finished = 0;       ///< requests that ended (service: attempts that were answered)
  std::uint64_t successes = 0;      ///< ended with a status < 500 before the caller gave up
  std::uint64_t timeouts = 0;       ///< ended by a timer of the caller or its proxy
  std::uint64_t budget_denied = 0;  ///< retries refused by a budget
  std::uint64_t rejections =
      0;  ///< refused by a full queue, a queue's maxWait, a breaker or a throttle

  Tally& operator+=(const Tally& other);
  bool operator==(const Tally&) const = default;
};

/// One replication of one scope.
struct ScopeResult {
  Tally tally;
  sim::Histogram latency_success;  ///< from intended arrival; ns
  sim::Histogram latency_failure;  ///< likewise, of requests that did not succeed
  sim::Histogram queue_time;       ///< service: wait for a worker
  double utilization =
      kNotMeasured;  ///< service with limited workers: busy share 0..1 over [warmup, duration]
  double queue_length = kNotMeasured;  ///< service: mean number waiting
  double in_flight = kNotMeasured;     ///< traffic, service: mean number of unfinished requests
  double busy_seconds = 0;             ///< service: worker time
  double wasted_seconds = 0;           ///< service: worker time spent after the caller had gone
  double recovery_ms =
      kNotMeasured;  ///< traffic, with faults: after the last fault's end; NaN if never
  double collapsed =
      kNotMeasured;  ///< traffic, with faults: 1 = did not recover before the end, 0 = did
};

/// One interval of one scope. Rates per second of simulated time, times in ms.
struct IntervalRow {
  double requests_per_s = kNotMeasured;
  double attempts_per_s = kNotMeasured;
  double retries_per_s = kNotMeasured;
  double success_rate = kNotMeasured;
  double goodput_per_s = kNotMeasured;
  double latency_p50_ms = kNotMeasured;
  double latency_p90_ms = kNotMeasured;
  double latency_p99_ms = kNotMeasured;
  double amplification = kNotMeasured;
  double queue_length = kNotMeasured;
  double utilization = kNotMeasured;
  double budget_balance = kNotMeasured;
  double budget_denied_per_s = kNotMeasured;
};

/// Requests of one scope that ended with this status and flags; status 0 with flags "unfinished":
/// never ended.
struct OutcomeCount {
  std::uint32_t scope = 0;  ///< index into ExperimentResult::scopes
  int status = 0;
  std::string flags;  ///< Envoy's response flags, comma separated, "-" for none
  std::uint64_t count = 0;
};

struct ReplicationResult {
  std::vector<ScopeResult> scopes;               ///< by scope index
  std::vector<std::vector<IntervalRow>> series;  ///< [scope][interval]
  std::vector<OutcomeCount> outcomes;            ///< sorted by scope, status, flags
  std::uint64_t events = 0;
  std::uint64_t requests = 0;  ///< of all traffic, warm-up included
  /// What was left when nothing could happen any more: requests at some leg, tries, and requests in
  /// replicas that only a caller's patience could have ended.
  std::uint64_t open_streams = 0, open_attempts = 0, open_jobs = 0;
};

struct ExperimentResult {
  std::string scenario;
  std::string description;
  MeshSpec mesh;
  RunSpec run;
  std::vector<Scope>
      scopes;  ///< traffic, services, edges, rules, proxies, each in the order of the input
  std::vector<ReplicationResult> replications;
  std::vector<Objective> objectives;
  std::vector<Assumption> assumptions;
  Diagnostics diagnostics;
  bool complete = true;  ///< false: interrupted; then `replications` holds the finished ones only
  double wall_seconds = 0;  ///< of the simulation; the only fields that differ between runs
  std::uint32_t threads = 1;
};

}  // namespace spillway::model
