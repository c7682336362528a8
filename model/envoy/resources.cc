#include "model/envoy/resources.h"

#include <algorithm>

namespace spillway::model::envoy {

void StartedRequests::move_on(sim::Time now) {
  const std::int64_t slot = (now - from_).ns / tick_;
  if (slot - slot_ >= kSlots) {
    slots_.fill(0);
    total_ = 0;
    slot_ = slot;
  }
  while (slot_ < slot) {
    std::uint64_t& oldest = slots_[static_cast<std::size_t>(++slot_ % kSlots)];
    total_ -= oldest;
    oldest = 0;
  }
}

Limits limits(const std::optional<CircuitBreakers>& config) {
  Limits limits;
  if (!config) return limits;
  limits.connections = config->max_connections.value_or(limits.connections);
  limits.pending = config->max_pending_requests.value_or(limits.pending);
  limits.requests = config->max_requests.value_or(limits.requests);
  limits.retries = config->max_retries.value_or(limits.retries);
  if (const auto& budget = config->retry_budget) {
    limits.budgeted = true;
    limits.budget_percent = budget->budget_percent.value_or(limits.budget_percent);
    limits.min_retry_concurrency =
        budget->min_retry_concurrency.value_or(limits.min_retry_concurrency);
    if (budget->budget_interval && budget->budget_interval->ns > 0)
      limits.budget_interval = budget->budget_interval;
  }
  return limits;
}

Resources::Resources(const Limits& limits, sim::Time from) : limits_(limits) {
  if (limits.budget_interval) started_ = StartedRequests(*limits.budget_interval, from);
}

std::uint64_t Resources::retry_limit(sim::Time now) {
  if (!limits_.budgeted) return limits_.retries;
  const std::uint64_t base =
      limits_.budget_interval ? started_.total(now) : std::uint64_t{requests} + pending;
  const double share = limits_.budget_percent / 100 * static_cast<double>(base);
  return std::max(static_cast<std::uint64_t>(share), std::uint64_t{limits_.min_retry_concurrency});
}

bool Resources::retry_allowed(sim::Time now) { return retries < retry_limit(now); }

}  // namespace spillway::model::envoy
