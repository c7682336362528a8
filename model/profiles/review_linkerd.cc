#include "model/profiles/review_linkerd.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace spillway::model {
namespace {

void note_rule(const std::string& where, const HttpRouteRule& rule, Diagnostics& found) {
  const auto add = [&](const Place& place, std::string message, std::string name,
                       std::string hint = {}) {
    found.push_back({Severity::warning, place.known() ? place : rule.place,
                     fmt::format("{}: {}", where, message), std::move(name), std::move(hint)});
  };
  if (rule.retry)
    add(rule.retry->place, "retry is ignored: nothing is retried", "linkerd-retry",
        "annotate the route with retry.linkerd.io/http and retry.linkerd.io/limit");
  if (rule.timeouts && rule.timeouts->backend_request)
    add(rule.timeouts->backend_request_place, "backendRequest is ignored",
        "linkerd-backend-request", "annotate the route with timeout.linkerd.io/response");
  for (const HttpRouteFilter& filter : rule.filters)
    if (std::holds_alternative<RequestMirrorFilter>(filter.filter) ||
        std::holds_alternative<UrlRewriteFilter>(filter.filter) ||
        std::holds_alternative<ExtensionRefFilter>(filter.filter))
      add(filter.place, "the filter is not supported: the whole route is left out",
          "linkerd-filter");
}

}  // namespace

Diagnostics linkerd_notes(const Resources& resources) {
  Diagnostics found;
  for (const HttpRoute& route : resources.http_routes) {
    const std::string name = fmt::format("{} {}", route.kind, route.meta.key());
    const bool mesh = std::ranges::any_of(route.parent_refs, [](const ParentReference& p) {
      return p.group.empty() && p.kind == "Service";
    });
    if (!mesh) {
      found.push_back({Severity::warning, route.meta.place,
                       fmt::format("{}: Linkerd takes no part: routes of Gateways are the "
                                   "gateway's matter",
                                   name),
                       "linkerd-gateway-parent", ""});
      continue;
    }
    for (std::size_t i = 0; i < route.rules.size(); ++i)
      note_rule(fmt::format("{}: rule {}", name, i), route.rules[i], found);
  }
  for (const XBackendTrafficPolicy& policy : resources.backend_traffic_policies)
    found.push_back({Severity::warning, policy.meta.place,
                     fmt::format("XBackendTrafficPolicy {}: has no effect", policy.meta.key()),
                     "linkerd-policy", ""});
  return found;
}

ProfileInfo linkerd_info() {
  ProfileInfo info;
  info.name = "linkerd";
  info.summary = "Linkerd: the proxy beside the caller runs the routes, retries by annotations";
  info.options = {
      {"proxyLatency", "duration or distribution", "0.1ms", "one traversal of a proxy"},
      {"l4Latency", "duration or distribution", "0ms", "there is no L4 proxy in this profile"},
      {"networkLatency", "duration or distribution", "0.2ms", "each way between two pods"},
      {"maxCallDepth", "number", "64", "calls within calls"},
  };
  info.validated = "recordings of linkerd2-proxy";
  return info;
}

}  // namespace spillway::model
