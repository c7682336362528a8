#include "model/profiles/kgateway/translate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "model/envoy/validate.h"
#include "model/gateway/attachment.h"
#include "model/profiles/kgateway/actions.h"
#include "model/profiles/kgateway/clusters.h"
#include "model/profiles/kgateway/filters.h"
#include "model/profiles/kgateway/notes.h"
#include "model/profiles/kgateway/tree.h"

namespace spillway::model::kgateway {
namespace {

constexpr const char* kController = "kgateway.dev/kgateway";

/// A class that no manifest defines is kgateway's by its usual name.
bool is_ours(const Gateway& gateway, const Resources& resources) {
  for (const GatewayClass& one : resources.gateway_classes)
    if (one.meta.name == gateway.gateway_class_name) return one.controller_name == kController;
  return gateway.gateway_class_name == "kgateway";
}

/// A rule on a listener.
struct Entry {
  const FlatRule* rule = nullptr;
  std::size_t tree = 0;
};

int path_class(const HttpPathMatch& path) {
  switch (path.type) {
    case PathMatchType::exact:
      return 0;
    case PathMatchType::regular_expression:
      return 1;
    case PathMatchType::path_prefix:
      return 2;
  }
  return 2;
}

/// Exact paths, expressions, prefixes; the longer of one kind first (not of expressions); then a
/// method, the number of headers and parameters; then the older route, the first by name.
auto precedence(const FlatRule& rule) {
  const HttpRouteMatch& match = rule.match;
  const auto descending = [](std::size_t n) { return -static_cast<std::int64_t>(n); };
  const int kind = path_class(match.path);
  const auto source = [](const HttpRoute& route) {
    return std::tuple(route.meta.creation_timestamp, route.meta.key());
  };
  return std::tuple(kind, kind == 1 ? 0 : descending(match.path.value.size()), match.method.empty(),
                    descending(match.headers.size()), descending(match.query_params.size()),
                    source(*rule.root), source(*rule.own.route), rule.index);
}

class Translator {
 public:
  Translator(const Resources& resources, const Options& options)
      : resources_(resources),
        options_(options),
        index_(resources),
        policies_(resources),
        maker_(resources_, index_, policies_, options_),
        attachments_(attach(resources, index_, RoutingOptions{})) {}

  Translation run() {
    flatten_routes();
    std::map<std::string, const Gateway*> gateways;
    for (const Gateway& gateway : resources_.gateways)
      if (is_ours(gateway, resources_)) gateways.emplace(gateway.meta.key(), &gateway);
    const auto clusters = make_clusters(resources_, policies_, options_);
    for (const auto& [key, gateway] : gateways) {
      Proxy& proxy = translation_.proxies.emplace_back();
      proxy.gateway = key;
      proxy.config.clusters = clusters;
      std::map<int, std::vector<int>> listeners;
      for (std::size_t i = 0; i < gateway->listeners.size(); ++i)
        listeners[gateway->listeners[i].port].push_back(static_cast<int>(i));
      for (const auto& [port, indices] : listeners)
        proxy.config.route_configs.push_back(make_routes(*gateway, port));
      for (std::string& error : envoy::refusals(proxy.config))
        translation_.refused.push_back({key, std::move(error)});
    }
    add_conditions();
    find_unknown_fields();
    return std::move(translation_);
  }

 private:
  /// One tree for each parentRef to a Gateway of ours; attachments_[i] has trees_[i].
  void flatten_routes() {
    for (const Attachment& attachment : attachments_) {
      const Gateway* gateway = attachment.role == Attachment::Role::gateway
                                   ? index_.gateway(parent_key(attachment.parent()))
                                   : nullptr;
      Tree tree;
      if (gateway && is_ours(*gateway, resources_)) {
        if (attachment.accepted) {
          tree = flatten(*attachment.route, attachment.parent(), resources_);
        } else {
          Slot slot;
          slot.route = attachment.route;
          slot.parent = attachment.parent();
          slot.accepted = false;
          slot.accepted_reason = attachment.reason;
          tree.slots.push_back(std::move(slot));
        }
      }
      trees_.push_back(std::move(tree));
    }
  }

  using Hosts = std::map<std::string, std::pair<int, std::vector<Entry>>>;

