// What an upgrade of a mesh changes: of configurations, and of what a scenario comes to. Plain
// values, pure functions and writers of streams.
#pragma once

#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/profiles/upgrade.h"
#include "reports/summary.h"

namespace spillway::reports {

/// A metric whose paired difference (replication by replication, same seeds) is not 0.
struct MovedMetric {
  model::Scope scope;
  const Metric* metric = nullptr;
  sim::Interval before;
  sim::Interval after;
  sim::Interval difference;  ///< after - before
};

struct MovedVerdict {
  std::string objective;  ///< as written
  Unit unit = Unit::ratio;
  Verdict before = Verdict::inconclusive;
  Verdict after = Verdict::inconclusive;
  sim::Interval observed_before;
  sim::Interval observed_after;
};

/// What a scenario comes to under both versions.
struct UpgradeOutcome {
  std::string not_run;  ///< why there is none, a clause; empty: the rest counts
  std::vector<MovedMetric> metrics;
  std::vector<MovedVerdict> objectives;  ///< all, moved or not
};

/// Of two runs of one scenario with the same seed. Looks at traffic and services; a metric has
/// moved when the interval of its difference leaves 0 out.
UpgradeOutcome compare_outcomes(const Summary& before, const Summary& after);

struct UpgradeResult {
  model::UpgradeReport report;
  std::optional<UpgradeOutcome> outcome;  ///< of the report's scenario
};

/// One change with all objects that it is about, then what moves.
void write_upgrade_text(std::ostream& out, std::span<const UpgradeResult> results, bool color);
/// {"profile", "from", "to", "scenario", "changes": [{object, field, before, after, file, line,
/// column, proxies, why, source, evidence}], "outcome": {"not_run", "metrics": [...], "objectives":
/// [...]} or null}; of several results an array.
void write_upgrade_json(std::ostream& out, std::span<const UpgradeResult> results);
void write_upgrade_markdown(std::ostream& out, std::span<const UpgradeResult> results);

}  // namespace spillway::reports
