// Wording that the checks share. Internal to model/gateway.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "model/resources/gateway_api.h"
#include "model/spec/diagnostic.h"

namespace spillway::model {

inline std::string name_of(const HttpRoute& route) { return route.kind + " " + route.meta.key(); }

inline Diagnostic warning(const Place& place, std::string message, std::string rule,
                          std::string hint = {}) {
  return {Severity::warning, place, std::move(message), std::move(rule), std::move(hint)};
}

/// "NoMatchingParent" as "no-matching-parent".
inline std::string kebab_case(std::string_view camel) {
  std::string kebab;
  for (const char c : camel) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !kebab.empty()) kebab += '-';
    kebab += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return kebab;
}

/// The first place that is known.
inline const Place& known_place(const Place& first, const Place& second) {
  return first.known() ? first : second;
}

}  // namespace spillway::model
