#include "model/profiles/cilium/translate.h"

#include <algorithm>
#include <map>
#include <set>

#include "model/envoy/validate.h"
#include "model/profiles/cilium/ingest.h"
#include "model/profiles/cilium/notes.h"
#include "model/profiles/cilium/routes.h"
#include "model/profiles/cilium/status.h"

namespace spillway::model::cilium {
namespace {

constexpr const char* kController = "io.cilium/gateway-controller";

bool is_gateway_parent(const ParentReference& parent) {
  return parent.group == kGatewayGroup && parent.kind == "Gateway";
}
bool is_service_parent(const ParentReference& parent) {
  return parent.group.empty() && parent.kind == "Service";
}
std::string key_of(const ParentReference& parent) { return parent.namespace_ + "/" + parent.name; }

/// A class that no manifest defines is Cilium's by its usual name.
bool is_ours(const Gateway& gateway, const Resources& resources) {
  for (const GatewayClass& one : resources.gateway_classes)
    if (one.meta.name == gateway.gateway_class_name) return one.controller_name == kController;
  return gateway.gateway_class_name == "cilium";
}

std::vector<const HttpRoute*> ordered_routes(const Resources& resources, ListOrder order) {
  std::vector<const HttpRoute*> routes;
  for (const HttpRoute& route : resources.http_routes) routes.push_back(&route);
  std::ranges::stable_sort(routes, {}, [](const HttpRoute* route) {
    return std::tuple(route->kind != "HTTPRoute", route->meta.namespace_, route->meta.name);
  });
  if (order == ListOrder::reversed) std::ranges::reverse(routes);
  return routes;
}

template <class T>
void sort_unique(std::vector<T>& values) {
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

class Translator {
 public:
  Translator(const Resources& resources, const Options& options)
      : resources_(resources),
        options_(options),
        index_(resources),
        routes_(ordered_routes(resources, options.order)) {}

  Translation run() {
    for (const Gateway& gateway : resources_.gateways)
      if (is_ours(gateway, resources_)) gateways_.emplace(gateway.meta.key(), &gateway);
    set_conditions();
    for (const auto& [key, gateway] : gateways_) add_gateway(*gateway);
    add_services();
    for (auto& [name, config] : configs_) {
      for (std::string& error : envoy::refusals(config.proxy))
        translation_.refused.push_back({name, std::move(error)});
      translation_.configs.push_back(std::move(config));
    }
    return std::move(translation_);
  }

 private:
  void add_conditions(const HttpRoute& route, const ParentReference& parent,
                      const ParentStatus& status) {
    const std::string name = route.kind + " " + route.meta.key();
    translation_.conditions.push_back(
        {name, parent, "Accepted", status.accepted, status.accepted_reason});
    translation_.conditions.push_back(
        {name, parent, "ResolvedRefs", status.refs_resolved, status.refs_reason});
  }

  void set_conditions() {
    for (const HttpRoute* route : routes_)
      for (const ParentReference& parent : route->parent_refs) {
        const std::string key = key_of(parent);
        if (is_gateway_parent(parent) && gateways_.contains(key)) {
          const ParentStatus status =
              gateway_status(*route, parent, *gateways_.at(key), index_, options_);
          add_conditions(*route, parent, status);
          if (status.programmed()) programmed_["Gateway " + key].push_back(route);
        } else if (is_service_parent(parent) && index_.service(key)) {
          const ParentStatus status = service_status(*route, parent, index_, options_);
          add_conditions(*route, parent, status);
          auto& routes = programmed_["Service " + key];
          if (status.programmed()) routes.push_back(route);
          parents_.insert(key);
        }
      }
    for (auto& [parent, routes] : programmed_)
      routes.erase(std::unique(routes.begin(), routes.end()), routes.end());
  }

  void add_gateway(const Gateway& gateway) {
    Config config;
    config.name = gateway.meta.namespace_ + "/cilium-gateway-" + gateway.meta.name;
    config.service = config.name;
    config.proxy = make_config(
        ingest_gateway(gateway, programmed_["Gateway " + gateway.meta.key()], index_, options_),
        options_);
    for (const Listener& listener : gateway.listeners) config.ports.push_back(listener.port);
    sort_unique(config.ports);
    configs_[config.name] = std::move(config);
  }

  /// The listeners of all parents of the routes stand in the configuration of the first of them.
  void add_services() {
    for (const std::string& key : parents_) {
      const auto listeners = ingest_services(programmed_["Service " + key], index_, options_);
      if (listeners.empty()) {
        translation_.failures.push_back(
            {"Service " + key, "model source can't be empty, 0 listeners"});
        continue;
      }
      Config config;
      config.gateway = false;
      config.name = listeners.front().owner;
      config.service = config.name;
      config.proxy = make_config(listeners, options_);
      for (const IngestedListener& listener : listeners) config.ports.push_back(listener.port);
      sort_unique(config.ports);
      configs_[config.name] = std::move(config);
    }
  }

  const Resources& resources_;
  const Options& options_;
  ResourceIndex index_;
  std::vector<const HttpRoute*> routes_;
  std::map<std::string, const Gateway*> gateways_;
  std::map<std::string, std::vector<const HttpRoute*>> programmed_;  ///< by "Kind ns/name"
  std::set<std::string> parents_;                                    ///< Services
  std::map<std::string, Config> configs_;
  Translation translation_;
};

bool same_configs(const Translation& a, const Translation& b) {
  return std::ranges::equal(a.configs, b.configs, [](const Config& x, const Config& y) {
    return x.name == y.name && x.proxy == y.proxy;
  });
}

}  // namespace

Translation translate(const Resources& resources, const Options& options) {
  Translation translation = Translator(resources, options).run();
  Options other = options;
  other.order = options.order == ListOrder::by_name ? ListOrder::reversed : ListOrder::by_name;
  translation.order_dependent = !same_configs(translation, Translator(resources, other).run());
  translation.notes = notes_of(resources, translation, options);
  return translation;
}

}  // namespace spillway::model::cilium
