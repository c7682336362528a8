#include "model/envoy/validate.h"

#include <algorithm>
#include <set>

#include "model/gateway/regex.h"

namespace spillway::model::envoy {
namespace {

using Errors = std::vector<std::string>;

bool not_positive(const std::optional<sim::Duration>& duration) {
  return duration && duration->ns <= 0;
}

bool is_protected(const std::string& name) {
  std::string lower = name;
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower.starts_with(':') || lower == "host";
}

void check_headers(const HeaderMutations& headers, Errors& errors) {
  for (const auto* added : {&headers.request_headers_to_add, &headers.response_headers_to_add})
    for (const HeaderValueOption& option : *added)
      if (is_protected(option.key))
        errors.push_back(":-prefixed or host headers may not be modified");
  for (const auto* removed :
       {&headers.request_headers_to_remove, &headers.response_headers_to_remove})
    for (const std::string& name : *removed)
      if (is_protected(name)) errors.push_back(":-prefixed or host headers may not be removed");
}

void check_retry(const RetryPolicy& retry, Errors& errors) {
  if (!retry.retry_back_off) return;
  const RetryBackOff& back_off = *retry.retry_back_off;
  if (not_positive(back_off.base_interval))
    errors.push_back("RetryBackOff.BaseInterval: value must be greater than 0s");
  else if (not_positive(back_off.max_interval))
    errors.push_back("RetryBackOff.MaxInterval: value must be greater than 0s");
  else if (back_off.max_interval && back_off.base_interval &&
           *back_off.max_interval < *back_off.base_interval)
    errors.push_back("retry_policy.max_interval must greater than or equal to the base_interval");
}

void check_weights(const std::vector<WeightedCluster>& clusters, Errors& errors) {
  if (clusters.empty()) return;
  std::uint64_t sum = 0;
  for (const WeightedCluster& cluster : clusters) {
    sum += cluster.weight;
    check_headers(cluster.headers, errors);
  }
  if (sum == 0) errors.push_back("Sum of weights in the weighted_cluster must be greater than 0.");
  if (sum > 4294967295U)
    errors.push_back("The sum of weights of all weighted clusters exceeds 4294967295");
}

void check_matcher(const StringMatcher& matcher, Errors& errors) {
  if (matcher.kind == StringMatcher::Kind::safe_regex && !Regex::compile(matcher.value))
    errors.push_back("invalid regex '" + matcher.value + "'");
}

void check_route(const Route& route, Errors& errors) {
  if (route.match.kind == RouteMatch::Kind::safe_regex && !Regex::compile(route.match.value))
    errors.push_back("invalid regex '" + route.match.value + "'");
  for (const HeaderMatcher& header : route.match.headers) check_matcher(header.match, errors);
  for (const HeaderMatcher& query : route.match.query_parameters)
    check_matcher(query.match, errors);
  check_headers(route.headers, errors);
  if (!route.route) return;
  check_weights(route.route->weighted_clusters, errors);
  if (route.route->retry_policy) check_retry(*route.route->retry_policy, errors);
}

void append(Errors& to, Errors what) {
  to.insert(to.end(), std::make_move_iterator(what.begin()), std::make_move_iterator(what.end()));
}

}  // namespace

std::vector<std::string> refusals(const RouteConfiguration& routes) {
  Errors errors;
  std::set<std::string> domains;
  for (const VirtualHost& host : routes.virtual_hosts) {
    for (const std::string& domain : host.domains)
      if (!domains.insert(domain).second)
        errors.push_back(
            "Only unique values for domains are permitted. Duplicate entry of domain " + domain);
    for (const Route& route : host.routes) check_route(route, errors);
  }
  return errors;
}

std::vector<std::string> refusals(const Cluster& cluster) {
  Errors errors;
  if (not_positive(cluster.connect_timeout))
    errors.push_back("Cluster.ConnectTimeout: value must be greater than 0s");
  if (const auto& outlier = cluster.outlier_detection) {
    if (not_positive(outlier->interval))
      errors.push_back("OutlierDetection.Interval: value must be greater than 0s");
    if (not_positive(outlier->base_ejection_time))
      errors.push_back("OutlierDetection.BaseEjectionTime: value must be greater than 0s");
    if (outlier->max_ejection_percent.value_or(0) > 100)
      errors.push_back(
          "OutlierDetection.MaxEjectionPercent: value must be less than or equal to 100");
  }
  return errors;
}

std::vector<std::string> refusals(const ProxyConfig& config) {
  Errors errors;
  for (const RouteConfiguration& routes : config.route_configs) append(errors, refusals(routes));
  for (const Cluster& cluster : config.clusters) append(errors, refusals(cluster));
  return errors;
}

}  // namespace spillway::model::envoy
