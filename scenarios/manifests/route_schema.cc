#include "scenarios/manifests/rules.h"
#include "scenarios/manifests/schemas.h"

namespace spillway::scenarios::manifests {
namespace {

using model::Channel;

Schema parent_ref() {
  return object({
      field("group", group_name()).defaults_to(string_node("gateway.networking.k8s.io")),
      field("kind", kind_name()).defaults_to(string_node("Gateway")),
      field("namespace", namespace_name()),
      required("name", object_name()),
      field("sectionName", section_name()),
      field("port", port_number()),
  });
}

std::vector<Field> backend_fields() {
  return {
      field("group", group_name()).defaults_to(string_node("")),
      field("kind", kind_name()).defaults_to(string_node("Service")),
      required("name", object_name()),
      field("namespace", namespace_name()),
      field("port", port_number()),
  };
}

Schema backend_object() { return object(backend_fields()).with(backend_ref_rules()); }

Schema header_name() { return text().between(1, 256).matching(kHeaderName); }

/// The form of header values is checked in the experimental channel only.
Schema header_value(Channel channel) {
  Schema value = text().between(1, 4096);
  if (channel == Channel::experimental) value.pattern = &kHeaderValue;
  return value;
}

Schema header_modifier(Channel channel) {
  const auto headers = [&] {
    return list_of(
               object({required("name", header_name()), required("value", header_value(channel))}))
        .at_most(16)
        .distinct_by({"name"});
  };
  return object({
      field("set", headers()),
      field("add", headers()),
      field("remove", list_of(text()).at_most(16).distinct()),
  });
}

Schema request_mirror() {
  Schema fraction =
      object({required("numerator", integer(0, kMaxInt)),
              field("denominator", integer(1, kMaxInt)).defaults_to(number_node(100))});
  return object({
                    required("backendRef", backend_object()),
                    field("percent", integer(0, 100)),
                    field("fraction", std::move(fraction).with(fraction_rules())),
                })
      .with(mirror_rules());
}

Schema path_modifier() {
  return object({
                    required("type", choice({"ReplaceFullPath", "ReplacePrefixMatch"})),
                    field("replaceFullPath", text().at_most(1024)),
                    field("replacePrefixMatch", text().at_most(1024)),
                })
      .with(path_modifier_rules());
}

Schema precise_hostname() { return text().between(1, 253).matching(kDnsName); }

Schema request_redirect() {
  Schema status = integer(301, 308);
  status.one_of = {"301", "302", "303", "307", "308"};
  return object({
      field("scheme", choice({"http", "https"})),
      field("hostname", precise_hostname()),
      field("path", path_modifier()),
      field("port", port_number()),
      field("statusCode", std::move(status)).defaults_to(number_node(302)),
  });
}

Schema url_rewrite() {
  return object({field("hostname", precise_hostname()), field("path", path_modifier())});
}

Schema cors() {
  const auto list = [](Schema item, std::int64_t most) {
    return list_of(std::move(item)).at_most(most).distinct();
  };
  return object({
      field("allowOrigins",
            list(text().between(1, 253).matching(kCorsOrigin), 64).with(cors_list_rules())),
      field("allowCredentials", boolean()),
      field("allowMethods", list(choice({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT",
                                         "OPTIONS", "TRACE", "PATCH", "*"}),
                                 9)
                                .with(cors_list_rules())),
      field("allowHeaders", list(header_name(), 64).with(cors_list_rules())),
      field("exposeHeaders", list(header_name(), 64)),
      field("maxAge", integer(1, kMaxInt)).defaults_to(number_node(5)),
  });
}

Schema external_auth() {
  const auto headers = [] { return list_of(text()).at_most(64).distinct(); };
  return object({
                    required("protocol", choice({"HTTP", "GRPC"})),
                    required("backendRef", backend_object()),
                    field("grpc", object({field("allowedHeaders", headers())})),
                    field("http", object({
                                      field("path", text().at_most(1024).matching(kPathCharacters)),
                                      field("allowedHeaders", headers()),
                                      field("allowedResponseHeaders", headers()),
                                  })),
                    field("forwardBody", object({field("maxSize", integer(0, kMaxInt))})),
                })
      .with(external_auth_rules());
}

Schema extension_ref() {
  return object({required("group", group_name()), required("kind", kind_name()),
                 required("name", object_name())});
}

Schema list_of_filters(Schema filter) {
  return list_of(std::move(filter).with(filter_rules())).at_most(16).with(filters_rules());
}

Schema http_filters(Channel channel) {
  Schema type = choice({"RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror",
                        "RequestRedirect", "URLRewrite", "ExtensionRef", "CORS"});
  if (channel == Channel::experimental) type.one_of.push_back("ExternalAuth");
  return list_of_filters(object({
      required("type", std::move(type)),
      field("requestHeaderModifier", header_modifier(channel)),
      field("responseHeaderModifier", header_modifier(channel)),
      field("requestMirror", request_mirror()),
      field("requestRedirect", request_redirect()),
      field("urlRewrite", url_rewrite()),
      field("cors", cors()),
      experimental("externalAuth", external_auth()),
      field("extensionRef", extension_ref()),
  }));
}

Schema grpc_filters(Channel channel) {
  return list_of_filters(object({
      required("type", choice({"ResponseHeaderModifier", "RequestHeaderModifier", "RequestMirror",
                               "ExtensionRef"})),
      field("requestHeaderModifier", header_modifier(channel)),
      field("responseHeaderModifier", header_modifier(channel)),
      field("requestMirror", request_mirror()),
      field("extensionRef", extension_ref()),
  }));
}

Schema backend_refs(Schema filters) {
  std::vector<Field> fields = backend_fields();
  fields.push_back(field("weight", integer(0, 1'000'000)).defaults_to(number_node(1)));
  fields.push_back(field("filters", std::move(filters)));
  return list_of(object(std::move(fields)).with(backend_ref_rules())).at_most(16);
}

Schema named_matches(Schema value) {
  return list_of(object({
                     required("name", header_name()),
                     required("value", std::move(value)),
                     field("type", choice({"Exact", "RegularExpression"}))
                         .defaults_to(string_node("Exact")),
                 }))
      .at_most(16)
      .distinct_by({"name"});
}

Schema http_match(Channel channel) {
  Schema path = object({
      field("type", choice({"Exact", "PathPrefix", "RegularExpression"}))
          .defaults_to(string_node("PathPrefix")),
      field("value", text().at_most(1024)).defaults_to(string_node("/")),
  });
  return object({
      field("path", std::move(path).with(path_match_rules())).defaults_to(object_node()),
      field("headers", named_matches(header_value(channel))),
      field("queryParams", named_matches(text().between(1, 1024))),
      field("method", choice({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE",
                              "PATCH"})),
  });
}

Schema grpc_match() {
  Schema method = object({
      field("type", choice({"Exact", "RegularExpression"})).defaults_to(string_node("Exact")),
      field("service", text().at_most(1024)),
      field("method", text().at_most(1024)),
  });
  return object({
      field("method", std::move(method).with(grpc_method_rules())),
      field("headers", named_matches(text().between(1, 4096))),
  });
}

Schema retry() {
  return object({
      field("codes", list_of(integer(400, 599)).distinct()),
      field("attempts", integer(1, kMaxInt)),
      field("backoff", duration()),
  });
}

Schema timeouts() {
  return object({field("request", duration()), field("backendRequest", duration())})
      .with(timeouts_rules());
}

Schema http_rule(Channel channel) {
  return object({
                    field("name", section_name()),
                    field("matches", list_of(http_match(channel)).at_most(64))
                        .defaults_to(list_of_one_default()),
                    field("filters", http_filters(channel)),
                    field("backendRefs", backend_refs(http_filters(channel))),
                    field("timeouts", timeouts()),
                    experimental("retry", retry()),
                    experimental("sessionPersistence", session_persistence()),
                })
      .with(http_rule_rules());
}

Schema grpc_rule(Channel channel) {
  return object({
      field("name", section_name()),
      field("matches", list_of(grpc_match()).at_most(64)),
      field("filters", grpc_filters(channel)),
      field("backendRefs", backend_refs(grpc_filters(channel))),
      experimental("sessionPersistence", session_persistence()),
  });
}

Schema route(Channel channel, Field rules) {
  return manifest_schema(
      kDnsName, 253,
      required("spec",
               object({
                   field("parentRefs",
                         list_of(parent_ref()).at_most(32).with(parent_refs_rules(channel))),
                   field("hostnames", list_of(hostname()).at_most(16)),
                   std::move(rules),
                   experimental("useDefaultGateways", choice({"All", "None"})),
               })));
}

Schema http_route(Channel channel) {
  return route(
      channel,
      field("rules", list_of(http_rule(channel)).between(1, 16).with(route_rules_rules(channel)))
          .defaults_to(list_of_one_default()));
}

Schema grpc_route(Channel channel) {
  return route(
      channel,
      field("rules", list_of(grpc_rule(channel)).at_most(16).with(route_rules_rules(channel))));
}

}  // namespace

const Schema& http_route_schema(Channel channel) {
  static const Schema standard = http_route(Channel::standard);
  static const Schema experimental_one = http_route(Channel::experimental);
  return channel == Channel::standard ? standard : experimental_one;
}

const Schema& grpc_route_schema(Channel channel) {
  static const Schema standard = grpc_route(Channel::standard);
  static const Schema experimental_one = grpc_route(Channel::experimental);
  return channel == Channel::standard ? standard : experimental_one;
}

}  // namespace spillway::scenarios::manifests
