#include "model/profiles/portability.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "model/gateway/index.h"
#include "model/profiles/portability_rows.h"
#include "model/profiles/proxies.h"
#include "model/profiles/reading.h"
#include "model/profiles/review.h"
#include "model/profiles/surroundings.h"

namespace spillway::model {
namespace {

/// One implementation with the manifests as it sees them.
struct Implementation {
  std::string profile;
  MeshSpec mesh;
  Resources resources;
  std::unique_ptr<Reader> reader;
};

class Table {
 public:
  explicit Table(const Resources& given) {
    Resources resources = given;
    for (istio::VirtualService& service : resources.virtual_services)
      for (std::size_t i = 0; i < service.http.size(); ++i)
        service.http[i].origin = fmt::format("VirtualService {}#{}", service.meta.key(), i);
    assume_referenced(resources, table_.assumptions);
    for (const ProfileInfo& profile : profiles()) {
      table_.columns.push_back(
          {profile.name, profile.versions.empty() ? "" : profile.versions.back()});
      auto own = std::make_unique<Implementation>();
      own->profile = profile.name;
      own->mesh.profile = profile.name;
      own->resources = resources;
      std::vector<Assumption> assumptions;
      assume_own(profile.name, own->resources, assumptions);
      for (const Assumption& each : assumptions)
        if (each.name != "gatewayClass") table_.assumptions.push_back(each);
      own->reader = make_reader(own->mesh, own->resources);
      all_.push_back(std::move(own));
    }
    index_ = std::make_unique<ResourceIndex>(all_.front()->resources);
  }

  Portability make() {
    const Resources& first = all_.front()->resources;
    for (std::size_t i = 0; i < first.http_routes.size(); ++i)
      for (std::size_t k = 0; k < first.http_routes[i].rules.size(); ++k) add_rule(i, k);
    add_services();
    add_objects();
    return std::move(table_);
  }

 private:
  void add_row(std::string object, std::string aspect, const Place& place,
               std::vector<std::string> cells) {
    table_.rows.push_back({std::move(object), std::move(aspect), place, std::move(cells)});
  }

  void add_rule(std::size_t route, std::size_t number) {
    std::vector<RuleReading> readings;
    for (const auto& own : all_)
      readings.push_back(own->reader->rule(own->resources.http_routes[route], number));
    add_rule_rows(table_, all_.front()->resources.http_routes[route], number, std::move(readings));
  }

  void add_virtual_service(std::size_t index) {
    const istio::VirtualService& service = all_.front()->resources.virtual_services[index];
    const bool gateway = !service.gateways.empty() &&
                         std::ranges::find(service.gateways, "mesh") == service.gateways.end();
    for (std::size_t i = 0; i < service.http.size(); ++i) {
      std::vector<RuleReading> readings;
      for (const auto& own : all_)
        readings.push_back(
            own->reader->virtual_rule(service.http[i].origin, service.meta.namespace_, gateway));
      add_virtual_rows(table_, service, i, std::move(readings));
    }
  }

  struct ServiceUse {
    std::string service;  ///< "ns/name"
    std::string client_namespace;
    bool gateway = false;
    bool operator<(const ServiceUse& o) const {
      return std::tie(gateway, service, client_namespace) <
             std::tie(o.gateway, o.service, o.client_namespace);
    }
  };

  /// Services whose readings are the same share their rows.
  void add_services() {
    std::set<ServiceUse> uses;
    for (const HttpRoute& route : all_.front()->resources.http_routes)
      for (const HttpRouteRule& rule : route.rules)
        for (const HttpBackendRef& backend : rule.backend_refs)
          if (index_->service(backend.ref.namespace_ + "/" + backend.ref.name))
            uses.insert({backend.ref.namespace_ + "/" + backend.ref.name, route.meta.namespace_,
                         !is_mesh_route(route)});
    for (const ServiceUse& use : uses)
      if (use.gateway && !uses.contains({use.service, use.client_namespace, false}))
        gateway_only_.insert(use.service);
    std::vector<std::pair<std::vector<ServiceReading>, std::vector<ServiceUse>>> groups;
    for (const ServiceUse& use : uses) {
      std::vector<ServiceReading> readings;
      for (const auto& own : all_)
        readings.push_back(
            own->reader->service(*index_->service(use.service), use.client_namespace, use.gateway));
      const auto same = std::ranges::find_if(groups, [&](const auto& group) {
        return group.first == readings && group.second.front().gateway == use.gateway;
      });
      if (same == groups.end())
        groups.push_back({std::move(readings), {use}});
      else
        same->second.push_back(use);
    }
    for (const auto& [readings, members] : groups) add_service(readings, members);
  }

