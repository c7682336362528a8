// What Istio's control plane makes of manifests: the configuration of each of its proxies, the
// conditions that it writes into the status of routes and policies, and what it leaves out.
//
// Keeps pointers into the Resources, which must outlive it and not change; const use from any
// thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/envoy/config.h"
#include "model/gateway/index.h"
#include "model/profiles/istio/destination_rules.h"
#include "model/profiles/istio/parents.h"
#include "model/profiles/istio/routes.h"
#include "model/profiles/istio/version.h"
#include "model/resources/resources.h"

namespace spillway::model::istio {

struct ControlPlaneOptions {
  std::string version;                 ///< "": the newest
  bool alpha_gateway_api = false;      ///< XBackendTrafficPolicies are read
  std::optional<Behavior> behavior{};  ///< in place of that of the version
};

class ControlPlane {
 public:
  using Labels = std::map<std::string, std::string>;

  explicit ControlPlane(const Resources& resources, ControlPlaneOptions options = {});
  ControlPlane(const ControlPlane&) = delete;
  ControlPlane& operator=(const ControlPlane&) = delete;

  /// The way out of a client's sidecar, whose pod has `labels`.
  envoy::ProxyConfig sidecar(std::string_view client_namespace, const Labels& labels = {}) const;
  /// The way in to a pod of `service`: its sidecar in front of the application.
  envoy::ProxyConfig server_sidecar(const KubeService& service) const;
  envoy::ProxyConfig waypoint(const Gateway& gateway) const;
  envoy::ProxyConfig gateway(const Gateway& gateway) const;

  /// Whether requests to `service` pass this waypoint.
  bool serves(const Gateway& waypoint, const KubeService& service) const;

  /// In the order of the routes and their parents, then of the policies.
  const std::vector<Condition>& conditions() const { return conditions_; }

  const Behavior& version_behavior() const { return behavior_; }
  bool reads_alpha() const { return reads_alpha_; }
  const MeshConfig& mesh() const { return mesh_; }
  const std::vector<RouteSet>& route_sets() const { return route_sets_; }
  const Resources& resources() const { return *resources_; }
  const ResourceIndex& index() const { return index_; }

 private:
  struct Service {
    const KubeService* object;
    std::string host;
  };
  /// A proxy as DestinationRules and routes see it.
  struct Proxy {
    std::string_view ns;
    const Labels* labels;
  };

  const Service* service(std::string_view host) const;
  std::vector<const RouteSet*> visible_route_sets(std::string_view ns,
                                                  std::string_view gateway) const;
  const MergedRule* rule_of(const Proxy& proxy, const Service& service) const;
  const ConsistentHash* hash_of(const Proxy& proxy, const Destination& destination) const;
  const ConsistentHash* hash_of_port(const Proxy& proxy, const Service& service, int port) const;
  RouteContext context(const Proxy& proxy, int port) const;
  std::string outbound_destination(const Destination& destination, int port,
                                   bool whole_service) const;
  void add_clusters(const Proxy& proxy, const Service& service, std::string_view direction,
                    std::string_view protocol, const ServicePort& port,
                    envoy::ProxyConfig& to) const;
  void add_outbound_clusters(const Proxy& proxy, const Service& service,
                             envoy::ProxyConfig& to) const;

  std::vector<int> listen_ports() const;
  void add_listen_port(const Proxy& proxy, int port, envoy::ProxyConfig& to) const;
  std::vector<envoy::VirtualHost> sidecar_virtual_hosts(const Proxy& proxy, int port) const;
  const RouteSet* claimed_by_wildcard(const Service& service,
                                      const std::vector<const RouteSet*>& sets) const;

  std::vector<const Service*> served_by(const Gateway& waypoint) const;
  void add_waypoint_port(const Proxy& proxy, const Gateway& waypoint, const Service& service,
                         const ServicePort& port, envoy::ProxyConfig& to) const;
  void add_referenced(const Proxy& proxy, const Gateway& waypoint,
                      const std::vector<const Service*>& served, envoy::ProxyConfig& to) const;

  const Resources* resources_;
  ResourceIndex index_;
  MeshConfig mesh_;
  Behavior behavior_;
  bool reads_alpha_;
  DestinationRules rules_;
  std::vector<Service> services_;
  std::vector<RouteSet> route_sets_;  ///< oldest first
  std::vector<Condition> conditions_;
};

}  // namespace spillway::model::istio
