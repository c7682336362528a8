// Empirical laws from CSV files.
#include <algorithm>
#include <array>
#include <cmath>

#include "scenarios/basic_types.h"
#include "scenarios/csv.h"
#include "scenarios/csv_columns.h"
#include "scenarios/types.h"

namespace spillway::scenarios {
namespace {

using sim::Distribution;
using sim::Duration;
using sim::QuantilePoint;

/// Equally weighted samples: linear between them, from the smallest.
Distribution law_of_samples(std::vector<Duration> samples) {
  std::ranges::sort(samples);
  std::vector<QuantilePoint> points{{0, samples.front()}};
  const auto n = static_cast<double>(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i)
    points.push_back({static_cast<double>(i + 1) / n, samples[i]});
  return Distribution::empirical(std::move(points));
}

bool ascending(const std::vector<Duration>& values, const CsvTable& table, Decoding& decoding) {
  for (std::size_t i = 1; i < values.size(); ++i)
    if (values[i] <= values[i - 1]) {
      decoding.diagnostics.push_back(mistake(table.rows[i + 1].place, "csv",
                                             "the values do not ascend", {},
                                             "each value above that of the row before"));
      return false;
    }
  return true;
}

std::optional<Distribution> law_of_histogram(const CsvColumns& columns,
                                             const std::vector<Duration>& values,
                                             Decoding& decoding) {
  const bool counts = columns.has("count");
  const auto weights = columns.numbers(counts ? "count" : "cumulative", decoding);
  if (!weights || !ascending(values, columns.table(), decoding)) return std::nullopt;
  double sum = 0;
  for (const double w : *weights) sum = counts ? sum + w : w;
  if (!(sum > 0)) {
    decoding.diagnostics.push_back(
        mistake(columns.table().rows.front().place, "csv", "the counts add up to nothing"));
    return std::nullopt;
  }
  std::vector<QuantilePoint> points;
  double before = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double share = counts ? before + (*weights)[i] / sum : (*weights)[i];
    if (!(share >= before) || (!counts && share > 1)) {
      decoding.diagnostics.push_back(mistake(columns.table().rows[i + 1].place, "csv",
                                             "not a cumulative share", {},
                                             "shares from 0 to 1 that do not decrease"));
      return std::nullopt;
    }
    points.push_back({std::min(share, 1.0), values[i]});
    before = share;
  }
  return Distribution::empirical(std::move(points));
}

bool read(const Node& node, const Path& path, Distribution& into, Decoding& decoding) {
  if (node.kind != Node::Kind::scalar)
    return complain(node, path, decoding, "wrong-type", "not the name of a file", "a CSV file");
  const auto table = read_csv(node, path, decoding);
  if (!table) return false;
  const CsvColumns columns(*table);
  const auto values = columns.durations("value", decoding);
  if (!values) return false;
  if (!columns.has("count") && !columns.has("cumulative")) {
    into = law_of_samples(*values);
    return true;
  }
  auto law = law_of_histogram(columns, *values, decoding);
  if (law) into = *std::move(law);
  return law.has_value();
}

}  // namespace

const Type<Distribution>& distribution_file() {
  static const Type<Distribution> type{text().shape, read, {}};
  return type;
}

}  // namespace spillway::scenarios
