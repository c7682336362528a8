#include "scenarios/manifests/rules.h"
#include "scenarios/manifests/schemas.h"

namespace spillway::scenarios::manifests {
namespace {

Schema whole() { return integer(0, kMaxInt); }

Schema consistent_hash() {
  return object({
      field("httpHeaderName", text()),
      field("httpCookie", object({
                              required("name", text()),
                              field("path", text()),
                              field("ttl", text().matching(kGoDuration)),
                              field("attributes", list_of(anything())),
                          })),
      field("useSourceIp", boolean()),
      field("httpQueryParameterName", text()),
      field("ringHash", object({field("minimumRingSize", whole())})),
      field("maglev", object({field("tableSize", whole())})),
      field("minimumRingSize", whole()),
  });
}

Schema load_balancer() {
  return object({
      field("simple", choice({"UNSPECIFIED", "LEAST_CONN", "RANDOM", "PASSTHROUGH", "ROUND_ROBIN",
                              "LEAST_REQUEST"})),
      field("consistentHash", consistent_hash()),
      field("localityLbSetting", object({
                                     field("distribute", list_of(anything())),
                                     field("failover", list_of(anything())),
                                     field("failoverPriority", list_of(text())),
                                     field("enabled", boolean()),
                                 })),
      field("warmupDurationSecs", istio_duration()),
      field("warmup", object({
                          required("duration", istio_duration()),
                          field("minimumPercent", number(0, 100)),
                          field("aggression", number(1, kMaxInt)),
                      })),
  });
}

Schema port_level_settings() {
  return list_of(object({
      field("port", object({field("number", port_number())})),
      field("loadBalancer", load_balancer()),
      field("connectionPool", istio_connection_pool()),
      field("outlierDetection", istio_outlier_detection()),
      field("tls", anything()),
  }));
}

Schema retry_budget() {
  return object({
      field("percent", number(0, 100)),
      field("minRetryConcurrency", whole()),
      field("budgetInterval", istio_duration()),
  });
}

Schema traffic_policy() {
  return object({
                    field("loadBalancer", load_balancer()),
                    field("connectionPool", istio_connection_pool()),
                    field("outlierDetection", istio_outlier_detection()),
                    field("tls", anything()),
                    field("portLevelSettings", port_level_settings()),
                    field("tunnel", anything()),
                    field("proxyProtocol", anything()),
                    field("retryBudget", retry_budget()),
                })
      .with(traffic_policy_rules());
}

Schema destination_rule() {
  Schema subset = object({required("name", text().at_least(1)), field("labels", map_of(text())),
                          field("trafficPolicy", traffic_policy())});
  return manifest_schema(
      kDnsName, 253,
      required("spec",
               object({
                   required("host", text().at_least(1)),
                   field("trafficPolicy", traffic_policy()),
                   field("subsets", list_of(std::move(subset))),
                   field("exportTo", list_of(text())),
                   field("workloadSelector", object({field("matchLabels", map_of(text()))})),
               })));
}

/// Fields of MeshConfig that say nothing about requests.
constexpr std::string_view kOtherMeshFields[] = {"accessLogEncoding",
                                                 "accessLogFile",
                                                 "accessLogFormat",
                                                 "ca",
                                                 "caCertificates",
                                                 "certificates",
                                                 "configSources",
                                                 "defaultConfig",
                                                 "defaultDestinationRuleExportTo",
                                                 "defaultProviders",
                                                 "defaultServiceExportTo",
                                                 "defaultVirtualServiceExportTo",
                                                 "disableEnvoyListenerLog",
                                                 "discoverySelectors",
                                                 "dnsRefreshRate",
                                                 "enableAutoMtls",
                                                 "enableEnvoyAccessLogService",
                                                 "enablePrometheusMerge",
                                                 "enableTracing",
                                                 "extensionProviders",
                                                 "hboneIdleTimeout",
                                                 "inboundClusterStatName",
                                                 "inboundTrafficPolicy",
                                                 "ingressClass",
                                                 "ingressControllerMode",
                                                 "ingressSelector",
                                                 "ingressService",
                                                 "localityLbSetting",
                                                 "meshMTLS",
                                                 "outboundClusterStatName",
                                                 "outboundTrafficPolicy",
                                                 "pathNormalization",
                                                 "protocolDetectionTimeout",
                                                 "proxyHttpPort",
                                                 "proxyInboundListenPort",
                                                 "proxyListenPort",
                                                 "serviceScopeConfigs",
                                                 "serviceSettings",
                                                 "tcpKeepalive",
                                                 "thriftConfig",
                                                 "tlsDefaults",
                                                 "trustDomain",
                                                 "trustDomainAliases",
                                                 "verifyCertificateAtClient"};

Schema mesh_config() {
  std::vector<Field> fields{
      field("defaultHttpRetryPolicy", istio_retries()),
      field("defaultInboundHttpRetryPolicy", istio_retries()),
      field("defaultTrafficPolicy", object({field("connectionPool", istio_connection_pool()),
                                            field("outlierDetection", istio_outlier_detection())})),
      field("connectTimeout", istio_duration()),
      field("rootNamespace", text()),
      field("h2UpgradePolicy", choice({"DO_NOT_UPGRADE", "UPGRADE"})),
  };
  for (const std::string_view name : kOtherMeshFields) fields.push_back(field(name, anything()));
  return object(std::move(fields));
}

}  // namespace

Schema istio_connection_pool() {
  return object({
      field("tcp", object({
                       field("maxConnections", whole()),
                       field("connectTimeout", istio_duration()),
                       field("tcpKeepalive", anything()),
                       field("maxConnectionDuration", istio_duration()),
                       field("idleTimeout", istio_duration()),
                   })),
      field("http", object({
                        field("http1MaxPendingRequests", whole()),
                        field("http2MaxRequests", whole()),
                        field("maxRequestsPerConnection", whole()),
                        field("maxRetries", whole()),
                        field("idleTimeout", istio_duration()),
                        field("h2UpgradePolicy", choice({"DEFAULT", "DO_NOT_UPGRADE", "UPGRADE"})),
                        field("useClientProtocol", boolean()),
                        field("maxConcurrentStreams", whole()),
                    })),
  });
}

Schema istio_outlier_detection() {
  return object({
                    field("consecutiveErrors", whole()),
                    field("splitExternalLocalOriginErrors", boolean()),
                    field("consecutiveLocalOriginFailures", whole()),
                    field("consecutiveGatewayErrors", whole()),
                    field("consecutive5xxErrors", whole()),
                    field("interval", istio_duration()),
                    field("baseEjectionTime", istio_duration()),
                    field("maxEjectionPercent", integer(0, 100)),
                    field("minHealthPercent", integer(0, 100)),
                    field("outlierDetectionHttpErrorCodes", list_of(anything())),
                })
      .with(outlier_detection_rules());
}

const Schema& destination_rule_schema() {
  static const Schema schema = destination_rule();
  return schema;
}

const Schema& mesh_config_schema() {
  static const Schema schema = mesh_config();
  return schema;
}

}  // namespace spillway::scenarios::manifests
