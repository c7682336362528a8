// Objectives as JUnit XML: a testsuite a scenario, a testcase an objective.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

#include "reports/csv.h"

namespace spillway::reports {

/// Failed and inconclusive objectives are failures whose text holds the observed interval and the
/// limit; a scenario that did not run is one testcase "run" with an error of its status.
void write_junit(std::ostream& out, std::span<const RunStatus> runs);

/// Text with the five characters that XML reserves replaced, and control characters left out.
std::string xml_text(std::string_view text);

}  // namespace spillway::reports
