#include "tests/unit/gateway/world.h"

#include <array>
#include <charconv>
#include <utility>

namespace spillway::model::testing_world {
namespace {

std::pair<std::string, std::string> split_key(std::string_view key) {
  const auto slash = key.find('/');
  if (slash == std::string_view::npos) return {"", std::string(key)};
  return {std::string(key.substr(0, slash)), std::string(key.substr(slash + 1))};
}

std::string number(double value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::general, 4)
                       .ptr;
  return {buffer.data(), end};
}

std::string_view fault_name(BackendFault fault) {
  constexpr std::array<std::string_view, 6> kNames{
      "", " invalid_kind", " not_found", " not_permitted", " unsupported_protocol", " wrong_port"};
  return kNames[static_cast<std::size_t>(fault)];
}

void fill_namespaces(std::vector<HttpRouteFilter>& filters, const std::string& ns) {
  for (HttpRouteFilter& f : filters) {
    if (auto* mirror = std::get_if<RequestMirrorFilter>(&f.filter))
      if (mirror->backend_ref.namespace_.empty()) mirror->backend_ref.namespace_ = ns;
    if (auto* auth = std::get_if<ExternalAuthFilter>(&f.filter))
      if (auth->backend_ref.namespace_.empty()) auth->backend_ref.namespace_ = ns;
  }
}

}  // namespace

Match&& Match::header(std::string name, std::string value, ValueMatchType type) && {
  headers.push_back({type, std::move(name), std::move(value)});
  return std::move(*this);
}
Match&& Match::query(std::string name, std::string value, ValueMatchType type) && {
  query_params.push_back({type, std::move(name), std::move(value)});
  return std::move(*this);
}
Match&& Match::on(std::string http_method) && {
  method = std::move(http_method);
  return std::move(*this);
}

namespace {
Match path_match(PathMatchType type, std::string path) {
  Match match;
  match.path = {type, std::move(path)};
  return match;
}
}  // namespace

Match prefix(std::string path) { return path_match(PathMatchType::path_prefix, std::move(path)); }
Match exact(std::string path) { return path_match(PathMatchType::exact, std::move(path)); }
Match regex(std::string path) {
  return path_match(PathMatchType::regular_expression, std::move(path));
}

BackendObjectReference ref(std::string_view name, int port, std::string kind, std::string group) {
  BackendObjectReference reference;
  std::tie(reference.namespace_, reference.name) = split_key(name);
  reference.port = port;
  reference.kind = std::move(kind);
  reference.group = std::move(group);
  return reference;
}

HttpBackendRef to(std::string_view name, int weight, int port) {
  HttpBackendRef backend;
  backend.ref = ref(name, port);
  backend.weight = weight;
  return backend;
}

HttpBackendRef with(HttpBackendRef backend, std::vector<HttpRouteFilter> filters) {
  backend.filters = std::move(filters);
  return backend;
}

HttpRouteFilter filter(decltype(HttpRouteFilter::filter) kind) {
  HttpRouteFilter f;
  f.filter = std::move(kind);
  return f;
}

HttpRouteRule rule(std::vector<HttpRouteMatch> matches, std::vector<HttpBackendRef> backends,
                   std::vector<HttpRouteFilter> filters) {
  HttpRouteRule r;
  if (!matches.empty()) r.matches = std::move(matches);
  r.backend_refs = std::move(backends);
  r.filters = std::move(filters);
  return r;
}

ParentReference gateway_parent(std::string_view key, std::string section, int port) {
  ParentReference parent;
  std::tie(parent.namespace_, parent.name) = split_key(key);
  parent.section_name = std::move(section);
  if (port != 0) parent.port = port;
  return parent;
}

ParentReference service_parent(std::string_view key, int port, std::string section) {
  ParentReference parent = gateway_parent(key, std::move(section), port);
  parent.group = "";
  parent.kind = "Service";
  return parent;
}

