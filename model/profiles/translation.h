// What the translators of all profiles say beside the configuration they make: status conditions,
// configuration that a proxy refuses, and what is ignored or changed. Plain values.
#pragma once

#include <string>
#include <vector>

#include "model/resources/gateway_api.h"
#include "model/spec/diagnostic.h"

namespace spillway::model {

/// One condition of one parentRef of a route, as the controller writes it into the status.
struct RouteCondition {
  std::string route;  ///< "HTTPRoute ns/name"
  ParentReference parent;
  std::string type;  ///< Accepted | ResolvedRefs | one of the controller's own
  bool status = true;
  std::string reason;
};

/// Configuration that a proxy does not take: it goes on with what it had before.
struct Refusal {
  std::string config;  ///< which of the translation's configurations
  std::string error;   ///< a clause
};

/// A field that the profile ignores, reinterprets or drops.
struct Note {
  Place place;
  std::string rule;  ///< kebab-case
  std::string text;  ///< what happens instead, a clause
};

}  // namespace spillway::model
