// Names and kinds that Istio derives from objects: host names, protocols of ports, clusters. Pure
// functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "model/resources/kubernetes.h"

namespace spillway::model::istio {

inline constexpr std::string_view kDomain = "svc.cluster.local";

/// "NAME.NAMESPACE.svc.cluster.local".
std::string service_host(std::string_view ns, std::string_view name);
/// "NAMESPACE/NAME" of the Service that a full host name stands for; empty where it is none.
std::string service_key(std::string_view host);
/// A short name is one of the namespace of the object that holds it; others stay as they are
/// (pilot/pkg/model/config.go, ResolveShortnameToFQDN).
std::string resolve_host(std::string_view host, std::string_view ns);

bool is_wildcard_host(std::string_view host);
/// Whether two host names have a host in common; "*" and "*.suffix" stand for any prefix
/// (pkg/config/host/name.go, Matches).
bool hosts_overlap(std::string_view a, std::string_view b);
/// Whether every host of `a` is one of `b`.
bool is_subset_host(std::string_view a, std::string_view b);

/// `sniffed`: Istio looks at the first bytes of every connection.
enum class Protocol { tcp, udp, http, http2, grpc, sniffed };

/// By appProtocol, else by the port's name up to the first "-", else by well-known ports
/// (pilot/pkg/serviceregistry/kube/conversion.go, pkg/config/protocol/instance.go).
Protocol port_protocol(const ServicePort& port);
inline bool is_http(Protocol p) {
  return p == Protocol::http || p == Protocol::http2 || p == Protocol::grpc;
}
inline bool has_routes(Protocol p) { return is_http(p) || p == Protocol::sniffed; }

/// "DIRECTION|PORT|SUBSET|HOST".
std::string cluster_name(std::string_view direction, int port, std::string_view subset,
                         std::string_view host);

}  // namespace spillway::model::istio
