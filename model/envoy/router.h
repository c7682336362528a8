// What Envoy's router and fault filter decide for one request: after each try, and when the timer
// of a hedged try fires (Envoy source/common/router/router.cc). Plain values; one thread. Whoever
// drives it starts tries, arms timers and knows which tries are under way.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/envoy/retry_state.h"
#include "model/envoy/timeouts.h"

namespace spillway::model::envoy {

/// A route action as it is executed.
struct RouteSettings {
  RetrySettings retry;
  Timeouts timeouts;
  bool hedge_on_per_try_timeout = false;
  std::optional<HttpFault> fault;  ///< of the filter ahead of the router
  bool operator==(const RouteSettings&) const = default;
};
RouteSettings route_settings(const RouteAction& route, const std::optional<HttpFault>& fault);

/// One request at the router.
struct RequestState {
  RetryState retry;
  Flags flags;                       ///< that stay whatever follows (URX and UO of refused retries)
  sim::Time admitted = sim::kNever;  ///< when it had passed the filters
  std::uint32_t waiting_retries = 0;  ///< retries that wait for their time
  std::vector<std::uint32_t> hosts;   ///< that failed, for the previous_hosts predicate

  /// For a new request; keeps the memory of `hosts`.
  void start(const RouteSettings& settings);
  bool tried(std::uint32_t host) const;
};

struct Decision {
  enum class What : std::uint8_t {
    retry,  ///< after verdict.wait
    wait,   ///< nothing: other tries are under way, or a retry waits
    end     ///< answer with verdict.status and verdict.flags; break off all other tries
  };
  What what = What::end;
  Verdict verdict;
};

/// What is known of the try that ended, beside its result.
struct TryFacts {
  std::uint32_t host = 0xffffffff;
  bool already_retried = false;  ///< its per-try timer fired before, and a retry was made then
  std::uint32_t under_way = 0;   ///< other tries without an answer
};

/// A try has an answer, or has ended without one.
Decision on_try_ended(const RouteSettings& settings, RequestState& request, const TryFacts& facts,
                      const AttemptResult& result, Resources& resources, sim::Time now,
                      sim::Draw& draw);

/// The per-try timer of a hedged try fired: it goes on, and a retry may be started beside it.
/// Whether the failure is one to be retried is not asked. Never `end`.
Decision on_hedge_timer(const RouteSettings& settings, RequestState& request, std::uint32_t host,
                        Resources& resources, sim::Time now, sim::Draw& draw);

/// The answer that Envoy makes of a try that ended without one: 503 UF, 503 UC, 504 UT, 503 UO,
/// 503 UH.
Verdict local_reply(Outcome outcome);

/// The HTTP status that stands for an answer with this gRPC status in outlier detection (-1: none,
/// `status` stands for itself).
unsigned http_status(unsigned status, int grpc_status);

/// What the fault filter does: first the delay, then the abort, drawn apart.
struct FaultDecision {
  sim::Duration delay{};
  std::uint16_t abort_status = 0;  ///< 0: none
};
FaultDecision draw_fault(const HttpFault& fault, sim::Draw& draw);

}  // namespace spillway::model::envoy
