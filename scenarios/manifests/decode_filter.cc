#include "scenarios/manifests/access.h"
#include "scenarios/manifests/decode.h"

namespace spillway::scenarios::manifests {
namespace {

std::vector<std::string> strings(const Node& node, std::string_view key) {
  std::vector<std::string> values;
  for (const Node& item : items_of(node, key)) values.push_back(item.scalar);
  return values;
}

std::optional<std::string> optional_text(const Node& node, std::string_view key) {
  return has(node, key) ? std::optional<std::string>(text_of(node, key)) : std::nullopt;
}

std::vector<model::HttpHeader> headers(const Node& node, std::string_view key) {
  std::vector<model::HttpHeader> values;
  for (const Node& item : items_of(node, key))
    values.push_back({std::string(text_of(item, "name")), std::string(text_of(item, "value"))});
  return values;
}

template <class Modifier>
Modifier header_modifier(const Node& node) {
  Modifier modifier;
  modifier.set = headers(node, "set");
  modifier.add = headers(node, "add");
  modifier.remove = strings(node, "remove");
  return modifier;
}

std::optional<model::PathModifier> path_modifier(const Node& node) {
  const Node* path = node.find("path");
  if (!path) return std::nullopt;
  using Type = model::PathModifier::Type;
  const bool full = text_of(*path, "type") == "ReplaceFullPath";
  return model::PathModifier{
      full ? Type::replace_full_path : Type::replace_prefix_match,
      std::string(text_of(*path, full ? "replaceFullPath" : "replacePrefixMatch"))};
}

model::RequestMirrorFilter mirror(const Node& node, const std::string& route_namespace) {
  model::RequestMirrorFilter filter;
  filter.backend_ref = decode_backend(*node.find("backendRef"), route_namespace);
  filter.percent = number_of(node, "percent");
  if (const Node* fraction = node.find("fraction"))
    filter.fraction = {number_of(*fraction, "numerator").value_or(0),
                       number_of(*fraction, "denominator").value_or(100)};
  return filter;
}

model::RequestRedirectFilter redirect(const Node& node) {
  model::RequestRedirectFilter filter;
  filter.scheme = optional_text(node, "scheme");
  filter.hostname = optional_text(node, "hostname");
  filter.path = path_modifier(node);
  filter.port = number_of(node, "port");
  filter.status_code = number_of(node, "statusCode").value_or(302);
  return filter;
}

model::CorsFilter cors(const Node& node) {
  model::CorsFilter filter;
  filter.allow_origins = strings(node, "allowOrigins");
  filter.allow_credentials = flag_of(node, "allowCredentials");
  filter.allow_methods = strings(node, "allowMethods");
  filter.allow_headers = strings(node, "allowHeaders");
  filter.expose_headers = strings(node, "exposeHeaders");
  filter.max_age = number_of(node, "maxAge").value_or(5);
  return filter;
}

decltype(model::HttpRouteFilter::filter) decode_filter(const Node& node,
                                                       const std::string& route_namespace) {
  if (const Node* n = node.find("requestHeaderModifier"))
    return header_modifier<model::RequestHeaderModifierFilter>(*n);
  if (const Node* n = node.find("responseHeaderModifier"))
    return header_modifier<model::ResponseHeaderModifierFilter>(*n);
  if (const Node* n = node.find("requestMirror")) return mirror(*n, route_namespace);
  if (const Node* n = node.find("requestRedirect")) return redirect(*n);
  if (const Node* n = node.find("urlRewrite"))
    return model::UrlRewriteFilter{optional_text(*n, "hostname"), path_modifier(*n)};
  if (const Node* n = node.find("cors")) return cors(*n);
  if (const Node* n = node.find("externalAuth"))
    return model::ExternalAuthFilter{std::string(text_of(*n, "protocol")),
                                     decode_backend(*n->find("backendRef"), route_namespace)};
  const Node& extension = child_of(node, "extensionRef");
  return model::ExtensionRefFilter{std::string(text_of(extension, "group")),
                                   std::string(text_of(extension, "kind")),
                                   std::string(text_of(extension, "name"))};
}

}  // namespace

std::vector<model::HttpRouteFilter> decode_filters(const Node& owner,
                                                   const std::string& route_namespace) {
  std::vector<model::HttpRouteFilter> filters;
  for (const Node& node : items_of(owner, "filters"))
    filters.push_back({decode_filter(node, route_namespace), node.place});
  return filters;
}

}  // namespace spillway::scenarios::manifests
