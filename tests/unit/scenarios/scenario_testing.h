// Helpers of the tests of the reader: trees and diagnostics as text.
#pragma once

#include <string>

#include "scenarios/node.h"

namespace spillway::scenarios {

/// A tree in one line: {a: 1, b: ['quoted', null]}.
inline std::string outline(const Node& node) {
  std::string text;
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::scalar:
      return node.quoted ? "'" + node.scalar + "'" : node.scalar;
    case Node::Kind::sequence:
      for (const Node& item : node.items) text += (text.empty() ? "" : ", ") + outline(item);
      return "[" + text + "]";
    case Node::Kind::mapping:
      for (const Member& member : node.members)
        text += (text.empty() ? "" : ", ") + member.key + ": " + outline(member.value);
      return "{" + text + "}";
  }
  return text;
}

inline std::string outline(const std::vector<Node>& documents) {
  std::string text;
  for (const Node& document : documents) text += (text.empty() ? "" : " --- ") + outline(document);
  return text;
}

/// One diagnostic a line.
inline std::string messages(const model::Diagnostics& diagnostics) {
  std::string text;
  for (const model::Diagnostic& d : diagnostics)
    text.append(text.empty() ? "" : "\n").append(to_text(d));
  return text;
}

}  // namespace spillway::scenarios
