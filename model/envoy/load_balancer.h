// Envoy's load balancers of one cluster, as one worker sees its hosts (Envoy
// source/extensions/load_balancing_policies). One priority, no localities. Plain value (hash tables
// are shared, never changed); one thread. Allocates when the set of hosts changes only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "model/envoy/cluster_config.h"
#include "model/policy/host_table.h"
#include "sim/random.h"
#include "sim/time.h"

namespace spillway::model::envoy {

/// A cluster's balancing with Envoy's defaults in place.
struct BalancerSettings {
  LbPolicy policy = LbPolicy::round_robin;
  std::uint32_t choice_count = 2;
  double active_request_bias = 1;
  double panic_threshold = 50;        ///< percent of the hosts; 0: never
  sim::Duration slow_start_window{};  ///< 0: none
  double aggression = 1;
  double min_weight_percent = 10;
  bool operator==(const BalancerSettings&) const = default;
};
BalancerSettings balancer_settings(const Cluster& cluster);

/// The share of its weight that a host has `age` after it came: at least min_weight_percent,
/// (age / window)^(1 / aggression), 1 once the window is over.
double slow_start_factor(const BalancerSettings& settings, sim::Duration age);

class Balancer {
 public:
  static constexpr std::uint32_t kNoHost = 0xffffffff;

  /// `weights`: one a host, each > 0. `seed`: of this instance: decides where ROUND_ROBIN starts.
  /// All hosts are there since `since` and healthy.
  Balancer(const BalancerSettings& settings, std::vector<std::uint32_t> weights, sim::Key seed,
           sim::Time since = {});

  /// The hosts that are not ejected, as far as this worker has been told.
  void update(const std::vector<bool>& healthy);

  /// A host, or kNoHost. With too few healthy hosts (panic) all hosts take part. `hash`: for
  /// RING_HASH and MAGLEV, uniform over 64 bits.
  std::uint32_t pick(sim::Time now, sim::Draw& draw, std::uint64_t hash);

  /// As pick(), and again while avoid(host), at most `more` times: the last pick stands.
  template <class Avoid>
  std::uint32_t pick_other(sim::Time now, sim::Draw& draw, std::uint64_t hash, std::uint32_t more,
                           Avoid&& avoid) {
    std::uint32_t host = pick(now, draw, hash);
    while (more-- > 0 && host != kNoHost && avoid(host)) host = pick(now, draw, hash);
    return host;
  }

  /// A request was given a connection to `host`; it has ended.
  void on_start(std::uint32_t host) { ++active_[host]; }
  void on_end(std::uint32_t host) { --active_[host]; }

  bool in_panic() const { return panic_; }

 private:
  struct Turn {
    double deadline = 0;
    std::uint64_t order = 0;
    std::uint32_t host = 0;
  };
  struct Rotation {  ///< of one set of hosts
    std::uint64_t next = 0;
    std::vector<Turn> turns;  ///< by earliest deadline, if weights differ
    double clock = 0;
    std::uint64_t order = 0;
  };

  bool weighted(sim::Time now) const;
  double weight(std::uint32_t host, sim::Time now) const;
  std::uint32_t pick_by_deadline(sim::Time now);
  void refresh(sim::Time now);
  Rotation& rotation() { return rotations_[panic_ ? 1 : 0]; }

  BalancerSettings settings_;
  std::vector<std::uint32_t> weights_;
  std::vector<std::uint32_t> active_;
  std::vector<std::uint32_t> usable_;  ///< the hosts that take part
  Rotation rotations_[2];              ///< of the healthy hosts; of all hosts
  std::shared_ptr<const HostTable> table_;
  sim::Time since_;
  sim::Key seed_;
  bool equal_weights_ = true;
  bool panic_ = false;
};

}  // namespace spillway::model::envoy
