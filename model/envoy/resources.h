// The circuit breakers of one cluster in one Envoy process, and the retry budget that may stand in
// for the fourth (Envoy source/common/upstream/resource_manager_impl.h). Plain value; one thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "model/envoy/cluster_config.h"
#include "sim/time.h"

namespace spillway::model::envoy {

/// How many requests were started in the last 0.9 ... 1 x interval: ten slots that move on at every
/// tick of interval / 10.
class StartedRequests {
 public:
  StartedRequests() = default;
  StartedRequests(sim::Duration interval, sim::Time from)
      : tick_(interval.ns / kSlots > 0 ? interval.ns / kSlots : 1), from_(from) {}

  void count(sim::Time now) {
    move_on(now);
    ++slots_[static_cast<std::size_t>(slot_ % kSlots)];
    ++total_;
  }
  std::uint64_t total(sim::Time now) {
    move_on(now);
    return total_;
  }

 private:
  static constexpr std::int64_t kSlots = 10;

  void move_on(sim::Time now);

  std::int64_t tick_ = 1;
  sim::Time from_;
  std::int64_t slot_ = 0;  ///< number of the open slot
  std::uint64_t total_ = 0;
  std::array<std::uint64_t, kSlots> slots_{};
};

/// Limits with Envoy's defaults in place.
struct Limits {
  std::uint32_t connections = 1024;
  std::uint32_t pending = 1024;
  std::uint32_t requests = 1024;
  std::uint32_t retries = 3;
  bool budgeted = false;  ///< the budget below, not `retries`
  double budget_percent = 20;
  std::uint32_t min_retry_concurrency = 3;
  std::optional<sim::Duration> budget_interval;  ///< absent: of the requests that are active
  bool operator==(const Limits&) const = default;
};
Limits limits(const std::optional<CircuitBreakers>& config);

class Resources {
 public:
  /// `from`: when the ticks of a budget interval start.
  explicit Resources(const Limits& limits, sim::Time from = {});

  bool connection_allowed() const { return connections < limits_.connections; }
  bool pending_allowed() const { return pending < limits_.pending; }
  bool request_allowed() const { return requests < limits_.requests; }
  /// Fewer retries under way, their waits included, than the limit, or than the budget: a share of
  /// the requests that are active or pending, or were started in the interval, and at least
  /// min_retry_concurrency.
  bool retry_allowed(sim::Time now);
  /// What retry_allowed() compares `retries` with.
  std::uint64_t retry_limit(sim::Time now);
  bool budgeted() const { return limits_.budgeted; }
  /// A request was given a connection.
  void on_request_started(sim::Time now) {
    if (limits_.budget_interval) started_.count(now);
  }

  // How many there are; whoever adds one takes it away again.
  std::uint32_t connections = 0;
  std::uint32_t pending = 0;
  std::uint32_t requests = 0;
  std::uint32_t retries = 0;

 private:
  Limits limits_;
  StartedRequests started_;
};

}  // namespace spillway::model::envoy
