// From a specification to results: compile once, run replications as pure functions, merge by
// index. Threads: a compiled Mesh is immutable and may be shared; run_experiments() owns its worker
// threads and joins them.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "model/resources/resources.h"
#include "model/run/result.h"
#include "model/run/trace.h"

namespace spillway::model {

struct Mesh;  // model/run/mesh.h

struct MeshDeleter {
  void operator()(const Mesh* mesh) const;
};
using MeshPtr = std::unique_ptr<const Mesh, MeshDeleter>;

/// Resolves names, routes and policies. Errors: unknown profile, version or option, call targets,
/// endless call cycles. Warnings stay beside the value. Also fills in the assumptions.
Loaded<MeshPtr> compile(Spec spec);

/// What a compiled mesh says about itself.
const std::vector<Assumption>& assumptions(const Mesh& mesh);
const std::vector<Scope>& scopes(const Mesh& mesh);
const Scenario& scenario(const Mesh& mesh);

/// A pure function of its arguments. `stop`: returns early (the result is then partial and must be
/// dropped).
ReplicationResult run_replication(const Mesh& mesh, std::uint64_t seed, std::uint32_t replication,
                                  std::stop_token stop = {},
                                  std::atomic<std::int64_t>* simulated_ns = nullptr);

struct Progress {
  std::uint64_t replications_done = 0;
  std::uint64_t replications = 0;
  double share = 0;  ///< 0..1 of all simulated time
};

struct Plan {
  std::uint32_t threads = 0;  ///< 0: as many as the machine has cores
  std::stop_token stop;
  std::function<void(const Progress&)>
      on_progress;  ///< from one thread, a few times a second; touches no result
};

/// Every replication of every mesh, over shared threads; results in the order of `meshes`, the same
/// for any number of threads. After a stop the unfinished replications are missing and `complete`
/// is false.
std::vector<ExperimentResult> run_experiments(std::span<const MeshPtr> meshes, const Plan& plan);

/// Which requests to trace.
struct TraceSelection {
  std::uint32_t replication = 0;
  std::optional<std::uint64_t> request;  ///< absent: all (of the run)
};
std::vector<RequestTrace> trace_requests(const Mesh& mesh, const TraceSelection& selection);

}  // namespace spillway::model
