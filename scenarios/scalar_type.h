// Helpers for the definitions of scalar types (basic_types.cc, text_types.cc).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/type.h"

namespace spillway::scenarios {

inline Shape scalar_shape(std::string name, std::string expected, std::vector<Shape::Form> forms) {
  Shape shape;
  shape.name = std::move(name);
  shape.expected = std::move(expected);
  shape.forms = std::move(forms);
  return shape;
}

inline Shape::Form string_form(std::string pattern) {
  Shape::Form form;
  form.json_type = "string";
  form.pattern = std::move(pattern);
  return form;
}

inline Shape::Form number_form(std::string type, double least, double most, bool above = false) {
  Shape::Form form;
  form.json_type = std::move(type);
  form.minimum = least;
  form.exclusive_minimum = above;
  if (most < 1e15) form.maximum = most;
  return form;
}

/// What a scalar's parser found: `wrong` empty, or the phrase that says what is wrong.
struct Verdict {
  std::string_view rule;
  std::string_view wrong;
};

/// A type whose values are read by `parse(node, into) -> Verdict` from scalars.
template <class T, class Parse>
Type<T> scalar_type(Shape shape, std::string_view wrong_kind, Parse parse) {
  const auto shared = std::make_shared<const Shape>(std::move(shape));
  return {
      shared,
      [shared, wrong_kind, parse](const Node& node, const Path& path, T& into, Decoding& decoding) {
        if (node.kind != Node::Kind::scalar)
          return complain(node, path, decoding, "wrong-type", wrong_kind, shared->expected);
        const Verdict verdict = parse(node, into);
        return verdict.wrong.empty() || complain(node, path, decoding, std::string(verdict.rule),
                                                 verdict.wrong, shared->expected);
      },
      {}};
}

}  // namespace spillway::scenarios
