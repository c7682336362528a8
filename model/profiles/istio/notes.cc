#include "model/profiles/istio/notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/profiles/istio/names.h"
#include "model/profiles/istio/retry.h"

namespace spillway::model::istio {
namespace {

const Place& known(const Place& first, const Place& second) {
  return first.known() ? first : second;
}

class Notes {
 public:
  Notes(const ControlPlane& plane, Mode mode) : plane_(plane), mode_(mode) {}

  Diagnostics collect() {
    for (const model::HttpRoute& route : plane_.resources().http_routes) check(route);
    for (const VirtualService& service : plane_.resources().virtual_services) check(service);
    for (const DestinationRule& rule : plane_.resources().destination_rules) check(rule);
    for (const auto& policy : plane_.resources().backend_traffic_policies) check(policy);
    sort_by_place(found_);
    return std::move(found_);
  }

 private:
  void add(Severity severity, const Place& place, std::string message, std::string rule,
           std::string hint = {}) {
    found_.push_back({severity, place, std::move(message), std::move(rule), std::move(hint)});
  }

  void check(const model::HttpRoute& route) {
    const std::string name = fmt::format("{} {}", route.kind, route.meta.key());
    bool acts = route.parent_refs.empty();
    for (const ParentReference& parent : route.parent_refs)
      acts |=
          parent.kind != "Service" || !parent.group.empty() || check_parent(route, name, parent);
    if (!acts) return;
    for (std::size_t i = 0; i < route.rules.size(); ++i)
      check_rule(route, fmt::format("{}: rule {}", name, i), route.rules[i]);
    check_expressions(route, name);
  }

  /// Whether the route acts on requests to this parent, a Service.
  bool check_parent(const model::HttpRoute& route, const std::string& name,
                    const ParentReference& parent) {
    const KubeService* service = plane_.index().service(parent.namespace_ + "/" + parent.name);
    if (!service) return false;
    const auto is_tcp = [](const ServicePort& port) { return !has_routes(port_protocol(port)); };
    const bool tcp = std::ranges::all_of(service->ports, is_tcp);
    if (tcp)
      add(Severity::warning, parent.place,
          fmt::format("{}: does nothing: no port of Service {} speaks HTTP by its name or "
                      "appProtocol",
                      name, service->meta.key()),
          "istio-route-inert", "name the port http, or set appProtocol: http");
    if (mode_ == Mode::sidecar) return !tcp;
    const std::string waypoint = waypoint_of(*service, plane_.index());
    const Gateway* gateway = waypoint.empty() ? nullptr : plane_.index().gateway(waypoint);
    if (mode_ == Mode::ambient_l4 || !gateway || !plane_.serves(*gateway, *service)) {
      add(Severity::warning, parent.place,
          fmt::format("{}: does nothing: Service {} has no waypoint", name, service->meta.key()),
          "istio-route-inert", "label the Service or its namespace with istio.io/use-waypoint");
      return false;
    }
    if (route.meta.namespace_ != service->meta.namespace_ &&
        route.meta.namespace_ != gateway->meta.namespace_) {
      add(Severity::warning, parent.place,
          fmt::format("{}: does nothing: a waypoint takes routes of its own namespace and of the "
                      "Service's only",
                      name),
          "istio-consumer-route");
      return false;
    }
    return !tcp;
  }

  void check_rule(const model::HttpRoute& route, const std::string& where,
                  const HttpRouteRule& rule) {
    check_retry(where, rule);
    const bool backend_limit =
        rule.timeouts && rule.timeouts->backend_request && rule.timeouts->backend_request->ns != 0;
    if (backend_limit && !rule.retry)
      add(Severity::warning, known(rule.timeouts->backend_request_place, rule.place),
          fmt::format("{}: backendRequest without retry limits the whole request, retries that "
                      "Istio adds included",
                      where),
          "istio-backend-request");
    if (backend_limit && rule.retry)
      add(Severity::note, known(rule.timeouts->backend_request_place, rule.place),
          fmt::format("{}: a try that exceeds backendRequest is answered 504 and not retried",
                      where),
          "istio-try-timeout-not-retried");
    if (rule.session_persistence)
      add(Severity::warning, known(rule.session_persistence->place, rule.place),
          fmt::format("{}: sessionPersistence is ignored", where), "istio-session-persistence");
    for (const HttpRouteFilter& filter : rule.filters)
      if (std::holds_alternative<ExtensionRefFilter>(filter.filter) ||
          std::holds_alternative<ExternalAuthFilter>(filter.filter))
        add(Severity::warning, known(filter.place, rule.place),
            fmt::format("{}: the filter is not supported: nothing of the route is programmed and "
                        "traffic falls back to the default route",
                        where),
            "istio-filter");
    check_grants(route, where, rule);
  }

  void check_retry(const std::string& where, const HttpRouteRule& rule) {
    if (!rule.retry) {
      if (!plane_.mesh().default_http_retry_policy && !rule.backend_refs.empty())
        add(Severity::note, rule.place,
            fmt::format("{}: without retry, Istio retries connection failures and UNAVAILABLE or "
                        "CANCELLED of gRPC twice",
                        where),
            "istio-default-retries");
      return;
    }
    if (rule.retry->backoff)
      add(Severity::note, known(rule.retry->backoff_place, rule.place),
          fmt::format("{}: backoff is the base of a random wait that starts at 0, not a minimum",
                      where),
          "istio-backoff-jitter");
    for (const int code : rule.retry->codes)
      if (!has_status_text(code))
        add(Severity::warning, known(rule.retry->codes_place, rule.place),
            fmt::format("{}: code {} is never retried: it has no registered text", where, code),
            "istio-code-without-text");
  }

