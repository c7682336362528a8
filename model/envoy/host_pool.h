// The connections of one Envoy to one host, and the requests that wait for one (Envoy
// source/common/conn_pool/conn_pool_base.cc). It decides; who drives it opens connections, sends
// requests and tells it what became of them. Plain value; one thread. No allocation once the queue
// has reached its largest size.
#pragma once

#include <cstdint>

#include "model/envoy/resources.h"
#include "sim/ring.h"

namespace spillway::model::envoy {

/// Someone who waits for a connection: a slot and its generation.
struct Waiter {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;
};

class HostPool {
 public:
  enum class Admission : std::uint8_t { ready, waits, overflow };

  /// `streams`: requests that one connection carries at once: 1 for HTTP/1.1.
  explicit HostPool(std::uint32_t streams = 1) : streams_(streams) {}

  /// A request wants a connection. `ready`: it has one, and counts in resources.requests. `waits`:
  /// it counts as pending, even if it only waits for a new connection to be made; call connect()
  /// next. `overflow`: a breaker refused it.
  Admission admit(Resources& resources, Waiter who);

  /// True: a connection is to be opened (it counts as one already). Ask again until false. A pool
  /// without any connection may always open one.
  bool connect(Resources& resources);

  /// A connection that connect() asked for is there: hand it out with next().
  void connected();
  /// It could not be made. All who wait fail with it: hand them out with purge().
  void connect_failed(Resources& resources);

  /// The next who gets a connection. `who` waits no longer; `refused`: not even now, since
  /// max_requests is reached. `alive(waiter)`: false for one that has gone (see leave()).
  enum class Next : std::uint8_t { none, serve, refused };
  template <class Alive>
  Next next(Resources& resources, Waiter& who, Alive&& alive) {
    if (free_ == 0 || !pop(who, alive)) return Next::none;
    --waiting_;
    --resources.pending;
    if (!resources.request_allowed()) return Next::refused;
    ++resources.requests;
    --free_;
    return Next::serve;
  }
  /// The next who waits, to be failed; false: nobody. He counts as pending until drop_purged(),
  /// which is due when his failure has been judged: retry budgets see those who fail after him.
  template <class Alive>
  bool purge(Waiter& who, Alive&& alive) {
    if (!pop(who, alive)) return false;
    --waiting_;
    return true;
  }
  static void drop_purged(Resources& resources) { --resources.pending; }

  /// One who waits has gone; its entry is stale from now on.
  void leave(Resources& resources);
  /// A request has ended; `keep`: its connection is still good. HTTP/1.1 loses the connection of a
  /// request that was broken off, by either side; with several requests a connection it stays.
  void release(Resources& resources, bool keep);
  /// The host has broken all connections: the idle ones are gone. Those in use follow with
  /// release().
  void close_idle(Resources& resources);

  std::uint32_t connections() const { return connections_; }
  std::uint32_t waiting() const { return waiting_; }

 private:
  template <class Alive>
  bool pop(Waiter& who, Alive& alive) {
    while (!queue_.empty()) {
      who = queue_.front();
      queue_.pop_front();
      if (alive(who)) return true;
    }
    return false;
  }

  std::uint32_t streams_;
  std::uint32_t connections_ = 0;  ///< being made, idle or in use
  std::uint32_t connecting_ = 0;
  std::uint32_t free_ = 0;  ///< requests that the connections can take now
  std::uint32_t waiting_ = 0;
  sim::Ring<Waiter> queue_;
};

}  // namespace spillway::model::envoy
