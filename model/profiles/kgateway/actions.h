// One match of one rule as an Envoy route (pkg/krtcollections/builtin.go and
// pkg/kgateway/translator/irtranslator in kgateway-dev/kgateway). Internal to the profile. Pure.
#pragma once

#include <optional>
#include <string>

#include "model/envoy/route_config.h"
#include "model/gateway/index.h"
#include "model/profiles/kgateway/options.h"
#include "model/profiles/kgateway/policies.h"
#include "model/profiles/kgateway/tree.h"

namespace spillway::model::kgateway {

std::string cluster_name(const std::string& ns, const std::string& service, int port);
std::string cluster_name(const Backend& backend);
envoy::RetryPolicy retry_policy(const Retry& retry);
envoy::HttpFault http_fault(const FaultInjection& fault);
envoy::Route replaced_route(envoy::Route route);

class RouteMaker {
 public:
  RouteMaker(const Resources& resources, const ResourceIndex& index, const PolicyIndex& policies,
             const Options& options)
      : resources_(resources), index_(index), policies_(policies), options_(options) {}

  /// Absent where the rule only delegates. Faults of references and rules go into `slot`.
  std::optional<envoy::Route> make(const FlatRule& rule, int listener_port, Slot& slot) const;

 private:
  void set_backends(const FlatRule& rule, envoy::Route& route, Slot& slot) const;
  void apply_level(const Level& level, bool prefer_parent, int listener_port,
                   envoy::Route& route) const;
  void apply_rule(const HttpRouteRule& rule, bool prefer_parent, envoy::Route& route) const;
  void apply_mirror(const RequestMirrorFilter& mirror, const HttpRoute& route,
                    envoy::RouteAction& action) const;
  /// False where an ExtensionRef cannot be resolved.
  bool apply_policies(const FlatRule& rule, envoy::Route& route) const;
  bool add_extensions(const Level& level, int depth, bool prefer_parent,
                      std::vector<PolicyLayer>& layers, envoy::Route& route) const;
  std::string resolve(const HttpRoute& route, const BackendObjectReference& ref,
                      std::string& reason) const;

  const Resources& resources_;
  const ResourceIndex& index_;
  const PolicyIndex& policies_;
  const Options& options_;
};

}  // namespace spillway::model::kgateway
