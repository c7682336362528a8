// Compares what two runs measured, to the last bit.
#pragma once

#include <string>

#include "model/run/result.h"

namespace spillway::model::build {

/// The first difference between two scopes, "" when all is the same. NaN equals NaN. `recovery`:
/// whether the fields that look at all faults of the run count.
std::string difference(const ScopeResult& a, const ScopeResult& b, bool recovery = true);
std::string difference(const std::vector<IntervalRow>& a, const std::vector<IntervalRow>& b);
std::string difference(const ReplicationResult& a, const ReplicationResult& b);

}  // namespace spillway::model::build
