// linkerd2-proxy's outbound HTTP side towards one destination, as a state machine on plain values:
// route with its retries and timeouts, backends with their queues, balancers and breakers,
// endpoints with their connections. It is told what happened and when, and appends to a list what
// is to be done; whoever calls it keeps the time and carries the requests. Held to recordings of
// the real proxy. One thread at a time. No allocation once slots, queues and the list have reached
// their largest sizes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/linkerd/actions.h"
#include "model/linkerd/pool.h"
#include "model/linkerd/retry.h"
#include "model/linkerd/tps_budget.h"
#include "sim/random.h"
#include "sim/slot_pool.h"

namespace spillway::model::linkerd {

/// What the proxy sees of a request as it arrives.
struct RequestHead {
  bool grpc = false;                       ///< content-type application/grpc
  std::optional<std::uint64_t> body_size;  ///< absent: not known beforehand
  Overrides overrides;                     ///< from l5d-* headers; acts if the route allows it
};

/// The headers of a backend's answer.
struct ResponseHead {
  std::uint16_t status = 200;
  std::int8_t grpc_status = -1;  ///< in the headers
  bool http1 = false;            ///< no trailers to wait for
  bool end = true;               ///< no body
  sim::Duration retry_after{};   ///< of a rate-limited answer
};

class Executor {
 public:
  /// `policy` must outlive it. `out` collects the actions; the caller empties it.
  Executor(const OutboundPolicy& policy, sim::Key seed, Actions& out);

  /// A new endpoint of a backend, and that it leaves. `usable`: it can take requests at all.
  EndpointRef add_endpoint(std::uint32_t backend, sim::Time now, bool usable = true);
  void remove_endpoint(EndpointRef endpoint);
  void set_usable(EndpointRef endpoint, bool usable, sim::Time now);

  Handle on_request(const RequestHead& head, sim::Time now);
  /// The application waits no longer.
  void on_gone(Handle request, sim::Time now);

  /// Of a try: `total` bytes of the request body have been read by the peer's side, and is that
  /// all? Told at once for an empty body.
  void on_upload(Handle attempt, std::uint64_t total, bool complete, sim::Time now);
  /// The peer wants no more of the body, which can therefore be sent again.
  void on_upload_refused(Handle attempt, sim::Time now);
  void on_response(Handle attempt, const ResponseHead& head, sim::Time now);
  void on_data(Handle attempt, std::uint64_t bytes, sim::Time now);
  /// The answer's body has ended, with trailers if `grpc_status` >= 0.
  void on_end(Handle attempt, int grpc_status, sim::Time now);
  /// The try ended before the headers or in the body.
  void on_broken(Handle attempt, Breakage breakage, sim::Time now);

  /// Connections of HTTP/2 and of peer proxies; those of HTTP/1 belong to a try, and are refused by
  /// on_broken(connect_refused).
  void on_connected(EndpointRef endpoint, sim::Time now);
  void on_refused(EndpointRef endpoint, sim::Time now);
  /// All tries on it must be broken one by one.
  void on_lost(EndpointRef endpoint) { pools_[endpoint.backend].on_lost(endpoint.index); }

  void on_timer(const Timer& timer, sim::Time now);

 private:
  struct Request;
  struct Attempt;

  // Requests (executor.cc).
  void apply_route(Request& request, const Overrides& overrides, sim::Time now);
  void start_profile_timer(std::uint32_t request, sim::Time now);
  void on_failfast(const Timer& timer, sim::Time now);
  void try_once(std::uint32_t request, sim::Time now);
  std::optional<std::uint32_t> choose_backend();
  void pump(std::uint32_t backend, sim::Time now);
  void dispatch(std::uint32_t request, EndpointRef endpoint, sim::Time now);
  void on_backoff(std::uint32_t request, sim::Time now);
  void on_profile_timeout(std::uint32_t request, sim::Time now);
  void release(std::uint32_t request, sim::Time now);
  void drop_held(std::uint32_t request, sim::Time now);
  /// The try ended with this error, or never got an endpoint.
  void on_error(std::uint32_t request, EndpointError error, sim::Time now);
  /// True: another try follows, after its backoff.
  bool retry(std::uint32_t request, bool listed, sim::Time now);
  bool profile_retry(std::uint32_t request, bool failed, sim::Time now);
  void answer_error(std::uint32_t request, Error error, sim::Time now);

