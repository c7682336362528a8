// The one table of metrics: name, unit, the scopes that a metric applies to and how it follows from
// what a replication measured. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/run/result.h"

namespace spillway::reports {

/// share: 0..1; ratio: >= 0 without a unit; ms; per_second; count: mean per replication.
enum class Unit : std::uint8_t { count, share, ratio, per_second, ms };
/// "count", "share", "ratio", "1/s", "ms".
std::string_view to_string(Unit unit);

/// One scope of one replication with what several metrics need, computed once.
struct Sample {
  Sample(const model::ScopeResult& result, model::ScopeKind kind, const model::RunSpec& run);

  const model::ScopeResult& result;
  model::ScopeKind kind;
  double seconds;          ///< measured time: duration - warmup
  sim::Histogram latency;  ///< successes and failures together, ns
};

struct Metric {
  std::string_view name;
  Unit unit;
  std::uint8_t scopes;               ///< bit 1 << ScopeKind
  double (*value)(const Sample& s);  ///< NaN: nothing was measured
  std::string_view meaning;          ///< one clause, for help and tables

  bool applies_to(model::ScopeKind kind) const { return scopes >> static_cast<unsigned>(kind) & 1; }
  /// The name with its unit, for columns: "latency_p99_ms", "goodput_per_s", "success_rate".
  std::string column() const;
};

/// In the order of every output.
std::span<const Metric> metrics();
/// nullptr when there is no such metric.
const Metric* find_metric(std::string_view name);

/// Several scopes of one replication as if they were one: counts and times add up, shares of time
/// are not measured, and the whole has recovered when every part has.
model::ScopeResult combine(std::span<const model::ScopeResult* const> parts);

/// One column of timeseries.csv.
struct SeriesColumn {
  std::string_view name;
  double model::IntervalRow::*member;
};
std::span<const SeriesColumn> series_columns();

}  // namespace spillway::reports
