// The choice among all matches that fit a request. Internal to model/gateway.
#pragma once

#include <vector>

#include "model/gateway/match.h"
#include "model/gateway/options.h"

namespace spillway::model {

/// Everything that could serve one request.
struct Pool {
  std::vector<Candidate> candidates;
  /// Hostnames of routes that stand for the host of the request, whether or not a match of the
  /// route fits (rule and match are -1).
  std::vector<Candidate> hosts;
  int best_listener = -1;  ///< the most specific one whose hostname stands for the host
};

/// The candidate that serves the request; null where none may.
const Candidate* choose(const Pool& pool, const RoutingOptions& options);

/// The options of which another value would have chosen another candidate, ascending.
std::vector<RoutingOption> choice_depends_on(const Pool& pool, const RoutingOptions& options);

}  // namespace spillway::model
