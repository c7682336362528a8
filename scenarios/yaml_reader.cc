#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "scenarios/document.h"
#include "scenarios/mistake.h"
#include "scenarios/tree_builder.h"

namespace spillway::scenarios {
namespace {

using model::Diagnostics;
using model::Place;

constexpr std::string_view kStringTag = "tag:yaml.org,2002:str";

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const Node& item : node.items) count += count_nodes(item);
  for (const Member& member : node.members) count += count_nodes(member.value);
  return count;
}

/// Whether the scalar at the start of `text`, maybe after an anchor and a tag, has its closing
/// quote; true for other scalars.
bool is_closed(std::string_view text) {
  while (text.starts_with('&') || text.starts_with('!')) {
    text.remove_prefix(std::min(text.find_first_of(" \n\r\t"), text.size()));
    text.remove_prefix(std::min(text.find_first_not_of(" \n\r\t"), text.size()));
  }
  if (!text.starts_with('\'') && !text.starts_with('"')) return true;
  const char quote = text[0];
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) {
      const bool doubled = quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
      if (!doubled) return true;
      ++i;
    } else if (quote == '"' && text[i] == '\\') {
      ++i;
    }
  }
  return false;
}

/// Turns the events of yaml-cpp into trees. Marks of yaml-cpp count from 0 and columns in bytes.
class YamlEvents : public YAML::EventHandler {
 public:
  YamlEvents(std::string_view text, std::shared_ptr<const std::string> file,
             Diagnostics& diagnostics)
      : text_(text),
        file_(std::move(file)),
        has_tabs_(text.find('\t') != std::string_view::npos),
        is_ascii_(std::ranges::none_of(text, is_continuation)),
        diagnostics_(diagnostics),
        builder_(diagnostics) {}

  std::vector<Node> documents;

  /// yaml-cpp takes the end of the text for the end of a quote if a line break comes before it.
  void check_last_quote() const {
    if (!last_quoted_.is_null() && !is_closed(text_.substr(last_quoted_.pos)))
      throw BrokenText{mistake(place(last_quoted_), "yaml-syntax", "a quote is not closed")};
  }

