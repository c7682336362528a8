#include "tests/unit/scenarios/manifest_cel_support.h"

namespace spillway::scenarios::manifests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string at_backend(const std::string& filters) {
  return "backendRefs: [{name: s, port: 80, " + filters + "}]";
}

std::string auth(const std::string& fields) {
  return "{type: ExternalAuth, externalAuth: {backendRef: {name: s, port: 80}, " + fields + "}}";
}

std::vector<CelCase> http_cases() {
  const Frame s = Frame::http_spec;
  const Frame r = Frame::http_rule;
  const Frame f = Frame::http_filter;
  const In exp = In::experimental;
  const In in = In::both;
  return {
      {"HTTPRoute parentRefs #1 (standard)", "parent-refs-section-set", In::standard, s,
       kTwo + "sectionName: a}, {name: g, sectionName: b, port: 80}]",
       kTwo + "sectionName: a}, {name: g, port: 80}]"},
      {"HTTPRoute parentRefs #2 (standard)", "parent-refs-section-unique", In::standard, s,
       kTwo + "sectionName: a}, {name: g, sectionName: b}]",
       kTwo + "port: 80}, {name: g, port: 81}]"},
      {"HTTPRoute parentRefs #1", "parent-refs-section-or-port-set", exp, s,
       kTwo + "sectionName: a}, {name: g, sectionName: b}]",
       kTwo + "sectionName: a}, {name: g, sectionName: b, port: 80}]"},
      {"HTTPRoute parentRefs #2", "parent-refs-section-or-port-unique", exp, s,
       kTwo + "port: 80}, {name: g, port: 81}, {name: g, namespace: other}]",
       kTwo + "port: 80}, {name: g, port: 80}]"},
      {"HTTPRoute rules #1", "matches-total", in, s, two_rules(64, 63), two_rules(64, 64)},
      {"HTTPRoute rules #2", "rule-name-unique", exp, s, "rules: [{name: a}, {name: b}, {}]",
       "rules: [{name: a}, {}, {name: a}]"},
      {"HTTPRoute rules[] #1", "redirect-with-backends", in, r,
       "backendRefs: [], filters: [" + kRedirect + "]",
       "backendRefs: [{name: s, port: 80}], filters: [" + kRedirect + "]"},
      {"HTTPRoute rules[] #2", "redirect-prefix-match", in, r, kFilterPrefixRedirect,
       kExactMatch + kFilterPrefixRedirect},
      {"HTTPRoute rules[] #3", "rewrite-prefix-match", in, r, kFilterPrefixRewrite,
       "matches: [{}, {}], " + kFilterPrefixRewrite},
      {"HTTPRoute rules[] #4", "backend-redirect-prefix-match", in, r,
       at_backend(kFilterPrefixRedirect), kExactMatch + at_backend(kFilterPrefixRedirect)},
      {"HTTPRoute rules[] #5", "backend-rewrite-prefix-match", in, r,
       at_backend(kFilterPrefixRewrite), "matches: [], " + at_backend(kFilterPrefixRewrite)},
      {"HTTPRoute rules[].backendRefs[] #1", "backend-ref-port", in, r,
       "backendRefs: [{name: s, port: 80}, {name: t, kind: ServiceImport}]",
       "backendRefs: [{name: s}]"},
      {"HTTPRoute rules[].filters[].requestMirror.backendRef #1", "backend-ref-port", in, f,
       "{type: RequestMirror, " + kMirror + "}",
       "{type: RequestMirror, requestMirror: {backendRef: {name: s}}}"},
      {"HTTPRoute rules[].filters[].externalAuth.backendRef #1", "backend-ref-port", exp, f,
       "{type: ExternalAuth, " + kAuth + "}",
       "{type: ExternalAuth, externalAuth: {protocol: HTTP, http: {}, backendRef: {name: s}}}"},
      {"HTTPRoute rules[].filters #1", "filters-redirect-and-rewrite", in, f, kRewrite,
       kRewrite + ", " + kRedirect},
      {"HTTPRoute rules[].filters #2", "filter-repeated", in, f, kCors, kCors + ", " + kCors},
      {"HTTPRoute rules[].filters #3", "filter-repeated", in, f, kSet, kSet + ", " + kSet},
      {"HTTPRoute rules[].filters #4", "filter-repeated", in, f, kRespond,
       kRespond + ", " + kRespond},
      {"HTTPRoute rules[].filters #5", "filter-repeated", in, f, kRedirect,
       kRedirect + ", " + kRedirect},
      {"HTTPRoute rules[].filters #6", "filter-repeated", in, f, kRewrite,
       kRewrite + ", " + kRewrite},
      {"HTTPRoute rules[].filters[].cors.allowHeaders #1", "cors-wildcard-alone", in, f,
       "{type: CORS, cors: {allowHeaders: ['*']}}", "{type: CORS, cors: {allowHeaders: [a, '*']}}"},
      {"HTTPRoute rules[].filters[].cors.allowMethods #1", "cors-wildcard-alone", in, f,
       "{type: CORS, cors: {allowMethods: [GET, PUT]}}",
       "{type: CORS, cors: {allowMethods: ['*', PUT]}}"},
      {"HTTPRoute rules[].filters[].cors.allowOrigins #1", "cors-wildcard-alone", in, f,
       "{type: CORS, cors: {allowOrigins: ['https://*.a.b', 'https://c']}}",
       "{type: CORS, cors: {allowOrigins: ['*', 'https://c']}}"},
      {"HTTPRoute rules[].filters[].externalAuth #1", "auth-field-missing", exp, f,
       auth("protocol: GRPC, grpc: {}"), auth("protocol: GRPC")},
      {"HTTPRoute rules[].filters[].externalAuth #2", "auth-field-of-other-protocol", exp, f,
       auth("protocol: GRPC, grpc: {}"), auth("protocol: HTTP, http: {}, grpc: {}")},
      {"HTTPRoute rules[].filters[].externalAuth #3", "auth-field-missing", exp, f,
       auth("protocol: HTTP, http: {}"), auth("protocol: HTTP")},
      {"HTTPRoute rules[].filters[].externalAuth #4", "auth-field-of-other-protocol", exp, f,
       auth("protocol: HTTP, http: {}"), auth("protocol: GRPC, http: {}, grpc: {}")},
      {"HTTPRoute rules[].filters[].requestMirror #1", "mirror-percent-or-fraction", in, f,
       "{type: RequestMirror, requestMirror: {backendRef: {name: s, port: 80}, percent: 100}}",
       "{type: RequestMirror, requestMirror: {backendRef: {name: s, port: 80}, percent: 5, "
       "fraction: {numerator: 1}}}"},
      {"HTTPRoute rules[].filters[].requestMirror.fraction #1", "fraction-at-most-one", in, f,
       "{type: RequestMirror, requestMirror: {backendRef: {name: s, port: 80}, fraction: "
       "{numerator: 3, denominator: 3}}}",
       "{type: RequestMirror, requestMirror: {backendRef: {name: s, port: 80}, fraction: "
       "{numerator: 4, denominator: 3}}}"},
  };
}

