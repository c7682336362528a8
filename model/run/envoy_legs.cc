#include "model/run/envoy_legs.h"

#include <charconv>

namespace spillway::model {
namespace {

bool named(const Header& header, std::string_view lower) {
  if (header.name.size() != lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const char c = header.name[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != lower[i]) return false;
  }
  return true;
}

template <class Number>
Number number(const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= 0 ? value
                                                                                : Number{-1};
}

Timer timer(Mesh& mesh, const std::optional<sim::Duration>& length) {
  if (!length) return {};
  return {true, *length, mesh.queue.lane(*length)};
}

}  // namespace

AnswerHeaders read_headers(const std::vector<Header>& headers) {
  AnswerHeaders read;
  for (const Header& header : headers) {
    if (named(header, "x-envoy-ratelimited")) read.rate_limited = true;
    if (named(header, "grpc-status")) read.grpc_status = number<std::int16_t>(header.value);
    if (named(header, "retry-after")) read.retry_after_s = number<std::int32_t>(header.value);
  }
  return read;
}

Id add_envoy_cluster(Mesh& mesh, const envoy::Cluster& cluster, bool http2,
                     const std::vector<EnvoyHost>& hosts, sim::Key seed, std::uint32_t instances) {
  const auto first = static_cast<Id>(mesh.envoy_clusters.size());
  EnvoyCluster compiled;
  compiled.settings = envoy::cluster_settings(cluster, http2);
  compiled.first_host = static_cast<Id>(mesh.envoy_hosts.size());
  compiled.hosts = static_cast<std::uint32_t>(hosts.size());
  mesh.envoy_hosts.insert(mesh.envoy_hosts.end(), hosts.begin(), hosts.end());
  for (std::uint32_t i = 0; i < instances; ++i) {
    compiled.seed = sim::combine(seed, i);
    mesh.envoy_clusters.push_back(compiled);
  }
  return first;
}

void set_envoy_route(Mesh& mesh, Leg& leg, const envoy::RouteAction& route,
                     const std::optional<envoy::HttpFault>& fault) {
  leg.executor = Executor::envoy;
  leg.plain = false;
  leg.repick_backend = false;
  leg.config = static_cast<Id>(mesh.envoy_routes.size());
  mesh.envoy_routes.push_back(envoy::route_settings(route, fault));
  const envoy::Timeouts& timeouts = mesh.envoy_routes.back().timeouts;
  leg.timeout = timer(mesh, timeouts.global);
  leg.per_try = timer(mesh, timeouts.per_try);
  leg.backoff = leg.hedge = Timer{};
}

void add_envoy_filters(Mesh& mesh, Leg& leg, const envoy::ProxyConfig& proxy,
                       std::uint32_t instances) {
  if (proxy.admission_control) {
    leg.admission = static_cast<Id>(mesh.admission_controls.size());
    mesh.admission_controls.resize(leg.admission + instances, *proxy.admission_control);
  }
  if (proxy.adaptive_concurrency) {
    leg.concurrency = static_cast<Id>(mesh.adaptive_concurrencies.size());
    mesh.adaptive_concurrencies.resize(leg.concurrency + instances, *proxy.adaptive_concurrency);
  }
}

}  // namespace spillway::model
