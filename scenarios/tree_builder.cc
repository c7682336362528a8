#include "scenarios/tree_builder.h"

#include <algorithm>
#include <numeric>

#include "scenarios/document.h"
#include "scenarios/mistake.h"

namespace spillway::scenarios {
namespace {

constexpr std::size_t kFewMembers = 8;

model::Diagnostic duplicate_key(const Member& first, const model::Place& second) {
  return mistake(second, "duplicate-key",
                 "the key \"" + first.key + "\" stands twice in one mapping, first at " +
                     first.key_place.text());
}

/// Keeps the first of equal keys and complains about the others. Small mappings, nearly all, are
/// searched as they are.
void remove_duplicates(std::vector<Member>& members, model::Diagnostics& diagnostics) {
  std::vector<std::size_t> order(members.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {},
                           [&](std::size_t i) -> const std::string& { return members[i].key; });
  std::vector<bool> drop(members.size());
  for (std::size_t i = 1, first = 0; i < order.size(); ++i) {
    if (members[order[i]].key != members[order[first]].key) {
      first = i;
      continue;
    }
    diagnostics.push_back(duplicate_key(members[order[first]], members[order[i]].key_place));
    drop[order[i]] = true;
  }
  std::size_t i = 0;
  std::erase_if(members, [&](const Member&) { return drop[i++]; });
}

bool has_duplicates(const std::vector<Member>& members) {
  if (members.size() > kFewMembers) return true;  // to be found out
  for (std::size_t i = 1; i < members.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (members[i].key == members[j].key) return true;
  return false;
}

}  // namespace

void TreeBuilder::begin(Node::Kind kind, const model::Place& place) {
  if (open_.size() >= kDeepestNesting)
    throw BrokenText{mistake(place, "nesting-depth", "too deeply nested",
                             "more than " + std::to_string(kDeepestNesting) + " levels",
                             "at most " + std::to_string(kDeepestNesting))};
  Open open;
  open.node.kind = kind;
  open.node.place = place;
  open_.push_back(std::move(open));
}

const Member* TreeBuilder::pending_key() const {
  return !open_.empty() && open_.back().has_key ? &open_.back().node.members.back() : nullptr;
}

void TreeBuilder::add(Node node) {
  Open& open = open_.back();
  if (open.node.kind == Node::Kind::sequence) {
    open.node.items.push_back(std::move(node));
  } else if (!open.has_key) {
    add_key(open, std::move(node));
  } else {
    open.has_key = false;
    if (std::exchange(open.drop, false))
      open.node.members.pop_back();
    else
      open.node.members.back().value = std::move(node);
  }
}

void TreeBuilder::add_key(Open& open, Node key) {
  open.has_key = true;
  if (key.kind != Node::Kind::scalar) {
    diagnostics_.push_back(
        mistake(key.place, "key-not-scalar", "a key must be text", describe(key), "a name"));
    open.drop = true;
  } else if (key.scalar == "<<" && !key.quoted) {
    diagnostics_.push_back(mistake(key.place, "merge-key", "merge keys are not supported", "<<",
                                   "the keys written out, or an alias for a whole value"));
    open.drop = true;
  }
  open.node.members.push_back({std::move(key.scalar), key.place, {}});
}

Node TreeBuilder::finish() {
  Node node = std::move(open_.back().node);
  open_.pop_back();
  if (has_duplicates(node.members)) remove_duplicates(node.members, diagnostics_);
  return node;
}

}  // namespace spillway::scenarios
