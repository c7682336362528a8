#include <algorithm>

#include "scenarios/basic_types.h"
#include "scenarios/scalar.h"
#include "scenarios/scalar_type.h"
#include "scenarios/suggest.h"

namespace spillway::scenarios {
namespace {

Type<std::string> text_type(std::string name, std::string expected, std::string pattern,
                            std::string_view wrong, bool (*accepts)(std::string_view)) {
  Type<std::string> type = scalar_type<std::string>(
      scalar_shape(name, std::move(expected), {string_form(std::move(pattern))}), "not text",
      [wrong, accepts](const Node& node, std::string& into) {
        if (scalar_kind(node) != ScalarKind::string)
          return Verdict{"wrong-type", "not text; put it in quotes"};
        if (!accepts(node.scalar)) return Verdict{"bad-text", wrong};
        into = node.scalar;
        return Verdict{};
      });
  type.write = [](const std::string& value) { return value; };
  return type;
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z'); }

bool is_label(std::string_view text) {
  if (text.empty() || text.size() > 63 || text.front() == '-' || text.back() == '-') return false;
  return std::ranges::all_of(text, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

bool is_subdomain(std::string_view text) {
  if (text.size() > 253) return false;
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 63 && is_alnum(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '-' || c == '_'; });
}

bool is_url_path(std::string_view text) {
  return text.starts_with('/') && text.find_first_of(" \t\r\n#") == std::string_view::npos;
}

bool is_token(std::string_view text) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return is_alnum(c) || kOthers.find(c) != std::string_view::npos;
  });
}

constexpr const char* kLabelPattern = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";
constexpr const char* kSubdomainPattern =
    R"(^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$)";
constexpr const char* kReferencePattern =
    R"(^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)?(:[1-9][0-9]{0,4})?$)";

Verdict parse_reference(const Node& node, model::ServiceRef& into) {
  constexpr Verdict kBad{"bad-reference", "not the name of a service"};
  std::string_view text = node.scalar;
  if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    const auto port = parse_integer(text.substr(colon + 1));
    if (!port || *port < 1 || *port > 65535) return {"bad-reference", "not a port after the `:`"};
    into.port = static_cast<int>(*port);
    text = text.substr(0, colon);
  }
  const std::size_t dot = text.find('.');
  into.name = text.substr(0, dot);
  into.namespace_ = dot == std::string_view::npos ? "" : text.substr(dot + 1);
  if (!is_label(into.name) || (dot != std::string_view::npos && !is_label(into.namespace_)))
    return kBad;
  into.place = node.place;
  return {};
}

bool read_header(const Member& member, const Path& path, std::vector<model::Header>& into,
                 Decoding& decoding) {
  const auto refuse = [&](std::string_view what, const std::string& expected) {
    decoding.diagnostics.push_back(mistake(member.key_place, "bad-header",
                                           path.text() + ": " + std::string(what), {}, expected));
    return false;
  };
  if (!is_token(member.key)) return refuse("not the name of a header", "letters, digits and -");
  const auto same = [&](const model::Header& other) {
    return std::ranges::equal(other.name, member.key, [](char a, char b) {
      const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      };
      return lower(a) == lower(b);
    });
  };
  if (std::ranges::any_of(into, same)) return refuse("the header stands twice", "each header once");
  model::Header header{member.key, {}};
  if (!free_text().decode(member.value, path, header.value, decoding)) return false;
  into.push_back(std::move(header));
  return true;
}

}  // namespace

const Type<std::string>& text() {
  static const Type<std::string> type =
      text_type("text", "text", "^.", "empty", [](std::string_view t) { return !t.empty(); });
  return type;
}

const Type<std::string>& free_text() {
  static const Type<std::string> type =
      text_type("text", "text", "", "", [](std::string_view) { return true; });
  return type;
}

const Type<std::string>& label() {
  static const Type<std::string> type =
      text_type("label", "at most 63 characters of a-z, 0-9 and -", kLabelPattern,
                "not a valid name", is_label);
  return type;
}

const Type<std::string>& subdomain() {
  static const Type<std::string> type =
      text_type("name", "a name of a-z, 0-9, - and dots", kSubdomainPattern, "not a valid name",
                is_subdomain);
  return type;
}

const Type<std::string>& name() {
  static const Type<std::string> type =
      text_type("name", "at most 63 letters, digits, - and _", "^[A-Za-z0-9][-_A-Za-z0-9]{0,62}$",
                "not a valid name", is_name);
  return type;
}

const Type<std::string>& url_path() {
  static const Type<std::string> type = text_type(
      "path", "a path that starts with /", R"(^/[^ \t\r\n#]*$)", "not a valid path", is_url_path);
  return type;
}

const Type<std::string>& hostname() {
  static const Type<std::string> type =
      text_type("hostname", "a hostname such as shop.example.com", kSubdomainPattern,
                "not a valid hostname", is_subdomain);
  return type;
}

const Type<std::string>& http_method() {
  static const std::vector<std::string> methods{"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                                "CONNECT", "OPTIONS", "TRACE", "PATCH"};
  static const Type<std::string> type = [] {
    Type<std::string> made = converted<std::string>(
        word("HTTP method", methods), [](std::size_t index) { return methods[index]; });
    made.write = [](const std::string& value) { return value; };
    return made;
  }();
  return type;
}

const Type<model::ServiceRef>& service_reference() {
  static const Type<model::ServiceRef> type = scalar_type<model::ServiceRef>(
      scalar_shape("service reference", "name, name.namespace or name.namespace:port",
                   {string_form(kReferencePattern)}),
      "not the name of a service", parse_reference);
  return type;
}

const Type<std::vector<model::Header>>& headers() {
  static const Type<std::vector<model::Header>> type = [] {
    Shape shape;
    shape.kind = Shape::Kind::object;
    shape.expected = "a mapping of header names to text";
    shape.other_keys = free_text().shape;
    const auto shared = std::make_shared<const Shape>(std::move(shape));
    return Type<std::vector<model::Header>>{
        shared,
        [shared](const Node& node, const Path& path, std::vector<model::Header>& into,
                 Decoding& decoding) {
          if (node.kind != Node::Kind::mapping)
            return complain(node, path, decoding, "wrong-type", "not " + shared->expected,
                            shared->expected);
          bool good = true;
          for (const Member& member : node.members)
            good &= read_header(member, path / member.key, into, decoding);
          return good;
        },
        {}};
  }();
  return type;
}

Type<std::size_t> word(std::string name, std::vector<std::string> words) {
  Shape::Form form;
  form.json_type = "string";
  form.choices = words;
  const std::string expected = one_of(words);
  const auto shape =
      std::make_shared<const Shape>(scalar_shape(std::move(name), expected, {std::move(form)}));
  return {
      shape,
      [shape, words](const Node& node, const Path& path, std::size_t& into, Decoding& decoding) {
        const auto found =
            node.kind == Node::Kind::scalar ? std::ranges::find(words, node.scalar) : words.end();
        if (found == words.end())
          return complain(node, path, decoding, "unknown-value", "unknown value", shape->expected,
                          node.kind == Node::Kind::scalar ? did_you_mean(node.scalar, words) : "");
        into = static_cast<std::size_t>(found - words.begin());
        return true;
      },
      {}};
}

}  // namespace spillway::scenarios
