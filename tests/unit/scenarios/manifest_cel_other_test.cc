#include "tests/unit/scenarios/manifest_cel_support.h"

namespace spillway::scenarios::manifests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string listener(const std::string& fields) { return "{name: a, port: 80, " + fields + "}"; }

std::vector<CelCase> gateway_cases() {
  const Frame g = Frame::gateway;
  const Frame l = Frame::listeners;
  const In in = In::both;
  return {
      {"Gateway addresses #1", "address-ip-unique", in, g,
       "addresses: [{value: 10.0.0.1}, {value: 10.0.0.2}]",
       "addresses: [{value: 10.0.0.1}, {value: 10.0.0.1}]"},
      {"Gateway addresses #2", "address-hostname-unique", in, g,
       "addresses: [{type: Hostname, value: a.b}, {type: Hostname, value: b.b}]",
       "addresses: [{type: Hostname, value: a.b}, {type: Hostname, value: a.b}]"},
      {"Gateway addresses[] #1", "address-hostname", in, g,
       "addresses: [{type: Hostname, value: '*.a.b'}, {type: Hostname}]",
       "addresses: [{type: Hostname, value: A.b}]"},
      {"Gateway infrastructure.annotations #1", "metadata-key", in, g,
       "infrastructure: {annotations: {a.b/c: d}}", "infrastructure: {annotations: {a/b/c: d}}"},
      {"Gateway infrastructure.annotations #2", "metadata-key-prefix", in, g,
       "infrastructure: {annotations: {" + kLong.substr(1) + "/c: d}}",
       "infrastructure: {annotations: {" + kLong + "/c: d}}"},
      {"Gateway infrastructure.labels #1", "metadata-key", in, g,
       "infrastructure: {labels: {a.b/c: d}}", "infrastructure: {labels: {-c: d}}"},
      {"Gateway infrastructure.labels #2", "metadata-key-prefix", in, g,
       "infrastructure: {labels: {" + kLong.substr(1) + "/c: d}}",
       "infrastructure: {labels: {" + kLong + "/c: d}}"},
      {"Gateway listeners #1", "listener-tls-forbidden", in, l, listener("protocol: HTTP"),
       listener("protocol: HTTP, tls: {mode: Passthrough}")},
      {"Gateway listeners #2", "listener-https-terminates", in, l,
       listener("protocol: HTTPS, tls: {certificateRefs: [{name: c}]}"),
       listener("protocol: HTTPS, tls: {mode: Passthrough}")},
      {"Gateway listeners #3", "listener-tls-mode", in, l,
       listener("protocol: TLS, tls: {mode: Passthrough}"), listener("protocol: TLS")},
      {"Gateway listeners #4", "listener-hostname-forbidden", in, l, listener("protocol: TCP"),
       listener("protocol: UDP, hostname: a.b")},
      {"Gateway listeners #5", "crd-duplicate-key", in, l,
       "{name: a, port: 80, protocol: HTTP}, {name: b, port: 81, protocol: HTTP}",
       "{name: a, port: 80, protocol: HTTP}, {name: a, port: 81, protocol: HTTP}"},
      {"Gateway listeners #6", "listener-unique", in, l,
       "{name: a, port: 80, protocol: HTTP, hostname: x.y}, {name: b, port: 80, protocol: HTTP}",
       "{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTP}"},
      {"Gateway listeners[].tls #1", "tls-certificate", in, l,
       listener("protocol: HTTPS, tls: {options: {a: b}}"), listener("protocol: HTTPS, tls: {}")},
      {"Gateway tls.frontend.perPort #1", "crd-duplicate-key", in, g,
       "tls: {frontend: {default: {}, perPort: [{port: 1, tls: {}}, {port: 2, tls: {}}]}}",
       "tls: {frontend: {default: {}, perPort: [{port: 1, tls: {}}, {port: 1, tls: {}}]}}"},
  };
}

