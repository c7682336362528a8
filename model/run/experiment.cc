#include "model/run/experiment.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "model/run/recovery.h"
#include "model/run/simulation.h"

namespace spillway::model {
namespace {

constexpr auto kProgressEvery = std::chrono::milliseconds(200);

struct Task {
  std::size_t mesh;
  std::uint32_t replication;
};

/// What the workers share. Results have their place, so that nothing depends on who finishes when.
struct Work {
  std::span<const MeshPtr> meshes;
  std::vector<Task> tasks;
  std::atomic<std::size_t> next{0};
  std::atomic<std::uint64_t> done{0};
  std::vector<std::vector<std::optional<ReplicationResult>>> results;
  std::vector<std::atomic<std::int64_t>> simulated;  ///< by task, ns
  std::mutex mutex;
  std::condition_variable changed;
  unsigned running = 0;
};

void work_off(Work& work, const std::stop_token& stop) {
  for (std::size_t i; !stop.stop_requested() && (i = work.next++) < work.tasks.size();) {
    const auto [m, replication] = work.tasks[i];
    const Mesh& mesh = *work.meshes[m];
    ReplicationResult result =
        run_replication(mesh, mesh.spec.scenario.run.seed, replication, stop, &work.simulated[i]);
    if (stop.stop_requested()) break;
    work.results[m][replication] = std::move(result);
    ++work.done;
  }
  const std::lock_guard lock(work.mutex);
  --work.running;
  work.changed.notify_all();
}

Progress progress_of(Work& work) {
  Progress progress{work.done, work.tasks.size(), 0};
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < work.tasks.size(); ++i) {
    const auto duration =
        static_cast<double>(work.meshes[work.tasks[i].mesh]->spec.scenario.run.duration.ns);
    total += duration;
    sum +=
        std::min(duration, static_cast<double>(work.simulated[i].load(std::memory_order_relaxed)));
  }
  progress.share = total > 0 ? sum / total : 1;
  return progress;
}

ExperimentResult collect(const Mesh& mesh,
                         std::vector<std::optional<ReplicationResult>> replications) {
  ExperimentResult result;
  const Scenario& scenario = mesh.spec.scenario;
  result.scenario = scenario.name;
  result.description = scenario.description;
  result.mesh = scenario.mesh;
  result.run = scenario.run;
  result.scopes = mesh.scopes;
  result.objectives = scenario.objectives;
  result.assumptions = mesh.assumptions;
  result.diagnostics = mesh.diagnostics;
  for (auto& replication : replications) {
    if (replication)
      result.replications.push_back(std::move(*replication));
    else
      result.complete = false;
  }
  return result;
}

}  // namespace

ReplicationResult run_replication(const Mesh& mesh, std::uint64_t seed, std::uint32_t replication,
                                  std::stop_token stop, std::atomic<std::int64_t>* simulated_ns) {
  Simulation simulation(mesh, seed, replication);
  if (!simulation.run(stop, simulated_ns)) return {};
  if (simulated_ns)
    simulated_ns->store(mesh.spec.scenario.run.duration.ns, std::memory_order_relaxed);
  return simulation.take();
}

std::vector<ExperimentResult> run_experiments(std::span<const MeshPtr> meshes, const Plan& plan) {
  const auto start = std::chrono::steady_clock::now();
  Work work;
  work.meshes = meshes;
  for (std::size_t m = 0; m < meshes.size(); ++m) {
    const std::uint32_t replications = meshes[m]->spec.scenario.run.replications;
    work.results.emplace_back(replications);
    for (std::uint32_t r = 0; r < replications; ++r) work.tasks.push_back({m, r});
  }
  work.simulated = std::vector<std::atomic<std::int64_t>>(work.tasks.size());
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  const auto threads = static_cast<unsigned>(std::min<std::size_t>(
      plan.threads ? plan.threads : cores, std::max<std::size_t>(1, work.tasks.size())));
  work.running = threads;
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < threads; ++i)
      workers.emplace_back([&work, &plan] { work_off(work, plan.stop); });
    std::unique_lock lock(work.mutex);
    while (!work.changed.wait_for(lock, kProgressEvery, [&] { return work.running == 0; }))
      if (plan.on_progress) plan.on_progress(progress_of(work));
  }
  if (plan.on_progress) plan.on_progress(progress_of(work));
  std::vector<ExperimentResult> results;
  for (std::size_t m = 0; m < meshes.size(); ++m) {
    results.push_back(collect(*meshes[m], std::move(work.results[m])));
    results.back().threads = threads;
    results.back().wall_seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  return results;
}

std::vector<RequestTrace> trace_requests(const Mesh& mesh, const TraceSelection& selection) {
  Tracer tracer(mesh, selection);
  Simulation simulation(mesh, mesh.spec.scenario.run.seed, selection.replication, &tracer);
  simulation.run({}, nullptr);
  return tracer.take();
}

}  // namespace spillway::model
