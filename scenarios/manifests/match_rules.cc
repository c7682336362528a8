#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/manifests/access.h"
#include "scenarios/manifests/kube_scalar.h"
#include "scenarios/manifests/rules.h"

namespace spillway::scenarios::manifests {
namespace {

constexpr std::array<std::string_view, 3> kPathTypes{"Exact", "PathPrefix", "RegularExpression"};

bool is_literal(const Node& path) {
  return text_of(path, "type") == kPathTypes[0] || text_of(path, "type") == kPathTypes[1];
}

Violation wrong_value(const Node& path, std::string_view what, std::string_view expected) {
  return {
      path.find("value")->place, clause(what, quoted_line(text_of(path, "value")), expected), {}};
}

Violations absolute(const Node& path) {
  if (!is_literal(path) || text_of(path, "value").starts_with('/')) return {};
  return {wrong_value(path, "value must be an absolute path", "a leading \"/\"")};
}

Violations forbidden(const Node& path, std::initializer_list<std::string_view> parts) {
  Violations found;
  if (!is_literal(path)) return found;
  for (const std::string_view part : parts)
    if (text_of(path, "value").find(part) != std::string_view::npos)
      found.push_back(
          wrong_value(path, fmt::format("value must not contain \"{}\"", part), "a plain path"));
  return found;
}

Violations double_slash(const Node& path) { return forbidden(path, {"//"}); }
Violations dot_segment(const Node& path) { return forbidden(path, {"/./", "/../"}); }
Violations encoded_slash(const Node& path) { return forbidden(path, {"%2f", "%2F"}); }
Violations fragment(const Node& path) { return forbidden(path, {"#"}); }

Violations final_dots(const Node& path) {
  Violations found;
  if (!is_literal(path)) return found;
  for (const std::string_view end : {"/..", "/."})
    if (text_of(path, "value").ends_with(end))
      found.push_back(
          wrong_value(path, fmt::format("value must not end in \"{}\"", end), "a plain path"));
  return found;
}

Violations characters(const Node& path) {
  if (!is_literal(path) || kPathCharacters.matches(text_of(path, "value"))) return {};
  return {wrong_value(path, "value must be a URL path", kPathCharacters.regex)};
}

bool is_word(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !text.empty() && letter(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// Words joined by dots, with or without a leading dot.
bool is_service(std::string_view text) {
  if (text.starts_with('.')) text.remove_prefix(1);
  for (std::size_t dot; (dot = text.find('.')) != text.npos; text.remove_prefix(dot + 1))
    if (!is_word(text.substr(0, dot))) return false;
  return is_word(text);
}

Violations service_or_method(const Node& match) {
  if (has(match, "service") || has(match, "method")) return {};
  return {{{}, clause("service or method must be set", "neither", "one or both"), {}}};
}

Violations grpc_name(const Node& match, std::string_view field, bool (*valid)(std::string_view),
                     std::string_view expected) {
  if (text_of(match, "type") != "Exact" || !has(match, field) || valid(text_of(match, field)))
    return {};
  return {{match.find(field)->place,
           clause(fmt::format("{} must be a name of gRPC", field),
                  quoted_line(text_of(match, field)), expected),
           {}}};
}

Violations grpc_service(const Node& match) {
  return grpc_name(match, "service", is_service,
                   R"(^(?i)\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$)");
}

Violations grpc_method(const Node& match) {
  return grpc_name(match, "method", is_word, "^[A-Za-z_][A-Za-z_0-9]*$");
}

}  // namespace

Rules path_match_rules() {
  return {{"path-absolute", absolute},       {"path-double-slash", double_slash},
          {"path-dot-segment", dot_segment}, {"path-encoded-slash", encoded_slash},
          {"path-fragment", fragment},       {"path-final-dots", final_dots},
          {"path-characters", characters}};
}

Rules grpc_method_rules() {
  return {{"grpc-service-or-method", service_or_method},
          {"grpc-service-name", grpc_service},
          {"grpc-method-name", grpc_method}};
}

}  // namespace spillway::scenarios::manifests
