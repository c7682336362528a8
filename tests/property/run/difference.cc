#include "tests/property/run/difference.h"

#include <bit>
#include <cmath>
#include <initializer_list>
#include <tuple>
#include <utility>

namespace spillway::model::build {
namespace {

bool same(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) ||
         std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

template <class Struct>
std::string first_of(const Struct& a, const Struct& b,
                     std::initializer_list<std::pair<const char*, double Struct::*>> members) {
  for (const auto& [name, member] : members)
    if (!same(a.*member, b.*member))
      return std::string(name) + " " + std::to_string(a.*member) + " / " +
             std::to_string(b.*member);
  return "";
}

}  // namespace

std::string difference(const ScopeResult& a, const ScopeResult& b, bool recovery) {
  if (a.tally != b.tally) return "tally";
  if (!(a.latency_success == b.latency_success)) return "latency_success";
  if (!(a.latency_failure == b.latency_failure)) return "latency_failure";
  if (!(a.queue_time == b.queue_time)) return "queue_time";
  const std::string numbers =
      first_of<ScopeResult>(a, b,
                            {{"utilization", &ScopeResult::utilization},
                             {"queue_length", &ScopeResult::queue_length},
                             {"in_flight", &ScopeResult::in_flight},
                             {"busy_seconds", &ScopeResult::busy_seconds},
                             {"wasted_seconds", &ScopeResult::wasted_seconds}});
  if (!numbers.empty() || !recovery) return numbers;
  return first_of<ScopeResult>(
      a, b, {{"recovery_ms", &ScopeResult::recovery_ms}, {"collapsed", &ScopeResult::collapsed}});
}

std::string difference(const std::vector<IntervalRow>& a, const std::vector<IntervalRow>& b) {
  if (a.size() != b.size()) return "number of intervals";
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::string found =
        first_of<IntervalRow>(a[i], b[i],
                              {{"requests_per_s", &IntervalRow::requests_per_s},
                               {"attempts_per_s", &IntervalRow::attempts_per_s},
                               {"retries_per_s", &IntervalRow::retries_per_s},
                               {"success_rate", &IntervalRow::success_rate},
                               {"goodput_per_s", &IntervalRow::goodput_per_s},
                               {"latency_p50_ms", &IntervalRow::latency_p50_ms},
                               {"latency_p90_ms", &IntervalRow::latency_p90_ms},
                               {"latency_p99_ms", &IntervalRow::latency_p99_ms},
                               {"amplification", &IntervalRow::amplification},
                               {"queue_length", &IntervalRow::queue_length},
                               {"utilization", &IntervalRow::utilization},
                               {"budget_balance", &IntervalRow::budget_balance},
                               {"budget_denied_per_s", &IntervalRow::budget_denied_per_s}});
    if (!found.empty()) return "interval " + std::to_string(i) + ": " + found;
  }
  return "";
}

std::string difference(const ReplicationResult& a, const ReplicationResult& b) {
  if (a.scopes.size() != b.scopes.size()) return "number of scopes";
  for (std::size_t i = 0; i < a.scopes.size(); ++i) {
    std::string found = difference(a.scopes[i], b.scopes[i]);
    if (found.empty()) found = difference(a.series[i], b.series[i]);
    if (!found.empty()) return "scope " + std::to_string(i) + ": " + found;
  }
  if (a.outcomes.size() != b.outcomes.size()) return "number of outcomes";
  for (std::size_t i = 0; i < a.outcomes.size(); ++i) {
    const OutcomeCount& x = a.outcomes[i];
    const OutcomeCount& y = b.outcomes[i];
    if (std::tie(x.scope, x.status, x.flags, x.count) !=
        std::tie(y.scope, y.status, y.flags, y.count))
      return "outcome " + std::to_string(i);
  }
  if (a.events != b.events) return "events";
  return a.requests == b.requests ? "" : "requests";
}

}  // namespace spillway::model::build
