#include "model/envoy/router.h"

#include <algorithm>

namespace spillway::model::envoy {
namespace {

void note_refusal(RequestState& request, RetryStatus status) {
  if (status == RetryStatus::limit) request.flags |= Flags::kURX;
  if (status == RetryStatus::overflow) request.flags |= Flags::kUO;
}

RetryStopped reason(RetryStatus status, const Resources& resources) {
  switch (status) {
    case RetryStatus::limit:
      return RetryStopped::limit;
    case RetryStatus::overflow:
      return resources.budgeted() ? RetryStopped::budget : RetryStopped::breaker;
    default:
      return RetryStopped::not_retriable;
  }
}

Decision retry_later(const RouteSettings& settings, RequestState& request, std::uint32_t host,
                     const AttemptResult& result, sim::Draw& draw) {
  Decision decision;
  decision.what = Decision::What::retry;
  decision.verdict.retry = true;
  decision.verdict.wait = retry_wait(request.retry, settings.retry, result, draw);
  ++request.waiting_retries;
  if (settings.retry.previous_hosts) request.hosts.push_back(host);
  return decision;
}

}  // namespace

RouteSettings route_settings(const RouteAction& route, const std::optional<HttpFault>& fault) {
  RouteSettings settings;
  settings.retry = retry_settings(route.retry_policy);
  settings.timeouts = resolve_timeouts(route);
  settings.hedge_on_per_try_timeout =
      route.hedge_policy && route.hedge_policy->hedge_on_per_try_timeout;
  settings.fault = fault;
  return settings;
}

void RequestState::start(const RouteSettings& settings) {
  retry = start_retries(settings.retry);
  flags = {};
  admitted = sim::kNever;
  waiting_retries = 0;
  hosts.clear();
}

bool RequestState::tried(std::uint32_t host) const {
  return std::ranges::find(hosts, host) != hosts.end();
}

Verdict local_reply(Outcome outcome) {
  Verdict verdict;
  verdict.status = 503;
  verdict.stopped = RetryStopped::not_retriable;
  switch (outcome) {
    case Outcome::refused:
      verdict.flags = Flags::kUF;
      break;
    case Outcome::reset:
      verdict.flags = Flags::kUC;
      break;
    case Outcome::per_try_timeout:
    case Outcome::request_timeout:
      verdict.status = 504;
      verdict.flags = Flags::kUT;
      verdict.stopped = RetryStopped::timeout;
      break;
    case Outcome::overflow:
      verdict.flags = Flags::kUO;
      verdict.stopped = RetryStopped::breaker;
      break;
    case Outcome::no_endpoint:
      verdict.flags = Flags::kUH;
      break;
    case Outcome::status:
    case Outcome::cancelled:
      break;
  }
  return verdict;
}

Decision on_try_ended(const RouteSettings& settings, RequestState& request, const TryFacts& facts,
                      const AttemptResult& result, Resources& resources, sim::Time now,
                      sim::Draw& draw) {
  const bool answered = result.outcome == Outcome::status;
  const bool would_retry =
      settings.retry.enabled() && retriable(settings.retry.on, settings.retry.codes, result);
  RetryStatus status = RetryStatus::no;
  bool refused = would_retry && facts.already_retried;
  if (settings.retry.enabled() && !facts.already_retried) {
    status = should_retry(request.retry, would_retry, resources, now);
    if (status == RetryStatus::yes) return retry_later(settings, request, facts.host, result, draw);
    note_refusal(request, status);
    refused = status != RetryStatus::no;
  }
  Decision decision;
  // An answer that is good, or that nobody would have retried, is passed on at once.
  if ((!answered || refused) && (facts.under_way > 0 || request.waiting_retries > 0)) {
    decision.what = Decision::What::wait;
    return decision;
  }
  if (answered) {
    decision.verdict.status = result.status;
    decision.verdict.stopped =
        refused || result.status >= 500 ? RetryStopped::not_retriable : RetryStopped::none;
  } else {
    decision.verdict = local_reply(result.outcome);
  }
  if (status != RetryStatus::no) decision.verdict.stopped = reason(status, resources);
  decision.verdict.flags |= request.flags;
  return decision;
}

Decision on_hedge_timer(const RouteSettings& settings, RequestState& request, std::uint32_t host,
                        Resources& resources, sim::Time now, sim::Draw& draw) {
  Decision decision;
  decision.what = Decision::What::wait;
  if (!settings.retry.enabled()) return decision;
  const RetryStatus status = should_retry(request.retry, true, resources, now);
  if (status == RetryStatus::yes) return retry_later(settings, request, host, {}, draw);
  note_refusal(request, status);
  return decision;
}

unsigned http_status(unsigned status, int grpc_status) {
  switch (grpc_status) {
    case 0:
      return 200;
    case 1:
      return 499;
    case 3:
    case 9:
    case 11:
      return 400;
    case 4:
      return 504;
    case 5:
      return 404;
    case 6:
    case 10:
      return 409;
    case 7:
      return 403;
    case 8:
      return 429;
    case 12:
      return 501;
    case 14:
      return 503;
    case 16:
      return 401;
    default:
      return grpc_status < 0 ? status : 500;
  }
}

FaultDecision draw_fault(const HttpFault& fault, sim::Draw& draw) {
  FaultDecision decision;
  const bool delayed = fault.delay && draw.below(fault.delay->percentage.denominator) <
                                          fault.delay->percentage.numerator;
  if (delayed) decision.delay = fault.delay->fixed_delay;
  if (fault.abort &&
      draw.below(fault.abort->percentage.denominator) < fault.abort->percentage.numerator)
    decision.abort_status = fault.abort->http_status.value_or(200);
  return decision;
}

}  // namespace spillway::model::envoy
