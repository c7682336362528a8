// HTTPRoutes and GRPCRoutes as istiod reads them: every rule and match becomes one route of a
// VirtualService (pilot/pkg/config/kube/gateway/conversion.go). Pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/gateway/index.h"
#include "model/profiles/istio/version.h"
#include "model/resources/resources.h"

namespace spillway::model::istio {

/// What the ResolvedRefs condition says.
struct ConfigError {
  std::string reason;
  std::string message;
};

struct ConvertedRoute {
  std::vector<HttpRoute> routes;  ///< empty after an error that stops the whole route
  std::optional<ConfigError> error;
};

/// `mesh`: for its Service parents, where references into other namespaces need no grant.
ConvertedRoute convert(const model::HttpRoute& route, bool mesh, const ResourceIndex& index,
                       const Behavior& behavior);

/// Exact, then prefixes by length, then expressions; then method, headers, queries. Equal ones stay
/// in order.
void sort_by_precedence(std::vector<HttpRoute>& routes);

}  // namespace spillway::model::istio
