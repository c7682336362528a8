// What the Gateway API leaves to the implementation about routing: named options with the defaults
// of the neutral reading, and the assumption that a result rests on when it depends on one. Plain
// values; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spillway::model {

/// Where RegularExpression path matches stand in the precedence of matches. `as_prefix`: by the
/// length of the expression among the prefixes.
enum class RegexPrecedence { before_prefix, after_prefix, as_prefix };

struct RoutingOptions {
  /// References to a Service that is not among the manifests are valid, with every port.
  bool assume_services_exist = false;
  /// Reply where the weights of a rule sum to 0.
  int all_zero_weight_status = 503;
  /// Reply where an ExtensionRef filter cannot be resolved (an error is a MUST, its code is open).
  int extension_ref_status = 500;
  /// Reply where the backendRef of an ExternalAuth filter is invalid (fails closed).
  int external_auth_fault_status = 500;
  /// Reply to a CORS preflight: 200 or 204.
  int cors_preflight_status = 200;
  /// Reply to a CORS preflight from an origin that is not allowed: 200, 204 or 403.
  int cors_denied_status = 403;
  /// Implementation-specific by the specification; most gateways put it before PathPrefix.
  /// Method-only GRPCRoute matches are always last, as GRPCRoute's own order says.
  RegexPrecedence regex_precedence = RegexPrecedence::before_prefix;
  /// Whether the ignored trailing "/" of a PathPrefix counts among its characters.
  bool count_trailing_slash = false;
  /// A request is served only by routes of its most specific listener (feature
  /// GatewayHTTPListenerIsolation).
  bool listener_isolation = true;
  /// A request that no rule under its most specific hostname matches may be served by a route with
  /// a less specific hostname. Off: one virtual host a request, as in Envoy.
  bool host_fall_through = true;
  /// A route without hostnames ranks with the hostname of its listener (the intersection), not as
  /// the least specific.
  bool inherit_listener_hostname = true;
  /// Which Services may be parents beside ClusterIP ones (GEP-1294: SHOULD NOT, SHOULD NOT, MAY).
  bool headless_parents = false;
  bool external_name_parents = false;
  bool node_port_parents = true;
  /// ExternalName Services as backends (SHOULD NOT be supported).
  bool external_name_backends = false;
  /// Mesh routes need a ReferenceGrant for backendRefs into other namespaces too.
  bool mesh_needs_grants = false;
  /// `appProtocol` values that a backend may have; none at all is always fine.
  std::vector<std::string> app_protocols{"http",
                                         "https",
                                         "http2",
                                         "h2c",
                                         "grpc",
                                         "grpc-web",
                                         "kubernetes.io/h2c",
                                         "kubernetes.io/ws",
                                         "kubernetes.io/wss"};
  /// "group/Kind" of backends other than Service that are valid, and not looked up.
  std::vector<std::string> backend_kinds;
  /// "group/Kind" of ExtensionRef filters that the implementation acts on elsewhere.
  std::vector<std::string> extension_kinds;
};

/// The options that a result can depend on. `creation_order`: manifests that were never applied
/// have no creationTimestamp, so a tie between routes goes by name.
enum class RoutingOption {
  assume_services_exist,
  all_zero_weight_status,
  extension_ref_status,
  external_auth_fault_status,
  cors_preflight_status,
  cors_denied_status,
  regex_precedence,
  count_trailing_slash,
  listener_isolation,
  host_fall_through,
  inherit_listener_hostname,
  creation_order,
  headless_parents,
  external_name_parents,
  node_port_parents,
  external_name_backends,
  mesh_needs_grants,
  app_protocols,
};

/// camelCase, as users would write it.
std::string_view option_name(RoutingOption option);
/// What the value of `option` means, as a clause for the assumptions of a run.
std::string assumption(RoutingOption option, const RoutingOptions& options);

}  // namespace spillway::model
