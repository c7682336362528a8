// Every CEL rule of the Gateway API CRDs has a case: where it stands, our name for it, a manifest
// that it accepts and one that it rejects. Here: how a case becomes manifests.
#pragma once

#include <gmock/gmock.h>

#include "tests/unit/scenarios/manifest_support.h"

namespace spillway::scenarios::manifests {

enum class Frame {
  http_spec,
  http_rule,
  http_filter,
  http_modifier,
  http_path,
  grpc_spec,
  grpc_rule,
  grpc_filter,
  gateway,
  listeners,
  policy
};

enum class In { both, standard, experimental };

struct CelCase {
  std::string site;  ///< kind, field below spec, number of the rule at that field in the CRD
  std::string rule;
  In channels;
  Frame frame;
  std::string accepted;
  std::string rejected;
};

inline std::string route(const std::string& kind, const std::string& spec) {
  return "apiVersion: gateway.networking.k8s.io/v1\nkind: " + kind +
         "\nmetadata: {name: x}\nspec: {" + spec + "}\n";
}

/// The places at which the snippet has to be tried.
inline std::vector<std::string> manifests(Frame frame, const std::string& s) {
  const std::string head = "apiVersion: gateway.networking.";
  const auto filters = [&](const std::string& kind, const std::string& filter) {
    return std::vector{
        route(kind, "rules: [{filters: [" + filter + "]}]"),
        route(kind, "rules: [{backendRefs: [{name: s, port: 80, filters: [" + filter + "]}]}]")};
  };
  switch (frame) {
    case Frame::http_spec:
      return {route("HTTPRoute", s)};
    case Frame::http_rule:
      return {route("HTTPRoute", "rules: [{" + s + "}]")};
    case Frame::http_filter:
      return filters("HTTPRoute", s);
    case Frame::http_modifier: {
      auto all =
          filters("HTTPRoute", "{type: RequestRedirect, requestRedirect: {path: {" + s + "}}}");
      for (auto& m : filters("HTTPRoute", "{type: URLRewrite, urlRewrite: {path: {" + s + "}}}"))
        all.push_back(m);
      return all;
    }
    case Frame::http_path:
      return {route("HTTPRoute", "rules: [{matches: [{path: {" + s + "}}]}]")};
    case Frame::grpc_spec:
      return {route("GRPCRoute", s)};
    case Frame::grpc_rule:
      return {route("GRPCRoute", "rules: [{" + s + "}]")};
    case Frame::grpc_filter:
      return filters("GRPCRoute", s);
    case Frame::gateway:
      return {head +
              "k8s.io/v1\nkind: Gateway\nmetadata: {name: x}\nspec: {gatewayClassName: c, "
              "listeners: [{name: a, port: 80, protocol: HTTP}], " +
              s + "}\n"};
    case Frame::listeners:
      return {head +
              "k8s.io/v1\nkind: Gateway\nmetadata: {name: x}\nspec: {gatewayClassName: c, "
              "listeners: [" +
              s + "]}\n"};
    case Frame::policy:
      return {head +
              "x-k8s.io/v1alpha1\nkind: XBackendTrafficPolicy\nmetadata: {name: x}\n"
              "spec: {targetRefs: [{group: \"\", kind: Service, name: s}], " +
              s + "}\n"};
  }
  return {};
}

inline std::vector<model::Channel> channels(In in) {
  if (in == In::standard) return {model::Channel::standard};
  if (in == In::experimental) return {model::Channel::experimental};
  return {model::Channel::standard, model::Channel::experimental};
}

inline std::string repeated(int times, const std::string& text) {
  std::string out;
  for (int i = 0; i < times; ++i) out += (i > 0 ? ", " : "") + text;
  return out;
}

/// Two rules with `first` and `second` matches.
inline std::string two_rules(int first, int second) {
  const auto rule = [](int n) { return "{matches: [" + repeated(n, "{}") + "]}"; };
  return "rules: [" + rule(first) + ", " + rule(second) + ", " + rule(1) + "]";
}

inline const std::string kTwo = "parentRefs: [{name: g, ";
inline const std::string kMod = "requestHeaderModifier: {}";
inline const std::string kSet = "{type: RequestHeaderModifier, requestHeaderModifier: {}}";
inline const std::string kRespond = "{type: ResponseHeaderModifier, responseHeaderModifier: {}}";
inline const std::string kRedirect = "{type: RequestRedirect, requestRedirect: {}}";
inline const std::string kRewrite = "{type: URLRewrite, urlRewrite: {}}";
inline const std::string kCors = "{type: CORS, cors: {}}";
inline const std::string kExtension = "extensionRef: {group: g, kind: K, name: e}";
inline const std::string kMirror = "requestMirror: {backendRef: {name: s, port: 80}}";
inline const std::string kAuth =
    "externalAuth: {protocol: HTTP, http: {}, backendRef: {name: s, port: 80}}";
inline const std::string kPrefix = "path: {type: ReplacePrefixMatch, replacePrefixMatch: /x}";
inline const std::string kFilterPrefixRedirect =
    "filters: [{type: RequestRedirect, requestRedirect: {" + kPrefix + "}}]";
inline const std::string kFilterPrefixRewrite =
    "filters: [{type: URLRewrite, urlRewrite: {" + kPrefix + "}}]";
inline const std::string kExactMatch = "matches: [{path: {type: Exact, value: /x}}], ";
inline const std::string kLong(253, 'a');

/// The rules of a filter: a field of another type, and a type without its field.
inline std::vector<CelCase> filter_pair(const char* kind, Frame frame, In in,
                                        const std::string& type, const std::string& field,
                                        int first) {
  const auto site = [&](int n) {
    return std::string(kind) + " rules[].filters[] #" + std::to_string(n);
  };
  const std::string own = "{type: " + type + ", " + field + "}";
  const std::string other = type == "RequestHeaderModifier"
                                ? "{type: ResponseHeaderModifier, responseHeaderModifier: {}, "
                                : "{type: RequestHeaderModifier, requestHeaderModifier: {}, ";
  return {{site(first), "filter-field-of-other-type", in, frame, own, other + field + "}"},
          {site(first + 1), "filter-field-missing", in, frame, own, "{type: " + type + "}"}};
}

inline std::string session(const std::string& fields) {
  return "sessionPersistence: {" + fields + "}";
}

inline std::vector<CelCase> session_cases(const char* kind, Frame frame) {
  const auto site = [&](int n) {
    return std::string(kind) + "sessionPersistence #" + std::to_string(n);
  };
  const In in = In::experimental;
  return {
      {site(1), "session-permanent-cookie", in, frame,
       session("cookie: {lifetimeType: Permanent}, absoluteTimeout: 1h"),
       session("cookie: {lifetimeType: Permanent}")},
      {site(2), "session-cookie-of-other-type", in, frame, session("cookie: {}"),
       session("type: Header, header: {name: h}, cookie: {}")},
      {site(3), "session-cookie-missing", in, frame, session("type: Cookie, cookie: {}"),
       session("absoluteTimeout: 1h")},
      {site(4), "session-header-of-other-type", in, frame,
       session("type: Header, header: {name: h}"),
       session("type: Cookie, cookie: {}, header: {name: h}")},
      {site(5), "session-header-missing", in, frame, session("type: Header, header: {name: h}"),
       session("type: Header")},
  };
}

inline void expect_rules_hold(const std::vector<CelCase>& cases) {
  for (const CelCase& c : cases)
    for (const model::Channel channel : channels(c.channels)) {
      for (const std::string& manifest : manifests(c.frame, c.accepted))
        EXPECT_THAT(messages(manifest, channel), testing::IsEmpty()) << c.site << "\n" << manifest;
      for (const std::string& manifest : manifests(c.frame, c.rejected))
        EXPECT_THAT(rules(manifest, channel), testing::ElementsAre(c.rule))
            << c.site << "\n"
            << manifest << testing::PrintToString(messages(manifest, channel));
    }
}

}  // namespace spillway::scenarios::manifests
