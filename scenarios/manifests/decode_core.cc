#include "scenarios/manifests/access.h"
#include "scenarios/manifests/decode.h"
#include "scenarios/manifests/timestamp.h"

namespace spillway::scenarios::manifests {
namespace {

std::map<std::string, std::string> string_map(const Node& node, std::string_view key) {
  std::map<std::string, std::string> map;
  for (const Member& m : child_of(node, key).members) map.emplace(m.key, m.value.scalar);
  return map;
}

model::ServicePort decode_port(const Node& node) {
  model::ServicePort port;
  port.name = text_of(node, "name");
  port.port = number_of(node, "port").value_or(0);
  const auto number = number_of(node, "targetPort");
  const std::string_view name = text_of(node, "targetPort");
  if (number)
    port.target_port = *number;
  else if (!name.empty())
    port.target_port = std::string(name);
  port.protocol = text_of(node, "protocol");
  port.app_protocol = text_of(node, "appProtocol");
  return port;
}

}  // namespace

model::ObjectMeta decode_meta(const Node& manifest, Scope scope) {
  const Node& node = child_of(manifest, "metadata");
  model::ObjectMeta meta;
  meta.name = text_of(node, "name");
  const std::string_view own = text_of(node, "namespace");
  if (!own.empty()) meta.namespace_ = own;
  if (scope == Scope::cluster) meta.namespace_.clear();
  meta.labels = string_map(node, "labels");
  meta.annotations = string_map(node, "annotations");
  meta.creation_timestamp = utc_timestamp(text_of(node, "creationTimestamp")).value_or("");
  meta.place = has(node, "name") ? place_of(node, "name") : manifest.place;
  return meta;
}

model::KubeService decode_service(const Node& manifest) {
  const Node& spec = *manifest.find("spec");
  model::KubeService service;
  service.meta = decode_meta(manifest, Scope::namespaced);
  service.type = text_of(spec, "type");
  service.cluster_ip = text_of(spec, "clusterIP");
  service.external_name = text_of(spec, "externalName");
  service.traffic_distribution = text_of(spec, "trafficDistribution");
  service.selector = string_map(spec, "selector");
  for (const Node& port : items_of(spec, "ports")) service.ports.push_back(decode_port(port));
  return service;
}

model::Namespace decode_namespace(const Node& manifest) {
  return {decode_meta(manifest, Scope::cluster)};
}

}  // namespace spillway::scenarios::manifests
