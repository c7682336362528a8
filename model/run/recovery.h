// When traffic recovers from the injected faults, judged on the interval series of one replication.
// Pure function.
#pragma once

#include "model/fault/timeline.h"
#include "model/run/mesh.h"

namespace spillway::model {

/// Sets recovery_ms and collapsed of every traffic scope. Recovered: from that interval on, the
/// first one that starts after the last fault's end, the success rate is within 1 point of its mean
/// over the intervals that end before the first fault (and after the warm-up; if there are none, of
/// 100 %). Recovery is counted from the fault's end to the start of that interval. Collapsed: not
/// recovered by the end of the run. Nothing is set unless some interval starts after the end of
/// the last fault.
void find_recovery(const Mesh& mesh, const std::vector<FaultEdge>& timeline,
                   ReplicationResult& result);

}  // namespace spillway::model
