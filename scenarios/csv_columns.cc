#include "scenarios/csv_columns.h"

#include <algorithm>

#include "scenarios/quantity.h"
#include "scenarios/scalar.h"

namespace spillway::scenarios {
namespace {

void refuse(const CsvRow& row, Decoding& decoding, std::string what, const std::string& got,
            const std::string& expected) {
  decoding.diagnostics.push_back(mistake(row.place, "csv", std::move(what), got, expected));
}

}  // namespace

std::optional<std::size_t> CsvColumns::index(std::string_view column) const {
  const auto& header = table_.rows.front().cells;
  const auto found = std::ranges::find(header, column);
  if (found == header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header.begin());
}

bool CsvColumns::has(std::string_view column) const { return index(column).has_value(); }

std::optional<std::vector<sim::Duration>> CsvColumns::durations(std::string_view name,
                                                                Decoding& decoding) const {
  std::string unit;
  auto column = index(name);
  for (const char* candidate : {"s", "ms", "us", "ns", "m", "h"}) {
    if (column) break;
    column = index(std::string(name) + "_" + candidate);
    unit = candidate;
  }
  if (!column) {
    refuse(table_.rows.front(), decoding, "a column is missing", {},
           std::string(name) + "_ms or " + std::string(name));
    return std::nullopt;
  }
  std::vector<sim::Duration> values;
  for (std::size_t i = 1; i < table_.rows.size(); ++i) {
    const std::string& cell = table_.rows[i].cells[*column];
    const auto parsed = parse_duration(cell + unit);
    if (!parsed) {
      refuse(table_.rows[i], decoding, std::string(parsed.wrong), in_quotes(cell),
             unit.empty() ? "a duration such as 250ms" : "a number of " + unit);
      return std::nullopt;
    }
    values.push_back(parsed.value);
  }
  if (values.empty()) {
    refuse(table_.rows.front(), decoding, "no rows below the header", {}, "at least one");
    return std::nullopt;
  }
  return values;
}

std::optional<std::vector<double>> CsvColumns::numbers(std::string_view column,
                                                       Decoding& decoding) const {
  const auto at = index(column);
  std::vector<double> values;
  for (std::size_t i = 1; i < table_.rows.size(); ++i) {
    const std::string& cell = table_.rows[i].cells[*at];
    const auto value = parse_number(cell);
    if (!value || *value < 0) {
      refuse(table_.rows[i], decoding, "not a number", in_quotes(cell), "a number of at least 0");
      return std::nullopt;
    }
    values.push_back(*value);
  }
  return values;
}

}  // namespace spillway::scenarios
