// Which timers a route has (Envoy source/common/router/router.cc, FilterUtility::finalTimeout).
// Plain values; any thread.
#pragma once

#include <optional>

#include "model/envoy/route_config.h"

namespace spillway::model::envoy {

/// Absent: there is no such timer.
struct Timeouts {
  /// Of the whole request: starts when the request is complete at the router (after the filters),
  /// covers tries, waits and the answer. Its end is never retried: 504 UT.
  std::optional<sim::Duration> global;
  /// Of one try: starts when the try has got a connection (so that connecting and waiting for a
  /// connection are not in it) and stops with the answer's headers.
  std::optional<sim::Duration> per_try;
  bool operator==(const Timeouts&) const = default;
};

/// timeout: absent 15 s, 0 none; ignored once max_stream_duration is there, which then is the
/// limit. per_try_timeout acts without conditions to retry on, too; one that is not below the
/// global timeout is dropped. Of per_try_timeout and per_try_idle_timeout the smaller acts, since
/// nothing is simulated between the bytes of a request and its answer's headers.
Timeouts resolve_timeouts(const RouteAction& route);

}  // namespace spillway::model::envoy
