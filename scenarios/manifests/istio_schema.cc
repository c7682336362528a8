#include "scenarios/manifests/rules.h"
#include "scenarios/manifests/schemas.h"

namespace spillway::scenarios::manifests {
namespace {

Schema labels() { return map_of(text()); }
Schema names() { return list_of(text()); }

Schema string_match() {
  return object({field("exact", text()), field("prefix", text()), field("regex", text())})
      .with(string_match_rules());
}

Schema destination() {
  return object({
      required("host", text().at_least(1)),
      field("subset", text()),
      field("port", object({field("number", integer(0, 65535))})),
  });
}

Schema header_operations() {
  return object({field("set", labels()), field("add", labels()), field("remove", names())});
}

Schema headers() {
  return object({field("request", header_operations()), field("response", header_operations())});
}

Schema match_request() {
  return object({
      field("name", text()),
      field("uri", string_match()),
      field("scheme", string_match()),
      field("method", string_match()),
      field("authority", string_match()),
      field("headers", map_of(string_match())),
      field("withoutHeaders", map_of(string_match())),
      field("queryParams", map_of(string_match())),
      field("port", integer(0, 65535)),
      field("sourceLabels", labels()),
      field("sourceNamespace", text()),
      field("gateways", names()),
      field("ignoreUriCase", boolean()),
      field("statPrefix", text()),
  });
}

Schema percentage() { return object({field("value", number(0, 100))}); }

Schema fault() {
  return object({
      field("delay", object({
                         field("fixedDelay", istio_duration()),
                         field("exponentialDelay", istio_duration()),
                         field("percentage", percentage()),
                         field("percent", integer(0, 100)),
                     })),
      field("abort", object({
                                field("httpStatus", integer(200, 599)),
                                field("grpcStatus", text()),
                                field("http2Error", text()),
                                field("percentage", percentage()),
                            })
                         .with(fault_abort_rules())),
  });
}

Schema redirect() {
  return object({
      field("uri", text()),
      field("authority", text()),
      field("port", port_number()),
      field("derivePort", choice({"FROM_PROTOCOL_DEFAULT", "FROM_REQUEST_PORT"})),
      field("scheme", text()),
      field("redirectCode", integer(0, 599)),
  });
}

Schema rewrite() {
  return object({
      field("uri", text()),
      field("authority", text()),
      field("uriRegexRewrite", object({field("match", text()), field("rewrite", text())})),
  });
}

Schema cors_policy() {
  return object({
      field("allowOrigin", names()),
      field("allowOrigins", list_of(string_match())),
      field("allowMethods", names()),
      field("allowHeaders", names()),
      field("exposeHeaders", names()),
      field("maxAge", text().matching(kGoDuration)),
      field("allowCredentials", boolean()),
      field("unmatchedPreflights", choice({"UNSPECIFIED", "FORWARD", "IGNORE"})),
  });
}

Schema http_route() {
  Schema route = object({required("destination", destination()),
                         field("weight", integer(0, kMaxInt)), field("headers", headers())});
  Schema mirror =
      object({required("destination", destination()), field("percentage", percentage())});
  return object(
             {
                 field("name", text()),
                 field("match", list_of(match_request())),
                 field("route", list_of(std::move(route))),
                 field("redirect", redirect()),
                 field("directResponse",
                       object({
                           required("status", integer(200, 599)),
                           field("body", object({field("string", text()), field("bytes", text())})),
                       })),
                 field("delegate", object({field("name", text()), field("namespace", text())})),
                 field("rewrite", rewrite()),
                 field("timeout", istio_duration()),
                 field("retries", istio_retries().with(istio_retries_rules())),
                 field("fault", fault()),
                 field("mirror", destination()),
                 field("mirrors", list_of(std::move(mirror))),
                 field("mirrorPercent", integer(0, 100)),
                 field("mirror_percent", integer(0, 100)),
                 field("mirrorPercentage", percentage()),
                 field("corsPolicy", cors_policy()),
                 field("headers", headers()),
             })
      .with(virtual_service_http_rules());
}

Schema virtual_service() {
  return manifest_schema(kDnsName, 253,
                         required("spec", object({
                                              field("hosts", names()),
                                              field("gateways", names()),
                                              field("http", list_of(http_route())),
                                              field("tls", list_of(anything())),
                                              field("tcp", list_of(anything())),
                                              field("exportTo", names()),
                                          })));
}

}  // namespace

Schema istio_duration() { return text().matching(kGoDuration).with(istio_duration_rules()); }

Schema istio_retries() {
  return object({
      field("attempts", integer(0, kMaxInt)),
      field("perTryTimeout", istio_duration()),
      field("retryOn", text()),
      field("retryRemoteLocalities", boolean()),
      field("retryIgnorePreviousHosts", boolean()),
      field("backoff", istio_duration()),
  });
}

const Schema& virtual_service_schema() {
  static const Schema schema = virtual_service();
  return schema;
}

}  // namespace spillway::scenarios::manifests
