#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "model/gateway/routing.h"
#include "model/profiles/proxies.h"
#include "model/profiles/reading.h"
#include "model/profiles/review.h"
#include "model/profiles/surroundings.h"
#include "model/resources/declared_services.h"

namespace spillway::model {
namespace {

/// One layer of a path of calls that repeats failed calls.
struct Layer {
  std::string to;  ///< scope of the Service that is called again
  std::uint32_t tries = 1;
  Place place;
};

bool is_prefix(std::string path, std::string_view prefix) {
  path = path.substr(0, path.find('?'));
  if (prefix.empty() || prefix == "/") return true;
  if (prefix.ends_with('/')) prefix.remove_suffix(1);
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

const Operation* operation_for(const Service& service, const Request& request) {
  for (const Operation& operation : service.operations)
    if ((operation.match.method.empty() || operation.match.method == request.method) &&
        is_prefix(request.path, operation.match.path))
      return &operation;
  return nullptr;
}

std::uint32_t client_tries(const std::optional<ClientPolicy>& client) {
  return client && (client->retry_on & kRetryOn5xx) ? client->retries + 1 : 1;
}

/// Whether some error of a server is retried: what a caller gives when its own calls fail.
bool retries_errors(const RuleReading& reading) {
  for (std::size_t code = 500; code < reading.codes.size(); ++code)
    if (reading.codes[code]) return true;
  return false;
}

class Storms {
 public:
  explicit Storms(const Spec& spec)
      : spec_(spec),
        reader_(make_reader(spec.scenario.mesh, spec.resources)),
        routing_(spec.resources) {
    for (const Service& service : spec.scenario.services)
      services_[service.namespace_ + "/" + service.name] = &service;
    for (const KubeService& service : spec.resources.services)
      if (!service.ports.empty()) first_port_[service.meta.key()] = service.ports.front().port;
  }

  Diagnostics find() {
    for (const Traffic& traffic : spec_.scenario.traffic) {
      source_ = traffic.name;
      for (const WeightedRequest& weighted : traffic.requests) {
        std::vector<Layer> layers;
        const Request& request = weighted.request;
        if (const auto* service = std::get_if<ServiceRef>(&traffic.to)) {
          add_client(layers, traffic.client, service->scope(), traffic.place);
          call(*service, request, traffic.from_namespace, layers);
        } else {
          enter(std::get<GatewayTarget>(traffic.to), request, traffic, layers);
        }
      }
    }
    return warnings();
  }

 private:
  static constexpr std::size_t kDeepest = 32;

  static void add_client(std::vector<Layer>& layers, const std::optional<ClientPolicy>& client,
                         const std::string& to, const Place& place) {
    if (const std::uint32_t tries = client_tries(client); tries > 1)
      layers.push_back({to, tries, client->place.known() ? client->place : place});
  }

  void enter(const GatewayTarget& target, Request request, const Traffic& traffic,
             std::vector<Layer>& layers) {
    if (!target.host.empty()) request.host = target.host;
    add_client(layers, traffic.client, target.gateway.scope(), traffic.place);
    const ServiceRef& ref = target.gateway;
    const Routed routed =
        routing_.route_gateway(ref.namespace_ + "/" + ref.name,
                               ref.port ? std::optional(ref.port) : std::nullopt, "http", request);
    follow(routed, ref.scope(), layers);
  }

  void call(const ServiceRef& to, const Request& request, const std::string& caller_namespace,
            std::vector<Layer> layers) {
    const std::string key = to.namespace_ + "/" + to.name;
    const auto port = first_port_.find(key);
    if (port == first_port_.end()) return;
    follow(routing_.route_service(key, to.port ? to.port : port->second, caller_namespace, false,
                                  request),
           to.scope(), std::move(layers));
  }

  void follow(const Routed& routed, const std::string& to, std::vector<Layer> layers) {
    if (routed.by_proxy) return;
    if (routed.route && routed.rule >= 0) {
      const auto number = static_cast<std::size_t>(routed.rule);
      const RuleReading reading = reader_->rule(*routed.route, number);
      const HttpRouteRule& rule = routed.route->rules[number];
      if (reading.inert.empty() && reading.retries_anything() && retries_errors(reading))
        layers.push_back({to, reading.retries + 1, rule.retry ? rule.retry->place : rule.place});
    }
    for (const RoutedBackend& backend : routed.backends)
      if (!backend.reply && backend.share > 0) visit(backend.service, backend.request, layers);
  }

  void visit(const std::string& key, const Request& request, const std::vector<Layer>& layers) {
    const auto found = services_.find(key);
    if (found == services_.end()) return;
    keep(*found->second, layers);
    // A path that multiplies less than one before it leads to nothing worse.
    auto& most = visited_[key + " " + request.method + " " + request.path];
    if (product(layers) <= most) return;
    most = product(layers);
    if (path_.size() >= kDeepest || std::ranges::find(path_, key) != path_.end()) return;
    const Operation* operation = operation_for(*found->second, request);
    if (!operation) return;
    path_.push_back(key);
    for (const Step& step : operation->steps) take(step, found->second->namespace_, layers);
    path_.pop_back();
  }

  void take(const Step& step, const std::string& ns, const std::vector<Layer>& layers) {
    if (const auto* parallel = std::get_if<ParallelStep>(&step.action))
      for (const Step& branch : parallel->branches) take(branch, ns, layers);
    const auto* made = std::get_if<CallStep>(&step.action);
    if (!made) return;
    std::vector<Layer> deeper = layers;
    add_client(deeper, made->client, made->service.scope(), step.place);
    call(made->service, made->request, ns, std::move(deeper));
  }

  static double product(const std::vector<Layer>& layers) {
    double all = 1;
    for (const Layer& layer : layers) all *= layer.tries;
    return all;
  }

  /// Of all paths that repeat in more than one layer the worst to each service.
  void keep(const Service& service, const std::vector<Layer>& layers) {
    if (layers.size() < 2) return;
    auto& [source, worst] = worst_[service.scope()];
    if (product(layers) <= product(worst)) return;
    source = source_;
    worst = layers;
  }

  Diagnostics warnings() const {
    Diagnostics found;
    for (const auto& [service, path] : worst_) {
      const auto& [source, layers] = path;
      if (layers.back().to != service) continue;  // said of the service that is called again
      std::vector<std::string> parts;
      for (const Layer& layer : layers)
        parts.push_back(fmt::format("{} tries of {}", layer.tries, layer.to));
      found.push_back({Severity::warning, layers.back().place,
                       fmt::format("one request of {} can reach {} {:g} times while it fails: {}",
                                   source, service, product(layers), fmt::join(parts, " x ")),
                       "retry-storm", "retry in one layer only, or limit the retries by budgets"});
    }
    return found;
  }

  const Spec& spec_;
  std::unique_ptr<Reader> reader_;
  RoutingTable routing_;
  std::map<std::string, const Service*> services_;
  std::map<std::string, int> first_port_;
  std::string source_;
  std::vector<std::string> path_;
  std::map<std::string, double> visited_;  ///< the greatest product so far
  std::map<std::string, std::pair<std::string, std::vector<Layer>>> worst_;
};

/// Where the ejection of a Service's endpoints is asked for.
Place ejection_place(const Resources& resources, const Service& service) {
  for (const istio::DestinationRule& rule : resources.destination_rules)
    if (rule.traffic_policy && rule.traffic_policy->outlier_detection &&
        (rule.host == service.name || rule.host.starts_with(service.scope())))
      return rule.traffic_policy->outlier_detection->place;
  for (const kgateway::BackendConfigPolicy& policy : resources.kgateway_backend_config_policies)
    for (const kgateway::Target& target : policy.targets)
      if (policy.outlier_detection && target.name == service.name &&
          policy.meta.namespace_ == service.namespace_)
        return policy.meta.place;
  return service.place;
}

Diagnostics check_ejection(const Spec& spec) {
  std::map<std::string, std::uint32_t> percent;
  const ControlView control = control_view(spec.scenario.mesh);
  for (const ProxyView& view : proxy_views(spec.resources, control))
    for (const envoy::Cluster& cluster : view.config.clusters)
      if (cluster.outlier_detection &&
          !cluster.outlier_detection->always_eject_one_host.value_or(false))
        percent[cluster.service.substr(0, cluster.service.rfind(':'))] =
            cluster.outlier_detection->max_ejection_percent.value_or(10);
  Diagnostics found;
  for (const Service& service : spec.scenario.services) {
    const auto limit = percent.find(service.namespace_ + "/" + service.name);
    if (limit == percent.end() || service.replicas * limit->second >= 100) continue;
    found.push_back(
        {Severity::warning, ejection_place(spec.resources, service),
         fmt::format("none of the {} endpoint{} of {} is ever ejected: at most {} % of them may be",
                     service.replicas, service.replicas == 1 ? "" : "s", service.scope(),
                     limit->second),
         "ejection-limit",
         limit->second == 0
             ? ""
             : fmt::format("it takes {} endpoints", (99 + limit->second) / limit->second)});
  }
  return found;
}

}  // namespace

Diagnostics review_scenario(const Spec& given) {
  if (!find_profile(given.scenario.mesh.profile)) return {};
  Spec spec = given;
  declare_services(spec);
  std::vector<Assumption> ignored;
  assume_own(spec.scenario.mesh.profile, spec.resources, ignored);
  Diagnostics found = Storms(spec).find();
  for (Diagnostic& d : check_ejection(spec)) found.push_back(std::move(d));
  sort_by_place(found);
  return found;
}

}  // namespace spillway::model
