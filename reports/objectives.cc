#include "reports/objectives.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/number.h"

namespace spillway::reports {
namespace {

using model::Objective;
using model::ScopeKind;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// `collapse_probability` is how an objective names the metric `collapsed`.
std::string_view metric_name(const Objective& objective) {
  return objective.metric == "collapse_probability" ? "collapsed"
                                                    : std::string_view(objective.metric);
}

bool in_scope(const Objective& objective, const model::Scope& scope) {
  return objective.scope.empty() ? scope.kind == ScopeKind::traffic : scope.name == objective.scope;
}

// The value of every replication; NaN where nothing was measured.
std::vector<double> samples(const Objective& objective, const Metric& metric,
                            const model::ExperimentResult& result) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < result.scopes.size(); ++i)
    if (in_scope(objective, result.scopes[i]) && metric.applies_to(result.scopes[i].kind))
      chosen.push_back(i);
  if (!objective.scope.empty() && chosen.size() > 1) chosen.erase(chosen.begin() + 1, chosen.end());
  std::vector<double> values;
  if (chosen.empty()) return values;
  for (const auto& replication : result.replications) {
    std::vector<const model::ScopeResult*> parts;
    for (const std::size_t i : chosen) parts.push_back(&replication.scopes[i]);
    const model::ScopeResult whole = combine(parts);
    const bool never = metric.name == "recovery_time" && whole.collapsed == 1;
    const model::ScopeResult& measured = parts.size() == 1 ? *parts.front() : whole;
    const Sample sample(measured, result.scopes[chosen.front()].kind, result.run);
    values.push_back(never ? kInfinity : metric.value(sample));
  }
  return values;
}

bool holds(Objective::Op op, double value, double limit) {
  switch (op) {
    case Objective::Op::less:
      return value < limit;
    case Objective::Op::less_equal:
      return value <= limit;
    case Objective::Op::greater:
      return value > limit;
    case Objective::Op::greater_equal:
      return value >= limit;
  }
  return false;
}

Verdict judge(const Objective& objective, const sim::Interval& observed) {
  const bool low = holds(objective.op, observed.low, objective.limit);
  const bool high = holds(objective.op, observed.high, objective.limit);
  if (low != high) return Verdict::inconclusive;
  return low ? Verdict::pass : Verdict::fail;
}

// Replications after which the interval would just clear the limit: its width falls as 1/sqrt(n).
std::string hint(const sim::Interval& observed, double limit) {
  const double distance = std::fabs(observed.mean - limit);
  const double half = (observed.high - observed.low) / 2;
  const double needed = static_cast<double>(observed.n) * (half / distance) * (half / distance);
  if (!(needed < 10'000)) return "the interval straddles the limit: raise --replications";
  return fmt::format("the interval straddles the limit: raise --replications (to about {})",
                     static_cast<int>(std::ceil(needed)) + 1);
}

void judge_recovery(ObjectiveResult& result, std::span<const double> values) {
  const auto never = std::ranges::count(values, kInfinity);
  result.observed = {kInfinity, kInfinity, kInfinity, values.size()};
  result.verdict = judge(result.objective, result.observed);
  result.note = fmt::format("{} of {} replications never recovered", never, values.size());
}

model::Diagnostic problem(const Objective& objective, std::string message, std::string hint = {}) {
  return {model::Severity::error, objective.place, std::move(message), "objective",
          std::move(hint)};
}

std::string names_of_metrics() {
  std::string names;
  for (const Metric& metric : metrics()) names += fmt::format("{}, ", metric.name);
  return names + "collapse_probability";
}

}  // namespace

std::string_view to_string(Objective::Op op) {
  switch (op) {
    case Objective::Op::less:
      return "<";
    case Objective::Op::less_equal:
      return "<=";
    case Objective::Op::greater:
      return ">";
    case Objective::Op::greater_equal:
      return ">=";
  }
  return "";
}

model::Diagnostics check_objectives(const std::vector<Objective>& objectives,
                                    std::span<const model::Scope> scopes, bool has_faults) {
  model::Diagnostics problems;
  for (const Objective& objective : objectives) {
    const Metric* metric = find_metric(metric_name(objective));
    const auto scope =
        std::ranges::find_if(scopes, [&](const model::Scope& s) { return in_scope(objective, s); });
    if (!metric) {
      problems.push_back(problem(objective, fmt::format("unknown metric \"{}\"", objective.metric),
                                 "one of " + names_of_metrics()));
    } else if (scope == scopes.end()) {
      problems.push_back(problem(
          objective, fmt::format("no traffic or service is called \"{}\"", objective.scope)));
    } else if (!metric->applies_to(scope->kind)) {
      problems.push_back(problem(
          objective,
          fmt::format("{} is not measured for {}{}", objective.metric,
                      objective.scope.empty() ? "all traffic together" : "the ",
                      objective.scope.empty()
                          ? ""
                          : fmt::format("{} {}", model::to_string(scope->kind), scope->name)),
          metric->applies_to(ScopeKind::service) && objective.scope.empty()
              ? fmt::format("name a service: {}@service.namespace", objective.metric)
              : ""));
    } else if (!has_faults && (metric->name == "recovery_time" || metric->name == "collapsed")) {
      problems.push_back(problem(
          objective,
          fmt::format("{} needs a fault to recover from, and there is none", objective.metric)));
    }
  }
  return problems;
}

ObjectiveResult evaluate(const Objective& objective, const model::ExperimentResult& experiment) {
  ObjectiveResult result{.objective = objective, .observed = {}, .note = {}};
  const Metric* metric = find_metric(metric_name(objective));
  const std::vector<double> values =
      metric ? samples(objective, *metric, experiment) : std::vector<double>{};
  if (metric) result.unit = metric->unit;
  if (std::ranges::count(values, kInfinity) > 0) {
    judge_recovery(result, values);
    return result;
  }
  if (metric) result.observed = estimate(*metric, values);
  if (result.observed.n == 0) {
    result.note = "nothing was measured";
  } else if (result.observed.n == 1 && metric->name != "collapsed") {
    result.verdict =
        holds(objective.op, result.observed.mean, objective.limit) ? Verdict::pass : Verdict::fail;
    result.note = "judged by one replication, without an interval";
  } else {
    result.verdict = judge(objective, result.observed);
    if (result.verdict == Verdict::inconclusive)
      result.note = hint(result.observed, objective.limit);
  }
  return result;
}

}  // namespace spillway::reports
