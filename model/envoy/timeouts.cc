#include "model/envoy/timeouts.h"

#include <algorithm>

namespace spillway::model::envoy {
namespace {

constexpr sim::Duration kDefaultTimeout{15'000'000'000};

std::optional<sim::Duration> unless_zero(std::optional<sim::Duration> d) {
  return d && d->ns > 0 ? d : std::nullopt;
}

}  // namespace

Timeouts resolve_timeouts(const RouteAction& route) {
  Timeouts timeouts;
  const bool streams = route.max_stream_duration && route.max_stream_duration->max_stream_duration;
  timeouts.global = unless_zero(streams ? route.max_stream_duration->max_stream_duration
                                        : route.timeout.value_or(kDefaultTimeout));
  if (!route.retry_policy) return timeouts;
  timeouts.per_try = unless_zero(route.retry_policy->per_try_timeout);
  if (timeouts.per_try && timeouts.global && *timeouts.per_try >= *timeouts.global)
    timeouts.per_try.reset();
  if (const auto idle = unless_zero(route.retry_policy->per_try_idle_timeout))
    timeouts.per_try = timeouts.per_try ? std::min(*timeouts.per_try, *idle) : *idle;
  return timeouts;
}

}  // namespace spillway::model::envoy
