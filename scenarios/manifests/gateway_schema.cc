#include "scenarios/manifests/rules.h"
#include "scenarios/manifests/schemas.h"

namespace spillway::scenarios::manifests {
namespace {

Schema label_selector() {
  Schema expression = object(
      {required("key", text()), required("operator", text()), field("values", list_of(text()))});
  return object({field("matchLabels", map_of(text())),
                 field("matchExpressions", list_of(std::move(expression)))});
}

/// Who may attach, by namespace.
Schema namespaces(std::vector<std::string_view> choices, std::string preset) {
  return object({
      field("from", choice(std::move(choices))).defaults_to(string_node(std::move(preset))),
      field("selector", label_selector()),
  });
}

Schema allowed_routes() {
  Schema kind = object({
      field("group", group_name()).defaults_to(string_node("gateway.networking.k8s.io")),
      required("kind", kind_name()),
  });
  return object({
      field("namespaces", namespaces({"All", "Selector", "Same"}, "Same"))
          .defaults_to(object_node()),
      field("kinds", list_of(std::move(kind)).at_most(8)),
  });
}

Schema secret_ref() {
  return object({
      field("group", group_name()).defaults_to(string_node("")),
      field("kind", kind_name()).defaults_to(string_node("Secret")),
      required("name", object_name()),
      field("namespace", namespace_name()),
  });
}

Schema listener_tls() {
  return object({
                    field("mode", choice({"Terminate", "Passthrough"}))
                        .defaults_to(string_node("Terminate")),
                    field("certificateRefs", list_of(secret_ref()).at_most(64)),
                    field("options", map_of(text().at_most(4096)).at_most(16)),
                })
      .with(listener_tls_rules());
}

Schema listeners() {
  return list_of(object({
                     required("name", section_name()),
                     field("hostname", hostname()),
                     required("port", port_number()),
                     required("protocol", text().between(1, 255).matching(kProtocol)),
                     field("tls", listener_tls()),
                     field("allowedRoutes", allowed_routes()).defaults_to(object_node()),
                 }))
      .between(1, 64)
      .distinct_by({"name"})
      .with(listeners_rules());
}

Schema addresses() {
  Schema address = object({
      field("type", text().between(1, 253).matching(kAddressType))
          .defaults_to(string_node("IPAddress")),
      field("value", text().at_most(253)),
  });
  return list_of(std::move(address).with(address_rules())).at_most(16).with(addresses_rules());
}

Schema infrastructure() {
  return object({
      field("labels",
            map_of(text().at_most(63).matching(kLabelValue)).at_most(8).with(metadata_key_rules())),
      field("annotations", map_of(text().at_most(4096)).at_most(16).with(metadata_key_rules())),
      field("parametersRef", object({required("group", group_name()), required("kind", kind_name()),
                                     required("name", object_name())})),
  });
}

Schema frontend_validation() {
  Schema ca = object({required("group", group_name()), required("kind", kind_name()),
                      required("name", object_name()), field("namespace", namespace_name())});
  return object({
      required("caCertificateRefs", list_of(std::move(ca)).between(1, 16)),
      field("mode", choice({"AllowValidOnly", "AllowInsecureFallback"}))
          .defaults_to(string_node("AllowValidOnly")),
  });
}

Schema gateway_tls() {
  const auto with_validation = [] { return object({field("validation", frontend_validation())}); };
  Schema per_port = object({required("port", port_number()), required("tls", with_validation())});
  return object({
      field("backend", object({field("clientCertificateRef", secret_ref())})),
      field("frontend",
            object({
                required("default", with_validation()),
                field("perPort", list_of(std::move(per_port)).at_most(64).distinct_by({"port"})),
            })),
  });
}

Schema gateway() {
  return manifest_schema(
      kDnsName, 253,
      required("spec",
               object({
                   required("gatewayClassName", object_name()),
                   required("listeners", listeners()),
                   field("addresses", addresses()),
                   field("allowedListeners",
                         object({field("namespaces",
                                       namespaces({"All", "Selector", "Same", "None"}, "None"))
                                     .defaults_to(object_node())})),
                   experimental("defaultScope", choice({"All", "None"})),
                   field("infrastructure", infrastructure()),
                   field("tls", gateway_tls()),
               })));
}

}  // namespace

const Schema& gateway_schema() {
  static const Schema schema = gateway();
  return schema;
}

}  // namespace spillway::scenarios::manifests