HttpRoute route(std::string_view key, std::vector<ParentReference> parents,
                std::vector<HttpRouteRule> rules, std::vector<std::string> hostnames) {
  HttpRoute r;
  r.meta = meta(key);
  r.parent_refs = std::move(parents);
  r.rules = std::move(rules);
  r.hostnames = std::move(hostnames);
  for (ParentReference& parent : r.parent_refs)
    if (parent.namespace_.empty()) parent.namespace_ = r.meta.namespace_;
  for (HttpRouteRule& each : r.rules) {
    fill_namespaces(each.filters, r.meta.namespace_);
    for (HttpBackendRef& backend : each.backend_refs) {
      fill_namespaces(backend.filters, r.meta.namespace_);
      if (backend.ref.namespace_.empty()) backend.ref.namespace_ = r.meta.namespace_;
    }
  }
  return r;
}

HttpRoute grpc(HttpRoute route) {
  route.kind = "GRPCRoute";
  return route;
}

HttpRoute created(HttpRoute route, std::string timestamp) {
  route.meta.creation_timestamp = std::move(timestamp);
  return route;
}

Listener listener(std::string name, std::string hostname, int port, std::string protocol) {
  Listener l;
  l.name = std::move(name);
  l.hostname = std::move(hostname);
  l.port = port;
  l.protocol = std::move(protocol);
  if (l.protocol == "HTTPS") l.tls_mode = "Terminate";
  l.allowed_routes.from = "All";
  return l;
}

Listener allowing(Listener l, std::string from) {
  l.allowed_routes.from = std::move(from);
  return l;
}

Gateway gateway(std::string_view key, std::vector<Listener> listeners) {
  Gateway g;
  g.meta = meta(key);
  g.listeners = std::move(listeners);
  return g;
}

KubeService service(std::string_view key, std::vector<int> ports) {
  KubeService s;
  s.meta = meta(key);
  for (const int port : ports) {
    ServicePort p;
    p.name = "p" + std::to_string(port);
    p.port = port;
    s.ports.push_back(p);
  }
  return s;
}

ReferenceGrant grant(std::string_view to_key, std::string from_namespace, std::string from_kind) {
  ReferenceGrant g;
  const auto [ns, name] = split_key(to_key);
  g.meta = meta(ns + "/grant");
  g.from.push_back({std::string(kGatewayGroup), std::move(from_kind), std::move(from_namespace)});
  ReferenceGrant::To to_service{"", "Service", std::nullopt};
  if (name != "*") to_service.name = name;
  g.to.push_back(to_service);
  return g;
}

ObjectMeta meta(std::string_view key) {
  ObjectMeta m;
  std::tie(m.namespace_, m.name) = split_key(key);
  return m;
}

Request request(std::string_view line, std::vector<std::string> headers) {
  Request r;
  if (const auto space = line.find(' '); space != std::string_view::npos) {
    r.method = line.substr(0, space);
    line.remove_prefix(space + 1);
  }
  const auto slash = line.find('/');
  r.host = line.substr(0, slash);
  r.path = line.substr(slash);
  for (const std::string& header : headers) {
    const auto colon = header.find(": ");
    r.headers.push_back({header.substr(0, colon), header.substr(colon + 2)});
  }
  return r;
}

std::string answer(const Routed& routed) {
  std::string text = std::to_string(routed.status);
  if (routed.route)
    text += " " + routed.route->meta.key() + "#" + std::to_string(routed.rule) + "." +
            std::to_string(routed.match);
  if (!routed.location.empty()) text += " " + routed.location;
  const char* separator = " ";
  for (const RoutedBackend& b : routed.backends) {
    text += std::exchange(separator, ", ") + b.service + ":" + std::to_string(b.port) + " x" +
            number(b.share) + std::string(fault_name(b.fault));
    if (b.reply && b.fault == BackendFault::none) text += " " + std::to_string(b.reply->status);
  }
  return text;
}

}  // namespace spillway::model::testing_world
