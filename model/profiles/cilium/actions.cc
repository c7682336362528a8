#include "model/profiles/cilium/actions.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "model/profiles/envoy_parts.h"

namespace spillway::model::cilium {
namespace {

using envoy::RouteAction;

constexpr const char* kRetryOn = "retriable-status-codes,connect-failure,reset,refused-stream";

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + value;
  return text;
}

/// The shorter of the two, where zero is the shortest time and not "none".
void set_timeout(const HttpRouteRule& rule, RouteAction& action) {
  const HttpRouteTimeouts timeouts = rule.timeouts.value_or(HttpRouteTimeouts{});
  if (!timeouts.request && !timeouts.backend_request) {
    action.max_stream_duration = envoy::MaxStreamDuration{sim::Duration{}, std::nullopt};
    return;
  }
  action.timeout = timeouts.request && timeouts.backend_request
                       ? std::min(*timeouts.request, *timeouts.backend_request)
                       : (timeouts.request ? timeouts.request : timeouts.backend_request);
}

envoy::RetryPolicy retry_policy(const HttpRouteRetry& retry, const Options& options) {
  envoy::RetryPolicy policy;
  if (options.retries_act) policy.retry_on = kRetryOn;
  policy.retriable_status_codes.assign(retry.codes.begin(), retry.codes.end());
  if (retry.attempts) policy.num_retries = static_cast<std::uint32_t>(*retry.attempts);
  if (retry.backoff)
    policy.retry_back_off = envoy::RetryBackOff{*retry.backoff, *retry.backoff * 2};
  return policy;
}

void set_rewrite(const RuleMatch& rule, RouteAction& action) {
  if (!rule.rewrite) return;
  if (rule.rewrite->hostname) action.host_rewrite_literal = *rule.rewrite->hostname;
  if (!rule.rewrite->path) return;
  const PathModifier& path = *rule.rewrite->path;
  if (path.type == PathModifier::Type::replace_full_path) {
    if (!path.value.empty()) action.regex_rewrite = envoy::RegexRewrite{"^/.*$", path.value};
    return;
  }
  std::string prefix = path.value;
  if (prefix.ends_with('/')) prefix.pop_back();
  const HttpPathMatch& match = rule.match->path;
  if (!prefix.empty())
    action.prefix_rewrite = prefix;
  else
    action.regex_rewrite = envoy::RegexRewrite{
        fmt::format("^{}(/?)(.*)",
                    quote_regex(match.type == PathMatchType::path_prefix ? match.value : "")),
        "/\\2"};
}

void set_backends(const RuleMatch& rule, const std::vector<Backend>& backends,
                  RouteAction& action) {
  if (backends.size() == 1) {
    action.cluster = backends[0].cluster();
    return;
  }
  std::map<std::string, const BackendHeaders*> headers;
  for (const BackendHeaders& entry : rule.backend_headers) headers[entry.cluster] = &entry;
  for (const Backend& backend : backends) {
    envoy::WeightedCluster& cluster = action.weighted_clusters.emplace_back();
    cluster.name = backend.cluster();
    cluster.weight = static_cast<std::uint32_t>(backend.weight);
    if (const auto found = headers.find(cluster.name); found != headers.end())
      cluster.headers = found->second->headers;
  }
}

}  // namespace

RouteAction route_action(const RuleMatch& first, const std::vector<Backend>& backends,
                         const Options& options) {
  RouteAction action;
  const HttpRouteRule& rule = first.http_rule();
  set_backends(first, backends, action);
  set_rewrite(first, action);
  action.request_mirror_policies = first.mirror_policies;
  set_timeout(rule, action);
  if (rule.retry) action.retry_policy = retry_policy(*rule.retry, options);
  return action;
}

envoy::RedirectAction redirect_action(const RequestRedirectFilter& redirect, int listener_port) {
  envoy::RedirectAction action;
  action.scheme_redirect = redirect.scheme.value_or("");
  action.host_redirect = redirect.hostname.value_or("");
  const int scheme_port = action.scheme_redirect == "https"  ? 443
                          : action.scheme_redirect == "http" ? 80
                                                             : listener_port;
  action.port_redirect = static_cast<std::uint32_t>(redirect.port.value_or(scheme_port));
  action.response_code = static_cast<std::uint16_t>(redirect.status_code);
  if (!redirect.path) return action;
  if (redirect.path->type == PathModifier::Type::replace_full_path)
    action.path_redirect = redirect.path->value;
  else
    action.prefix_rewrite = redirect.path->value;
  return action;
}

envoy::CorsPolicy cors_policy(const CorsFilter& cors) {
  using Kind = envoy::StringMatcher::Kind;
  envoy::CorsPolicy policy;
  for (const std::string& origin : cors.allow_origins) {
    const std::size_t star = origin.find('*');
    if (star == std::string::npos)
      policy.allow_origin_string_match.push_back({Kind::exact, origin, false, false});
    else
      policy.allow_origin_string_match.push_back(
          {Kind::safe_regex,
           fmt::format("^{}[A-Za-z0-9.-]+{}$", quote_regex(origin.substr(0, star)),
                       quote_regex(origin.substr(star + 1))),
           false, false});
  }
  policy.allow_methods = joined(cors.allow_methods);
  policy.allow_headers = joined(cors.allow_headers);
  policy.expose_headers = joined(cors.expose_headers);
  policy.max_age = std::to_string(cors.max_age);
  policy.allow_credentials = cors.allow_credentials;
  policy.forward_not_matching_preflights = false;
  return policy;
}

}  // namespace spillway::model::cilium
