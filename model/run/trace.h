// The life of single requests, as `explain` tells it: a tree of calls, attempts and legs. Plain
// values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/run/result.h"
#include "sim/time.h"

namespace spillway::model {

struct CallTrace;

/// One try of one leg. `backoff` = the wait before it.
struct AttemptTrace {
  std::uint32_t attempt = 1;
  sim::Time start;  ///< leaves the proxy (or the caller)
  sim::Time end;
  std::string backend;  ///< "namespace/service:port", empty when none was chosen
  int replica = -1;     ///< -1: none reached
  std::string outcome;  ///< status | refused | reset | per-try-timeout | request-timeout | overflow
                        ///< | no-endpoint | cancelled
  int status = 0;       ///< 0 without an answer
  sim::Duration backoff;
  std::vector<std::string>
      notes;                     ///< waits, queueing, work, faults met: a sentence each, with times
  std::vector<CallTrace> leg;    ///< none or one: the next L7 proxy on the way
  std::vector<CallTrace> calls;  ///< made by the replica while it served this attempt
};

/// One call as one proxy (or the caller's own client policy) carried it out.
struct CallTrace {
  std::string to;     ///< "service.namespace:port"
  std::string route;  ///< "namespace/name", empty without a route
  int rule = -1;
  std::string
      proxy;  ///< "waypoint/0"; "client" for a policy inside the application; empty without one
  sim::Time start;
  sim::Time end;
  int status = 0;
  std::vector<std::string> flags;
  std::string retry_stopped;  ///< none | not-retriable | limit | budget | breaker | timeout
  std::string reason;         ///< why it stopped, a sentence
  std::vector<AttemptTrace> attempts;
  bool finished = true;  ///< false: still open when the run ended
};

struct RequestTrace {
  std::uint64_t request = 0;  ///< number in order of arrival over all traffic, from 0
  std::string traffic;
  sim::Time arrival;
  sim::Duration latency;
  int status = 0;
  std::vector<std::string> flags;
  CallTrace call;
};

}  // namespace spillway::model
