#include "tests/unit/scenarios/schema_checker.h"

#include <set>

#include "scenarios/scalar.h"

namespace spillway::scenarios {

using Json = nlohmann::json;

Json to_json(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return nullptr;
    case Node::Kind::sequence: {
      Json list = Json::array();
      for (const Node& item : node.items) list.push_back(to_json(item));
      return list;
    }
    case Node::Kind::mapping: {
      Json object = Json::object();
      for (const Member& member : node.members) object[member.key] = to_json(member.value);
      return object;
    }
    case Node::Kind::scalar:
      break;
  }
  switch (scalar_kind(node)) {
    case ScalarKind::boolean:
      return *parse_boolean(node.scalar);
    case ScalarKind::integer:
      if (const auto value = parse_integer(node.scalar)) return *value;
      return parse_number(node.scalar).value_or(0);
    case ScalarKind::number:
      return parse_number(node.scalar).value_or(0);
    case ScalarKind::string:
      break;
  }
  return node.scalar;
}

bool SchemaChecker::matches(const std::string& pattern, const std::string& text) {
  const auto found = patterns_.try_emplace(pattern, pattern, std::regex::ECMAScript).first;
  return std::regex_search(text, found->second);
}

int SchemaChecker::fitting(const Json& schemas, const Json& value, const std::string& at) {
  int count = 0;
  for (const Json& schema : schemas) count += check(schema, value, at).empty();
  return count;
}

std::string SchemaChecker::check(const Json& schema, const Json& value, const std::string& at) {
  if (schema.is_boolean()) return schema.get<bool>() ? "" : at + ": nothing is allowed";
  for (const auto& [key, argument] : schema.items())
    if (std::string wrong = keyword(key, schema, value, at); !wrong.empty()) return wrong;
  return value.is_object() ? object(schema, value, at) : "";
}

std::string SchemaChecker::keyword(const std::string& key, const Json& schema, const Json& value,
                                   const std::string& at) {
  static const std::set<std::string> kElsewhere{"$schema",
                                                "$id",
                                                "title",
                                                "$defs",
                                                "required",
                                                "description",
                                                "properties",
                                                "default",
                                                "dependentRequired",
                                                "patternProperties",
                                                "additionalProperties"};
  const Json& argument = schema.at(key);
  if (kElsewhere.contains(key)) return {};
  const auto fail = [&](bool good) { return good ? std::string() : at + ": " + key; };
  if (key == "$ref")
    return check(root_.at(Json::json_pointer(argument.get<std::string>().substr(1))), value, at);
  if (key == "type") {
    const std::string type = argument;
    return fail((type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
                (type == "string" && value.is_string()) ||
                (type == "boolean" && value.is_boolean()) ||
                (type == "number" && value.is_number()) ||
                (type == "integer" && value.is_number_integer()));
  }
  if (key == "const") return fail(value == argument);
  if (key == "enum")
    return fail(std::find(argument.begin(), argument.end(), value) != argument.end());
  if (key == "anyOf") return fail(fitting(argument, value, at) > 0);
  if (key == "oneOf") return fail(fitting(argument, value, at) == 1);
  if (key == "allOf")
    return fail(fitting(argument, value, at) == static_cast<int>(argument.size()));
  if (key == "not") return fail(!check(argument, value, at).empty());
  if (key == "pattern")
    return fail(!value.is_string() || matches(argument, value.get<std::string>()));
  if (key == "minimum") return fail(!value.is_number() || value >= argument);
  if (key == "maximum") return fail(!value.is_number() || value <= argument);
  if (key == "exclusiveMinimum") return fail(!value.is_number() || value > argument);
  if (key == "minItems") return fail(!value.is_array() || value.size() >= argument);
  if (key == "items") {
    for (std::size_t i = 0; value.is_array() && i < value.size(); ++i)
      if (std::string wrong = check(argument, value[i], at + "[" + std::to_string(i) + "]");
          !wrong.empty())
        return wrong;
    return {};
  }
  return at + ": the keyword " + key + " is not known";
}

std::string SchemaChecker::object(const Json& schema, const Json& value, const std::string& at) {
  for (const Json& key : schema.value("required", Json::array()))
    if (!value.contains(key)) return at + ": required " + key.get<std::string>();
  const Json dependent = schema.value("dependentRequired", Json::object());
  const Json patterns = schema.value("patternProperties", Json::object());
  for (const auto& [key, others] : dependent.items())
    for (const Json& other : others)
      if (value.contains(key) && !value.contains(other)) return at + ": dependentRequired " + key;
  for (const auto& [key, member] : value.items()) {
    const std::string below = at + "." + key;
    bool known = false;
    std::string wrong;
    if (schema.contains("properties") && schema["properties"].contains(key)) {
      known = true;
      wrong = check(schema["properties"][key], member, below);
    }
    for (const auto& [pattern, fits] : patterns.items())
      if (matches(pattern, key)) {
        known = true;
        if (wrong.empty()) wrong = check(fits, member, below);
      }
    if (!known && schema.contains("additionalProperties"))
      wrong = check(schema["additionalProperties"], member, below);
    if (!wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace spillway::scenarios
