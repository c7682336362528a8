#include "model/run/recovery.h"

#include <algorithm>
#include <cmath>

namespace spillway::model {
namespace {

constexpr double kPoint = 0.01;

double rate_before(const std::vector<IntervalRow>& series, std::size_t from, std::size_t to) {
  double finished = 0, successes = 0;
  for (std::size_t i = from; i < std::min(to, series.size()); ++i) {
    if (std::isnan(series[i].success_rate) || series[i].success_rate <= 0) continue;
    successes += series[i].goodput_per_s;
    finished += series[i].goodput_per_s / series[i].success_rate;
  }
  return finished > 0 ? successes / finished : 1;
}

}  // namespace

void find_recovery(const Mesh& mesh, const std::vector<FaultEdge>& timeline,
                   ReplicationResult& result) {
  const RunSpec& run = mesh.spec.scenario.run;
  const sim::Time end = last_fault_end(timeline, run.duration);
  if (end == sim::kNever || end.ns >= run.duration.ns) return;
  const sim::Time start = first_fault_start(timeline);
  const auto interval_at = [&](std::int64_t ns) {
    return static_cast<std::size_t>(ns / run.interval.ns);
  };
  const std::size_t warm = interval_at(run.warmup.ns + run.interval.ns - 1);
  const std::size_t first = interval_at(end.ns + run.interval.ns - 1);
  if (first >= result.series.front().size()) return;
  for (const CompiledTraffic& traffic : mesh.traffic) {
    const std::vector<IntervalRow>& series = result.series[traffic.scope];
    const double before = rate_before(series, warm, interval_at(start.ns));
    std::size_t recovered = series.size();  // the first interval of the good ones at the end
    while (recovered > first && !(series[recovered - 1].success_rate < before - kPoint))
      --recovered;
    ScopeResult& scope = result.scopes[traffic.scope];
    scope.collapsed = recovered == series.size() ? 1 : 0;
    if (recovered < series.size())
      scope.recovery_ms = std::max(
          0.0,
          static_cast<double>(static_cast<std::int64_t>(recovered) * run.interval.ns - end.ns) *
              1e-6);
  }
}

}  // namespace spillway::model