std::vector<CelCase> modifier_and_path_cases() {
  const Frame m = Frame::http_modifier;
  const Frame p = Frame::http_path;
  const In in = In::both;
  const std::string full = "type: ReplaceFullPath, replaceFullPath: /x";
  const std::string prefix = "type: ReplacePrefixMatch, replacePrefixMatch: /x";
  const std::string exact = "type: Exact, value: ";
  return {
      {"HTTPRoute rules[].filters[].requestRedirect.path #1", "path-modifier-field-missing", in, m,
       full, "type: ReplaceFullPath"},
      {"HTTPRoute rules[].filters[].requestRedirect.path #2", "path-modifier-field-of-other-type",
       in, m, full, prefix + ", replaceFullPath: /x"},
      {"HTTPRoute rules[].filters[].requestRedirect.path #3", "path-modifier-field-missing", in, m,
       prefix, "type: ReplacePrefixMatch"},
      {"HTTPRoute rules[].filters[].requestRedirect.path #4", "path-modifier-field-of-other-type",
       in, m, prefix, full + ", replacePrefixMatch: /x"},
      {"HTTPRoute rules[].matches[].path #1", "path-absolute", in, p, exact + "/x", exact + "x"},
      {"HTTPRoute rules[].matches[].path #2", "path-double-slash", in, p, "value: /x/y/",
       "value: /x//y"},
      {"HTTPRoute rules[].matches[].path #3", "path-dot-segment", in, p, "value: /x/.y/",
       "value: /x/./y"},
      {"HTTPRoute rules[].matches[].path #4", "path-dot-segment", in, p, "value: /x/..y",
       "value: /x/../y"},
      {"HTTPRoute rules[].matches[].path #5", "path-encoded-slash", in, p, "value: /x%20y",
       "value: /x%2fy"},
      {"HTTPRoute rules[].matches[].path #6", "path-encoded-slash", in, p, "value: /x%2Ey",
       "value: /x%2Fy"},
      // "#" is no character of a path either, so that two rules are broken: see below.
      {"HTTPRoute rules[].matches[].path #8", "path-final-dots", in, p, "value: /x..",
       "value: /x/.."},
      {"HTTPRoute rules[].matches[].path #9", "path-final-dots", in, p, "value: /x.",
       "value: /x/."},
      {"HTTPRoute rules[].matches[].path #10", "crd-enum", in, p,
       "type: RegularExpression, value: '^#//'", "type: Glob, value: /x"},
      {"HTTPRoute rules[].matches[].path #11", "path-characters", in, p, "value: '/x;y=(1)'",
       "value: '/x y'"},
  };
}

