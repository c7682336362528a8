#include "reports/csv.h"

#include <initializer_list>
#include <ostream>

#include "reports/number.h"

namespace spillway::reports {
namespace {

// One line at a time, so that a file of any length needs the memory of a line.
class Row {
 public:
  explicit Row(std::ostream& out) : out_(out) {}
  ~Row() {
    line_ += '\n';
    out_.write(line_.data(), static_cast<std::streamsize>(line_.size()));
  }
  Row(const Row&) = delete;
  Row& operator=(const Row&) = delete;

  Row& operator<<(std::string_view text) { return raw(csv_field(text)); }
  Row& operator<<(double value) { return raw(exact(value)); }
  Row& operator<<(std::uint64_t value) { return raw(std::to_string(value)); }
  Row& operator<<(int value) { return raw(std::to_string(value)); }
  Row& operator<<(const model::Scope& scope) {
    return *this << to_string(scope.kind) << scope.name;
  }

 private:
  Row& raw(const std::string& field) {
    if (!first_) line_ += ',';
    first_ = false;
    line_ += field;
    return *this;
  }

  std::ostream& out_;
  std::string line_;
  bool first_ = true;
};

void add_estimate(Row& row, const model::Scope& scope, const MetricSummary& m) {
  row << scope << m.metric->name << m.estimate.mean << m.estimate.low << m.estimate.high
      << std::uint64_t{m.estimate.n} << to_string(m.metric->unit);
}

constexpr std::string_view kEstimateColumns =
    "scope_kind,scope,metric,mean,ci_low,ci_high,replications,unit\n";

}  // namespace

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

void write_summary_csv(std::ostream& out, const Summary& summary) {
  out << kEstimateColumns;
  for (const ScopeSummary& scope : summary.scopes) {
    for (const MetricSummary& metric : scope.metrics) {
      Row row(out);
      add_estimate(row, scope.scope, metric);
    }
  }
}

void write_timeseries_csv(std::ostream& out, const Summary& summary) {
  {
    Row header(out);
    header << "time_s"
           << "scope_kind"
           << "scope";
    for (const SeriesColumn& column : series_columns()) header << column.name;
  }
  for (const ScopeSummary& scope : summary.scopes) {
    for (std::size_t i = 0; i < scope.series.size(); ++i) {
      Row row(out);
      row << seconds(summary.run.interval * static_cast<std::int64_t>(i)) << scope.scope;
      for (const SeriesColumn& column : series_columns()) row << scope.series[i].*column.member;
    }
  }
}

void write_replications_csv(std::ostream& out, const Summary& summary) {
  {
    Row header(out);
    header << "replication"
           << "scope_kind"
           << "scope";
    for (const Metric& metric : metrics()) header << metric.column();
  }
  for (const ScopeSummary& scope : summary.scopes) {
    for (std::size_t r = 0; r < scope.replications.size(); ++r) {
      Row row(out);
      row << std::uint64_t{r} << scope.scope;
      for (const double value : scope.replications[r]) row << value;
    }
  }
}

void write_outcomes_csv(std::ostream& out, const Summary& summary) {
  out << "scope_kind,scope,status,flags,count,count_per_replication\n";
  for (const ScopeSummary& scope : summary.scopes)
    for (const OutcomeSummary& outcome : scope.outcomes)
      Row(out) << scope.scope << outcome.status << outcome.flags << outcome.count
               << outcome.per_replication;
}

void write_runs_csv(std::ostream& out, std::span<const RunStatus> runs) {
  out << "scenario,status,exit_code," << kEstimateColumns;
  for (const RunStatus& run : runs) {
    if (!run.summary) {
      Row row(out);
      row << run.scenario << run.status << run.exit_code;
      for (int empty = 0; empty < 8; ++empty) row << "";
      continue;
    }
    for (const ScopeSummary& scope : run.summary->scopes) {
      for (const MetricSummary& metric : scope.metrics) {
        Row row(out);
        row << run.scenario << run.status << run.exit_code;
        add_estimate(row, scope.scope, metric);
      }
    }
  }
}

}  // namespace spillway::reports
