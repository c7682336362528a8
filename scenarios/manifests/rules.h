// The CEL rules of the CRDs (x-kubernetes-validations), by the value at which they stand. Tables;
// any thread.
#pragma once

#include "scenarios/manifests/schema.h"

namespace spillway::scenarios::manifests {

Rules parent_refs_rules(model::Channel channel);  ///< of HTTPRoute and GRPCRoute
Rules route_rules_rules(model::Channel channel);  ///< of the list `rules` of both
Rules http_rule_rules();
Rules backend_ref_rules();  ///< every reference to a backend
Rules filters_rules();      ///< the list
Rules filter_rules();       ///< one filter
Rules cors_list_rules();
Rules external_auth_rules();
Rules mirror_rules();
Rules fraction_rules();
Rules path_modifier_rules();
Rules path_match_rules();
Rules grpc_method_rules();
Rules timeouts_rules();
Rules session_persistence_rules();
Rules budget_interval_rules();
Rules min_retry_interval_rules();
Rules listeners_rules();
Rules listener_tls_rules();
Rules addresses_rules();
Rules address_rules();
Rules istio_duration_rules();
Rules string_match_rules();
Rules fault_abort_rules();
Rules istio_retries_rules();
Rules virtual_service_http_rules();  ///< one route of the list `http`
Rules traffic_policy_rules();
Rules outlier_detection_rules();
Rules metadata_key_rules();       ///< of labels and annotations of a Gateway's infrastructure
Rules positive_duration_rules();  ///< a duration of one millisecond or more
Rules kgateway_fault_delay_rules();
Rules kgateway_fault_abort_rules();
Rules kgateway_fault_rules();
Rules kgateway_retry_rules();
Rules kgateway_traffic_policy_rules();
Rules kgateway_traffic_target_rules();
Rules kgateway_backend_target_rules();
Rules kgateway_breaker_rules();
Rules kgateway_load_balancer_rules();
Rules kgateway_hash_policy_rules();
Rules kgateway_aggression_rules();
Rules kgateway_backend_config_rules();
Rules service_rules();  ///< what the API server checks of a Service in code

/// "what (got X, expected Y)".
std::string clause(std::string_view what, std::string_view got, std::string_view expected);

}  // namespace spillway::scenarios::manifests
