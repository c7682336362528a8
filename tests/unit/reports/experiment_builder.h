// A made-up experiment: one traffic source "shoppers" and one service "b.shop", a replication a
// pair of success counts.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "reports/summary.h"

namespace spillway::reports {

inline model::ScopeResult traffic_result(std::uint64_t requests, std::uint64_t successes,
                                         std::uint64_t retries = 0) {
  model::ScopeResult result;
  result.tally.requests = result.tally.clean_requests = requests;
  result.tally.finished = requests;
  result.tally.successes = successes;
  result.tally.retries = retries;
  result.tally.attempts = requests + retries;
  for (std::uint64_t i = 0; i < requests; ++i)
    (i < successes ? result.latency_success : result.latency_failure)
        .record(i < successes ? 10'000'000 : 30'000'000);
  return result;
}

/// 10 s, the first 2 s of them warm-up; one replication of 100 requests a number of successes.
inline model::ExperimentResult experiment(const std::vector<std::uint64_t>& successes) {
  model::ExperimentResult result;
  result.scenario = "shop";
  result.run = {.duration = sim::Duration{10'000'000'000},
                .warmup = sim::Duration{2'000'000'000},
                .seed = 7,
                .replications = static_cast<std::uint32_t>(successes.size()),
                .interval = sim::Duration{5'000'000'000},
                .place = {}};
  result.scopes = {{model::ScopeKind::traffic, "shoppers"}};
  for (const std::uint64_t n : successes) {
    model::ReplicationResult& replication = result.replications.emplace_back();
    replication.scopes = {traffic_result(100, n)};
    replication.series = {{model::IntervalRow{.requests_per_s = 12.5}}};
    replication.events = 1000;
    replication.requests = 125;
  }
  return result;
}

inline model::Objective objective(std::string metric, model::Objective::Op op, double limit,
                                  std::string scope = {}) {
  model::Objective o{.metric = std::move(metric),
                     .scope = std::move(scope),
                     .op = op,
                     .limit = limit,
                     .text = {},
                     .place = {}};
  o.text = o.metric + " objective";
  return o;
}

template <class Write>
std::string written(Write&& write) {
  std::ostringstream out;
  write(out);
  return out.str();
}

}  // namespace spillway::reports
