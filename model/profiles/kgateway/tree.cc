#include "model/profiles/kgateway/tree.h"

#include <algorithm>
#include <set>

namespace spillway::model::kgateway {
namespace {

constexpr const char* kPriority = "kgateway.dev/inherited-policy-priority";
constexpr const char* kInheritMatcher = "delegation.kgateway.dev/inherit-parent-matcher";
constexpr const char* kLabelGroup = "delegation.kgateway.dev";
constexpr const char* kLabel = "delegation.kgateway.dev/label";

bool same_value(const ValueMatch& a, const ValueMatch& b) {
  return a.type == b.type && a.name == b.name && a.value == b.value;
}

bool contains_all(const std::vector<ValueMatch>& values, const std::vector<ValueMatch>& wanted) {
  return std::ranges::all_of(wanted, [&](const ValueMatch& want) {
    return std::ranges::any_of(values, [&](const ValueMatch& v) { return same_value(v, want); });
  });
}

/// Whether a match of a child lies within the one that delegates to it.
bool within(const HttpRouteMatch& parent, const HttpRouteMatch& child) {
  return parent.path.type == PathMatchType::path_prefix &&
         child.path.value.starts_with(parent.path.value) &&
         contains_all(child.headers, parent.headers) &&
         contains_all(child.query_params, parent.query_params) &&
         (parent.method.empty() || parent.method == child.method);
}

/// The parent's and the child's, the parent's first where they name the same; by name.
std::vector<ValueMatch> merged_values(const std::vector<ValueMatch>& parent,
                                      const std::vector<ValueMatch>& child) {
  std::map<std::string, ValueMatch> by_name;
  for (const auto* values : {&parent, &child})
    for (const ValueMatch& value : *values) by_name.emplace(value.name, value);
  std::vector<ValueMatch> merged;
  for (const auto& [name, value] : by_name) merged.push_back(value);
  return merged;
}

HttpRouteMatch merged_match(const HttpRouteMatch& parent, HttpRouteMatch child) {
  std::string path = parent.path.value;
  if (path.ends_with('/')) path.pop_back();
  path += child.path.value;
  if (path.size() > 1 && path.ends_with('/')) path.pop_back();
  child.path.value = path;
  child.headers = merged_values(parent.headers, child.headers);
  child.query_params = merged_values(parent.query_params, child.query_params);
  if (!parent.method.empty()) child.method = parent.method;
  return child;
}

bool allows_parent(const HttpRoute& child, const HttpRoute& parent) {
  if (child.parent_refs.empty()) return true;
  return std::ranges::any_of(child.parent_refs, [&](const ParentReference& ref) {
    return ref.kind == "HTTPRoute" && ref.name == parent.meta.name &&
           ref.namespace_ == parent.meta.namespace_;
  });
}

bool is_true(const HttpRoute& route, const char* annotation) {
  const auto found = route.meta.annotations.find(annotation);
  return found != route.meta.annotations.end() && found->second == "true";
}

class Flattener {
 public:
  explicit Flattener(const Resources& resources) : resources_(resources) {}

  Tree run(const HttpRoute& root, const ParentReference& parent) {
    root_ = &root;
    tree_.slots.push_back({&root, parent});
    std::vector<std::vector<HttpRouteMatch>> matches;
    for (const HttpRouteRule& rule : root.rules) matches.push_back(rule.matches);
    add_route(root, matches, {}, 0);
    for (std::size_t i = 0; i < tree_.rules.size(); ++i) tree_.rules[i].index = i;
    return std::move(tree_);
  }

 private:
  /// `matches`: of each rule, those that count.
  void add_route(const HttpRoute& route, const std::vector<std::vector<HttpRouteMatch>>& matches,
                 const std::vector<Level>& parents, std::size_t slot) {
    for (std::size_t r = 0; r < route.rules.size(); ++r) {
      std::vector<FlatRule> own;
      for (std::size_t m = 0; m < matches[r].size(); ++m) {
        FlatRule flat;
        flat.root = root_;
        flat.own = {&route, static_cast<int>(r)};
        flat.match = matches[r][m];
        flat.match_index = static_cast<int>(m);
        flat.parents = parents;
        flat.slot = slot;
        for (const HttpBackendRef& backend : route.rules[r].backend_refs)
          if (is_delegation(backend.ref)) delegate(backend.ref, flat);
        own.push_back(std::move(flat));
      }
      tree_.rules.insert(tree_.rules.end(), std::make_move_iterator(own.begin()),
                         std::make_move_iterator(own.end()));
    }
  }

