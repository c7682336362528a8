#include "model/profiles/portability.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "model/gateway/index.h"
#include "model/profiles/portability_cells.h"
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

const Place& known(const Place& first, const Place& second) {
  return first.known() ? first : second;
}

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
  using Cell = std::function<std::string(const RuleReading&)>;

  void add_row(std::string object, std::string aspect, const Place& place,
               std::vector<std::string> cells) {
    table_.rows.push_back({std::move(object), std::move(aspect), place, std::move(cells)});
  }

  void add_rule(std::size_t route_index, std::size_t number) {
    const HttpRoute& route = all_.front()->resources.http_routes[route_index];
    const HttpRouteRule& rule = route.rules[number];
    object_ = fmt::format("{} {} rule {}", route.kind, route.meta.key(), number);
    readings_.clear();
    for (const auto& own : all_)
      readings_.push_back(own->reader->rule(own->resources.http_routes[route_index], number));
    std::vector<std::string> where;
    for (const RuleReading& r : readings_)
      where.push_back(r.inert.empty() ? r.where : "nowhere: " + r.inert);
    const bool consumer =
        is_mesh_route(route) && route.parent_refs.front().namespace_ != route.meta.namespace_;
    add_row(object_, consumer ? "runs in (consumer route)" : "runs in",
            known(rule.place, route.meta.place), where);
    add_timeouts(rule);
    add_retry(rule);
    add_backends(rule);
    for (const HttpRouteFilter& filter : rule.filters)
      add(std::string(filter_name(filter)), known(filter.place, rule.place),
          [&](const RuleReading& r) { return filter_cell(filter, r); });
    if (rule.session_persistence)
      add("sessionPersistence", known(rule.session_persistence->place, rule.place),
          [](const RuleReading& r) { return r.session ? "acts" : kIgnored; });
  }

  void add(std::string aspect, const Place& place, const Cell& cell) {
    std::vector<std::string> cells;
    for (const RuleReading& r : readings_) cells.push_back(r.inert.empty() ? cell(r) : kIgnored);
    add_row(object_, std::move(aspect), place, std::move(cells));
  }

  /// Of what the rule does not say: where nothing of it acts, nothing is the answer.
  void add_absent(std::string aspect, const Cell& cell) {
    std::vector<std::string> cells;
    for (const RuleReading& r : readings_)
      cells.push_back(cell(r.inert.empty() ? r : RuleReading()));
    add_row(object_, std::move(aspect), {}, std::move(cells));
  }

  void add_virtual_service(std::size_t index) {
    const istio::VirtualService& service = all_.front()->resources.virtual_services[index];
    const bool gateway = !service.gateways.empty() &&
                         std::ranges::find(service.gateways, "mesh") == service.gateways.end();
    for (std::size_t i = 0; i < service.http.size(); ++i) {
      const istio::HttpRoute& http = service.http[i];
      object_ = fmt::format("VirtualService {} route {}", service.meta.key(), i);
      readings_.clear();
      std::vector<std::string> where;
      for (const auto& own : all_) {
        readings_.push_back(
            own->reader->virtual_rule(http.origin, service.meta.namespace_, gateway));
        const RuleReading& r = readings_.back();
        where.push_back(r.inert.empty() ? r.where : "nowhere: " + r.inert);
      }
      add_row(object_, "runs in", known(http.place, service.meta.place), where);
      add_virtual_rule(http, known(http.place, service.meta.place));
    }
  }

  void add_virtual_rule(const istio::HttpRoute& http, const Place& place) {
    if (http.timeout) add("timeout: " + duration_text(*http.timeout), place, overall_cell);
    if (http.retries) {
      const istio::HttpRetry& retries = *http.retries;
      add(fmt::format("retries.attempts: {}", retries.attempts), place, attempts_cell);
      if (!retries.retry_on.empty())
        add("retries.retryOn: " + retries.retry_on, place, unasked_cell);
      if (retries.per_try_timeout) {
        const sim::Duration given = *retries.per_try_timeout;
        add("retries.perTryTimeout: " + duration_text(given), place,
            [given](const RuleReading& r) { return backend_request_cell(r, given); });
      }
      add_failures();
    }
    if (http.fault) add("fault", place, [](const RuleReading& r) { return acts_text(r.fault); });
    if (!http.mirrors.empty())
      add("mirror", place, [](const RuleReading& r) {
        return r.mirrors > 0 ? r.mirror_share : std::string(kIgnored);
      });
  }

  void add_timeouts(const HttpRouteRule& rule) {
    if (rule.timeouts && rule.timeouts->request)
      add("timeouts.request: " + duration_text(*rule.timeouts->request),
          known(rule.timeouts->request_place, rule.place), overall_cell);
    else
      add_absent("no timeouts.request", absent_timeout_cell);
    if (!rule.timeouts || !rule.timeouts->backend_request) return;
    const sim::Duration given = *rule.timeouts->backend_request;
    add("timeouts.backendRequest: " + duration_text(given),
        known(rule.timeouts->backend_request_place, rule.place),
        [given](const RuleReading& r) { return backend_request_cell(r, given); });
  }

  void add_retry(const HttpRouteRule& rule) {
    if (!rule.retry) return add_absent("no retry", unasked_cell);
    const HttpRouteRetry& retry = *rule.retry;
    add(retry.attempts ? fmt::format("retry.attempts: {}", *retry.attempts) : "retry, no attempts",
        known(retry.attempts_place, known(retry.place, rule.place)), attempts_cell);
    const std::vector<int> codes = retry.codes.empty() ? std::vector<int>{503} : retry.codes;
    add(retry.codes.empty() ? "no retry.codes: 503"
                            : fmt::format("retry.codes: {}", fmt::join(retry.codes, ", ")),
        known(retry.codes_place, known(retry.place, rule.place)),
        [codes](const RuleReading& r) { return codes_cell(r, codes); });
    add_failures();
    add(retry.backoff ? "retry.backoff: " + duration_text(*retry.backoff) : "no retry.backoff",
        retry.backoff ? known(retry.backoff_place, rule.place) : Place{}, wait_cell);
  }

  /// What is retried beside answers, and how.
  void add_failures() {
    const auto failure = [](bool RuleReading::*which) {
      return [which](const RuleReading& r) { return retried(r.retries_anything() && r.*which); };
    };
    add_absent("connection refused", failure(&RuleReading::retries_refused));
    add_absent("connection reset", failure(&RuleReading::retries_reset));
    const auto detail = [](std::string RuleReading::*what) {
      return [what](const RuleReading& r) {
        return r.retries_anything() ? r.*what : std::string("no retries");
      };
    };
    add_absent("retries go to", detail(&RuleReading::retry_host));
    add_absent("body that is repeated", detail(&RuleReading::body));
  }

  void add_backends(const HttpRouteRule& rule) {
    const auto is_zero = [](const HttpBackendRef& backend) { return backend.weight == 0; };
    if (rule.backend_refs.empty() ||
        (rule.backend_refs.size() == 1 && !is_zero(rule.backend_refs.front())))
      return;
    std::vector<std::string> weights;
    for (const HttpBackendRef& backend : rule.backend_refs)
      weights.push_back(fmt::format("{} {}", backend.ref.name, backend.weight));
    add(fmt::format("weights: {}", fmt::join(weights, ", ")),
        known(rule.backend_refs.front().place, rule.place), [this](const RuleReading& r) {
          // The first column is the specification: shares as the weights say.
          return &r != &readings_.front() && r.shares == readings_.front().shares &&
                         readings_.front().inert.empty()
                     ? "as written"
                     : r.shares;
        });
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
            known(c.place, policy.meta.place), std::move(budgets));
    add_row(object,
            fmt::format("minRetryRate: {} per {}", c.min_retry_count,
                        duration_text(c.min_retry_interval)),
            known(c.min_retry_place, policy.meta.place), std::move(floors));
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
  std::vector<RuleReading> readings_;
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
