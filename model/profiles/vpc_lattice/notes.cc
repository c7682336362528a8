#include "model/profiles/vpc_lattice/notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/profiles/vpc_lattice/options.h"

namespace spillway::model::vpc_lattice {
namespace {

const Place& known(const Place& first, const Place& second) {
  return first.known() ? first : second;
}

bool is_gateway(const ParentReference& parent) {
  return parent.group == kGatewayGroup && parent.kind == "Gateway";
}

class Notes {
 public:
  Diagnostics collect(const Resources& resources) {
    for (const HttpRoute& route : resources.http_routes) check(route);
    for (const XBackendTrafficPolicy& policy : resources.backend_traffic_policies)
      add(policy.meta.place,
          fmt::format("XBackendTrafficPolicy {}: has no effect: there are no retries to limit",
                      policy.meta.key()),
          "lattice-policy");
    return std::move(found_);
  }

 private:
  void add(const Place& place, std::string message, std::string rule) {
    found_.push_back({Severity::warning, place, std::move(message), std::move(rule), ""});
  }

  void check(const HttpRoute& route) {
    const std::string name = fmt::format("{} {}", route.kind, route.meta.key());
    for (std::size_t i = 0; i < route.parent_refs.size(); ++i) {
      const ParentReference& parent = route.parent_refs[i];
      if (!is_gateway(parent))
        add(known(parent.place, route.meta.place),
            fmt::format("{}: does nothing at a {}: only Gateways are parents", name, parent.kind),
            "lattice-service-parent");
      else if (i > 0)
        add(known(parent.place, route.meta.place),
            fmt::format("{}: the listener is taken from the first parent", name),
            "lattice-first-parent");
    }
    if (!std::ranges::any_of(route.parent_refs, is_gateway)) return;
    for (std::size_t i = 0; i < route.rules.size(); ++i)
      check(fmt::format("{}: rule {}", name, i), route.rules[i]);
  }

  void check(const std::string& where, const HttpRouteRule& rule) {
    if (rule.retry)
      add(known(rule.retry->place, rule.place),
          fmt::format("{}: retry is ignored: nothing is retried", where), "lattice-retry");
    if (rule.timeouts)
      add(known(rule.timeouts->place, rule.place),
          fmt::format("{}: timeouts are ignored: only an idle time of {:g}s ends a request", where,
                      kIdleTimeout.seconds()),
          "lattice-timeouts");
    if (rule.session_persistence)
      add(known(rule.session_persistence->place, rule.place),
          fmt::format("{}: sessionPersistence is ignored", where), "lattice-session-persistence");
    for (const HttpRouteFilter& filter : rule.filters) ignored(where, filter, rule.place);
    for (const HttpBackendRef& backend : rule.backend_refs)
      for (const HttpRouteFilter& filter : backend.filters) ignored(where, filter, backend.place);
    for (const HttpRouteMatch& match : rule.matches)
      if (const std::string why = unsupported(match); !why.empty())
        add(known(match.place, rule.place),
            fmt::format("{}: {}: the whole route is left out", where, why), "lattice-match");
  }

  void ignored(const std::string& where, const HttpRouteFilter& filter, const Place& place) {
    add(known(filter.place, place),
        fmt::format("{}: the filter is ignored: requests go on unchanged", where),
        "lattice-filter");
  }

  Diagnostics found_;
};

bool is_expression(const ValueMatch& match) {
  return match.type == ValueMatchType::regular_expression;
}

}  // namespace

std::string unsupported(const HttpRouteMatch& match) {
  if (match.path.type == PathMatchType::regular_expression) return "a path cannot be an expression";
  if (!match.query_params.empty()) return "query parameters cannot be matched";
  if (std::ranges::any_of(match.headers, is_expression)) return "a header cannot be an expression";
  if (match.headers.size() > kMaxHeaderMatches)
    return fmt::format("more than {} headers cannot be matched", kMaxHeaderMatches);
  return {};
}

bool is_programmed(const HttpRoute& route) {
  if (route.parent_refs.empty() || !is_gateway(route.parent_refs.front())) return false;
  for (const HttpRouteRule& rule : route.rules)
    for (const HttpRouteMatch& match : rule.matches)
      if (!unsupported(match).empty()) return false;
  return true;
}

Diagnostics notes(const Resources& resources) { return Notes().collect(resources); }

}  // namespace spillway::model::vpc_lattice
