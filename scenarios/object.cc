#include "scenarios/object.h"

#include <algorithm>

#include "scenarios/suggest.h"

namespace spillway::scenarios {
namespace {

std::vector<std::string> names(const Shape& shape) {
  std::vector<std::string> keys;
  for (const Field& field : shape.fields) keys.push_back(field.key);
  return keys;
}

bool refuse(const model::Place& place, const Path& path, Decoding& decoding, std::string rule,
            const std::string& what, const std::string& got, const std::string& expected,
            std::string hint = {}) {
  const std::string at = path.text();
  decoding.diagnostics.push_back(mistake(place, std::move(rule),
                                         at.empty() ? what : at + ": " + what, got, expected,
                                         std::move(hint)));
  return false;
}

std::vector<const Member*> present(const Node& node, const std::vector<std::string>& keys) {
  std::vector<const Member*> found;
  for (const Member& member : node.members)
    if (std::ranges::find(keys, member.key) != keys.end()) found.push_back(&member);
  return found;
}

bool check_rule(const KeyRule& rule, const Node& node, const Path& path, Decoding& decoding) {
  const auto found = present(node, rule.keys);
  if (rule.kind == KeyRule::Kind::needs) {
    if (found.size() != 1 || found[0]->key != rule.keys[0]) return true;
    return refuse(found[0]->key_place, path, decoding, "contradiction",
                  in_quotes(rule.keys[0]) + " has no meaning without " + in_quotes(rule.keys[1]),
                  {}, {});
  }
  if (found.size() > 1)
    return refuse(
        found[1]->key_place, path, decoding, "contradiction",
        in_quotes(found[0]->key) + " and " + in_quotes(found[1]->key) + " exclude each other", {},
        "one of " + one_of(rule.keys));
  if (found.empty() && rule.kind == KeyRule::Kind::exactly_one)
    return refuse(node.place, path, decoding, "missing-field", "a field is missing", {},
                  rule.keys.size() == 1 ? rule.keys[0] : "one of " + one_of(rule.keys));
  return true;
}

}  // namespace

bool check_keys(const Shape& shape, const Node& node, const Path& path, Decoding& decoding) {
  if (node.kind != Node::Kind::mapping)
    return complain(node, path, decoding, "wrong-type", "not " + shape.expected, shape.expected);
  bool good = true;
  std::vector<std::string> meant;  // what unknown keys are misspellings of
  for (const Member& member : node.members) {
    if (shape.field(member.key) != nullptr || shape.other_keys) continue;
    const auto keys = names(shape);
    meant.push_back(closest(member.key, keys));
    refuse(member.key_place, path, decoding, "unknown-field", "unknown field",
           in_quotes(member.key), keys.empty() ? "no field at all" : one_of(keys),
           did_you_mean(member.key, keys));
  }
  const bool known = meant.empty();
  for (const Field& field : shape.fields)
    if (field.required && node.find(field.key) == nullptr &&
        std::ranges::find(meant, field.key) == meant.end())
      good =
          refuse(node.place, path, decoding, "missing-field", "a field is missing", {}, field.key);
  for (const KeyRule& rule : shape.rules) {
    // A misspelt key is one mistake, not also a missing one.
    if (!known && rule.kind == KeyRule::Kind::exactly_one && present(node, rule.keys).empty())
      continue;
    good &= check_rule(rule, node, path, decoding);
  }
  return good && known;
}

}  // namespace spillway::scenarios
