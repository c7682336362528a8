// Durations as the Gateway API writes them (GEP-2257): one to four components of at most five
// digits and a unit of h, m, s or ms, for example "1h30m" or "500ms". Pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/time.h"

namespace spillway::model {

/// The sum of the components, in whichever order and however often the units stand; absent where
/// `text` does not match `^([0-9]{1,5}(h|m|s|ms)){1,4}$`.
std::optional<sim::Duration> parse_gep2257(std::string_view text);

/// The standard form: descending units, none twice, "0s" for zero. Empty where the format has no
/// form for `duration`: negative, not a whole number of milliseconds, or above 99999 hours.
std::string format_gep2257(sim::Duration duration);

}  // namespace spillway::model
