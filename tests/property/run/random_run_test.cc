// Properties of every run, on random specifications: nothing is lost, nothing is left over, and the
// same seed gives the same result whatever runs beside it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/property/run/random_spec.h"
#include "tests/support/runs.h"

namespace spillway::model::build {
namespace {

constexpr std::uint64_t kSpecs = 400;
constexpr std::uint64_t kParts = 8;

std::optional<Measured> run_if_it_compiles(const Spec& spec) {
  Loaded<MeshPtr> mesh = compile(spec);
  if (!mesh) return std::nullopt;
  Measured done{*std::move(mesh), {}};
  done.result = run_replication(*done.mesh, spec.scenario.run.seed, 0);
  return done;
}

/// Whether something may wait for ever: what hangs ends only with its caller's patience, and
/// requests that hold workers while they call their own service can starve each other.
bool can_hang(const Spec& spec) {
  const Loaded<MeshPtr> mesh = compile(spec);
  if (std::ranges::find(mesh.diagnostics(), "call-cycle", &Diagnostic::rule) !=
      mesh.diagnostics().end())
    return true;
  for (const Fault& fault : spec.scenario.faults)
    if (std::holds_alternative<HangFault>(fault.action) ||
        std::holds_alternative<PartitionFault>(fault.action) ||
        std::holds_alternative<WorkersFault>(fault.action))
      return true;
  for (const Service& service : spec.scenario.services)
    for (const Operation& operation : service.operations)
      for (const ScriptEntry& entry : operation.script)
        if (entry.kind == ScriptEntry::Kind::hang) return true;
  return false;
}

class RandomRun : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  template <class Check>
  void for_each_spec(const Check& check) {
    std::uint64_t compiled = 0;
    for (std::uint64_t i = 0; i < kSpecs / kParts; ++i) {
      const std::uint64_t seed = GetParam() * (kSpecs / kParts) + i;
      SCOPED_TRACE("seed " + std::to_string(seed));
      const Spec spec = random_spec(seed);
      if (const std::optional<Measured> done = run_if_it_compiles(spec)) {
        ++compiled;
        check(spec, *done);
      }
    }
    EXPECT_GT(compiled, kSpecs / kParts / 2);
  }
};

TEST_P(RandomRun, EndsEveryRequestInOneOutcome) {
  for_each_spec([](const Spec& spec, const Measured& run) {
    std::map<std::uint32_t, std::uint64_t> ended;
    for (const OutcomeCount& outcome : run.result.outcomes) ended[outcome.scope] += outcome.count;
    for (const Traffic& traffic : spec.scenario.traffic)
      EXPECT_EQ(ended[static_cast<std::uint32_t>(run.index(traffic.name))],
                run.tally(traffic.name).requests);
  });
}

TEST_P(RandomRun, LeavesNothingBehindThatCannotHang) {
  for_each_spec([](const Spec& spec, const Measured& run) {
    if (can_hang(spec)) return;
    EXPECT_EQ(run.result.open_streams, 0U);
    EXPECT_EQ(run.result.open_attempts, 0U);
    EXPECT_EQ(run.result.open_jobs, 0U);
  });
}

TEST_P(RandomRun, CountsWithinItsBounds) {
  for_each_spec([](const Spec&, const Measured& run) {
    for (std::size_t i = 0; i < run.result.scopes.size(); ++i) {
      const ScopeResult& scope = run.result.scopes[i];
      const Tally& t = scope.tally;
      SCOPED_TRACE(scopes(*run.mesh)[i].name);
      if (!std::isnan(scope.utilization)) {
        EXPECT_GE(scope.utilization, 0);
        EXPECT_LE(scope.utilization, 1 + 1e-12);
      }
      EXPECT_LE(t.successes, t.finished);
      EXPECT_LE(t.clean_requests, t.requests);
      EXPECT_LE(t.clean_attempts, t.attempts);
      EXPECT_LE(scope.wasted_seconds, scope.busy_seconds + 1e-9);
      EXPECT_LE(t.attempts, t.requests + t.retries);
      if (scopes(*run.mesh)[i].kind != ScopeKind::service) {
        EXPECT_LE(t.finished, t.requests);
      }
      EXPECT_EQ(scope.latency_success.count(), t.successes);
      EXPECT_LE(scope.latency_failure.count() + t.successes, t.finished);
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Part, RandomRun, ::testing::Range<std::uint64_t>(0, kParts));

}  // namespace
}  // namespace spillway::model::build
