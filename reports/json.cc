#include "reports/json.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "reports/diagnostics.h"
#include "reports/number.h"
#include "reports/objectives.h"

namespace spillway::reports {
namespace {

using Json = nlohmann::ordered_json;

// Text of users may hold bytes that are no UTF-8: they become U+FFFD.
std::string dump(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json number(double value) { return value; }

Json estimate_json(const sim::Interval& interval) {
  return {{"mean", number(interval.mean)},
          {"ci_low", number(interval.low)},
          {"ci_high", number(interval.high)},
          {"replications", interval.n}};
}

Json scope_json(const model::Scope& scope) {
  return {{"scope_kind", to_string(scope.kind)}, {"scope", scope.name}};
}

Json merged(Json json, const Json& more) {
  json.update(more);
  return json;
}

// An array whose elements come one by one, each on a line of its own.
class Array {
 public:
  Array(std::ostream& out, std::string_view key) : out_(out) { out_ << "  \"" << key << "\": ["; }
  void add(const Json& element) { add_text(dump(element)); }
  void add_text(const std::string& element) {
    out_ << (first_ ? "\n    " : ",\n    ") << element;
    first_ = false;
  }
  void end(std::string_view after = ",") { out_ << (first_ ? "]" : "\n  ]") << after << '\n'; }

 private:
  std::ostream& out_;
  bool first_ = true;
};

void write_head(std::ostream& out, const Summary& s, std::string_view version) {
  const auto member = [&](const char* key, const Json& value) {
    out << "  \"" << key << "\": " << dump(value) << ",\n";
  };
  member("version", version);
  member("scenario", s.scenario);
  member("description", s.description);
  member("mesh",
         {{"profile", s.mesh.profile},
          {"version", s.mesh.version},
          {"channel", s.mesh.channel == model::Channel::standard ? "standard" : "experimental"}});
  member("run", {{"duration_s", seconds(s.run.duration)},
                 {"warmup_s", seconds(s.run.warmup)},
                 {"interval_s", seconds(s.run.interval)},
                 {"seed", s.run.seed},
                 {"replications", s.replications}});
  member("confidence", kConfidence);
}

void write_summary_rows(std::ostream& out, const Summary& summary) {
  Array rows(out, "summary");
  for (const ScopeSummary& scope : summary.scopes) {
    for (const MetricSummary& m : scope.metrics) {
      Json row = scope_json(scope.scope);
      row["metric"] = m.metric->name;
      row.update(estimate_json(m.estimate));
      row["unit"] = to_string(m.metric->unit);
      rows.add(row);
    }
  }
  rows.end();
}

void write_series(std::ostream& out, const Summary& summary) {
  Array scopes(out, "timeseries");
  for (const ScopeSummary& scope : summary.scopes) {
    Json columns = scope_json(scope.scope);
    Json& times = columns["time_s"] = Json::array();
    for (std::size_t i = 0; i < scope.series.size(); ++i)
      times.push_back(seconds(summary.run.interval * static_cast<std::int64_t>(i)));
    for (const SeriesColumn& column : series_columns()) {
      Json& values = columns[std::string(column.name)] = Json::array();
      for (const model::IntervalRow& row : scope.series)
        values.push_back(number(row.*column.member));
    }
    scopes.add(columns);
  }
  scopes.end();
}

void write_replications(std::ostream& out, const Summary& summary) {
  Array rows(out, "replications");
  for (const ScopeSummary& scope : summary.scopes) {
    for (std::size_t r = 0; r < scope.replications.size(); ++r) {
      Json row{{"replication", r}};
      row.update(scope_json(scope.scope));
      for (std::size_t m = 0; m < metrics().size(); ++m)
        if (metrics()[m].applies_to(scope.scope.kind))
          row[metrics()[m].column()] = number(scope.replications[r][m]);
      rows.add(row);
    }
  }
  rows.end();
}

void write_outcomes(std::ostream& out, const Summary& summary) {
  Array rows(out, "outcomes");
  for (const ScopeSummary& scope : summary.scopes)
    for (const OutcomeSummary& o : scope.outcomes)
      rows.add(merged(scope_json(scope.scope), {{"status", o.status},
                                                {"flags", o.flags},
                                                {"count", o.count},
                                                {"count_per_replication", o.per_replication}}));
  rows.end();
}

void write_objectives(std::ostream& out, const Summary& summary) {
  Array rows(out, "objectives");
  for (const ObjectiveResult& o : summary.objectives) {
    Json row{{"objective", o.objective.text},      {"metric", o.objective.metric},
             {"scope", o.objective.scope},         {"op", to_string(o.objective.op)},
             {"limit", number(o.objective.limit)}, {"unit", to_string(o.unit)},
             {"verdict", to_string(o.verdict)},    {"passed", o.verdict == Verdict::pass}};
    row.update(estimate_json(o.observed));
    row["note"] = o.note;
    rows.add(row);
  }
  rows.end();
}

}  // namespace

void write_summary_json(std::ostream& out, const Summary& summary, std::string_view version) {
  out << "{\n";
  write_head(out, summary, version);
  write_summary_rows(out, summary);
  write_series(out, summary);
  write_replications(out, summary);
  write_outcomes(out, summary);
  write_objectives(out, summary);
  Array diagnostics(out, "diagnostics");
  for (const auto& d : summary.diagnostics) diagnostics.add_text(diagnostic_json(d));
  diagnostics.end();
  Array assumptions(out, "assumptions");
  for (const auto& a : summary.assumptions)
    assumptions.add({{"name", a.name}, {"value", a.value}, {"why", a.why}});
  assumptions.end("");
  out << "}\n";
}

void write_summaries_json(std::ostream& out, std::span<const Summary* const> summaries,
                          std::string_view version) {
  out << "[\n";
  bool first = true;
  for (const Summary* summary : summaries) {
    if (!first) out << ",\n";
    first = false;
    write_summary_json(out, *summary, version);
  }
  out << "]\n";
}

RunRecord record_of(const model::ExperimentResult& result) {
  RunRecord record{.version = {},
                   .command_line = {},
                   .scenario = result.scenario,
                   .seed = result.run.seed,
                   .replications = static_cast<std::uint32_t>(result.replications.size()),
                   .threads = result.threads,
                   .wall_seconds = result.wall_seconds};
  for (const auto& replication : result.replications) {
    record.events += replication.events;
    record.requests += replication.requests;
  }
  return record;
}

void write_run_json(std::ostream& out, const RunRecord& r) {
  const auto per_second = [&](std::uint64_t n) {
    return r.wall_seconds > 0 ? static_cast<double>(n) / r.wall_seconds : model::kNotMeasured;
  };
  const Json json{{"version", r.version},
                  {"command_line", r.command_line},
                  {"scenario", r.scenario},
                  {"seed", r.seed},
                  {"replications", r.replications},
                  {"threads", r.threads},
                  {"wall_time_s", r.wall_seconds},
                  {"events", r.events},
                  {"requests", r.requests},
                  {"events_per_s", per_second(r.events)},
                  {"requests_per_s", per_second(r.requests)},
                  {"peak_memory_bytes", r.peak_memory}};
  out << dump(json, 2) << '\n';
}

}  // namespace spillway::reports
