#include "scenarios/manifests/access.h"
#include "scenarios/manifests/decode.h"

namespace spillway::scenarios::manifests {
namespace {

model::LabelSelector decode_selector(const Node& node) {
  model::LabelSelector selector;
  for (const Member& m : child_of(node, "matchLabels").members)
    selector.match_labels.emplace(m.key, m.value.scalar);
  for (const Node& item : items_of(node, "matchExpressions")) {
    model::LabelRequirement requirement{
        std::string(text_of(item, "key")), std::string(text_of(item, "operator")), {}};
    for (const Node& value : items_of(item, "values")) requirement.values.push_back(value.scalar);
    selector.match_expressions.push_back(std::move(requirement));
  }
  return selector;
}

model::AllowedRoutes decode_allowed_routes(const Node& node) {
  model::AllowedRoutes allowed;
  const Node& namespaces = child_of(node, "namespaces");
  allowed.from = text_of(namespaces, "from");
  allowed.selector = decode_selector(child_of(namespaces, "selector"));
  for (const Node& kind : items_of(node, "kinds"))
    allowed.kinds.push_back(
        {std::string(text_of(kind, "group")), std::string(text_of(kind, "kind"))});
  return allowed;
}

model::Listener decode_listener(const Node& node) {
  model::Listener listener;
  listener.name = text_of(node, "name");
  listener.hostname = text_of(node, "hostname");
  listener.port = number_of(node, "port").value_or(0);
  listener.protocol = text_of(node, "protocol");
  listener.tls_mode = text_of(child_of(node, "tls"), "mode");
  listener.allowed_routes = decode_allowed_routes(child_of(node, "allowedRoutes"));
  listener.place = node.place;
  return listener;
}

model::RetryConstraint decode_retry_constraint(const Node& spec) {
  const Node& node = *spec.find("retryConstraint");
  const Node& budget = child_of(node, "budget");
  const Node& floor = child_of(node, "minRetryRate");
  model::RetryConstraint constraint;
  constraint.budget_percent = *number_of(budget, "percent");
  constraint.budget_interval = *duration_of(budget, "interval");
  constraint.min_retry_count_defaulted = !has(floor, "count");
  constraint.min_retry_interval_defaulted = !has(floor, "interval");
  if (has(floor, "count")) constraint.min_retry_count = *number_of(floor, "count");
  if (has(floor, "interval")) constraint.min_retry_interval = *duration_of(floor, "interval");
  constraint.place = place_of(spec, "retryConstraint");
  constraint.budget_percent_place = place_of(budget, "percent");
  constraint.min_retry_place = place_of(node, "minRetryRate");
  return constraint;
}

}  // namespace

model::SessionPersistence decode_session_persistence(const Node& session,
                                                     const model::Place& place) {
  model::SessionPersistence persistence;
  persistence.type = text_of(session, "type");
  persistence.session_name =
      text_of(child_of(session, persistence.type == "Header" ? "header" : "cookie"), "name");
  persistence.absolute_timeout = duration_of(session, "absoluteTimeout");
  persistence.place = place;
  return persistence;
}

model::Gateway decode_gateway(const Node& manifest) {
  const Node& spec = *manifest.find("spec");
  model::Gateway gateway;
  gateway.meta = decode_meta(manifest, Scope::namespaced);
  gateway.gateway_class_name = text_of(spec, "gatewayClassName");
  for (const Node& listener : items_of(spec, "listeners"))
    gateway.listeners.push_back(decode_listener(listener));
  gateway.default_scope = text_of(spec, "defaultScope");
  return gateway;
}

model::GatewayClass decode_gateway_class(const Node& manifest) {
  return {decode_meta(manifest, Scope::cluster),
          std::string(text_of(*manifest.find("spec"), "controllerName"))};
}

model::ReferenceGrant decode_reference_grant(const Node& manifest) {
  const Node& spec = *manifest.find("spec");
  model::ReferenceGrant grant;
  grant.meta = decode_meta(manifest, Scope::namespaced);
  for (const Node& from : items_of(spec, "from"))
    grant.from.push_back({std::string(text_of(from, "group")), std::string(text_of(from, "kind")),
                          std::string(text_of(from, "namespace"))});
  for (const Node& to : items_of(spec, "to")) {
    model::ReferenceGrant::To decoded{
        std::string(text_of(to, "group")), std::string(text_of(to, "kind")), {}};
    if (has(to, "name")) decoded.name = text_of(to, "name");
    grant.to.push_back(std::move(decoded));
  }
  return grant;
}

model::XBackendTrafficPolicy decode_backend_traffic_policy(const Node& manifest) {
  const Node& spec = *manifest.find("spec");
  model::XBackendTrafficPolicy policy;
  policy.meta = decode_meta(manifest, Scope::namespaced);
  for (const Node& ref : items_of(spec, "targetRefs"))
    policy.target_refs.push_back({std::string(text_of(ref, "group")),
                                  std::string(text_of(ref, "kind")),
                                  std::string(text_of(ref, "name")), ref.place});
  if (has(spec, "retryConstraint")) policy.retry_constraint = decode_retry_constraint(spec);
  if (const Node* session = spec.find("sessionPersistence"))
    policy.session_persistence =
        decode_session_persistence(*session, place_of(spec, "sessionPersistence"));
  return policy;
}

}  // namespace spillway::scenarios::manifests
