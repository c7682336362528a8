// A caller that gives up: what still happens below it.
#include "tests/unit/run/run_support.h"

namespace spillway::model::build {
namespace {

Spec given_up_after_1s(std::vector<Service> services, const std::vector<double>& seconds = {0}) {
  Spec spec = sent_at(seconds, std::move(services));
  spec.resources.http_routes.push_back(route(spec.scenario.services.front().name, timeouts(s(1))));
  return spec;
}

Service busy(const std::string& name, OnCancel on_cancel) {
  return with(service(name, {work(constant(10))}, 1), on_cancel);
}

TEST(Cancellation, LetsWorkFinishInVain) {
  const Measured run = build::run(given_up_after_1s({busy("a", OnCancel::finish)}));
  EXPECT_EQ(run.outcomes("users"), "504 UT 1");
  EXPECT_DOUBLE_EQ(run["a.default"].busy_seconds, 10);
  EXPECT_DOUBLE_EQ(run["a.default"].wasted_seconds, 9);
}

TEST(Cancellation, StopsWorkAtOnce) {
  const Measured run = build::run(given_up_after_1s({busy("a", OnCancel::abort)}));
  EXPECT_DOUBLE_EQ(run["a.default"].busy_seconds, 1);
  EXPECT_DOUBLE_EQ(run["a.default"].wasted_seconds, 0);
}

TEST(Cancellation, LetsQueuedRequestsBeServedInVain) {
  const Measured run = build::run(given_up_after_1s({busy("a", OnCancel::finish)}, {0, 0}));
  EXPECT_DOUBLE_EQ(run["a.default"].busy_seconds, 20);
  EXPECT_DOUBLE_EQ(run["a.default"].wasted_seconds, 19);
}

TEST(Cancellation, DropsQueuedRequests) {
  const Measured run = build::run(given_up_after_1s({busy("a", OnCancel::dequeue)}, {0, 0}));
  EXPECT_DOUBLE_EQ(run["a.default"].busy_seconds, 10);
  EXPECT_DOUBLE_EQ(run["a.default"].wasted_seconds, 9);
}

TEST(Cancellation, TravelsDownTheCalls) {
  const Measured run = build::run(given_up_after_1s(
      {with(service("a", {call("b")}), OnCancel::abort),
       with(service("b", {call("c")}), OnCancel::abort), busy("c", OnCancel::abort)}));
  EXPECT_DOUBLE_EQ(run["c.default"].busy_seconds, 1);
}

TEST(Cancellation, StopsAtAServiceThatFinishes) {
  const Measured run = build::run(given_up_after_1s(
      {with(service("a", {call("b")}), OnCancel::finish), busy("b", OnCancel::abort)}));
  EXPECT_DOUBLE_EQ(run["b.default"].busy_seconds, 10);
}

TEST(Cancellation, TakesTheTimeOfTheWay) {
  Spec spec = given_up_after_1s({busy("a", OnCancel::abort)});
  spec.scenario.mesh.options["networkLatency"] = option(constant(0.25));
  EXPECT_DOUBLE_EQ(build::run(spec)["a.default"].busy_seconds, 1);  // 0.25 later, from 0.25 on
}

TEST(Cancellation, OfATryLeavesTheRequestAlone) {
  Spec spec = sent_at({0}, {busy("a", OnCancel::abort)});
  spec.resources.http_routes.push_back(route("a", timeouts(s(30), s(1)), retry(2)));
  const Measured run = build::run(spec);
  EXPECT_EQ(run.outcomes("users"), "504 URX,UT 1");
  EXPECT_DOUBLE_EQ(run["a.default"].busy_seconds, 3);
}

TEST(Cancellation, LeavesNothingBehind) {
  for (const OnCancel on_cancel : {OnCancel::finish, OnCancel::dequeue, OnCancel::abort}) {
    const Measured run = build::run(given_up_after_1s(
        {with(service("a", {work(constant(0.1)), call("b")}, 1), on_cancel), busy("b", on_cancel)},
        {0, 0, 0.5, 3}));
    EXPECT_EQ(run.result.open_streams, 0u);
    EXPECT_EQ(run.result.open_attempts, 0u);
    EXPECT_EQ(run.result.open_jobs, 0u);
  }
}

}  // namespace
}  // namespace spillway::model::build