  Place place(const YAML::Mark& mark) const {
    int column = mark.column + 1;
    if (!is_ascii_ && mark.pos >= mark.column && mark.pos <= static_cast<int>(text_.size())) {
      const std::string_view before = text_.substr(mark.pos - mark.column, mark.column);
      column -= static_cast<int>(std::ranges::count_if(before, is_continuation));
    }
    return {file_, mark.line + 1, column};
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    const bool marked = mark.pos >= 0 && text_.substr(mark.pos).starts_with("---");
    if (document_count_++ > 0 && !marked)
      throw BrokenText{mistake(place(mark), "yaml-syntax", "text after the end of the document", {},
                               "a line with --- before the next document")};
    anchors_.clear();
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    // An empty value has the mark of whatever follows it: its key tells the place better.
    const Member* key = builder_.pending_key();
    Node node;
    node.place = key != nullptr ? key->key_place : place(mark);
    complete(std::move(node), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_indentation(mark);
    Node node;
    node.kind = Node::Kind::scalar;
    node.place = place(mark);
    node.quoted = tag != "?";
    if (tag != "?" && tag != "!" && tag != kStringTag) refuse_tag(node.place, tag);
    node.scalar = value;
    if (node.quoted) last_quoted_ = mark;
    complete(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    begin(Node::Kind::sequence, mark, tag, {anchor, style == YAML::EmitterStyle::Flow});
  }
  void OnSequenceEnd() override { end(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    begin(Node::Kind::mapping, mark, tag, {anchor, style == YAML::EmitterStyle::Flow});
  }
  void OnMapEnd() override { end(); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = std::ranges::find(anchors_, anchor, &Anchor::id);
    if (found == anchors_.end())
      throw BrokenText{mistake(place(mark), "alias-expansion", "the alias contains itself")};
    count_copies(found->nodes, place(mark));
    Node copy = found->node;
    copy.place = place(mark);
    complete(std::move(copy), YAML::NullAnchor);
  }

 private:
  struct Anchor {
    YAML::anchor_t id;
    Node node;
    std::size_t nodes;
  };

  struct Open {
    YAML::anchor_t anchor;
    bool flow;
  };

  void begin(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, Open open) {
    check_indentation(mark);
    const bool core_tag =
        tag == (kind == Node::Kind::sequence ? "tag:yaml.org,2002:seq" : "tag:yaml.org,2002:map");
    if (!tag.empty() && tag != "?" && tag != "!" && !core_tag) refuse_tag(place(mark), tag);
    builder_.begin(kind, place(mark));
    open_.push_back(open);
    if (open.flow) ++flow_depth_;
  }

  void end() {
    const Open open = open_.back();
    open_.pop_back();
    if (open.flow) --flow_depth_;
    complete(builder_.finish(), open.anchor);
  }

  void complete(Node node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      anchors_.push_back({anchor, node, count_nodes(node)});
      count_copies(anchors_.back().nodes, node.place);
    }
    if (!builder_.empty())
      builder_.add(std::move(node));
    else if (node.kind != Node::Kind::null)
      documents.push_back(std::move(node));
  }

  void count_copies(std::size_t nodes, const Place& where) {
    copies_ += nodes;
    if (copies_ > kMostNodesOfAliases)
      throw BrokenText{mistake(where, "alias-expansion", "the aliases expand to too much",
                               "more than " + std::to_string(kMostNodesOfAliases) + " values",
                               "at most " + std::to_string(kMostNodesOfAliases))};
  }

  void refuse_tag(const Place& where, const std::string& tag) {
    diagnostics_.push_back(mistake(where, "custom-tag", "tags are not supported", tag,
                                   "a plain value, or a string in quotes"));
  }

  /// yaml-cpp takes some tabs before a value for indentation.
  void check_indentation(const YAML::Mark& mark) const {
    if (!has_tabs_ || mark.pos < mark.column || flow_depth_ > 0) return;
    const std::string_view before = text_.substr(mark.pos - mark.column, mark.column);
    if (before.find('\t') == std::string_view::npos) return;
    if (before.find_first_not_of(" \t") != std::string_view::npos) return;
    throw BrokenText{mistake({file_, mark.line + 1, static_cast<int>(before.find('\t')) + 1},
                             "tab-indentation", "a tab is used as indentation", {}, "spaces")};
  }

  std::string_view text_;
  std::shared_ptr<const std::string> file_;
  bool has_tabs_;
  bool is_ascii_;
  Diagnostics& diagnostics_;
  TreeBuilder builder_;
  std::vector<Open> open_;
  int flow_depth_ = 0;
  YAML::Mark last_quoted_ = YAML::Mark::null_mark();
  std::vector<Anchor> anchors_;  // of the current document
  std::size_t copies_ = 0;
  int document_count_ = 0;
};

/// What yaml-cpp says, in words for someone who does not know parsers.
struct Wording {
  std::string_view yaml_cpp;
  std::string_view what;
  std::string_view hint;
};
constexpr std::array kWordings{
    Wording{"illegal map value", "a `key: value` pair is not possible here",
            "check the indentation; text that holds `: ` needs quotes"},
    Wording{"illegal block entry", "a list entry is not possible here",
            "check the indentation; text that starts with `- ` needs quotes"},
    Wording{"end of sequence flow not found", "a list that was opened with [ is not closed", ""},
    Wording{"end of map flow not found", "a mapping that was opened with { is not closed", ""},
    Wording{"illegal EOF in scalar", "a quote is not closed", ""},
    Wording{"illegal document indicator in scalar",
            "a quote is not closed before the document ends", ""},
    Wording{"unknown token", "a plain value cannot hold this character here",
            "put the value in quotes"},
    Wording{"the referenced anchor is not defined", "the alias has no anchor before it", ""},
    Wording{"illegal flow end", "a closing bracket without an opening one", ""},
    Wording{"illegal tab when looking for indentation", "a tab is used as indentation", ""},
};

model::Diagnostic syntax_error(const std::string& message, const Place& place) {
  const auto* known = std::ranges::find(kWordings, message, &Wording::yaml_cpp);
  if (known == kWordings.end()) return mistake(place, "yaml-syntax", "not valid YAML: " + message);
  const bool tab = message.find(" tab ") != std::string::npos;
  return mistake(place, tab ? "tab-indentation" : "yaml-syntax", std::string(known->what), {},
                 tab ? "spaces" : "", std::string(known->hint));
}

/// A tab in the indentation of the line where the parser gave up, or of the line before it, is why
/// it did.
std::optional<Place> tab_before(std::string_view text, const Place& error) {
  int line = 1;
  for (std::size_t start = 0; start < text.size() && line <= error.line; ++line) {
    const std::size_t first = std::min(text.find_first_not_of(" \t", start), text.size());
    const std::size_t tab = text.substr(start, first - start).find('\t');
    if (line >= error.line - 1 && tab != std::string_view::npos)
      return Place{error.file, line, static_cast<int>(tab) + 1};
    start = std::min(text.find('\n', start), text.size()) + 1;
  }
  return std::nullopt;
}

}  // namespace

model::Loaded<std::vector<Node>> read_yaml(std::string_view text, const std::string& name) {
  Diagnostics diagnostics;
  YamlEvents events(text, std::make_shared<const std::string>(name), diagnostics);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(events)) {
    }
    events.check_last_quote();
    return {std::move(events.documents), std::move(diagnostics)};
  } catch (const BrokenText& broken) {
    diagnostics.push_back(broken.diagnostic);
  } catch (const YAML::Exception& error) {
    const Place place = events.place(error.mark);
    const auto tab = tab_before(text, place);
    diagnostics.push_back(tab ? syntax_error("illegal tab when looking for indentation", *tab)
                              : syntax_error(error.msg, place));
  }
  return diagnostics;
}

}  // namespace spillway::scenarios
