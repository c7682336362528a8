#include "model/gateway/regex.h"

#include <fmt/format.h>

#include <utility>

#include "model/gateway/regex_syntax.h"

namespace spillway::model {
namespace {

using Instruction = Regex::Instruction;
using Kind = Instruction::Kind;
using regex_syntax::Node;

constexpr std::size_t kMaxInstructions = 20'000;

struct TooLarge {};

/// Emits a tree back to front: every node is given the instruction that follows it.
class Emitter {
 public:
  Emitter(std::vector<Instruction>& program, std::vector<Regex::Bytes>& sets)
      : program_(program), sets_(sets) {}

  std::uint32_t emit(const Node& node, std::uint32_t next) {
    switch (node.kind) {
      case Node::Kind::empty:
        return next;
      case Node::Kind::bytes:
        sets_.push_back(node.bytes);
        return add({Kind::bytes, next, static_cast<std::uint32_t>(sets_.size() - 1)});
      case Node::Kind::assertion:
        return add({node.assertion, next, 0});
      case Node::Kind::concatenation:
        for (auto child = node.children.rbegin(); child != node.children.rend(); ++child)
          next = emit(*child, next);
        return next;
      case Node::Kind::alternation:
        return alternation(node, next);
      case Node::Kind::repeat:
        return repeat(node, next);
    }
    return next;
  }

  std::uint32_t add(Instruction instruction) {
    if (program_.size() == kMaxInstructions) throw TooLarge{};
    program_.push_back(instruction);
    return static_cast<std::uint32_t>(program_.size() - 1);
  }

 private:
  std::uint32_t alternation(const Node& node, std::uint32_t next) {
    std::uint32_t entry = emit(node.children.back(), next);
    for (auto child = node.children.rbegin() + 1; child != node.children.rend(); ++child) {
      const std::uint32_t first = emit(*child, next);
      entry = add({Kind::split, first, entry});
    }
    return entry;
  }

  std::uint32_t repeat(const Node& node, std::uint32_t next) {
    const Node& child = node.children.front();
    if (node.max == regex_syntax::kUnbounded) {
      const std::uint32_t loop = add({Kind::split, 0, next});
      program_[loop].next = emit(child, loop);
      next = loop;
    } else {
      const std::uint32_t end = next;
      for (int i = node.min; i < node.max; ++i) next = add({Kind::split, emit(child, next), end});
    }
    for (int i = 0; i < node.min; ++i) next = emit(child, next);
    return next;
  }

  std::vector<Instruction>& program_;
  std::vector<Regex::Bytes>& sets_;
};

bool is_word(std::string_view text, std::size_t i) {
  if (i >= text.size()) return false;
  const char c = text[i];
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool holds(Kind assertion, std::string_view text, std::size_t at) {
  const bool boundary = is_word(text, at) != (at > 0 && is_word(text, at - 1));
  switch (assertion) {
    case Kind::text_begin:
      return at == 0;
    case Kind::text_end:
      return at == text.size();
    case Kind::line_begin:
      return at == 0 || text[at - 1] == '\n';
    case Kind::line_end:
      return at == text.size() || text[at] == '\n';
    case Kind::word_boundary:
      return boundary;
    default:
      return !boundary;
  }
}

/// The instructions that wait for a byte (or have matched) at one place of the text.
class States {
 public:
  explicit States(std::size_t program) : seen_(program, 0) {}

  void clear() {
    list_.clear();
    ++generation_;
  }
  void add(const std::vector<Instruction>& program, std::uint32_t start, std::string_view text,
           std::size_t at) {
    pending_.push_back(start);
    while (!pending_.empty()) {
      const std::uint32_t i = pending_.back();
      pending_.pop_back();
      if (std::exchange(seen_[i], generation_) == generation_) continue;
      const Instruction& instruction = program[i];
      if (instruction.kind == Kind::bytes || instruction.kind == Kind::match) {
        list_.push_back(i);
      } else if (instruction.kind == Kind::split) {
        pending_.push_back(instruction.other);
        pending_.push_back(instruction.next);
      } else if (holds(instruction.kind, text, at)) {
        pending_.push_back(instruction.next);
      }
    }
  }
  const std::vector<std::uint32_t>& list() const { return list_; }

 private:
  std::vector<std::uint32_t> list_;
  std::vector<std::uint32_t> pending_;
  std::vector<std::uint64_t> seen_;
  std::uint64_t generation_ = 1;
};

}  // namespace

std::optional<Regex> Regex::compile(std::string_view pattern, std::string* error) {
  std::string why;
  const std::optional<Node> tree = regex_syntax::parse(pattern, why);
  Regex regex;
  if (tree) try {
      Emitter emitter(regex.program_, regex.sets_);
      const std::uint32_t match = emitter.add({Kind::match, 0, 0});
      const std::uint32_t start = emitter.emit(*tree, match);
      emitter.add({Kind::split, start, start});  // the last instruction is the entry
      return regex;
    } catch (const TooLarge&) {
      why = "the expression is too large";
    }
  if (error) *error = why;
  return std::nullopt;
}

bool Regex::matches_whole(std::string_view text) const {
  States now(program_.size());
  States then(program_.size());
  now.add(program_, static_cast<std::uint32_t>(program_.size() - 1), text, 0);
  for (std::size_t at = 0; at < text.size(); ++at) {
    then.clear();
    for (const std::uint32_t i : now.list()) {
      const Instruction& instruction = program_[i];
      if (instruction.kind == Kind::bytes &&
          sets_[instruction.other][static_cast<unsigned char>(text[at])])
        then.add(program_, instruction.next, text, at + 1);
    }
    std::swap(now, then);
  }
  for (const std::uint32_t i : now.list())
    if (program_[i].kind == Kind::match) return true;
  return false;
}

}  // namespace spillway::model
