// Diagnostics for people and for tools. Writers of streams; reads the files that the diagnostics
// speak of, to show their lines.
#pragma once

#include <iosfwd>
#include <string>

#include "model/spec/diagnostic.h"

namespace spillway::reports {

struct DiagnosticTotals {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t notes = 0;
};
DiagnosticTotals totals(const model::Diagnostics& diagnostics);
/// "2 errors, 1 warning"; "no findings".
std::string to_text(const DiagnosticTotals& totals);

/// `file:line:column: error: message [rule]`, the line of the file with a mark below the place, and
/// the hint.
void write_diagnostics_text(std::ostream& out, const model::Diagnostics& diagnostics, bool color);
/// {severity, file, line, column, message, rule, hint} on one line.
std::string diagnostic_json(const model::Diagnostic& diagnostic);
/// An array of these.
void write_diagnostics_json(std::ostream& out, const model::Diagnostics& diagnostics);
/// SARIF 2.1.0: one run; a rule a name.
void write_diagnostics_sarif(std::ostream& out, const model::Diagnostics& diagnostics,
                             std::string_view version);
/// A table for a pull request, errors first.
void write_diagnostics_markdown(std::ostream& out, const model::Diagnostics& diagnostics);

}  // namespace spillway::reports
