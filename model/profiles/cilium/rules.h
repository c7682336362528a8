// The rules of a route, one entry a match: which of its references are valid, and which entries
// become one Envoy route. Internal to the profile. Pure function.
#pragma once

#include <string>
#include <vector>

#include "model/profiles/cilium/ingest.h"

namespace spillway::model::cilium {

/// Appends the matches of all rules of `route` on a listener to `to`.
void ingest_rules(const HttpRoute& route, const std::vector<std::string>& hostnames, int port,
                  const ResourceIndex& index, const Options& options, std::vector<RuleMatch>& to);

}  // namespace spillway::model::cilium
