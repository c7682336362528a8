#include "model/profiles/review.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "model/gateway/attachment.h"
#include "model/gateway/index.h"
#include "model/profiles/cilium/translate.h"
#include "model/profiles/istio/notes.h"
#include "model/profiles/kgateway/translate.h"
#include "model/profiles/proxies.h"
#include "model/profiles/reading.h"
#include "model/profiles/review_linkerd.h"
#include "model/profiles/surroundings.h"
#include "model/profiles/vpc_lattice/notes.h"

namespace spillway::model {
namespace {

/// What changes, where other rules tell of a loss.
constexpr std::array<std::string_view, 6> kMildRules{"backoff-base",   "default-timeout",
                                                     "mirror-percent", "second-parent",
                                                     "ejection-limit", "field-not-simulated"};

std::string_view family(std::string_view profile) {
  if (profile.starts_with("istio-")) return "istio";
  return profile == "vpc-lattice" ? "lattice" : profile;
}

const Place& known(const Place& first, const Place& second) {
  return first.known() ? first : second;
}

istio::Mode mode_of(std::string_view profile) {
  return profile == "istio-sidecar"      ? istio::Mode::sidecar
         : profile == "istio-ambient-l4" ? istio::Mode::ambient_l4
                                         : istio::Mode::ambient;
}

class Review {
 public:
  Review(const Resources& resources, const MeshSpec& mesh)
      : mesh_(mesh), resources_(resources), control_(control_view(mesh)) {
    std::vector<Assumption> ignored;
    assume_referenced(resources_, ignored);
    assume_own(mesh.profile, resources_, assumptions_);
  }

  Diagnostics run() {
    add_assumptions();
    if (mesh_.profile.starts_with("istio-")) add_istio();
    if (mesh_.profile == "cilium") add_cilium();
    if (mesh_.profile == "kgateway") add_kgateway();
    if (mesh_.profile == "linkerd") append(linkerd_notes(resources_));
    if (mesh_.profile == "vpc-lattice") append(vpc_lattice::notes(resources_));
    for (const RouteCondition& condition : route_conditions(resources_, control_))
      add_condition(condition);
    add_others_objects();
    add_refused();
    add_readings();
    sort_by_place(found_);
    return std::move(found_);
  }

 private:
  void add(Severity severity, const Place& place, std::string message, std::string rule,
           std::string hint = {}) {
    found_.push_back({severity, place, std::move(message), std::move(rule), std::move(hint)});
  }

  void append(Diagnostics more) {
    for (Diagnostic& d : more) found_.push_back(std::move(d));
  }

  void append(const std::vector<Note>& notes) {
    for (const Note& note : notes) {
      const bool mild = std::ranges::find(kMildRules, note.rule) != kMildRules.end();
      add(mild ? Severity::note : Severity::warning, note.place, note.text,
          fmt::format("{}-{}", family(mesh_.profile), note.rule));
    }
  }

  void add_assumptions() {
    for (const Assumption& each : assumptions_)
      add(Severity::note, {}, fmt::format("{} is taken as {}: {}", each.name, each.value, each.why),
          "assumed");
  }

  void add_istio() {
    istio::ControlPlaneOptions options;
    options.version = mesh_.version;
    options.alpha_gateway_api = control_.alpha_gateway_api;
    const istio::ControlPlane plane(resources_, options);
    append(istio::notes(plane, mode_of(mesh_.profile)));
  }

  void add_cilium() {
    const auto translation =
        cilium::translate(resources_, std::get<cilium::Options>(control_.behavior));
    append(translation.notes);
  }

  void add_kgateway() {
    const auto translation =
        kgateway::translate(resources_, std::get<kgateway::Options>(control_.behavior));
    append(translation.notes);
    for (const Refusal& object : translation.unknown_fields)
      add(Severity::warning, {}, fmt::format("{}: {}", object.config, object.error),
          "kgateway-unknown-field");
  }

  bool told(const Place& place) const {
    return std::ranges::find(found_, place, &Diagnostic::place) != found_.end();
  }

  /// A condition that is false though the specification has it true, and that nothing else tells.
  void add_condition(const RouteCondition& condition) {
    const bool accepted = condition.type == "Accepted";
    if (condition.status || (!accepted && condition.type != "ResolvedRefs")) return;
    if (attachments_.empty()) attachments_ = attach(resources_, ResourceIndex(resources_), {});
    const auto same = std::ranges::find_if(attachments_, [&](const Attachment& a) {
      return a.parent().place == condition.parent.place &&
             a.route->kind + " " + a.route->meta.key() == condition.route;
    });
    if (same == attachments_.end()) return;
    if (!(accepted ? same->accepted : same->refs_resolved) || told(condition.parent.place)) return;
    add(Severity::warning, known(condition.parent.place, same->route->meta.place),
        fmt::format("{}: {} is False at {} {} ({})", condition.route, condition.type,
                    condition.parent.kind, parent_key(condition.parent), condition.reason),
        mesh_.profile + "-status");
  }

