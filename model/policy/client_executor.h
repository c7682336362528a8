// The executor of a policy inside an application: decides after every try; whoever calls it does
// the waiting and sending. Pure but for the budget and the draw.
#pragma once

#include <cstdint>

#include "model/policy/budget.h"
#include "model/policy/outcome.h"
#include "model/spec/client_policy.h"
#include "sim/random.h"
#include "sim/time.h"

namespace spillway::model {

/// What to do after a try that ended with `result`, as the `retries_used`-th retry (0: the first
/// try) that was sent after `previous_wait`. In this order: a success or a failure outside
/// `retry_on` (or a policy without retries) ends the call, then the limit of retries, then the
/// budget, which is asked, and charged, only for a retry that nothing else forbids. The budget has
/// heard of the result before. The final status is that of the last try: as it came; 503 for
/// refused (UF), no endpoint (UH), reset (UC); 504 for a timeout (UT). The limit adds URX, the
/// budget UO, as Envoy flags them. No endpoint counts as a connection failure. Hedges are not
/// decided here.
Verdict decide(const ClientPolicy& policy, std::uint32_t retries_used, sim::Duration previous_wait,
               const AttemptResult& result, RetryBudget& budget, sim::Time now, sim::Draw& draw);

}  // namespace spillway::model
