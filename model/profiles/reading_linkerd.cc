#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "model/gateway/index.h"
#include "model/profiles/linkerd/policy.h"
#include "model/profiles/reading.h"

namespace spillway::model {
namespace {

class LinkerdReader : public Reader {
 public:
  explicit LinkerdReader(const Resources& resources) : index_(resources) {}

  RuleReading rule(const HttpRoute& route, std::size_t number) const override {
    const HttpRouteRule& from = route.rules[number];
    RuleReading to;
    to.where = "client's proxy";
    to.wait = "none";
    const KubeService* service = parent_of(route);
    to.inert = why_inert(route, service);
    if (!to.inert.empty()) return to;
    read(linkerd::policy_of(&route, &from, *service), to);
    std::vector<Share> shares;
    for (const HttpBackendRef& backend : from.backend_refs) {
      const bool known = index_.service(backend.ref.namespace_ + "/" + backend.ref.name);
      shares.push_back({known ? backend.ref.name : "500", static_cast<double>(backend.weight)});
    }
    to.shares = shares_text(shares);
    for (const HttpRouteFilter& filter : from.filters) {
      to.redirects = to.redirects || std::holds_alternative<RequestRedirectFilter>(filter.filter);
      to.changes_headers = to.changes_headers ||
                           std::holds_alternative<RequestHeaderModifierFilter>(filter.filter) ||
                           std::holds_alternative<ResponseHeaderModifierFilter>(filter.filter);
    }
    return to;
  }

  ServiceReading service(const KubeService& service, const std::string&,
                         bool gateway) const override {
    if (gateway)
      return {"the gateway's", "the gateway's", "the gateway's", "the gateway's", "",
              "the gateway",   "the gateway's", "the gateway's"};
    const linkerd::OutboundPolicy defaults;
    const auto accrual = linkerd::policy_of(nullptr, nullptr, service).failure_accrual;
    ServiceReading to;
    to.balancing = "least latency of 2";
    to.ejection = accrual ? fmt::format("after {} failures, for {} to {}", accrual->max_failures,
                                        duration_text(accrual->backoff.min_backoff),
                                        duration_text(accrual->backoff.max_backoff))
                          : "never";
    to.limits = fmt::format("{} waiting", defaults.queue.capacity);
    to.budget = "none";
    to.kept_by = "each client pod";
    to.no_endpoint = fmt::format("504 after {}", duration_text(defaults.queue.failfast_timeout));
    to.panic = "never";
    return to;
  }

 private:
  const KubeService* parent_of(const HttpRoute& route) const {
    for (const ParentReference& parent : route.parent_refs)
      if (parent.group.empty() && parent.kind == "Service")
        return index_.service(parent.namespace_ + "/" + parent.name);
    return nullptr;
  }

  static std::string why_inert(const HttpRoute& route, const KubeService* service) {
    if (!is_mesh_route(route)) return "the gateway's matter";
    if (!service) return "no such Service";
    for (const HttpRouteRule& rule : route.rules)
      if (!std::ranges::all_of(rule.filters, linkerd::is_supported)) return "filter not supported";
    return {};
  }

  static void read(const linkerd::OutboundPolicy& policy, RuleReading& to) {
    to.overall = policy.timeouts.request;
    to.per_try = policy.timeouts.response;
    if (!policy.retry) return;
    const linkerd::Retry& retry = *policy.retry;
    to.has_retries = true;
    to.own_retries = true;
    to.retries = retry.max_retries;
    for (const linkerd::StatusRange& range : retry.status_ranges)
      for (std::size_t code = range.start; code <= range.end && code < to.codes.size(); ++code)
        to.codes.set(code);
    // A broken connection is an answer of 502 by the time that it is judged.
    to.retries_refused = to.codes[502];
    to.retries_reset = to.codes[502];
    to.retries_try_timeout = retry.timeout.has_value();
    if (retry.timeout) to.per_try = retry.timeout;
    if (retry.backoff)
      to.wait = fmt::format("{} to {}, doubling to {}", duration_text(retry.backoff->min_backoff),
                            duration_text(retry.backoff->min_backoff * 2),
                            duration_text(retry.backoff->max_backoff));
    to.retry_host = "any";
    to.body = fmt::format("{} KiB", retry.max_request_bytes / 1024);
  }

  ResourceIndex index_;
};

}  // namespace

std::unique_ptr<Reader> make_linkerd_reader(const Resources& resources) {
  return std::make_unique<LinkerdReader>(resources);
}

}  // namespace spillway::model
