#include "model/profiles/istio/routes.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "model/profiles/istio/retry.h"
#include "model/profiles/istio/route_parts.h"

namespace spillway::model::istio {
namespace {

using namespace sim::literals;

constexpr std::string_view kPrefixMark = "%PREFIX()%";

bool serves(const HttpMatchRequest& match, const RouteContext& context) {
  if (match.port != 0 && match.port != context.listen_port) return false;
  if (!match.source_labels.empty() && !context.source_labels) return false;
  if (!match.gateways.empty())
    return std::ranges::find(match.gateways, context.gateway) != match.gateways.end();
  const bool labelled = std::ranges::all_of(match.source_labels, [&](const auto& label) {
    if (!context.proxy_labels) return false;
    const auto found = context.proxy_labels->find(label.first);
    return found != context.proxy_labels->end() && found->second == label.second;
  });
  return labelled &&
         (match.source_namespace.empty() || match.source_namespace == context.proxy_namespace);
}

envoy::RedirectAction redirect_action(const HttpRedirect& redirect, const RouteContext& context,
                                      bool gateway_semantics) {
  envoy::RedirectAction action;
  action.host_redirect = redirect.authority;
  action.scheme_redirect = redirect.scheme;
  if (gateway_semantics && redirect.uri.starts_with(kPrefixMark))
    action.prefix_rewrite = redirect.uri.substr(kPrefixMark.size());
  else
    action.path_redirect = redirect.uri;
  if (redirect.port)
    action.port_redirect = static_cast<std::uint32_t>(*redirect.port);
  else if (redirect.port_from_request)
    action.port_redirect = static_cast<std::uint32_t>(context.listen_port);
  const std::string_view scheme = !redirect.scheme.empty() ? std::string_view(redirect.scheme)
                                  : context.tls            ? "https"
                                                           : "http";
  const bool well_known = (action.port_redirect == 80 && scheme == "http") ||
                          (action.port_redirect == 443 && scheme == "https");
  if (well_known) action.port_redirect = 0;
  if (redirect.redirect_code != 0)
    action.response_code = static_cast<std::uint16_t>(redirect.redirect_code);
  return action;
}

void set_timeout(envoy::RouteAction& action, const std::optional<sim::Duration>& timeout) {
  action.timeout = timeout.value_or(0_s);
  action.max_grpc_timeout = action.timeout;
}

/// One route of one match.
class Translator {
 public:
  Translator(const RouteSet& routes, const HttpRoute& http, const RouteContext& context)
      : routes_(routes), http_(http), context_(context) {}

  envoy::Route translate(const HttpMatchRequest* match) {
    out_.name = http_.name;
    out_.origin = http_.origin;
    if (match && !match->name.empty()) out_.name += "." + match->name;
    if (match) out_.match = route_match(*match, routes_.gateway_semantics);
    std::string authority;
    if (http_.headers) authority = add_headers(*http_.headers, out_.headers);
    if (http_.redirect)
      out_.redirect = redirect_action(*http_.redirect, context_, routes_.gateway_semantics);
    else if (http_.direct_response)
      out_.direct_response = envoy::DirectResponseAction{
          static_cast<std::uint16_t>(http_.direct_response->status), http_.direct_response->body};
    else
      out_.route = route_action(std::move(authority));
    if (http_.fault) out_.fault = http_fault(*http_.fault);
    if (http_.cors_policy) out_.cors = cors_policy(*http_.cors_policy);
    return std::move(out_);
  }

 private:
  envoy::RouteAction route_action(std::string authority) {
    envoy::RouteAction action;
    set_timeout(action, http_.timeout);
    if (routes_.gateway_semantics) action.cluster_not_found_response_code = 500;
    if (http_.rewrite) apply_rewrite(*http_.rewrite, action, authority);
    action.host_rewrite_literal = authority;
    for (const HttpMirrorPolicy& mirror : http_.mirrors)
      if (auto fraction = mirror_fraction(mirror))
        action.request_mirror_policies.push_back({context_.cluster(mirror.destination), fraction});
    const HttpRetry* retries = http_.retries ? &*http_.retries : mesh_retries();
    action.retry_policy = retry_policy(retries, add_destinations(action));
    return action;
  }