  void add_service(const std::vector<ServiceReading>& readings,
                   const std::vector<ServiceUse>& members) {
    std::vector<std::string> names;
    for (const ServiceUse& use : members)
      if (std::ranges::find(names, use.service) == names.end()) names.push_back(use.service);
    object_ = fmt::format("Service{} {}{}", names.size() > 1 ? "s" : "", fmt::join(names, ", "),
                          members.front().gateway ? " behind a Gateway" : "");
    const auto add_aspect = [&](std::string aspect, std::string ServiceReading::*field) {
      std::vector<std::string> cells;
      for (const ServiceReading& r : readings) cells.push_back(r.*field);
      if (std::ranges::all_of(cells, [](const std::string& cell) { return cell.empty(); })) return;
      add_row(object_, std::move(aspect), {}, std::move(cells));
    };
    add_aspect("load balancing", &ServiceReading::balancing);
    add_aspect("failing endpoint is ejected", &ServiceReading::ejection);
    add_aspect("panic", &ServiceReading::panic);
    add_aspect("connections / waiting / requests", &ServiceReading::limits);
    add_aspect("retry budget", &ServiceReading::budget);
    add_aspect("least that it lets through", &ServiceReading::budget_floor);
    add_aspect("kept by", &ServiceReading::kept_by);
    add_aspect("no ready endpoint", &ServiceReading::no_endpoint);
    add_aspect("server's own proxy", &ServiceReading::server);
  }

  /// Whether the configuration is another one when `take_out` has taken an object away.
  static bool acts(const Implementation& own, const MeshSpec& mesh,
                   const std::function<void(Resources&)>& take_out) {
    Resources without = own.resources;
    take_out(without);
    const ControlView control = control_view(mesh);
    if (control.is_envoy()) {
      const auto before = proxy_views(own.resources, control);
      const auto after = proxy_views(without, control);
      return !std::ranges::equal(before, after, [](const ProxyView& a, const ProxyView& b) {
        return a.name == b.name && a.config == b.config;
      });
    }
    const std::unique_ptr<Reader> after = make_reader(mesh, without);
    for (std::size_t i = 0; i < without.http_routes.size(); ++i)
      for (std::size_t k = 0; k < without.http_routes[i].rules.size(); ++k)
        if (own.reader->rule(own.resources.http_routes[i], k) !=
            after->rule(without.http_routes[i], k))
          return true;
    for (std::size_t i = 0; i < without.services.size(); ++i) {
      const std::string& ns = without.services[i].meta.namespace_;
      if (own.reader->service(own.resources.services[i], ns, false) !=
          after->service(without.services[i], ns, false))
        return true;
    }
    return false;
  }

  void add_object(std::string_view kind, const ObjectMeta& meta, std::string aspect,
                  const std::function<void(Resources&)>& take_out) {
    std::vector<std::string> cells;
    for (const auto& own : all_)
      cells.push_back(acts(*own, own->mesh, take_out) ? "acts" : kIgnored);
    add_row(fmt::format("{} {}", kind, meta.key()), std::move(aspect), meta.place,
            std::move(cells));
  }

