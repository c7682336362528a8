#include "model/gateway/rule_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "model/gateway/finding.h"
#include "model/gateway/regex.h"

namespace spillway::model {
namespace {

/// The parents through which requests reach a route.
struct Entries {
  bool gateway = false;
  bool mesh = false;
};

std::map<const HttpRoute*, Entries> entries_by_route(const std::vector<Attachment>& attachments) {
  std::map<const HttpRoute*, Entries> entries;
  for (const Attachment& a : attachments) {
    if (a.role == Attachment::Role::gateway) entries[a.route].gateway = true;
    if (a.role == Attachment::Role::producer || a.role == Attachment::Role::consumer)
      entries[a.route].mesh = true;
  }
  return entries;
}

/// Walks over the rules of one route.
class RuleCheck {
 public:
  RuleCheck(const RoutingTable& table, const HttpRoute& route, Entries entries,
            Diagnostics& diagnostics)
      : table_(table), route_(route), entries_(entries), diagnostics_(diagnostics) {}

  void check() {
    for (std::size_t i = 0; i < route_.rules.size(); ++i) {
      const HttpRouteRule& rule = route_.rules[i];
      rule_text_ = fmt::format("{}: rule {}", name_of(route_), i);
      rule_place_ = known_place(rule.place, route_.meta.place);
      for (const HttpRouteMatch& match : rule.matches) check_expressions(match);
      check_filters(rule.filters);
      check_backends(rule);
    }
  }

 private:
  void find(const Place& place, std::string clause, std::string rule_name, std::string hint = {}) {
    diagnostics_.push_back(warning(known_place(place, rule_place_),
                                   fmt::format("{}: {}", rule_text_, clause), std::move(rule_name),
                                   std::move(hint)));
  }

  void check_expression(const HttpRouteMatch& match, const std::string& pattern) {
    std::string why;
    if (!Regex::compile(pattern, &why))
      find(match.place,
           fmt::format("the match never fits: the regular expression \"{}\" is not valid: {}",
                       pattern, why),
           "invalid-regex");
  }

  void check_expressions(const HttpRouteMatch& match) {
    if (match.path.type == PathMatchType::regular_expression)
      check_expression(match, match.path.value);
    for (const auto* values : {&match.headers, &match.query_params})
      for (const ValueMatch& value : *values)
        if (value.type == ValueMatchType::regular_expression) check_expression(match, value.value);
  }

  /// The fault of a reference through the first kind of parent for which it has one.
  Resolution resolve_ref(const BackendObjectReference& ref) const {
    Resolution found;
    if (entries_.gateway || !entries_.mesh)
      found = resolve(table_.index(), table_.options(), route_, ref, false);
    if (found.fault == BackendFault::none && entries_.mesh)
      found = resolve(table_.index(), table_.options(), route_, ref, true);
    return found;
  }

  void check_reference(const BackendObjectReference& ref, const Place& place,
                       std::string_view effect) {
    const Resolution found = resolve_ref(ref);
    if (found.fault != BackendFault::none)
      find(known_place(ref.place, place), fmt::format("{}: {}", found.message, effect),
           kebab_case(condition_reason(found.fault)));
  }

  void check_filters(const std::vector<HttpRouteFilter>& filters) {
    for (const HttpRouteFilter& filter : filters) {
      if (const auto* mirror = std::get_if<RequestMirrorFilter>(&filter.filter))
        check_reference(mirror->backend_ref, filter.place, "nothing is mirrored to it");
      if (const auto* auth = std::get_if<ExternalAuthFilter>(&filter.filter))
        check_reference(
            auth->backend_ref, filter.place,
            fmt::format("every request gets {}", table_.options().external_auth_fault_status));
      if (const auto* extension = std::get_if<ExtensionRefFilter>(&filter.filter))
        check_extension(*extension, filter.place);
    }
  }

  void check_extension(const ExtensionRefFilter& filter, const Place& place) {
    const std::string kind = filter.group + "/" + filter.kind;
    const auto& known = table_.options().extension_kinds;
    if (std::ranges::find(known, kind) != known.end()) return;
    find(place,
         fmt::format("the filter {} {} cannot be resolved: its requests get {}", kind, filter.name,
                     table_.options().extension_ref_status),
         "extension-ref");
  }

  void check_backends(const HttpRouteRule& rule) {
    const bool redirects = std::ranges::any_of(rule.filters, [](const HttpRouteFilter& f) {
      return std::holds_alternative<RequestRedirectFilter>(f.filter);
    });
    if (rule.backend_refs.empty() && !redirects)
      find({}, "it has no backendRefs: every request gets 500", "no-backend-refs");
    std::int64_t sum = 0;
    for (const HttpBackendRef& backend : rule.backend_refs) sum += backend.weight;
    if (!rule.backend_refs.empty() && sum == 0)
      find(rule.backend_refs.front().place,
           fmt::format("the weights of its backendRefs sum to 0: every request gets {}",
                       table_.options().all_zero_weight_status),
           "zero-weights");
    for (const HttpBackendRef& backend : rule.backend_refs) {
      check_reference(backend.ref, backend.place,
                      fmt::format("{:.4g} % of the requests get 500",
                                  sum > 0 ? 100.0 * backend.weight / static_cast<double>(sum) : 0));
      check_filters(backend.filters);
    }
  }

  const RoutingTable& table_;
  const HttpRoute& route_;
  const Entries entries_;
  Diagnostics& diagnostics_;
  std::string rule_text_;
  Place rule_place_;
};

}  // namespace

void check_rules(const RoutingTable& table, Diagnostics& diagnostics) {
  const auto entries = entries_by_route(table.attachments());
  for (const HttpRoute& route : table.resources().http_routes) {
    const auto found = entries.find(&route);
    RuleCheck(table, route, found == entries.end() ? Entries{} : found->second, diagnostics)
        .check();
  }
}

}  // namespace spillway::model
