// All manifests of a scenario by kind, in the order in which they were read. Plain values;
// immutable once loaded.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/resources/gateway_api.h"
#include "model/resources/istio.h"
#include "model/resources/kgateway.h"
#include "model/resources/kubernetes.h"
#include "model/spec/scenario.h"

namespace spillway::model {

/// A manifest of a kind that Spillway reads past: kept to say so.
struct UnknownResource {
  std::string api_version;
  std::string kind;
  ObjectMeta meta;
};

struct Resources {
  std::vector<HttpRoute> http_routes;  ///< HTTPRoute and GRPCRoute
  std::vector<Gateway> gateways;
  std::vector<GatewayClass> gateway_classes;
  std::vector<KubeService> services;
  std::vector<Namespace> namespaces;
  std::vector<ReferenceGrant> reference_grants;
  std::vector<XBackendTrafficPolicy> backend_traffic_policies;
  std::vector<istio::VirtualService> virtual_services;
  std::vector<istio::DestinationRule> destination_rules;
  std::optional<istio::MeshConfig> mesh_config;  ///< absent: Istio's defaults
  std::vector<kgateway::TrafficPolicy> kgateway_traffic_policies;
  std::vector<kgateway::BackendConfigPolicy> kgateway_backend_config_policies;
  std::vector<kgateway::DirectResponse> kgateway_direct_responses;
  std::vector<kgateway::Backend> kgateway_backends;
  std::vector<UnknownResource> unknown;
};

/// What a scenario file and its manifests say together; the input of compile().
struct Spec {
  Scenario scenario;
  Resources resources;
};

}  // namespace spillway::model
