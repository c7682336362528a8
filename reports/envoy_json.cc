#include "reports/envoy_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace spillway::reports {
namespace {

namespace envoy = model::envoy;
using Json = nlohmann::ordered_json;

void set(Json& json, const char* key, const std::string& value) {
  if (!value.empty()) json[key] = value;
}
void set(Json& json, const char* key, const std::optional<sim::Duration>& value) {
  if (value) json[key] = proto_duration(*value);
}
template <class T>
void set(Json& json, const char* key, const std::optional<T>& value) {
  if (value) json[key] = *value;
}
/// A message or list that is there only if it holds something.
void set_filled(Json& json, const char* key, Json value) {
  if (!value.empty()) json[key] = std::move(value);
}

template <class Range, class Writer>
Json list_of(const Range& range, Writer write) {
  Json list = Json::array();
  for (const auto& item : range) list.push_back(write(item));
  return list;
}

Json typed(const char* type) { return {{"@type", std::string("type.googleapis.com/") + type}}; }

Json percent_json(const envoy::FractionalPercent& percent) {
  Json json = Json::object();
  if (percent.numerator != 0) json["numerator"] = percent.numerator;
  if (percent.denominator == 10'000) json["denominator"] = "TEN_THOUSAND";
  if (percent.denominator == 1'000'000) json["denominator"] = "MILLION";
  return json;
}

Json string_match_json(const envoy::StringMatcher& matcher) {
  using Kind = envoy::StringMatcher::Kind;
  Json json = Json::object();
  switch (matcher.kind) {
    case Kind::exact:
      json["exact"] = matcher.value;
      break;
    case Kind::prefix:
      json["prefix"] = matcher.value;
      break;
    case Kind::suffix:
      json["suffix"] = matcher.value;
      break;
    case Kind::contains:
      json["contains"] = matcher.value;
      break;
    case Kind::safe_regex:
      json["safe_regex"] = {{"regex", matcher.value}};
      break;
    case Kind::present:
      break;
  }
  if (matcher.ignore_case) json["ignore_case"] = true;
  return json;
}

Json matcher_json(const envoy::HeaderMatcher& matcher) {
  Json json{{"name", matcher.name}};
  if (matcher.match.kind == envoy::StringMatcher::Kind::present)
    json["present_match"] = true;
  else
    json["string_match"] = string_match_json(matcher.match);
  if (matcher.match.invert) json["invert_match"] = true;
  return json;
}

Json match_json(const envoy::RouteMatch& match) {
  using Kind = envoy::RouteMatch::Kind;
  Json json = Json::object();
  switch (match.kind) {
    case Kind::prefix:
      json["prefix"] = match.value;
      break;
    case Kind::path:
      json["path"] = match.value;
      break;
    case Kind::safe_regex:
      json["safe_regex"] = {{"regex", match.value}};
      break;
    case Kind::path_separated_prefix:
      json["path_separated_prefix"] = match.value;
      break;
  }
  if (!match.case_sensitive) json["case_sensitive"] = false;
  set_filled(json, "headers", list_of(match.headers, matcher_json));
  set_filled(json, "query_parameters", list_of(match.query_parameters, matcher_json));
  return json;
}

Json header_option_json(const envoy::HeaderValueOption& option) {
  using Action = envoy::HeaderValueOption::AppendAction;
  Json json{{"header", {{"key", option.key}, {"value", option.value}}}};
  if (option.append_action == Action::add_if_absent) json["append_action"] = "ADD_IF_ABSENT";
  if (option.append_action == Action::overwrite_if_exists_or_add)
    json["append_action"] = "OVERWRITE_IF_EXISTS_OR_ADD";
  return json;
}

void set_headers(Json& json, const envoy::HeaderMutations& headers) {
  set_filled(json, "request_headers_to_add",
             list_of(headers.request_headers_to_add, header_option_json));
  set_filled(json, "request_headers_to_remove", Json(headers.request_headers_to_remove));
  set_filled(json, "response_headers_to_add",
             list_of(headers.response_headers_to_add, header_option_json));
  set_filled(json, "response_headers_to_remove", Json(headers.response_headers_to_remove));
}

Json rate_limited_json(const envoy::RateLimitedRetryBackOff& back_off) {
  Json json{{"reset_headers", list_of(back_off.reset_headers, [](const auto& header) {
               Json one{{"name", header.name}};
               if (header.unix_timestamp) one["format"] = "UNIX_TIMESTAMP";
               return one;
             })}};
  set(json, "max_interval", back_off.max_interval);
  return json;
}

Json retry_json(const envoy::RetryPolicy& retry) {
  Json json = Json::object();
  set(json, "retry_on", retry.retry_on);
  set(json, "num_retries", retry.num_retries);
  set(json, "per_try_timeout", retry.per_try_timeout);
  set(json, "per_try_idle_timeout", retry.per_try_idle_timeout);
  if (retry.previous_hosts)
    json["retry_host_predicate"] = Json::array(
        {{{"name", "envoy.retry_host_predicates.previous_hosts"},
          {"typed_config",
           typed("envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate")}}});
  if (retry.host_selection_retry_max_attempts)  // 64 bits: protobuf writes a string
    json["host_selection_retry_max_attempts"] =
        std::to_string(*retry.host_selection_retry_max_attempts);
  set_filled(json, "retriable_status_codes", Json(retry.retriable_status_codes));
  if (retry.retry_back_off) {
    Json& back_off = json["retry_back_off"] = Json::object();
    set(back_off, "base_interval", retry.retry_back_off->base_interval);
    set(back_off, "max_interval", retry.retry_back_off->max_interval);
  }
  if (retry.rate_limited_retry_back_off)
    json["rate_limited_retry_back_off"] = rate_limited_json(*retry.rate_limited_retry_back_off);
  set_filled(json, "retriable_headers", list_of(retry.retriable_headers, matcher_json));
  return json;
}

Json regex_rewrite_json(const envoy::RegexRewrite& rewrite) {
  return {{"pattern", {{"regex", rewrite.regex}}}, {"substitution", rewrite.substitution}};
}

Json weighted_json(const envoy::WeightedCluster& cluster) {
  Json json{{"name", cluster.name}, {"weight", cluster.weight}};
  set_headers(json, cluster.headers);
  return json;
}

Json mirror_json(const envoy::RequestMirrorPolicy& mirror) {
  Json json{{"cluster", mirror.cluster}};
  if (mirror.runtime_fraction)
    json["runtime_fraction"] = {{"default_value", percent_json(*mirror.runtime_fraction)}};
  return json;
}

Json hash_policy_json(const envoy::HashPolicy& policy) {
  using Kind = envoy::HashPolicy::Kind;
  Json json = Json::object();
  switch (policy.kind) {
    case Kind::header:
      json["header"] = {{"header_name", policy.name}};
      break;
    case Kind::cookie: {
      Json& cookie = json["cookie"] = {{"name", policy.name}};
      set(cookie, "ttl", policy.ttl);
      set(cookie, "path", policy.path);
      break;
    }
    case Kind::source_ip:
      json["connection_properties"] = {{"source_ip", true}};
      break;
    case Kind::query_parameter:
      json["query_parameter"] = {{"name", policy.name}};
      break;
  }
  if (policy.terminal) json["terminal"] = true;
  return json;
}

void set_targets(Json& json, const envoy::RouteAction& action) {
  set(json, "cluster", action.cluster);
  if (!action.weighted_clusters.empty())
    json["weighted_clusters"] = {{"clusters", list_of(action.weighted_clusters, weighted_json)}};
  if (const auto code = action.cluster_not_found_response_code; code && *code != 503)
    json["cluster_not_found_response_code"] = *code == 500 ? "INTERNAL_SERVER_ERROR" : "NOT_FOUND";
  set_filled(json, "request_mirror_policies", list_of(action.request_mirror_policies, mirror_json));
  set_filled(json, "hash_policy", list_of(action.hash_policy, hash_policy_json));
}

Json action_json(const envoy::RouteAction& action) {
  Json json = Json::object();
  set_targets(json, action);
  set(json, "prefix_rewrite", action.prefix_rewrite);
  if (action.regex_rewrite) json["regex_rewrite"] = regex_rewrite_json(*action.regex_rewrite);
  set(json, "host_rewrite_literal", action.host_rewrite_literal);
  set(json, "timeout", action.timeout);
  set(json, "idle_timeout", action.idle_timeout);
  set(json, "max_grpc_timeout", action.max_grpc_timeout);
  if (action.max_stream_duration) {
    Json& limit = json["max_stream_duration"] = Json::object();
    set(limit, "max_stream_duration", action.max_stream_duration->max_stream_duration);
    set(limit, "grpc_timeout_header_max", action.max_stream_duration->grpc_timeout_header_max);
  }
  if (action.retry_policy) json["retry_policy"] = retry_json(*action.retry_policy);
  if (action.hedge_policy && action.hedge_policy->hedge_on_per_try_timeout)
    json["hedge_policy"] = {{"hedge_on_per_try_timeout", true}};
  return json;
}

Json redirect_json(const envoy::RedirectAction& redirect) {
  Json json = Json::object();
  set(json, "scheme_redirect", redirect.scheme_redirect);
  if (redirect.https_redirect) json["https_redirect"] = true;
  set(json, "host_redirect", redirect.host_redirect);
  if (redirect.port_redirect != 0) json["port_redirect"] = redirect.port_redirect;
  set(json, "path_redirect", redirect.path_redirect);
  set(json, "prefix_rewrite", redirect.prefix_rewrite);
  if (redirect.regex_rewrite) json["regex_rewrite"] = regex_rewrite_json(*redirect.regex_rewrite);
  switch (redirect.response_code) {
    case 302:
      json["response_code"] = "FOUND";
      break;
    case 303:
      json["response_code"] = "SEE_OTHER";
      break;
    case 307:
      json["response_code"] = "TEMPORARY_REDIRECT";
      break;
    case 308:
      json["response_code"] = "PERMANENT_REDIRECT";
      break;
    default:
      break;
  }
  return json;
}

Json fault_json(const envoy::HttpFault& fault) {
  Json json = typed("envoy.extensions.filters.http.fault.v3.HTTPFault");
  if (fault.delay)
    json["delay"] = {{"fixed_delay", proto_duration(fault.delay->fixed_delay)},
                     {"percentage", percent_json(fault.delay->percentage)}};
  if (fault.abort) {
    Json& abort = json["abort"] = Json::object();
    set(abort, "http_status", fault.abort->http_status);
    set(abort, "grpc_status", fault.abort->grpc_status);
    abort["percentage"] = percent_json(fault.abort->percentage);
  }
  set(json, "max_active_faults", fault.max_active_faults);
  if (fault.response_rate_limit)
    json["response_rate_limit"] = {
        {"fixed_limit", {{"limit_kbps", std::to_string(fault.response_rate_limit->limit_kbps)}}},
        {"percentage", percent_json(fault.response_rate_limit->percentage)}};
  return json;
}

Json cors_json(const envoy::CorsPolicy& cors) {
  Json json = typed("envoy.extensions.filters.http.cors.v3.CorsPolicy");
  set_filled(json, "allow_origin_string_match",
             list_of(cors.allow_origin_string_match, string_match_json));
  set(json, "allow_methods", cors.allow_methods);
  set(json, "allow_headers", cors.allow_headers);
  set(json, "expose_headers", cors.expose_headers);
  set(json, "max_age", cors.max_age);
  set(json, "allow_credentials", cors.allow_credentials);
  set(json, "forward_not_matching_preflights", cors.forward_not_matching_preflights);
  return json;
}

Json session_json(const envoy::StatefulSession& session) {
  Json state;
  if (session.cookie) {
    Json cookie{{"name", session.name}};
    set(cookie, "ttl", session.ttl);
    set(cookie, "path", session.path);
    state = typed("envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState");
    state["cookie"] = std::move(cookie);
  } else {
    state = typed("envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState");
    state["name"] = session.name;
  }
  Json json = typed("envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute");
  json["stateful_session"] = {{"session_state",
                               {{"name", session.cookie ? "envoy.http.stateful_session.cookie"
                                                        : "envoy.http.stateful_session.header"},
                                {"typed_config", std::move(state)}}}};
  return json;
}

Json route_json(const envoy::Route& route) {
  Json json = Json::object();
  set(json, "name", route.name);
  json["match"] = match_json(route.match);
  if (route.route) json["route"] = action_json(*route.route);
  if (route.redirect) json["redirect"] = redirect_json(*route.redirect);
  if (route.direct_response)
    json["direct_response"] = {{"status", route.direct_response->status},
                               {"body", {{"inline_string", route.direct_response->body}}}};
  Json filters = Json::object();
  if (route.fault) filters["envoy.filters.http.fault"] = fault_json(*route.fault);
  if (route.cors) filters["envoy.filters.http.cors"] = cors_json(*route.cors);
  if (route.stateful_session)
    filters["envoy.filters.http.stateful_session"] = session_json(*route.stateful_session);
  set_filled(json, "typed_per_filter_config", std::move(filters));
  set_headers(json, route.headers);
  return json;
}

Json host_json(const envoy::VirtualHost& host) {
  Json json{{"name", host.name}, {"domains", host.domains}};
  set_filled(json, "routes", list_of(host.routes, route_json));
  if (host.include_request_attempt_count) json["include_request_attempt_count"] = true;
  if (host.fault)
    json["typed_per_filter_config"] = {{"envoy.filters.http.fault", fault_json(*host.fault)}};
  return json;
}

}  // namespace

std::string proto_duration(sim::Duration duration) {
  const bool negative = duration.ns < 0;
  const auto ns = negative ? 0 - static_cast<std::uint64_t>(duration.ns)
                           : static_cast<std::uint64_t>(duration.ns);
  const std::uint64_t fraction = ns % 1'000'000'000;
  std::string text = fmt::format("{}{}", negative ? "-" : "", ns / 1'000'000'000);
  if (fraction % 1'000'000 == 0)
    text += fraction == 0 ? "" : fmt::format(".{:03}", fraction / 1'000'000);
  else if (fraction % 1'000 == 0)
    text += fmt::format(".{:06}", fraction / 1'000);
  else
    text += fmt::format(".{:09}", fraction);
  return text + "s";
}

std::string envoy_json(const envoy::Route& route) { return route_json(route).dump(); }
std::string envoy_json(const envoy::VirtualHost& host) { return host_json(host).dump(); }
std::string envoy_json(const envoy::HttpFault& fault) { return fault_json(fault).dump(); }

std::string envoy_json(const envoy::RouteConfiguration& config) {
  Json json{{"name", config.name}};
  set_filled(json, "virtual_hosts", list_of(config.virtual_hosts, host_json));
  if (config.fault)
    json["typed_per_filter_config"] = {{"envoy.filters.http.fault", fault_json(*config.fault)}};
  return json.dump();
}

}  // namespace spillway::reports
