// Builds Node trees from a stream of events of a parser; checks what YAML and JSON have in common:
// depth, duplicate keys. One thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/node.h"

namespace spillway::scenarios {

/// Ends the reading of a file; the diagnostic says why.
struct BrokenText {
  model::Diagnostic diagnostic;
};

class TreeBuilder {
 public:
  explicit TreeBuilder(model::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  /// A mapping takes its keys and values in turn. Throws BrokenText when the nesting is too deep.
  void begin(Node::Kind kind, const model::Place& place);
  void add(Node node);
  /// Of the innermost open list or mapping, which is complete now.
  Node finish();

  bool empty() const { return open_.empty(); }
  /// True while the innermost open mapping waits for the value of this key.
  const Member* pending_key() const;

 private:
  struct Open {
    Node node;
    bool has_key = false;  ///< the last member has no value yet
    bool drop = false;     ///< its key was refused: the value is read and forgotten
  };

  void add_key(Open& open, Node key);

  model::Diagnostics& diagnostics_;
  std::vector<Open> open_;
};

}  // namespace spillway::scenarios
