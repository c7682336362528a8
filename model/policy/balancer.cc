#include "model/policy/balancer.h"

#include <algorithm>
#include <array>
#include <utility>

namespace spillway::model {

std::shared_ptr<const HostTable> Balancer::make_table(const LoadBalancer& spec, std::uint32_t hosts,
                                                      sim::Key cluster) {
  const bool ring = spec.policy == Balancing::ring_hash;
  if (hosts <= 1 || (!ring && spec.policy != Balancing::maglev)) return nullptr;
  std::vector<sim::Key> keys;
  for (std::uint32_t host = 0; host < hosts; ++host) keys.push_back(sim::combine(cluster, host));
  return std::make_shared<const HostTable>(ring ? HostTable::ring(keys) : HostTable::maglev(keys));
}

Balancer::Balancer(const LoadBalancer& spec, std::uint32_t hosts, sim::Key seed,
                   std::shared_ptr<const HostTable> table)
    : policy_(spec.policy), hosts_(hosts), choices_(spec.choices), table_(std::move(table)) {
  if (hosts_ == 1) return;
  if (!table_) table_ = make_table(spec, hosts, seed);
  next_ = sim::Draw(seed).below(hosts_);
  const bool counts = policy_ == Balancing::least_request || policy_ == Balancing::peak_ewma;
  if (counts) active_.resize(hosts_);
  if (policy_ == Balancing::peak_ewma) latency_.resize(hosts_);
}

std::uint32_t Balancer::pick_peak_ewma(sim::Time now, sim::Draw& draw) {
  // Draw i picks one of the hosts that are left by number; `taken`, ascending, maps it to a host.
  constexpr std::uint32_t kMostChoices = 64;
  const std::uint32_t choices = std::min({choices_, hosts_, kMostChoices});
  std::array<std::uint32_t, kMostChoices> taken;
  std::uint32_t best = 0;
  double least = 0;
  for (std::uint32_t i = 0; i < choices; ++i) {
    std::uint32_t host = draw.below(hosts_ - i);
    std::uint32_t place = 0;
    for (; place < i && taken[place] <= host; ++place) ++host;
    std::copy_backward(taken.begin() + place, taken.begin() + i, taken.begin() + i + 1);
    taken[place] = host;
    const double price = cost(host, now);
    if (i == 0 || price < least) best = host, least = price;
  }
  return best;
}

}  // namespace spillway::model
