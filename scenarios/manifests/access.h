// Short access to the fields of a validated manifest. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/node.h"
#include "sim/time.h"

namespace spillway::scenarios::manifests {

inline bool has(const Node& node, std::string_view key) { return node.find(key) != nullptr; }

/// The scalar of a field, "" without it.
std::string_view text_of(const Node& node, std::string_view key);
/// Absent without the field, or where it is no number.
std::optional<int> number_of(const Node& node, std::string_view key);
/// With fractions; absent without the field.
std::optional<double> decimal_of(const Node& node, std::string_view key);
bool flag_of(const Node& node, std::string_view key);
/// A duration with fractions, as Istio writes it.
std::optional<sim::Duration> go_duration_of(const Node& node, std::string_view key);
std::optional<sim::Duration> duration_of(const Node& node, std::string_view key);
/// The items of a list, none without it.
const std::vector<Node>& items_of(const Node& node, std::string_view key);
/// The field, or an empty node without it.
const Node& child_of(const Node& node, std::string_view key);
/// Where the key of a field stands; the place of `node` without it.
model::Place place_of(const Node& node, std::string_view key);

}  // namespace spillway::scenarios::manifests
