// What VPC Lattice ignores of manifests (pkg/gateway/model_build_rule.go of
// aws/aws-application-networking-k8s, and the page HTTPRoute of its documentation). Pure functions;
// any thread.
#pragma once

#include <string>

#include "model/resources/resources.h"
#include "model/spec/diagnostic.h"

namespace spillway::model::vpc_lattice {

/// Warnings in the order of the manifests. The rule names are lattice-service-parent,
/// lattice-retry, lattice-timeouts, lattice-filter, lattice-session-persistence, lattice-match,
/// lattice-first-parent and lattice-policy.
Diagnostics notes(const Resources& resources);

/// Why the controller cannot make a rule of the match, a clause; empty where it can. It then leaves
/// out the whole route.
std::string unsupported(const HttpRouteMatch& match);

/// Whether a route has an effect at all: its first parent is a Gateway and all matches are known.
bool is_programmed(const HttpRoute& route);

}  // namespace spillway::model::vpc_lattice
