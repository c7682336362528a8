#include "model/profiles/linkerd/policy.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "model/linkerd/retry.h"

namespace spillway::model::linkerd {
namespace {

using Annotations = std::map<std::string, std::string>;

const std::string* value(const Annotations& all, const char* name) {
  const auto found = all.find(name);
  return found == all.end() ? nullptr : &found->second;
}

std::optional<sim::Duration> duration(const Annotations& all, const char* name) {
  const std::string* text = value(all, name);
  return text ? parse_duration(*text) : std::nullopt;
}

template <class Number>
void read(const Annotations& all, const char* name, Number& into) {
  if (const std::string* text = value(all, name))
    std::from_chars(text->data(), text->data() + text->size(), into);
}

const Annotations& group_of(std::string_view prefix, const HttpRoute* route,
                            const KubeService& service) {
  const bool own = route && std::ranges::any_of(route->meta.annotations, [&](const auto& entry) {
                     return entry.first.starts_with(prefix);
                   });
  return own ? route->meta.annotations : service.meta.annotations;
}

std::optional<Retry> retry_of(const Annotations& all) {
  const std::string* http = value(all, "retry.linkerd.io/http");
  const std::string* grpc = value(all, "retry.linkerd.io/grpc");
  const std::string* limit = value(all, "retry.linkerd.io/limit");
  const std::string* timeout = value(all, "retry.linkerd.io/timeout");
  if (!http && !grpc && !limit && !timeout) return std::nullopt;
  Retry retry;
  if (http) retry.status_ranges = parse_http_conditions(*http);
  if (grpc) retry.grpc_codes = parse_grpc_conditions(*grpc);
  read(all, "retry.linkerd.io/limit", retry.max_retries);
  if (timeout) retry.timeout = parse_duration(*timeout);
  return retry;
}

Timeouts timeouts_of(const Annotations& all, const HttpRouteRule* rule) {
  Timeouts timeouts;
  timeouts.request = duration(all, "timeout.linkerd.io/request");
  timeouts.response = duration(all, "timeout.linkerd.io/response");
  timeouts.idle = duration(all, "timeout.linkerd.io/idle");
  if (!timeouts.request && rule && rule->timeouts && rule->timeouts->request &&
      rule->timeouts->request->ns > 0)
    timeouts.request = rule->timeouts->request;
  return timeouts;
}

std::optional<FailureAccrual> accrual_of(const Annotations& all) {
  const std::string* mode = value(all, "balancer.linkerd.io/failure-accrual");
  if (!mode || *mode != "consecutive") return std::nullopt;
  FailureAccrual accrual;
  read(all, "balancer.linkerd.io/failure-accrual-consecutive-max-failures", accrual.max_failures);
  if (auto least = duration(all, "balancer.linkerd.io/failure-accrual-consecutive-min-penalty"))
    accrual.backoff.min_backoff = *least;
  if (auto most = duration(all, "balancer.linkerd.io/failure-accrual-consecutive-max-penalty"))
    accrual.backoff.max_backoff = *most;
  accrual.backoff.max_backoff = std::max(accrual.backoff.max_backoff, accrual.backoff.min_backoff);
  read(all, "balancer.linkerd.io/failure-accrual-consecutive-jitter-ratio",
       accrual.backoff.jitter_ratio);
  return accrual;
}

}  // namespace

bool is_supported(const HttpRouteFilter& filter) {
  return !std::holds_alternative<RequestMirrorFilter>(filter.filter) &&
         !std::holds_alternative<UrlRewriteFilter>(filter.filter) &&
         !std::holds_alternative<ExtensionRefFilter>(filter.filter);
}

void drop_unsupported(Resources& resources) {
  for (HttpRoute& route : resources.http_routes)
    if (std::ranges::any_of(route.rules, [](const HttpRouteRule& rule) {
          return !std::ranges::all_of(rule.filters, is_supported);
        }))
      std::erase_if(route.parent_refs, [](const ParentReference& parent) {
        return parent.group.empty() && parent.kind == "Service";
      });
}

OutboundPolicy policy_of(const HttpRoute* route, const HttpRouteRule* rule,
                         const KubeService& service) {
  OutboundPolicy policy;
  if (route && route->kind == "GRPCRoute") policy.kind = RouteKind::grpc;
  policy.retry = retry_of(group_of("retry.linkerd.io/", route, service));
  policy.timeouts = timeouts_of(group_of("timeout.linkerd.io/", route, service), rule);
  policy.failure_accrual = accrual_of(service.meta.annotations);
  return policy;
}

}  // namespace spillway::model::linkerd
