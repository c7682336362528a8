// "Did you mean": the nearest of the names that exist. Pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::scenarios {

/// The candidate nearest to `name` by edit distance (insert, delete, replace, swap neighbours;
/// case,
/// `-` and `_` do not count), if it is near enough to be what was meant; else empty. The first of
/// equally near ones. Of names with dots, such as name.namespace, an equal first part counts most.
std::string closest(std::string_view name, std::span<const std::string> candidates);

/// `did you mean "x"?`, or empty.
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

/// "a", "a or b", "a, b or c"; cut after `most` with the count of the rest.
std::string one_of(std::span<const std::string> names, std::size_t most = 20);

}  // namespace spillway::scenarios
