// What Cilium's operator writes into the status of routes, which decides what it programs
// (operator/pkg/gateway-api/routechecks in cilium/cilium). Internal to the profile. Pure functions.
#pragma once

#include <string>

#include "model/profiles/cilium/ingest.h"

namespace spillway::model::cilium {

/// The two conditions of a parentRef; the parent exists and is Cilium's.
struct ParentStatus {
  bool accepted = true;
  std::string accepted_reason = "Accepted";
  bool refs_resolved = true;
  std::string refs_reason = "ResolvedRefs";
  /// Left out in spite of its conditions.
  bool dropped_silently = false;
  bool programmed() const { return accepted && !dropped_silently; }
};

ParentStatus gateway_status(const HttpRoute& route, const ParentReference& parent,
                            const Gateway& gateway, const ResourceIndex& index,
                            const Options& options);
ParentStatus service_status(const HttpRoute& route, const ParentReference& parent,
                            const ResourceIndex& index, const Options& options);

}  // namespace spillway::model::cilium
