// The rules of a route with those of the routes that it delegates to (HTTPRoute as backendRef) as
// one flat list of matches (pkg/kgateway/translator/httproute in kgateway-dev/kgateway). Internal
// to the profile. Keeps pointers into the Resources. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/gateway/index.h"
#include "model/resources/resources.h"

namespace spillway::model::kgateway {

/// A rule of a route on the way from the root to a match.
struct Level {
  const HttpRoute* route = nullptr;
  int rule = 0;
  const HttpRouteRule& http_rule() const { return route->rules[static_cast<std::size_t>(rule)]; }
};

/// Whether the parent's own fields and policies win over those of the routes it delegates to.
bool prefers_parent(const HttpRoute& route);

/// One match of one rule.
struct FlatRule {
  const HttpRoute* root = nullptr;
  Level own;
  HttpRouteMatch match;
  int match_index = 0;
  std::vector<Level> parents;  ///< that delegate, the nearest first
  std::size_t slot = 0;        ///< index in Tree::slots: whose conditions it decides about
  bool delegates = false;
  bool unresolved = false;  ///< a route that it delegates to is not there
  std::size_t index = 0;    ///< in the list
};

/// The conditions of a route for a parent.
struct Slot {
  const HttpRoute* route = nullptr;
  ParentReference parent;
  bool accepted = true;
  std::string accepted_reason = "Accepted";
  bool refs_resolved = true;
  std::string refs_reason = "ResolvedRefs";
  bool programmed = true;
  std::string programmed_reason = "Programmed";
};

struct Tree {
  std::vector<FlatRule> rules;
  std::vector<Slot> slots;  ///< the root's is the first
};

/// `parent` is the parentRef of the root, a Gateway.
Tree flatten(const HttpRoute& root, const ParentReference& parent, const Resources& resources);

/// Whether the backendRef delegates to HTTPRoutes.
bool is_delegation(const BackendObjectReference& ref);

}  // namespace spillway::model::kgateway
