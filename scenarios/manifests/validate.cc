#include "scenarios/manifests/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "scenarios/manifests/kube_scalar.h"
#include "scenarios/manifests/wording.h"
#include "scenarios/mistake.h"
#include "scenarios/suggest.h"

namespace spillway::scenarios::manifests {
namespace {

using model::Diagnostics;
using model::Place;
using Type = Schema::Type;

constexpr std::string_view kExperimentalHint =
    "is part of the experimental channel only; a cluster with the standard CRDs rejects it, and an "
    "older client lets it be pruned silently";

bool is_null(const Node& node) {
  return node.kind == Node::Kind::null ||
         (node.kind == Node::Kind::scalar && scalar_type(node) == ScalarType::null);
}

std::int64_t characters(std::string_view text) {
  return std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

void set_places(Node& node, const Place& place) {
  node.place = place;
  for (Node& item : node.items) set_places(item, place);
  for (Member& member : node.members) {
    member.key_place = place;
    set_places(member.value, place);
  }
}

std::string shown(const Node& node) {
  return node.quoted || !integer_value(node) ? quoted_line(node.scalar) : node.scalar;
}

std::vector<std::string> strings(const std::vector<std::string_view>& values) {
  return {values.begin(), values.end()};
}

class Validator {
 public:
  Validator(model::Channel channel, Diagnostics& diagnostics)
      : channel_(channel), diagnostics_(diagnostics) {}

  /// Whether the structure is sound; unknown fields do not count, as the server prunes them.
  bool check(const Schema& schema, Node& node, const Path& path) {
    if (!check_type(schema, node, path) || !check_contents(schema, node, path)) return false;
    for (const Rule& rule : schema.rules)
      for (Violation& v : rule.check(node))
        diagnostics_.push_back({model::Severity::error, v.place.known() ? v.place : node.place,
                                path.text() + ": " + v.message, std::string(rule.name),
                                std::move(v.hint)});
    return true;
  }

 private:
  bool report(const Place& place, std::string rule, const Path& path, std::string_view what,
              const std::string& got, const std::string& expected, std::string hint = {}) {
    diagnostics_.push_back(mistake(place, std::move(rule), fmt::format("{}: {}", path.text(), what),
                                   got, expected, std::move(hint)));
    return false;
  }

  bool check_type(const Schema& schema, const Node& node, const Path& path) {
    if (schema.type == Type::any || has_type(schema.type, node)) return true;
    std::string hint;
    const bool fits = !schema.pattern || schema.pattern->matches(node.scalar);
    if (schema.type == Type::string && node.kind == Node::Kind::scalar && !is_null(node) && fits)
      hint = fmt::format("write \"{}\" in quotes", node.scalar);
    return report(node.place, "crd-type", path, "has the wrong type", manifest_description(node),
                  expectation(schema), std::move(hint));
  }

  static bool has_type(Type type, const Node& node) {
    if (type == Type::object || type == Type::map) return node.kind == Node::Kind::mapping;
    if (type == Type::list) return node.kind == Node::Kind::sequence;
    if (node.kind != Node::Kind::scalar) return false;
    const ScalarType scalar = scalar_type(node);
    if (type == Type::string) return scalar == ScalarType::string;
    if (type == Type::boolean) return scalar == ScalarType::boolean;
    if (type == Type::number) return number_value(node).has_value();
    const bool whole = integer_value(node).has_value();
    return whole || (type == Type::integer_or_string && scalar == ScalarType::string);
  }

  bool check_contents(const Schema& schema, Node& node, const Path& path) {
    switch (schema.type) {
      case Type::object:
        return check_object(schema, node, path);
      case Type::map:
        return check_map(schema, node, path);
      case Type::list:
        return check_list(schema, node, path);
      case Type::boolean:
        node.scalar = boolean_value(node) ? "true" : "false";
        return true;
      case Type::string:
        return check_string(schema, node, path);
      case Type::integer:
      case Type::integer_or_string:
        return check_integer(schema, node, path);
      case Type::number:
        return check_number(schema, node, path);
      case Type::any:
        break;
    }
    return true;
  }

  bool check_object(const Schema& schema, Node& node, const Path& path) {
    std::erase_if(node.members, [](const Member& m) { return is_null(m.value); });
    report_unknown(schema, node, path);
    bool sound = true;
    for (const Field& field : schema.fields) {
      if (!exists(field) || node.find(field.name)) continue;
      if (field.preset) add_preset(field, node);
      if (field.required)
        sound = report(node.place, "crd-required", Path{&path, field.name, {}}, "must be set",
                       "nothing", expectation(field.schema));
    }
    for (Member& member : node.members)
      if (const Field* field = find_field(schema, member.key))
        sound &= check(field->schema, member.value, Path{&path, member.key, {}});
    return sound;
  }

  bool exists(const Field& field) const {
    return !field.experimental_only || channel_ == model::Channel::experimental;
  }

  const Field* find_field(const Schema& schema, std::string_view name) const {
    const auto found = std::ranges::find(schema.fields, name, &Field::name);
    return found != schema.fields.end() && exists(*found) ? &*found : nullptr;
  }

  static void add_preset(const Field& field, Node& node) {
    Member member{std::string(field.name), node.place, *field.preset};
    set_places(member.value, node.place);
    node.members.push_back(std::move(member));
  }

  void report_unknown(const Schema& schema, Node& node, const Path& path) {
    const auto unknown = [&](const Member& m) { return !find_field(schema, m.key); };
    for (const Member& member : node.members)
      if (unknown(member))
        diagnostics_.push_back(
            mistake(member.key_place, "crd-unknown-field",
                    fmt::format("unknown field \"{}\"", Path{&path, member.key, {}}.text()), {}, {},
                    unknown_hint(schema, member.key)));
    std::erase_if(node.members, unknown);
  }

  std::string unknown_hint(const Schema& schema, const std::string& name) const {
    if (std::ranges::find(schema.fields, name, &Field::name) != schema.fields.end())
      return fmt::format("\"{}\" {}", name, kExperimentalHint);
    for (const auto& [old, now] : schema.former)
      if (old == name) return fmt::format("in this version of the API it is {}", now);
    std::vector<std::string> known;
    for (const Field& field : schema.fields)
      if (exists(field)) known.emplace_back(field.name);
    return did_you_mean(name, known);
  }

  bool check_map(const Schema& schema, Node& node, const Path& path) {
    bool sound = check_size(schema, node, path, std::ssize(node.members), "keys", "properties");
    for (Member& member : node.members) {
      const Pattern* pattern = schema.key_pattern;
      if (pattern && !pattern->matches(member.key))
        sound = report(member.key_place, "crd-pattern", path,
                       fmt::format("each key must be {}", pattern->what), quoted_line(member.key),
                       std::string(pattern->regex));
      sound &= check(*schema.element, member.value, Path{&path, member.key, {}});
    }
    return sound;
  }

  bool check_list(const Schema& schema, Node& node, const Path& path) {
    bool sound = check_size(schema, node, path, std::ssize(node.items), "items", "items");
    for (std::size_t i = 0; i < node.items.size(); ++i)
      sound &= check(*schema.element, node.items[i], Path{&path, {}, i});
    if (schema.unique) sound &= check_distinct(node, path);
    if (!schema.keys.empty()) sound &= check_keys(schema, node, path);
    return sound;
  }

  bool check_distinct(const Node& node, const Path& path) {
    std::set<std::string_view> seen;
    bool sound = true;
    for (std::size_t i = 0; i < node.items.size(); ++i)
      if (const Node& item = node.items[i];
          item.kind == Node::Kind::scalar && !seen.insert(item.scalar).second)
        sound = report(item.place, "crd-duplicate-item", Path{&path, {}, i},
                       "repeats " + shown(item), "it a second time", "each value once");
    return sound;
  }

  bool check_keys(const Schema& schema, const Node& node, const Path& path) {
    std::set<std::vector<std::string_view>> seen;
    bool sound = true;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      if (node.items[i].kind != Node::Kind::mapping) continue;
      std::vector<std::string_view> key;
      std::vector<std::string> spelt;
      for (const std::string_view name : schema.keys) {
        const Node* value = node.items[i].find(name);
        key.push_back(value ? std::string_view(value->scalar) : "");
        spelt.push_back(fmt::format("{} {}", name, value ? shown(*value) : "\"\""));
      }
      if (!seen.insert(key).second)
        sound = report(node.items[i].place, "crd-duplicate-key", Path{&path, {}, i},
                       fmt::format("repeats {}", fmt::join(spelt, ", ")), "it a second time",
                       fmt::format("each {} once", fmt::join(schema.keys, ", ")));
    }
    return sound;
  }

  bool check_string(const Schema& schema, const Node& node, const Path& path) {
    if (!schema.one_of.empty()) return check_choice(schema, node, path);
    if (!check_size(schema, node, path, characters(node.scalar), "characters", "length"))
      return false;
    const Pattern* pattern = schema.pattern;
    if (!pattern || pattern->matches(node.scalar)) return true;
    return report(node.place, "crd-pattern", path, fmt::format("must be {}", pattern->what),
                  quoted_line(node.scalar), std::string(pattern->regex));
  }

  bool check_choice(const Schema& schema, const Node& node, const Path& path) {
    if (std::ranges::find(schema.one_of, node.scalar) != schema.one_of.end()) return true;
    return report(node.place, "crd-enum", path, "has a value that does not exist", shown(node),
                  one_of(strings(schema.one_of)),
                  did_you_mean(node.scalar, strings(schema.one_of)));
  }

  bool check_integer(const Schema& schema, Node& node, const Path& path) {
    const auto value = integer_value(node);
    if (!value) return check_string(schema, node, path);
    node.scalar = std::to_string(*value);
    if (!schema.one_of.empty()) return check_choice(schema, node, path);
    const bool low = schema.minimum && *value < *schema.minimum;
    if (!low && (!schema.maximum || *value <= *schema.maximum)) return true;
    const std::string what = low ? fmt::format("must be at least {}", *schema.minimum)
                                 : fmt::format("must be at most {}", *schema.maximum);
    const bool open = low && schema.maximum == kMaxInt;
    return report(node.place, low ? "crd-minimum" : "crd-maximum", path, what,
                  std::to_string(*value),
                  open ? fmt::format("{} or more", *schema.minimum) : range(schema, "", "less"));
  }

  bool check_number(const Schema& schema, const Node& node, const Path& path) {
    const double value = number_value(node).value_or(0);
    const bool low = schema.minimum && value < static_cast<double>(*schema.minimum);
    if (!low && (!schema.maximum || value <= static_cast<double>(*schema.maximum))) return true;
    return report(node.place, low ? "crd-minimum" : "crd-maximum", path,
                  low ? fmt::format("must be at least {}", *schema.minimum)
                      : fmt::format("must be at most {}", *schema.maximum),
                  node.scalar, range(schema, "", "less"));
  }

  bool check_size(const Schema& schema, const Node& node, const Path& path, std::ptrdiff_t size,
                  std::string_view unit, std::string_view rule) {
    const bool low = schema.minimum && size < *schema.minimum;
    if (!low && (!schema.maximum || size <= *schema.maximum)) return true;
    const std::string what = size == 0 ? "must not be empty"
                             : low ? fmt::format("must have at least {} {}", *schema.minimum, unit)
                                   : fmt::format("must have at most {} {}", *schema.maximum, unit);
    return report(node.place, fmt::format("crd-{}-{}", low ? "min" : "max", rule), path, what,
                  std::to_string(size), range(schema, unit, "fewer"));
  }

  model::Channel channel_;
  Diagnostics& diagnostics_;
};

}  // namespace

bool validate(const Schema& schema, model::Channel channel, Node& manifest,
              Diagnostics& diagnostics) {
  const auto before = diagnostics.size();
  Validator(channel, diagnostics).check(schema, manifest, Path{});
  return std::none_of(diagnostics.begin() + static_cast<std::ptrdiff_t>(before), diagnostics.end(),
                      [](const auto& d) { return d.severity == model::Severity::error; });
}

}  // namespace spillway::scenarios::manifests
