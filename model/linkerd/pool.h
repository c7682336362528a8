// One backend of linkerd2-proxy: a queue of requests without a ready endpoint, failfast, and power
// of two choices over the ready endpoints (linkerd/proxy/balance/queue, linkerd/pool/p2c). Plain
// value; not for several threads at once.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/linkerd/actions.h"
#include "model/linkerd/breaker.h"
#include "model/linkerd/endpoint_load.h"
#include "sim/random.h"
#include "sim/ring.h"

namespace spillway::model::linkerd {

class Pool {
 public:
  /// `policy` must outlive it; `index`: which backend it is.
  Pool(const OutboundPolicy& policy, std::uint32_t index, sim::Draw draw)
      : policy_(&policy), index_(index), draw_(draw) {}

  /// A new endpoint, named from 0 in the order of their coming; `usable`: connections apart, it
  /// takes requests.
  EndpointRef add(sim::Time now, bool usable, Actions& out);
  void remove(std::uint32_t endpoint);
  void set_usable(std::uint32_t endpoint, bool usable, sim::Time now, Actions& out);

  /// False in failfast and while the queue is full: the request is shed.
  bool available() const;
  void enqueue(Handle request, sim::Time now, Actions& out);

  /// The next request that gets an endpoint; the request is counted there from now on. Nothing
  /// while there is none, then the time until failfast begins to run.
  struct Dispatch {
    Handle request;
    std::uint32_t endpoint = 0;
  };
  std::optional<Dispatch> next(sim::Time now, Actions& out);

  /// The timer has ended: true if failfast begins, and everything in drain() fails.
  bool on_failfast(const Timer& timer);
  std::optional<Handle> drain();

  void on_breaker_timer(const Timer& timer, sim::Time now, Actions& out);
  void on_reconnect_timer(const Timer& timer, sim::Time now, Actions& out);
  void on_connected(std::uint32_t endpoint, sim::Time now, Actions& out);
  void on_refused(std::uint32_t endpoint, sim::Time now, Actions& out);
  /// The connection is gone; noticed when the endpoint is next wanted.
  void on_lost(std::uint32_t endpoint);

  /// A request is over for the load of its endpoint, and for its breaker.
  void end_load(std::uint32_t endpoint, sim::Time now, sim::Duration rtt) {
    endpoints_[endpoint].load.end(now, rtt);
  }
  void on_response(std::uint32_t endpoint, ResponseClass response, sim::Time now, Actions& out);

 private:
  enum class Link : std::uint8_t { unneeded, idle, connecting, connected, lost, waiting };
  struct Endpoint {
    EndpointLoad load;
    Breaker breaker;
    Link link = Link::unneeded;
    bool usable = true;
    bool present = true;
    bool ready = false;   ///< in ready_
    bool permit = false;  ///< holds the probe of a probation
    std::uint32_t connect_failures = 0;
    std::uint32_t timers = 0;
  };

  /// Moves a pending endpoint on as far as it goes.
  void poll(std::uint32_t endpoint, sim::Time now, Actions& out);
  bool is_ready(std::uint32_t endpoint, sim::Time now, Actions& out);
  bool gate_lets(Endpoint& endpoint);
  bool link_ready(std::uint32_t endpoint, sim::Time now, Actions& out);
  void wait_to_connect(std::uint32_t endpoint, sim::Time now, Actions& out);
  std::optional<std::uint32_t> pick(sim::Time now, Actions& out);
  std::uint32_t choose(sim::Time now);
  void unready(std::uint32_t endpoint);
  void set_timer(TimerKind kind, std::uint32_t endpoint, std::uint32_t count, sim::Time at,
                 Actions& out) const;

  const OutboundPolicy* policy_;
  std::uint32_t index_;
  sim::Draw draw_;
  std::vector<Endpoint> endpoints_;
  std::vector<std::uint32_t> ready_;
  sim::Ring<Handle> queue_;
  bool waiting_ = false;  ///< a request has been taken from the queue and waits for an endpoint
  bool failfast_ = false;
  std::uint32_t waits_ = 0;
};

}  // namespace spillway::model::linkerd
