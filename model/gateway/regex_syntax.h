// The syntax tree of a Regex and its parser. Internal to model/gateway.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/gateway/regex.h"

namespace spillway::model::regex_syntax {

/// RE2 refuses counted repetitions above this, nested ones multiplied.
inline constexpr int kMaxRepeat = 1000;
inline constexpr int kUnbounded = -1;

struct Node {
  enum class Kind { empty, bytes, assertion, concatenation, alternation, repeat };
  Kind kind = Kind::empty;
  Regex::Bytes bytes{};
  Regex::Instruction::Kind assertion{};
  std::vector<Node> children{};
  int min = 0;
  int max = kUnbounded;
  int copies = 1;  ///< of one instruction at most, by the counted repetitions in this node
};

/// The tree of `pattern`; absent, with a clause in `error`, where it is not valid.
std::optional<Node> parse(std::string_view pattern, std::string& error);

}  // namespace spillway::model::regex_syntax
