#include "model/profiles/istio/route_parts.h"

#include <algorithm>
#include <array>
#include <utility>

namespace spillway::model::istio {
namespace {

using Kind = StringMatch::Kind;
using MatcherKind = envoy::StringMatcher::Kind;

/// "*" is no expression of RE2: Istio takes it for "any value".
bool means_present(const StringMatch& match) {
  return match.kind == Kind::present || (match.kind == Kind::regex && match.value == "*");
}

envoy::HeaderMatcher matcher(const std::string& name, const StringMatch& match) {
  envoy::HeaderMatcher out{name, {}};
  out.match.value = match.value;
  if (means_present(match)) {
    out.match.kind = MatcherKind::present;
    out.match.value.clear();
  } else {
    out.match.kind = match.kind == Kind::exact    ? MatcherKind::exact
                     : match.kind == Kind::prefix ? MatcherKind::prefix
                                                  : MatcherKind::safe_regex;
  }
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

bool is_internal(std::string_view name) {
  return name.starts_with(':') || name == "host" || name == "Host";
}
bool is_authority(std::string_view name) {
  return name == ":authority" || name == "host" || name == "Host";
}

std::string add_values(const std::map<std::string, std::string>& values,
                       envoy::HeaderValueOption::AppendAction action,
                       std::vector<envoy::HeaderValueOption>& to) {
  std::string authority;
  for (const auto& [name, value] : values) {
    if (is_authority(name)) authority = value;
    if (!is_internal(name)) to.push_back({name, value, action});
  }
  return authority;
}

std::string add_operations(const HeaderOperations& operations,
                           std::vector<envoy::HeaderValueOption>& add,
                           std::vector<std::string>& remove) {
  using Action = envoy::HeaderValueOption::AppendAction;
  const std::string set = add_values(operations.set, Action::overwrite_if_exists_or_add, add);
  const std::string added = add_values(operations.add, Action::append_if_exists_or_add, add);
  for (const std::string& name : operations.remove)
    if (!is_internal(name)) remove.push_back(name);
  return set.empty() ? added : set;
}

constexpr std::uint32_t kMillion = 1'000'000;

envoy::FractionalPercent per_million(double percent) {
  return {static_cast<std::uint32_t>(percent * 10'000), kMillion};
}

std::optional<std::uint32_t> grpc_code(std::string_view name) {
  constexpr std::array<std::string_view, 17> kNames{"OK",
                                                    "CANCELLED",
                                                    "UNKNOWN",
                                                    "INVALID_ARGUMENT",
                                                    "DEADLINE_EXCEEDED",
                                                    "NOT_FOUND",
                                                    "ALREADY_EXISTS",
                                                    "PERMISSION_DENIED",
                                                    "RESOURCE_EXHAUSTED",
                                                    "FAILED_PRECONDITION",
                                                    "ABORTED",
                                                    "OUT_OF_RANGE",
                                                    "UNIMPLEMENTED",
                                                    "INTERNAL",
                                                    "UNAVAILABLE",
                                                    "DATA_LOSS",
                                                    "UNAUTHENTICATED"};
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - kNames.begin());
}

std::string quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view(R"(\.+*?()|[]{}^$)").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

void set_path(const HttpMatchRequest& match, bool gateway_semantics, envoy::RouteMatch& out) {
  using PathKind = envoy::RouteMatch::Kind;
  if (!match.uri) return;
  out.value = match.uri->value;
  switch (match.uri->kind) {
    case Kind::exact:
      out.kind = PathKind::path;
      break;
    case Kind::prefix:
      if (gateway_semantics && out.value != "/") {
        out.kind = PathKind::path_separated_prefix;
        if (out.value.ends_with('/')) out.value.pop_back();
      }
      break;
    case Kind::regex:
      out.kind = PathKind::safe_regex;
      break;
    case Kind::present:
      out.value = "/";
      break;
  }
}

}  // namespace

envoy::RouteMatch route_match(const HttpMatchRequest& match, bool gateway_semantics) {
  envoy::RouteMatch out;
  set_path(match, gateway_semantics, out);
  out.case_sensitive = !match.ignore_uri_case;
  for (const auto& [name, value] : match.headers) out.headers.push_back(matcher(name, value));
  for (const auto& [name, value] : match.without_headers) {
    out.headers.push_back(matcher(name, value));
    out.headers.back().match.invert = true;
  }
  std::ranges::stable_sort(out.headers, {}, &envoy::HeaderMatcher::name);
  if (match.method) out.headers.push_back(matcher(":method", *match.method));
  if (match.authority) out.headers.push_back(matcher(":authority", *match.authority));
  if (match.scheme) out.headers.push_back(matcher(":scheme", *match.scheme));
  for (const auto& [name, value] : match.query_params)
    out.query_parameters.push_back(matcher(name, value));
  return out;
}

std::string add_headers(const Headers& headers, envoy::HeaderMutations& to) {
  add_operations(headers.response, to.response_headers_to_add, to.response_headers_to_remove);
  return add_operations(headers.request, to.request_headers_to_add, to.request_headers_to_remove);
}

std::optional<envoy::FractionalPercent> mirror_fraction(const HttpMirrorPolicy& mirror) {
  if (!mirror.percentage) return envoy::FractionalPercent{100, 100};
  if (*mirror.percentage <= 0) return std::nullopt;
  if (mirror.whole_percent)
    return envoy::FractionalPercent{static_cast<std::uint32_t>(*mirror.percentage), 100};
  return per_million(*mirror.percentage);
}

std::optional<envoy::HttpFault> http_fault(const HttpFaultInjection& fault) {
  envoy::HttpFault out;
  if (fault.delay && fault.delay->fixed_delay) {
    const auto percent = static_cast<std::uint32_t>(fault.delay->percent);
    out.delay = {*fault.delay->fixed_delay, fault.delay->percentage
                                                ? per_million(*fault.delay->percentage)
                                                : envoy::FractionalPercent{percent, 100}};
  }
  if (fault.abort) {
    envoy::HttpFault::Abort abort;
    if (fault.abort->http_status)
      abort.http_status = static_cast<std::uint16_t>(*fault.abort->http_status);
    else
      abort.grpc_status = grpc_code(fault.abort->grpc_status);
    if (fault.abort->percentage) abort.percentage = per_million(*fault.abort->percentage);
    out.abort = abort;
  }
  return out.delay || out.abort ? std::optional(out) : std::nullopt;
}

std::optional<envoy::HashPolicy> hash_policy(const ConsistentHash& hash) {
  using Key = ConsistentHash::Key;
  envoy::HashPolicy policy;
  policy.name = hash.name;
  switch (hash.key) {
    case Key::none:
      return std::nullopt;
    case Key::header:
      policy.kind = envoy::HashPolicy::Kind::header;
      break;
    case Key::cookie:
      policy.kind = envoy::HashPolicy::Kind::cookie;
      policy.ttl = hash.ttl;
      policy.path = hash.path;
      break;
    case Key::source_ip:
      policy.kind = envoy::HashPolicy::Kind::source_ip;
      break;
    case Key::query_parameter:
      policy.kind = envoy::HashPolicy::Kind::query_parameter;
      break;
  }
  return policy;
}

envoy::CorsPolicy cors_policy(const CorsPolicy& cors) {
  envoy::CorsPolicy out;
  for (const StringMatch& origin : cors.allow_origins)
    out.allow_origin_string_match.push_back(matcher("", origin).match);
  out.allow_methods = joined(cors.allow_methods);
  out.allow_headers = joined(cors.allow_headers);
  out.expose_headers = joined(cors.expose_headers);
  if (cors.max_age) out.max_age = std::to_string(cors.max_age->ns / 1'000'000'000);
  out.allow_credentials = cors.allow_credentials;
  out.forward_not_matching_preflights = true;
  return out;
}

envoy::RegexRewrite removed_prefix(const envoy::RouteMatch& match) {
  const bool separated = match.kind == envoy::RouteMatch::Kind::path_separated_prefix;
  std::string regex("^");
  regex += quoted(separated ? match.value : "");
  regex += "(/?)(.*)";
  return {std::move(regex), R"(/\2)"};
}

}  // namespace spillway::model::istio
