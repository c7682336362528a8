// What differs between the versions of Istio that the profiles know. Constant data.
#pragma once

#include <string_view>

#include "model/profiles/profile.h"

namespace spillway::model::istio {

/// The behaviour of one version. 1.31 is the master branch of August 2026.
struct Behavior {
  std::string_view version;
  /// PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS is on: no cluster of a request's way out ever panics.
  bool panic_off_everywhere;
  /// A waypoint's default route retries as an outbound route, not as an inbound one.
  bool waypoint_default_retries;
  /// retryBudget.budgetInterval and the interval of XBackendTrafficPolicy reach Envoy.
  bool budget_window;
  /// MeshConfig.defaultTrafficPolicy and .defaultInboundHttpRetryPolicy exist.
  bool mesh_default_policies;
  /// Reply of a rule without backendRefs.
  int no_backend_refs_status;
};

/// The named version, or the newest for "" and unknown ones.
const Behavior& behavior(std::string_view version);

ProfileInfo ambient_info();
ProfileInfo ambient_l4_info();
ProfileInfo sidecar_info();

}  // namespace spillway::model::istio
