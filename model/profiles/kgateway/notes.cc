#include "model/profiles/kgateway/notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/spec/gep2257.h"

namespace spillway::model::kgateway {
namespace {

class NoteWriter {
 public:
  NoteWriter(const Resources& resources, const Options& options)
      : resources_(resources), options_(options) {}

  std::vector<Note> run() {
    for (const HttpRoute& route : resources_.http_routes) {
      place_ = route.meta.place;
      if (!note_parents(route)) continue;
      for (const HttpRouteRule& rule : route.rules) note_rule(rule);
    }
    for (const XBackendTrafficPolicy& policy : resources_.backend_traffic_policies)
      note(policy.meta.place, "policy-ignored",
           "XBackendTrafficPolicy has no effect; there is no retry budget, only maxRetries");
    for (const TrafficPolicy& policy : resources_.kgateway_traffic_policies)
      note_others(policy.meta, policy.other_fields);
    for (const BackendConfigPolicy& policy : resources_.kgateway_backend_config_policies) {
      note_others(policy.meta, policy.other_fields);
      if (policy.outlier_detection && policy.outlier_detection->max_ejection_percent <= 10)
        note(policy.meta.place, "ejection-limit",
             fmt::format("at most {} % of the endpoints are ejected: none of fewer than 10",
                         policy.outlier_detection->max_ejection_percent));
    }
    return std::move(notes_);
  }

 private:
  void note(const Place& place, std::string rule, std::string text) {
    notes_.push_back({place.known() ? place : place_, std::move(rule), std::move(text)});
  }

  /// Whether the route acts on any requests: routes of Services do not.
  bool note_parents(const HttpRoute& route) {
    bool acts = route.parent_refs.empty();
    for (const ParentReference& parent : route.parent_refs) {
      const bool service = parent.group.empty() && parent.kind == "Service";
      acts |= !service;
      if (service)
        note(parent.place, "service-parent",
             fmt::format("{} {} does nothing at a Service: kgateway serves Gateways", route.kind,
                         route.meta.key()));
    }
    return acts;
  }

  void note_others(const ObjectMeta& meta, const std::vector<std::string>& fields) {
    for (const std::string& field : fields)
      note(meta.place, "field-not-simulated", fmt::format("{} is not simulated", field));
  }

  void note_rule(const HttpRouteRule& rule) {
    const bool retries = rule.retry && options_.experimental_features;
    if (rule.retry) note_retry(*rule.retry);
    note_timeouts(rule, retries);
    if (rule.session_persistence && !options_.experimental_features)
      note(rule.session_persistence->place, "session-persistence",
           "it counts as absent without the experimental features");
    const bool all_zero =
        std::ranges::all_of(rule.backend_refs, [](const auto& b) { return b.weight == 0; });
    if (!all_zero || rule.backend_refs.empty()) return;
    note(rule.backend_refs.front().place,
         rule.backend_refs.size() == 1 ? "weight-zero-single" : "weights-zero",
         rule.backend_refs.size() == 1
             ? "a single backend gets all requests, its weight of 0 notwithstanding"
             : "the rule is replaced by an answer of 500");
  }

  void note_retry(const HttpRouteRetry& retry) {
    if (!options_.experimental_features)
      return note(retry.place, "retry-experimental",
                  "the retry counts as absent without the experimental features");
    if (!retry.backoff) return;
    if (retry.backoff->ns == 0)
      note(retry.backoff_place, "backoff-zero",
           "Envoy refuses the whole route configuration of the port and keeps the last good one");
    else
      note(retry.backoff_place, "backoff-base",
           fmt::format("backoff is the base of a full-jitter draw: the first wait is anything "
                       "from 0 to {}",
                       format_gep2257(*retry.backoff)));
  }

  void note_timeouts(const HttpRouteRule& rule, bool retries) {
    const HttpRouteTimeouts timeouts = rule.timeouts.value_or(HttpRouteTimeouts{});
    if (timeouts.backend_request && !retries)
      note(timeouts.backend_request_place, "backend-request-overall",
           timeouts.request ? "without retry, backendRequest is the overall timeout and request "
                              "has no effect"
                            : "without retry, backendRequest is the overall timeout");
    const bool limited = timeouts.request || (timeouts.backend_request && !retries);
    if (!limited && !rule.backend_refs.empty())
      note(rule.place, "default-timeout", "without an overall timeout it is Envoy's 15s");
  }

  const Resources& resources_;
  const Options& options_;
  Place place_;
  std::vector<Note> notes_;
};

}  // namespace

std::vector<Note> notes_of(const Resources& resources, const Options& options) {
  return NoteWriter(resources, options).run();
}

}  // namespace spillway::model::kgateway
