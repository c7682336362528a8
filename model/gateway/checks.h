// Findings about attachment and references: what a cluster accepts and says only in the status of
// the objects, or not at all. Pure functions; any thread.
#pragma once

#include "model/gateway/routing.h"
#include "model/spec/diagnostic.h"

namespace spillway::model {

/// Warnings only, in the order in which they are found. The rule names are the condition reasons in
/// kebab-case (no-matching-parent, not-allowed-by-listeners, no-matching-listener-hostname,
/// conflicted; invalid-kind, backend-not-found, ref-not-permitted, unsupported-protocol) and
/// parent-group, section-name-assumed, hostname-ignored, mesh-hostnames, namespace-labels-unknown,
/// conflicted-listener, unmatched-requests, no-backend-refs, zero-weights, extension-ref,
/// invalid-regex, policy-conflict, policy-target.
Diagnostics check_references(const RoutingTable& table);

/// The same over a table made of `resources`.
Diagnostics check_references(const Resources& resources, const RoutingOptions& options = {});

}  // namespace spillway::model
