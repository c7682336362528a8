// The Gateway API's answer to one request: which route, rule and backends serve it, or what the
// proxy replies itself. The semantics that all implementations share; where the specification is
// open, RoutingOptions. Pure: the same table and request give the same answer, from any thread.
//
// A RoutingTable and its answers keep pointers into the Resources, which must outlive them and not
// change.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/gateway/attachment.h"
#include "model/gateway/index.h"
#include "model/gateway/match.h"
#include "model/gateway/options.h"
#include "model/resources/resources.h"
#include "model/spec/request.h"

namespace spillway::model {

/// A mirror target that is valid; an invalid one is dropped.
struct RoutedMirror {
  std::string service;  ///< "ns/name"
  int port = 0;
  double share = 1;  ///< of the requests that pass the filter, 0..1; each drawn on its own
  Request request;   ///< as the filters before the mirror have left it
  bool operator==(const RoutedMirror&) const = default;
};

/// An extra call that must answer 200 before the request goes on.
struct RoutedAuth {
  std::string service;  ///< "ns/name"
  int port = 0;
  std::string protocol;  ///< HTTP | GRPC
  bool operator==(const RoutedAuth&) const = default;
};

/// A reply of the proxy itself: to all requests of a rule, or to the share of one backend.
struct ProxyReply {
  int status = 0;
  std::string location;  ///< of a 3xx
  std::string reason;    ///< a clause
  bool operator==(const ProxyReply&) const = default;
};

struct RoutedBackend {
  std::string service;  ///< "ns/name"
  int port = 0;
  int weight = 1;
  double share = 1;  ///< weight over the sum of the weights
  BackendFault fault = BackendFault::none;
  Request request;  ///< as this backend sees it, after the rule's filters and its own
  std::optional<ProxyReply>
      reply;  ///< set: its share does not reach it (500 for a fault, a redirect)
  std::vector<RoutedMirror> mirrors;  ///< of its own filters
};

struct Routed {
  int status = 200;  ///< of the proxy's own reply where `by_proxy`; else 200: goes to the backends
  bool by_proxy = false;
  const HttpRoute* route = nullptr;  ///< null: no route is involved
  int rule = -1;
  int match = -1;
  std::vector<RoutedBackend> backends;  ///< in the order of the rule, weight 0 too; shares sum to 1
  Request request;                      ///< after the filters of the rule
  std::vector<RoutedMirror> mirrors;
  std::optional<RoutedAuth> external_auth;
  std::string location;
  std::string reason;                     ///< a clause
  std::vector<RoutingOption> depends_on;  ///< ascending, each once
};

class RoutingTable {
 public:
  explicit RoutingTable(const Resources& resources, RoutingOptions options = {});
  RoutingTable(const RoutingTable&) = delete;
  RoutingTable& operator=(const RoutingTable&) = delete;
  RoutingTable(RoutingTable&&) = default;
  RoutingTable& operator=(RoutingTable&&) = default;

  /// A request that enters Gateway "ns/name". `scheme`: http or https. `port` absent: the listener
  /// port that the Host header names, else the scheme's well-known one, else the first that speaks
  /// the scheme. 404 where no listener, hostname or rule matches.
  Routed route_gateway(std::string_view gateway, std::optional<int> port, std::string_view scheme,
                       const Request& request) const;

  /// A request to the frontend (ClusterIP) of Service "ns/name" by a meshed client. Consumer routes
  /// of the client's namespace, else producer routes, else the Service itself. `from_gateway`: a
  /// Gateway has routed it already, so that no route of the Service applies (one level a hop).
  Routed route_service(std::string_view service, int port, std::string_view client_namespace,
                       bool from_gateway, const Request& request) const;

  /// All parentRefs with their conditions, in the order of the routes.
  const std::vector<Attachment>& attachments() const { return attachments_; }
  const ResourceIndex& index() const { return index_; }
  const RoutingOptions& options() const { return options_; }
  const Resources& resources() const { return *resources_; }

 private:
  struct BoundHost {
    const HttpRoute* route;
    int listener;
    std::string_view own;
    std::string_view effective;
  };
  struct GatewayRoutes {
    const Gateway* gateway = nullptr;
    std::vector<bool> usable;
    std::map<std::string_view, std::vector<BoundHost>> by_host;  ///< effective hostname
  };
  struct ServiceRoutes {
    std::vector<const Attachment*> producers;
    std::map<std::string, std::vector<const Attachment*>, std::less<>> consumers;
  };

  void add_candidates(std::vector<Candidate>& to, const Candidate& bound,
                      const Request& request) const;
  std::vector<BoundHost> bound_hosts(const GatewayRoutes& routes, std::string_view host,
                                     const std::vector<int>& listeners) const;
  Routed default_route(std::string_view service, int port, const Request& request) const;

  const Resources* resources_;
  RoutingOptions options_;
  ResourceIndex index_;
  RegexCache regexes_;
  std::vector<Attachment> attachments_;
  std::map<std::string, GatewayRoutes, std::less<>> gateways_;
  std::map<std::string, ServiceRoutes, std::less<>> services_;
};

}  // namespace spillway::model
