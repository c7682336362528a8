// The words of messages about manifests: where a value stands, what was expected of it. Pure; any
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/manifests/schema.h"

namespace spillway::scenarios::manifests {

/// The way from the object to a value: "spec.rules[0].retry", and `metadata.labels["a/b"]` for keys
/// that are no plain words. Links live on the stack of the walk; the text is made for messages
/// only.
struct Path {
  const Path* parent = nullptr;
  std::string_view name;
  std::optional<std::size_t> index;

  std::string text() const;
};

/// The limits of `schema`: "1 to 16", "1 or more", "16 or less"; `fewer` is the word for "less" and
/// `unit`, if any, follows: "16 items or fewer".
std::string range(const Schema& schema, std::string_view unit, std::string_view fewer);

/// What a value of the type of `schema` is called: "a mapping", "an integer", "true or false".
std::string expectation(const Schema& schema);

}  // namespace spillway::scenarios::manifests