  const HttpRetry* mesh_retries() const {
    const auto& own = context_.mesh->default_http_retry_policy;
    return own ? &*own : nullptr;
  }

  void apply_rewrite(const HttpRewrite& rewrite, envoy::RouteAction& action,
                     std::string& authority) {
    if (!rewrite.regex_match.empty())
      action.regex_rewrite = envoy::RegexRewrite{rewrite.regex_match, rewrite.regex_rewrite};
    else if (routes_.gateway_semantics && rewrite.uri == "/")
      action.regex_rewrite = removed_prefix(out_.match);
    else
      action.prefix_rewrite = rewrite.uri;
    if (!rewrite.authority.empty()) authority = rewrite.authority;
  }

  /// Whether the one destination is balanced by a hash.
  bool add_destinations(envoy::RouteAction& action) {
    if (http_.route.size() == 1) return add_destination(http_.route[0], action);
    for (const HttpRouteDestination& destination : http_.route)
      if (destination.weight != 0) add_weighted(destination, action);
    return false;
  }

  bool add_destination(const HttpRouteDestination& destination, envoy::RouteAction& action) {
    action.cluster = context_.cluster(destination.destination);
    if (destination.headers) {
      const std::string authority = add_headers(*destination.headers, out_.headers);
      if (action.host_rewrite_literal.empty()) action.host_rewrite_literal = authority;
    }
    return add_hash(destination, action);
  }

  void add_weighted(const HttpRouteDestination& destination, envoy::RouteAction& action) {
    envoy::WeightedCluster& cluster = action.weighted_clusters.emplace_back();
    cluster.name = context_.cluster(destination.destination);
    cluster.weight = static_cast<std::uint32_t>(destination.weight);
    if (destination.headers) add_headers(*destination.headers, cluster.headers);
    add_hash(destination, action);
  }

  bool add_hash(const HttpRouteDestination& destination, envoy::RouteAction& action) {
    const ConsistentHash* hash = context_.hash(destination.destination);
    if (!hash) return false;
    if (auto policy = hash_policy(*hash)) action.hash_policy.push_back(std::move(*policy));
    return true;
  }

  const RouteSet& routes_;
  const HttpRoute& http_;
  const RouteContext& context_;
  envoy::Route out_;
};

}  // namespace

bool is_catch_all(const envoy::Route& route) {
  using Kind = envoy::RouteMatch::Kind;
  const envoy::RouteMatch& match = route.match;
  const bool everything = match.kind == Kind::safe_regex
                              ? match.value == ".*"
                              : match.kind != Kind::path && match.value == "/";
  return everything && match.headers.empty() && match.query_parameters.empty();
}

std::vector<envoy::Route> translate(const RouteSet& routes, const RouteContext& context) {
  std::vector<envoy::Route> translated;
  for (const HttpRoute& http : routes.http) {
    if (http.delegate) continue;
    if (http.match.empty()) {
      translated.push_back(Translator(routes, http, context).translate(nullptr));
      return translated;
    }
    for (const HttpMatchRequest& match : http.match) {
      if (!serves(match, context)) continue;
      translated.push_back(Translator(routes, http, context).translate(&match));
      if (is_catch_all(translated.back())) return translated;
    }
  }
  return translated;
}

envoy::Route default_route(std::string cluster, const MeshConfig& mesh,
                           const ConsistentHash* hash) {
  envoy::Route route;
  route.name = "default";
  envoy::RouteAction& action = route.route.emplace();
  action.cluster = std::move(cluster);
  const auto& retries = mesh.default_http_retry_policy;
  action.retry_policy = retry_policy(retries ? &*retries : nullptr, false);
  set_timeout(action, std::nullopt);
  if (hash)
    if (auto policy = hash_policy(*hash)) action.hash_policy.push_back(std::move(*policy));
  return route;
}

envoy::Route inbound_route(std::string cluster, const MeshConfig& mesh, bool grpc) {
  envoy::Route route;
  route.name = "default";
  envoy::RouteAction& action = route.route.emplace();
  action.cluster = std::move(cluster);
  action.timeout = 0_s;
  action.max_stream_duration = envoy::MaxStreamDuration{0_s, 0_s};
  action.retry_policy = inbound_retry_policy(mesh, grpc);
  return route;
}

}  // namespace spillway::model::istio
