#include "scenarios/manifests/rules.h"
#include "scenarios/manifests/schemas.h"

namespace spillway::scenarios::manifests {
namespace {

Schema service_port() {
  return object({
      field("name", text().at_most(63).matching(kDnsLabel)),
      required("port", port_number()),
      field("targetPort", integer_or_text()),
      field("nodePort", integer(0, 65535)),
      field("protocol", choice({"TCP", "UDP", "SCTP"})).defaults_to(string_node("TCP")),
      field("appProtocol", text().matching(kQualifiedName)),
  });
}

Schema service_spec() {
  return object({
                    field("type", choice({"ClusterIP", "NodePort", "LoadBalancer", "ExternalName"}))
                        .defaults_to(string_node("ClusterIP")),
                    field("ports", list_of(service_port())),
                    field("selector", map_of(text())),
                    field("clusterIP", text()),
                    field("clusterIPs", list_of(text())),
                    field("externalName", text()),
                    field("externalIPs", list_of(text())),
                    field("externalTrafficPolicy", choice({"Cluster", "Local"})),
                    field("internalTrafficPolicy", choice({"Cluster", "Local"})),
                    field("trafficDistribution", text()),
                    field("healthCheckNodePort", integer(0, 65535)),
                    field("ipFamilies", list_of(choice({"IPv4", "IPv6"}))),
                    field("ipFamilyPolicy",
                          choice({"SingleStack", "PreferDualStack", "RequireDualStack"})),
                    field("allocateLoadBalancerNodePorts", boolean()),
                    field("loadBalancerClass", text()),
                    field("loadBalancerIP", text()),
                    field("loadBalancerSourceRanges", list_of(text())),
                    field("publishNotReadyAddresses", boolean()),
                    field("sessionAffinity", choice({"None", "ClientIP"})),
                    field("sessionAffinityConfig",
                          object({field("clientIP",
                                        object({field("timeoutSeconds", integer(1, 86400))}))})),
                })
      .with(service_rules());
}

}  // namespace

const Schema& service_schema() {
  static const Schema schema = manifest_schema(kDns1035Label, 63, required("spec", service_spec()));
  return schema;
}

const Schema& namespace_schema() {
  static const Schema schema =
      manifest_schema(kDnsLabel, 63, field("spec", object({field("finalizers", list_of(text()))})));
  return schema;
}

}  // namespace spillway::scenarios::manifests
