// What `route` answers: which route, rule and backends serve one request. Writers of streams.
#pragma once

#include <iosfwd>

#include "model/gateway/routing.h"

namespace spillway::reports {

/// A status of the proxy's own, or the backends with their shares, and the request as they see it.
void write_route_text(std::ostream& out, const model::Routed& routed);

/// {"status", "route", "rule", "match", "backends", "request", "mirrors", "location", "reason"};
/// route, rule and match are null where no route is involved. `dependsOn` names the options of the
/// routing whose value decided.
void write_route_json(std::ostream& out, const model::Routed& routed);

}  // namespace spillway::reports
