#include "model/profiles/kgateway/filters.h"

#include <fmt/format.h>

#include <string>

#include "model/profiles/envoy_parts.h"
#include "model/profiles/kgateway/actions.h"

namespace spillway::model::kgateway {
namespace {

/// Headers are added first, then set.
std::vector<envoy::HeaderValueOption> options_of(const HeaderModifier& modifier) {
  using Action = envoy::HeaderValueOption::AppendAction;
  std::vector<envoy::HeaderValueOption> options;
  for (const HttpHeader& h : modifier.add)
    options.push_back({h.name, h.value, Action::append_if_exists_or_add});
  for (const HttpHeader& h : modifier.set)
    options.push_back({h.name, h.value, Action::overwrite_if_exists_or_add});
  return options;
}

int default_port(const std::string& scheme) {
  return scheme == "https" ? 443 : scheme == "http" ? 80 : 0;
}

std::string rewritten_path(const envoy::RouteMatch& match) {
  return match.kind == envoy::RouteMatch::Kind::safe_regex ? "" : match.value;
}

}  // namespace

void set_headers(const HttpRouteFilter& filter, envoy::HeaderMutations& headers) {
  if (const auto* request = std::get_if<RequestHeaderModifierFilter>(&filter.filter)) {
    headers.request_headers_to_add = options_of(*request);
    headers.request_headers_to_remove = request->remove;
  } else if (const auto* response = std::get_if<ResponseHeaderModifierFilter>(&filter.filter)) {
    headers.response_headers_to_add = options_of(*response);
    headers.response_headers_to_remove = response->remove;
  }
}

void append_filter_headers(const HttpRouteFilter& filter, envoy::HeaderMutations& headers) {
  envoy::HeaderMutations own;
  set_headers(filter, own);
  append_headers(headers, own);
}

/// Ports that the scheme implies are left out of the Location.
envoy::RedirectAction redirect_action(const RequestRedirectFilter& redirect, int listener_port) {
  envoy::RedirectAction action;
  const std::string scheme = redirect.scheme.value_or("http");
  action.https_redirect = redirect.scheme == "https";
  if (redirect.scheme && !action.https_redirect) action.scheme_redirect = scheme;
  action.host_redirect = redirect.hostname.value_or("");
  const int port = redirect.port.value_or(redirect.scheme ? default_port(scheme) : listener_port);
  if (port != default_port(scheme)) action.port_redirect = static_cast<std::uint32_t>(port);
  action.response_code = static_cast<std::uint16_t>(redirect.status_code);
  if (!redirect.path) return action;
  if (redirect.path->type == PathModifier::Type::replace_full_path)
    action.path_redirect = redirect.path->value;
  else
    action.prefix_rewrite = redirect.path->value;
  return action;
}

void apply_rewrite(const UrlRewriteFilter& rewrite, bool overrides, envoy::Route& route) {
  envoy::RouteAction& action = *route.route;
  if (rewrite.hostname && (action.host_rewrite_literal.empty() || overrides))
    action.host_rewrite_literal = *rewrite.hostname;
  const bool settable = overrides || (!action.regex_rewrite && action.prefix_rewrite.empty());
  if (!rewrite.path || !settable) return;
  const std::string& value = rewrite.path->value;
  action.prefix_rewrite.clear();
  action.regex_rewrite.reset();
  const std::string path = rewritten_path(route.match);
  if (rewrite.path->type == PathModifier::Type::replace_full_path)
    action.regex_rewrite = envoy::RegexRewrite{".*", value.empty() ? "/" : value};
  else if (!path.empty() && (value.empty() || value == "/"))
    action.regex_rewrite = envoy::RegexRewrite{fmt::format("^{}\\/*", path), "/"};
  else
    action.prefix_rewrite = value.empty() ? "/" : value;
}

/// With a retry, backendRequest limits a try and `request` all of them; without, backendRequest is
/// the limit of everything.
void apply_timeouts(const HttpRouteRule& rule, bool retries, bool overrides, const Options& options,
                    envoy::RouteAction& action) {
  const HttpRouteTimeouts timeouts = rule.timeouts.value_or(HttpRouteTimeouts{});
  if (!timeouts.request && !timeouts.backend_request) return;
  if (action.timeout && !overrides) return;
  if (retries && (timeouts.request || !options.backend_request_overall_too))
    action.timeout = timeouts.request;
  else
    action.timeout = timeouts.backend_request ? timeouts.backend_request : timeouts.request;
}

envoy::RetryPolicy route_retry_policy(const HttpRouteRule& rule, const Options& options) {
  Retry retry;
  retry.retry_on = {"cancelled",         "connect-failure",        "refused-stream",
                    "retriable-headers", "retriable-status-codes", "unavailable"};
  if (options.retry_on_reset) retry.retry_on.push_back("reset");
  retry.attempts = rule.retry->attempts.value_or(1);
  retry.status_codes = rule.retry->codes;
  if (rule.timeouts) retry.per_try_timeout = rule.timeouts->backend_request;
  envoy::RetryPolicy policy = retry_policy(retry);
  policy.retry_back_off.reset();
  if (rule.retry->backoff)
    policy.retry_back_off = envoy::RetryBackOff{rule.retry->backoff, std::nullopt};
  return policy;
}

envoy::StatefulSession stateful_session(const SessionPersistence& session, const Options& options) {
  envoy::StatefulSession result;
  result.cookie = session.type != "Header";
  static const std::string kCookieName = "sessionPersistence";
  static const std::string kHeaderName = "x-session-persistence";
  const std::string& unnamed = result.cookie ? kCookieName : kHeaderName;
  result.name = session.session_name.empty() ? unnamed : session.session_name;
  if (!result.cookie) return result;
  result.ttl = session.absolute_timeout;
  if (options.session_cookie_path) result.path.assign(1, '/');
  return result;
}

void apply_defaults(const TrafficSettings& settings, envoy::Route& route) {
  if (!route.route) return;
  envoy::RouteAction& action = *route.route;
  if (settings.timeouts) {
    if (!action.timeout) action.timeout = settings.timeouts->request;
    if (!action.idle_timeout) action.idle_timeout = settings.timeouts->stream_idle;
  }
  if (settings.retry && !action.retry_policy) action.retry_policy = retry_policy(*settings.retry);
}

}  // namespace spillway::model::kgateway
