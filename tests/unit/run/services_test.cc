// Inside a service: steps, queues, workers.
#include "tests/unit/run/run_support.h"

namespace spillway::model::build {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(RunSteps, FollowOneAnother) {
  EXPECT_EQ(answer(sent_at({0}, {service("a", {work(constant(1)), call("b"), work(constant(3))}),
                                 service("b", {work(constant(2))})})),
            "200 after 6000 ms");
}

TEST(RunSteps, InParallelEndTogether) {
  EXPECT_EQ(answer(sent_at({0}, {service("a", {parallel({work(constant(1)), call("b"), call("b")}),
                                               work(constant(1))}),
                                 service("b", {work(constant(3))})})),
            "200 after 4000 ms");
}

TEST(RunSteps, EndWithAFailedCall) {
  EXPECT_EQ(answer(sent_at(
                {0}, {service("a", {call("b"), work(constant(1))}), scripted("b", {status(502)})})),
            "502 after 0 ms");
  EXPECT_EQ(answer(sent_at({0}, {service("a", {call("b")}), scripted("b", {refuse()})})),
            "503 after 0 ms");
}

TEST(RunSteps, GoOnAfterAnOptionalCall) {
  EXPECT_EQ(answer(sent_at({0}, {service("a", {optional(call("b")), work(constant(1))}),
                                 scripted("b", {status(502)})})),
            "200 after 1000 ms");
}

TEST(RunSteps, SkipCallsOfProbabilityZero) {
  const Measured run =
      build::run(sent_at({0, 1}, {service("a", {maybe(call("b"), 0)}), service("b")}));
  EXPECT_EQ(run.tally("b.default").requests, 0u);
}

TEST(RunSteps, AnswerWhatNoOperationMatchesWith404) {
  Service a = service("a");
  a.operations[0].match.path = "/pay";
  EXPECT_EQ(answer(sent_at({0}, {a})), "404 after 0 ms");
}

TEST(RunQueues, ServeFirstComeFirst) {
  EXPECT_THAT(latencies(sent_at({0, 0.25, 0.5}, {service("a", {work(constant(1))}, 1)})),
              ElementsAre(1, 1.75, 2.5));
}

TEST(RunQueues, ServeTheNewestFirst) {
  EXPECT_THAT(latencies(sent_at({0, 0.25, 0.5},
                                {with(service("a", {work(constant(1))}, 1), Discipline::lifo)})),
              ElementsAre(1, 2.75, 1.5));
}

TEST(RunQueues, PreemptForTheNewest) {
  EXPECT_THAT(latencies(sent_at({0, 0.25}, {with(service("a", {work(constant(1))}, 1),
                                                 Discipline::lifo_preemptive)})),
              ElementsAre(2, 1));
}

TEST(RunQueues, ShareTheProcessor) {
  EXPECT_THAT(
      latencies(sent_at({0, 0}, {with(service("a", {work(constant(1))}, 1), Discipline::ps)})),
      ElementsAre(2, 2));
}

TEST(RunQueues, RefuseWhatDoesNotFit) {
  Service a = service("a", {work(constant(1))}, 1);
  a.queue.capacity = 1;
  const Measured run = build::run(sent_at({0, 0.25, 0.5}, {a}));
  EXPECT_THAT(run.outcomes("users"), HasSubstr("200 - 2, 503 "));
  EXPECT_EQ(run.tally("a.default").rejections, 1u);
}

TEST(RunQueues, DropWhatHasWaitedTooLong) {
  Service a = service("a", {work(constant(1))}, 1);
  a.queue.max_wait = constant(0.5);
  EXPECT_THAT(latencies(sent_at({0, 0.25}, {a})), ElementsAre(1, 0.5));
  EXPECT_EQ(build::run(sent_at({0, 0.25}, {a})).tally("a.default").rejections, 1u);
}

TEST(RunQueues, AreMeasured) {
  const Measured run = build::run(sent_at({0, 0}, {service("a", {work(constant(1))}, 1)}));
  EXPECT_DOUBLE_EQ(run["a.default"].queue_length, 0.01);  // 1 s of 100
  EXPECT_DOUBLE_EQ(run["a.default"].utilization, 0.02);
  EXPECT_DOUBLE_EQ(run["a.default"].in_flight, 0.03);
  EXPECT_EQ(run["a.default"].queue_time.count(), 2u);
}

TEST(RunWorkers, AreHeldWhileABlockingServiceWaits) {
  Spec spec = sent_at({0, 0}, {service("a", {call("b")}, 1), service("b", {work(constant(1))})});
  EXPECT_THAT(latencies(spec), ElementsAre(1, 2));
  spec.scenario.services[0].threading = Threading::async;
  EXPECT_THAT(latencies(spec), ElementsAre(1, 1));
}

TEST(RunWorkers, OfEveryReplicaServeInTurn) {
  Service a = service("a", {work(constant(1))}, 1);
  a.replicas = 2;
  EXPECT_THAT(latencies(sent_at({0, 0, 0}, {a})), ElementsAre(1, 1, 2));
}

TEST(RunWorkers, SlowDownUnderLoad) {
  Step step;
  step.action = WorkStep{LoadDependentWork{s(1), s(0.5)}};
  EXPECT_THAT(latencies(sent_at({0, 0}, {service("a", {step})})), ElementsAre(1.5, 2));
}

TEST(RunScripts, AnswerByAttemptOfTheSameRequest) {
  const Measured run = build::run(sent_at({0, 1, 2}, {scripted("a", {status(500), status(200)})}));
  EXPECT_EQ(run.tally("users").successes, 0u);  // every request's first attempt
}

}  // namespace
}  // namespace spillway::model::build
