#include <fmt/format.h>

#include <algorithm>

#include "model/graph/graph.h"
#include "model/profiles/linkerd/policy.h"
#include "model/profiles/surroundings.h"
#include "model/resources/declared_services.h"
#include "model/run/compiler.h"

namespace spillway::model {

Compiler::Compiler(Spec spec) : mesh_(std::make_unique<Mesh>()) {
  mesh_->spec = std::move(spec);
  mesh_->now = mesh_->queue.lane(sim::Duration{});
  mesh_->budgets.emplace_back();  // 0: no budget
}

Loaded<MeshPtr> Compiler::run() {
  diagnostics_ = check_profile(mesh_->spec.scenario.mesh);
  if (has_errors(diagnostics_)) return diagnostics_;
  read_options();
  if (has_errors(diagnostics_)) return diagnostics_;
  mesh_->max_call_depth = options_.max_call_depth;
  declare_services(mesh_->spec);
  assume_own(mesh_->spec.scenario.mesh.profile, mesh_->spec.resources, mesh_->assumptions);
  if (linkerd_) linkerd::drop_unsupported(mesh_->spec.resources);
  plane_ = make_data_plane(mesh_->spec.scenario.mesh, mesh_->spec.resources);
  for (const KubeService& service : mesh_->spec.resources.services)
    kube_services_[service.meta.key()] = &service;
  routing_.emplace(mesh_->spec.resources, options_.routing);
  policies_ = policies_by_service(mesh_->spec.resources);
  check_graph();
  compile_services();
  compile_traffic();
  compile_faults();
  finish_scopes();
  sort_by_place(diagnostics_);
  if (has_errors(diagnostics_)) return diagnostics_;
  mesh_->diagnostics = diagnostics_;
  return {MeshPtr(mesh_.release()), diagnostics_};
}

void Compiler::read_options() {
  const MeshSpec& mesh = mesh_->spec.scenario.mesh;
  if (mesh.profile == "gateway-api") {
    options_ = gateway_api::read_options(mesh, diagnostics_);
    return;
  }
  OptionReader reader(mesh, *find_profile(mesh.profile), diagnostics_);
  static_cast<CommonOptions&>(options_) = reader.common();
  options_.load_balancing = Balancing::random;  // of connections to a Service
  linkerd_ = mesh.profile == "linkerd";
  if (mesh.profile != "vpc-lattice") return;
  lattice_idle_timeout_ = reader.time("idleTimeout").constant_value();
  options_.routing.all_zero_weight_status = vpc_lattice::kNoTargetStatus;
}

void Compiler::error(const Place& place, std::string message, std::string rule, std::string hint) {
  diagnostics_.push_back(
      {Severity::error, place, std::move(message), std::move(rule), std::move(hint)});
}

void Compiler::warn(const Place& place, std::string message, std::string rule, std::string hint) {
  diagnostics_.push_back(
      {Severity::warning, place, std::move(message), std::move(rule), std::move(hint)});
}

void Compiler::check_graph() {
  Surroundings around;
  for (const KubeService& service : mesh_->spec.resources.services)
    around.declared.push_back(service.meta.name + "." + service.meta.namespace_);
  around.routing = [this](const CallSite& site) { return destinations(site); };
  for (Id i = 0; i < mesh_->spec.scenario.services.size(); ++i) {
    const Service& service = mesh_->spec.scenario.services[i];
    service_ids_[service.namespace_ + "/" + service.name] = i;
  }
  Diagnostics found = model::check_graph(mesh_->spec.scenario, around);
  diagnostics_.insert(diagnostics_.end(), found.begin(), found.end());
}

/// Where the requests of a call site go.
std::vector<Destination> Compiler::destinations(const CallSite& site) {
  std::vector<Destination> destinations;
  Routed routed;
  if (const auto* gateway = std::get_if<const GatewayTarget*>(&site.target)) {
    Request request = site.request;
    if (!(*gateway)->host.empty()) request.host = (*gateway)->host;
    const ServiceRef& ref = (*gateway)->gateway;
    const std::optional<int> port = ref.port ? std::optional(ref.port) : std::nullopt;
    if (plane_) return destinations_behind(gateway_entry(**gateway, request), request);
    routed = routing_->route_gateway(ref.namespace_ + "/" + ref.name, port, "http", request);
  } else {
    const ServiceRef& ref = *std::get<const ServiceRef*>(site.target);
    Request request = site.request;
    if (request.host.empty()) request.host = ref.scope();
    const std::string key = ref.namespace_ + "/" + ref.name;
    const auto kube = kube_services_.find(key);
    if (plane_ && kube != kube_services_.end()) {
      const Caller caller{std::string(site.caller), std::string(site.caller_namespace), 1,
                          site.meshed};
      const ProxyEntry entry = plane_->to_service(pods_of(caller), *kube->second, port_of(ref));
      if (entry.proxy) return destinations_behind(entry, request);
    }
    routed = routing_->route_service(key, port_of(ref), site.caller_namespace,
                                     !site.meshed || plane_ || lattice_idle_timeout_, site.request);
  }
  if (routed.by_proxy) return destinations;
  const auto add = [&](const std::string& to, double share, const Request& request) {
    for (const Id service : endpoints_of(to))
      destinations.push_back({mesh_->spec.scenario.services[service].scope(), share, request});
  };
  const auto add_mirrors = [&](const std::vector<RoutedMirror>& mirrors, double share) {
    for (const RoutedMirror& m : mirrors) add(m.service, share * m.share, m.request);
  };
  add_mirrors(routed.mirrors, 1);
  for (const RoutedBackend& backend : routed.backends) {
    add_mirrors(backend.mirrors, backend.share);
    if (!backend.reply && backend.share > 0) add(backend.service, backend.share, backend.request);
  }
  return destinations;
}

Delay Compiler::delay(const std::vector<sim::Distribution>& parts) {
  Delay sum;
  for (const sim::Distribution& part : parts) {
    if (part.is_constant())
      sum.constant += part.constant_value();
    else
      sum.drawn.push_back(part);
  }
  sum.lane = mesh_->queue.lane(sum.constant);
  return sum;
}

sim::Distribution Compiler::latency(const char* option, const sim::Distribution& value) {
  const MeshSpec& mesh = mesh_->spec.scenario.mesh;
  if (!mesh.options.contains(option)) {
    const std::vector<OptionInfo>& known = find_profile(mesh.profile)->options;
    assume(mesh_->assumptions, option,
           std::ranges::find(known, option, &OptionInfo::name)->default_value,
           "the scenario does not say how long the way takes");
  }
  return value;
}

Timer Compiler::timer(const std::optional<sim::Duration>& length) {
  if (!length) return {};
  return {true, *length, mesh_->queue.lane(*length)};
}

Id Compiler::scope(std::vector<Scope>& list, std::map<std::string, Id>& index, ScopeKind kind,
                   const std::string& name) {
  const auto [at, added] = index.emplace(name, static_cast<Id>(list.size()));
  if (added) list.push_back({kind, name});
  return at->second;
}

void Compiler::compile_traffic() {
  for (const Traffic& traffic : mesh_->spec.scenario.traffic) {
    CompiledTraffic compiled;
    compiled.scope = static_cast<Id>(traffic_scopes_.size());
    traffic_scopes_.push_back({ScopeKind::traffic, traffic.name});
    compiled.instances = traffic.instances;
    compiled.salt = sim::hash_name(traffic.name);
    const Caller caller{traffic.name, traffic.from_namespace, traffic.instances, traffic.meshed};
    if (const auto* closed = std::get_if<ClosedArrivals>(&traffic.arrivals);
        closed && closed->think == sim::Distribution{})
      assume(mesh_->assumptions, "leastTurn", "1ms",
             "a user without think time whose request takes no time would repeat it for ever at "
             "one instant");
    double total = 0;
    for (const WeightedRequest& request : traffic.requests) total += request.weight;
    double sum = 0;
    for (const WeightedRequest& request : traffic.requests) {
      Call call;
      if (const auto* service = std::get_if<ServiceRef>(&traffic.to)) {
        call.edge = scope(edge_scopes_, edge_index_, ScopeKind::edge,
                          traffic.name + "->" + service->scope());
        call.leg = call_service(caller, *service, request.request, traffic.client, call.edge,
                                traffic.place);
        if (const auto id = service_ids_.find(service->namespace_ + "/" + service->name);
            id != service_ids_.end())
          call.service_scope = id->second;
      } else {
        call.leg = call_gateway(caller, std::get<GatewayTarget>(traffic.to), request.request,
                                traffic.client, traffic.place);
      }
      sum += request.weight;
      compiled.requests.push_back({static_cast<Id>(mesh_->calls.size()), sum / total});
      mesh_->calls.push_back(std::move(call));
    }
    compiled.requests.back().cumulative = 1;
    mesh_->traffic.push_back(std::move(compiled));
  }
}

/// Ids of scopes count within their kind until here; now the kinds are joined.
void Compiler::finish_scopes() {
  Mesh& mesh = *mesh_;
  const auto size = [](const std::vector<Scope>& list) { return static_cast<Id>(list.size()); };
  const Id services = size(traffic_scopes_), edges = services + size(service_scopes_),
           rules = edges + size(edge_scopes_), proxies = rules + size(rule_scopes_);
  for (auto* list :
       {&traffic_scopes_, &service_scopes_, &edge_scopes_, &rule_scopes_, &proxy_scopes_})
    mesh.scopes.insert(mesh.scopes.end(), list->begin(), list->end());
  const auto shift = [](Id& id, Id by) {
    if (id != kNoId) id += by;
  };
  for (CompiledService& service : mesh.services) shift(service.scope, services);
  for (Call& call : mesh.calls) {
    shift(call.edge, edges);
    shift(call.service_scope, services);
  }
  for (Leg& leg : mesh.legs) {
    shift(leg.rule_scope, rules);
    shift(leg.proxy_scope, proxies);
  }
  for (BudgetSlot& slot : mesh.budgets) shift(slot.scope, slot.of_rule ? rules : edges);
}

Loaded<MeshPtr> compile(Spec spec) { return Compiler(std::move(spec)).run(); }

void MeshDeleter::operator()(const Mesh* mesh) const { delete mesh; }

const std::vector<Assumption>& assumptions(const Mesh& mesh) { return mesh.assumptions; }
const std::vector<Scope>& scopes(const Mesh& mesh) { return mesh.scopes; }
const Scenario& scenario(const Mesh& mesh) { return mesh.spec.scenario; }

}  // namespace spillway::model
