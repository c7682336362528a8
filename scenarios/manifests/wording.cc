#include "scenarios/manifests/wording.h"

#include <fmt/format.h>

#include "scenarios/manifests/kube_scalar.h"
#include "scenarios/suggest.h"

namespace spillway::scenarios::manifests {

using Type = Schema::Type;

std::string Path::text() const {
  if (!parent) return {};
  std::string out = parent->text();
  if (index) return out + fmt::format("[{}]", *index);
  if (name.find_first_of("./[]\" ") != name.npos) return out + '[' + quoted_line(name) + ']';
  if (!out.empty()) out += '.';
  return out.append(name);
}

std::string range(const Schema& schema, std::string_view unit, std::string_view fewer) {
  const std::string suffix = unit.empty() ? "" : fmt::format(" {}", unit);
  if (schema.minimum && schema.maximum)
    return fmt::format("{} to {}{}", *schema.minimum, *schema.maximum, suffix);
  if (schema.minimum) return fmt::format("{}{} or more", *schema.minimum, suffix);
  return fmt::format("{}{} or {}", *schema.maximum, suffix, fewer);
}

std::string expectation(const Schema& schema) {
  if (!schema.one_of.empty())
    return one_of(std::vector<std::string>(schema.one_of.begin(), schema.one_of.end()));
  switch (schema.type) {
    case Type::object:
    case Type::map:
      return "a mapping";
    case Type::list:
      return "a list";
    case Type::string:
      return schema.pattern ? std::string(schema.pattern->what) : "a string";
    case Type::integer:
      return "an integer";
    case Type::number:
      return "a number";
    case Type::boolean:
      return "true or false";
    case Type::integer_or_string:
      return "an integer or a string";
    case Type::any:
      break;
  }
  return "a value";
}

}  // namespace spillway::scenarios::manifests