  void add_refused() {
    for (const ProxyView& view : proxy_views(resources_, control_))
      for (const std::string& why : view.refused)
        add(Severity::warning, {},
            fmt::format("Envoy refuses the configuration of the {} and keeps what it had: {}",
                        view.name, why),
            mesh_.profile + "-refused");
  }

  /// Objects of implementations that this one is not.
  void add_others_objects() {
    if (!mesh_.profile.starts_with("istio-")) append(istio::unread(resources_));
    if (mesh_.profile != "kgateway") {
      const auto unread = [&](std::string_view kind, const ObjectMeta& meta) {
        add(Severity::warning, meta.place,
            fmt::format("{} {}: has no effect: only kgateway acts on it", kind, meta.key()),
            "kgateway-only");
      };
      for (const auto& policy : resources_.kgateway_traffic_policies)
        unread("TrafficPolicy", policy.meta);
      for (const auto& policy : resources_.kgateway_backend_config_policies)
        unread("BackendConfigPolicy", policy.meta);
    }
    if (mesh_.profile == "linkerd") return;
    for (const HttpRoute& route : resources_.http_routes)
      unread_annotations(route.kind, route.meta);
    for (const KubeService& service : resources_.services)
      unread_annotations("Service", service.meta);
  }

  void unread_annotations(std::string_view kind, const ObjectMeta& meta) {
    for (const auto& [name, value] : meta.annotations)
      if (name.starts_with("retry.linkerd.io/") || name.starts_with("timeout.linkerd.io/") ||
          name.starts_with("balancer.linkerd.io/"))
        add(Severity::warning, meta.place,
            fmt::format("{} {}: annotation {} has no effect: only Linkerd acts on it", kind,
                        meta.key(), name),
            "linkerd-only");
  }

  /// What the configuration shows to be lost and nothing above tells.
  void add_readings() {
    const std::unique_ptr<Reader> reader = make_reader(mesh_, resources_);
    for (const HttpRoute& route : resources_.http_routes)
      for (std::size_t i = 0; i < route.rules.size(); ++i) {
        const RuleReading reading = reader->rule(route, i);
        if (!reading.inert.empty()) continue;
        const std::string where = fmt::format("{} {}: rule {}", route.kind, route.meta.key(), i);
        check_total(where, route.rules[i], reading);
        if (mesh_.profile == "gateway-api") continue;
        for (const HttpRouteFilter& filter : route.rules[i].filters)
          if (!acts(filter, reading) && !told(filter.place))
            add(Severity::warning, known(filter.place, route.rules[i].place),
                fmt::format("{}: the filter has no effect", where), "filter-ignored");
      }
  }

  static bool acts(const HttpRouteFilter& filter, const RuleReading& reading) {
    struct Asker {
      const RuleReading& r;
      bool operator()(const RequestHeaderModifierFilter&) const { return r.changes_headers; }
      bool operator()(const ResponseHeaderModifierFilter&) const { return r.changes_headers; }
      bool operator()(const RequestMirrorFilter&) const { return r.mirrors > 0; }
      bool operator()(const RequestRedirectFilter&) const { return r.redirects; }
      bool operator()(const UrlRewriteFilter&) const { return r.rewrites; }
      bool operator()(const CorsFilter&) const { return r.cors; }
      bool operator()(const ExternalAuthFilter&) const { return false; }
      bool operator()(const ExtensionRefFilter&) const { return true; }
    };
    return std::visit(Asker{reading}, filter.filter);
  }

  /// Tries that cannot all fit into an overall timeout that the rule does not show.
  void check_total(const std::string& where, const HttpRouteRule& rule,
                   const RuleReading& reading) {
    const bool shown = rule.timeouts && rule.timeouts->request && rule.timeouts->request->ns > 0;
    if (shown || !reading.overall || !reading.per_try || !reading.retries_try_timeout) return;
    const double total = reading.per_try->seconds() * (reading.retries + 1.0);
    if (total <= reading.overall->seconds()) return;
    add(Severity::warning, known(rule.retry ? rule.retry->place : Place{}, rule.place),
        fmt::format("{}: {} tries of up to {} can take {:g}s, but an overall timeout of {} ends "
                    "them all",
                    where, reading.retries + 1, duration_text(*reading.per_try), total,
                    duration_text(*reading.overall)),
        "tries-exceed-timeout", "set timeouts.request");
  }

  const MeshSpec& mesh_;
  Resources resources_;
  std::vector<Assumption> assumptions_;
  ControlView control_;
  std::vector<Attachment> attachments_;
  Diagnostics found_;
};

}  // namespace

Diagnostics review_profile(const Resources& resources, const MeshSpec& mesh) {
  if (!find_profile(mesh.profile)) return {};
  return Review(resources, mesh).run();
}

}  // namespace spillway::model
