// What a scalar of a document means under the core schema of YAML 1.2, read strictly: decimal
// numbers without leading zeros, `true` and `false`, everything else a string. JSON scalars follow
// the same rules. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "scenarios/node.h"

namespace spillway::scenarios {

enum class ScalarKind { string, boolean, integer, number };

/// Of a node of kind scalar; quoted scalars are strings.
ScalarKind scalar_kind(const Node& scalar);

/// Decimal integer, optional sign, no leading zero; nothing when it is none or does not fit.
std::optional<std::int64_t> parse_integer(std::string_view text);
/// Finite decimal number with optional fraction and exponent; nothing otherwise. Independent of the
/// locale.
std::optional<double> parse_number(std::string_view text);
std::optional<bool> parse_boolean(std::string_view text);

}  // namespace spillway::scenarios