std::vector<CelCase> grpc_cases() {
  const Frame s = Frame::grpc_spec;
  const Frame r = Frame::grpc_rule;
  const Frame f = Frame::grpc_filter;
  const In in = In::experimental;
  return {
      {"GRPCRoute parentRefs #1", "parent-refs-section-or-port-set", in, s,
       kTwo + "port: 80}, {name: g, port: 81}]", kTwo + "port: 80}, {name: g}]"},
      {"GRPCRoute parentRefs #2", "parent-refs-section-or-port-unique", in, s,
       kTwo + "port: 80}, {name: g, port: 81}]", kTwo + "port: 80}, {name: g, port: 80}]"},
      {"GRPCRoute rules #1", "matches-total", In::both, s, two_rules(64, 63), two_rules(64, 64)},
      {"GRPCRoute rules #2", "rule-name-unique", in, s, "rules: [{name: a}, {name: b}, {}]",
       "rules: [{name: a}, {}, {name: a}]"},
      {"GRPCRoute rules[].backendRefs[] #1", "backend-ref-port", In::both, r,
       "backendRefs: [{name: s, port: 80}]", "backendRefs: [{name: s}]"},
      {"GRPCRoute rules[].filters #1", "filter-repeated", In::both, f, kSet, kSet + ", " + kSet},
      {"GRPCRoute rules[].filters #2", "filter-repeated", In::both, f, kRespond,
       kRespond + ", " + kRespond},
      {"GRPCRoute rules[].filters[].requestMirror.backendRef #1", "backend-ref-port", In::both, f,
       "{type: RequestMirror, " + kMirror + "}",
       "{type: RequestMirror, requestMirror: {backendRef: {name: s}}}"},
      {"GRPCRoute rules[].filters[].requestMirror #1", "mirror-percent-or-fraction", In::both, f,
       "{type: RequestMirror, requestMirror: {backendRef: {name: s, port: 80}, percent: 5}}",
       "{type: RequestMirror, requestMirror: {backendRef: {name: s, port: 80}, percent: 5, "
       "fraction: {numerator: 1}}}"},
      {"GRPCRoute rules[].filters[].requestMirror.fraction #1", "fraction-at-most-one", In::both, f,
       "{type: RequestMirror, requestMirror: {backendRef: {name: s, port: 80}, fraction: "
       "{numerator: 100}}}",
       "{type: RequestMirror, requestMirror: {backendRef: {name: s, port: 80}, fraction: "
       "{numerator: 101}}}"},
      {"GRPCRoute rules[].matches[].method #1", "grpc-service-or-method", In::both, r,
       "matches: [{method: {service: a.B}}]", "matches: [{method: {type: Exact}}]"},
      {"GRPCRoute rules[].matches[].method #2", "grpc-service-name", In::both, r,
       "matches: [{method: {service: .a.B_1}}, {method: {type: RegularExpression, service: '+'}}]",
       "matches: [{method: {service: a..B}}]"},
      {"GRPCRoute rules[].matches[].method #3", "grpc-method-name", In::both, r,
       "matches: [{method: {method: Get_1}}, {method: {type: RegularExpression, method: '+'}}]",
       "matches: [{method: {method: a.b}}]"},
  };
}

std::vector<CelCase> policy_cases() {
  const Frame p = Frame::policy;
  const In exp = In::experimental;
  return {
      {"HTTPRoute rules[].timeouts #1", "backend-request-within-request", In::both,
       Frame::http_rule, "timeouts: {request: 1s, backendRequest: 1000ms}",
       "timeouts: {request: 1s, backendRequest: 1001ms}"},
      {"HTTPRoute rules[].timeouts #1", "backend-request-within-request", In::both,
       Frame::http_rule, "timeouts: {request: 0s, backendRequest: 1ms}",
       "timeouts: {request: 1m, backendRequest: 30s31s}"},
      {"XBackendTrafficPolicy retryConstraint.budget.interval #1", "budget-interval", exp, p,
       "retryConstraint: {budget: {interval: 1h}}", "retryConstraint: {budget: {interval: 999ms}}"},
      {"XBackendTrafficPolicy retryConstraint.budget.interval #1", "budget-interval", exp, p,
       "retryConstraint: {budget: {interval: 1s}}", "retryConstraint: {budget: {interval: 1h1ms}}"},
      {"XBackendTrafficPolicy retryConstraint.minRetryRate.interval #1", "min-retry-interval", exp,
       p, "retryConstraint: {minRetryRate: {interval: 1ms}}",
       "retryConstraint: {minRetryRate: {interval: 0s}}"},
      {"XBackendTrafficPolicy retryConstraint.minRetryRate.interval #1", "min-retry-interval", exp,
       p, "retryConstraint: {minRetryRate: {interval: 1h}}",
       "retryConstraint: {minRetryRate: {interval: 61m}}"},
  };
}

std::vector<CelCase> filter_cases() {
  std::vector<CelCase> all;
  const auto add = [&](const std::string& type, const std::string& field, int first) {
    for (CelCase& c : filter_pair("GRPCRoute", Frame::grpc_filter, In::both, type, field, first))
      all.push_back(std::move(c));
  };
  add("RequestHeaderModifier", kMod, 1);
  add("ResponseHeaderModifier", "responseHeaderModifier: {}", 3);
  add("RequestMirror", kMirror, 5);
  add("ExtensionRef", kExtension, 7);
  return all;
}

// GatewayClass has one rule, that its controllerName does not change: nothing for a file to break.

TEST(ManifestRules, OfGatewaysHold) { expect_rules_hold(gateway_cases()); }
TEST(ManifestRules, OfGrpcRoutesHold) { expect_rules_hold(grpc_cases()); }
TEST(ManifestRules, OfFiltersOfGrpcRoutesHold) { expect_rules_hold(filter_cases()); }
TEST(ManifestRules, OfTimeoutsAndBudgetsHold) { expect_rules_hold(policy_cases()); }
TEST(ManifestRules, OfSessionsHold) {
  expect_rules_hold(session_cases("GRPCRoute rules[].", Frame::grpc_rule));
  expect_rules_hold(session_cases("XBackendTrafficPolicy ", Frame::policy));
}

}  // namespace
}  // namespace spillway::scenarios::manifests
