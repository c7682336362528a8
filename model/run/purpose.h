// What a draw is for: the part of its key that tells it from the other draws of the same request.
// Values never change: results depend on them.
#pragma once

#include <cstdint>

namespace spillway::model {

enum Purpose : std::uint64_t {
  // of a replication
  kArrivals = 1,
  kFaultTimes = 2,
  kBalancing = 3,
  kEnvoyCluster = 4,
  kConnection = 5,
  kConcurrency = 6,
  kLinkerd = 7,
  // of a request
  kKindOfRequest = 0x101,
  kThink = 0x102,
  // of a stream
  kMirror = 0x201,
  kInstance = 0x202,
  kThrottle = 0x203,
  kHop = 0x204,
  kBackoff = 0x205,
  kProxyFault = 0x206,
  kHost = 0x207,
  kAdmission = 0x208,
  // of an attempt
  kReplica = 0x301,
  kWayOut = 0x302,
  kWayBack = 0x303,
  kCancelWay = 0x304,
  kReply = 0x305,
  // of a job
  kCallHappens = 0x401,
  kWork = 0x402,
  kMaxWait = 0x403,
  // of a fault
  kHit = 0x501,
  kFaultTime = 0x502,
};

}  // namespace spillway::model
