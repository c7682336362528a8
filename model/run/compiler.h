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
#include "model/profiles/gateway_api/options.h"
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

  // compile.cc
  void check_graph();
  void compile_traffic();
  void finish_scopes();
  Delay delay(std::initializer_list<sim::Distribution> parts);
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
                const std::string& to, const Place& place);
  Id client_leg(const Caller& caller, const ClientPolicy& policy, Id next, Id edge,
                const std::string& to, const Delay& way);
  Id answer_leg(std::uint16_t status, Flags flags, const std::string& to);
  void add_backend(const Caller& owner, const std::string& service, int port,
                   const Request& request, double share, Id rule_scope, const Place& place);
  void add_replica_hop(const Caller& owner, Id service, const std::string& backend,
                       const Request& request, double share, Id budget, bool proxied);
  void add_answer_hop(Hop::To to, std::uint16_t status, double share, const std::string& backend);
  void close_shares(Leg& leg);
  std::vector<Id> endpoints_of(const std::string& service) const;
  Id cluster(const Caller& owner, Id service);
  Id budget(const Caller& owner, const std::string& service, Id rule_scope);
  int port_of(const ServiceRef& target) const;
  std::pair<Id, Id> rule_ids(const Routed& routed);

  // compile_faults.cc
  void compile_faults();
  void check_place(const Fault& fault);
  void aim(const Fault& fault, CompiledFault& compiled);
  Id link(const std::string& from, const std::string& to);

  std::unique_ptr<Mesh> mesh_;
  Diagnostics diagnostics_;
  gateway_api::Options options_;
  std::optional<RoutingTable> routing_;
  std::map<std::string, std::vector<const XBackendTrafficPolicy*>, std::less<>> policies_;
  std::unordered_map<std::string, Id> service_ids_;  ///< by "ns/name"
  std::unordered_map<std::string, const KubeService*> kube_services_;
  std::vector<Scope> traffic_scopes_, service_scopes_, edge_scopes_, rule_scopes_, proxy_scopes_;
  std::map<std::string, Id> edge_index_, rule_index_, proxy_index_;
  std::map<std::string, Id> clusters_, budgets_, links_, rule_targets_, rule_configs_;
};

}  // namespace spillway::model
