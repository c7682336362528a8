// The summary that `run` prints for people.
#pragma once

#include <iosfwd>
#include <string>

#include "reports/summary.h"

namespace spillway::reports {

struct TableOptions {
  bool color = false;
  bool verbose = false;     ///< every scope and every proxy, assumptions with their reasons
  std::size_t width = 100;  ///< of wrapped lists
};

/// The most important metrics of every scope with their intervals, then objectives, assumptions and
/// warnings in brief. Shares are shown in percent. Long tables are cut, and say so.
void write_table(std::ostream& out, const Summary& summary, const TableOptions& options = {});

/// "93.75 % [93.72, 93.78]", the value alone without an interval, "never" for an infinite time.
std::string observed_text(const ObjectiveResult& objective);
/// "< 500 ms", ">= 99.9 %".
std::string limit_text(const model::Objective& objective, Unit unit);

}  // namespace spillway::reports
