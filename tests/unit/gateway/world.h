// A small language for manifests and requests in tests of model/gateway, and routing answers as one
// line of text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/gateway/routing.h"

namespace spillway::model::testing_world {

/// A match: by default PathPrefix "/".
struct Match : HttpRouteMatch {
  Match&& header(std::string name, std::string value,
                 ValueMatchType type = ValueMatchType::exact) &&;
  Match&& query(std::string name, std::string value,
                ValueMatchType type = ValueMatchType::exact) &&;
  Match&& on(std::string http_method) &&;
};
Match prefix(std::string path);
Match exact(std::string path);
Match regex(std::string path);

/// "name" in the namespace of the route, or "ns/name".
BackendObjectReference ref(std::string_view name, int port = 80, std::string kind = "Service",
                           std::string group = "");
HttpBackendRef to(std::string_view name, int weight = 1, int port = 80);
HttpBackendRef with(HttpBackendRef backend, std::vector<HttpRouteFilter> filters);

HttpRouteFilter filter(decltype(HttpRouteFilter::filter) kind);

HttpRouteRule rule(std::vector<HttpRouteMatch> matches, std::vector<HttpBackendRef> backends,
                   std::vector<HttpRouteFilter> filters = {});

ParentReference gateway_parent(std::string_view key, std::string section = "", int port = 0);
ParentReference service_parent(std::string_view key, int port = 0, std::string section = "");

HttpRoute route(std::string_view key, std::vector<ParentReference> parents,
                std::vector<HttpRouteRule> rules, std::vector<std::string> hostnames = {});
HttpRoute grpc(HttpRoute route);
HttpRoute created(HttpRoute route, std::string timestamp);

Listener listener(std::string name, std::string hostname = "", int port = 80,
                  std::string protocol = "HTTP");
Listener allowing(Listener l, std::string from);
Gateway gateway(std::string_view key, std::vector<Listener> listeners);
KubeService service(std::string_view key, std::vector<int> ports = {80});
ReferenceGrant grant(std::string_view to_key, std::string from_namespace,
                     std::string from_kind = "HTTPRoute");

ObjectMeta meta(std::string_view key);

/// "METHOD host/path?query" ("GET " may be left out) with headers "name: value".
Request request(std::string_view line, std::vector<std::string> headers = {});

/// For example `200 shop/cart#0.1 shop/v1:80 x0.9, shop/v2:80 x0.1 not_found`; `302 shop/r#0.0
/// https://x/`; `404`.
std::string answer(const Routed& routed);

}  // namespace spillway::model::testing_world
