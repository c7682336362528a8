#include "model/gateway/options.h"

#include <fmt/format.h>

namespace spillway::model {

std::string_view option_name(RoutingOption option) {
  switch (option) {
    case RoutingOption::assume_services_exist:
      return "assumeServicesExist";
    case RoutingOption::all_zero_weight_status:
      return "allZeroWeightStatus";
    case RoutingOption::extension_ref_status:
      return "extensionRefStatus";
    case RoutingOption::external_auth_fault_status:
      return "externalAuthFaultStatus";
    case RoutingOption::cors_preflight_status:
      return "corsPreflightStatus";
    case RoutingOption::cors_denied_status:
      return "corsDeniedStatus";
    case RoutingOption::regex_precedence:
      return "regexPrecedence";
    case RoutingOption::count_trailing_slash:
      return "countTrailingSlash";
    case RoutingOption::listener_isolation:
      return "listenerIsolation";
    case RoutingOption::host_fall_through:
      return "hostFallThrough";
    case RoutingOption::inherit_listener_hostname:
      return "inheritListenerHostname";
    case RoutingOption::creation_order:
      return "creationOrder";
    case RoutingOption::headless_parents:
      return "headlessParents";
    case RoutingOption::external_name_parents:
      return "externalNameParents";
    case RoutingOption::node_port_parents:
      return "nodePortParents";
    case RoutingOption::external_name_backends:
      return "externalNameBackends";
    case RoutingOption::mesh_needs_grants:
      return "meshNeedsGrants";
    case RoutingOption::app_protocols:
      return "appProtocols";
  }
  return "";
}

namespace {

std::string_view text(RegexPrecedence precedence) {
  switch (precedence) {
    case RegexPrecedence::before_prefix:
      return "rank after Exact and before PathPrefix";
    case RegexPrecedence::after_prefix:
      return "rank after PathPrefix";
    case RegexPrecedence::as_prefix:
      return "rank among PathPrefix by their length";
  }
  return "";
}

std::string parents(std::string_view what, bool accepted) {
  return fmt::format("routes {} attach to {} Services", accepted ? "can" : "cannot", what);
}

/// The options about replies: `what` is answered with the status.
std::string reply(std::string_view what, int status) {
  return fmt::format("{} answered with {}", what, status);
}

}  // namespace

std::string assumption(RoutingOption option, const RoutingOptions& o) {
  switch (option) {
    case RoutingOption::assume_services_exist:
      return "Services that no manifest declares exist, with the ports that are named";
    case RoutingOption::all_zero_weight_status:
      return reply("a rule whose weights sum to 0 is", o.all_zero_weight_status);
    case RoutingOption::extension_ref_status:
      return reply("an ExtensionRef filter that cannot be resolved is", o.extension_ref_status);
    case RoutingOption::external_auth_fault_status:
      return reply("an ExternalAuth filter with an invalid backendRef is",
                   o.external_auth_fault_status);
    case RoutingOption::cors_preflight_status:
      return reply("a CORS preflight is", o.cors_preflight_status);
    case RoutingOption::cors_denied_status:
      return reply("a CORS preflight of an origin that is not allowed is", o.cors_denied_status);
    case RoutingOption::regex_precedence:
      return fmt::format("RegularExpression path matches {}", text(o.regex_precedence));
    case RoutingOption::count_trailing_slash:
      return fmt::format("the trailing / of a PathPrefix {} its characters",
                         o.count_trailing_slash ? "counts among" : "is not counted among");
    case RoutingOption::listener_isolation:
      return o.listener_isolation ? "only routes of the most specific listener serve a request"
                                  : "routes of every listener that matches a request may serve it";
    case RoutingOption::host_fall_through:
      return o.host_fall_through
                 ? "a request may fall through to routes with less specific hostnames"
                 : "only routes of the most specific hostname serve a request";
    case RoutingOption::inherit_listener_hostname:
      return o.inherit_listener_hostname
                 ? "hostnames rank by their intersection with the listener's"
                 : "hostnames rank as the route writes them";
    case RoutingOption::creation_order:
      return "routes without creationTimestamp are newer than those with one, and of equal age "
             "among themselves: namespace/name decides";
    case RoutingOption::headless_parents:
      return parents("headless", o.headless_parents);
    case RoutingOption::external_name_parents:
      return parents("ExternalName", o.external_name_parents);
    case RoutingOption::node_port_parents:
      return parents("NodePort and LoadBalancer", o.node_port_parents);
    case RoutingOption::external_name_backends:
      return fmt::format("ExternalName Services are {} backends",
                         o.external_name_backends ? "valid" : "invalid");
    case RoutingOption::mesh_needs_grants:
      return fmt::format("mesh routes need {} ReferenceGrant for backends in other namespaces",
                         o.mesh_needs_grants ? "a" : "no");
    case RoutingOption::app_protocols:
      return fmt::format("backends may have an appProtocol of {}",
                         fmt::join(o.app_protocols, ", "));
  }
  return {};
}

}  // namespace spillway::model