  // Tries (attempts.cc).
  void on_attempt_timer(const Timer& timer, sim::Time now);
  void judge(std::uint32_t attempt, sim::Time now);
  void deliver(std::uint32_t attempt, sim::Time now);
  void finish(std::uint32_t attempt, sim::Time now);
  void break_body(std::uint32_t attempt, Error error, sim::Time now);
  void on_deadline(std::uint32_t attempt, sim::Time now);
  void on_idle(const Timer& timer, sim::Time now);
  void arm(std::uint32_t attempt, TimerKind kind, sim::Time at);
  void arm_headers_deadline(std::uint32_t attempt, sim::Time now);
  void arm_body_deadline(std::uint32_t attempt, sim::Time now);
  void end_load(Attempt& attempt, sim::Time now);
  void classify_end(Attempt& attempt, sim::Time now);
  void drop(std::uint32_t attempt, bool cancel, sim::Time now);
  void fail(std::uint32_t attempt, EndpointError error, sim::Time now);

  Action& emit(Action::Kind kind, std::uint32_t request);
  Handle request_handle(std::uint32_t index) const { return {index, requests_.generation(index)}; }
  Handle attempt_handle(std::uint32_t index) const { return {index, attempts_.generation(index)}; }
  bool alive(Handle attempt) const { return attempts_.alive(attempt.index, attempt.generation); }

  static constexpr std::uint32_t kNone = UINT32_MAX;

  struct Request {
    enum class Phase : std::uint8_t { queued, trying, backing_off, answering };
    Phase phase = Phase::queued;
    bool grpc = false;
    bool gone = false;  ///< nobody waits for it, but a queue still holds it
    bool in_queue = false;
    bool replayable = false;  ///< its body is kept for retries
    bool capped = false;      ///< but has turned out to be too large
    bool uploaded = false;    ///< the body has been read in full
    bool upload_refused = false;
    std::uint32_t retries = 0;
    std::uint32_t attempt = kNone;
    std::uint32_t held = kNone;      ///< the last answer, which a retry may replace
    const Retry* retry = nullptr;    ///< of the route, or own_retry
    std::optional<Retry> own_retry;  ///< what its l5d-* headers make of it
    Timeouts timeouts;
    sim::Time deadline = sim::kNever;
  };

  struct Attempt {
    enum class Phase : std::uint8_t { waiting, peeking, held, answering };
    Phase phase = Phase::waiting;
    bool load_open = true;
    bool class_open = true;
    bool flushed = false;
    bool ended = false;       ///< the body ended while it was looked at
    std::uint8_t frames = 0;  ///< seen while it was looked at
    std::uint32_t request = kNone;
    EndpointRef endpoint;
    ResponseHead head;
    Error error = Error::none;       ///< a 502 that the endpoint stack made
    Error body_error = Error::none;  ///< the body broke while it was looked at
    int trailer = -1;
    std::uint64_t bytes = 0;
    sim::Time sent{};
    sim::Time flushed_at{};
    sim::Time active{};  ///< last frame either way
    Error deadline = Error::none;
    sim::Time deadline_at = sim::kNever;
    std::uint32_t timers = 0;
  };

  const OutboundPolicy* policy_;
  Actions* out_;
  sim::Draw draw_;
  std::vector<Pool> pools_;
  sim::SlotPool<Request> requests_;
  sim::SlotPool<Attempt> attempts_;
  std::optional<TpsBudget> budget_;
};

}  // namespace spillway::model::linkerd
