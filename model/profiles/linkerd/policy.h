// What Linkerd's policy controller makes of a route of a Service and of annotations
// (linkerd/linkerd2, policy-controller/k8s/index/src/outbound). Pure functions; any thread.
#pragma once

#include "model/linkerd/policy.h"
#include "model/resources/resources.h"

namespace spillway::model::linkerd {

/// Filters that make the policy controller leave a whole route out.
bool is_supported(const HttpRouteFilter& filter);
/// Takes from the routes that it leaves out the Services among their parents.
void drop_unsupported(Resources& resources);

/// The policy of a rule (null: of the Service itself, where no route applies) without its backends.
/// Annotations of the route, else of the Service: each of the groups retry.linkerd.io and
/// timeout.linkerd.io from one of them alone; balancer.linkerd.io of the Service.
OutboundPolicy policy_of(const HttpRoute* route, const HttpRouteRule* rule,
                         const KubeService& service);

}  // namespace spillway::model::linkerd
