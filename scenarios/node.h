// A document as a tree with the place of every key and value: the common form of YAML and JSON
// input. Plain values; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/spec/diagnostic.h"

namespace spillway::scenarios {

struct Member;

/// Scalars keep their text as written (without quotes); what a plain scalar means (null, bool,
/// number) is the reader's to decide.
struct Node {
  enum class Kind { null, scalar, sequence, mapping };

  Kind kind = Kind::null;
  bool quoted = false;  ///< scalar was written in quotes (or as a block): always a string
  std::string scalar;
  std::vector<Node> items;      ///< sequence
  std::vector<Member> members;  ///< mapping, in the order of the file; keys are unique
  model::Place place;

  /// The value of `key`, or nullptr (also when this is no mapping).
  const Node* find(std::string_view key) const;
  Node* find(std::string_view key);
};

struct Member {
  std::string key;
  model::Place key_place;
  Node value;
};

/// "a mapping", "a list", "the number 3", "the string \"x\"", "null": for messages ("got X").
std::string describe(const Node& node);

}  // namespace spillway::scenarios
