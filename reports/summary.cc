#include "reports/summary.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "reports/objectives.h"

namespace spillway::reports {
namespace {

using model::ExperimentResult;

std::vector<double> measure(const model::ScopeResult& result, model::ScopeKind kind,
                            const model::RunSpec& run) {
  const Sample sample(result, kind, run);
  std::vector<double> values;
  values.reserve(metrics().size());
  for (const Metric& metric : metrics())
    values.push_back(metric.applies_to(kind) ? metric.value(sample) : model::kNotMeasured);
  return values;
}

std::vector<MetricSummary> estimates(const std::vector<std::vector<double>>& replications) {
  std::vector<MetricSummary> rows;
  std::vector<double> column(replications.size());
  for (std::size_t m = 0; m < metrics().size(); ++m) {
    for (std::size_t r = 0; r < replications.size(); ++r) column[r] = replications[r][m];
    const sim::Interval interval = estimate(metrics()[m], column);
    if (interval.n > 0) rows.push_back({&metrics()[m], interval});
  }
  return rows;
}

double mean_of_measured(std::span<const double> values) {
  sim::Welford moments;
  for (const double v : values)
    if (!std::isnan(v)) moments.add(v);
  return moments.mean();
}

std::vector<model::IntervalRow> average_series(const ExperimentResult& result, std::size_t scope) {
  std::vector<model::IntervalRow> rows;
  for (const auto& replication : result.replications)
    rows.resize(std::max(rows.size(), replication.series[scope].size()));
  std::vector<double> values;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const SeriesColumn& column : series_columns()) {
      values.clear();
      for (const auto& replication : result.replications)
        if (i < replication.series[scope].size())
          values.push_back(replication.series[scope][i].*column.member);
      rows[i].*column.member = mean_of_measured(values);
    }
  }
  return rows;
}

// Every scope's outcomes, each ordered by status, then flags.
std::vector<std::vector<OutcomeSummary>> sum_outcomes(const ExperimentResult& result) {
  std::vector<std::map<std::pair<int, std::string>, std::uint64_t>> counts(result.scopes.size());
  for (const auto& replication : result.replications)
    for (const auto& outcome : replication.outcomes)
      counts[outcome.scope][{outcome.status, outcome.flags}] += outcome.count;
  std::vector<std::vector<OutcomeSummary>> outcomes(counts.size());
  const auto n = static_cast<double>(result.replications.size());
  for (std::size_t scope = 0; scope < counts.size(); ++scope)
    for (const auto& [key, count] : counts[scope])
      outcomes[scope].push_back({key.first, key.second, count, static_cast<double>(count) / n});
  return outcomes;
}

}  // namespace

const sim::Interval* ScopeSummary::find(std::string_view name) const {
  const auto found =
      std::ranges::find(metrics, name, [](const MetricSummary& m) { return m.metric->name; });
  return found == metrics.end() ? nullptr : &found->estimate;
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::inconclusive:
      return "inconclusive";
  }
  return "";
}

bool Summary::objectives_met() const {
  return std::ranges::all_of(objectives,
                             [](const ObjectiveResult& o) { return o.verdict == Verdict::pass; });
}

sim::Interval estimate(const Metric& metric, std::span<const double> samples) {
  if (metric.name == "collapsed") {
    const auto measured = std::ranges::count_if(samples, [](double v) { return !std::isnan(v); });
    return sim::wilson_interval(static_cast<std::uint64_t>(std::ranges::count(samples, 1.0)),
                                static_cast<std::uint64_t>(measured), kConfidence);
  }
  sim::Interval interval = sim::student_interval(samples, kConfidence);
  if (metric.unit == Unit::share && interval.n > 1) {
    interval.low = std::clamp(interval.low, 0.0, 1.0);
    interval.high = std::clamp(interval.high, 0.0, 1.0);
  }
  return interval;
}

Summary summarize(const ExperimentResult& result) {
  Summary summary{.scenario = result.scenario,
                  .description = result.description,
                  .mesh = result.mesh,
                  .run = result.run,
                  .replications = static_cast<std::uint32_t>(result.replications.size()),
                  .complete = result.complete,
                  .scopes = {},
                  .objectives = {},
                  .assumptions = result.assumptions,
                  .diagnostics = result.diagnostics};
  auto outcomes = sum_outcomes(result);
  for (std::size_t i = 0; i < result.scopes.size(); ++i) {
    ScopeSummary& scope = summary.scopes.emplace_back();
    scope.scope = result.scopes[i];
    for (const auto& replication : result.replications)
      scope.replications.push_back(
          measure(replication.scopes[i], result.scopes[i].kind, result.run));
    scope.metrics = estimates(scope.replications);
    scope.series = average_series(result, i);
    scope.outcomes = std::move(outcomes[i]);
  }
  for (const model::Objective& objective : result.objectives)
    summary.objectives.push_back(evaluate(objective, result));
  return summary;
}

}  // namespace spillway::reports
