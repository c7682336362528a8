// What the API server says about the form of manifests, with the exact messages.
#include <gmock/gmock.h>

#include "tests/unit/scenarios/manifest_support.h"

namespace spillway::scenarios::manifests {
namespace {

using model::Channel;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string kHead =
    "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: x}\nspec:\n";

/// The messages about an HTTPRoute with one rule, which starts at line 6, column 5.
std::vector<std::string> of_rule(const std::string& rule, Channel channel = Channel::experimental) {
  return messages(kHead + "  rules:\n  - " + rule + "\n", channel);
}

std::vector<std::string> of_spec(const std::string& spec, Channel channel = Channel::experimental) {
  return messages(kHead + "  " + spec + "\n", channel);
}

TEST(ManifestStructure, NamesTheExperimentalChannelForRetry) {
  EXPECT_THAT(
      of_rule("retry: {attempts: 3}", Channel::standard),
      ElementsAre(
          "m.yaml:6:5: error: unknown field \"spec.rules[0].retry\" [crd-unknown-field]\n"
          "    hint: \"retry\" is part of the experimental channel only; a cluster with the "
          "standard CRDs rejects it, and an older client lets it be pruned silently"));
}

TEST(ManifestStructure, SuggestsTheNearestField) {
  EXPECT_THAT(of_rule("timeout: {request: 1s}"),
              ElementsAre("m.yaml:6:5: error: unknown field \"spec.rules[0].timeout\" "
                          "[crd-unknown-field]\n    hint: did you mean \"timeouts\"?"));
}

TEST(ManifestStructure, SuggestsNothingForAFieldLikeNoOther) {
  EXPECT_THAT(of_rule("frobnicate: 1"),
              ElementsAre("m.yaml:6:5: error: unknown field \"spec.rules[0].frobnicate\" "
                          "[crd-unknown-field]"));
}

TEST(ManifestStructure, NamesTheSuccessorOfAFormerField) {
  EXPECT_THAT(of_rule("sessionPersistence: {sessionName: a, cookie: {}}"),
              ElementsAre("m.yaml:6:26: error: unknown field "
                          "\"spec.rules[0].sessionPersistence.sessionName\" [crd-unknown-field]\n"
                          "    hint: in this version of the API it is cookie.name or header.name"));
}

TEST(ManifestStructure, RejectsNumbersBelowTheMinimum) {
  EXPECT_THAT(of_rule("retry: {attempts: 0}"),
              ElementsAre("m.yaml:6:23: error: spec.rules[0].retry.attempts: must be at least 1 "
                          "(got 0, expected 1 or more) [crd-minimum]"));
}

TEST(ManifestStructure, RejectsNumbersAboveTheMaximum) {
  EXPECT_THAT(of_rule("retry: {codes: [600]}"),
              ElementsAre("m.yaml:6:21: error: spec.rules[0].retry.codes[0]: must be at most 599 "
                          "(got 600, expected 400 to 599) [crd-maximum]"));
}

TEST(ManifestStructure, RejectsRepeatedValuesOfASet) {
  EXPECT_THAT(of_rule("retry: {codes: [503, 500, 503]}"),
              ElementsAre("m.yaml:6:31: error: spec.rules[0].retry.codes[2]: repeats 503 (got it a "
                          "second time, expected each value once) [crd-duplicate-item]"));
}

TEST(ManifestStructure, RejectsRepeatedKeysOfAListMap) {
  EXPECT_THAT(
      of_rule("matches: [{headers: [{name: a, value: b}, {name: a, value: c}]}]"),
      ElementsAre(
          "m.yaml:6:47: error: spec.rules[0].matches[0].headers[1]: repeats name \"a\" (got "
          "it a second time, expected each name once) [crd-duplicate-key]"));
}

TEST(ManifestStructure, TakesHeaderNamesOfDifferentCaseForDifferent) {
  EXPECT_THAT(of_rule("matches: [{headers: [{name: a, value: b}, {name: A, value: c}]}]"),
              IsEmpty());
}

TEST(ManifestStructure, RejectsAStringInPlaceOfANumber) {
  EXPECT_THAT(
      of_rule("backendRefs: [{name: s, port: \"80\"}]"),
      ElementsAre("m.yaml:6:35: error: spec.rules[0].backendRefs[0].port: has the wrong type "
                  "(got the string \"80\", expected an integer) [crd-type]"));
}

TEST(ManifestStructure, AsksForQuotesWhereYamlReadsABoolean) {
  EXPECT_THAT(
      of_rule("matches: [{headers: [{name: a, value: on}]}]"),
      ElementsAre(
          "m.yaml:6:43: error: spec.rules[0].matches[0].headers[0].value: has the wrong type "
          "(got the boolean on, expected the value of an HTTP header) [crd-type]\n"
          "    hint: write \"on\" in quotes"));
}

TEST(ManifestStructure, DoesNotAskForQuotesWhereTheyWouldNotHelp) {
  EXPECT_THAT(of_rule("timeouts: {request: 10}"),
              ElementsAre("m.yaml:6:25: error: spec.rules[0].timeouts.request: has the wrong type "
                          "(got the number 10, expected a duration such as 10s, 500ms or 1h30m) "
                          "[crd-type]"));
}

TEST(ManifestStructure, RejectsAMappingInPlaceOfAList) {
  EXPECT_THAT(of_spec("rules: {retry: {}}"),
              ElementsAre("m.yaml:5:10: error: spec.rules: has the wrong type (got a mapping, "
                          "expected a list) [crd-type]"));
}

TEST(ManifestStructure, AsksForRequiredFields) {
  EXPECT_THAT(of_spec("parentRefs: [{sectionName: a}]"),
              ElementsAre("m.yaml:5:16: error: spec.parentRefs[0].name: must be set (got nothing, "
                          "expected a string) [crd-required]"));
}

TEST(ManifestStructure, TakesNullForNothing) {
  EXPECT_THAT(of_rule("{backendRefs: [{name: s, port: 80, filters: null}], retry: ~}"), IsEmpty());
  EXPECT_THAT(of_spec("parentRefs: [{name: null}]"),
              ElementsAre("m.yaml:5:16: error: spec.parentRefs[0].name: must be set (got nothing, "
                          "expected a string) [crd-required]"));
}

TEST(ManifestStructure, NamesTheValuesThatExist) {
  EXPECT_THAT(
      of_rule("matches: [{path: {type: Prefix}}]"),
      ElementsAre("m.yaml:6:29: error: spec.rules[0].matches[0].path.type: has a value that "
                  "does not exist (got \"Prefix\", expected Exact, PathPrefix or "
                  "RegularExpression) [crd-enum]"));
}

TEST(ManifestStructure, KnowsValuesOfTheExperimentalChannel) {
  const std::string rule =
      "filters: [{type: ExternalAuth, externalAuth: {protocol: HTTP, http: {}, backendRef: {name: "
      "a, "
      "port: 1}}}]";
  EXPECT_THAT(of_rule(rule), IsEmpty());
  EXPECT_EQ(of_rule(rule, Channel::standard).size(), 2u);
}

TEST(ManifestStructure, LimitsTheNumberOfItems) {
  std::string rules = "rules: [{}";
  for (int i = 0; i < 16; ++i) rules += ", {}";
  EXPECT_THAT(of_spec(rules + "]"),
              ElementsAre("m.yaml:5:10: error: spec.rules: must have at most 16 items (got 17, "
                          "expected 1 to 16 items) [crd-max-items]"));
  EXPECT_THAT(of_spec("rules: []"),
              ElementsAre("m.yaml:5:10: error: spec.rules: must not be empty (got 0, expected 1 to "
                          "16 items) [crd-min-items]"));
}

TEST(ManifestStructure, LimitsTheLengthOfStringsInCharacters) {
  std::string umlauts;
  for (int i = 0; i < 1024; ++i) umlauts += "\xc3\xa4";
  const auto of_value = [&](const std::string& value) {
    return of_rule("matches: [{queryParams: [{name: a, value: " + value + "}]}]");
  };
  EXPECT_THAT(of_value(umlauts), IsEmpty());
  EXPECT_THAT(of_value(umlauts + "x"),
              ElementsAre("m.yaml:6:47: error: spec.rules[0].matches[0].queryParams[0].value: must "
                          "have at most 1024 characters (got 1025, expected 1 to 1024 characters) "
                          "[crd-max-length]"));
}

TEST(ManifestStructure, ChecksHeaderValuesInTheExperimentalChannelOnly) {
  const std::string rule = "matches: [{headers: [{name: a, value: 'b  c'}]}]";
  EXPECT_THAT(of_rule(rule, Channel::standard), IsEmpty());
  EXPECT_THAT(of_rule(rule),
              ElementsAre("m.yaml:6:43: error: spec.rules[0].matches[0].headers[0].value: must be "
                          "the value of an HTTP header (got \"b  c\", expected "
                          "^[!-~]+([\\t ]?[!-~]+)*$) [crd-pattern]"));
}

TEST(ManifestStructure, TellsAllErrorsAtOnce) {
  EXPECT_THAT(rules(kHead + "  rules: [{retry: {attempts: 0, tries: 1}, timeouts: {request: 1d}}]\n"
                            "  hostnames: [A.b]\n"),
              ElementsAre("crd-minimum", "crd-unknown-field", "crd-pattern", "crd-pattern"));
}

TEST(ManifestStructure, AsksForASpec) {
  EXPECT_THAT(messages("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                       "metadata: {name: x}\n"),
              ElementsAre("m.yaml:1:1: error: spec: must be set (got nothing, expected a mapping) "
                          "[crd-required]"));
}

TEST(ManifestStructure, ReadsPastTheStatus) {
  EXPECT_THAT(messages(kHead + "  hostnames: [a.b]\nstatus: {parents: [{any: thing}]}\n"),
              IsEmpty());
}

TEST(ManifestStructure, ChecksMetadata) {
  EXPECT_THAT(
      messages("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n"
               "  name: A_b\n  namespace: a.b\n  labels: {a: 'b c'}\n"
               "  annotations: {\"a b\": c}\n  creationTimestamp: yesterday\nspec: {}\n"),
      ElementsAre(
          "m.yaml:4:9: error: metadata.name: must be a DNS name in lower case (got \"A_b\", "
          "expected ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$) "
          "[crd-pattern]",
          "m.yaml:5:14: error: metadata.namespace: must be a DNS label in lower case (got "
          "\"a.b\", expected ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$) [crd-pattern]",
          "m.yaml:6:15: error: metadata.labels.a: must be the value of a label (got \"b "
          "c\", expected ^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$) [crd-pattern]",
          "m.yaml:7:17: error: metadata.annotations: each key must be the key of a label or "
          "annotation (got \"a b\", expected "
          "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?([A-Za-z0-9]["
          "-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$) [crd-pattern]",
          "m.yaml:8:22: error: metadata.creationTimestamp: must be a time such as "
          "2024-05-01T12:00:00Z (got \"yesterday\", expected "
          "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[-+][0-9]{2}:"
          "[0-9]{2})$) [crd-pattern]"));
}

TEST(ManifestStructure, SpellsKeysWithDotsInBrackets) {
  EXPECT_THAT(
      messages("apiVersion: v1\nkind: Namespace\nmetadata: {name: x, labels: {a.b/c: 3}}\n"),
      ElementsAre("m.yaml:3:37: error: metadata.labels[\"a.b/c\"]: has the wrong type (got "
                  "the number 3, expected the value of a label) [crd-type]\n"
                  "    hint: write \"3\" in quotes"));
}

}  // namespace
}  // namespace spillway::scenarios::manifests
