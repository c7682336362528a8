#include "model/profiles/kgateway/options.h"

#include "model/profiles/common_options.h"

namespace spillway::model::kgateway {

Options options_for(std::string_view version) {
  Options options;
  if (version == "2.4" || version == "2.3") options.new_outlier_fields = false;
  if (version != "2.3") return options;
  options.retry_on_reset = false;
  options.backend_request_overall_too = true;
  options.gateway_policies_reach_routes = false;
  options.programmed_condition = false;
  options.newer_backend_config_wins = true;
  options.locality_weighted = false;
  options.session_cookie_path = false;
  return options;
}

ProfileInfo info() {
  ProfileInfo info;
  info.name = "kgateway";
  info.summary = "kgateway: an Envoy as gateway, its replicas shared by all clients";
  info.versions = {"2.3", "2.4", "2.5-dev"};
  info.options = {
      {"gatewayReplicas", "number", "1", "replicas, each with breakers and budgets of its own"},
      {"experimentalFeatures", "boolean", "true",
       "KGW_ENABLE_EXPERIMENTAL_GATEWAY_API_FEATURES: whether retry and sessionPersistence of "
       "HTTPRoutes act"},
      {"strictValidation", "boolean", "false",
       "each route and cluster is tried on an Envoy, and replaced where it is refused"},
      {"proxyLatency", "duration or distribution", "0.2ms", "one traversal of the gateway"},
      {"l4Latency", "duration or distribution", "0ms",
       "one traversal of an L4 proxy; there is none"},
      {"networkLatency", "duration or distribution", "0.2ms", "each way between two pods"},
      envoy_budget_override(),
      {"maxCallDepth", "number", "64", "calls within calls"},
  };
  info.validated = "configuration made by the translator of kgateway 2.3, 2.4 and main";
  return info;
}

}  // namespace spillway::model::kgateway
