#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/manifests/access.h"
#include "scenarios/manifests/kube_scalar.h"
#include "scenarios/manifests/rules.h"

namespace spillway::scenarios::manifests {

std::string clause(std::string_view what, std::string_view got, std::string_view expected) {
  return fmt::format("{} (got {}, expected {})", what, got, expected);
}

namespace {

bool same_parent(const Node& a, const Node& b) {
  return std::ranges::all_of(std::array{"group", "kind", "name", "namespace"},
                             [&](const char* key) { return text_of(a, key) == text_of(b, key); });
}

std::string parent_name(const Node& ref) {
  return fmt::format("{} \"{}\"", text_of(ref, "kind"), text_of(ref, "name"));
}

/// All pairs of references to the same parent for which `wrong` holds: the first such pair.
template <class Wrong>
Violations parent_pair(const Node& refs, Wrong wrong, std::string_view what, std::string_view got,
                       std::string_view expected) {
  for (std::size_t j = 1; j < refs.items.size(); ++j)
    for (std::size_t i = 0; i < j; ++i) {
      const Node& a = refs.items[i];
      const Node& b = refs.items[j];
      if (same_parent(a, b) && wrong(a, b))
        return {{b.place,
                 clause(fmt::format("{} {}", what, parent_name(b)),
                        fmt::format(fmt::runtime(got), i, j), expected),
                 {}}};
    }
  return {};
}

bool differ_in_presence(const Node& a, const Node& b, std::string_view key) {
  return text_of(a, key).empty() != text_of(b, key).empty();
}

constexpr std::string_view kSetWhat = "there are several references to";
constexpr std::string_view kUniqueWhat = "there are two equal references to";

Violations section_set(const Node& refs) {
  return parent_pair(
      refs, [](const Node& a, const Node& b) { return differ_in_presence(a, b, "sectionName"); },
      kSetWhat, "a sectionName in only one of [{}] and [{}]", "one in each");
}

Violations section_unique(const Node& refs) {
  return parent_pair(
      refs,
      [](const Node& a, const Node& b) {
        return text_of(a, "sectionName") == text_of(b, "sectionName");
      },
      kUniqueWhat, "[{}] and [{}] with the same sectionName",
      "different ones; in the standard channel the port does not tell them apart");
}

Violations section_or_port_set(const Node& refs) {
  return parent_pair(
      refs,
      [](const Node& a, const Node& b) {
        return differ_in_presence(a, b, "sectionName") || differ_in_presence(a, b, "port");
      },
      kSetWhat, "a sectionName or port in only one of [{}] and [{}]", "the same fields in each");
}

Violations section_or_port_unique(const Node& refs) {
  return parent_pair(
      refs,
      [](const Node& a, const Node& b) {
        return text_of(a, "sectionName") == text_of(b, "sectionName") &&
               text_of(a, "port") == text_of(b, "port");
      },
      kUniqueWhat, "[{}] and [{}] with the same sectionName and port", "a difference in one");
}

Violations total_matches(const Node& rules) {
  constexpr std::size_t kMost = 128;
  std::size_t total = 0;
  for (const Node& rule : rules.items) total += items_of(rule, "matches").size();
  if (total <= kMost) return {};
  return {{{},
           clause("too many matches in all rules together", std::to_string(total),
                  fmt::format("{} or fewer", kMost)),
           {}}};
}

Violations rule_names(const Node& rules) {
  Violations found;
  for (std::size_t j = 1; j < rules.items.size(); ++j) {
    const std::string_view name = text_of(rules.items[j], "name");
    for (std::size_t i = 0; i < j && !name.empty(); ++i)
      if (text_of(rules.items[i], "name") == name) {
        found.push_back({place_of(rules.items[j], "name"),
                         clause(fmt::format("two rules have the name {}", quoted_line(name)),
                                fmt::format("it at [{}] and [{}]", i, j), "a name once"),
                         {}});
        break;
      }
  }
  return found;
}

Violations redirect_with_backends(const Node& rule) {
  if (items_of(rule, "backendRefs").empty()) return {};
  for (const Node& filter : items_of(rule, "filters"))
    if (has(filter, "requestRedirect"))
      return {{filter.place,
               clause("a rule that redirects answers by itself", "RequestRedirect and backendRefs",
                      "one of them"),
               {}}};
  return {};
}

bool replaces_prefix(const Node& filter, std::string_view field) {
  const Node& path = child_of(child_of(filter, field), "path");
  return text_of(path, "type") == "ReplacePrefixMatch" && has(path, "replacePrefixMatch");
}

std::ptrdiff_t prefix_replacements(const Node& owner, std::string_view field) {
  return std::ranges::count_if(items_of(owner, "filters"),
                               [&](const Node& f) { return replaces_prefix(f, field); });
}

bool has_one_prefix_match(const Node& rule) {
  const auto& matches = items_of(rule, "matches");
  return matches.size() == 1 && text_of(child_of(matches[0], "path"), "type") == "PathPrefix";
}

Violations needs_prefix_match(const Node& rule, const model::Place& place) {
  const auto& matches = items_of(rule, "matches");
  const std::string got =
      matches.size() == 1
          ? fmt::format("one of type {}", text_of(child_of(matches[0], "path"), "type"))
          : std::to_string(matches.size());
  return {{place,
           clause("replacePrefixMatch needs a single match, of type PathPrefix", got, "one match"),
           {}}};
}

/// Exactly one filter of the rule must do it for the rule of the CRDs to hold (`exists_one`); a
/// second one of the same type is reported as a repetition.
Violations own_prefix(const Node& rule, std::string_view field) {
  if (prefix_replacements(rule, field) != 1 || has_one_prefix_match(rule)) return {};
  return needs_prefix_match(rule, place_of(rule, "filters"));
}

/// `exists_one` here too: the API server does not object when two backends do it.
Violations backend_prefix(const Node& rule, std::string_view field) {
  const auto& refs = items_of(rule, "backendRefs");
  const auto does = [&](const Node& ref) { return prefix_replacements(ref, field) == 1; };
  if (std::ranges::count_if(refs, does) != 1 || has_one_prefix_match(rule)) return {};
  return needs_prefix_match(rule, place_of(*std::ranges::find_if(refs, does), "filters"));
}

Violations redirect_prefix(const Node& rule) { return own_prefix(rule, "requestRedirect"); }
Violations rewrite_prefix(const Node& rule) { return own_prefix(rule, "urlRewrite"); }
Violations backend_redirect_prefix(const Node& rule) {
  return backend_prefix(rule, "requestRedirect");
}
Violations backend_rewrite_prefix(const Node& rule) { return backend_prefix(rule, "urlRewrite"); }

Violations backend_port(const Node& ref) {
  if (!text_of(ref, "group").empty() || text_of(ref, "kind") != "Service" || has(ref, "port"))
    return {};
  return {{{}, clause("a reference to a Service must name its port", "no port", "1 to 65535"), {}}};
}

}  // namespace

Rules parent_refs_rules(model::Channel channel) {
  if (channel == model::Channel::standard)
    return {{"parent-refs-section-set", section_set},
            {"parent-refs-section-unique", section_unique}};
  return {{"parent-refs-section-or-port-set", section_or_port_set},
          {"parent-refs-section-or-port-unique", section_or_port_unique}};
}

Rules route_rules_rules(model::Channel channel) {
  Rules rules{{"matches-total", total_matches}};
  if (channel == model::Channel::experimental) rules.push_back({"rule-name-unique", rule_names});
  return rules;
}

Rules http_rule_rules() {
  return {{"redirect-with-backends", redirect_with_backends},
          {"redirect-prefix-match", redirect_prefix},
          {"rewrite-prefix-match", rewrite_prefix},
          {"backend-redirect-prefix-match", backend_redirect_prefix},
          {"backend-rewrite-prefix-match", backend_rewrite_prefix}};
}

Rules backend_ref_rules() { return {{"backend-ref-port", backend_port}}; }

}  // namespace spillway::scenarios::manifests
