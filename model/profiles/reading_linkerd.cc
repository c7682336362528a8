#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "model/gateway/index.h"
#include "model/linkerd/policy.h"
#include "model/profiles/reading.h"
#include "model/spec/gep2257.h"

namespace spillway::model {
namespace {

using Annotations = std::map<std::string, std::string>;

constexpr const char* kRetry = "retry.linkerd.io/";
constexpr const char* kTimeout = "timeout.linkerd.io/";

const std::string* value(const Annotations& all, const std::string& name) {
  const auto found = all.find(name);
  return found == all.end() ? nullptr : &found->second;
}

std::optional<sim::Duration> duration(const Annotations& all, const std::string& name) {
  const std::string* text = value(all, name);
  return text ? parse_gep2257(*text) : std::nullopt;
}

/// "5xx", "gateway-error", "503", "500-504", comma separated.
std::vector<linkerd::StatusRange> ranges(std::string_view text) {
  std::vector<linkerd::StatusRange> all;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view word = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (word == "5xx") all.push_back({500, 599});
    if (word == "gateway-error") all.push_back({502, 504});
    linkerd::StatusRange range;
    const char* end = word.data() + word.size();
    auto [next, error] = std::from_chars(word.data(), end, range.start);
    if (error != std::errc()) continue;
    range.end = range.start;
    if (next != end && *next == '-') std::from_chars(next + 1, end, range.end);
    all.push_back(range);
  }
  return all;
}

/// The group of annotations with this prefix: the route's, else the Service's.
const Annotations& group_of(const char* prefix, const ObjectMeta& route,
                            const KubeService& service) {
  const bool own = std::ranges::any_of(
      route.annotations, [&](const auto& entry) { return entry.first.starts_with(prefix); });
  return own ? route.annotations : service.meta.annotations;
}

linkerd::OutboundPolicy policy_of(const HttpRoute& route, const HttpRouteRule& rule,
                                  const KubeService& service) {
  linkerd::OutboundPolicy policy;
  const Annotations& retry = group_of(kRetry, route.meta, service);
  const std::string http = std::string(kRetry) + "http";
  const std::string limit = std::string(kRetry) + "limit";
  const std::string timeout = std::string(kRetry) + "timeout";
  if (value(retry, http) || value(retry, limit) || value(retry, timeout)) {
    policy.retry.emplace();
    if (const std::string* codes = value(retry, http)) policy.retry->status_ranges = ranges(*codes);
    if (const std::string* text = value(retry, limit))
      std::from_chars(text->data(), text->data() + text->size(), policy.retry->max_retries);
    policy.retry->timeout = duration(retry, timeout);
  }
  const Annotations& timeouts = group_of(kTimeout, route.meta, service);
  policy.timeouts.request = duration(timeouts, std::string(kTimeout) + "request");
  policy.timeouts.response = duration(timeouts, std::string(kTimeout) + "response");
  if (!policy.timeouts.request && rule.timeouts && rule.timeouts->request &&
      rule.timeouts->request->ns > 0)
    policy.timeouts.request = rule.timeouts->request;
  return policy;
}

/// Filters that make the policy controller leave a route out.
bool is_supported(const HttpRouteFilter& filter) {
  return !std::holds_alternative<RequestMirrorFilter>(filter.filter) &&
         !std::holds_alternative<UrlRewriteFilter>(filter.filter) &&
         !std::holds_alternative<ExtensionRefFilter>(filter.filter);
}

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
    read(policy_of(route, from, *service), to);
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
    const auto* accrual = value(service.meta.annotations, "balancer.linkerd.io/failure-accrual");
    ServiceReading to;
    to.balancing = "least latency of 2";
    to.ejection = accrual ? fmt::format("after {} failures, for 1s to 60s",
                                        linkerd::FailureAccrual{}.max_failures)
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
      if (!std::ranges::all_of(rule.filters, is_supported)) return "filter not supported";
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
