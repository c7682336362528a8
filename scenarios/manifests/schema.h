// What the API server accepts as a manifest, field by field: types, limits, defaults, and the rules
// that its CRDs state as CEL expressions. Written as nested builder calls (see http_route_schema()
// and its siblings), read by validate(). Immutable once built; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/spec/scenario.h"
#include "scenarios/manifests/patterns.h"
#include "scenarios/node.h"

namespace spillway::scenarios::manifests {

/// One breach of a rule. `message` follows the path of the value that the rule stands at.
struct Violation {
  model::Place place;
  std::string message;
  std::string hint;
};
using Violations = std::vector<Violation>;

/// A CEL rule of the CRDs under a name of our own. `check` sees the value with its defaults filled
/// in and its structure valid.
struct Rule {
  std::string_view name;
  Violations (*check)(const Node& self);
};
using Rules = std::vector<Rule>;

/// Limit of every integer: also of those (retry.attempts) for which the API server takes 64 bits.
inline constexpr std::int64_t kMaxInt = 2147483647;

struct Field;

struct Schema {
  enum class Type { object, map, list, string, integer, number, boolean, integer_or_string, any };

  Type type = Type::any;
  std::vector<Field> fields;              ///< of an object; other keys are unknown
  std::shared_ptr<const Schema> element;  ///< of a list or map
  /// Of an integer's value, a string's characters, a list's items, a map's keys.
  std::optional<std::int64_t> minimum, maximum;
  std::vector<std::string_view> one_of;  ///< empty: any
  const Pattern* pattern = nullptr;
  const Pattern* key_pattern = nullptr;  ///< of a map's keys
  bool unique = false;                   ///< list whose values differ
  std::vector<std::string_view> keys;    ///< list whose items differ in these fields taken together
  Rules rules;
  /// Fields of former versions of the object, with what to write now.
  std::vector<std::pair<std::string_view, std::string_view>> former;

  Schema between(std::int64_t low, std::int64_t high) &&;
  Schema at_least(std::int64_t low) &&;
  Schema at_most(std::int64_t high) &&;
  Schema matching(const Pattern& format) &&;
  Schema key_matching(const Pattern& format) &&;
  Schema distinct() &&;
  Schema distinct_by(std::vector<std::string_view> fields) &&;
  Schema with(Rules more) &&;
  Schema formerly(std::vector<std::pair<std::string_view, std::string_view>> names) &&;
};

struct Field {
  std::string_view name;
  Schema schema;
  bool required = false;
  bool experimental_only = false;
  std::optional<Node> preset;  ///< what the API server fills in; nested defaults follow from it

  Field defaults_to(Node value) &&;
};

Schema object(std::vector<Field> fields);
Schema map_of(Schema value);
Schema list_of(Schema item);
Schema text();
Schema integer(std::int64_t low, std::int64_t high);
Schema number(std::int64_t low, std::int64_t high);  ///< fractions too
Schema boolean();
Schema integer_or_text();
Schema anything();
Schema choice(std::vector<std::string_view> values);

Field field(std::string_view name, Schema schema);
Field required(std::string_view name, Schema schema);
/// A field that only the CRDs of the experimental channel have.
Field experimental(std::string_view name, Schema schema);

Node string_node(std::string value);
Node number_node(std::int64_t value);
Node object_node(std::vector<Member> members = {});
Node list_node(std::vector<Node> items);

}  // namespace spillway::scenarios::manifests
