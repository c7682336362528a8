// The lint over manifests, with the exact messages.
#include <gmock/gmock.h>

#include "model/resources/lint.h"
#include "tests/unit/scenarios/manifest_support.h"

namespace spillway::scenarios::manifests {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> lint(const std::string& text) {
  const auto read = read_manifests(text);
  EXPECT_THAT(messages(read.diagnostics), IsEmpty());
  auto diagnostics = model::lint(read.resources);
  model::sort_by_place(diagnostics);
  return messages(diagnostics);
}

const std::string kRoute =
    "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: x}\nspec:\n";

std::vector<std::string> lint_rule(const std::string& rule) {
  return lint(kRoute + "  rules:\n  - " + rule + "\n");
}

const std::string kExample =
    "apiVersion: gateway.networking.k8s.io/v1\n"
    "kind: HTTPRoute\n"
    "metadata: {name: service-b-retry}\n"
    "spec:\n"
    "  parentRefs: [{group: \"\", kind: Service, name: service-b}]\n"
    "  rules:\n"
    "  - backendRefs: [{name: service-b, port: 8080}]\n"
    "    timeouts: {request: 10s}\n"
    "    retry: {attempts: 3, backoff: 100ms}\n";

TEST(ManifestExample, HasOneErrorOnAStandardCluster) {
  EXPECT_THAT(messages(kExample, model::Channel::standard),
              ElementsAre(HasSubstr("m.yaml:9:5: error: unknown field \"spec.rules[0].retry\"")));
}

TEST(ManifestExample, IsValidOnAnExperimentalClusterAndRetriesNoStatus) {
  EXPECT_THAT(messages(kExample), IsEmpty());
  EXPECT_THAT(
      lint(kExample),
      ElementsAre(
          "m.yaml:9:5: warning: no status code is retried: without codes only connection errors "
          "are "
          "[retry-no-codes]\n    hint: codes: [500, 502, 503, 504] retries server errors",
          "m.yaml:9:5: warning: backendRequest is not set: a try that hangs can use the whole "
          "request timeout of 10s and is then never retried [retry-without-try-timeout]",
          "m.yaml:9:13: warning: 3 attempts mean up to 4 tries of each request: the first is not "
          "counted [retry-attempts-are-retries]"));
}

TEST(ManifestExample, WithCodesAndATryTimeoutOnlyCountsTries) {
  EXPECT_THAT(
      lint_rule("timeouts: {request: 10s, backendRequest: 2s}\n"
                "    retry: {codes: [500, 502, 503, 504], attempts: 1, backoff: 100ms}"),
      ElementsAre("m.yaml:7:42: warning: 1 attempt means up to 2 tries of each request: the "
                  "first is not counted [retry-attempts-are-retries]"));
}

TEST(ManifestLint, SaysThatUnsetAttemptsAreTheImplementationsChoice) {
  EXPECT_THAT(
      lint_rule("{retry: {codes: [503]}, timeouts: {request: 2s, backendRequest: 1s}}"),
      ElementsAre("m.yaml:6:6: warning: attempts is not set: how often a request is retried "
                  "is the implementation's choice [retry-attempts-unset]"));
}

TEST(ManifestLint, AddsUpTriesAndWaits) {
  EXPECT_THAT(
      lint_rule("{retry: {codes: [503], attempts: 3, backoff: 100ms}, timeouts: {request: 10s, "
                "backendRequest: 3s}}"),
      Contains("m.yaml:6:69: warning: 4 tries of up to 3s and 3 waits of 100ms can take 12.3s, but "
               "the request timeout of 10s ends them all [retry-exceeds-request-timeout]"));
  EXPECT_THAT(
      lint_rule("{retry: {codes: [503], attempts: 3, backoff: 4s}, timeouts: {request: "
                "10s}}"),
      Contains("m.yaml:6:66: warning: 3 waits of 4s can take 12s, but the request timeout of "
               "10s ends them all [retry-exceeds-request-timeout]"));
}

TEST(ManifestLint, AcceptsTriesThatJustFit) {
  EXPECT_THAT(
      lint_rule("{retry: {codes: [503], attempts: 3, backoff: 1s}, timeouts: {request: 11s, "
                "backendRequest: 2s}}"),
      Not(Contains(HasSubstr("retry-exceeds-request-timeout"))));
}

TEST(ManifestLint, SaysWhenNoRetryCanStart) {
  EXPECT_THAT(
      lint_rule("{retry: {codes: [503], attempts: 3, backoff: 1s}, timeouts: {request: 1000ms}}"),
      Contains("m.yaml:6:41: warning: no retry can start: the wait of 1s is not shorter than the "
               "request timeout of 1s [retry-backoff-exceeds-request-timeout]"));
}

TEST(ManifestLint, MissesARequestTimeout) {
  EXPECT_THAT(lint_rule("retry: {codes: [503], attempts: 3}"),
              ElementsAre("m.yaml:6:5: warning: neither backendRequest nor request is set: a try "
                          "that hangs is given up and retried only if the implementation has a "
                          "timeout of its own [retry-without-try-timeout]",
                          "m.yaml:6:5: warning: no request timeout is set: nothing bounds the time "
                          "of all tries together [retry-without-request-timeout]",
                          HasSubstr("retry-attempts-are-retries")));
  EXPECT_THAT(lint_rule("{retry: {codes: [503], attempts: 3}, timeouts: {request: 0s, "
                        "backendRequest: 1s}}"),
              Contains("m.yaml:6:53: warning: a request timeout of 0s means none: nothing bounds "
                       "the time of all tries together [retry-without-request-timeout]"));
}

TEST(ManifestLint, WarnsOfCodesThatRetriesDoNotCure) {
  EXPECT_THAT(
      lint_rule("retry: {codes: [404, 429, 503, 501, 409], attempts: 3}"),
      testing::IsSupersetOf(
          {"m.yaml:6:13: warning: status 429 is retried: it asks for less load and gets more "
           "[retry-too-many-requests]",
           "m.yaml:6:13: warning: client errors are retried (404, 409): the same request "
           "fails again, and implementations need not support it [retry-client-errors]",
           "m.yaml:6:13: note: implementations need not support retries of 501 "
           "[retry-optional-codes]"}));
}

TEST(ManifestLint, KnowsThatCoreIsNotAGroup) {
  EXPECT_THAT(lint_rule("backendRefs: [{group: core, name: s}]"),
              ElementsAre("m.yaml:6:19: warning: group \"core\" is not the group of Services and "
                          "names nothing [group-core]\n    hint: write group: \"\""));
  EXPECT_THAT(lint_rule("filters: [{type: RequestMirror, requestMirror: {backendRef: {group: core, "
                        "name: s}}}]"),
              ElementsAre(HasSubstr("[group-core]")));
}

const std::string kRetried =
    "\n---\n" + kRoute +
    "  rules: [{backendRefs: [{name: s, port: 80}], retry: {codes: [503], attempts: 1}, timeouts: "
    "{request: 9s, backendRequest: 1s}}]\n";

/// The findings about a policy for a Service that a rule with retries leads to.
std::vector<std::string> lint_budget(const std::string& constraint,
                                     const std::string& route = kRetried) {
  auto found = lint(
      "apiVersion: gateway.networking.x-k8s.io/v1alpha1\n"
      "kind: XBackendTrafficPolicy\nmetadata: {name: p}\nspec:\n"
      "  targetRefs: [{group: '', kind: Service, name: s}]\n"
      "  retryConstraint: " +
      constraint + route);
  std::erase_if(found, [](const std::string& m) { return m.find("attempts-are") != m.npos; });
  return found;
}

TEST(ManifestLint, SaysBelowWhichLoadABudgetLimitsNothing) {
  EXPECT_THAT(
      lint_budget("{}"),
      ElementsAre("m.yaml:6:20: note: each client may always retry 10 times a second: below "
                  "50 requests/s from one client the budget of 20% limits nothing "
                  "[budget-floor]"));
  EXPECT_THAT(lint_budget("{minRetryRate: {count: 1000, interval: 1s}}"),
              ElementsAre("m.yaml:6:21: warning: each client may always retry 1000 times a second: "
                          "below 5000 requests/s from one client the budget of 20% limits nothing "
                          "[budget-floor-high]"));
}

TEST(ManifestLint, SaysWhatThePercentAtTheEndsMean) {
  EXPECT_THAT(
      lint_budget("{budget: {percent: 100}}"),
      ElementsAre("m.yaml:6:30: warning: percent 100 limits nothing: every request may be a "
                  "retry [budget-unlimited]"));
  EXPECT_THAT(lint_budget("{budget: {percent: 0}}"),
              ElementsAre("m.yaml:6:30: warning: percent 0 lets no retries through beyond "
                          "minRetryRate (10 every 1s) [budget-floor-only]"));
}

TEST(ManifestLint, SaysWhatIsAssumedForAPartialFloor) {
  EXPECT_THAT(lint_budget("{minRetryRate: {count: 5}}"),
              Contains("m.yaml:6:21: warning: minRetryRate has no interval, and the API fills in "
                       "none: 1s is assumed [budget-partial-floor]"));
  EXPECT_THAT(
      lint_budget("{minRetryRate: {interval: 2s}}"),
      Contains("m.yaml:6:21: warning: minRetryRate has no count, and the API fills in none: "
               "10 is assumed [budget-partial-floor]"));
}

TEST(ManifestLint, MissesRetriesUnderABudget) {
  EXPECT_THAT(lint_budget("{}", "\n"),
              Contains("m.yaml:5:16: warning: no rule with retry leads to Service default/s: a "
                       "budget limits retries, it does not enable them [budget-without-retry]"));
}

TEST(ManifestLint, SaysNothingAboutARouteWithoutRetries) {
  EXPECT_THAT(lint_rule("{backendRefs: [{name: s, port: 80}], timeouts: {request: 1s}}"),
              IsEmpty());
}

}  // namespace
}  // namespace spillway::scenarios::manifests