  /// The rules of each hostname on a port, and the listener that brings the hostname.
  Hosts hosts_of(const Gateway& gateway, int port) const {
    Hosts hosts;
    std::set<std::tuple<std::string, const HttpRoute*, std::size_t>> seen;
    for (std::size_t t = 0; t < attachments_.size(); ++t) {
      const Attachment& attachment = attachments_[t];
      if (attachment.role != Attachment::Role::gateway ||
          parent_key(attachment.parent()) != gateway.meta.key())
        continue;
      for (const Attachment::Section& section : attachment.sections) {
        if (section.port != port) continue;
        for (const Attachment::Host& host : section.hosts) {
          const std::string name = host.effective.empty() ? "*" : host.effective;
          auto& [listener, entries] =
              hosts.try_emplace(name, section.listener, std::vector<Entry>{}).first->second;
          for (const FlatRule& rule : trees_[t].rules)
            if (seen.emplace(name, rule.root, rule.index).second) entries.push_back({&rule, t});
        }
      }
    }
    return hosts;
  }

  envoy::RouteConfiguration make_routes(const Gateway& gateway, int port) {
    envoy::RouteConfiguration config;
    config.name = fmt::format("listener~{}", port);
    const TrafficSettings of_gateway = merge(policies_.for_gateway(gateway, ""));
    if (of_gateway.fault) config.fault = http_fault(*of_gateway.fault);
    for (auto& [name, listener_entries] : hosts_of(gateway, port)) {
      const auto& listener = gateway.listeners[static_cast<std::size_t>(listener_entries.first)];
      envoy::VirtualHost host =
          make_host(fmt::format("{}~{}", config.name, name), port, listener_entries.second);
      host.domains = {name};
      const TrafficSettings of_listener = merge(policies_.for_gateway(gateway, listener.name));
      if (of_listener.fault) host.fault = http_fault(*of_listener.fault);
      set_defaults(of_listener, of_gateway, host);
      config.virtual_hosts.push_back(std::move(host));
    }
    return config;
  }

  void set_defaults(TrafficSettings of_listener, TrafficSettings of_gateway,
                    envoy::VirtualHost& host) const {
    if (!options_.gateway_policies_reach_routes) {
      of_listener.timeouts = nullptr;
      of_gateway = {};
    }
    for (envoy::Route& route : host.routes)
      for (const TrafficSettings* settings : {&of_listener, &of_gateway})
        apply_defaults(*settings, route);
  }

  envoy::VirtualHost make_host(const std::string& name, int port, std::vector<Entry> entries) {
    std::ranges::stable_sort(entries, {},
                             [](const Entry& entry) { return precedence(*entry.rule); });
    envoy::VirtualHost host;
    host.name = name;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const FlatRule& rule = *entries[i].rule;
      Slot& slot = trees_[entries[i].tree].slots[rule.slot];
      auto route = maker_.make(rule, port, slot);
      if (!route) continue;
      const ObjectMeta& meta = rule.own.route->meta;
      route->name = fmt::format("{}-route-{}-httproute-{}-{}-{}-{}-matcher-{}", name, i, meta.name,
                                meta.namespace_, rule.own.rule, rule.match_index, rule.match_index);
      host.routes.push_back(std::move(*route));
    }
    return host;
  }

  void add_conditions() {
    std::set<std::tuple<const HttpRoute*, std::string, std::string>> seen;
    for (const Tree& tree : trees_)
      for (const Slot& slot : tree.slots) {
        const std::string route = slot.route->kind + " " + slot.route->meta.key();
        if (slot.parent.kind == "HTTPRoute" &&
            !seen.emplace(slot.route, slot.parent.namespace_, slot.parent.name).second)
          continue;
        auto& to = translation_.conditions;
        to.push_back({route, slot.parent, "Accepted", slot.accepted, slot.accepted_reason});
        to.push_back({route, slot.parent, "ResolvedRefs", slot.refs_resolved, slot.refs_reason});
        if (options_.programmed_condition)
          to.push_back({route, slot.parent, "kgateway.dev/Programmed", slot.programmed,
                        slot.programmed_reason});
      }
  }

  void find_unknown_fields() {
    if (options_.new_outlier_fields) return;
    for (const BackendConfigPolicy& policy : resources_.kgateway_backend_config_policies)
      if (policy.outlier_detection && policy.outlier_detection->has_new_fields())
        translation_.unknown_fields.push_back(
            {"BackendConfigPolicy " + policy.meta.key(),
             "outlierDetection has fields that this version does not know"});
  }

  const Resources& resources_;
  const Options& options_;
  ResourceIndex index_;
  PolicyIndex policies_;
  RouteMaker maker_;
  std::vector<Attachment> attachments_;
  std::vector<Tree> trees_;
  Translation translation_;
};

}  // namespace

Translation translate(const Resources& resources, const Options& options) {
  Translation translation = Translator(resources, options).run();
  translation.notes = notes_of(resources, options);
  return translation;
}

}  // namespace spillway::model::kgateway
