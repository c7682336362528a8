#include "scenarios/manifests/access.h"

#include <algorithm>

#include "model/spec/gep2257.h"
#include "scenarios/manifests/kube_scalar.h"
#include "scenarios/quantity.h"

namespace spillway::scenarios::manifests {

std::string_view text_of(const Node& node, std::string_view key) {
  const Node* value = node.find(key);
  return value ? std::string_view(value->scalar) : "";
}

std::optional<int> number_of(const Node& node, std::string_view key) {
  const Node* value = node.find(key);
  if (!value || value->quoted) return std::nullopt;
  const auto number = integer_value(*value);
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

std::optional<double> decimal_of(const Node& node, std::string_view key) {
  const Node* value = node.find(key);
  return value ? number_value(*value) : std::nullopt;
}

std::optional<sim::Duration> go_duration_of(const Node& node, std::string_view key) {
  const Node* value = node.find(key);
  if (!value) return std::nullopt;
  const auto duration = parse_duration(value->scalar);
  return duration ? std::optional(duration.value) : std::nullopt;
}

bool flag_of(const Node& node, std::string_view key) { return text_of(node, key) == "true"; }

std::optional<sim::Duration> duration_of(const Node& node, std::string_view key) {
  return model::parse_gep2257(text_of(node, key));
}

const std::vector<Node>& items_of(const Node& node, std::string_view key) {
  static const std::vector<Node> kNone;
  const Node* value = node.find(key);
  return value ? value->items : kNone;
}

const Node& child_of(const Node& node, std::string_view key) {
  static const Node kNone;
  const Node* value = node.find(key);
  return value ? *value : kNone;
}

model::Place place_of(const Node& node, std::string_view key) {
  const auto found = std::ranges::find(node.members, key, &Member::key);
  return found != node.members.end() ? found->key_place : node.place;
}

}  // namespace spillway::scenarios::manifests