std::vector<CelCase> filter_cases() {
  std::vector<CelCase> all;
  const auto add = [&](In in, const std::string& type, const std::string& field, int first) {
    for (CelCase& c : filter_pair("HTTPRoute", Frame::http_filter, in, type, field, first))
      all.push_back(std::move(c));
  };
  add(In::both, "CORS", "cors: {}", 1);
  add(In::both, "RequestHeaderModifier", kMod, 3);
  add(In::both, "ResponseHeaderModifier", "responseHeaderModifier: {}", 5);
  add(In::both, "RequestMirror", kMirror, 7);
  add(In::both, "RequestRedirect", "requestRedirect: {}", 9);
  add(In::both, "URLRewrite", "urlRewrite: {}", 11);
  add(In::both, "ExtensionRef", kExtension, 13);
  add(In::experimental, "ExternalAuth", kAuth, 15);
  return all;
}

TEST(ManifestRules, OfHttpRoutesHold) { expect_rules_hold(http_cases()); }
TEST(ManifestRules, OfPathsHold) { expect_rules_hold(modifier_and_path_cases()); }
TEST(ManifestRules, OfFiltersHold) { expect_rules_hold(filter_cases()); }
TEST(ManifestRules, OfSessionsOfHttpRoutesHold) {
  expect_rules_hold(session_cases("HTTPRoute rules[].", Frame::http_rule));
}

TEST(ManifestRules, FragmentInAPathBreaksTwoRules) {  // HTTPRoute rules[].matches[].path #7
  EXPECT_THAT(rules(manifests(Frame::http_path, "value: '/x#y'")[0]),
              ElementsAre("path-fragment", "path-characters"));
  EXPECT_THAT(rules(manifests(Frame::http_path, "value: '/x%23y'")[0]), IsEmpty());
}

TEST(ManifestRules, LetTwoBackendsRewriteAPrefixWithoutAPrefixMatch) {
  // The CRDs ask whether exactly one backend does it.
  const std::string backend = "{name: s, port: 80, " + kFilterPrefixRewrite + "}";
  EXPECT_THAT(rules(manifests(Frame::http_rule,
                              kExactMatch + "backendRefs: [" + backend + ", " + backend + "]")[0]),
              IsEmpty());
}

TEST(ManifestRules, TellParentsApartByNamespaceAsWritten) {
  EXPECT_THAT(rules(route("HTTPRoute", kTwo + "namespace: default}, {name: g}]")), IsEmpty());
}

TEST(ManifestRules, AreNotAppliedToValuesOfTheWrongForm) {
  EXPECT_THAT(rules(manifests(Frame::http_rule, "timeouts: {request: 1x, backendRequest: 2s}")[0]),
              ElementsAre("crd-pattern"));
}

}  // namespace
}  // namespace spillway::scenarios::manifests
