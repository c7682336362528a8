#include <algorithm>
#include <nlohmann/json.hpp>

#include "scenarios/document.h"
#include "scenarios/mistake.h"
#include "scenarios/tree_builder.h"

namespace spillway::scenarios {
namespace {

using model::Place;

/// Walks through the text in step with the events of the parser, which has checked the grammar up
/// to there: what the next token is, is known, only where it stands is looked up.
class Cursor {
 public:
  Cursor(std::string_view text, std::shared_ptr<const std::string> file)
      : text_(text), file_(std::move(file)) {}

  /// Start of the next token; passes over white space, commas and colons.
  Place next() {
    while (at_ < text_.size() && std::string_view(" \t\r\n,:").find(text_[at_]) != text_.npos)
      advance();
    return {file_, line_, column_};
  }
  void pass(std::size_t bytes) {
    for (; bytes > 0 && at_ < text_.size(); --bytes) advance();
  }
  void pass_string() {
    advance();
    while (at_ < text_.size() && text_[at_] != '"') pass(text_[at_] == '\\' ? 2 : 1);
    advance();
  }
  /// A number, true, false or null, as written.
  std::string pass_word() {
    const std::size_t end = std::min(text_.find_first_of(" \t\r\n,]}", at_), text_.size());
    std::string word(text_.substr(at_, end - at_));
    pass(word.size());
    return word;
  }
  Place place_of(std::size_t offset) {
    pass(offset > at_ ? offset - at_ : 0);
    return {file_, line_, column_};
  }

 private:
  void advance() {
    if (at_ >= text_.size()) return;
    const auto byte = static_cast<unsigned char>(text_[at_++]);
    if (byte == '\n') {
      ++line_;
      column_ = 1;
    } else if (at_ >= text_.size() || (static_cast<unsigned char>(text_[at_]) & 0xc0) != 0x80) {
      ++column_;
    }
  }

  std::string_view text_;
  std::shared_ptr<const std::string> file_;
  std::size_t at_ = 0;
  int line_ = 1;
  int column_ = 1;
};

class JsonEvents : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonEvents(std::string_view text, std::shared_ptr<const std::string> file,
             model::Diagnostics& diagnostics)
      : cursor_(text, std::move(file)), builder_(diagnostics) {}

  std::vector<Node> documents;

  bool null() override {
    Node node;
    node.place = cursor_.next();
    cursor_.pass_word();
    return complete(std::move(node));
  }
  bool boolean(bool) override { return word(); }
  bool number_integer(number_integer_t) override { return word(); }
  bool number_unsigned(number_unsigned_t) override { return word(); }
  bool number_float(number_float_t, const string_t&) override { return word(); }
  bool string(string_t& value) override { return quoted(value); }
  bool binary(binary_t&) override { return false; }
  bool key(string_t& value) override { return quoted(value); }
  bool start_object(std::size_t) override { return begin(Node::Kind::mapping); }
  bool start_array(std::size_t) override { return begin(Node::Kind::sequence); }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::json::exception& error) override {
    std::string message = error.what();
    // "[json.exception.parse_error.101] parse error at line 1, column 5: syntax error while parsing
    // value - why"
    const std::size_t why = message.find(" - ");
    message = why == std::string::npos ? message : message.substr(why + 3);
    throw BrokenText{mistake(cursor_.place_of(position > 0 ? position - 1 : 0), "json-syntax",
                             "not valid JSON: " + message)};
  }

 private:
  bool word() {
    Node node;
    node.kind = Node::Kind::scalar;
    node.place = cursor_.next();
    node.scalar = cursor_.pass_word();
    return complete(std::move(node));
  }
  bool quoted(std::string& value) {
    Node node;
    node.kind = Node::Kind::scalar;
    node.quoted = true;
    node.place = cursor_.next();
    node.scalar = std::move(value);
    cursor_.pass_string();
    return complete(std::move(node));
  }
  bool begin(Node::Kind kind) {
    builder_.begin(kind, cursor_.next());
    cursor_.pass(1);
    return true;
  }
  bool end() {
    cursor_.next();
    cursor_.pass(1);
    return complete(builder_.finish());
  }
  bool complete(Node node) {
    if (!builder_.empty())
      builder_.add(std::move(node));
    else if (node.kind != Node::Kind::null)
      documents.push_back(std::move(node));
    return true;
  }

  Cursor cursor_;
  TreeBuilder builder_;
};

}  // namespace

model::Loaded<std::vector<Node>> read_json(std::string_view text, const std::string& name) {
  model::Diagnostics diagnostics;
  JsonEvents events(text, std::make_shared<const std::string>(name), diagnostics);
  try {
    nlohmann::json::sax_parse(text.begin(), text.end(), &events);
    return {std::move(events.documents), std::move(diagnostics)};
  } catch (const BrokenText& broken) {
    diagnostics.push_back(broken.diagnostic);
    return diagnostics;
  }
}

}  // namespace spillway::scenarios
