// Validated manifests -> model structs. The nodes come from validate(): defaults are filled in, so
// that a field that is missing here is one that the API server leaves out too. Any thread.
#pragma once

#include <string_view>

#include "model/resources/resources.h"
#include "scenarios/node.h"

namespace spillway::scenarios::manifests {

enum class Scope { namespaced, cluster };

/// Of any object, also of one that was not validated: what is no string is left out.
model::ObjectMeta decode_meta(const Node& manifest, Scope scope);

/// `kind`: "HTTPRoute" or "GRPCRoute".
model::HttpRoute decode_route(const Node& manifest, std::string_view kind);
/// `route_namespace` is filled in where a reference names none.
std::vector<model::HttpRouteFilter> decode_filters(const Node& owner,
                                                   const std::string& route_namespace);
model::BackendObjectReference decode_backend(const Node& ref, const std::string& route_namespace);
model::Gateway decode_gateway(const Node& manifest);
model::GatewayClass decode_gateway_class(const Node& manifest);
model::ReferenceGrant decode_reference_grant(const Node& manifest);
model::XBackendTrafficPolicy decode_backend_traffic_policy(const Node& manifest);
model::SessionPersistence decode_session_persistence(const Node& session,
                                                     const model::Place& place);
model::KubeService decode_service(const Node& manifest);
model::Namespace decode_namespace(const Node& manifest);
model::istio::VirtualService decode_virtual_service(const Node& manifest);
model::istio::DestinationRule decode_destination_rule(const Node& manifest);
model::istio::MeshConfig decode_mesh_config(const Node& config);
model::istio::HttpRetry decode_istio_retries(const Node& retries);
model::kgateway::TrafficPolicy decode_kgateway_traffic_policy(const Node& manifest);
model::kgateway::BackendConfigPolicy decode_kgateway_backend_config_policy(const Node& manifest);
model::kgateway::Backend decode_kgateway_backend(const Node& manifest);
model::kgateway::DirectResponse decode_kgateway_direct_response(const Node& manifest);

}  // namespace spillway::scenarios::manifests
