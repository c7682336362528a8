// HTTPRoutes and GRPCRoutes that claim the same traffic: only one kind serves it. Internal to
// model/gateway.
#pragma once

#include <vector>

#include "model/gateway/attachment.h"

namespace spillway::model {

/// Takes the sections from which another kind displaces a route, and rejects (reason Conflicted)
/// the attachments that keep none. On a listener the older route wins where hostnames intersect
/// (GRPCRouteSpec.hostnames); on a port of a Service, among the producers or among the consumers of
/// one namespace, GRPCRoute wins (GEP-1294).
void reject_conflicts(std::vector<Attachment>& attachments, const ResourceIndex& index);

}  // namespace spillway::model
