// Runs specifications in tests and finds what they measured.
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "model/run/experiment.h"
#include "tests/support/build.h"

namespace spillway::model::build {

inline std::string to_text(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics) text += model::to_text(d) + "\n";
  return text;
}

inline MeshPtr compiled(Spec spec) {
  Loaded<MeshPtr> mesh = compile(std::move(spec));
  if (!mesh) throw std::runtime_error("does not compile:\n" + to_text(mesh.diagnostics()));
  return *std::move(mesh);
}

/// The diagnostics of a specification that must not compile, one a line.
inline std::string errors_of(Spec spec) {
  Loaded<MeshPtr> mesh = compile(std::move(spec));
  return mesh ? "compiles" : to_text(mesh.diagnostics());
}

/// A mesh and one replication of it.
struct Measured {
  MeshPtr mesh;
  ReplicationResult result;

  std::size_t index(const std::string& scope) const {
    const std::vector<Scope>& all = scopes(*mesh);
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].name == scope) return i;
    throw std::runtime_error("no scope " + scope);
  }
  /// Traffic "users", service "a.default", edge "users->a.default", rule "default/a#0", ...
  const ScopeResult& operator[](const std::string& scope) const {
    return result.scopes[index(scope)];
  }
  const Tally& tally(const std::string& scope) const { return (*this)[scope].tally; }

  /// Requests of a traffic source by outcome: "200 - 3, 503 UF 1".
  std::string outcomes(const std::string& scope) const {
    std::string text;
    for (const OutcomeCount& o : result.outcomes)
      if (o.scope == index(scope))
        text += (text.empty() ? "" : ", ") + std::to_string(o.status) + " " + o.flags + " " +
                std::to_string(o.count);
    return text;
  }
};

inline Measured run(Spec spec, std::uint32_t replication = 0) {
  Measured done{compiled(std::move(spec)), {}};
  done.result = run_replication(*done.mesh, scenario(*done.mesh).run.seed, replication);
  return done;
}

inline std::vector<RequestTrace> trace(Spec spec) {
  const MeshPtr mesh = compiled(std::move(spec));
  return trace_requests(*mesh, {});
}

}  // namespace spillway::model::build
