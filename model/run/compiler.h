// compile() at work: fills a Mesh from a Spec, in the order services, calls, traffic, faults,
// scopes. One use, one thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/gateway/routing.h"
#include "model/gateway/traffic_policy.h"
#include "model/graph/graph.h"
#include "model/profiles/data_plane.h"
#include "model/profiles/gateway_api/options.h"
#include "model/profiles/vpc_lattice/options.h"
#include "model/run/mesh.h"

namespace spillway::model {

class Compiler {
 public:
  explicit Compiler(Spec spec);
  Loaded<MeshPtr> run();

 private:
  /// Who sends a call: a traffic source, or an operation of a service.
  struct Caller {
    std::string scope;  ///< traffic name or service scope
    std::string namespace_;
    std::uint32_t instances = 1;
    bool meshed = true;
  };

  /// A kind of Envoy, with what all its calls share.
  struct PlacedProxy {
    std::uint32_t instances = 1;
    Id first_scope = kNoId;
    Id first = kNoId;  ///< of the processes
    Id admission = kNoId;
    Id concurrency = kNoId;
  };
  /// A pod behind a proxy; the proxy in front of it, if it has one.
  struct Host {
    Id service = kNoId;
    std::uint32_t replica = 0;
    Id leg = kNoId;
  };
  /// What a leg at an Envoy is made for.
  struct EnvoyCall {
    const Caller& caller;
    ProxyEntry entry;
    Request request;
    std::string to;
    Place place;
    std::optional<Host> own_pod;  ///< of a server's proxy
  };

  // compile.cc
  void read_options();
  void check_graph();
  std::vector<Destination> destinations(const CallSite& site);
  void compile_traffic();
  void finish_scopes();
  Delay delay(const std::vector<sim::Distribution>& parts);
  /// `value` of an option of the profile: an assumption where the scenario does not give it.
  sim::Distribution latency(const char* option, const sim::Distribution& value);
  Timer timer(const std::optional<sim::Duration>& length);
  Id scope(std::vector<Scope>& list, std::map<std::string, Id>& index, ScopeKind kind,
           const std::string& name);
  void error(const Place& place, std::string message, std::string rule, std::string hint = {});
  void warn(const Place& place, std::string message, std::string rule, std::string hint = {});

  // compile_services.cc
  void compile_services();
  void compile_operations(const Service& service, Id id);
  CompiledStep compile_step(const Step& step, const Caller& caller,
                            std::map<std::string, int>& calls);
  void add_work(const WorkStep& step);
  Call compile_call_step(const CallStep& step, const Place& place, const Caller& caller,
                         std::map<std::string, int>& calls);

  // compile_calls.cc
  Id call_service(const Caller& caller, const ServiceRef& target, const Request& request,
                  const std::optional<ClientPolicy>& client, Id edge, const Place& place);
  Id call_gateway(const Caller& caller, const GatewayTarget& target, const Request& request,
                  const std::optional<ClientPolicy>& client, const Place& place);
  Id route_leg(const Caller& owner, const Routed& routed, bool at_gateway, const std::string& to,
               const Place& place);
  Id direct_leg(const Caller& owner, const std::string& service, int port, const Request& request,
                const std::string& to, const Place& place, int l4 = 0);
  Id client_leg(const Caller& caller, const ClientPolicy& policy, Id next, Id edge,
                const std::string& to, const Delay& way);
  Id answer_leg(std::uint16_t status, Flags flags, const std::string& to);
  void add_backend(const Caller& owner, const std::string& service, int port,
                   const Request& request, double share, Id rule_scope, const Place& place,
                   int l4 = 0);
  void add_replica_hop(const Caller& owner, Id service, const std::string& backend,
                       const Request& request, double share, Id budget, bool proxied, int l4);
  void add_answer_hop(Hop::To to, std::uint16_t status, double share, const std::string& backend);
  void close_shares(Leg& leg);
  std::vector<Id> endpoints_of(const std::string& service) const;
  Id cluster(const Caller& owner, Id service);
  Id budget(const Caller& owner, const std::string& service, Id rule_scope);
  int port_of(const ServiceRef& target) const;
  std::pair<Id, Id> rule_ids(const Routed& routed);

