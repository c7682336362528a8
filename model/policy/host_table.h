// Consistent hashing: from the hash of a request to a host, such that few requests move when a host
// comes or goes. Immutable after it was built, so that all instances of a cluster and all threads
// share one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/random.h"

namespace spillway::model {

class HostTable {
 public:
  /// Points per table that Envoy's ring hash balancer aims at (minimum_ring_size).
  static constexpr std::uint32_t kRingSize = 1024;
  /// Entries of Envoy's Maglev table; a prime.
  static constexpr std::uint32_t kMaglevSize = 65537;

  /// ceil(kRingSize / hosts) points for each host on the circle of 64-bit hashes; a request belongs
  /// to the next point (Karger et al. 1997). `hosts`: a key for each, not empty.
  static HostTable ring(std::span<const sim::Key> hosts);
  /// Hosts take turns in filling their preferred free entries of a table (Eisenbud et al.,
  /// "Maglev", NSDI 2016, 3.4). `hosts`: as above.
  static HostTable maglev(std::span<const sim::Key> hosts);

  /// Index into `hosts` of the one that serves `hash`. The hash is taken as uniform over 64 bits.
  std::uint32_t pick(std::uint64_t hash) const {
    if (points_.empty()) return hosts_[hash % hosts_.size()];
    const auto next = std::lower_bound(points_.begin(), points_.end(), hash);
    return hosts_[next == points_.end() ? 0 : static_cast<std::size_t>(next - points_.begin())];
  }

 private:
  std::vector<std::uint64_t> points_;  ///< ascending; empty for maglev
  std::vector<std::uint32_t> hosts_;   ///< by point; maglev: by entry
};

}  // namespace spillway::model
