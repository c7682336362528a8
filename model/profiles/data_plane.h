// The Envoys that a profile places on the way of requests: which kinds of proxy there are, what
// each is given, and which of them a request meets. `run` simulates exactly these configurations,
// `export envoy` writes exactly them.
//
// Keeps pointers into the Resources, which must outlive it and not change. One thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/envoy/config.h"
#include "model/resources/resources.h"
#include "model/spec/scenario.h"

namespace spillway::model {

/// Where a proxy runs. It decides how many instances there are and which one a request meets.
enum class Placement {
  client_pod,   ///< beside every pod of the caller
  client_node,  ///< on every node: the one of the caller's pod
  any_node,     ///< on every node: the one that a load balancer in front picks
  waypoint,     ///< replicas shared by all callers, picked by the connection
  gateway,      ///< replicas shared by all callers, picked by the connection
  server_pod    ///< beside every pod of the called service
};

/// One kind of Envoy: all its instances have this configuration.
struct EnvoyProxy {
  std::string name;    ///< scope without the instance: "waypoint/wp.shop", "sidecar/cart.shop"
  std::string config;  ///< which of its configurations, where it has several; else `name`.
                       ///< Clusters of different configurations share no state.
  Placement placement = Placement::gateway;
  std::shared_ptr<const envoy::ProxyConfig> proxy;
};

/// Where a request enters a proxy.
struct ProxyEntry {
  const EnvoyProxy* proxy = nullptr;  ///< none: it goes to the pods
  std::string route_config;           ///< of the listener that takes it
  int l4 = 0;                         ///< L4 proxies passed on the way to there
};

/// Who sends.
struct ClientPods {
  std::string scope;  ///< "cart.shop", or the name of a traffic source
  std::string namespace_;
  std::map<std::string, std::string> labels;  ///< of its pods
  bool meshed = true;
};

class DataPlane {
 public:
  virtual ~DataPlane() = default;

  virtual ProxyEntry to_service(const ClientPods& client, const KubeService& service, int port) = 0;
  virtual ProxyEntry to_gateway(const Gateway& gateway, int port) = 0;
  /// What stands before the pods of a Service for requests that come from `from` (null: from a
  /// client without proxy).
  virtual ProxyEntry to_pods(const EnvoyProxy* from, const KubeService& service, int port) = 0;

  /// All proxies that requests have entered so far, and `export` all that could be.
  virtual std::vector<const EnvoyProxy*> proxies() = 0;
};

/// Of an Envoy-based profile; null for the others. The profile and its version must be known ones,
/// the Resources be the profile's own (assume_own()).
std::unique_ptr<DataPlane> make_data_plane(const MeshSpec& mesh, const Resources& resources);

}  // namespace spillway::model