  // compile_envoy.cc: what requests meet in a data plane of Envoys
  Id service_leg(const Caller& caller, const std::string& service, int port, const Request& request,
                 const std::string& to, const Place& place);
  Id gateway_leg(const Caller& caller, const GatewayTarget& target, const Request& request,
                 const std::string& to, const Place& place);
  Id pods_leg(const Caller& caller, const KubeService& service, int port, int l4,
              const Request& request, const std::string& to, const Place& place);
  Id envoy_leg(const EnvoyCall& call);
  void serve(const EnvoyCall& call, const envoy::VirtualHost& host, const envoy::Route& route,
             Leg& leg);
  void add_mirrors(const EnvoyCall& call, const envoy::Route& route, Leg& leg);
  std::optional<Hop> cluster_hop(const EnvoyCall& call, const std::string& name,
                                 const envoy::Route& route, const Request& request);
  std::vector<Host> hosts_of(const EnvoyCall& call, const envoy::Cluster& cluster,
                             const Request& request);
  Hop host_hop(const EnvoyCall& call, const Host& host, const std::string& backend,
               const Request& request, int l4);
  Id server_leg(const Caller& caller, const ProxyEntry& entry, const Host& host,
                const Request& request, const std::string& to, const Place& place);
  const PlacedProxy& place_proxy(const EnvoyCall& call);
  ClientPods pods_of(const Caller& caller) const;
  ProxyEntry gateway_entry(const GatewayTarget& target, const Request& request);
  std::vector<Destination> destinations_behind(const ProxyEntry& entry, const Request& request);

  // compile_linkerd.cc
  Id linkerd_leg(const Caller& caller, const Routed& routed, const KubeService& service, int port,
                 const std::string& to, const Place& place);
  Id linkerd_stack(const Caller& caller, const Routed& routed, linkerd::OutboundPolicy policy,
                   const std::string& service, Leg& leg, const Place& place);
  LinkerdStack::Backend linkerd_endpoints(const Caller& caller, const RoutedBackend& backend,
                                          linkerd::OutboundPolicy& policy);

  // compile_faults.cc
  void compile_faults();
  void check_place(const Fault& fault);
  void aim(const Fault& fault, CompiledFault& compiled);
  void aim_at_proxies(const Fault& fault, const ProxyTarget& target, CompiledFault& compiled);
  void aim_at_ztunnels(const Fault& fault, const std::string& node, CompiledFault& compiled);
  Id link(const std::string& from, const std::string& to);

  std::unique_ptr<Mesh> mesh_;
  Diagnostics diagnostics_;
  gateway_api::Options options_;
  std::unique_ptr<DataPlane> plane_;                   ///< of an Envoy-based profile
  std::optional<ConcurrencyBudget> budget_override_;   ///< of every cluster of an Envoy
  bool linkerd_ = false;                               ///< profile linkerd
  std::optional<sim::Duration> lattice_idle_timeout_;  ///< profile vpc-lattice
  std::map<std::string, PlacedProxy> placed_;          ///< by its configuration
  std::map<std::string, Id> processes_;                ///< "KIND/NAME/INSTANCE"
  std::map<std::string, Id> envoy_clusters_, server_legs_, linkerd_stacks_;
  std::optional<RoutingTable> routing_;
  std::map<std::string, std::vector<const XBackendTrafficPolicy*>, std::less<>> policies_;
  std::unordered_map<std::string, Id> service_ids_;  ///< by "ns/name"
  std::unordered_map<std::string, const KubeService*> kube_services_;
  std::vector<Scope> traffic_scopes_, service_scopes_, edge_scopes_, rule_scopes_, proxy_scopes_;
  std::map<std::string, Id> edge_index_, rule_index_, proxy_index_;
  std::map<std::string, Id> clusters_, budgets_, links_, rule_targets_, rule_configs_;
};

}  // namespace spillway::model
