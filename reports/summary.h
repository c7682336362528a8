// What a run says, over its replications: an estimate with its interval for every metric of every
// scope, averaged series, outcomes and the objectives' verdicts. Plain values and pure functions;
// any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/run/result.h"
#include "reports/metrics.h"
#include "sim/statistics.h"

namespace spillway::reports {

inline constexpr double kConfidence = 0.95;

/// One metric of one scope. Student's interval over the replications that measured it (shares are
/// clipped to 0..1); Wilson's for `collapsed`. `low` and `high` are NaN with one replication.
struct MetricSummary {
  const Metric* metric;
  sim::Interval estimate;
};

/// Requests of one scope that ended alike, over all replications.
struct OutcomeSummary {
  int status = 0;              ///< 0 with the flag "unfinished": never ended
  std::string flags;           ///< Envoy's response flags, comma separated, "-" for none
  std::uint64_t count = 0;     ///< sum over the replications
  double per_replication = 0;  ///< the mean
};

struct ScopeSummary {
  model::Scope scope;
  std::vector<MetricSummary> metrics;  ///< the measured ones, in the order of metrics()
  std::vector<std::vector<double>>
      replications;                        ///< [replication][index in metrics()]; NaN: absent
  std::vector<model::IntervalRow> series;  ///< means over the replications that measured
  std::vector<OutcomeSummary> outcomes;    ///< by status, then flags

  /// nullptr when the metric was not measured.
  const sim::Interval* find(std::string_view metric) const;
};

/// inconclusive: the interval straddles the limit, or nothing was measured; counts as missed.
enum class Verdict : std::uint8_t { pass, fail, inconclusive };
std::string_view to_string(Verdict verdict);

struct ObjectiveResult {
  model::Objective objective;
  Verdict verdict = Verdict::inconclusive;
  sim::Interval observed;
  Unit unit = Unit::ratio;
  std::string note;  ///< why it is not plain: a clause, or empty
};

struct Summary {
  std::string scenario;
  std::string description;
  model::MeshSpec mesh;
  model::RunSpec run;
  std::uint32_t replications = 0;  ///< finished
  bool complete = true;
  std::vector<ScopeSummary> scopes;
  std::vector<ObjectiveResult> objectives;
  std::vector<model::Assumption> assumptions;
  model::Diagnostics diagnostics;

  bool objectives_met() const;
};

Summary summarize(const model::ExperimentResult& result);

/// The estimate that a sample over replications gives for `metric` (NaN = not measured there).
sim::Interval estimate(const Metric& metric, std::span<const double> samples);

}  // namespace spillway::reports
