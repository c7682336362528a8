// kgateway's versions and options as data. Plain values; any thread.
#pragma once

#include <string_view>

#include "model/profiles/profile.h"

namespace spillway::model::kgateway {

ProfileInfo info();

struct Options {
  /// KGW_ENABLE_EXPERIMENTAL_GATEWAY_API_FEATURES: without it, `retry` and `sessionPersistence` of
  /// HTTPRoutes count as absent.
  bool experimental_features = true;
  /// Every route and cluster is tried on an Envoy before it is sent; the default only checks some
  /// fields.
  bool strict_validation = false;

  // What versions differ in.

  bool retry_on_reset = true;  ///< since 2.4 (#14245)
  /// Before 2.4 a backendRequest beside a retry without `request` is the overall timeout too, so
  /// that Envoy drops it as the limit of a try.
  bool backend_request_overall_too = false;
  /// Since 2.4 the timeouts and retries of policies on Gateways and listeners reach the routes;
  /// before, only the retry of one on a listener did.
  bool gateway_policies_reach_routes = true;
  /// Since 2.4 a replaced rule is told by the condition kgateway.dev/Programmed, not by Accepted.
  bool programmed_condition = true;
  /// Before 2.4 the newer of two BackendConfigPolicies wins, field by field.
  bool newer_backend_config_wins = false;
  bool locality_weighted = true;    ///< since 2.4
  bool session_cookie_path = true;  ///< since 2.4
  /// Fields of outlierDetection that are newer than 2.4.
  bool new_outlier_fields = true;
};

/// Of a version that info() names; "" is the newest.
Options options_for(std::string_view version);

}  // namespace spillway::model::kgateway
