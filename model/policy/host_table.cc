#include "model/policy/host_table.h"

#include <utility>

namespace spillway::model {

HostTable HostTable::ring(std::span<const sim::Key> hosts) {
  const auto count = static_cast<std::uint32_t>(hosts.size());
  const std::uint32_t each = (kRingSize + count - 1) / count;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> circle;
  circle.reserve(std::size_t{each} * count);
  for (std::uint32_t host = 0; host < count; ++host) {
    for (std::uint32_t i = 0; i < each; ++i)
      circle.emplace_back(sim::combine(hosts[host], i), host);
  }
  std::sort(circle.begin(), circle.end());
  HostTable table;
  for (const auto& [point, host] : circle) {
    table.points_.push_back(point);
    table.hosts_.push_back(host);
  }
  return table;
}

HostTable HostTable::maglev(std::span<const sim::Key> hosts) {
  constexpr std::uint32_t kFree = 0xffffffff;
  struct Turn {
    std::uint64_t next;
    std::uint64_t skip;
  };
  std::vector<Turn> turns;
  for (const sim::Key key : hosts) {
    turns.push_back(
        {sim::combine(key, 0) % kMaglevSize, sim::combine(key, 1) % (kMaglevSize - 1) + 1});
  }
  HostTable table;
  table.hosts_.assign(kMaglevSize, kFree);
  for (std::uint32_t filled = 0, host = 0; filled < kMaglevSize; ++filled) {
    Turn& turn = turns[host];
    while (table.hosts_[turn.next] != kFree) turn.next = (turn.next + turn.skip) % kMaglevSize;
    table.hosts_[turn.next] = host;
    host = host + 1 == turns.size() ? 0 : host + 1;
  }
  return table;
}

}  // namespace spillway::model
