#include "scenarios/manifests/rules.h"
#include "scenarios/manifests/schemas.h"

namespace spillway::scenarios::manifests {
namespace {

Schema amount() { return integer(0, kMaxInt); }
Schema percent() { return integer(0, 100); }
Schema short_duration() { return duration().at_most(32); }
Schema positive_duration() { return short_duration().with(positive_duration_rules()); }

std::vector<Field> target_fields(Field which, bool sections) {
  std::vector<Field> fields{required("group", group_name()), required("kind", kind_name()),
                            std::move(which)};
  if (sections) fields.push_back(field("sectionName", section_name()));
  return fields;
}

Field target_refs(bool sections, const Rules& rules) {
  return field("targetRefs",
               list_of(object(target_fields(required("name", object_name()), sections)))
                   .between(1, 16)
                   .with(rules));
}

Field target_selectors(bool sections, const Rules& rules) {
  return field("targetSelectors",
               list_of(object(target_fields(required("matchLabels", map_of(text())), sections)))
                   .with(rules));
}

Schema retry() {
  return object(
             {
                 field(
                     "retryOn",
                     list_of(choice({"5xx", "gateway-error", "reset", "reset-before-request",
                                     "connect-failure", "envoy-ratelimited", "retriable-4xx",
                                     "refused-stream", "retriable-status-codes",
                                     "http3-post-connect-failure", "cancelled", "deadline-exceeded",
                                     "internal", "resource-exhausted", "unavailable"}))
                         .at_least(1)),
                 field("attempts", amount()).defaults_to(number_node(1)),
                 field("perTryTimeout", positive_duration()),
                 field("statusCodes", list_of(integer(400, 599)).at_least(1)),
                 field("backoffBaseInterval", positive_duration()).defaults_to(string_node("25ms")),
             })
      .with(kgateway_retry_rules());
}

Schema fault_injection() {
  const auto percentage = [] {
    return field("percentage", percent()).defaults_to(number_node(100));
  };
  Schema delay =
      object({required("fixedDelay", duration().with(kgateway_fault_delay_rules())), percentage()});
  Schema abort = object({field("httpStatus", integer(200, 599)),
                         field("grpcStatus", integer(0, 16)), percentage()})
                     .with(kgateway_fault_abort_rules());
  Schema rate = object({required("kbitsPerSecond", integer(1, kMaxInt)), percentage()});
  return object({
                    field("delay", std::move(delay)),
                    field("abort", std::move(abort)),
                    field("responseRateLimit", std::move(rate)),
                    field("maxActiveFaults", amount()),
                    field("disable", object({})),
                })
      .with(kgateway_fault_rules());
}

Schema slow_start() {
  return object({field("window", short_duration()),
                 field("aggression", text().with(kgateway_aggression_rules())),
                 field("minWeightPercent", percent())});
}

Schema hash_policies() {
  Schema cookie =
      object({required("name", text().at_least(1)), field("path", text()),
              field("ttl", short_duration()), field("secure", boolean()),
              field("httpOnly", boolean()), field("sameSite", choice({"Strict", "Lax", "None"}))});
  return list_of(object({field("header", object({required("name", text().at_least(1))})),
                         field("cookie", std::move(cookie)), field("sourceIP", object({})),
                         field("terminal", boolean())})
                     .with(kgateway_hash_policy_rules()))
      .between(1, 16);
}

Schema load_balancer() {
  return object({
                    field("healthyPanicThreshold", percent()),
                    field("updateMergeWindow", short_duration()),
                    field("leastRequest",
                          object({field("choiceCount", amount()).defaults_to(number_node(2)),
                                  field("slowStart", slow_start())})),
                    field("roundRobin", object({field("slowStart", slow_start())})),
                    field("ringHash", object({field("minimumRingSize", amount()),
                                              field("maximumRingSize", amount()),
                                              field("useHostnameForHashing", boolean()),
                                              field("hashPolicies", hash_policies())})),
                    field("maglev", object({field("useHostnameForHashing", boolean()),
                                            field("hashPolicies", hash_policies())})),
                    field("random", object({})),
                    field("localityType", choice({"WeightedLb"})),
                    field("zoneAware", anything()),
                    field("closeConnectionsOnHostSetChange", boolean()),
                })
      .with(kgateway_load_balancer_rules());
}

Schema outlier_detection() {
  return object({
      field("consecutive5xx", amount()).defaults_to(number_node(5)),
      field("enforcingConsecutive5xx", percent()),
      field("splitExternalLocalOriginErrors", boolean()),
      field("consecutiveLocalOriginFailure", amount()),
      field("enforcingConsecutiveLocalOriginFailure", percent()),
      field("interval", positive_duration()).defaults_to(string_node("10s")),
      field("baseEjectionTime", positive_duration()).defaults_to(string_node("30s")),
      field("maxEjectionPercent", percent()).defaults_to(number_node(10)),
  });
}

Schema circuit_breakers() {
  return object({field("maxConnections", integer(1, kMaxInt)),
                 field("maxPendingRequests", integer(1, kMaxInt)),
                 field("maxRequests", integer(1, kMaxInt)), field("maxRetries", amount())})
      .with(kgateway_breaker_rules());
}

Schema http_options() {
  return object({field("idleTimeout", short_duration()),
                 field("maxConnectionDuration", short_duration()),
                 field("maxHeadersCount", amount()), field("maxStreamDuration", short_duration()),
                 field("maxRequestsPerConnection", amount())});
}

std::vector<Field> unread(std::vector<Field> fields, std::vector<std::string_view> names) {
  for (const std::string_view name : names) fields.push_back(field(name, anything()));
  return fields;
}

}  // namespace

const Schema& kgateway_traffic_policy_schema() {
  const auto build = [] {
    return object(unread({target_refs(true, kgateway_traffic_target_rules()),
                          target_selectors(true, kgateway_traffic_target_rules()),
                          field("timeouts", object({field("request", short_duration()),
                                                    field("streamIdle", short_duration())})),
                          field("retry", retry()), field("faultInjection", fault_injection())},
                         {"transformation", "extProc", "extAuth", "rateLimit", "cors", "csrf",
                          "headerModifiers", "autoHostRewrite", "buffer", "rbac", "jwtAuth",
                          "urlRewrite", "compression", "basicAuth", "apiKeyAuth", "oauth2",
                          "tracing", "acl", "statPrefix"}))
        .with(kgateway_traffic_policy_rules());
  };
  static const Schema schema = manifest_schema(kDnsName, 253, required("spec", build()));
  return schema;
}

const Schema& kgateway_backend_config_policy_schema() {
  const auto build = [] {
    return object(unread({target_refs(false, kgateway_backend_target_rules()),
                          target_selectors(false, kgateway_backend_target_rules()),
                          field("connectTimeout", short_duration()),
                          field("perConnectionBufferLimitBytes", amount()),
                          field("commonHttpProtocolOptions", http_options()),
                          field("loadBalancer", load_balancer()),
                          field("outlierDetection", outlier_detection()),
                          field("circuitBreakers", circuit_breakers())},
                         {"dns", "tcpKeepalive", "http1ProtocolOptions", "http2ProtocolOptions",
                          "tls", "healthCheck", "upstreamProxyProtocol"}))
        .with(kgateway_backend_config_rules());
  };
  static const Schema schema = manifest_schema(kDnsName, 253, required("spec", build()));
  return schema;
}

const Schema& kgateway_direct_response_schema() {
  static const Schema schema = manifest_schema(
      kDnsName, 253,
      required("spec",
               object({required("status", integer(200, 599)), field("body", text().at_most(4096)),
                       field("bodyFormat", anything())})));
  return schema;
}

const Schema& kgateway_backend_schema() {
  const auto build = [] {
    Schema host = object({required("host", text().at_least(1)), required("port", port_number())});
    return object(
        unread({field("type", text()),
                field("static", object({required("hosts", list_of(std::move(host)).at_least(1)),
                                        field("appProtocol", text())}))},
               {"aws", "gcp", "dynamicForwardProxy"}));
  };
  static const Schema schema = manifest_schema(kDnsName, 253, required("spec", build()));
  return schema;
}

}  // namespace spillway::scenarios::manifests
