#include <nlohmann/json.hpp>

#include "reports/envoy_json.h"
#include "reports/envoy_json_parts.h"

namespace spillway::reports {
namespace {

using namespace model::envoy;
using Json = nlohmann::ordered_json;
using envoy_parts::set;
using envoy_parts::set_list;

Json string_matcher(const StringMatcher& match) {
  Json json = Json::object();
  switch (match.kind) {
    case StringMatcher::Kind::exact:
      json["exact"] = match.value;
      break;
    case StringMatcher::Kind::prefix:
      json["prefix"] = match.value;
      break;
    case StringMatcher::Kind::suffix:
      json["suffix"] = match.value;
      break;
    case StringMatcher::Kind::contains:
      json["contains"] = match.value;
      break;
    case StringMatcher::Kind::safe_regex:
      json["safe_regex"] = {{"regex", match.value}};
      break;
    case StringMatcher::Kind::present:
      break;
  }
  if (match.ignore_case) json["ignore_case"] = true;
  return json;
}

Json value_matcher(const HeaderMatcher& matcher) {
  Json json{{"name", matcher.name}};
  if (matcher.match.kind == StringMatcher::Kind::present)
    json["present_match"] = true;
  else
    json["string_match"] = string_matcher(matcher.match);
  if (matcher.match.invert) {
    json["invert_match"] = true;
    if (matcher.match.kind != StringMatcher::Kind::present)
      json["treat_missing_header_as_empty"] = true;
  }
  return json;
}

Json route_match(const RouteMatch& match) {
  Json json = Json::object();
  switch (match.kind) {
    case RouteMatch::Kind::prefix:
      json["prefix"] = match.value;
      break;
    case RouteMatch::Kind::path:
      json["path"] = match.value;
      break;
    case RouteMatch::Kind::safe_regex:
      json["safe_regex"] = {{"regex", match.value}};
      break;
    case RouteMatch::Kind::path_separated_prefix:
      json["path_separated_prefix"] = match.value;
      break;
  }
  if (!match.case_sensitive) json["case_sensitive"] = false;
  set_list(json, "headers", match.headers, value_matcher);
  set_list(json, "query_parameters", match.query_parameters, value_matcher);
  return json;
}

Json fraction(const FractionalPercent& percent) {
  Json json = Json::object();
  if (percent.numerator != 0) json["numerator"] = percent.numerator;
  if (percent.denominator == 10'000) json["denominator"] = "TEN_THOUSAND";
  if (percent.denominator == 1'000'000) json["denominator"] = "MILLION";
  return json;
}

Json header_value(const HeaderValueOption& option) {
  using Action = HeaderValueOption::AppendAction;
  Json json{{"header", {{"key", option.key}, {"value", option.value}}}};
  if (option.append_action == Action::add_if_absent) json["append_action"] = "ADD_IF_ABSENT";
  if (option.append_action == Action::overwrite_if_exists_or_add)
    json["append_action"] = "OVERWRITE_IF_EXISTS_OR_ADD";
  return json;
}

void set_headers(Json& json, const HeaderMutations& headers) {
  set_list(json, "request_headers_to_add", headers.request_headers_to_add, header_value);
  if (!headers.request_headers_to_remove.empty())
    json["request_headers_to_remove"] = headers.request_headers_to_remove;
  set_list(json, "response_headers_to_add", headers.response_headers_to_add, header_value);
  if (!headers.response_headers_to_remove.empty())
    json["response_headers_to_remove"] = headers.response_headers_to_remove;
}

Json retry_policy(const RetryPolicy& policy) {
  Json json = Json::object();
  set(json, "retry_on", policy.retry_on);
  set(json, "num_retries", policy.num_retries);
  if (!policy.retriable_status_codes.empty())
    json["retriable_status_codes"] = policy.retriable_status_codes;
  set_list(json, "retriable_headers", policy.retriable_headers, value_matcher);
  set(json, "per_try_timeout", policy.per_try_timeout);
  set(json, "per_try_idle_timeout", policy.per_try_idle_timeout);
  if (policy.retry_back_off) {
    Json& backoff = json["retry_back_off"] = Json::object();
    set(backoff, "base_interval", policy.retry_back_off->base_interval);
    set(backoff, "max_interval", policy.retry_back_off->max_interval);
  }
  if (const auto& limited = policy.rate_limited_retry_back_off) {
    Json& backoff = json["rate_limited_retry_back_off"] = Json::object();
    set_list(backoff, "reset_headers", limited->reset_headers, [](const auto& header) {
      Json reset{{"name", header.name}};
      if (header.unix_timestamp) reset["format"] = "UNIX_TIMESTAMP";
      return reset;
    });
    set(backoff, "max_interval", limited->max_interval);
  }
  if (policy.previous_hosts)
    json["retry_host_predicate"] = {
        {{"name", "envoy.retry_host_predicates.previous_hosts"},
         {"typed_config",
          {{"@type",
            "type.googleapis.com/"
            "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"}}}}};
  if (policy.host_selection_retry_max_attempts)
    json["host_selection_retry_max_attempts"] =
        std::to_string(*policy.host_selection_retry_max_attempts);
  return json;
}

Json weighted_clusters(const std::vector<WeightedCluster>& clusters) {
  Json list = Json::array();
  for (const WeightedCluster& cluster : clusters) {
    Json json{{"name", cluster.name}, {"weight", cluster.weight}};
    set_headers(json, cluster.headers);
    list.push_back(std::move(json));
  }
  return {{"clusters", std::move(list)}};
}

Json mirror(const RequestMirrorPolicy& policy) {
  Json json{{"cluster", policy.cluster}};
  if (policy.runtime_fraction)
    json["runtime_fraction"] = {{"default_value", fraction(*policy.runtime_fraction)}};
  return json;
}

Json regex_rewrite(const RegexRewrite& rewrite) {
  Json json{{"pattern", {{"regex", rewrite.regex}}}};
  set(json, "substitution", rewrite.substitution);
  return json;
}

Json hash_policy(const HashPolicy& policy) {
  Json json = Json::object();
  switch (policy.kind) {
    case HashPolicy::Kind::header:
      json["header"] = {{"header_name", policy.name}};
      break;
    case HashPolicy::Kind::cookie:
      json["cookie"] = {{"name", policy.name}};
      set(json["cookie"], "ttl", policy.ttl);
      set(json["cookie"], "path", policy.path);
      break;
    case HashPolicy::Kind::source_ip:
      json["connection_properties"] = {{"source_ip", true}};
      break;
    case HashPolicy::Kind::query_parameter:
      json["query_parameter"] = {{"name", policy.name}};
      break;
  }
  if (policy.terminal) json["terminal"] = true;
  return json;
}

std::string not_found_code(std::uint16_t code) {
  if (code == 404) return "NOT_FOUND";
  return code == 500 ? "INTERNAL_SERVER_ERROR" : "SERVICE_UNAVAILABLE";
}

Json route_action(const RouteAction& action) {
  Json json = Json::object();
  set(json, "cluster", action.cluster);
  if (action.cluster.empty())
    json["weighted_clusters"] = weighted_clusters(action.weighted_clusters);
  if (action.cluster_not_found_response_code && *action.cluster_not_found_response_code != 503)
    json["cluster_not_found_response_code"] =
        not_found_code(*action.cluster_not_found_response_code);
  set(json, "timeout", action.timeout);
  set(json, "idle_timeout", action.idle_timeout);
  set(json, "max_grpc_timeout", action.max_grpc_timeout);
  if (action.max_stream_duration) {
    Json& limit = json["max_stream_duration"] = Json::object();
    set(limit, "max_stream_duration", action.max_stream_duration->max_stream_duration);
    set(limit, "grpc_timeout_header_max", action.max_stream_duration->grpc_timeout_header_max);
  }
  if (action.retry_policy) json["retry_policy"] = retry_policy(*action.retry_policy);
  if (action.hedge_policy && action.hedge_policy->hedge_on_per_try_timeout)
    json["hedge_policy"] = {{"hedge_on_per_try_timeout", true}};
  set_list(json, "request_mirror_policies", action.request_mirror_policies, mirror);
  set_list(json, "hash_policy", action.hash_policy, hash_policy);
  set(json, "prefix_rewrite", action.prefix_rewrite);
  if (action.regex_rewrite) json["regex_rewrite"] = regex_rewrite(*action.regex_rewrite);
  set(json, "host_rewrite_literal", action.host_rewrite_literal);
  return json;
}

std::string redirect_code(std::uint16_t code) {
  switch (code) {
    case 302:
      return "FOUND";
    case 303:
      return "SEE_OTHER";
    case 307:
      return "TEMPORARY_REDIRECT";
    case 308:
      return "PERMANENT_REDIRECT";
    default:
      return "";
  }
}

Json redirect_action(const RedirectAction& action) {
  Json json = Json::object();
  set(json, "scheme_redirect", action.scheme_redirect);
  set(json, "host_redirect", action.host_redirect);
  if (action.port_redirect != 0) json["port_redirect"] = action.port_redirect;
  set(json, "path_redirect", action.path_redirect);
  set(json, "prefix_rewrite", action.prefix_rewrite);
  if (action.regex_rewrite) json["regex_rewrite"] = regex_rewrite(*action.regex_rewrite);
  set(json, "response_code", redirect_code(action.response_code));
  return json;
}

Json fault_filter(const HttpFault& fault) {
  Json json{{"@type", "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault"}};
  if (fault.delay)
    json["delay"] = {{"fixed_delay", proto_duration(fault.delay->fixed_delay)},
                     {"percentage", fraction(fault.delay->percentage)}};
  if (fault.abort) {
    Json& abort = json["abort"] = Json::object();
    if (fault.abort->http_status) abort["http_status"] = *fault.abort->http_status;
    if (fault.abort->grpc_status) abort["grpc_status"] = *fault.abort->grpc_status;
    abort["percentage"] = fraction(fault.abort->percentage);
  }
  return json;
}

Json cors_filter(const CorsPolicy& cors) {
  Json json{{"@type", "type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy"}};
  set_list(json, "allow_origin_string_match", cors.allow_origin_string_match, string_matcher);
  set(json, "allow_methods", cors.allow_methods);
  set(json, "allow_headers", cors.allow_headers);
  set(json, "expose_headers", cors.expose_headers);
  set(json, "max_age", cors.max_age);
  set(json, "allow_credentials", cors.allow_credentials);
  set(json, "forward_not_matching_preflights", cors.forward_not_matching_preflights);
  return json;
}

void set_filters(Json& json, const std::optional<HttpFault>& fault,
                 const std::optional<CorsPolicy>& cors) {
  if (!fault && !cors) return;
  Json& filters = json["typed_per_filter_config"] = Json::object();
  if (fault) filters["envoy.filters.http.fault"] = fault_filter(*fault);
  if (cors) filters["envoy.filters.http.cors"] = cors_filter(*cors);
}

Json route_json(const Route& route) {
  Json json = Json::object();
  set(json, "name", route.name);
  json["match"] = route_match(route.match);
  if (route.route) json["route"] = route_action(*route.route);
  if (route.redirect) json["redirect"] = redirect_action(*route.redirect);
  if (route.direct_response) {
    json["direct_response"] = {{"status", route.direct_response->status}};
    if (!route.direct_response->body.empty())
      json["direct_response"]["body"] = {{"inline_string", route.direct_response->body}};
  }
  set_headers(json, route.headers);
  set_filters(json, route.fault, route.cors);
  return json;
}

Json virtual_host_json(const VirtualHost& host) {
  Json json{{"name", host.name}, {"domains", host.domains}};
  set_list(json, "routes", host.routes, route_json);
  if (host.include_request_attempt_count) json["include_request_attempt_count"] = true;
  return json;
}

}  // namespace

std::string envoy_json(const Route& route) { return envoy_parts::dump(route_json(route)); }

std::string envoy_json(const VirtualHost& host) {
  return envoy_parts::dump(virtual_host_json(host));
}

std::string envoy_json(const RouteConfiguration& config) {
  Json json{{"name", config.name}};
  set_list(json, "virtual_hosts", config.virtual_hosts, virtual_host_json);
  set_filters(json, config.fault, std::nullopt);
  return envoy_parts::dump(json);
}

}  // namespace spillway::reports
