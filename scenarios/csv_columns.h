// Columns of a CSV table by the names in its first row, read as quantities. The unit of a column of
// times stands in its name (`time_ms`, `value_s`, `_us`, `_ns`, `_m`, `_h`); without one the cells
// are durations such as 250ms.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/csv.h"
#include "sim/time.h"

namespace spillway::scenarios {

class CsvColumns {
 public:
  explicit CsvColumns(const CsvTable& table) : table_(table) {}

  const CsvTable& table() const { return table_; }
  bool has(std::string_view column) const;
  /// Of `name` or `name_UNIT`; one a row below the header. None after a complaint.
  std::optional<std::vector<sim::Duration>> durations(std::string_view name,
                                                      Decoding& decoding) const;
  /// Finite numbers >= 0.
  std::optional<std::vector<double>> numbers(std::string_view column, Decoding& decoding) const;

 private:
  std::optional<std::size_t> index(std::string_view column) const;

  const CsvTable& table_;
};

}  // namespace spillway::scenarios
