// The CSV files of a result: RFC 4180 fields, LF line ends, `.` decimal point, units in the column
// names, an empty cell for what was not measured. Writers of streams; any thread, one a stream.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

#include "reports/summary.h"

namespace spillway::reports {

/// The field, in quotes when it holds a comma, a quote or a line break (RFC 4180 section 2).
std::string csv_field(std::string_view text);

/// scope_kind, scope, metric, mean, ci_low, ci_high, replications, unit.
void write_summary_csv(std::ostream& out, const Summary& summary);
/// time_s (start of the interval), scope_kind, scope, the series.
void write_timeseries_csv(std::ostream& out, const Summary& summary);
/// replication, scope_kind, scope, a column a metric.
void write_replications_csv(std::ostream& out, const Summary& summary);
/// scope_kind, scope, status, flags, count (over all replications), count_per_replication.
void write_outcomes_csv(std::ostream& out, const Summary& summary);

/// How one of several scenarios ended.
struct RunStatus {
  std::string scenario;  ///< name, or the file that gave none
  std::string status;    ///< ok | objectives missed | input error | interrupted
  int exit_code = 0;
  const Summary* summary = nullptr;  ///< absent: it did not run
};
/// scenario, status, exit_code, then the columns of summary.csv. A scenario that did not run has
/// one row.
void write_runs_csv(std::ostream& out, std::span<const RunStatus> runs);

}  // namespace spillway::reports
