#include "scenarios/manifests/schema.h"

#include <utility>

namespace spillway::scenarios::manifests {

Schema Schema::between(std::int64_t low, std::int64_t high) && {
  minimum = low;
  maximum = high;
  return std::move(*this);
}

Schema Schema::at_least(std::int64_t low) && {
  minimum = low;
  return std::move(*this);
}

Schema Schema::at_most(std::int64_t high) && {
  maximum = high;
  return std::move(*this);
}

Schema Schema::matching(const Pattern& format) && {
  pattern = &format;
  return std::move(*this);
}

Schema Schema::key_matching(const Pattern& format) && {
  key_pattern = &format;
  return std::move(*this);
}

Schema Schema::distinct() && {
  unique = true;
  return std::move(*this);
}

Schema Schema::distinct_by(std::vector<std::string_view> names) && {
  keys = std::move(names);
  return std::move(*this);
}

Schema Schema::with(Rules more) && {
  rules.insert(rules.end(), more.begin(), more.end());
  return std::move(*this);
}

Schema Schema::formerly(std::vector<std::pair<std::string_view, std::string_view>> names) && {
  former = std::move(names);
  return std::move(*this);
}

Field Field::defaults_to(Node value) && {
  preset = std::move(value);
  return std::move(*this);
}

namespace {

Schema of_type(Schema::Type type) {
  Schema schema;
  schema.type = type;
  return schema;
}

Schema containing(Schema::Type type, Schema element) {
  Schema schema = of_type(type);
  schema.element = std::make_shared<const Schema>(std::move(element));
  return schema;
}

}  // namespace

Schema object(std::vector<Field> fields) {
  Schema schema = of_type(Schema::Type::object);
  schema.fields = std::move(fields);
  return schema;
}

Schema map_of(Schema value) { return containing(Schema::Type::map, std::move(value)); }
Schema list_of(Schema item) { return containing(Schema::Type::list, std::move(item)); }
Schema text() { return of_type(Schema::Type::string); }
Schema boolean() { return of_type(Schema::Type::boolean); }
Schema integer_or_text() { return of_type(Schema::Type::integer_or_string); }
Schema anything() { return of_type(Schema::Type::any); }

Schema integer(std::int64_t low, std::int64_t high) {
  return of_type(Schema::Type::integer).between(low, high);
}

Schema number(std::int64_t low, std::int64_t high) {
  return of_type(Schema::Type::number).between(low, high);
}

Schema choice(std::vector<std::string_view> values) {
  Schema schema = text();
  schema.one_of = std::move(values);
  return schema;
}

Field field(std::string_view name, Schema schema) {
  return {name, std::move(schema), false, false, {}};
}
Field required(std::string_view name, Schema schema) {
  return {name, std::move(schema), true, false, {}};
}
Field experimental(std::string_view name, Schema schema) {
  return {name, std::move(schema), false, true, {}};
}

Node string_node(std::string value) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.quoted = true;
  node.scalar = std::move(value);
  return node;
}

Node number_node(std::int64_t value) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.scalar = std::to_string(value);
  return node;
}

Node object_node(std::vector<Member> members) {
  Node node;
  node.kind = Node::Kind::mapping;
  node.members = std::move(members);
  return node;
}

Node list_node(std::vector<Node> items) {
  Node node;
  node.kind = Node::Kind::sequence;
  node.items = std::move(items);
  return node;
}

}  // namespace spillway::scenarios::manifests
