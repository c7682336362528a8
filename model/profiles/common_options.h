// Options that profiles have in common: how long the ways take, and how many instances of a proxy
// there are. Plain values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/profiles/profile.h"
#include "model/spec/scenario.h"
#include "sim/distribution.h"

namespace spillway::model {

struct CommonOptions {
  sim::Distribution proxy_latency;    ///< one traversal of an L7 proxy
  sim::Distribution l4_latency;       ///< one traversal of an L4 proxy
  sim::Distribution network_latency;  ///< each way between two pods
  std::uint32_t gateway_replicas = 1;
  std::uint32_t waypoint_replicas = 1;
  std::uint32_t nodes = 1;
  std::uint32_t max_call_depth = 64;
};

/// How profiles whose retries are Envoy's describe `budgetOverride`.
OptionInfo envoy_budget_override();

/// Reads `mesh.options` of a profile whose options are described by its ProfileInfo alone: defaults
/// come from there. Unknown names and values of a wrong type are errors at their place.
class OptionReader {
 public:
  OptionReader(const MeshSpec& mesh, const ProfileInfo& profile, Diagnostics& diagnostics);

  /// The profile's default where the scenario says nothing, else 0 or false.
  sim::Distribution time(std::string_view name);
  std::uint32_t count(std::string_view name, std::uint32_t standard);
  bool flag(std::string_view name);
  /// `budgetOverride`: Envoys know the kind `concurrency` only; others are errors.
  std::optional<ConcurrencyBudget> concurrency_budget();

  CommonOptions common();

 private:
  const OptionInfo* info(std::string_view name) const;
  const MeshOption* given(std::string_view name) const;
  void wrong(std::string_view name, const MeshOption& option, std::string_view expected);

  const MeshSpec& mesh_;
  const ProfileInfo& profile_;
  Diagnostics& diagnostics_;
};

/// "0.5ms", "60s" as a profile's table writes its defaults.
sim::Duration default_duration(std::string_view text);

}  // namespace spillway::model
