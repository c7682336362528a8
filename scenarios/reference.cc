#include <fmt/format.h>

#include <set>
#include <vector>

#include "scenarios/schema.h"
#include "scenarios/suggest.h"
#include "scenarios/types.h"

namespace spillway::scenarios {
namespace {

std::string anchor(const std::string& name) {
  std::string text;
  for (const char c : name) {
    if (c == ' ')
      text += '-';
    else
      text += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return text;
}

std::string cell(const std::string& text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' ? std::string("\\|") : std::string(1, c);
  return escaped;
}

/// One section an object, in the order in which they are first named.
class Reference {
 public:
  std::string write(const Shape& root) {
    announce(root);
    for (std::size_t i = 0; i < sections_.size(); ++i) section(*sections_[i]);
    return std::move(text_);
  }

 private:
  void announce(const Shape& object) {
    if (known_.insert(&object).second) sections_.push_back(&object);
  }

  std::string link(const Shape& object) {
    announce(object);
    return fmt::format("[{}](#{})", object.name, anchor(object.name));
  }

  /// What may stand there, with links to objects.
  std::string type(const Shape& shape) {
    switch (shape.kind) {
      case Shape::Kind::scalar:
        return shape.expected;
      case Shape::Kind::list:
        return "list of " + type(*shape.item);
      case Shape::Kind::reference:
        return link(shape.target());
      case Shape::Kind::object:
        return shape.name.empty() ? shape.expected : link(shape);
      case Shape::Kind::either:
        break;
    }
    std::vector<std::string> ways;
    for (const ShapePtr& a : shape.alternatives) ways.push_back(type(*a));
    return one_of(ways);
  }

  void section(const Shape& object) {
    text_ += fmt::format("\n## {}\n\n{}\n", object.name, object.meaning);
    for (const KeyRule& rule : object.rules) text_ += fmt::format("\n{}\n", sentence(rule));
    if (object.fields.empty() && !object.other_keys) {
      text_ += "\nIt has no fields: `{}`.\n";
      return;
    }
    text_ += "\n| Field | Type | Default | Meaning |\n|---|---|---|---|\n";
    for (const Field& field : object.fields)
      text_ += fmt::format("| `{}` | {} | {} | {} |\n", field.key, cell(type(*field.shape)),
                           field.required ? "**required**" : cell(field.default_text),
                           cell(field.meaning));
    if (!object.other_keys) return;
    const std::string& pattern = object.other_key_pattern;
    text_ += fmt::format("| any other key{} | {} | | |\n",
                         pattern.empty() ? "" : fmt::format(" like `{}`", cell(pattern)),
                         cell(type(*object.other_keys)));
  }

  static std::string sentence(const KeyRule& rule) {
    std::vector<std::string> keys;
    for (const std::string& key : rule.keys) keys.push_back(fmt::format("`{}`", key));
    if (rule.kind == KeyRule::Kind::needs) return keys[0] + " stands only beside " + keys[1] + ".";
    if (keys.size() == 1) return keys[0] + " must stand.";
    return (rule.kind == KeyRule::Kind::exactly_one ? "Exactly one of " : "At most one of ") +
           one_of(keys) + ".";
  }

  std::string text_;
  std::vector<const Shape*> sections_;
  std::set<const Shape*> known_;
};

constexpr std::string_view kIntroduction = R"(# Scenario files

This page is made from the description of the format that the reader of scenario files itself uses
(`spillway schema` prints the same as a JSON Schema). YAML 1.2 or JSON. A file may hold several
documents, separated by `---`: one of kind Scenario, and any Kubernetes manifests, as if they were
listed under `manifests`.

**Durations** are sums of numbers with the units h, m, s, ms, us, ns: `1h30m`, `250ms`, `1.5s`.
**Rates** are `200/s`, `12000/m` or `5/h`. **Percentages** are `50`, `50%` or `0.5%`. A quantity
without its unit, a negative one and one out of range are errors. Text that looks like a number,
`true`, `false` or `null` needs quotes.
)";

}  // namespace

std::string scenario_reference() {
  return std::string(kIntroduction) + Reference().write(*scenario_file().shape);
}

}  // namespace spillway::scenarios