  void check_grants(const model::HttpRoute& route, const std::string& where,
                    const HttpRouteRule& rule) {
    const bool mesh = std::ranges::any_of(
        route.parent_refs, [](const ParentReference& p) { return p.kind == "Service"; });
    for (const HttpBackendRef& backend : rule.backend_refs)
      if (mesh && backend.ref.namespace_ != route.meta.namespace_ &&
          !plane_.index().granted(route.kind, route.meta.namespace_, backend.ref))
        add(Severity::note, known(backend.place, rule.place),
            fmt::format("{}: Istio needs no ReferenceGrant for routes of Services", where),
            "istio-grant-not-enforced");
  }

  /// Expressions rank below every prefix, and nothing behind a catch-all is emitted.
  void check_expressions(const model::HttpRoute& route, const std::string& name) {
    const auto any_match = [&](auto predicate) {
      return std::ranges::any_of(route.rules, [&](const HttpRouteRule& rule) {
        return std::ranges::any_of(rule.matches, predicate);
      });
    };
    const bool catch_all = any_match([](const HttpRouteMatch& m) {
      return m.path.type == PathMatchType::path_prefix && m.path.value == "/" &&
             m.headers.empty() && m.query_params.empty() && m.method.empty();
    });
    if (!catch_all) return;
    for (std::size_t i = 0; i < route.rules.size(); ++i)
      for (const HttpRouteMatch& match : route.rules[i].matches)
        if (match.path.type == PathMatchType::regular_expression)
          add(Severity::warning, known(match.place, route.rules[i].place),
              fmt::format("{}: rule {}: the expression never matches: it ranks below the rule for "
                          "everything",
                          name, i),
              "istio-expression-hidden");
  }

  void check(const VirtualService& service) {
    for (const HttpRoute& http : service.http)
      if (http.delegate)
        add(Severity::warning, known(http.place, service.meta.place),
            fmt::format("VirtualService {}: delegates are not simulated", service.meta.key()),
            "istio-delegate");
  }

  void check(const DestinationRule& rule) {
    if (!rule.traffic_policy) return;
    const TrafficPolicy& policy = *rule.traffic_policy;
    const std::string name = "DestinationRule " + rule.meta.key();
    if (policy.connection_pool || policy.outlier_detection || policy.retry_budget)
      for (const TrafficPolicy::PortSettings& port : policy.port_level_settings)
        add(Severity::warning, known(port.place, rule.meta.place),
            fmt::format("{}: the settings of port {} replace connectionPool, outlierDetection and "
                        "retryBudget of the whole policy",
                        name, port.port),
            "istio-port-settings");
    if (policy.outlier_detection && policy.outlier_detection->max_ejection_percent == 0)
      add(Severity::note, known(policy.outlier_detection->place, rule.meta.place),
          fmt::format("{}: at most 10 % of the endpoints are ejected: none of fewer than 10", name),
          "istio-ejection-limit", "set maxEjectionPercent");
    if (policy.retry_budget && policy.retry_budget->budget_interval &&
        !plane_.version_behavior().budget_window)
      add(Severity::warning, known(policy.retry_budget->place, rule.meta.place),
          fmt::format("{}: budgetInterval is ignored in this version", name),
          "istio-budget-interval");
  }

  void check(const XBackendTrafficPolicy& policy) {
    const std::string name = "XBackendTrafficPolicy " + policy.meta.key();
    if (!plane_.reads_alpha()) {
      add(Severity::warning, policy.meta.place,
          fmt::format("{}: is not read without PILOT_ENABLE_ALPHA_GATEWAY_API", name),
          "istio-policy-alpha", "set mesh.options.alphaGatewayApi");
      return;
    }
    if (policy.session_persistence)
      add(Severity::warning, policy.meta.place,
          fmt::format("{}: sessionPersistence is ignored", name), "istio-session-persistence");
    if (!policy.retry_constraint) return;
    add(Severity::note, known(policy.retry_constraint->min_retry_place, policy.meta.place),
        fmt::format("{}: minRetryRate.count becomes {} concurrent retries of every proxy, its "
                    "interval is ignored",
                    name, policy.retry_constraint->min_retry_count),
        "istio-min-retry-rate");
    if (!plane_.version_behavior().budget_window)
      add(Severity::warning, known(policy.retry_constraint->place, policy.meta.place),
          fmt::format("{}: budget.interval is ignored in this version", name),
          "istio-budget-interval");
  }

  const ControlPlane& plane_;
  Mode mode_;
  Diagnostics found_;
};

}  // namespace

Diagnostics notes(const ControlPlane& plane, Mode mode) { return Notes(plane, mode).collect(); }

Diagnostics unread(const Resources& resources) {
  Diagnostics found;
  const auto add = [&](std::string_view kind, const ObjectMeta& meta) {
    found.push_back(
        {Severity::warning, meta.place,
         fmt::format("{} {}: has no effect: only Istio's profiles act on it", kind, meta.key()),
         "istio-only", ""});
  };
  for (const VirtualService& service : resources.virtual_services)
    add("VirtualService", service.meta);
  for (const DestinationRule& rule : resources.destination_rules) add("DestinationRule", rule.meta);
  return found;
}

}  // namespace spillway::model::istio
