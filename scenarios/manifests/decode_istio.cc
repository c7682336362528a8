#include "scenarios/manifests/access.h"
#include "scenarios/manifests/decode.h"

namespace spillway::scenarios::manifests {
namespace {

namespace istio = model::istio;
using Strings = std::vector<std::string>;
using StringMap = std::map<std::string, std::string>;

Strings strings(const Node& node, std::string_view key) {
  Strings values;
  for (const Node& item : items_of(node, key)) values.push_back(item.scalar);
  return values;
}

StringMap string_map(const Node& node, std::string_view key) {
  StringMap map;
  for (const Member& m : child_of(node, key).members) map.emplace(m.key, m.value.scalar);
  return map;
}

istio::StringMatch decode_string_match(const Node& node) {
  using Kind = istio::StringMatch::Kind;
  for (const auto& [name, kind] :
       {std::pair("exact", Kind::exact), std::pair("prefix", Kind::prefix),
        std::pair("regex", Kind::regex)})
    if (const Node* value = node.find(name)) return {kind, value->scalar};
  return {};
}

std::optional<istio::StringMatch> match_of(const Node& node, std::string_view key) {
  const Node* match = node.find(key);
  return match ? std::optional(decode_string_match(*match)) : std::nullopt;
}

istio::StringMatches matches_of(const Node& node, std::string_view key) {
  istio::StringMatches matches;
  for (const Member& m : child_of(node, key).members)
    matches.emplace(m.key, decode_string_match(m.value));
  return matches;
}

istio::HttpMatchRequest decode_match(const Node& node) {
  istio::HttpMatchRequest match;
  match.name = text_of(node, "name");
  match.uri = match_of(node, "uri");
  match.scheme = match_of(node, "scheme");
  match.method = match_of(node, "method");
  match.authority = match_of(node, "authority");
  match.headers = matches_of(node, "headers");
  match.without_headers = matches_of(node, "withoutHeaders");
  match.query_params = matches_of(node, "queryParams");
  match.ignore_uri_case = flag_of(node, "ignoreUriCase");
  match.port = number_of(node, "port").value_or(0);
  match.source_labels = string_map(node, "sourceLabels");
  match.source_namespace = text_of(node, "sourceNamespace");
  match.gateways = strings(node, "gateways");
  return match;
}

istio::Destination decode_destination(const Node& node) {
  return {std::string(text_of(node, "host")), std::string(text_of(node, "subset")),
          number_of(child_of(node, "port"), "number")};
}

std::optional<istio::Headers> decode_headers(const Node& owner) {
  const Node* node = owner.find("headers");
  if (!node) return std::nullopt;
  const auto operations = [&](std::string_view key) {
    const Node& side = child_of(*node, key);
    return istio::HeaderOperations{string_map(side, "set"), string_map(side, "add"),
                                   strings(side, "remove")};
  };
  return istio::Headers{operations("request"), operations("response")};
}

/// Absent without `percentage`; a percentage without a value is 0.
std::optional<double> percentage_of(const Node& node, std::string_view key) {
  const Node* percentage = node.find(key);
  return percentage ? std::optional(decimal_of(*percentage, "value").value_or(0)) : std::nullopt;
}

istio::HttpFaultInjection decode_fault(const Node& node) {
  istio::HttpFaultInjection fault;
  if (const Node* delay = node.find("delay"))
    fault.delay = {go_duration_of(*delay, "fixedDelay"), percentage_of(*delay, "percentage"),
                   number_of(*delay, "percent").value_or(0)};
  if (const Node* abort = node.find("abort"))
    fault.abort = {number_of(*abort, "httpStatus"), std::string(text_of(*abort, "grpcStatus")),
                   percentage_of(*abort, "percentage")};
  return fault;
}

std::vector<istio::HttpMirrorPolicy> decode_mirrors(const Node& http) {
  std::vector<istio::HttpMirrorPolicy> mirrors;
  if (const Node* mirror = http.find("mirror")) {
    istio::HttpMirrorPolicy policy{decode_destination(*mirror),
                                   percentage_of(http, "mirrorPercentage"), false};
    for (const char* old : {"mirrorPercent", "mirror_percent"})
      if (!policy.percentage && has(http, old)) {
        policy.percentage = number_of(http, old).value_or(0);
        policy.whole_percent = true;
      }
    mirrors.push_back(std::move(policy));
  }
  for (const Node& mirror : items_of(http, "mirrors"))
    mirrors.push_back({decode_destination(child_of(mirror, "destination")),
                       percentage_of(mirror, "percentage"), false});
  return mirrors;
}

istio::HttpRedirect decode_redirect(const Node& node) {
  istio::HttpRedirect redirect;
  redirect.uri = text_of(node, "uri");
  redirect.authority = text_of(node, "authority");
  redirect.scheme = text_of(node, "scheme");
  redirect.port = number_of(node, "port");
  redirect.port_from_request = text_of(node, "derivePort") == "FROM_REQUEST_PORT";
  redirect.redirect_code = number_of(node, "redirectCode").value_or(0);
  return redirect;
}

istio::HttpRewrite decode_rewrite(const Node& node) {
  const Node& regex = child_of(node, "uriRegexRewrite");
  return {std::string(text_of(node, "uri")), std::string(text_of(node, "authority")),
          std::string(text_of(regex, "match")), std::string(text_of(regex, "rewrite"))};
}

istio::CorsPolicy decode_cors(const Node& node) {
  istio::CorsPolicy cors;
  for (const Node& origin : items_of(node, "allowOrigins"))
    cors.allow_origins.push_back(decode_string_match(origin));
  if (cors.allow_origins.empty())
    for (const Node& origin : items_of(node, "allowOrigin"))
      cors.allow_origins.push_back({istio::StringMatch::Kind::exact, origin.scalar});
  cors.allow_methods = strings(node, "allowMethods");
  cors.allow_headers = strings(node, "allowHeaders");
  cors.expose_headers = strings(node, "exposeHeaders");
  cors.max_age = go_duration_of(node, "maxAge");
  if (has(node, "allowCredentials")) cors.allow_credentials = flag_of(node, "allowCredentials");
  return cors;
}

istio::HttpRoute decode_http(const Node& node) {
  istio::HttpRoute http;
  http.name = text_of(node, "name");
  for (const Node& match : items_of(node, "match")) http.match.push_back(decode_match(match));
  for (const Node& route : items_of(node, "route"))
    http.route.push_back({decode_destination(child_of(route, "destination")),
                          number_of(route, "weight").value_or(0), decode_headers(route)});
  if (const Node* redirect = node.find("redirect")) http.redirect = decode_redirect(*redirect);
  if (const Node* direct = node.find("directResponse"))
    http.direct_response = {number_of(*direct, "status").value_or(0),
                            std::string(text_of(child_of(*direct, "body"), "string"))};
  if (const Node* rewrite = node.find("rewrite")) http.rewrite = decode_rewrite(*rewrite);
  http.timeout = go_duration_of(node, "timeout");
  if (const Node* retries = node.find("retries")) http.retries = decode_istio_retries(*retries);
  if (const Node* fault = node.find("fault")) http.fault = decode_fault(*fault);
  http.mirrors = decode_mirrors(node);
  if (const Node* cors = node.find("corsPolicy")) http.cors_policy = decode_cors(*cors);
  http.headers = decode_headers(node);
  http.delegate = has(node, "delegate");
  http.place = node.place;
  return http;
}

}  // namespace

istio::HttpRetry decode_istio_retries(const Node& node) {
  istio::HttpRetry retries;
  retries.attempts = number_of(node, "attempts").value_or(0);
  retries.per_try_timeout = go_duration_of(node, "perTryTimeout");
  retries.retry_on = text_of(node, "retryOn");
  retries.backoff = go_duration_of(node, "backoff");
  if (has(node, "retryIgnorePreviousHosts"))
    retries.ignore_previous_hosts = flag_of(node, "retryIgnorePreviousHosts");
  return retries;
}

istio::VirtualService decode_virtual_service(const Node& manifest) {
  const Node& spec = *manifest.find("spec");
  istio::VirtualService service;
  service.meta = decode_meta(manifest, Scope::namespaced);
  service.hosts = strings(spec, "hosts");
  service.gateways = strings(spec, "gateways");
  for (const Node& http : items_of(spec, "http")) service.http.push_back(decode_http(http));
  service.export_to = strings(spec, "exportTo");
  return service;
}

}  // namespace spillway::scenarios::manifests
