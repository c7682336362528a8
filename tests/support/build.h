// Short ways to write specifications in tests, and to run them. Times are in seconds.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/resources/resources.h"
#include "model/spec/scenario.h"

namespace spillway::model::build {

inline sim::Duration s(double seconds) { return sim::from_seconds(seconds); }
inline sim::Time at(double seconds) { return sim::Time{} + s(seconds); }
inline sim::Distribution constant(double seconds) {
  return sim::Distribution::constant(s(seconds));
}
inline sim::Distribution exponential(double mean = 1) {
  return sim::Distribution::exponential(s(mean));
}

/// "name" or "name.namespace".
inline ServiceRef ref(const std::string& text) {
  ServiceRef result;
  const std::size_t dot = text.find('.');
  result.name = text.substr(0, dot);
  if (dot != std::string::npos) result.namespace_ = text.substr(dot + 1);
  return result;
}

inline Step work(sim::Distribution time) { return {WorkStep{std::move(time)}, {}}; }
inline Step call(const std::string& name, std::optional<ClientPolicy> client = {}) {
  CallStep step;
  step.service = ref(name);
  step.client = std::move(client);
  return {step, {}};
}
inline Step maybe(Step step, double probability) {
  std::get<CallStep>(step.action).probability = probability;
  return step;
}
inline Step optional(Step step) {
  std::get<CallStep>(step.action).optional = true;
  return step;
}
inline Step parallel(std::vector<Step> branches) { return {ParallelStep{std::move(branches)}, {}}; }

inline Operation operation(std::vector<Step> steps, OperationMatch match = {},
                           std::string name = "default") {
  Operation result;
  result.name = std::move(name);
  result.match = std::move(match);
  result.steps = std::move(steps);
  return result;
}

/// A service whose only operation has these steps.
inline Service service(const std::string& name, std::vector<Step> steps = {},
                       std::uint32_t workers = kUnlimitedWorkers) {
  Service result;
  const ServiceRef id = ref(name);
  result.name = id.name;
  result.namespace_ = id.namespace_;
  result.workers = workers;
  result.operations.push_back(operation(std::move(steps)));
  return result;
}

inline ScriptEntry status(int code, double after = 0) {
  return {ScriptEntry::Kind::status, code, s(after), {}};
}
inline ScriptEntry reset(double after = 0) { return {ScriptEntry::Kind::reset, 0, s(after), {}}; }
inline ScriptEntry refuse() { return {ScriptEntry::Kind::refuse, 0, {}, {}}; }
inline ScriptEntry hang() { return {ScriptEntry::Kind::hang, 0, {}, {}}; }
/// A service that answers by attempt of the same request.
inline Service scripted(const std::string& name, std::vector<ScriptEntry> script) {
  Service result = service(name);
  result.operations[0].script = std::move(script);
  return result;
}

inline RateProfile rate(double per_second) { return {{{sim::Time{}, per_second}}}; }

inline Traffic traffic(std::string name, const std::string& to, Arrivals arrivals) {
  Traffic result;
  result.name = std::move(name);
  result.to = ref(to);
  result.arrivals = std::move(arrivals);
  return result;
}
inline Traffic poisson(std::string name, const std::string& to, double per_second) {
  return traffic(std::move(name), to, PoissonArrivals{rate(per_second)});
}
inline Traffic times(std::string name, const std::string& to, const std::vector<double>& seconds) {
  TimedArrivals arrivals;
  for (const double t : seconds) arrivals.times.push_back(at(t));
  return traffic(std::move(name), to, std::move(arrivals));
}

inline HttpBackendRef backend(const std::string& name, int weight = 1) {
  const ServiceRef id = ref(name);
  HttpBackendRef result;
  result.ref.namespace_ = id.namespace_;
  result.ref.name = id.name;
  result.ref.port = 80;
  result.weight = weight;
  return result;
}
inline HttpRouteTimeouts timeouts(std::optional<sim::Duration> request,
                                  std::optional<sim::Duration> backend_request = {}) {
  return {request, backend_request, {}, {}, {}};
}
inline HttpRouteRetry retry(int attempts, std::vector<int> codes = {},
                            std::optional<sim::Duration> backoff = {}) {
  HttpRouteRetry result;
  result.attempts = attempts;
  result.codes = std::move(codes);
  result.backoff = backoff;
  return result;
}
/// A route of the Service's name with one rule; without backendRefs the rule gets the Service.
inline HttpRoute route(const std::string& to, HttpRouteRule rule = {}) {
  const ServiceRef id = ref(to);
  HttpRoute result;
  result.meta.name = id.name;
  result.meta.namespace_ = id.namespace_;
  ParentReference parent;
  parent.group = "";
  parent.kind = "Service";
  parent.namespace_ = id.namespace_;
  parent.name = id.name;
  result.parent_refs.push_back(parent);
  if (rule.backend_refs.empty()) rule.backend_refs.push_back(backend(to));
  result.rules.push_back(std::move(rule));
  return result;
}
inline HttpRoute route(const std::string& to, std::optional<HttpRouteTimeouts> limits,
                       std::optional<HttpRouteRetry> retries = {}) {
  HttpRouteRule rule;
  rule.timeouts = limits;
  rule.retry = std::move(retries);
  return route(to, std::move(rule));
}
inline XBackendTrafficPolicy budget_policy(const std::string& to, int percent, int min_count,
                                           double interval = 10, double min_interval = 1) {
  XBackendTrafficPolicy policy;
  policy.meta.name = "budget";
  policy.target_refs.push_back({"", "Service", to, {}});
  RetryConstraint constraint;
  constraint.budget_percent = percent;
  constraint.budget_interval = s(interval);
  constraint.min_retry_count = min_count;
  constraint.min_retry_interval = s(min_interval);
  policy.retry_constraint = constraint;
  return policy;
}

inline Fault fault(FaultTarget target, FaultAction action, double from = 0, double length = -1) {
  FaultWindow window{at(from), {}};
  if (length >= 0) window.length = s(length);
  return {window, std::move(target), std::move(action), {}};
}
inline ServiceTarget on(const std::string& service) { return {ref(service), {}, {}}; }
inline LinkTarget on_link(std::string from, const std::string& to) {
  return {std::move(from), ref(to)};
}
inline RouteTarget on_route(std::string name, std::optional<std::uint32_t> rule = {}) {
  return {"default", std::move(name), rule};
}

inline MeshOption option(decltype(MeshOption::value) value) { return {std::move(value), {}}; }

}  // namespace spillway::model::build
