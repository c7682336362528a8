#include "model/profiles/cilium/notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/gateway/index.h"
#include "model/profiles/cilium/ingest.h"
#include "model/spec/gep2257.h"

namespace spillway::model::cilium {
namespace {

class NoteWriter {
 public:
  NoteWriter(const Resources& resources, const Options& options)
      : resources_(resources), options_(options), index_(resources) {}

  std::vector<Note> run(bool order_dependent) {
    for (const HttpRoute& route : resources_.http_routes) {
      place_ = route.meta.place;
      if (!note_parents(route)) continue;
      for (const HttpRouteRule& rule : route.rules) note_rule(route, rule);
    }
    for (const XBackendTrafficPolicy& policy : resources_.backend_traffic_policies)
      note(policy.meta.place, "policy-ignored", "XBackendTrafficPolicy has no effect");
    if (order_dependent)
      note({}, "order-dependent",
           "routes with the same matches are merged in the order in which the operator happens to "
           "read them; timeout, retry and filters are those of the first");
    return std::move(notes_);
  }

 private:
  void note(const Place& place, std::string rule, std::string text) {
    notes_.push_back({place.known() ? place : place_, std::move(rule), std::move(text)});
  }

  /// Whether the route acts on any requests.
  bool note_parents(const HttpRoute& route) {
    int services = 0;
    bool acts = route.parent_refs.empty();
    for (const ParentReference& parent : route.parent_refs) {
      if (!parent.group.empty() || parent.kind != "Service") {
        acts = true;
        continue;
      }
      const KubeService* service = index_.service(parent.namespace_ + "/" + parent.name);
      if (!service) continue;
      if (parent.namespace_ != route.meta.namespace_)
        note(parent.place, "consumer-route",
             fmt::format("the route is not applied: Service {} is in another namespace",
                         service->meta.key()));
      const bool redirected = !redirected_ports(parent, *service).empty();
      acts |= redirected && parent.namespace_ == route.meta.namespace_;
      if (!redirected)
        note(parent.place, "not-redirected",
             fmt::format("no port of Service {} has the appProtocol http: its traffic stays in "
                         "eBPF and the route, though Accepted, does nothing",
                         service->meta.key()));
      if (parent.port)
        note(parent.place, "port-not-scoped",
             "the rules apply to all redirected ports of the Service, not to this port alone");
      if (++services == 2)
        note(parent.place, "second-parent",
             "only the first Service parent is programmed, with all backends doubled");
    }
    if (services > 0 && !route.hostnames.empty())
      note(route.hostnames_place, "mesh-hostnames", "hostnames are ignored at a Service parent");
    return acts;
  }

  void note_rule(const HttpRoute& route, const HttpRouteRule& rule) {
    rule_place_ = rule.place;
    if (rule.timeouts) note_timeouts(*rule.timeouts, rule.retry.has_value());
    if (rule.retry) note_retry(*rule.retry);
    if (rule.session_persistence)
      note(rule.session_persistence->place, "session-persistence", "it has no effect");
    for (const HttpRouteFilter& filter : rule.filters) note_filter(filter);
    note_backends(route, rule);
  }

  void note_timeouts(const HttpRouteTimeouts& timeouts, bool retries) {
    if (timeouts.backend_request && retries)
      note(timeouts.backend_request_place, "backend-request-overall",
           "backendRequest limits all tries together, and its expiry is never retried");
    const bool both = timeouts.request && timeouts.backend_request;
    if (both && (timeouts.request->ns == 0) != (timeouts.backend_request->ns == 0))
      note(timeouts.place, "zero-timeout",
           "0s is taken as the shorter of the two: there is no timeout at all");
  }

  void note_retry(const HttpRouteRetry& retry) {
    if (!options_.retries_act)
      return note(retry.place, "retry-inert",
                  "the retry policy has no retry_on in this version: nothing is retried");
    if (!retry.backoff) return;
    if (retry.backoff->ns == 0)
      note(retry.backoff_place, "backoff-zero",
           "the agent refuses the whole configuration and keeps the last good one");
    else
      note(retry.backoff_place, "backoff-base",
           fmt::format("backoff is the base of a full-jitter draw: the wait is anything from 0 to "
                       "{}, then to {}",
                       format_gep2257(*retry.backoff), format_gep2257(*retry.backoff * 2)));
  }

  void note_filter(const HttpRouteFilter& filter) {
    if (std::holds_alternative<ExtensionRefFilter>(filter.filter))
      note(filter.place, "extension-ref", "the filter is left out and the request goes on");
    const auto* mirror = std::get_if<RequestMirrorFilter>(&filter.filter);
    if (mirror && mirror->fraction &&
        mirror->fraction->numerator * 100 % mirror->fraction->denominator != 0)
      note(filter.place, "mirror-percent",
           fmt::format("the mirrored share is rounded down to {} %",
                       mirror->fraction->numerator * 100 / mirror->fraction->denominator));
  }

  void note_backends(const HttpRoute& route, const HttpRouteRule& rule) {
    std::size_t valid = 0;
    for (const HttpBackendRef& backend : rule.backend_refs)
      if (reference_allowed(index_, route, backend.ref) && backend.ref.kind == "Service" &&
          index_.service(backend.ref.namespace_ + "/" + backend.ref.name))
        ++valid;
    if (valid > 0 && valid < rule.backend_refs.size())
      note(rule_place_, "backend-dropped",
           "an invalid backend is left out and its share goes to the others, not to 500");
    const bool all_zero =
        std::ranges::all_of(rule.backend_refs, [](const auto& b) { return b.weight == 0; });
    if (rule.backend_refs.empty() || !all_zero) return;
    if (rule.backend_refs.size() == 1)
      note(rule.backend_refs.front().place, "weight-zero-single",
           "a single backend gets all requests, its weight of 0 notwithstanding");
    else
      note(rule.backend_refs.front().place, "weights-zero",
           "Envoy refuses the whole route configuration and keeps the last good one");
  }

  const Resources& resources_;
  const Options& options_;
  ResourceIndex index_;
  Place place_;
  Place rule_place_;
  std::vector<Note> notes_;
};

}  // namespace

std::vector<Note> notes_of(const Resources& resources, const Translation& translation,
                           const Options& options) {
  return NoteWriter(resources, options).run(translation.order_dependent);
}

}  // namespace spillway::model::cilium
