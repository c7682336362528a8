// Objectives: do they name something that a run measures, and did the run meet them. Pure
// functions; any thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/run/result.h"
#include "reports/summary.h"

namespace spillway::reports {

/// Errors (rule "objective") for objectives that no run can answer: an unknown metric or scope, a
/// metric that its scope does not have, a recovery without faults.
model::Diagnostics check_objectives(const std::vector<model::Objective>& objectives,
                                    std::span<const model::Scope> scopes, bool has_faults);

/// An objective without a scope is about all traffic together. `collapse_probability` is the share
/// of replications that did not recover. A replication that never recovers counts as an infinite
/// `recovery_time`. With one replication the value itself is compared.
ObjectiveResult evaluate(const model::Objective& objective, const model::ExperimentResult& result);

std::string_view to_string(model::Objective::Op op);

}  // namespace spillway::reports
