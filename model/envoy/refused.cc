#include "model/envoy/refused.h"

#include <optional>

namespace spillway::model::envoy {
namespace {

class Checker {
 public:
  std::vector<std::string> found;

  void check(const Cluster& cluster) {
    const std::string where = "cluster " + cluster.name + ": ";
    if (cluster.connect_timeout) positive(where + "connect_timeout", cluster.connect_timeout);
    if (const auto& outlier = cluster.outlier_detection) check(where, *outlier);
    if (cluster.healthy_panic_threshold)
      at_most(where + "healthy_panic_threshold", *cluster.healthy_panic_threshold, 100);
    if (cluster.circuit_breakers && cluster.circuit_breakers->retry_budget)
      at_most(where + "budget_percent",
              cluster.circuit_breakers->retry_budget->budget_percent.value_or(0), 100);
    if (cluster.minimum_ring_size)
      at_most(where + "minimum_ring_size", static_cast<double>(*cluster.minimum_ring_size),
              8'388'608);
    if (cluster.table_size)
      at_most(where + "table_size", static_cast<double>(*cluster.table_size), 5'000'011);
  }

  void check(const Route& route) {
    const std::string where = "route " + route.name + ": ";
    if (route.route) check(where, *route.route);
    if (const auto& direct = route.direct_response; direct && !in_range(direct->status))
      add(where + "direct_response.status must be from 200 to 599");
    check(where, route.fault);
  }

  void check(const std::string& where, const std::optional<HttpFault>& fault) {
    if (!fault) return;
    if (fault->delay) positive(where + "fixed_delay", fault->delay->fixed_delay);
    if (fault->abort && fault->abort->http_status && !in_range(*fault->abort->http_status))
      add(where + "http_status must be from 200 to 599");
  }

 private:
  void add(std::string clause) { found.push_back(std::move(clause)); }

  static bool in_range(int status) { return status >= 200 && status < 600; }

  void positive(const std::string& field, const std::optional<sim::Duration>& duration) {
    if (duration && duration->ns <= 0) add(field + " must be greater than 0s");
  }

  void at_most(const std::string& field, double value, int most) {
    if (value > most) add(field + " must be at most " + std::to_string(most));
  }

  void check(const std::string& where, const OutlierDetection& outlier) {
    positive(where + "interval", outlier.interval);
    positive(where + "base_ejection_time", outlier.base_ejection_time);
    positive(where + "max_ejection_time", outlier.max_ejection_time);
    if (outlier.max_ejection_percent)
      at_most(where + "max_ejection_percent", *outlier.max_ejection_percent, 100);
  }

  void check(const std::string& where, const RouteAction& action) {
    if (action.cluster.empty() && action.weighted_clusters.empty())
      add(where + "weighted_clusters must not be empty");
    for (const HashPolicy& policy : action.hash_policy)
      if (policy.kind != HashPolicy::Kind::source_ip && policy.name.empty())
        add(where + "hash_policy must name what it hashes");
    if (!action.retry_policy) return;
    if (const auto& backoff = action.retry_policy->retry_back_off) {
      if (!backoff->base_interval) add(where + "retry_back_off.base_interval must be set");
      positive(where + "retry_back_off.base_interval", backoff->base_interval);
      positive(where + "retry_back_off.max_interval", backoff->max_interval);
    }
  }
};

}  // namespace

std::vector<std::string> refused(const ProxyConfig& config) {
  Checker checker;
  for (const RouteConfiguration& routes : config.route_configs) {
    checker.check("route configuration " + routes.name + ": ", routes.fault);
    for (const VirtualHost& host : routes.virtual_hosts)
      for (const Route& route : host.routes) checker.check(route);
  }
  for (const Cluster& cluster : config.clusters) checker.check(cluster);
  return std::move(checker.found);
}

}  // namespace spillway::model::envoy
