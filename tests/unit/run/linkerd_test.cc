// What Linkerd's proxies beside the callers do with routes, annotations and failures.
#include "tests/unit/run/run_support.h"

namespace spillway::model::build {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::Le;
using ::testing::SizeIs;

Spec in_linkerd(Spec spec) {
  spec.scenario.mesh.profile = "linkerd";
  for (const char* name : {"proxyLatency", "networkLatency"})
    spec.scenario.mesh.options[name] = option(constant(0));
  return spec;
}

Spec annotated(Spec spec, std::map<std::string, std::string> annotations) {
  spec = in_linkerd(std::move(spec));
  spec.resources.http_routes.push_back(route("a"));
  spec.resources.http_routes[0].meta.annotations = std::move(annotations);
  return spec;
}

Spec scripted_once(std::vector<ScriptEntry> script,
                   std::map<std::string, std::string> annotations = {}) {
  return annotated(sent_at({0}, {scripted("a", std::move(script))}), std::move(annotations));
}

const std::map<std::string, std::string> kTwoRetries{{"retry.linkerd.io/http", "5xx"},
                                                     {"retry.linkerd.io/limit", "2"}};

TEST(RunLinkerd, RetriesNothingWithoutAnnotations) {
  Spec spec = scripted_once({status(503), status(200)});
  spec.resources.http_routes[0].rules[0].retry = retry(3, {503});
  const auto call = trace(spec).at(0).call;
  EXPECT_EQ(call.status, 503);
  EXPECT_THAT(call.attempts, SizeIs(1));
  EXPECT_EQ(call.proxy, "linkerd-proxy/users/0");
}

TEST(RunLinkerd, RetriesAnnotatedStatusesWithinItsBackoff) {
  const auto call =
      trace(scripted_once({status(503), status(500), status(200)}, kTwoRetries)).at(0).call;
  EXPECT_EQ(call.status, 200);
  ASSERT_THAT(call.attempts, SizeIs(3));
  EXPECT_THAT(call.attempts[1].backoff.ns / 1e6, AllOf(Ge(25), Le(50)));
  EXPECT_THAT(call.attempts[2].backoff.ns / 1e6, AllOf(Ge(50), Le(100)));
}

TEST(RunLinkerd, PassesTheLastFailureOnWhenTheLimitIsReached) {
  const auto request = trace(scripted_once({status(503)}, kTwoRetries)).at(0);
  EXPECT_EQ(request.status, 503);
  EXPECT_EQ(request.call.retry_stopped, "limit");
  EXPECT_THAT(request.call.attempts, SizeIs(3));
}

TEST(RunLinkerd, SeesABrokenConnectionBehindAPeerAs502) {
  EXPECT_EQ(answer(scripted_once({reset()})), "502 after 0 ms");
  EXPECT_EQ(trace(scripted_once({refuse(), status(200)}, kTwoRetries)).at(0).status, 200);
}

TEST(RunLinkerd, EndsARequestAtItsDeadline) {
  Spec spec = scripted_once({hang()});
  spec.resources.http_routes[0].rules[0].timeouts = timeouts(s(2));
  EXPECT_EQ(answer(spec), "504 UT after 2000 ms");
}

TEST(RunLinkerd, PrefersTheAnnotatedTimeout) {
  Spec spec = scripted_once({hang()}, {{"timeout.linkerd.io/request", "500ms"}});
  spec.resources.http_routes[0].rules[0].timeouts = timeouts(s(2));
  EXPECT_EQ(answer(spec), "504 UT after 500 ms");
}

TEST(RunLinkerd, ReadsAnnotationsOfTheServiceWhereTheRouteHasNone) {
  Spec spec = in_linkerd(sent_at({0}, {scripted("a", {hang()})}));
  KubeService service;
  service.meta.name = "a";
  service.meta.namespace_ = "default";
  service.meta.annotations = {{"timeout.linkerd.io/response", "300ms"}};
  service.ports.emplace_back().port = 80;
  spec.resources.services.push_back(service);
  EXPECT_EQ(answer(spec), "504 UT after 300 ms");
}

TEST(RunLinkerd, TakesTheRetryTimeoutOffTheLastTry) {
  auto annotations = kTwoRetries;
  annotations["retry.linkerd.io/timeout"] = "100ms";
  const auto call = trace(scripted_once({hang(), hang(), status(200, 1)}, annotations)).at(0).call;
  EXPECT_EQ(call.status, 200);
  ASSERT_THAT(call.attempts, SizeIs(3));
  EXPECT_EQ(call.attempts[0].outcome, "per-try-timeout");
  EXPECT_EQ(call.attempts[0].end - call.attempts[0].start, s(0.1));
  EXPECT_EQ(call.attempts[2].end - call.attempts[2].start, s(1));
}

TEST(RunLinkerd, ShutsOutAnEndpointThatFailsTooOften) {
  std::vector<double> seconds;
  for (int i = 0; i < 10; ++i) seconds.push_back(0.01 * i);
  Spec spec = in_linkerd(sent_at(seconds, {scripted("a", {status(500)})}));
  KubeService service;
  service.meta.name = "a";
  service.meta.namespace_ = "default";
  service.meta.annotations = {{"balancer.linkerd.io/failure-accrual", "consecutive"}};
  service.ports.emplace_back().port = 80;
  spec.resources.services.push_back(service);
  const auto traces = trace(spec);
  EXPECT_EQ(traces.at(6).latency, s(0));
  EXPECT_GT(traces.at(7).latency, s(0.9));  // waits for the end of the penalty
}

TEST(RunLinkerd, CancelsWhatNobodyWaitsForAnyMore) {
  ClientPolicy impatient;
  impatient.timeout = s(1);
  Spec spec = in_linkerd(sent_at({0, 3}, {service("a", {work(constant(10))}, 1)}));
  spec.scenario.services[0].on_cancel = OnCancel::abort;
  spec.scenario.traffic[0].client = impatient;
  EXPECT_THAT(latencies(spec), ElementsAre(1, 1));
}

TEST(RunLinkerd, LetsUnmeshedClientsPass) {
  Spec spec = scripted_once({hang()}, {{"timeout.linkerd.io/request", "500ms"}});
  spec.scenario.traffic[0].meshed = false;
  EXPECT_EQ(build::run(spec).outcomes("users"), "0 unfinished 1");
}

TEST(RunLinkerd, LeavesRoutesWithUnsupportedFiltersOut) {
  Spec spec = scripted_once({hang()}, {{"timeout.linkerd.io/request", "500ms"}});
  HttpRouteFilter filter;
  filter.filter = UrlRewriteFilter{};
  spec.resources.http_routes[0].rules[0].filters.push_back(filter);
  EXPECT_EQ(build::run(spec).outcomes("users"), "0 unfinished 1");
}

TEST(RunLinkerd, KeepsRulesApartThatDifferInHeadersOnly) {
  Spec spec = in_linkerd(sent_at({0}, {scripted("a", {hang()})}));
  HttpRouteRule slow;
  slow.timeouts = timeouts(s(2));
  slow.backend_refs = {backend("a")};
  HttpRouteRule fast = slow;
  fast.timeouts = timeouts(s(1));
  HttpRouteMatch match;
  match.headers.push_back({ValueMatchType::exact, "x-fast", "1"});
  fast.matches = {match};
  spec.resources.http_routes.push_back(route("a", slow));
  spec.resources.http_routes[0].rules.push_back(fast);
  Traffic hasty = spec.scenario.traffic[0];
  WeightedRequest plain = hasty.requests[0];
  spec.scenario.traffic[0].requests[0].request.headers = {{"x-fast", "1"}};
  plain.weight = 1e-12;  // the same source sends both, almost only the fast one
  spec.scenario.traffic[0].requests.insert(spec.scenario.traffic[0].requests.begin(), plain);
  EXPECT_EQ(answer(spec), "504 UT after 1000 ms");
}

TEST(RunLinkerd, SplitsByWeight) {
  std::vector<double> seconds;
  for (int i = 0; i < 400; ++i) seconds.push_back(0.1 * i);
  Spec spec =
      in_linkerd(sent_at(seconds, {scripted("a", {status(201)}), scripted("b", {status(202)})}));
  HttpRouteRule rule;
  rule.backend_refs = {backend("a", 3), backend("b", 1)};
  spec.resources.http_routes.push_back(route("a", rule));
  int first = 0;
  for (const RequestTrace& request : trace(spec)) first += request.status == 201;
  EXPECT_THAT(first, AllOf(Ge(270), Le(330)));
}

}  // namespace
}  // namespace spillway::model::build
