#include "scenarios/type.h"

#include <algorithm>

namespace spillway::scenarios {
namespace {

/// How well `node` fits: 0 not at all, then by kind, then by the number of its keys that the shape
/// knows.
std::size_t fit(const Shape& shape, const Node& node) {
  switch (shape.kind) {
    case Shape::Kind::scalar:
      return node.kind == Node::Kind::scalar ? 1 : 0;
    case Shape::Kind::list:
      return node.kind == Node::Kind::sequence ? 1 : 0;
    case Shape::Kind::reference:
      return fit(shape.target(), node);
    case Shape::Kind::either: {
      std::size_t best = 0;
      for (const ShapePtr& a : shape.alternatives) best = std::max(best, fit(*a, node));
      return best;
    }
    case Shape::Kind::object:
      break;
  }
  if (node.kind != Node::Kind::mapping) return 0;
  const auto known = [&](const Member& member) { return shape.field(member.key) != nullptr; };
  return 1 + static_cast<std::size_t>(std::ranges::count_if(node.members, known));
}

}  // namespace

const Field* Shape::field(std::string_view key) const {
  const auto found = std::ranges::find(fields, key, &Field::key);
  return found == fields.end() ? nullptr : &*found;
}

std::string Path::text() const {
  if (parent == nullptr) return std::string(key);
  std::string text = parent->text();
  if (key.empty()) return text + "[" + std::to_string(index) + "]";
  if (!text.empty()) text += '.';
  return text.append(key);
}

bool complain(const Node& node, const Path& path, Decoding& decoding, std::string rule,
              std::string_view what, const std::string& expected, std::string hint) {
  decoding.diagnostics.push_back(mistake(node.place, std::move(rule),
                                         path.text() + ": " + std::string(what), describe(node),
                                         expected, std::move(hint)));
  return false;
}

const Shape* nearest_alternative(const std::vector<ShapePtr>& alternatives, const Node& node) {
  const Shape* nearest = nullptr;
  std::size_t best = 0;
  for (const ShapePtr& alternative : alternatives) {
    const std::size_t found = fit(*alternative, node);
    if (found <= best) continue;
    best = found;
    nearest = alternative.get();
  }
  return nearest;
}

}  // namespace spillway::scenarios
