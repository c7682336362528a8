// How long to wait before a retry. Pure functions; any thread.
#pragma once

#include <cstdint>

#include "model/spec/client_policy.h"
#include "sim/random.h"
#include "sim/time.h"

namespace spillway::model {

/// base * factor^(retry - 1), at most max: the wait before retry 1, 2, ... without jitter, and the
/// scale of the jittered ones.
sim::Duration exponential_wait(const Backoff& backoff, std::uint32_t retry);

/// The wait before retry `retry` (1, 2, ...), with w = exponential_wait ("Exponential Backoff And
/// Jitter", AWS Architecture Blog, 2015): none: w; full: U(0, w); equal: w/2 + U(0, w/2);
/// decorrelated: min(max, U(base, 3 * previous)). `previous`: the wait before the try that just
/// failed, zero for a first try, for which decorrelated takes the base. A `drawn` law stands alone,
/// cut at max. One value of `draw` is used at most, but for laws that need more.
sim::Duration next_wait(const Backoff& backoff, std::uint32_t retry, sim::Duration previous,
                        sim::Draw& draw);

}  // namespace spillway::model
