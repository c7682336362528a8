// Amazon VPC Lattice behind the AWS Gateway API Controller (aws/aws-application-networking-k8s): a
// managed proxy that passes requests on. Plain values; any thread.
#pragma once

#include <cstddef>

#include "model/neutral/rule.h"
#include "model/profiles/profile.h"
#include "sim/time.h"

namespace spillway::model::vpc_lattice {

/// Header matches that one rule may have; a route with more is not programmed.
inline constexpr std::size_t kMaxHeaderMatches = 5;
/// Without bytes in either direction for so long a request is broken off (idleTimeoutSeconds).
inline constexpr sim::Duration kIdleTimeout{60'000'000'000};
/// What the managed proxy itself answers: no rule matches, no target group is valid.
inline constexpr int kNoRuleStatus = 404;
inline constexpr int kNoTargetStatus = 500;

ProfileInfo info();

/// What a rule becomes, whatever its timeouts and retries say.
neutral::RuleConfig translate(sim::Duration idle_timeout);

}  // namespace spillway::model::vpc_lattice
