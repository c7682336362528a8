// What a scalar of a manifest means to kubectl, which reads YAML 1.1: `yes`, `on` and `n` are
// booleans, `0o17` and `017` octal, `1_000` a number. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/node.h"

namespace spillway::scenarios::manifests {

enum class ScalarType { null, boolean, integer, decimal, string };

/// Type of a node of kind null or scalar.
ScalarType scalar_type(const Node& node);

/// Of an integer, or of a decimal without a fraction (5.0), as JSON readers take it; absent else
/// and outside of int64.
std::optional<std::int64_t> integer_value(const Node& node);

/// Of an integer or a decimal that is no infinity; absent else.
std::optional<double> number_value(const Node& node);

/// Of a boolean.
bool boolean_value(const Node& node);

/// "a mapping", "a list", "null", "the boolean yes", "the number 3", "the string \"x\"".
std::string manifest_description(const Node& node);

/// The text in double quotes, shortened in the middle of long ones.
std::string quoted_line(std::string_view text);

}  // namespace spillway::scenarios::manifests
