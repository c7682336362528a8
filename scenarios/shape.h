// What may be written at one place of a scenario file, as data. Each Type (type.h) carries the
// Shape that belongs to its decoder; the JSON Schema and the reference are read off the shapes, so
// that neither can say anything else than the decoder does. Immutable once built; any thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spillway::scenarios {

struct Shape;
using ShapePtr = std::shared_ptr<const Shape>;

/// Which keys of an object go together.
struct KeyRule {
  enum class Kind { exactly_one, at_most_one, needs };
  Kind kind;
  std::vector<std::string> keys;  ///< needs: the first key stands only beside the second
};

struct Field {
  std::string key;
  ShapePtr shape;
  bool required = false;
  std::string default_text;  ///< of an optional field, as the reference shows it; may be empty
  std::string meaning;
};

struct Shape {
  enum class Kind { scalar, list, object, either, reference };

  Kind kind = Kind::scalar;
  std::string
      name;  ///< of scalars: the type, e.g. "duration"; of objects: the heading in the reference
  std::string expected;  ///< for messages: "a duration such as 250ms"
  std::string meaning;   ///< one or more sentences

  // scalar: the JSON Schema of each way to write it
  struct Form {
    std::string json_type;  ///< string, number, integer, boolean
    std::string pattern;
    std::optional<double> minimum;
    std::optional<double> maximum;
    bool exclusive_minimum = false;
    std::vector<std::string> choices;
  };
  std::vector<Form> forms;

  // list
  ShapePtr item;
  std::size_t fewest_items = 0;

  // object
  std::vector<Field> fields;
  std::vector<KeyRule> rules;
  ShapePtr other_keys;  ///< value of keys that are not among `fields`; absent: there are none
  std::string other_key_pattern;  ///< of such keys; empty: any

  std::vector<ShapePtr> alternatives;    // either
  std::function<const Shape&()> target;  // reference: to an object that holds itself

  const Field* field(std::string_view key) const;
};

}  // namespace spillway::scenarios
