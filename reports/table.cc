#include "reports/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <ostream>

#include "reports/number.h"
#include "reports/objectives.h"
#include "reports/text.h"

namespace spillway::reports {
namespace {

using model::ScopeKind;

constexpr std::size_t kRows = 20;

struct Column {
  std::string_view title;
  std::string_view metric;
  bool hide_zero = false;  ///< left out when it is 0 everywhere
};

struct Section {
  ScopeKind kind;
  std::string_view title;
  std::string_view plural;
  std::vector<Column> columns;
};

const std::vector<Section>& sections() {
  static const std::vector<Section> all{
      {ScopeKind::traffic,
       "traffic",
       "traffic sources",
       {{"success %", "success_rate"},
        {"goodput/s", "goodput"},
        {"p50 ms", "latency_p50"},
        {"p99 ms", "latency_p99"},
        {"amplification", "amplification"},
        {"recovery ms", "recovery_time"},
        {"collapsed %", "collapsed"}}},
      {ScopeKind::service,
       "service",
       "services",
       {{"attempts", "attempts"},
        {"success %", "success_rate"},
        {"busy %", "utilization"},
        {"queue p99 ms", "queue_time_p99"},
        {"wasted %", "wasted_work", true},
        {"amplification", "amplification"}}},
      {ScopeKind::edge,
       "edge",
       "edges",
       {{"attempts", "attempts"},
        {"success %", "success_rate"},
        {"p99 ms", "latency_p99"},
        {"timeouts", "timeouts", true},
        {"amplification", "amplification"}}},
      {ScopeKind::rule,
       "rule",
       "rules",
       {{"requests", "requests"},
        {"retries", "retries"},
        {"success %", "success_rate"},
        {"timeouts", "timeouts", true},
        {"denied", "budget_denied", true},
        {"amplification", "amplification"}}},
      {ScopeKind::proxy,
       "proxy",
       "proxies",
       {{"requests", "requests"},
        {"retries", "retries"},
        {"success %", "success_rate"},
        {"denied", "budget_denied", true},
        {"rejected", "rejections", true},
        {"amplification", "amplification"}}},
  };
  return all;
}

double scale(Unit unit) { return unit == Unit::share ? 100 : 1; }

std::string_view suffix(Unit unit) {
  switch (unit) {
    case Unit::share:
      return " %";
    case Unit::ms:
      return " ms";
    case Unit::per_second:
      return "/s";
    case Unit::count:
    case Unit::ratio:
      return "";
  }
  return "";
}

bool has_interval(const sim::Interval& i) { return !std::isnan(i.low) && !std::isnan(i.high); }

std::string brackets(const sim::Interval& i, double by) {
  const double half = (i.high - i.low) / 2 * by;
  return fmt::format("[{}, {}]", rounded(i.low * by, half), rounded(i.high * by, half));
}

std::string cell(const sim::Interval* interval, double by) {
  if (!interval) return "-";
  if (!has_interval(*interval)) return rounded(interval->mean * by, 0);
  const double half = (interval->high - interval->low) / 2;
  const std::string mean = rounded(interval->mean * by, half * by);
  const double skew = interval->high + interval->low - 2 * interval->mean;
  if (std::fabs(skew) > 0.02 * half) return mean + " " + brackets(*interval, by);
  return fmt::format("{} ±{}", mean, rounded_half_width(half * by));
}

std::vector<const ScopeSummary*> of_kind(const Summary& summary, ScopeKind kind) {
  std::vector<const ScopeSummary*> scopes;
  for (const ScopeSummary& scope : summary.scopes)
    if (scope.scope.kind == kind) scopes.push_back(&scope);
  return scopes;
}

bool shown(const Column& column, const std::vector<const ScopeSummary*>& scopes) {
  return std::ranges::any_of(scopes, [&](const ScopeSummary* scope) {
    const sim::Interval* interval = scope->find(column.metric);
    return interval && (!column.hide_zero || interval->mean != 0);
  });
}

void write_section(std::ostream& out, const Summary& summary, const Section& section,
                   const TableOptions& options) {
  const auto scopes = of_kind(summary, section.kind);
  if (scopes.empty()) return;
  std::vector<Column> columns;
  for (const Column& column : section.columns)
    if (shown(column, scopes)) columns.push_back(column);
  std::vector<std::vector<std::string>> rows(1, {std::string(section.title)});
  for (const Column& column : columns) rows.front().emplace_back(column.title);
  const std::size_t count = options.verbose ? scopes.size() : std::min(scopes.size(), kRows);
  for (std::size_t i = 0; i < count; ++i) {
    auto& row = rows.emplace_back(1, scopes[i]->scope.name);
    for (const Column& column : columns)
      row.push_back(cell(scopes[i]->find(column.metric), scale(find_metric(column.metric)->unit)));
  }
  std::string text = align(rows);
  const auto end = text.find('\n');
  out << '\n' << colored(text.substr(0, end), Color::bold, options.color) << text.substr(end);
  if (count < scopes.size())
    out << fmt::format("and {} more {} (--verbose shows all)\n", scopes.size() - count,
                       section.plural);
}

void write_objectives(std::ostream& out, const Summary& summary, const TableOptions& options) {
  if (summary.objectives.empty()) return;
  std::size_t width = 0;
  for (const ObjectiveResult& o : summary.objectives)
    width = std::max(width, display_width(o.objective.text));
  out << '\n' << colored("objectives", Color::bold, options.color) << '\n';
  for (const ObjectiveResult& o : summary.objectives) {
    const Color color = o.verdict == Verdict::pass   ? Color::green
                        : o.verdict == Verdict::fail ? Color::red
                                                     : Color::yellow;
    out << "  " << colored(pad_right(to_string(o.verdict), 12), color, options.color) << "  "
        << pad_right(o.objective.text, width) << "  observed " << observed_text(o) << '\n';
    if (!o.note.empty()) out << std::string(16, ' ') << o.note << '\n';
  }
}

void write_assumptions(std::ostream& out, const Summary& summary, const TableOptions& options) {
  if (summary.assumptions.empty()) return;
  out << '\n' << colored("assumptions", Color::bold, options.color) << '\n';
  std::vector<std::string> items;
  for (const model::Assumption& a : summary.assumptions) {
    if (options.verbose)
      out << fmt::format("  {} = {}: {}\n", a.name, a.value, a.why);
    else
      items.push_back(fmt::format("{} = {}", a.name, a.value));
  }
  out << wrap_list(items, options.width, 2);
}

void write_warnings(std::ostream& out, const Summary& summary, const TableOptions& options) {
  std::map<std::string, int> rules;
  for (const model::Diagnostic& d : summary.diagnostics)
    if (d.severity == model::Severity::warning) ++rules[d.rule];
  if (rules.empty()) return;
  out << '\n' << colored("warnings", Color::bold, options.color) << '\n';
  std::vector<std::string> items;
  for (const auto& [rule, count] : rules)
    items.push_back(count > 1 ? fmt::format("{} ({})", rule, count) : rule);
  out << wrap_list(items, options.width, 2);
}

}  // namespace

std::string observed_text(const ObjectiveResult& o) {
  if (o.observed.n == 0) return "nothing";
  if (std::isinf(o.observed.mean)) return "never";
  const double by = scale(o.unit);
  if (!has_interval(o.observed))
    return rounded(o.observed.mean * by, 0) + std::string(suffix(o.unit));
  const double half = (o.observed.high - o.observed.low) / 2 * by;
  return fmt::format("{}{} {}", rounded(o.observed.mean * by, half), suffix(o.unit),
                     brackets(o.observed, by));
}

std::string limit_text(const model::Objective& objective, Unit unit) {
  return fmt::format("{} {}{}", to_string(objective.op), rounded(objective.limit * scale(unit), 0),
                     suffix(unit));
}

void write_table(std::ostream& out, const Summary& summary, const TableOptions& options) {
  const model::RunSpec& run = summary.run;
  out << colored(summary.scenario, Color::bold, options.color)
      << fmt::format(": {} s, warm-up {} s; seed {}; profile {}; {}\n",
                     exact(seconds(run.duration)), exact(seconds(run.warmup)), run.seed,
                     summary.mesh.profile,
                     summary.replications == 1
                         ? "1 replication, so no intervals"
                         : fmt::format("{} replications, 95 % intervals", summary.replications));
  if (!summary.description.empty()) out << summary.description << '\n';
  for (const Section& section : sections())
    if (section.kind != ScopeKind::proxy || options.verbose)
      write_section(out, summary, section, options);
  write_objectives(out, summary, options);
  write_assumptions(out, summary, options);
  write_warnings(out, summary, options);
}

}  // namespace spillway::reports
