#include "reports/upgrade.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>

#include "reports/number.h"
#include "reports/text.h"
#include "sim/statistics.h"

namespace spillway::reports {
namespace {

using Change = model::UpgradeReport::Change;

constexpr std::array<std::string_view, 7> kWatched{"success_rate",  "latency_p50", "latency_p99",
                                                   "amplification", "retries",     "timeouts",
                                                   "goodput"};

/// Differences of the replications that both runs have measured.
sim::Interval paired(const ScopeSummary& before, const ScopeSummary& after, std::size_t metric) {
  std::vector<double> differences;
  const std::size_t n = std::min(before.replications.size(), after.replications.size());
  for (std::size_t r = 0; r < n; ++r)
    differences.push_back(after.replications[r][metric] - before.replications[r][metric]);
  return sim::student_interval(differences, kConfidence);
}

bool is_other(const sim::Interval& difference) { return difference.low > 0 || difference.high < 0; }

/// Changes with one reason that are about the same objects.
struct Group {
  std::vector<const Change*> fields;   ///< of the first object
  std::vector<const Change*> objects;  ///< of the first field
};

bool is_same_field(const Change& a, const Change& b) {
  return a.field == b.field && a.before == b.before && a.after == b.after && a.why == b.why;
}

bool is_same_object(const Change& a, const Change& b) {
  return a.object == b.object && a.proxies == b.proxies && a.place == b.place;
}

std::vector<Group> groups_of(const model::UpgradeReport& report) {
  std::vector<Group> fields;
  for (const Change& change : report.changes) {
    const auto same = std::ranges::find_if(
        fields, [&](const Group& group) { return is_same_field(*group.fields.front(), change); });
    if (same == fields.end())
      fields.push_back({{&change}, {&change}});
    else
      same->objects.push_back(&change);
  }
  std::vector<Group> groups;
  for (Group& field : fields) {
    const auto same = std::ranges::find_if(groups, [&](const Group& group) {
      return group.fields.front()->why == field.fields.front()->why &&
             std::ranges::equal(group.objects, field.objects, [](const Change* a, const Change* b) {
               return is_same_object(*a, *b);
             });
    });
    if (same == groups.end())
      groups.push_back(std::move(field));
    else
      same->fields.push_back(field.fields.front());
  }
  return groups;
}

std::string reason(const Change& change) {
  if (change.why.empty()) return "several changes together";
  return fmt::format("{} ({}; {})", change.why, change.source, to_string(change.evidence));
}

std::string proxies_text(const Change& change) {
  return change.proxies.empty() ? "" : fmt::format(", at {}", fmt::join(change.proxies, ", "));
}

std::string title(const model::UpgradeReport& report) {
  const std::size_t n = report.changes.size();
  return fmt::format("{} {} to {}{}: {}", report.profile, report.from, report.to,
                     report.scenario.empty() ? "" : ", scenario " + report.scenario,
                     n == 0   ? "nothing changes for these manifests"
                     : n == 1 ? "1 change"
                              : fmt::format("{} changes", n));
}

std::string value_text(double value, Unit unit, double half_width = 0) {
  const double scale = unit == Unit::share ? 100 : 1;
  const std::string text = rounded(value * scale, half_width * scale);
  return unit == Unit::share ? text + " %" : unit == Unit::ms ? text + " ms" : text;
}

std::string interval_text(const sim::Interval& interval, Unit unit) {
  const double half = (interval.high - interval.low) / 2;
  return fmt::format("{} [{}, {}]", value_text(interval.mean, unit, half),
                     value_text(interval.low, unit, half), value_text(interval.high, unit, half));
}

std::string metric_text(const MovedMetric& moved) {
  return fmt::format("{} {} {}: {} -> {}, difference {}", model::to_string(moved.scope.kind),
                     moved.scope.name, moved.metric->name,
                     value_text(moved.before.mean, moved.metric->unit),
                     value_text(moved.after.mean, moved.metric->unit),
                     interval_text(moved.difference, moved.metric->unit));
}

std::string verdict_text(const MovedVerdict& moved) {
  return fmt::format("{}: {} -> {} ({} -> {})", moved.objective, to_string(moved.before),
                     to_string(moved.after), value_text(moved.observed_before.mean, moved.unit),
                     value_text(moved.observed_after.mean, moved.unit));
}

std::vector<std::string> outcome_lines(const UpgradeOutcome& outcome) {
  if (!outcome.not_run.empty()) return {"the scenario was not run: " + outcome.not_run};
  std::vector<std::string> lines;
  for (const MovedMetric& moved : outcome.metrics) lines.push_back(metric_text(moved));
  if (lines.empty()) lines.emplace_back("no metric moves");
  for (const MovedVerdict& moved : outcome.objectives) lines.push_back(verdict_text(moved));
  return lines;
}

std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

void write_group(std::ostream& out, const Group& group) {
  out << '\n';
  for (const Change* field : group.fields)
    out << fmt::format("{}: {} -> {}\n", field->field, field->before, field->after);
  out << "    " << reason(*group.fields.front()) << '\n';
  for (const Change* object : group.objects) {
    const std::string place = object->place.text();
    out << fmt::format("  {}{}{}\n", place.empty() ? "" : place + ": ", object->object,
                       proxies_text(*object));
  }
}

void write_markdown(std::ostream& out, const UpgradeResult& result) {
  out << "### " << title(result.report) << '\n';
  if (!result.report.changes.empty())
    out << "\n| object | place | field | before | after | why | evidence |\n"
           "|---|---|---|---|---|---|---|\n";
  for (const Change& c : result.report.changes) {
    const std::string place = c.place.text();
    out << fmt::format(
        "| {} | {} | `{}` | {} | {} | {} | {} |\n", cell(c.object),
        place.empty() ? "" : fmt::format("`{}`", cell(place)), cell(c.field), cell(c.before),
        cell(c.after),
        cell(c.why.empty() ? "several changes together" : fmt::format("{} ({})", c.why, c.source)),
        to_string(c.evidence));
  }
  if (!result.outcome) return;
  out << '\n';
  for (const std::string& line : outcome_lines(*result.outcome)) out << "- " << cell(line) << '\n';
}

}  // namespace

UpgradeOutcome compare_outcomes(const Summary& before, const Summary& after) {
  UpgradeOutcome outcome;
  for (const ScopeSummary& now : after.scopes) {
    if (now.scope.kind != model::ScopeKind::traffic && now.scope.kind != model::ScopeKind::service)
      continue;
    const auto old = std::ranges::find_if(before.scopes, [&](const ScopeSummary& s) {
      return s.scope.kind == now.scope.kind && s.scope.name == now.scope.name;
    });
    if (old == before.scopes.end()) continue;
    for (const std::string_view name : kWatched) {
      const Metric* metric = find_metric(name);
      const sim::Interval *a = old->find(name), *b = now.find(name);
      if (!metric || !a || !b) continue;
      const sim::Interval difference =
          paired(*old, now, static_cast<std::size_t>(metric - metrics().data()));
      if (is_other(difference)) outcome.metrics.push_back({now.scope, metric, *a, *b, difference});
    }
  }
  const std::size_t n = std::min(before.objectives.size(), after.objectives.size());
  for (std::size_t i = 0; i < n; ++i) {
    const ObjectiveResult &a = before.objectives[i], &b = after.objectives[i];
    outcome.objectives.push_back(
        {b.objective.text, b.unit, a.verdict, b.verdict, a.observed, b.observed});
  }
  return outcome;
}

void write_upgrade_text(std::ostream& out, std::span<const UpgradeResult> results, bool color) {
  bool first = true;
  for (const UpgradeResult& result : results) {
    if (!first) out << '\n';
    first = false;
    out << colored(title(result.report), Color::bold, color) << '\n';
    for (const Group& group : groups_of(result.report)) write_group(out, group);
    if (result.outcome) {
      out << '\n';
      for (const std::string& line : outcome_lines(*result.outcome)) out << line << '\n';
    }
    if (result.report.assumptions.empty()) continue;
    out << "\nassumed\n";
    for (const model::Assumption& each : result.report.assumptions)
      out << fmt::format("  {} {}: {}\n", each.name, each.value, each.why);
  }
}

void write_upgrade_markdown(std::ostream& out, std::span<const UpgradeResult> results) {
  bool first = true;
  for (const UpgradeResult& result : results) {
    if (!first) out << '\n';
    first = false;
    write_markdown(out, result);
  }
}

}  // namespace spillway::reports
