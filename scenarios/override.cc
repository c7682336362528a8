#include "scenarios/override.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "scenarios/document.h"
#include "scenarios/mistake.h"
#include "scenarios/suggest.h"
#include "scenarios/types.h"

namespace spillway::scenarios {
namespace {

using model::Diagnostics;
using model::Place;

/// A key, or an index of a list.
struct Token {
  std::string key;
  std::optional<std::size_t> index;

  std::string text() const { return index ? fmt::format("[{}]", *index) : key; }
};

struct SplitPath {
  std::string object;  ///< empty: the scenario
  std::string fields;
};

SplitPath split(const std::string& path) {
  const std::size_t colon = path.find_first_of(":[\"");
  if (colon == std::string::npos || path[colon] != ':') return {"", path};
  return {path.substr(0, colon), path.substr(colon + 1)};
}

/// `a.b[2].c["d.e/f"]`; none if it is malformed.
std::optional<std::vector<Token>> parse_fields(std::string_view text) {
  std::vector<Token> tokens;
  bool wants_key = true;
  while (!text.empty() || wants_key) {
    if (text.starts_with("[\"")) {
      const std::size_t end = text.find("\"]", 2);
      if (end == std::string_view::npos || (wants_key && !tokens.empty())) return std::nullopt;
      tokens.push_back({std::string(text.substr(2, end - 2)), {}});
      text.remove_prefix(end + 2);
    } else if (text.starts_with('[')) {
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), index);
      if (error != std::errc() || end == text.data() + text.size() || *end != ']' || wants_key)
        return std::nullopt;
      tokens.push_back({{}, index});
      text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    } else {
      if (!wants_key) return std::nullopt;
      const std::size_t end = std::min(text.find_first_of(".["), text.size());
      if (end == 0) return std::nullopt;
      tokens.push_back({std::string(text.substr(0, end)), {}});
      text.remove_prefix(end);
    }
    wants_key = text.starts_with('.');
    if (wants_key) text.remove_prefix(1);
  }
  return tokens;
}

void set_place(Node& node, const Place& place) {
  node.place = place;
  for (Node& item : node.items) set_place(item, place);
  for (Member& member : node.members) {
    member.key_place = place;
    set_place(member.value, place);
  }
}

std::string scalar_of(const Node* node) {
  return node != nullptr && node->kind == Node::Kind::scalar ? node->scalar : std::string();
}

/// Whether the format of scenarios has an object with this field at `shape`.
const Shape* field_shape(const Shape* shape, const Token& token) {
  if (shape == nullptr) return nullptr;
  if (shape->kind == Shape::Kind::reference) shape = &shape->target();
  if (token.index) return shape->kind == Shape::Kind::list ? shape->item.get() : nullptr;
  if (shape->kind != Shape::Kind::object) return nullptr;
  const Field* field = shape->field(token.key);
  return field != nullptr ? field->shape.get() : nullptr;
}

/// Sets one value; knows how far the path has led.
class Setter {
 public:
  Setter(const Place& place, Diagnostics& diagnostics) : place_(place), diagnostics_(diagnostics) {}

  /// The node that the first `count` tokens lead to; none after a complaint.
  Node* reach(Node& document, const std::vector<Token>& tokens, std::size_t count) {
    Node* at = &document;
    const Shape* shape =
        scalar_of(document.find("kind")) == "Scenario" ? scenario_file().shape.get() : nullptr;
    const Shape* format = shape;  // of `at`
    for (std::size_t i = 0; i < count; ++i) {
      shape = field_shape(shape, tokens[i]);
      Node* next = child(*at, tokens[i]);
      if (next == nullptr && shape != nullptr && shape->kind == Shape::Kind::object &&
          at->kind == Node::Kind::mapping)
        next = &add(*at, tokens[i].key, Node::Kind::mapping);
      if (next == nullptr) return lost(*at, tokens[i], format);
      format = shape;
      at = next;
      if (!tokens[i].index && !led_.empty()) led_ += '.';
      led_ += tokens[i].text();
    }
    return at;
  }

  void set(Node& document, const std::vector<Token>& tokens, Node value) {
    Node* parent = reach(document, tokens, tokens.size() - 1);
    if (parent == nullptr) return;
    const Token& last = tokens.back();
    Node* target = child(*parent, last);
    if (target == nullptr && !last.index && parent->kind == Node::Kind::mapping)
      target = &add(*parent, last.key, Node::Kind::null);
    if (target == nullptr)
      lost(*parent, last);
    else
      *target = std::move(value);
  }

  /// `retry` of the rule whose `retry.attempts` the path names.
  void remove_retry(Node& document, const std::vector<Token>& tokens) {
    if (Node* rule = reach(document, tokens, tokens.size() - 2))
      std::erase_if(rule->members, [](const Member& member) { return member.key == "retry"; });
  }

 private:
  static Node* child(Node& node, const Token& token) {
    if (!token.index) return node.find(token.key);
    return *token.index < node.items.size() ? &node.items[*token.index] : nullptr;
  }

  Node& add(Node& mapping, const std::string& key, Node::Kind kind) {
    Member member{key, place_, {}};
    member.value.kind = kind;
    member.value.place = place_;
    mapping.members.push_back(std::move(member));
    return mapping.members.back().value;
  }

