// The JSON files of a result. Written piece by piece, so that a long run needs little memory; keys
// are the columns of the CSV files, null stands for what was not measured.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "reports/summary.h"

namespace spillway::reports {

/// summary.json: scenario, mesh, run, summary, timeseries (an array a column), replications,
/// outcomes, objectives, diagnostics, assumptions. `version` is the program's.
void write_summary_json(std::ostream& out, const Summary& summary, std::string_view version);
/// Several summaries as one array.
void write_summaries_json(std::ostream& out, std::span<const Summary* const> summaries,
                          std::string_view version);

/// How a run went on its machine: the facts that differ between two runs of one scenario.
struct RunRecord {
  std::string version;
  std::vector<std::string> command_line;
  std::string scenario;
  std::uint64_t seed = 0;
  std::uint32_t replications = 0;
  std::uint32_t threads = 0;
  double wall_seconds = 0;  ///< of the simulation
  std::uint64_t events = 0;
  std::uint64_t requests = 0;     ///< of all traffic, warm-up included
  std::uint64_t peak_memory = 0;  ///< bytes, of the process
};
RunRecord record_of(const model::ExperimentResult& result);
void write_run_json(std::ostream& out, const RunRecord& record);

}  // namespace spillway::reports
