#include "model/profiles/cilium/routes.h"

#include <algorithm>
#include <map>

#include "model/profiles/cilium/actions.h"
#include "model/profiles/envoy_parts.h"

namespace spillway::model::cilium {
namespace {

using namespace sim::literals;
using envoy::Route;
using envoy::RouteMatch;

std::vector<envoy::HeaderMatcher> sorted_values(std::vector<ValueMatch> values) {
  const auto text = [](const ValueMatch& v) {
    return v.name + ":" + (v.type == ValueMatchType::exact ? "exact:" : "regex:") + v.value;
  };
  std::ranges::stable_sort(values, {}, text);
  std::vector<envoy::HeaderMatcher> matchers;
  for (const ValueMatch& value : values) matchers.push_back(value_matcher(value));
  return matchers;
}

RouteMatch route_match(const RuleMatch& entry) {
  const HttpRouteMatch& match = *entry.match;
  RouteMatch result;
  result.value = match.path.value;
  switch (match.path.type) {
    case PathMatchType::exact:
      result.kind = RouteMatch::Kind::path;
      break;
    case PathMatchType::regular_expression:
      result.kind = RouteMatch::Kind::safe_regex;
      break;
    case PathMatchType::path_prefix:
      result.kind =
          result.value == "/" ? RouteMatch::Kind::prefix : RouteMatch::Kind::path_separated_prefix;
      result.value = without_trailing_slash(result.value);
      break;
  }
  result.headers = sorted_values(match.headers);
  result.query_parameters = sorted_values(match.query_params);
  if (!match.method.empty() && entry.route->kind == "HTTPRoute")
    result.headers.push_back(method_matcher(match.method));
  if (entry.redirect && entry.redirect->scheme) {
    envoy::StringMatcher scheme = string_matcher(ValueMatchType::exact, *entry.redirect->scheme);
    scheme.ignore_case = true;
    scheme.invert = true;
    result.headers.push_back({"X-Forwarded-Proto", std::move(scheme)});
  }
  return result;
}

Route make_route(const std::vector<const RuleMatch*>& group, const Options& options) {
  const RuleMatch& first = *group.front();
  Route route;
  route.match = route_match(first);
  route.origin = first.route->meta.key() + "#" + std::to_string(first.rule);
  if (first.backends.empty() && !first.redirect) {
    route.direct_response = envoy::DirectResponseAction{500, ""};
    return route;
  }
  std::vector<Backend> backends;
  for (const RuleMatch* entry : group)
    backends.insert(backends.end(), entry->backends.begin(), entry->backends.end());
  route.headers = first.headers;
  if (first.redirect)
    route.redirect = redirect_action(*first.redirect, first.listener_port);
  else
    route.route = route_action(first, backends, options);
  if (first.cors) route.cors = cors_policy(*first.cors);
  if (backends.size() == 1)
    for (const BackendHeaders& entry : first.backend_headers)
      append_headers(route.headers, entry.headers);
  return route;
}

/// Rules with equal keys become one route where the first of them stands. One that answers by
/// itself is repeated for each of them.
std::vector<Route> make_routes(const std::vector<const RuleMatch*>& entries,
                               const Options& options) {
  std::map<std::string, std::vector<const RuleMatch*>> groups;
  for (const RuleMatch* entry : entries) groups[entry->key].push_back(entry);
  std::vector<Route> routes;
  for (const RuleMatch* entry : entries) {
    const auto group = groups.find(entry->key);
    if (group == groups.end()) continue;
    routes.push_back(make_route(group->second, options));
    if (!routes.back().direct_response) groups.erase(group);
  }
  return routes;
}

std::size_t length_of(const RouteMatch& match, RouteMatch::Kind kind) {
  return match.kind == kind ? match.value.size() : 0;
}

const std::string* method_of(const RouteMatch& match) {
  const auto found = std::ranges::find(match.headers, ":method", &envoy::HeaderMatcher::name);
  return found == match.headers.end() ? nullptr : &found->match.value;
}

/// Exact paths by length, then expressions by length, then prefixes by length, then methods, then
/// the number of headers and parameters.
bool comes_before(const Route& left, const Route& right) {
  const RouteMatch& a = left.match;
  const RouteMatch& b = right.match;
  using Kind = RouteMatch::Kind;
  for (const Kind kind : {Kind::path, Kind::safe_regex})
    if (length_of(a, kind) != length_of(b, kind)) return length_of(a, kind) > length_of(b, kind);
  const auto prefix = [](const RouteMatch& m) {
    return std::max(length_of(m, Kind::prefix), length_of(m, Kind::path_separated_prefix));
  };
  if (prefix(a) != prefix(b)) return prefix(a) > prefix(b);
  const std::string* method_a = method_of(a);
  const std::string* method_b = method_of(b);
  if (!method_a != !method_b) return method_a != nullptr;
  if (method_a && *method_a != *method_b) return *method_a < *method_b;
  if (a.headers.size() != b.headers.size()) return a.headers.size() > b.headers.size();
  return a.query_parameters.size() > b.query_parameters.size();
}

/// Virtual hosts by name.
envoy::RouteConfiguration make_route_config(const std::vector<IngestedListener>& listeners,
                                            bool tls, const Options& options) {
  std::map<std::string, std::vector<const RuleMatch*>> by_host;
  for (const IngestedListener& listener : listeners) {
    if (listener.tls != tls) continue;
    for (const RuleMatch& entry : listener.rules) {
      if (entry.hostnames.empty()) by_host[listener.hostname].push_back(&entry);
      for (const std::string& host : entry.hostnames) by_host[host].push_back(&entry);
    }
  }
  envoy::RouteConfiguration config;
  config.name = tls ? "listener-secure" : "listener-insecure";
  for (const auto& [host, entries] : by_host) {
    envoy::VirtualHost virtual_host;
    virtual_host.name = host;
    virtual_host.domains = {host};
    if (host != "*") virtual_host.domains.push_back(host + ":*");
    virtual_host.routes = make_routes(entries, options);
    std::ranges::stable_sort(virtual_host.routes, comes_before);
    config.virtual_hosts.push_back(std::move(virtual_host));
  }
  return config;
}

envoy::Cluster make_cluster(const Backend& backend) {
  envoy::Cluster cluster;
  cluster.name = backend.cluster();
  cluster.service = backend.namespace_ + "/" + backend.name + ":" + std::to_string(backend.port);
  cluster.circuit_breakers = envoy::CircuitBreakers{1024, 1024, 1024, 128, std::nullopt};
  envoy::OutlierDetection outlier;
  outlier.split_external_local_origin_errors = true;
  cluster.outlier_detection = outlier;
  cluster.use_downstream_protocol = true;
  cluster.idle_timeout = 60_s;
  return cluster;
}

}  // namespace

envoy::ProxyConfig make_config(const std::vector<IngestedListener>& listeners,
                               const Options& options) {
  envoy::ProxyConfig config;
  config.stream_idle_timeout = 300_s;
  for (const bool tls : {false, true})
    if (std::ranges::any_of(listeners, [&](const auto& l) { return l.tls == tls; }))
      config.route_configs.push_back(make_route_config(listeners, tls, options));
  std::map<std::string, Backend> backends;
  for (const IngestedListener& listener : listeners)
    for (const RuleMatch& entry : listener.rules)
      for (const auto* some : {&entry.backends, &entry.mirrors})
        for (const Backend& backend : *some) backends.emplace(backend.cluster(), backend);
  for (const auto& [name, backend] : backends) config.clusters.push_back(make_cluster(backend));
  return config;
}

}  // namespace spillway::model::cilium
