// Which host gets the next try: the state of one client or proxy instance towards one cluster. A
// plain value (hash tables are shared, never changed); not for several threads at once. Nothing
// allocates after construction, and a cluster of one host costs nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "model/policy/host_table.h"
#include "model/policy/peak_ewma.h"
#include "model/spec/service.h"
#include "sim/random.h"
#include "sim/time.h"

namespace spillway::model {

class Balancer {
 public:
  /// Heavy, and the same for all instances of a cluster: build it once. Null for a policy without
  /// one.
  static std::shared_ptr<const HostTable> make_table(const LoadBalancer& spec, std::uint32_t hosts,
                                                     sim::Key cluster);

  /// `hosts` >= 1. `seed`: of this instance; decides where round robin starts. `table`: from
  /// make_table; built here from `seed` if it is needed and null.
  Balancer(const LoadBalancer& spec, std::uint32_t hosts, sim::Key seed,
           std::shared_ptr<const HostTable> table = nullptr);

  /// The host, 0 ... hosts - 1. `hash`: for ring_hash and maglev, uniform over 64 bits.
  /// `load(host)`: its true number of requests, for join_shortest_queue.
  /// - round_robin: cyclic from a random start, as Envoy does;
  /// - least_request: fewest active requests, as this instance counts them, of `choices` hosts
  /// drawn with replacement; of equals the first drawn (Envoy's
  ///   least_request_lb, N_CHOICES);
  /// - join_shortest_queue: least loaded of all; equals at random;
  /// - peak_ewma: smallest estimate * (active + 1) of `choices` different hosts; of equals the
  /// first drawn (tower p2c).
  template <class Load>
  std::uint32_t pick(sim::Time now, sim::Draw& draw, std::uint64_t hash, Load&& load) {
    if (hosts_ == 1) return 0;
    switch (policy_) {
      case Balancing::round_robin:
        return pick_next();
      case Balancing::random:
        return draw.below(hosts_);
      case Balancing::least_request:
        return pick_least_request(draw);
      case Balancing::join_shortest_queue:
        return pick_shortest(draw, load);
      case Balancing::peak_ewma:
        return pick_peak_ewma(now, draw);
      case Balancing::ring_hash:
      case Balancing::maglev:
        return table_->pick(hash);
    }
    return 0;
  }

  /// A try was sent to `host`.
  void on_start(std::uint32_t host) {
    if (!active_.empty()) ++active_[host];
  }

  /// That try has ended, after `rtt`.
  void on_end(std::uint32_t host, sim::Time now, sim::Duration rtt) {
    if (active_.empty()) return;
    --active_[host];
    if (!latency_.empty()) latency_[host].sample(now, rtt);
  }

 private:
  std::uint32_t pick_next() {
    const std::uint32_t host = next_;
    next_ = host + 1 == hosts_ ? 0 : host + 1;
    return host;
  }

  std::uint32_t pick_least_request(sim::Draw& draw) const {
    std::uint32_t best = draw.below(hosts_);
    for (std::uint32_t i = 1; i < choices_; ++i) {
      const std::uint32_t host = draw.below(hosts_);
      if (active_[host] < active_[best]) best = host;
    }
    return best;
  }

  template <class Load>
  std::uint32_t pick_shortest(sim::Draw& draw, Load& load) const {
    std::uint32_t best = 0;
    std::uint32_t equals = 1;
    auto least = load(0U);
    for (std::uint32_t host = 1; host < hosts_; ++host) {
      const auto other = load(host);
      if (other > least) continue;
      equals = other < least ? 1 : equals + 1;
      least = other;
      if (equals == 1 || draw.below(equals) == 0) best = host;
    }
    return best;
  }

  std::uint32_t pick_peak_ewma(sim::Time now, sim::Draw& draw);
  double cost(std::uint32_t host, sim::Time now) {
    return latency_[host].read(now) * (active_[host] + 1.0);
  }

  Balancing policy_;
  std::uint32_t hosts_;
  std::uint32_t choices_;
  std::uint32_t next_ = 0;
  std::vector<std::uint32_t> active_;  ///< least_request and peak_ewma
  std::vector<PeakEwma> latency_;      ///< peak_ewma
  std::shared_ptr<const HostTable> table_;
};

}  // namespace spillway::model
