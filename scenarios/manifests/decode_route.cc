#include "scenarios/manifests/access.h"
#include "scenarios/manifests/decode.h"

namespace spillway::scenarios::manifests {
namespace {

std::string namespace_or(const Node& ref, const std::string& fallback) {
  const std::string_view own = text_of(ref, "namespace");
  return own.empty() ? fallback : std::string(own);
}

model::ParentReference decode_parent(const Node& ref, const std::string& route_namespace) {
  model::ParentReference parent;
  parent.group = text_of(ref, "group");
  parent.kind = text_of(ref, "kind");
  parent.namespace_ = namespace_or(ref, route_namespace);
  parent.namespace_given = !text_of(ref, "namespace").empty();
  parent.name = text_of(ref, "name");
  parent.section_name = text_of(ref, "sectionName");
  parent.port = number_of(ref, "port");
  parent.place = ref.place;
  return parent;
}

std::vector<model::ValueMatch> decode_values(const Node& match, std::string_view key) {
  std::vector<model::ValueMatch> values;
  for (const Node& item : items_of(match, key)) {
    const bool exact = text_of(item, "type") == "Exact";
    values.push_back(
        {exact ? model::ValueMatchType::exact : model::ValueMatchType::regular_expression,
         std::string(text_of(item, "name")), std::string(text_of(item, "value"))});
  }
  return values;
}

model::HttpPathMatch decode_path(const Node& path) {
  using model::PathMatchType;
  const std::string_view type = text_of(path, "type");
  const PathMatchType decoded = type == "Exact"        ? PathMatchType::exact
                                : type == "PathPrefix" ? PathMatchType::path_prefix
                                                       : PathMatchType::regular_expression;
  return {decoded, std::string(text_of(path, "value"))};
}

/// A gRPC call is a POST to /SERVICE/METHOD.
model::HttpPathMatch decode_grpc_path(const Node& method) {
  const std::string service(text_of(method, "service"));
  const std::string name(text_of(method, "method"));
  if (service.empty() && name.empty()) return {};
  const bool exact = text_of(method, "type") == "Exact";
  if (exact && !service.empty())
    return name.empty()
               ? model::HttpPathMatch{model::PathMatchType::path_prefix, "/" + service}
               : model::HttpPathMatch{model::PathMatchType::exact, "/" + service + "/" + name};
  const auto expression = [&](const std::string& part) {
    if (part.empty()) return std::string("[^/]+");
    return exact ? part : "(?:" + part + ")";
  };
  return {model::PathMatchType::regular_expression,
          std::string("/").append(expression(service)).append("/").append(expression(name))};
}

model::HttpRouteMatch decode_match(const Node& node, bool grpc) {
  model::HttpRouteMatch match;
  match.path = grpc ? decode_grpc_path(child_of(node, "method")) : decode_path(*node.find("path"));
  match.headers = decode_values(node, "headers");
  match.query_params = decode_values(node, "queryParams");
  match.method = grpc ? "POST" : text_of(node, "method");
  match.place = node.place;
  return match;
}

model::HttpBackendRef decode_backend_ref(const Node& node, const std::string& route_namespace) {
  model::HttpBackendRef backend;
  backend.ref = decode_backend(node, route_namespace);
  backend.weight = number_of(node, "weight").value_or(1);
  backend.filters = decode_filters(node, route_namespace);
  backend.place = node.place;
  return backend;
}

model::HttpRouteTimeouts decode_timeouts(const Node& rule) {
  const Node& node = *rule.find("timeouts");
  model::HttpRouteTimeouts timeouts;
  timeouts.request = duration_of(node, "request");
  timeouts.backend_request = duration_of(node, "backendRequest");
  timeouts.place = place_of(rule, "timeouts");
  timeouts.request_place = place_of(node, "request");
  timeouts.backend_request_place = place_of(node, "backendRequest");
  return timeouts;
}

model::HttpRouteRetry decode_retry(const Node& rule) {
  const Node& node = *rule.find("retry");
  model::HttpRouteRetry retry;
  for (const Node& code : items_of(node, "codes")) retry.codes.push_back(std::stoi(code.scalar));
  retry.attempts = number_of(node, "attempts");
  retry.backoff = duration_of(node, "backoff");
  retry.place = place_of(rule, "retry");
  retry.codes_place = place_of(node, "codes");
  retry.attempts_place = place_of(node, "attempts");
  retry.backoff_place = place_of(node, "backoff");
  return retry;
}

model::HttpRouteRule decode_rule(const Node& node, bool grpc, const std::string& route_namespace) {
  model::HttpRouteRule rule;
  rule.name = text_of(node, "name");
  rule.matches.clear();
  for (const Node& match : items_of(node, "matches"))
    rule.matches.push_back(decode_match(match, grpc));
  if (rule.matches.empty() && grpc) {
    rule.matches.emplace_back();
    rule.matches.back().method = "POST";
    rule.matches.back().place = node.place;
  }
  rule.filters = decode_filters(node, route_namespace);
  for (const Node& ref : items_of(node, "backendRefs"))
    rule.backend_refs.push_back(decode_backend_ref(ref, route_namespace));
  if (has(node, "timeouts")) rule.timeouts = decode_timeouts(node);
  if (has(node, "retry")) rule.retry = decode_retry(node);
  if (const Node* session = node.find("sessionPersistence"))
    rule.session_persistence =
        decode_session_persistence(*session, place_of(node, "sessionPersistence"));
  rule.place = node.place;
  return rule;
}

}  // namespace

model::BackendObjectReference decode_backend(const Node& ref, const std::string& route_namespace) {
  model::BackendObjectReference backend;
  backend.group = text_of(ref, "group");
  backend.kind = text_of(ref, "kind");
  backend.namespace_ = namespace_or(ref, route_namespace);
  backend.name = text_of(ref, "name");
  backend.port = number_of(ref, "port");
  backend.place = ref.place;
  return backend;
}

model::HttpRoute decode_route(const Node& manifest, std::string_view kind) {
  model::HttpRoute route;
  route.kind = kind;
  route.meta = decode_meta(manifest, Scope::namespaced);
  const Node& spec = *manifest.find("spec");
  for (const Node& ref : items_of(spec, "parentRefs"))
    route.parent_refs.push_back(decode_parent(ref, route.meta.namespace_));
  for (const Node& name : items_of(spec, "hostnames")) route.hostnames.push_back(name.scalar);
  route.hostnames_place = place_of(spec, "hostnames");
  route.use_default_gateways = text_of(spec, "useDefaultGateways");
  for (const Node& rule : items_of(spec, "rules"))
    route.rules.push_back(decode_rule(rule, kind == "GRPCRoute", route.meta.namespace_));
  return route;
}

}  // namespace spillway::scenarios::manifests
