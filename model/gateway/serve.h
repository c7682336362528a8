// What becomes of a request that a rule serves: filters, then backends by weight. Internal to
// model/gateway.
#pragma once

#include "model/gateway/filters.h"
#include "model/gateway/routing.h"

namespace spillway::model {

struct ServeContext {
  const ResourceIndex& index;
  const RoutingOptions& options;
  Entry entry;
  bool mesh = false;  ///< entered through a Service parent
};

/// `chosen` must have matched `request`.
Routed serve(const ServeContext& context, const Candidate& chosen, const Request& request);

/// Sorted, each once.
void note(std::vector<RoutingOption>& options, RoutingOption option);

}  // namespace spillway::model
