#include "model/profiles/kgateway/actions.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/envoy/validate.h"
#include "model/profiles/envoy_parts.h"
#include "model/profiles/kgateway/filters.h"

namespace spillway::model::kgateway {
namespace {

constexpr const char* kBlackhole = "blackhole-cluster";
constexpr const char* kReplaced =
    "invalid route configuration detected and replaced with a direct response.";

envoy::RouteMatch route_match(const HttpRouteMatch& match, const std::string& kind) {
  using Kind = envoy::RouteMatch::Kind;
  envoy::RouteMatch result;
  result.value = match.path.value;
  switch (match.path.type) {
    case PathMatchType::exact:
      result.kind = Kind::path;
      break;
    case PathMatchType::regular_expression:
      result.kind = Kind::safe_regex;
      break;
    case PathMatchType::path_prefix:
      result.value = without_trailing_slash(result.value);
      result.kind = result.value == "/" ? Kind::prefix : Kind::path_separated_prefix;
      break;
  }
  for (const ValueMatch& header : match.headers) result.headers.push_back(value_matcher(header));
  if (!match.method.empty() && kind == "HTTPRoute")
    result.headers.push_back(method_matcher(match.method));
  for (const ValueMatch& query : match.query_params)
    result.query_parameters.push_back(value_matcher(query));
  return result;
}

envoy::FractionalPercent percent(int value) { return {static_cast<std::uint32_t>(value), 100}; }

std::string joined(const std::set<std::string>& values) {
  std::string text;
  for (const std::string& value : values) {
    if (!text.empty()) text += ',';
    text += value;
  }
  return text;
}

bool all_weights_zero(const envoy::Route& route) {
  const auto& clusters = route.route->weighted_clusters;
  return !clusters.empty() &&
         std::ranges::all_of(clusters, [](const auto& c) { return c.weight == 0; });
}

bool has_action(const envoy::Route& route) {
  return route.route || route.redirect || route.direct_response;
}

bool envoy_refuses(const envoy::Route& route) {
  envoy::RouteConfiguration config;
  config.virtual_hosts.push_back({"placeholder", {"*"}, {route}, false, std::nullopt});
  return !envoy::refusals(config).empty();
}

/// The match alone, with an answer that cannot be wrong.
bool envoy_refuses_match(const envoy::Route& route) {
  envoy::Route neutral;
  neutral.match = route.match;
  neutral.direct_response = envoy::DirectResponseAction{500, ""};
  return envoy_refuses(neutral);
}

void fail(Slot& slot, const Options& options, const char* reason) {
  if (options.programmed_condition) {
    slot.programmed = false;
    slot.programmed_reason = reason;
  } else {
    slot.accepted = false;
    slot.accepted_reason = reason;
  }
}

}  // namespace

std::string cluster_name(const std::string& ns, const std::string& service, int port) {
  return fmt::format("kube_{}_{}_{}", ns, service, port);
}

std::string cluster_name(const Backend& backend) {
  return fmt::format("backend_{}_{}_0", backend.meta.namespace_, backend.meta.name);
}

envoy::RetryPolicy retry_policy(const Retry& retry) {
  envoy::RetryPolicy policy;
  std::set<std::string> conditions(retry.retry_on.begin(), retry.retry_on.end());
  if (!retry.status_codes.empty()) conditions.insert("retriable-status-codes");
  policy.retry_on = joined(conditions);
  policy.num_retries = static_cast<std::uint32_t>(retry.attempts);
  policy.per_try_timeout = retry.per_try_timeout;
  policy.retriable_status_codes.assign(retry.status_codes.begin(), retry.status_codes.end());
  policy.retry_back_off = envoy::RetryBackOff{retry.backoff_base_interval, std::nullopt};
  return policy;
}

envoy::HttpFault http_fault(const FaultInjection& fault) {
  envoy::HttpFault result;
  if (fault.disable) return result;
  if (fault.delay) result.delay = {fault.delay->fixed_delay, percent(fault.delay->percentage)};
  if (fault.abort) {
    auto& abort = result.abort.emplace();
    if (fault.abort->http_status)
      abort.http_status = static_cast<std::uint16_t>(*fault.abort->http_status);
    if (fault.abort->grpc_status)
      abort.grpc_status = static_cast<std::uint32_t>(*fault.abort->grpc_status);
    abort.percentage = percent(fault.abort->percentage);
  }
  if (fault.response_rate_limit)
    result.response_rate_limit = {
        static_cast<std::uint64_t>(fault.response_rate_limit->kbits_per_second),
        percent(fault.response_rate_limit->percentage)};
  if (fault.max_active_faults)
    result.max_active_faults = static_cast<std::uint32_t>(*fault.max_active_faults);
  return result;
}

envoy::Route replaced_route(envoy::Route route) {
  envoy::Route replaced;
  replaced.name = std::move(route.name);
  replaced.match = std::move(route.match);
  replaced.origin = std::move(route.origin);
  replaced.direct_response = envoy::DirectResponseAction{500, kReplaced};
  return replaced;
}

/// The cluster of a reference, or a name that exists nowhere and why.
std::string RouteMaker::resolve(const HttpRoute& route, const BackendObjectReference& ref,
                                std::string& reason) const {
  reason.clear();
  if (ref.namespace_ != route.meta.namespace_ &&
      !index_.granted(route.kind, route.meta.namespace_, ref))
    reason = "RefNotPermitted";
  else if (ref.group == kGroup && ref.kind == "Backend") {
    for (const Backend& backend : resources_.kgateway_backends)
      if (backend.meta.namespace_ == ref.namespace_ && backend.meta.name == ref.name)
        return cluster_name(backend);
    reason = "BackendNotFound";
  } else if (!ref.group.empty() || ref.kind != "Service")
    reason = "InvalidKind";
  else {
    const KubeService* service = index_.service(ref.namespace_ + "/" + ref.name);
    if (service && ref.port &&
        std::ranges::find(service->ports, *ref.port, &ServicePort::port) != service->ports.end())
      return cluster_name(ref.namespace_, ref.name, *ref.port);
    reason = "BackendNotFound";
  }
  return kBlackhole;
}

void RouteMaker::set_backends(const FlatRule& rule, envoy::Route& route, Slot& slot) const {
  std::vector<envoy::WeightedCluster> clusters;
  for (const HttpBackendRef& backend : rule.own.http_rule().backend_refs) {
    if (is_delegation(backend.ref)) continue;
    std::string reason;
    envoy::WeightedCluster& cluster = clusters.emplace_back();
    cluster.name = resolve(*rule.own.route, backend.ref, reason);
    cluster.weight = static_cast<std::uint32_t>(backend.weight);
    for (const HttpRouteFilter& filter : backend.filters) set_headers(filter, cluster.headers);
    if (reason.empty()) continue;
    slot.refs_resolved = false;
    slot.refs_reason = reason;
  }
  if (clusters.empty()) return;
  route.route.emplace().cluster_not_found_response_code = std::uint16_t{500};
  if (clusters.size() == 1)
    route.route->cluster = clusters[0].name;
  else
    route.route->weighted_clusters = std::move(clusters);
}

void RouteMaker::apply_mirror(const RequestMirrorFilter& mirror, const HttpRoute& route,
                              envoy::RouteAction& action) const {
  std::string reason;
  const std::string cluster = resolve(route, mirror.backend_ref, reason);
  if (!reason.empty()) return;
  envoy::RequestMirrorPolicy policy{cluster, std::nullopt};
  if (mirror.percent)
    policy.runtime_fraction = percent(*mirror.percent);
  else if (mirror.fraction)
    policy.runtime_fraction =
        envoy::FractionalPercent{static_cast<std::uint32_t>(mirror.share() * 1'000'000), 1'000'000};
  action.request_mirror_policies.push_back(std::move(policy));
}

void RouteMaker::apply_rule(const HttpRouteRule& rule, bool prefer_parent,
                            envoy::Route& route) const {
  if (!route.route) return;
  const bool retries = rule.retry && options_.experimental_features;
  apply_timeouts(rule, retries, prefer_parent, options_, *route.route);
  if (retries && (!route.route->retry_policy || prefer_parent))
    route.route->retry_policy = route_retry_policy(rule, options_);
  if (rule.session_persistence && options_.experimental_features &&
      (!route.stateful_session || prefer_parent))
    route.stateful_session = stateful_session(*rule.session_persistence, options_);
}

void RouteMaker::apply_level(const Level& level, bool prefer_parent, int listener_port,
                             envoy::Route& route) const {
  for (const HttpRouteFilter& filter : level.http_rule().filters) {
    append_filter_headers(filter, route.headers);
    const auto* redirect = std::get_if<RequestRedirectFilter>(&filter.filter);
    if (redirect && (!route.redirect || prefer_parent)) {
      route.redirect = redirect_action(*redirect, listener_port);
      route.route.reset();
    }
    if (!route.route) continue;
    if (const auto* rewrite = std::get_if<UrlRewriteFilter>(&filter.filter))
      apply_rewrite(*rewrite, prefer_parent, route);
    else if (const auto* mirror = std::get_if<RequestMirrorFilter>(&filter.filter))
      apply_mirror(*mirror, *level.route, *route.route);
  }
  apply_rule(level.http_rule(), prefer_parent, route);
}

bool RouteMaker::add_extensions(const Level& level, int depth, bool prefer_parent,
                                std::vector<PolicyLayer>& layers, envoy::Route& route) const {
  for (const HttpRouteFilter& filter : level.http_rule().filters) {
    const auto* ref = std::get_if<ExtensionRefFilter>(&filter.filter);
    if (!ref) continue;
    const std::string& ns = level.route->meta.namespace_;
    if (ref->group != kGroup) return false;
    if (ref->kind == "TrafficPolicy") {
      const TrafficPolicy* policy = policies_.find(ns, ref->name);
      if (!policy) return false;
      layers.push_back({policy, depth, prefer_parent});
    } else {
      const auto found = std::ranges::find_if(
          resources_.kgateway_direct_responses, [&](const DirectResponse& response) {
            return response.meta.namespace_ == ns && response.meta.name == ref->name;
          });
      if (ref->kind != "DirectResponse" || found == resources_.kgateway_direct_responses.end() ||
          has_action(route))
        return false;
      route.direct_response =
          envoy::DirectResponseAction{static_cast<std::uint16_t>(found->status), found->body};
    }
  }
  for (const TrafficPolicy* policy :
       level.http_rule().name.empty() ? PolicyList{}
                                      : policies_.for_route(*level.route, level.http_rule().name))
    layers.push_back({policy, depth, prefer_parent});
  for (const TrafficPolicy* policy : policies_.for_route(*level.route, ""))
    layers.push_back({policy, depth, prefer_parent});
  return true;
}

bool RouteMaker::apply_policies(const FlatRule& rule, envoy::Route& route) const {
  std::vector<PolicyLayer> layers;
  bool resolved = add_extensions(rule.own, 0, false, layers, route);
  int depth = 0;
  for (const Level& parent : rule.parents)
    resolved &= add_extensions(parent, ++depth, prefers_parent(*parent.route), layers, route);
  if (!resolved || layers.empty()) return resolved;
  const TrafficSettings settings = merge(layers);
  apply_defaults(settings, route);
  if (settings.fault) route.fault = http_fault(*settings.fault);
  return true;
}

std::optional<envoy::Route> RouteMaker::make(const FlatRule& rule, int listener_port,
                                             Slot& slot) const {
  envoy::Route route;
  route.match = route_match(rule.match, rule.own.route->kind);
  route.origin = fmt::format("{}#{}", rule.own.route->meta.key(), rule.own.rule);
  set_backends(rule, route, slot);
  apply_level(rule.own, false, listener_port, route);
  for (const Level& parent : rule.parents)
    apply_level(parent, prefers_parent(*parent.route), listener_port, route);
  const bool resolved = apply_policies(rule, route);
  if (rule.own.http_rule().backend_refs.size() == 1)
    for (const HttpRouteFilter& filter : rule.own.http_rule().backend_refs[0].filters)
      append_filter_headers(filter, route.headers);
  bool broken = !resolved || (!has_action(route) && !rule.delegates) ||
                (route.route && all_weights_zero(route));
  if (options_.strict_validation && !broken && !rule.delegates) {
    if (envoy_refuses_match(route)) {
      slot.accepted = false;
      slot.accepted_reason = "RouteRuleDropped";
      return std::nullopt;
    }
    broken = envoy_refuses(route) || (route.route && !route.route->request_mirror_policies.empty());
  }
  if (broken) fail(slot, options_, "RouteRuleReplaced");
  if (broken || rule.unresolved) return replaced_route(std::move(route));
  if (rule.delegates) return std::nullopt;
  return route;
}

}  // namespace spillway::model::kgateway