  /// `format`: that of `at`, where it is known; its fields could stand there too.
  Node* lost(const Node& at, const Token& token, const Shape* format = nullptr) {
    const std::string where = led_.empty() ? "the document" : led_;
    std::string what;
    std::string hint;
    if (token.index && at.kind == Node::Kind::sequence) {
      what = where + " has " + std::to_string(at.items.size()) +
             (at.items.size() == 1 ? " entry" : " entries") + ", counted from 0";
    } else if (!token.index && at.kind == Node::Kind::mapping) {
      what = fmt::format("{} has no field {}", where, in_quotes(token.key));
      std::vector<std::string> keys;
      for (const Member& member : at.members) keys.push_back(member.key);
      if (format != nullptr && format->kind == Shape::Kind::reference) format = &format->target();
      if (format != nullptr)
        for (const Field& field : format->fields) keys.push_back(field.key);
      hint = did_you_mean(token.key, keys);
    } else {
      what = where + " is " + describe(at) + ", not " + (token.index ? "a list" : "a mapping");
    }
    diagnostics_.push_back(mistake(place_, "unknown-path", "the path names nothing: " + what, {},
                                   {}, std::move(hint)));
    return nullptr;
  }

  const Place& place_;
  Diagnostics& diagnostics_;
  std::string led_;
};

std::optional<Node> parse_value(const Override& change, const Place& place,
                                Diagnostics& diagnostics) {
  auto read = read_yaml(change.value, *place.file);
  for (model::Diagnostic& d : read.diagnostics()) {
    d.place = place;
    diagnostics.push_back(std::move(d));
  }
  if (!read || has_errors(read.diagnostics())) return std::nullopt;
  if (read->size() > 1) {
    diagnostics.push_back(mistake(place, "bad-override", "more than one value", {}, "one value"));
    return std::nullopt;
  }
  Node value = read->empty() ? Node{} : std::move(read->front());
  set_place(value, place);
  return value;
}

/// `retry.attempts` = 0 cannot be written in the API; it means no `retry` at all.
bool removes_retry(const Node& document, const std::vector<Token>& tokens, const Node& value) {
  const std::string kind = scalar_of(document.find("kind"));
  return (kind == "HTTPRoute" || kind == "GRPCRoute") && tokens.size() >= 2 &&
         tokens.back().key == "attempts" && tokens[tokens.size() - 2].key == "retry" &&
         value.kind == Node::Kind::scalar && !value.quoted && value.scalar == "0";
}

std::optional<ObjectName> parse_object(const std::string& text) {
  if (text.empty() || text == "Scenario") return ObjectName{"Scenario", "", ""};
  const std::size_t first = text.find('/');
  if (first == std::string::npos || first == 0) return std::nullopt;
  const std::size_t second = text.find('/', first + 1);
  if (second == std::string::npos)
    return ObjectName{text.substr(0, first), "", text.substr(first + 1)};
  return ObjectName{text.substr(0, first), text.substr(first + 1, second - first - 1),
                    text.substr(second + 1)};
}

bool names(const ObjectName& wanted, const ObjectName& name) {
  if (wanted.kind == "Scenario") return name.kind == "Scenario";
  return wanted.kind == name.kind && wanted.name == name.name &&
         (wanted.namespace_.empty() || wanted.namespace_ == name.namespace_);
}

Node* find_document(const ObjectName& wanted, const std::vector<Node*>& documents,
                    const Place& place, Diagnostics& diagnostics) {
  std::vector<std::string> known;
  for (Node* document : documents) {
    const ObjectName name = object_name(*document);
    if (names(wanted, name)) return document;
    known.push_back(name.text());
  }
  diagnostics.push_back(mistake(place, "unknown-path",
                                "the path names nothing: there is no " + wanted.text(), {},
                                one_of(known), did_you_mean(wanted.text(), known)));
  return nullptr;
}

}  // namespace

std::string ObjectName::text() const {
  if (kind == "Scenario") return kind;
  return kind + "/" + (namespace_.empty() ? "" : namespace_ + "/") + name;
}

ObjectName object_name(const Node& document) {
  const Node* metadata = document.find("metadata");
  const auto field = [&](std::string_view key) {
    return metadata != nullptr ? scalar_of(metadata->find(key)) : std::string();
  };
  ObjectName name{scalar_of(document.find("kind")), field("namespace"), field("name")};
  if (name.namespace_.empty()) name.namespace_ = "default";
  return name;
}

bool is_for_scenario(const Override& change) {
  const std::string object = split(change.path).object;
  return object.empty() || object == "Scenario";
}

void apply(const Override& change, const std::vector<Node*>& documents, Diagnostics& diagnostics) {
  const Place place{std::make_shared<const std::string>("--set " + change.path), 0, 0};
  const SplitPath path = split(change.path);
  const auto wanted = parse_object(path.object);
  const auto tokens = parse_fields(path.fields);
  if (!wanted || !tokens) {
    diagnostics.push_back(mistake(place, "bad-override", "not a path", {},
                                  "KIND/NAMESPACE/NAME:FIELDS or FIELDS of the scenario, FIELDS "
                                  "being such as spec.rules[0].retry.attempts"));
    return;
  }
  auto value = parse_value(change, place, diagnostics);
  if (!value) return;
  Node* document = find_document(*wanted, documents, place, diagnostics);
  if (document == nullptr) return;
  Setter setter(place, diagnostics);
  if (removes_retry(*document, *tokens, *value))
    setter.remove_retry(*document, *tokens);
  else
    setter.set(*document, *tokens, *std::move(value));
}

}  // namespace spillway::scenarios
