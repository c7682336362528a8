// The words between the executor of linkerd2-proxy and whoever schedules for it. The executor is
// told what happened, and appends what is to be done to a list of actions. Plain values.
#pragma once

#include <cstdint>
#include <vector>

#include "model/linkerd/errors.h"
#include "sim/time.h"

namespace spillway::model::linkerd {

/// A slot and the generation in which it was meant: stale ones are ignored.
struct Handle {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;

  bool operator==(const Handle&) const = default;
};

/// An endpoint of a backend.
struct EndpointRef {
  std::uint32_t backend = 0;
  std::uint32_t index = 0;

  bool operator==(const EndpointRef&) const = default;
};

/// Events of one instant come in this order: what arrives, then waits that end, then what cuts
/// short (a reply in the very instant of its deadline wins, a request that arrives as failfast
/// begins has been queued).
enum class TimerKind : std::uint8_t {
  peek,       ///< is there more of a body in this instant?
  pump,       ///< a queue may hand out requests
  breaker,    ///< a gate has been shut long enough
  reconnect,  ///< the wait before a connection is over
  backoff,    ///< the wait before a retry is over
  deadline,   ///< of a try, while it waits for headers or for the body's end
  idle,       ///< of a try: the body or the upload may have stalled
  profile,    ///< the timeout of a ServiceProfile route
  failfast    ///< a queue has had no endpoint for long enough
};

struct Timer {
  TimerKind kind = TimerKind::pump;
  Handle owner;             ///< try, request, or a count for backends and endpoints
  EndpointRef endpoint;     ///< breaker, reconnect; only `backend` for pump and failfast
  std::uint32_t count = 0;  ///< of the settings of this timer: an old one is stale
};

/// The answer as it leaves towards the application.
struct Answer {
  std::uint16_t status = 0;  ///< 0: the stream is reset
  std::int8_t grpc_status = -1;
  Error error = Error::none;  ///< not of a backend
};

struct Action {
  enum class Kind : std::uint8_t {
    set_timer,  ///< call on_timer(timer) at `at`
    connect,    ///< make a connection to `endpoint` (of the try `attempt`: HTTP/1 only)
    send,       ///< the try `attempt` of `request` goes to `endpoint`
    cancel,     ///< the try `attempt` is given up
    headers,    ///< `answer` to the application; of the try `attempt` unless it has an error
    body,       ///< `bytes` of the answer's body
    end         ///< of the answer; `answer` has the final gRPC status, or the error that broke it
  };
  Kind kind{};
  sim::Time at{};
  Timer timer;
  Handle request;
  Handle attempt;
  EndpointRef endpoint;
  Answer answer;
  std::uint64_t bytes = 0;
};

using Actions = std::vector<Action>;

}  // namespace spillway::model::linkerd
