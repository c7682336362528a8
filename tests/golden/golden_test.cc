// Runs the examples, shortened, and compares their rounded results with the files beside this one.
// A difference means "changed", not "wrong": if it is meant, write the files anew with
//   SPILLWAY_UPDATE_GOLDEN=1 ctest --preset release -L golden
// and commit them with the change that explains them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "model/run/experiment.h"
#include "reports/summary.h"
#include "scenarios/load.h"

namespace spillway {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = SPILLWAY_SOURCE_DIR;

struct Example {
  const char* name;
  const char* file;
};

constexpr Example kExamples[] = {
    {"service_b_without_codes", "service-b-retry/scenario-without-codes.yaml"},
    {"service_b_with_codes", "service-b-retry/scenario-with-codes.yaml"},
    {"bookinfo", "bookinfo/scenario.yaml"},
    {"bookinfo_delay", "bookinfo/scenario-delay.yaml"},
    {"bookinfo_delay_mesh_timeout", "bookinfo/scenario-delay-mesh-timeout.yaml"},
    {"online_boutique", "online-boutique/scenario.yaml"},
    {"storm_without_budget", "retry-storm/scenario-without-budget.yaml"},
    {"storm_with_budget", "retry-storm/scenario-with-budget.yaml"},
    {"budget_waypoint", "budget-per-proxy/waypoint.yaml"},
    {"budget_sidecars", "budget-per-proxy/sidecars.yaml"},
    {"edge_to_service", "edge-to-service/scenario.yaml"},
};

std::string texts(const model::Diagnostics& diagnostics) {
  std::string all;
  for (const model::Diagnostic& each : diagnostics) all += model::to_text(each) + "\n";
  return all;
}

/// One line a scope: the metrics that tell whether behaviour changed, to five digits.
std::string lines_of(const reports::Summary& summary) {
  std::string text;
  for (const reports::ScopeSummary& scope : summary.scopes) {
    text += fmt::format("{} {}:", model::to_string(scope.scope.kind), scope.scope.name);
    for (const char* metric : {"requests", "attempts", "retries", "success_rate", "latency_mean",
                               "latency_p99", "amplification", "utilization", "budget_denied"}) {
      const sim::Interval* found = scope.find(metric);
      if (found) text += fmt::format(" {}={:.5g}", metric, found->mean);
    }
    text += '\n';
  }
  return text;
}

std::string run(const Example& example) {
  const scenarios::LoadOptions options{
      {}, {{"spec.run.duration", "70s"}, {"spec.run.replications", "2"}}};
  auto spec = scenarios::load_scenario(kRoot / "scenarios/examples" / example.file, options);
  if (!spec) return texts(spec.diagnostics());
  auto mesh = model::compile(*std::move(spec));
  if (!mesh) return texts(mesh.diagnostics());
  std::vector<model::MeshPtr> meshes;
  meshes.push_back(*std::move(mesh));
  const model::ExperimentResult result = model::run_experiments(meshes, {}).at(0);
  std::string text;
  for (const model::ReplicationResult& each : result.replications) {
    text += fmt::format("replication: events={} requests={}\n", each.events, each.requests);
  }
  return text + lines_of(reports::summarize(result));
}

class Golden : public testing::TestWithParam<Example> {};

TEST_P(Golden, IsUnchanged) {
  const fs::path file = kRoot / "tests/golden" / (std::string(GetParam().name) + ".txt");
  const std::string now = run(GetParam());
  if (std::getenv("SPILLWAY_UPDATE_GOLDEN")) {
    std::ofstream(file) << now;
    return;
  }
  std::ostringstream before;
  before << std::ifstream(file).rdbuf();
  EXPECT_EQ(before.str(), now) << "in " << file;
}

INSTANTIATE_TEST_SUITE_P(Examples, Golden, testing::ValuesIn(kExamples),
                         [](const auto& example) { return std::string(example.param.name); });

}  // namespace
}  // namespace spillway
