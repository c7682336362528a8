#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/manifests/access.h"
#include "scenarios/manifests/rules.h"

namespace spillway::scenarios::manifests {
namespace {

struct TypeAndField {
  std::string_view type;
  std::string_view field;
};

constexpr std::array<TypeAndField, 8> kFilters{
    {{"RequestHeaderModifier", "requestHeaderModifier"},
     {"ResponseHeaderModifier", "responseHeaderModifier"},
     {"RequestMirror", "requestMirror"},
     {"RequestRedirect", "requestRedirect"},
     {"URLRewrite", "urlRewrite"},
     {"CORS", "cors"},
     {"ExternalAuth", "externalAuth"},
     {"ExtensionRef", "extensionRef"}}};

constexpr std::array<std::string_view, 5> kOnce{
    "CORS", "RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite"};

constexpr std::array<TypeAndField, 2> kPathModifiers{
    {{"ReplaceFullPath", "replaceFullPath"}, {"ReplacePrefixMatch", "replacePrefixMatch"}}};

constexpr std::array<TypeAndField, 2> kAuthProtocols{{{"GRPC", "grpc"}, {"HTTP", "http"}}};

/// Fields that belong to another value of `tag` than the one that stands there.
template <std::size_t N>
Violations foreign_fields(const Node& node, std::string_view tag,
                          const std::array<TypeAndField, N>& table) {
  Violations found;
  const std::string_view type = text_of(node, tag);
  for (const auto& [own, field] : table)
    if (has(node, field) && type != own)
      found.push_back({place_of(node, field),
                       clause(fmt::format("{} belongs to {} {}", field, tag, own),
                              fmt::format("{} {}", tag, type), own),
                       {}});
  return found;
}

/// The field that the value of `tag` asks for.
template <std::size_t N>
Violations missing_field(const Node& node, std::string_view tag,
                         const std::array<TypeAndField, N>& table) {
  const auto own = std::ranges::find(table, text_of(node, tag), &TypeAndField::type);
  if (own == table.end() || has(node, own->field)) return {};
  return {{{},
           clause(fmt::format("{} must be set for {} {}", own->field, tag, own->type), "nothing",
                  own->field),
           {}}};
}

Violations filter_field(const Node& filter) { return foreign_fields(filter, "type", kFilters); }
Violations filter_value(const Node& filter) { return missing_field(filter, "type", kFilters); }
Violations modifier_field(const Node& path) { return foreign_fields(path, "type", kPathModifiers); }
Violations modifier_value(const Node& path) { return missing_field(path, "type", kPathModifiers); }
Violations auth_field(const Node& auth) { return foreign_fields(auth, "protocol", kAuthProtocols); }
Violations auth_value(const Node& auth) { return missing_field(auth, "protocol", kAuthProtocols); }

const Node* filter_of_type(const Node& filters, std::string_view type) {
  const auto found = std::ranges::find_if(
      filters.items, [&](const Node& f) { return text_of(f, "type") == type; });
  return found == filters.items.end() ? nullptr : &*found;
}

Violations redirect_and_rewrite(const Node& filters) {
  const Node* redirect = filter_of_type(filters, "RequestRedirect");
  const Node* rewrite = filter_of_type(filters, "URLRewrite");
  if (!redirect || !rewrite) return {};
  return {{std::max(redirect->place, rewrite->place),
           clause("a redirected request is not rewritten", "RequestRedirect and URLRewrite",
                  "one of them"),
           {}}};
}

Violations repeated(const Node& filters) {
  Violations found;
  for (const std::string_view type : kOnce) {
    std::vector<const Node*> same;
    for (const Node& filter : filters.items)
      if (text_of(filter, "type") == type) same.push_back(&filter);
    if (same.size() > 1)
      found.push_back({same[1]->place,
                       clause(fmt::format("repeats the filter {}", type),
                              fmt::format("{} of them", same.size()), "at most one"),
                       {}});
  }
  return found;
}

Violations wildcard_alone(const Node& list) {
  const auto star = std::ranges::find(list.items, "*", &Node::scalar);
  if (star == list.items.end() || list.items.size() < 2) return {};
  return {{star->place,
           clause("\"*\" must stand alone", fmt::format("it among {} values", list.items.size()),
                  "\"*\" only, or no \"*\""),
           {}}};
}

Violations percent_or_fraction(const Node& mirror) {
  if (!has(mirror, "percent") || !has(mirror, "fraction")) return {};
  return {{std::max(place_of(mirror, "percent"), place_of(mirror, "fraction")),
           clause("the share is given twice", "percent and fraction", "one of them"),
           {}}};
}

Violations proper_fraction(const Node& fraction) {
  const int numerator = number_of(fraction, "numerator").value_or(0);
  const int denominator = number_of(fraction, "denominator").value_or(1);
  if (numerator <= denominator) return {};
  return {{{},
           clause("must be at most 1", fmt::format("{}/{}", numerator, denominator),
                  "a numerator up to the denominator"),
           {}}};
}

}  // namespace

Rules filters_rules() {
  return {{"filters-redirect-and-rewrite", redirect_and_rewrite}, {"filter-repeated", repeated}};
}

Rules filter_rules() {
  return {{"filter-field-of-other-type", filter_field}, {"filter-field-missing", filter_value}};
}

Rules cors_list_rules() { return {{"cors-wildcard-alone", wildcard_alone}}; }

Rules external_auth_rules() {
  return {{"auth-field-of-other-protocol", auth_field}, {"auth-field-missing", auth_value}};
}

Rules mirror_rules() { return {{"mirror-percent-or-fraction", percent_or_fraction}}; }
Rules fraction_rules() { return {{"fraction-at-most-one", proper_fraction}}; }

Rules path_modifier_rules() {
  return {{"path-modifier-field-missing", modifier_value},
          {"path-modifier-field-of-other-type", modifier_field}};
}

}  // namespace spillway::scenarios::manifests
