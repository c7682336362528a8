// The live objects of a replication: a Stream is one request at one leg, an Attempt one try of it,
// a Job one attempt inside a replica. Plain data in slot pools; owned by one Simulation, one
// thread.
//
//   Stream (leg 0) -> Attempt -> Stream (leg 1) -> Attempt -> Job -> Stream (a call of the job) ->
//   ...
//
// An attempt of leg k is the request of leg k+1. Replies travel up by (index, generation), so an
// answer to a caller that has gone finds a dead slot and is dropped; cancellation travels down.
#pragma once

#include <cstdint>

#include "model/policy/outcome.h"
#include "model/run/mesh.h"
#include "model/run/purpose.h"
#include "sim/random.h"
#include "sim/time.h"

namespace spillway::model {

/// A slot of a pool at one time of its life.
struct Ref {
  Id index = kNoId;
  std::uint32_t generation = 0;
};

/// What follows every object below a request.
struct Lineage {
  sim::Key key = 0;        ///< of the request; retries have keys of their own
  std::uint32_t root = 0;  ///< number of the request, in order of arrival
  std::uint16_t traffic = 0;
  std::uint16_t depth = 0;  ///< calls above
  bool counted = false;     ///< arrived in [warmup, duration)
  bool clean = true;        ///< no retry among the ancestors
};

struct Stream {
  enum class Parent : std::uint8_t { nobody, traffic, job, attempt };

  Lineage lineage;
  sim::Time start;
  Id leg = kNoId;
  Id call = kNoId;
  Ref parent;  ///< traffic: index = user of a closed loop, or kNoId
  Parent parent_kind = Parent::nobody;
  bool first_in_call = true;   ///< no retry on the legs above within this call
  bool after_timeout = false;  ///< the last retry followed a timeout
  std::uint32_t instance = 0;  ///< of the proxy or client at this leg
  std::uint32_t caller_instance = 0;
  std::uint32_t tries = 0;
  std::uint32_t retries = 0;
  std::uint32_t hedges = 0;
  std::uint32_t arrivals = 0;  ///< tries that reached a replica (kept at the call's first stream)
  Id hop = kNoId;
  Id request = kNoId;                 ///< Envoy: its RequestState
  Id budget = kNoId;                  ///< of the try under way
  Id retry_slot = kNoId;              ///< budget whose try_withdraw() allowed the retry under way
  Id first_attempt = kNoId;           ///< live tries
  Id next = kNoId, previous = kNoId;  ///< other live calls of the same job
  sim::Duration wait{};               ///< last backoff
  std::uint16_t answer = 0;           ///< status to be answered without a try
  RetryStopped answer_stopped = RetryStopped::none;  ///< of Linkerd's answer: why it is the last
  Outcome broken = Outcome::status;  ///< its proxy is down: how its caller's connection ends
  Flags answer_flags{};
};

struct Attempt {
  enum class Child : std::uint8_t { none, leg, job };
  enum class Pool : std::uint8_t { none, waits, purged, connected };

  sim::Key key = 0;
  sim::Time start;
  Id stream = kNoId;
  Id hop = kNoId;
  Id host = kNoId;                    ///< Envoy: of its cluster
  Id next = kNoId, previous = kNoId;  ///< other live tries of the stream
  Ref child;
  std::uint32_t replica = 0;  ///< within its service
  Child child_kind = Child::none;
  bool balanced = false;   ///< a balancer counts it as active
  bool first = true;       ///< the stream's first try
  Pool pool = Pool::none;  ///< Envoy: where it stands in its host's pool
  bool hedged = false;     ///< Envoy: another try was started beside it when its timer fired
  Flags flags;             ///< that came with an answer from the next leg
  AttemptResult result;
};

struct Job {
  enum class Phase : std::uint8_t { free, transit, queued, running, hung, replied };
  /// Who waits for the answer. A call without proxy or policy has no Stream and no Attempt: its job
  /// answers the caller itself.
  enum class Caller : std::uint8_t { nobody, attempt, traffic, job };

  Lineage lineage;
  sim::Time arrived;
  sim::Time queued_at;
  sim::Time busy_since;
  sim::Time gone_at;
  sim::Time work_ends;
  sim::Duration remaining{};  ///< of a preempted work, or drawn work that waits for a worker
  sim::Time sent;             ///< traffic, job: when the caller sent it
  Ref caller;                 ///< attempt, job, or (index) user of a closed loop
  Id service = kNoId;
  Id operation = kNoId;
  Id replica = kNoId;                 ///< global index
  Id first_call = kNoId;              ///< live calls through a Stream
  Id first_direct = kNoId;            ///< live calls without one
  Id next = kNoId, previous = kNoId;  ///< other live direct calls of the same caller
  Id call = kNoId;                    ///< traffic, job: the call site
  Id hop = kNoId;
  std::uint32_t instance = 0;  ///< traffic, job: of the caller
  std::uint32_t local_replica = 0;
  std::uint32_t step = 0;
  std::uint32_t pending = 0;         ///< parts of the step that have not ended
  std::uint32_t epoch = 0;           ///< of queue entries and work timers
  std::uint32_t arrival_number = 0;  ///< among all tries of its call that reached a replica, from 0
  Id edge = kNoId;                   ///< scope of caller -> called service
  std::uint16_t status = 200;
  std::uint16_t fail_with = 0;  ///< status of an injected failure after the work
  Phase phase = Phase::free;
  Caller caller_kind = Caller::attempt;
  Outcome outcome = Outcome::status;  ///< of the answer that is under way
  bool holds_worker = false;
  bool started = false;   ///< has had a worker
  bool gone = false;      ///< the caller has given up
  bool delayed = false;   ///< an injected delay has been served
  bool present = false;   ///< counted as in the replica
  bool retry = false;     ///< not the first try of its call
  bool stepping = false;  ///< a step is under way (else: waits for its first worker)
};

}  // namespace spillway::model
