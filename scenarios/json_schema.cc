#include <nlohmann/json.hpp>

#include <set>

#include "scenarios/schema.h"
#include "scenarios/types.h"

namespace spillway::scenarios {
namespace {

using Json = nlohmann::ordered_json;

/// Integral numbers without a decimal point.
Json number(double value) {
  const auto whole = static_cast<std::int64_t>(value);
  return static_cast<double>(whole) == value ? Json(whole) : Json(value);
}

Json form_schema(const Shape::Form& form) {
  Json schema{{"type", form.json_type}};
  if (form.json_type == "boolean" && !form.choices.empty()) return Json{{"const", true}};
  if (form.choices.size() == 1)
    schema["const"] = form.choices[0];
  else if (!form.choices.empty())
    schema["enum"] = form.choices;
  if (!form.pattern.empty()) schema["pattern"] = form.pattern;
  if (form.minimum)
    schema[form.exclusive_minimum ? "exclusiveMinimum" : "minimum"] = number(*form.minimum);
  if (form.maximum) schema["maximum"] = number(*form.maximum);
  return schema;
}

/// Objects that hold themselves are definitions of their own; all others stand where they are used.
class Writer {
 public:
  Json schema(const Shape& shape) {
    switch (shape.kind) {
      case Shape::Kind::scalar:
        return scalar(shape);
      case Shape::Kind::list: {
        Json list{{"type", "array"}, {"items", schema(*shape.item)}};
        if (shape.fewest_items > 0) list["minItems"] = shape.fewest_items;
        return list;
      }
      case Shape::Kind::either: {
        Json any = Json::array();
        for (const ShapePtr& a : shape.alternatives) any.push_back(schema(*a));
        return Json{{"anyOf", std::move(any)}};
      }
      case Shape::Kind::reference:
      case Shape::Kind::object:
        break;
    }
    const Shape& object = shape.kind == Shape::Kind::reference ? shape.target() : shape;
    if (object.name.empty()) return object_schema(object);
    return defined(object);
  }

  Json definitions;

 private:
  static Json scalar(const Shape& shape) {
    if (shape.forms.size() == 1) return form_schema(shape.forms[0]);
    Json any = Json::array();
    for (const Shape::Form& form : shape.forms) any.push_back(form_schema(form));
    return Json{{"anyOf", std::move(any)}};
  }

  Json defined(const Shape& object) {
    const auto [entry, added] = names_.emplace(&object, object.name);
    if (added) {
      for (char& c : entry->second)
        if (c == ' ') c = '-';
      while (!taken_.insert(entry->second).second) entry->second += '_';
      definitions[entry->second] = nullptr;  // keeps the order of first use
      Json made = object_schema(object);
      definitions[entry->second] = std::move(made);
    }
    return Json{{"$ref", "#/$defs/" + names_.at(&object)}};
  }

  Json object_schema(const Shape& object) {
    Json made{{"type", "object"}};
    if (!object.meaning.empty()) made["description"] = object.meaning;
    Json properties = Json::object();
    Json required = Json::array();
    for (const Field& field : object.fields) {
      Json property = schema(*field.shape);
      property["description"] = field.meaning;
      properties[field.key] = std::move(property);
      if (field.required) required.push_back(field.key);
    }
    if (!object.fields.empty()) made["properties"] = std::move(properties);
    if (object.other_keys && !object.other_key_pattern.empty())
      made["patternProperties"] = Json{{object.other_key_pattern, schema(*object.other_keys)}};
    const bool any_key = object.other_keys && object.other_key_pattern.empty();
    made["additionalProperties"] = any_key ? schema(*object.other_keys) : Json(false);
    if (!required.empty()) made["required"] = std::move(required);
    add_rules(object, made);
    return made;
  }

  static void add_rules(const Shape& object, Json& made) {
    Json all = Json::array();
    for (const KeyRule& rule : object.rules) {
      if (rule.kind == KeyRule::Kind::needs) {
        made["dependentRequired"][rule.keys[0]] = Json::array({rule.keys[1]});
        continue;
      }
      Json one = Json::array();
      for (const std::string& key : rule.keys) one.push_back({{"required", {key}}});
      if (rule.kind == KeyRule::Kind::at_most_one) {
        Json any = Json{{"anyOf", one}};
        one.push_back(Json{{"not", std::move(any)}});
      }
      all.push_back(Json{{"oneOf", std::move(one)}});
    }
    if (all.size() == 1)
      made.update(all[0]);
    else if (!all.empty())
      made["allOf"] = std::move(all);
  }

  std::map<const Shape*, std::string> names_;
  std::set<std::string> taken_;
};

}  // namespace

std::string json_schema() {
  Writer writer;
  const Json root = writer.schema(*scenario_file().shape);
  Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
              {"$id", "https://spillway.dev/schema/v1alpha1/scenario.json"},
              {"title", "Spillway scenario"}};
  schema.update(root);
  schema["$defs"] = std::move(writer.definitions);
  return schema.dump(2) + "\n";
}

}  // namespace spillway::scenarios
