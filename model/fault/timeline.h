// When the faults of a scenario start and end: scheduled windows as they stand, recurring faults
// drawn by key. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "model/spec/fault.h"
#include "sim/random.h"
#include "sim/time.h"

namespace spillway::model {

/// Fault number `fault` of the scenario becomes active (`starts`) or ends at `at`.
struct FaultEdge {
  sim::Time at;
  std::uint32_t fault = 0;
  bool starts = false;

  bool operator==(const FaultEdge&) const = default;
};

/// All edges by time, then fault number, an end before a start.
/// Windows stand as written, whether or not they reach past `horizon`; without a length they have
/// no end, with a length of zero they do not happen. Recurring faults start before `horizon`, and
/// one that still lasts then ends there. Their times between and repair times are exponential, at
/// least 1 ns, and drawn from `key` (seed and replication), what the fault is aimed at, its kind,
/// and its number among its equals: adding or removing another fault moves no draw.
std::vector<FaultEdge> fault_timeline(const std::vector<Fault>& faults, sim::Duration horizon,
                                      sim::Key key);

/// A key for each fault: what it is aimed at, its kind, and its number among its equals. Adding or
/// removing another fault changes no key.
std::vector<sim::Key> fault_keys(const std::vector<Fault>& faults);

/// The last end before `horizon`; kNever when nothing ends by then or some fault is still active at
/// the horizon. `edges` as from fault_timeline().
sim::Time last_fault_end(const std::vector<FaultEdge>& edges, sim::Duration horizon);

/// The first start, or kNever.
sim::Time first_fault_start(const std::vector<FaultEdge>& edges);

}  // namespace spillway::model
