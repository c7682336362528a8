// Findings about the rules of routes: references, weights, filters, expressions. Internal to
// model/gateway.
#pragma once

#include "model/gateway/routing.h"
#include "model/spec/diagnostic.h"

namespace spillway::model {

void check_rules(const RoutingTable& table, Diagnostics& diagnostics);

}  // namespace spillway::model
