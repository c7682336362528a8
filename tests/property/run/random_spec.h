// Small random specifications for tests of properties that hold for all of them. Pure functions of
// the seed.
#pragma once

#include <cstdint>

#include "model/resources/resources.h"

namespace spillway::model::build {

/// Services of every kind that call each other (circles too), clients with every policy, routes
/// with timeouts, retries, weights and mirrors, and faults of every kind on every target. Runs for
/// 2 s. Some of them do not compile, because their calls never die out.
Spec random_spec(std::uint64_t seed);

/// The same without faults, scripts, circles and limits that lose requests: every try reaches a
/// service.
Spec random_calm_spec(std::uint64_t seed);

}  // namespace spillway::model::build
