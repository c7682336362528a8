#include "model/envoy/load_balancer.h"

#include <algorithm>
#include <cmath>

namespace spillway::model::envoy {
namespace {

/// Hosts are taken to be worth 140 % of what they are before too few of them make panic possible.
constexpr double kOverprovisioning = 1.4;
constexpr std::uint64_t kMostFirstTurns = 100;

}  // namespace

BalancerSettings balancer_settings(const Cluster& cluster) {
  BalancerSettings settings;
  settings.policy = cluster.lb_policy;
  settings.choice_count = std::max<std::uint32_t>(1, cluster.choice_count.value_or(2));
  settings.active_request_bias = cluster.active_request_bias.value_or(1);
  settings.panic_threshold = std::min(100.0, cluster.healthy_panic_threshold.value_or(50));
  if (const auto& slow = cluster.slow_start_config) {
    settings.slow_start_window = slow->slow_start_window.value_or(sim::Duration{});
    settings.aggression = slow->aggression.value_or(1);
    settings.min_weight_percent = slow->min_weight_percent.value_or(10);
  }
  return settings;
}

double slow_start_factor(const BalancerSettings& settings, sim::Duration age) {
  if (age >= settings.slow_start_window) return 1;
  const double time = std::max(1.0, age.seconds()) / settings.slow_start_window.seconds();
  const double share = settings.aggression == 1 ? time : std::pow(time, 1 / settings.aggression);
  return std::clamp(share, settings.min_weight_percent / 100, 1.0);
}

Balancer::Balancer(const BalancerSettings& settings, std::vector<std::uint32_t> weights,
                   sim::Key seed, sim::Time since)
    : settings_(settings),
      weights_(std::move(weights)),
      active_(weights_.size()),
      since_(since),
      seed_(seed) {
  equal_weights_ =
      std::ranges::adjacent_find(weights_, std::ranges::not_equal_to{}) == weights_.end();
  for (Rotation& rotation : rotations_) rotation.next = sim::Draw(seed).next();
  update(std::vector<bool>(weights_.size(), true));
}

void Balancer::update(const std::vector<bool>& healthy) {
  usable_.clear();
  for (std::uint32_t host = 0; host < weights_.size(); ++host)
    if (healthy[host]) usable_.push_back(host);
  const double share = weights_.empty() ? 0
                                        : 100.0 * static_cast<double>(usable_.size()) /
                                              static_cast<double>(weights_.size());
  panic_ =
      !weights_.empty() && share * kOverprovisioning < 100 && share < settings_.panic_threshold;
  if (panic_) {
    usable_.resize(weights_.size());
    for (std::uint32_t host = 0; host < usable_.size(); ++host) usable_[host] = host;
  }
  rotation().turns.clear();
  table_.reset();
  if (usable_.empty()) return;
  if (settings_.policy == LbPolicy::ring_hash || settings_.policy == LbPolicy::maglev) {
    std::vector<sim::Key> keys;
    for (const std::uint32_t host : usable_) keys.push_back(sim::combine(0x484f5354, host));
    table_ = std::make_shared<const HostTable>(
        settings_.policy == LbPolicy::maglev ? HostTable::maglev(keys) : HostTable::ring(keys));
  }
}

bool Balancer::weighted(sim::Time now) const {
  return !equal_weights_ || now - since_ < settings_.slow_start_window;
}

double Balancer::weight(std::uint32_t host, sim::Time now) const {
  double weight = weights_[host];
  if (settings_.policy == LbPolicy::least_request && settings_.active_request_bias > 0) {
    const double others = active_[host] + 1.0;
    weight /= settings_.active_request_bias == 1 ? others
                                                 : std::pow(others, settings_.active_request_bias);
  }
  return weight * slow_start_factor(settings_, now - since_);
}

std::uint32_t Balancer::pick(sim::Time now, sim::Draw& draw, std::uint64_t hash) {
  if (usable_.empty()) return kNoHost;
  if (usable_.size() == 1) return usable_[0];
  const auto count = static_cast<std::uint32_t>(usable_.size());
  switch (settings_.policy) {
    case LbPolicy::ring_hash:
    case LbPolicy::maglev:
      return usable_[table_->pick(hash)];
    case LbPolicy::random:
      return usable_[draw.below(count)];
    case LbPolicy::round_robin:
    case LbPolicy::original_dst:
      if (weighted(now)) return pick_by_deadline(now);
      return usable_[static_cast<std::size_t>(rotation().next++ % count)];
    case LbPolicy::least_request:
      break;
  }
  if (weighted(now)) return pick_by_deadline(now);
  std::uint32_t best = usable_[draw.below(count)];
  for (std::uint32_t i = 1; i < settings_.choice_count; ++i) {
    const std::uint32_t host = usable_[draw.below(count)];
    if (active_[host] < active_[best]) best = host;
  }
  return best;
}

/// Envoy's EDF scheduler: whoever has waited longest for its weight.
std::uint32_t Balancer::pick_by_deadline(sim::Time now) {
  if (rotation().turns.empty()) refresh(now);
  Rotation& r = rotation();
  const auto turn = std::ranges::min_element(r.turns, [](const Turn& a, const Turn& b) {
    return a.deadline != b.deadline ? a.deadline < b.deadline : a.order < b.order;
  });
  r.clock = turn->deadline;
  const std::uint32_t host = turn->host;
  turn->deadline = r.clock + 1 / weight(host, now);
  turn->order = r.order++;
  return host;
}

void Balancer::refresh(sim::Time now) {
  Rotation& r = rotation();
  r.clock = 0;
  for (const std::uint32_t host : usable_)
    r.turns.push_back({1 / weight(host, now), r.order++, host});
  for (std::uint64_t turns = sim::Draw(seed_).next() % kMostFirstTurns; turns > 0; --turns)
    pick_by_deadline(now);
}

}  // namespace spillway::model::envoy
