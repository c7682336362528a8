#include "model/gateway/regex_syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/gateway/regex_classes.h"

namespace spillway::model::regex_syntax {
namespace {

using Bytes = Regex::Bytes;
using Assert = Regex::Instruction::Kind;

constexpr int kMaxNesting = 200;

struct Flags {
  bool ignore_case = false;
  bool multi_line = false;
  bool dot_matches_newline = false;
};

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

struct SyntaxError {
  std::string clause;
};

class Parser {
 public:
  explicit Parser(std::string_view pattern) : rest_(pattern) {}

  Node parse_all() {
    Node node = alternation();
    if (!rest_.empty()) fail("unexpected )");
    return node;
  }

 private:
  [[noreturn]] static void fail(std::string clause) { throw SyntaxError{std::move(clause)}; }

  bool take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  char take_char(std::string_view missing) {
    if (rest_.empty()) fail(std::string(missing));
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  static void add(Node& parent, Node child) {
    parent.copies = std::max(parent.copies, child.copies);
    parent.children.push_back(std::move(child));
  }

  Node alternation() {
    if (++nesting_ > kMaxNesting) fail("groups are nested too deeply");
    Node node{.kind = Node::Kind::alternation};
    do add(node, concatenation());
    while (take("|"));
    --nesting_;
    return node;
  }

  Node concatenation() {
    Node node{.kind = Node::Kind::concatenation};
    while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
      if (take("\\Q")) {
        quote(node);
        continue;
      }
      add(node, repeated(atom()));
    }
    return node;
  }

  /// \Q...\E: literal text; a repetition behind it is of the last character.
  void quote(Node& to) {
    const std::size_t size = std::min(rest_.find("\\E"), rest_.size());
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    take("\\E");
    for (std::size_t i = 0; i < text.size(); ++i)
      add(to, i + 1 < text.size() ? literal(text[i]) : repeated(literal(text[i])));
  }

  /// `node` with the repetition that follows, if any.
  Node repeated(Node node) {
    bool again = false;
    while (const auto bounds = quantifier()) {
      if (again) fail("a repetition cannot be repeated without a group");
      again = true;
      const auto [min, max] = *bounds;
      Node outer{.kind = Node::Kind::repeat, .min = min, .max = max};
      outer.copies = node.copies * std::max({min, max, 1});
      if (outer.copies > kMaxRepeat)
        fail(fmt::format("repetitions multiply to above {}", kMaxRepeat));
      outer.children.push_back(std::move(node));
      node = std::move(outer);
      take("?");  // lazy: the same language
    }
    return node;
  }

  std::optional<std::pair<int, int>> quantifier() {
    if (take("*")) return std::pair{0, kUnbounded};
    if (take("+")) return std::pair{1, kUnbounded};
    if (take("?")) return std::pair{0, 1};
    return counted();
  }

  /// {n}, {n,} or {n,m}; anything else that starts with { is literal text, as in RE2.
  std::optional<std::pair<int, int>> counted() {
    const std::string_view before = rest_;
    if (!take("{")) return std::nullopt;
    const auto min = number();
    std::optional<int> max = min;
    if (min && take(",")) max = rest_.starts_with("}") ? kUnbounded : number();
    if (!min || !max || !take("}")) {
      rest_ = before;
      return std::nullopt;
    }
    if (*min > kMaxRepeat || *max > kMaxRepeat)
      fail(fmt::format("a repetition is above {}", kMaxRepeat));
    if (*max != kUnbounded && *max < *min) fail("a repetition has its bounds in the wrong order");
    return std::pair{*min, *max};
  }

  std::optional<int> number() {
    std::optional<int> value;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      value = std::min(value.value_or(0) * 10 + (rest_.front() - '0'), kMaxRepeat + 1);
      rest_.remove_prefix(1);
    }
    return value;
  }

  Node atom() {
    const char c = take_char("");
    switch (c) {
      case '(':
        return group();
      case '[':
        return bytes(char_class());
      case '.':
        return bytes(flags_.dot_matches_newline ? ~Bytes() : ~range('\n', '\n'));
      case '^':
        return assertion(flags_.multi_line ? Assert::line_begin : Assert::text_begin);
      case '$':
        return assertion(flags_.multi_line ? Assert::line_end : Assert::text_end);
      case '\\':
        return escape();
      case '*':
      case '+':
      case '?':
        fail(fmt::format("nothing to repeat before {}", c));
      default:
        return literal(c);
    }
  }

  Node group() {
    const Flags outer = flags_;
    if (take("?")) {
      if (take("P<") || (rest_.starts_with("<") && !rest_.starts_with("<=") &&
                         !rest_.starts_with("<!") && take("<"))) {
        while (take_char("a group name lacks its >") != '>') continue;
      } else if (!take(":") && read_flags()) {
        return Node{};  // (?i): for the rest of the group around it
      }
    }
    Node node = alternation();
    if (!take(")")) fail("a group lacks its )");
    flags_ = outer;
    return node;
  }

