// A whole configuration file for one kind of Envoy: listeners, routes and clusters without a
// control plane behind them, as `envoy -c FILE` reads it. Pure functions; any thread.
//
// What a mesh adds around the routing is left out: TLS, HBONE tunnels, redirection by iptables or
// eBPF. Every route configuration gets a listener of its own, in plain HTTP.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/envoy/config.h"

namespace spillway::reports {

struct EnvoyAddress {
  std::string host;  ///< an IP address, or a DNS name
  int port = 0;
};

/// One configuration of a kind of proxy; most kinds have one.
struct EnvoyPart {
  const model::envoy::ProxyConfig* config = nullptr;
  std::string prefix;                ///< put before the names of its listeners and clusters
  std::map<std::string, int> ports;  ///< by route configuration: on which its listener should be
};

struct EnvoyExport {
  std::string node_id;
  std::vector<EnvoyPart> parts;
  std::string listen_address = "0.0.0.0";
  int admin_port = 15'000;  ///< on the loopback device
  /// By Cluster::service, else by the cluster's name. A cluster whose endpoints would come from a
  /// control plane and are not here has its Service's DNS name in the cluster.
  std::map<std::string, std::vector<EnvoyAddress>> endpoints;
};

/// The bootstrap as indented JSON. A listener whose port an earlier one has, or that has none, gets
/// the first free one from 20000 on.
std::string envoy_bootstrap(const EnvoyExport& what);
/// Several as one JSON object by node_id.
std::string envoy_bootstraps(const std::vector<EnvoyExport>& all);

/// "ns/name:port" as the address of the Service in its cluster: "name.ns.svc.cluster.local".
EnvoyAddress service_address(std::string_view service);

}  // namespace spillway::reports
