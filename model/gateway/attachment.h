// Which routes attach to which parents, as the status of the routes would say: Gateways with their
// listeners, and Services (GEP-1294). Pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "model/gateway/index.h"
#include "model/gateway/options.h"
#include "model/resources/resources.h"

namespace spillway::model {

/// One parentRef of one route, with its conditions Accepted and ResolvedRefs.
struct Attachment {
  /// What the route is for this parent. `producer`: of a Service in the route's namespace, for all
  /// clients; `consumer`: of a Service elsewhere, for the clients in the route's namespace.
  enum class Role { none, gateway, producer, consumer };
  /// A hostname of the route on a listener: as written, and intersected with the listener's.
  struct Host {
    std::string own;
    std::string effective;
  };
  /// A listener, or a port of a Service, that the route serves.
  struct Section {
    std::string name;         ///< listener or port name
    int port = 0;             ///< 0: every port of the Service
    int listener = -1;        ///< index in Gateway::listeners; -1 at Services
    std::vector<Host> hosts;  ///< at listeners; never empty there
  };

  const HttpRoute* route = nullptr;
  int parent_ref = 0;
  Role role = Role::none;
  bool accepted = false;
  std::string reason;             ///< of the Accepted condition
  std::string message;            ///< a clause; empty where accepted
  std::vector<Section> sections;  ///< empty unless accepted
  bool refs_resolved = true;
  std::string refs_reason = "ResolvedRefs";
  std::string refs_message;  ///< a clause; empty where resolved
  std::vector<RoutingOption> depends_on;
  Place place;

  const ParentReference& parent() const {
    return route->parent_refs[static_cast<std::size_t>(parent_ref)];
  }
};

/// "ns/name" of the parent.
std::string parent_key(const ParentReference& parent);

/// The attachments of all parentRefs, in the order of the routes and of their parentRefs.
std::vector<Attachment> attach(const Resources& resources, const ResourceIndex& index,
                               const RoutingOptions& options);

/// Listeners of one port must differ in the hostname, which tells HTTP requests and (by SNI) TLS
/// connections apart, and speak protocols that one socket can serve. Neither of two that conflict
/// is served.
bool listeners_conflict(const Listener& a, const Listener& b);

/// Listeners that serve HTTP (HTTP, and HTTPS unless passed through) and conflict with no other one
/// of the Gateway.
std::vector<bool> usable_listeners(const Gateway& gateway);

}  // namespace spillway::model
