// What is compared meets the same fate: entries that have nothing to do with it, or another policy,
// move none of its draws.
#include <gtest/gtest.h>

#include <map>

#include "tests/property/run/difference.h"
#include "tests/property/run/random_spec.h"
#include "tests/support/runs.h"

namespace spillway::model::build {
namespace {

/// In front of everything else, so that every index moves.
void add_unrelated(Spec& spec) {
  Scenario& scenario = spec.scenario;
  scenario.services.insert(scenario.services.begin(), service("other", {work(exponential(0.01))}));
  scenario.traffic.insert(scenario.traffic.begin(), poisson("stranger", "other", 50));
  spec.resources.http_routes.insert(spec.resources.http_routes.begin(),
                                    route("other", timeouts(s(0.02)), retry(2, {503}, s(0.001))));
  scenario.faults.insert(scenario.faults.begin(),
                         fault(on("other"), AbortFault{503, 50}, 0.2, 0.5));
  scenario.faults.insert(scenario.faults.begin(),
                         fault(on_route("other"), DelayFault{constant(0.01), 50}));
}

TEST(CommonRandomNumbers, AreNotMovedByUnrelatedEntries) {
  std::size_t compared = 0;
  for (std::uint64_t seed = 2000; seed < 2150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Spec spec = random_spec(seed);
    const Loaded<MeshPtr> alone = compile(spec);
    if (!alone) continue;
    add_unrelated(spec);
    const MeshPtr beside = compiled(spec);
    const std::uint64_t run_seed = spec.scenario.run.seed;
    const ReplicationResult a = run_replication(**alone, run_seed, 0);
    const ReplicationResult b = run_replication(*beside, run_seed, 0);
    std::map<std::pair<ScopeKind, std::string>, std::size_t> place;
    for (std::size_t i = 0; i < scopes(*beside).size(); ++i)
      place[{scopes(*beside)[i].kind, scopes(*beside)[i].name}] = i;
    for (std::size_t i = 0; i < scopes(**alone).size(); ++i) {
      const Scope& scope = scopes(**alone)[i];
      SCOPED_TRACE(scope.name);
      const std::size_t j = place.at({scope.kind, scope.name});
      EXPECT_EQ(difference(a.scopes[i], b.scopes[j], false), "");
      EXPECT_EQ(difference(a.series[i], b.series[j]), "");
      ++compared;
    }
  }
  EXPECT_GT(compared, 500U);
}

/// Half of the answers of `a` are errors; without queues, so that tries do not meet.
Spec failing_spec() {
  Spec spec;
  spec.scenario.services.push_back(service("a", {work(exponential(0.01))}));
  spec.scenario.traffic.push_back(poisson("users", "a", 100));
  spec.scenario.faults.push_back(fault(on("a"), AbortFault{503, 50, true}));
  spec.scenario.run.duration = s(5);
  return spec;
}

struct FirstTry {
  sim::Time arrival, end;
  int status;
  bool operator==(const FirstTry&) const = default;
};
std::vector<FirstTry> first_tries(const Spec& spec) {
  std::vector<FirstTry> tries;
  for (const RequestTrace& request : trace(spec)) {
    const CallTrace* call = &request.call;
    while (!call->attempts.front().leg.empty()) call = &call->attempts.front().leg.front();
    const AttemptTrace& attempt = call->attempts.front();
    tries.push_back({request.arrival, attempt.end, attempt.status});
  }
  return tries;
}

TEST(CommonRandomNumbers, GiveFirstTriesTheSameFateUnderEveryPolicy) {
  const std::vector<FirstTry> without = first_tries(failing_spec());
  ASSERT_GT(without.size(), 400U);

  Spec routed = failing_spec();
  routed.resources.http_routes.push_back(route("a", timeouts(s(10)), retry(3, {503}, s(0.01))));
  EXPECT_EQ(first_tries(routed), without);

  Spec client = failing_spec();
  client.scenario.traffic[0].client.emplace();
  client.scenario.traffic[0].client->retries = 5;
  client.scenario.traffic[0].client->backoff.base = s(0.1);
  client.scenario.traffic[0].client->backoff.jitter = Jitter::full;
  EXPECT_EQ(first_tries(client), without);
}

TEST(CommonRandomNumbers, GiveRetriesFatesOfTheirOwn) {
  Spec spec = failing_spec();
  spec.resources.http_routes.push_back(route("a", timeouts({}), retry(1, {503})));
  std::size_t failed = 0, failed_again = 0;
  for (const RequestTrace& request : trace(spec)) {
    if (request.call.attempts.front().status != 503) continue;
    ++failed;
    failed_again += request.status == 503;
  }
  EXPECT_NEAR(static_cast<double>(failed_again) / static_cast<double>(failed), 0.5, 0.15);
}

}  // namespace
}  // namespace spillway::model::build