  /// After "(?": true where the flags end with ")", false where they end with ":".
  bool read_flags() {
    bool value = true;
    while (true) {
      switch (take_char("a group lacks its )")) {
        case 'i':
          flags_.ignore_case = value;
          break;
        case 'm':
          flags_.multi_line = value;
          break;
        case 's':
          flags_.dot_matches_newline = value;
          break;
        case 'U':
          break;
        case '-':
          value = false;
          break;
        case ')':
          return true;
        case ':':
          return false;
        default:
          fail("a group of this kind is not supported");
      }
    }
  }

  Node escape() {
    const char c = take_char("it ends with a \\");
    if (const auto set = perl_class(c)) return bytes(*set);
    switch (c) {
      case 'b':
        return assertion(Assert::word_boundary);
      case 'B':
        return assertion(Assert::no_word_boundary);
      case 'A':
        return assertion(Assert::text_begin);
      case 'z':
        return assertion(Assert::text_end);
      case 'C':
        return bytes(~Bytes());
      default:
        return literal(escaped_char(c));
    }
  }

  char escaped_char(char c) {
    constexpr std::string_view kNames = "aftnrv";
    constexpr std::string_view kValues = "\a\f\t\n\r\v";
    if (const auto i = kNames.find(c); i != std::string_view::npos) return kValues[i];
    if (c == 'x') return hex();
    if (is_alnum(c) || static_cast<unsigned char>(c) >= 0x80)
      fail(fmt::format("\\{} is not supported", c));
    return c;
  }

  char hex() {
    const bool braces = take("{");
    int value = 0;
    int digits = 0;
    while (digits < (braces ? 8 : 2) && !rest_.empty()) {
      const char c = rest_.front();
      const auto digit = std::string_view("0123456789abcdef")
                             .find(static_cast<char>(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c));
      if (digit == std::string_view::npos) break;
      value = std::min(value * 16 + static_cast<int>(digit), 0x100);
      rest_.remove_prefix(1);
      ++digits;
    }
    if (digits == 0 || (!braces && digits != 2) || (braces && !take("}")))
      fail("\\x lacks its digits");
    if (value >= 0x80) fail("\\x above 7F is not supported");
    return static_cast<char>(value);
  }

  Bytes char_class() {
    const bool negated = take("^");
    Bytes set;
    for (bool first = true; first || !rest_.starts_with("]"); first = false) set |= class_item();
    take("]");
    if (flags_.ignore_case) set = fold_case(set);
    return negated ? ~set : set;
  }

  Bytes class_item() {
    constexpr std::string_view kOpen = "a class lacks its ]";
    if (take("[:")) {
      const bool negated = take("^");
      const auto end = rest_.find(":]");
      if (end == std::string_view::npos) fail(std::string(kOpen));
      const auto set = posix_class(rest_.substr(0, end));
      if (!set) fail(fmt::format("there is no class [:{}:]", rest_.substr(0, end)));
      rest_.remove_prefix(end + 2);
      return negated ? ~*set : *set;
    }
    if (rest_.size() > 1 && rest_.front() == '\\')
      if (const auto set = perl_class(rest_[1])) return rest_.remove_prefix(2), *set;
    const char from = class_char();
    if (!rest_.starts_with("-") || rest_.starts_with("-]")) return one(from);
    take("-");
    const char to = class_char();
    if (to < from) fail("a class has a range in the wrong order");
    return range(static_cast<unsigned char>(from), static_cast<unsigned char>(to));
  }

  char class_char() {
    const char c = take_char("a class lacks its ]");
    if (static_cast<unsigned char>(c) >= 0x80) fail("a class has a character that is not ASCII");
    return c == '\\' ? escaped_char(take_char("a class lacks its ]")) : c;
  }

  static Bytes one(char c) {
    return range(static_cast<unsigned char>(c), static_cast<unsigned char>(c));
  }
  static Node bytes(const Bytes& set) { return Node{.kind = Node::Kind::bytes, .bytes = set}; }
  static Node assertion(Assert kind) {
    return Node{.kind = Node::Kind::assertion, .assertion = kind};
  }
  Node literal(char c) const { return bytes(flags_.ignore_case ? fold_case(one(c)) : one(c)); }

  std::string_view rest_;
  Flags flags_;
  int nesting_ = 0;
};

}  // namespace

std::optional<Node> parse(std::string_view pattern, std::string& error) {
  try {
    return Parser(pattern).parse_all();
  } catch (const SyntaxError& e) {
    error = e.clause;
    return std::nullopt;
  }
}

}  // namespace spillway::model::regex_syntax
