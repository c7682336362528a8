#include "model/profiles/reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "model/gateway/attachment.h"
#include "model/gateway/traffic_policy.h"
#include "model/profiles/gateway_api/options.h"
#include "model/profiles/vpc_lattice/notes.h"
#include "model/profiles/vpc_lattice/options.h"
#include "model/spec/gep2257.h"

namespace spillway::model {
namespace {

std::vector<Share> intended_shares(const HttpRouteRule& rule) {
  std::vector<Share> shares;
  for (const HttpBackendRef& backend : rule.backend_refs)
    shares.push_back({backend.ref.name, static_cast<double>(backend.weight)});
  return shares;
}

template <class Filter>
bool has_filter(const HttpRouteRule& rule) {
  const auto is_one = [](const HttpRouteFilter& f) {
    return std::holds_alternative<Filter>(f.filter);
  };
  return std::ranges::any_of(rule.filters, is_one) ||
         std::ranges::any_of(rule.backend_refs, [&](const HttpBackendRef& backend) {
           return std::ranges::any_of(backend.filters, is_one);
         });
}

/// All that the specification knows acts.
void read_filters(const HttpRouteRule& rule, RuleReading& to) {
  to.redirects = has_filter<RequestRedirectFilter>(rule);
  to.rewrites = has_filter<UrlRewriteFilter>(rule);
  to.changes_headers = has_filter<RequestHeaderModifierFilter>(rule) ||
                       has_filter<ResponseHeaderModifierFilter>(rule);
  to.cors = has_filter<CorsFilter>(rule);
  for (const HttpRouteFilter& filter : rule.filters)
    if (const auto* mirror = std::get_if<RequestMirrorFilter>(&filter.filter)) {
      if (to.mirrors++ == 0) to.mirror_share = fmt::format("{:g} %", mirror->share() * 100);
    }
}

class NeutralReader : public Reader {
 public:
  NeutralReader(const MeshSpec& mesh, const Resources& resources)
      : resources_(resources), index_(resources) {
    Diagnostics ignored;
    options_ = gateway_api::read_options(mesh, ignored);
    for (const Attachment& attachment : attach(resources, index_, options_.routing))
      if (attachment.accepted) accepted_.insert(attachment.route);
  }

  RuleReading rule(const HttpRoute& route, std::size_t number) const override {
    const HttpRouteRule& from = route.rules[number];
    RuleReading to;
    if (!accepted_.contains(&route)) to.inert = "not accepted";
    to.where = is_mesh_route(route) ? "client's proxy" : "gateway";
    std::vector<Assumption> assumptions;
    const neutral::RuleConfig config = gateway_api::translate(from, options_, assumptions);
    to.overall = config.request_timeout;
    to.per_try = config.backend_request_timeout;
    to.has_retries = config.retry;
    to.retries = config.attempts;
    to.codes = config.codes;
    to.retries_refused = config.retry && config.retry_refused;
    to.retries_reset = config.retry && config.retry_reset;
    to.retries_try_timeout = config.retry && config.retry_backend_timeout;
    to.wait = config.backoff.ns > 0 ? "at least " + duration_text(config.backoff) : "none";
    to.retry_host = "any";
    to.body = "any";
    to.shares = shares(from);
    to.session = from.session_persistence.has_value();
    read_filters(from, to);
    return to;
  }

  ServiceReading service(const KubeService& service, const std::string&,
                         bool gateway) const override {
    ServiceReading to;
    to.balancing = "round robin";
    to.ejection = "never";
    to.limits = "none";
    to.budget = "none";
    const XBackendTrafficPolicy* policy =
        policy_for(resources_, service.meta.namespace_, service.meta.name);
    if (policy && policy->retry_constraint) {
      const RetryConstraint& c = *policy->retry_constraint;
      to.budget = fmt::format("{} % of the requests of {}", c.budget_percent,
                              duration_text(c.budget_interval));
      to.budget_floor =
          fmt::format("{} per {}", c.min_retry_count, duration_text(c.min_retry_interval));
    }
    to.kept_by = gateway ? "each gateway" : "each client";
    to.no_endpoint = std::to_string(options_.connection_error_status);
    to.panic = "never";
    return to;
  }