  std::vector<const HttpRoute*> children(const BackendObjectReference& ref) const {
    std::vector<const HttpRoute*> found;
    for (const HttpRoute& route : resources_.http_routes) {
      if (route.meta.namespace_ != ref.namespace_ || route.kind != "HTTPRoute") continue;
      const auto label = route.meta.labels.find(kLabel);
      const bool selected = ref.group == kLabelGroup
                                ? label != route.meta.labels.end() && label->second == ref.name
                                : ref.name == "*" || ref.name == route.meta.name;
      if (selected) found.push_back(&route);
    }
    return found;
  }

  void unresolved(Slot& slot, const char* reason) {
    slot.refs_resolved = false;
    slot.refs_reason = reason;
  }

  void delegate(const BackendObjectReference& ref, FlatRule& from) {
    from.delegates = true;
    const auto found = children(ref);
    if (found.empty()) {
      from.unresolved = true;
      return unresolved(tree_.slots[from.slot], "BackendNotFound");
    }
    visited_.insert(from.own.route);
    for (const HttpRoute* child : found) add_child(*child, from);
    visited_.erase(from.own.route);
  }

  void add_child(const HttpRoute& child, const FlatRule& from) {
    if (!allows_parent(child, *from.own.route)) return;
    const auto matches = matches_within(child, from.match);
    if (std::ranges::all_of(matches, [](const auto& list) { return list.empty(); })) return;
    if (visited_.contains(&child)) return unresolved(tree_.slots[from.slot], "RefNotPermitted");
    const std::size_t slot = slot_of(child, *from.own.route);
    if (!child.hostnames.empty()) {
      tree_.slots[slot].accepted = false;
      tree_.slots[slot].accepted_reason = "UnsupportedValue";
      return;
    }
    std::vector<Level> parents{from.own};
    parents.insert(parents.end(), from.parents.begin(), from.parents.end());
    add_route(child, matches, parents, slot);
  }

  static std::vector<std::vector<HttpRouteMatch>> matches_within(const HttpRoute& child,
                                                                 const HttpRouteMatch& parent) {
    const bool inherits = is_true(child, kInheritMatcher);
    std::vector<std::vector<HttpRouteMatch>> matches;
    for (const HttpRouteRule& rule : child.rules) {
      auto& list = matches.emplace_back();
      for (const HttpRouteMatch& match : rule.matches)
        if (inherits)
          list.push_back(merged_match(parent, match));
        else if (within(parent, match))
          list.push_back(match);
    }
    return matches;
  }

  std::size_t slot_of(const HttpRoute& child, const HttpRoute& parent) {
    for (std::size_t i = 0; i < tree_.slots.size(); ++i)
      if (tree_.slots[i].route == &child && tree_.slots[i].parent.name == parent.meta.name &&
          tree_.slots[i].parent.namespace_ == parent.meta.namespace_)
        return i;
    Slot slot;
    slot.route = &child;
    slot.parent.kind = "HTTPRoute";
    slot.parent.namespace_ = parent.meta.namespace_;
    slot.parent.name = parent.meta.name;
    tree_.slots.push_back(std::move(slot));
    return tree_.slots.size() - 1;
  }

  const Resources& resources_;
  const HttpRoute* root_ = nullptr;
  std::set<const HttpRoute*> visited_;  ///< on the way from the root
  Tree tree_;
};

}  // namespace

bool is_delegation(const BackendObjectReference& ref) {
  return (ref.group == kGatewayGroup && ref.kind == "HTTPRoute") ||
         (ref.group == kLabelGroup && ref.kind == "label");
}

bool prefers_parent(const HttpRoute& route) {
  const auto found = route.meta.annotations.find(kPriority);
  return found != route.meta.annotations.end() && found->second.ends_with("PreferParent");
}

Tree flatten(const HttpRoute& root, const ParentReference& parent, const Resources& resources) {
  return Flattener(resources).run(root, parent);
}

}  // namespace spillway::model::kgateway
