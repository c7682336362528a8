// Small manifests for tests of translators, all in namespace shop unless said otherwise.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/envoy/config.h"
#include "model/resources/resources.h"

namespace spillway::model::test_objects {

inline ObjectMeta meta(std::string name, std::string ns = "shop") {
  ObjectMeta m;
  m.name = std::move(name);
  m.namespace_ = std::move(ns);
  return m;
}

inline KubeService service(std::string name, std::vector<int> ports = {80},
                           std::string app_protocol = "", std::string ns = "shop") {
  KubeService s;
  s.meta = meta(std::move(name), std::move(ns));
  for (const int port : ports) {
    ServicePort p;
    p.port = port;
    p.app_protocol = app_protocol;
    s.ports.push_back(p);
  }
  return s;
}

inline Gateway gateway(std::string class_name, std::vector<Listener> listeners) {
  Gateway g;
  g.meta = meta("edge");
  g.gateway_class_name = std::move(class_name);
  g.listeners = std::move(listeners);
  return g;
}

inline Listener listener(std::string name, int port = 80, std::string hostname = "") {
  Listener l;
  l.name = std::move(name);
  l.port = port;
  l.hostname = std::move(hostname);
  l.protocol = "HTTP";
  return l;
}

inline ParentReference gateway_parent(std::string section = "") {
  ParentReference p;
  p.namespace_ = "shop";
  p.name = "edge";
  p.section_name = std::move(section);
  return p;
}

inline ParentReference service_parent(std::string name, std::string ns = "shop") {
  ParentReference p;
  p.group.clear();
  p.kind = "Service";
  p.namespace_ = std::move(ns);
  p.name = std::move(name);
  return p;
}

inline HttpBackendRef to(std::string name, int weight = 1, int port = 80, std::string ns = "shop") {
  HttpBackendRef b;
  b.ref.namespace_ = std::move(ns);
  b.ref.name = std::move(name);
  b.ref.port = port;
  b.weight = weight;
  return b;
}

inline HttpRouteMatch path(PathMatchType type, std::string value) {
  HttpRouteMatch m;
  m.path = {type, std::move(value)};
  return m;
}
inline HttpRouteMatch prefix(std::string value) {
  return path(PathMatchType::path_prefix, std::move(value));
}

inline HttpRouteRule rule(HttpRouteMatch match, std::vector<HttpBackendRef> backends) {
  HttpRouteRule r;
  r.matches = {std::move(match)};
  r.backend_refs = std::move(backends);
  return r;
}

inline HttpRoute route(std::string name, std::vector<ParentReference> parents,
                       std::vector<HttpRouteRule> rules) {
  HttpRoute r;
  r.meta = meta(std::move(name));
  r.parent_refs = std::move(parents);
  r.rules = std::move(rules);
  return r;
}

inline HttpRouteTimeouts timeouts(std::optional<sim::Duration> request,
                                  std::optional<sim::Duration> backend) {
  HttpRouteTimeouts t;
  t.request = request;
  t.backend_request = backend;
  return t;
}

inline HttpRouteFilter filter(decltype(HttpRouteFilter::filter) kind) {
  HttpRouteFilter f;
  f.filter = std::move(kind);
  return f;
}

inline const std::vector<envoy::Route>& first_routes(const envoy::ProxyConfig& config) {
  return config.route_configs.at(0).virtual_hosts.at(0).routes;
}

/// Of the clusters of an action: "name", or "name x weight, name x weight".
inline std::string targets(const envoy::Route& route) {
  if (route.direct_response) return std::to_string(route.direct_response->status);
  if (!route.route) return "redirect";
  std::string text = route.route->cluster;
  for (const envoy::WeightedCluster& c : route.route->weighted_clusters) {
    if (!text.empty()) text.append(", ");
    text.append(c.name).append(" x").append(std::to_string(c.weight));
  }
  return text;
}

}  // namespace spillway::model::test_objects
