// CSV files that a scenario names: traces and histograms. Comma-separated, RFC 4180 quotes, blank
// lines and lines that start with # are left out. Reads files; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/type.h"

namespace spillway::scenarios {

struct CsvRow {
  model::Place place;
  std::vector<std::string> cells;  ///< without the white space around them
};

struct CsvTable {
  std::vector<CsvRow> rows;
};

/// The file that `node` names, relative to the folder of the scenario. After a complaint, none.
/// Every row has as many cells as the first; there is at least one row.
std::optional<CsvTable> read_csv(const Node& node, const Path& path, Decoding& decoding);

/// The same of a text.
std::optional<CsvTable> parse_csv(std::string_view text, const std::string& name,
                                  model::Diagnostics& diagnostics);

}  // namespace spillway::scenarios
