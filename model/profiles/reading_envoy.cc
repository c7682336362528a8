#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "model/envoy/backoff.h"
#include "model/envoy/retry_on.h"
#include "model/envoy/timeouts.h"
#include "model/profiles/proxies.h"
#include "model/profiles/reading.h"

namespace spillway::model {
namespace {

using Kind = ProxyView::Kind;

constexpr std::uint32_t kUnlimited = std::numeric_limits<std::uint32_t>::max();

constexpr const char* kNotFound = "not found";

std::string milliseconds(std::uint64_t ms) {
  return duration_text({static_cast<std::int64_t>(ms) * 1'000'000});
}

/// The law of the waits: full jitter, its bound doubled each time.
std::string wait_text(const std::optional<envoy::RetryBackOff>& config) {
  const envoy::BackoffSettings settings = envoy::backoff_settings(config);
  return fmt::format("0 to {}, doubling to {}", milliseconds(settings.base_ms),
                     milliseconds(settings.max_ms));
}

bool has_headers(const envoy::HeaderMutations& headers) {
  return !headers.request_headers_to_add.empty() || !headers.request_headers_to_remove.empty() ||
         !headers.response_headers_to_add.empty() || !headers.response_headers_to_remove.empty();
}

void read_retries(const envoy::RetryPolicy& policy, RuleReading& to) {
  const envoy::RetryOn on = envoy::parse_retry_on(policy.retry_on);
  to.retries = policy.num_retries.value_or(1);
  to.has_retries = !policy.retry_on.empty() && to.retries > 0;
  if (!to.has_retries) return;
  AttemptResult result;
  for (std::size_t code = 100; code < to.codes.size(); ++code) {
    result.status = static_cast<std::uint16_t>(code);
    to.codes[code] = envoy::retriable_answer(on, policy.retriable_status_codes, result);
  }
  const auto retries = [&](Outcome outcome, bool sent) {
    AttemptResult broken;
    broken.outcome = outcome;
    broken.request_sent = sent;
    return envoy::retriable_reset(on, broken);
  };
  to.retries_refused = retries(Outcome::refused, false);
  to.retries_reset = retries(Outcome::reset, true);
  to.retries_try_timeout = retries(Outcome::per_try_timeout, true);
  to.retries_grpc_unavailable = on.has(envoy::RetryOn::kUnavailable);
  to.wait = wait_text(policy.retry_back_off);
  to.body = "buffer limit";
  to.retry_host = policy.previous_hosts
                      ? fmt::format("another, {} re-picks",
                                    policy.host_selection_retry_max_attempts.value_or(1))
                      : "any";
}

std::string balancing_text(const envoy::Cluster& cluster) {
  switch (cluster.lb_policy) {
    case envoy::LbPolicy::round_robin:
      return "round robin";
    case envoy::LbPolicy::least_request:
      return fmt::format("least busy of {}", cluster.choice_count.value_or(2));
    case envoy::LbPolicy::random:
      return "random";
    case envoy::LbPolicy::ring_hash:
      return "ring hash";
    case envoy::LbPolicy::maglev:
      return "maglev";
    case envoy::LbPolicy::original_dst:
      return "as addressed";
  }
  return {};
}

std::string ejection_text(const std::optional<envoy::OutlierDetection>& outlier) {
  if (!outlier) return "never";
  std::string text;
  const auto add = [&](std::uint32_t count, std::string_view what) {
    text += fmt::format("{}after {} {}", text.empty() ? "" : " or ", count, what);
  };
  if (outlier->enforcing_consecutive_5xx.value_or(100) > 0)
    add(outlier->consecutive_5xx.value_or(5), "5xx");
  if (outlier->enforcing_consecutive_gateway_failure.value_or(0) > 0)
    add(outlier->consecutive_gateway_failure.value_or(5), "502-504");
  if (text.empty()) return "never";
  const sim::Duration base = outlier->base_ejection_time.value_or(sim::Duration{30'000'000'000});
  return fmt::format("{}, for {}, at most {} %", text, duration_text(base),
                     outlier->max_ejection_percent.value_or(10));
}

std::string limits_text(const envoy::CircuitBreakers& breakers) {
  const std::uint32_t connections = breakers.max_connections.value_or(1024);
  const std::uint32_t pending = breakers.max_pending_requests.value_or(1024);
  const std::uint32_t requests = breakers.max_requests.value_or(1024);
  if (connections == kUnlimited && pending == kUnlimited && requests == kUnlimited) return "none";
  const auto one = [](std::uint32_t limit) {
    return limit == kUnlimited ? std::string("-") : std::to_string(limit);
  };
  return fmt::format("{} / {} / {}", one(connections), one(pending), one(requests));
}

void read_budget(const envoy::CircuitBreakers& breakers, ServiceReading& to) {
  if (const auto& budget = breakers.retry_budget) {
    const double percent = budget->budget_percent.value_or(20);
    const bool window = budget->budget_interval && budget->budget_interval->ns > 0;
    to.budget = window ? fmt::format("at once: {:g} % of the requests of {}", percent,
                                     duration_text(*budget->budget_interval))
                       : fmt::format("at once: {:g} % of active requests", percent);
    to.budget_floor = fmt::format("{} at once", budget->min_retry_concurrency.value_or(3));
    return;
  }
  const std::uint32_t retries = breakers.max_retries.value_or(3);
  to.budget = retries == kUnlimited ? "none" : fmt::format("{} at once", retries);
}

class EnvoyReader : public Reader {
 public:
  EnvoyReader(const MeshSpec& mesh, const Resources& resources)
      : profile_(mesh.profile), views_(proxy_views(resources, control_view(mesh))) {
    for (const ProxyView& view : views_)
      for (const envoy::RouteConfiguration& config : view.config.route_configs)
        for (const envoy::VirtualHost& host : config.virtual_hosts)
          for (const envoy::Route& route : host.routes)
            if (!route.origin.empty()) routes_[route.origin].emplace_back(&view, &route);
  }

  RuleReading rule(const HttpRoute& route, std::size_t number) const override {
    RuleReading to = find(fmt::format("{}#{}", route.meta.key(), number), route.meta.namespace_,
                          is_mesh_route(route));
    if (to.inert == kNotFound) to.inert = why_inert(route);
    return to;
  }

  RuleReading virtual_rule(const std::string& origin, const std::string& client_namespace,
                           bool gateway) const override {
    if (!profile_.starts_with("istio-")) return Reader::virtual_rule(origin, "", gateway);
    RuleReading to = find(origin, client_namespace, !gateway);
    if (to.inert == kNotFound)
      to.inert = profile_ == "istio-ambient-l4" && !gateway ? "no L7 proxy" : "not programmed";
    return to;
  }

  ServiceReading service(const KubeService& service, const std::string& client_namespace,
                         bool gateway) const override {
    ServiceReading to = outbound(service, client_namespace, gateway);
    for (const ProxyView& view : views_)
      if (view.kind == Kind::server_sidecar && view.scope == service.meta.key())
        read_server(view, to);
    return to;
  }

 private:
  ServiceReading outbound(const KubeService& service, const std::string& client_namespace,
                          bool gateway) const {
    for (const ProxyView& view : views_) {
      if (!takes(view, !gateway, client_namespace)) continue;
      if (view.kind == Kind::node && view.scope != service.meta.key() &&
          !leads_to(view, service.meta.key()))
        continue;
      for (const envoy::Cluster& cluster : view.config.clusters)
        if (cluster.subset.empty() && cluster.service.starts_with(service.meta.key() + ":"))
          return read(view, cluster);
    }
    const bool reset = profile_ == "istio-ambient-l4";
    return {"random connections",
            "never",
            "none",
            "none",
            "",
            "nobody",
            reset ? "connection reset" : "refused",
            "never"};
  }

  static void read_server(const ProxyView& view, ServiceReading& to) {
    for (const envoy::RouteConfiguration& config : view.config.route_configs)
      for (const envoy::VirtualHost& host : config.virtual_hosts)
        for (const envoy::Route& route : host.routes)
          if (route.route && route.route->retry_policy)
            to.server =
                fmt::format("{} retries: {}", route.route->retry_policy->num_retries.value_or(1),
                            route.route->retry_policy->retry_on);
  }

  static bool takes(const ProxyView& view, bool mesh, const std::string& client_namespace) {
    switch (view.kind) {
      case Kind::sidecar:
        return mesh && view.scope == client_namespace;
      case Kind::waypoint:
      case Kind::node:
        return mesh;
      case Kind::gateway:
        return !mesh;
      case Kind::server_sidecar:
        return false;
    }
    return false;
  }

  static bool leads_to(const ProxyView& view, const std::string& service) {
    return std::ranges::any_of(view.config.clusters, [&](const envoy::Cluster& cluster) {
      return cluster.service.starts_with(service + ":");
    });
  }

  /// What the first proxy that has the rule makes of it.
  RuleReading find(const std::string& origin, const std::string& client_namespace,
                   bool mesh) const {
    RuleReading to;
    const auto found = routes_.find(origin);
    if (found != routes_.end())
      for (const auto& [view, route] : found->second) {
        if (!takes(*view, mesh, client_namespace)) continue;
        to.where = where(*view);
        if (!view->refused.empty())
          to.inert = "refused by Envoy";
        else
          read(*view, *route, to);
        return to;
      }
    to.inert = kNotFound;
    return to;
  }

  std::string where(const ProxyView& view) const {
    switch (view.kind) {
      case Kind::sidecar:
        return "client's sidecar";
      case Kind::waypoint:
        return "waypoint, shared";
      case Kind::node:
        return "client's node, shared";
      case Kind::gateway:
        return profile_ == "cilium" ? "a node, shared" : "gateway, shared";
      case Kind::server_sidecar:
        return "server's sidecar";
    }
    return {};
  }

  std::string why_inert(const HttpRoute& route) const {
    const bool mesh = is_mesh_route(route);
    if (profile_ == "istio-ambient-l4" && mesh) return "no L7 proxy";
    if (profile_ == "kgateway" && mesh) return "needs a Gateway";
    const bool consumer = mesh && route.parent_refs.front().namespace_ != route.meta.namespace_;
    if (consumer && profile_ != "istio-sidecar") return "consumer route";
    if (profile_ == "cilium" && mesh) return "stays in eBPF";
    return "not programmed";
  }

  std::string target(const ProxyView& view, const envoy::RouteAction& action,
                     const std::string& name) const {
    for (const envoy::Cluster& cluster : view.config.clusters) {
      if (cluster.name != name) continue;
      const std::size_t slash = cluster.service.find('/');
      if (slash == std::string::npos) return cluster.name;
      return cluster.service.substr(slash + 1, cluster.service.rfind(':') - slash - 1);
    }
    return std::to_string(action.cluster_not_found_response_code.value_or(503));
  }

  void read(const ProxyView& view, const envoy::Route& from, RuleReading& to) const {
    to.fault = from.fault.has_value();
    to.redirects = from.redirect.has_value();
    to.cors = from.cors.has_value();
    to.changes_headers = has_headers(from.headers);
    to.wait = "none";
    if (from.direct_response) to.shares = std::to_string(from.direct_response->status);
    if (from.redirect) to.shares = std::to_string(from.redirect->response_code);
    if (!from.route) return;
    const envoy::RouteAction& action = *from.route;
    const envoy::Timeouts timeouts = envoy::resolve_timeouts(action);
    to.overall = timeouts.global;
    to.per_try = timeouts.per_try;
    if (action.retry_policy) read_retries(*action.retry_policy, to);
    std::vector<Share> shares;
    if (!action.cluster.empty()) shares.push_back({target(view, action, action.cluster), 1});
    for (const envoy::WeightedCluster& cluster : action.weighted_clusters) {
      shares.push_back({target(view, action, cluster.name), static_cast<double>(cluster.weight)});
      to.changes_headers = to.changes_headers || has_headers(cluster.headers);
    }
    to.shares = shares_text(shares);
    to.mirrors = static_cast<std::uint32_t>(action.request_mirror_policies.size());
    if (to.mirrors > 0) {
      const auto& fraction = action.request_mirror_policies.front().runtime_fraction;
      to.mirror_share = fmt::format("{:g} %", fraction ? fraction->share() * 100 : 100.0);
    }
    to.session = from.stateful_session.has_value();
    to.rewrites = !action.prefix_rewrite.empty() || action.regex_rewrite ||
                  !action.host_rewrite_literal.empty();
  }

  ServiceReading read(const ProxyView& view, const envoy::Cluster& cluster) const {
    const envoy::CircuitBreakers breakers =
        cluster.circuit_breakers.value_or(envoy::CircuitBreakers{});
    ServiceReading to;
    to.balancing = balancing_text(cluster);
    to.ejection = ejection_text(cluster.outlier_detection);
    to.limits = limits_text(breakers);
    read_budget(breakers, to);
    to.kept_by = view.kind == Kind::sidecar    ? "each client pod"
                 : view.kind == Kind::waypoint ? "each waypoint"
                 : profile_ == "cilium"        ? "each node"
                                               : "each gateway";
    to.no_endpoint = "503 UH";
    const double panic = cluster.healthy_panic_threshold.value_or(50);
    to.panic = panic > 0 ? fmt::format("below {:g} % left", panic) : "never";
    return to;
  }

  std::string profile_;
  std::vector<ProxyView> views_;
  /// By origin, in the order of the proxies.
  std::map<std::string, std::vector<std::pair<const ProxyView*, const envoy::Route*>>> routes_;
};

}  // namespace

std::unique_ptr<Reader> make_envoy_reader(const MeshSpec& mesh, const Resources& resources) {
  return std::make_unique<EnvoyReader>(mesh, resources);
}

}  // namespace spillway::model
