// The schemas of the kinds that are read, as the CRDs of kubernetes-sigs/gateway-api (main,
// 2026-08; v1.6 with the session persistence of after v1.6.1) and the API server's own validation
// state them. Built once a channel; any thread.
#pragma once

#include "scenarios/manifests/schema.h"

namespace spillway::scenarios::manifests {

const Schema& http_route_schema(model::Channel channel);
const Schema& grpc_route_schema(model::Channel channel);
const Schema& gateway_schema();
const Schema& gateway_class_schema();
const Schema& reference_grant_schema();
const Schema& backend_traffic_policy_schema();  ///< the experimental channel only
const Schema& service_schema();
const Schema& namespace_schema();
const Schema& virtual_service_schema();
const Schema& destination_rule_schema();
const Schema& mesh_config_schema();  ///< of the text in the ConfigMap, not of a manifest
const Schema& kgateway_traffic_policy_schema();
const Schema& kgateway_backend_config_policy_schema();
const Schema& kgateway_direct_response_schema();
const Schema& kgateway_backend_schema();

// Parts that several kinds share.

/// apiVersion, kind, metadata and status around `spec`; `name` is what names of the kind look like.
Schema manifest_schema(const Pattern& name, std::int64_t longest_name, Field spec);
Schema group_name();
Schema kind_name();
Schema object_name();
Schema namespace_name();
Schema section_name();
Schema hostname();
Schema port_number();
Schema duration();
Schema session_persistence();
Schema istio_duration();
Schema istio_retries();
Schema istio_connection_pool();
Schema istio_outlier_detection();
/// The default of a list: one item, all of it defaults.
Node list_of_one_default();

}  // namespace spillway::scenarios::manifests
