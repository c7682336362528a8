// The implementation-specific choices that a run used. Plain values; one thread while they are
// collected.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spillway::model {

/// One choice that the specification, or the scenario, leaves open.
struct Assumption {
  std::string name;   ///< of the option that changes it, e.g. "retryBackoff"
  std::string value;  ///< as text with unit
  std::string why;    ///< what leaves it open, one clause
  bool operator==(const Assumption&) const = default;
};

/// Adds it unless one of the same name and value is there.
inline void assume(std::vector<Assumption>& list, std::string_view name, std::string value,
                   std::string why) {
  Assumption added{std::string(name), std::move(value), std::move(why)};
  for (const Assumption& a : list)
    if (a.name == added.name && a.value == added.value) return;
  list.push_back(std::move(added));
}

}  // namespace spillway::model
