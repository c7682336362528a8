#include "scenarios/node.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/scalar.h"

namespace spillway::scenarios {
namespace {

constexpr std::size_t kLongestQuote = 60;

/// In one line and not longer than a message can bear.
std::string shortened(const std::string& text) {
  std::string line = text.substr(0, kLongestQuote);
  while (!line.empty() && line.size() < text.size() && (text[line.size()] & 0xc0) == 0x80)
    line.pop_back();
  const bool cut = line.size() < text.size();
  std::string result;
  for (const char c : line) {
    if (c == '\n')
      result += "\\n";
    else if (c == '\t')
      result += "\\t";
    else if (c == '"')
      result += "\\\"";
    else if (static_cast<unsigned char>(c) >= 0x20)
      result += c;
  }
  return cut ? result + "..." : result;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &Member::key);
  return found == members.end() ? nullptr : &found->value;
}

Node* Node::find(std::string_view key) {
  return const_cast<Node*>(static_cast<const Node*>(this)->find(key));
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::sequence:
      return node.items.empty() ? "an empty list" : "a list";
    case Node::Kind::mapping:
      return node.members.empty() ? "an empty mapping" : "a mapping";
    case Node::Kind::scalar:
      break;
  }
  switch (scalar_kind(node)) {
    case ScalarKind::boolean:
      return shortened(node.scalar);
    case ScalarKind::integer:
    case ScalarKind::number:
      return "the number " + shortened(node.scalar);
    case ScalarKind::string:
      break;
  }
  return fmt::format("the string \"{}\"", shortened(node.scalar));
}

}  // namespace spillway::scenarios
