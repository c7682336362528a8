// What Istio ignores, reads otherwise than it is written, or adds on its own. Pure functions; any
// thread.
#pragma once

#include "model/profiles/istio/control_plane.h"
#include "model/spec/diagnostic.h"

namespace spillway::model::istio {

/// Where the routes of Services run.
enum class Mode { sidecar, ambient, ambient_l4 };

/// Warnings for what is lost, notes for what is changed; by place. The rule names are
/// istio-route-inert, istio-consumer-route, istio-default-retries, istio-backoff-jitter,
/// istio-backend-request, istio-code-without-text, istio-try-timeout-not-retried,
/// istio-expression-hidden, istio-filter, istio-session-persistence, istio-grant-not-enforced,
/// istio-min-retry-rate, istio-budget-interval, istio-policy-alpha, istio-port-settings,
/// istio-ejection-limit and istio-delegate.
Diagnostics notes(const ControlPlane& plane, Mode mode);

/// VirtualServices and DestinationRules under a profile that is not Istio's.
Diagnostics unread(const Resources& resources);

}  // namespace spillway::model::istio
