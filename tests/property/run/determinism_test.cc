// The same specification, seed and replication give the same result to the last bit: again, on any
// number of threads, traced or not.
#include <gtest/gtest.h>

#include <map>

#include "tests/property/run/difference.h"
#include "tests/property/run/random_spec.h"
#include "tests/support/runs.h"

namespace spillway::model::build {
namespace {

constexpr std::uint64_t kFirst = 1000;

std::vector<MeshPtr> random_meshes(std::uint64_t n) {
  std::vector<MeshPtr> meshes;
  for (std::uint64_t seed = kFirst; meshes.size() < n; ++seed)
    if (Loaded<MeshPtr> mesh = compile(random_spec(seed))) meshes.push_back(*std::move(mesh));
  return meshes;
}

TEST(Determinism, GivesTheSameResultAgain) {
  for (const MeshPtr& mesh : random_meshes(100)) {
    const std::uint64_t seed = scenario(*mesh).run.seed;
    EXPECT_EQ(difference(run_replication(*mesh, seed, 1), run_replication(*mesh, seed, 1)), "");
  }
}

TEST(Determinism, GivesAnotherResultForAnotherReplicationOrSeed) {
  Spec spec;
  spec.scenario.services.push_back(service("a", {work(exponential(0.01))}, 1));
  spec.scenario.traffic.push_back(poisson("users", "a", 50));
  const MeshPtr mesh = compiled(spec);
  const ReplicationResult one = run_replication(*mesh, 1, 0);
  EXPECT_NE(difference(one, run_replication(*mesh, 1, 1)), "");
  EXPECT_NE(difference(one, run_replication(*mesh, 2, 0)), "");
}

TEST(Determinism, GivesTheSameResultOnAnyNumberOfThreads) {
  const std::vector<MeshPtr> meshes = random_meshes(12);
  Plan plan;
  plan.threads = 1;
  const std::vector<ExperimentResult> one = run_experiments(meshes, plan);
  for (const std::uint32_t threads : {2U, 3U}) {
    plan.threads = threads;
    const std::vector<ExperimentResult> several = run_experiments(meshes, plan);
    ASSERT_EQ(several.size(), meshes.size());
    for (std::size_t m = 0; m < meshes.size(); ++m) {
      ASSERT_EQ(several[m].replications.size(), 3U);
      for (std::size_t r = 0; r < 3; ++r)
        EXPECT_EQ(difference(one[m].replications[r], several[m].replications[r]), "");
    }
  }
}

TEST(Determinism, RunsExperimentsAsItRunsReplications) {
  const std::vector<MeshPtr> meshes = random_meshes(5);
  const std::vector<ExperimentResult> results = run_experiments(meshes, {});
  for (std::size_t m = 0; m < meshes.size(); ++m)
    for (std::uint32_t r = 0; r < 3; ++r)
      EXPECT_EQ(difference(results[m].replications[r],
                           run_replication(*meshes[m], scenario(*meshes[m]).run.seed, r)),
                "");
}

TEST(Determinism, TracesTheRequestsThatItCounts) {
  for (std::uint64_t seed = kFirst; seed < kFirst + 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Spec spec = random_spec(seed);
    spec.scenario.run.warmup = {};
    const Loaded<MeshPtr> mesh = compile(spec);
    if (!mesh) continue;
    std::map<std::pair<std::string, int>, std::uint64_t> counted, traced;
    const ReplicationResult result = run_replication(**mesh, spec.scenario.run.seed, 0);
    for (const OutcomeCount& o : result.outcomes)
      counted[{scopes(**mesh)[o.scope].name, o.status}] += o.count;
    for (const RequestTrace& request : trace_requests(**mesh, {}))
      ++traced[{request.traffic, request.status}];
    EXPECT_EQ(traced, counted);
  }
}

}  // namespace
}  // namespace spillway::model::build