  /// A policy of retries, which Istio reads only with an option that is off by default.
  void add_budget(std::size_t number) {
    const XBackendTrafficPolicy& policy = all_.front()->resources.backend_traffic_policies[number];
    if (!policy.retry_constraint || policy.target_refs.empty()) return;
    const RetryConstraint& c = *policy.retry_constraint;
    const auto take_out = [number](Resources& from) {
      auto& all = from.backend_traffic_policies;
      all.erase(all.begin() + static_cast<std::ptrdiff_t>(number));
    };
    std::vector<std::string> budgets, floors;
    for (const auto& own : all_) {
      MeshSpec alpha = own->mesh;
      alpha.options["alphaGatewayApi"] = {true, {}};
      const bool plain = acts(*own, own->mesh, take_out);
      const KubeService* target =
          index_->service(policy.meta.namespace_ + "/" + policy.target_refs.front().name);
      if (!target || (!plain && !acts(*own, alpha, take_out))) {
        budgets.emplace_back(kIgnored);
        floors.emplace_back(kIgnored);
        continue;
      }
      const ServiceReading reading = make_reader(alpha, own->resources)
                                         ->service(*target, policy.meta.namespace_,
                                                   gateway_only_.contains(target->meta.key()));
      const std::string only = plain ? "" : "with alpha APIs, ";
      budgets.push_back(only + reading.budget);
      floors.push_back(only + reading.budget_floor);
    }
    const std::string object = "XBackendTrafficPolicy " + policy.meta.key();
    add_row(object,
            fmt::format("budget: {} % over {}", c.budget_percent, duration_text(c.budget_interval)),
            first_known(c.place, policy.meta.place), std::move(budgets));
    add_row(object,
            fmt::format("minRetryRate: {} per {}", c.min_retry_count,
                        duration_text(c.min_retry_interval)),
            first_known(c.min_retry_place, policy.meta.place), std::move(floors));
  }

  template <class Object>
  void add_objects(std::string_view kind, std::vector<Object> Resources::*all,
                   const std::string& aspect) {
    const std::vector<Object>& objects = all_.front()->resources.*all;
    for (std::size_t i = 0; i < objects.size(); ++i)
      add_object(kind, objects[i].meta, aspect, [&, i](Resources& from) {
        (from.*all).erase((from.*all).begin() + static_cast<std::ptrdiff_t>(i));
      });
  }

  void add_objects() {
    for (std::size_t i = 0; i < all_.front()->resources.backend_traffic_policies.size(); ++i)
      add_budget(i);
    for (std::size_t i = 0; i < all_.front()->resources.virtual_services.size(); ++i)
      add_virtual_service(i);
    add_objects("DestinationRule", &Resources::destination_rules, "policy of connections");
    add_objects("TrafficPolicy", &Resources::kgateway_traffic_policies, "timeouts and retries");
    add_objects("BackendConfigPolicy", &Resources::kgateway_backend_config_policies,
                "policy of connections");
    const auto annotated = [](const ObjectMeta& meta) {
      return std::ranges::any_of(meta.annotations, [](const auto& entry) {
        return entry.first.starts_with("retry.linkerd.io/") ||
               entry.first.starts_with("timeout.linkerd.io/") ||
               entry.first.starts_with("balancer.linkerd.io/");
      });
    };
    const Resources& first = all_.front()->resources;
    for (std::size_t i = 0; i < first.http_routes.size(); ++i)
      if (annotated(first.http_routes[i].meta))
        add_object(first.http_routes[i].kind, first.http_routes[i].meta, "linkerd.io annotations",
                   [i](Resources& from) { from.http_routes[i].meta.annotations.clear(); });
    for (std::size_t i = 0; i < first.services.size(); ++i)
      if (annotated(first.services[i].meta))
        add_object("Service", first.services[i].meta, "linkerd.io annotations",
                   [i](Resources& from) { from.services[i].meta.annotations.clear(); });
  }

  Portability table_;
  std::vector<std::unique_ptr<Implementation>> all_;
  std::unique_ptr<ResourceIndex> index_;
  std::string object_;
  std::set<std::string> gateway_only_;  ///< Services that only Gateways lead to
};

}  // namespace

Portability portability(const Resources& resources) { return Table(resources).make(); }

Diagnostics review_all_profiles(const Resources& resources) {
  std::vector<std::pair<Diagnostic, std::vector<std::string>>> found;
  for (const ProfileInfo& profile : profiles()) {
    MeshSpec mesh;
    mesh.profile = profile.name;
    for (Diagnostic& d : review_profile(resources, mesh)) {
      const auto same = std::ranges::find_if(found, [&](const auto& f) { return f.first == d; });
      if (same == found.end())
        found.push_back({std::move(d), {profile.name}});
      else if (same->second.back() != profile.name)
        same->second.push_back(profile.name);
    }
  }
  Diagnostics all;
  for (auto& [diagnostic, names] : found) {
    diagnostic.message = fmt::format("{}: {}", fmt::join(names, ", "), diagnostic.message);
    all.push_back(std::move(diagnostic));
  }
  sort_by_place(all);
  return all;
}

}  // namespace spillway::model