 private:
  std::string shares(const HttpRouteRule& rule) const {
    std::vector<Share> all = intended_shares(rule);
    double total = 0;
    for (const Share& share : all) total += share.weight;
    if (total <= 0 && !has_filter<RequestRedirectFilter>(rule))
      return std::to_string(all.empty() ? 500 : options_.routing.all_zero_weight_status);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const BackendObjectReference& ref = rule.backend_refs[i].ref;
      if (ref.kind != "Service" || !index_.service(ref.namespace_ + "/" + ref.name))
        all[i].to = "500";
    }
    return shares_text(all);
  }

  const Resources& resources_;
  ResourceIndex index_;
  gateway_api::Options options_;
  std::set<const HttpRoute*> accepted_;  ///< somewhere
};

class LatticeReader : public Reader {
 public:
  explicit LatticeReader(const Resources& resources) : index_(resources) {}

  RuleReading rule(const HttpRoute& route, std::size_t number) const override {
    RuleReading to;
    if (!vpc_lattice::is_programmed(route))
      to.inert = is_mesh_route(route) ? "needs a Gateway" : "route left out";
    to.where = "managed proxy";
    to.idle = vpc_lattice::kIdleTimeout;
    to.wait = "none";
    std::vector<Share> all = intended_shares(route.rules[number]);
    double total = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const BackendObjectReference& ref = route.rules[number].backend_refs[i].ref;
      if (!index_.service(ref.namespace_ + "/" + ref.name)) all[i].to = "500";
      total += all[i].weight;
    }
    to.shares = total > 0 ? shares_text(all) : std::to_string(vpc_lattice::kNoTargetStatus);
    return to;
  }

  ServiceReading service(const KubeService&, const std::string&, bool gateway) const override {
    if (!gateway)
      return {"random connections", "never", "none", "none", "", "nobody", "refused", "never"};
    return {"round robin",
            "2 failed health checks of 30s",
            "managed",
            "none",
            "",
            "managed proxy",
            "5xx",
            "never"};
  }

 private:
  ResourceIndex index_;
};

}  // namespace

RuleReading Reader::virtual_rule(const std::string&, const std::string&, bool) const {
  RuleReading to;
  to.inert = "not read";
  return to;
}

std::string duration_text(sim::Duration duration) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::int64_t ns = duration.ns;
  if (ns % kSecond == 0 || ns > 60 * kSecond)
    if (std::string standard = format_gep2257(duration); !standard.empty()) return standard;
  return ns < kSecond ? fmt::format("{:g}ms", duration.milliseconds())
                      : fmt::format("{:g}s", duration.seconds());
}

bool is_mesh_route(const HttpRoute& route) {
  return !route.parent_refs.empty() && route.parent_refs.front().group.empty() &&
         route.parent_refs.front().kind == "Service";
}

std::string shares_text(const std::vector<Share>& shares) {
  double total = 0;
  for (const Share& share : shares) total += share.weight;
  if (total <= 0) return "500";
  std::vector<Share> joined;
  for (const Share& share : shares) {
    if (share.weight <= 0) continue;
    const auto same = std::ranges::find(joined, share.to, &Share::to);
    if (same == joined.end())
      joined.push_back(share);
    else
      same->weight += share.weight;
  }
  if (joined.size() == 1) return joined.front().to;
  std::string text;
  for (const Share& share : joined)
    text += fmt::format("{}{} {:.4g} %", text.empty() ? "" : ", ", share.to,
                        share.weight / total * 100);
  return text;
}

std::unique_ptr<Reader> make_neutral_reader(const MeshSpec& mesh, const Resources& resources) {
  return std::make_unique<NeutralReader>(mesh, resources);
}

std::unique_ptr<Reader> make_lattice_reader(const Resources& resources) {
  return std::make_unique<LatticeReader>(resources);
}

std::unique_ptr<Reader> make_reader(const MeshSpec& mesh, const Resources& resources) {
  if (mesh.profile == "linkerd") return make_linkerd_reader(resources);
  if (mesh.profile == "vpc-lattice") return make_lattice_reader(resources);
  if (mesh.profile.starts_with("istio-") || mesh.profile == "cilium" || mesh.profile == "kgateway")
    return make_envoy_reader(mesh, resources);
  return make_neutral_reader(mesh, resources);
}

}  // namespace spillway::model
