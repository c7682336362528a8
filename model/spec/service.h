// How a service behaves: replicas, workers, queue, and the steps of its operations. Plain values,
// validated by the loader.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/spec/client_policy.h"
#include "model/spec/request.h"
#include "sim/distribution.h"

namespace spillway::model {

enum class Threading { blocking, async };
enum class Discipline { fifo, lifo, lifo_preemptive, ps };
enum class OnCancel { finish, dequeue, abort };
enum class Balancing {
  round_robin,
  random,
  least_request,
  join_shortest_queue,
  peak_ewma,
  ring_hash,
  maglev
};

struct LoadBalancer {
  Balancing policy = Balancing::round_robin;
  std::uint32_t choices = 2;  ///< least_request and peak_ewma: hosts that are compared; 1..64
  std::string
      hash_on;  ///< ring_hash and maglev: a header's name, or "source" (the client instance)
  bool operator==(const LoadBalancer&) const = default;
};

struct QueueSpec {
  std::optional<std::uint64_t>
      capacity;  ///< requests that may wait in one replica; absent: unlimited
  Discipline discipline = Discipline::fifo;
  std::optional<sim::Distribution> max_wait;  ///< dropped with 503 after waiting so long
  bool operator==(const QueueSpec&) const = default;
};

/// base + per_in_flight x requests then in the replica (this one included), fixed when the work
/// starts.
struct LoadDependentWork {
  sim::Duration base{};
  sim::Duration per_in_flight{};
  bool operator==(const LoadDependentWork&) const = default;
};

struct WorkStep {
  std::variant<sim::Distribution, LoadDependentWork> time;
  bool operator==(const WorkStep&) const = default;
};

struct CallStep {
  ServiceRef service;
  Request request;
  double probability = 1;  ///< 0..1
  std::optional<ClientPolicy> client;
  bool optional = false;  ///< a failed call does not fail the operation
  bool operator==(const CallStep&) const = default;
};

struct Step;
/// Branches start together; the step ends when all have ended.
struct ParallelStep {
  std::vector<Step> branches;
  bool operator==(const ParallelStep&) const;
};

struct Step {
  std::variant<WorkStep, CallStep, ParallelStep> action;
  Place place;
  bool operator==(const Step& o) const { return action == o.action; }
};
inline bool ParallelStep::operator==(const ParallelStep& o) const { return branches == o.branches; }

/// What a scripted operation does with one attempt.
struct ScriptEntry {
  enum class Kind { status, reset, refuse, hang };
  Kind kind = Kind::status;
  int status = 200;
  sim::Duration after{};
  std::vector<Header> headers;
  bool operator==(const ScriptEntry&) const = default;
};

/// Empty fields match everything; `path` is a PathPrefix of the Gateway API.
struct OperationMatch {
  std::string method;
  std::string path;
  std::vector<Header> headers;
  bool operator==(const OperationMatch&) const = default;
};

struct Operation {
  std::string name = "default";
  OperationMatch match;
  std::vector<Step> steps;
  std::vector<ScriptEntry>
      script;  ///< not empty: replies by attempt of the same request; the last repeats
  Place place;
  bool operator==(const Operation&) const = default;
};

struct PortSpec {
  int port = 80;
  std::string name;
  std::string app_protocol;
  bool operator==(const PortSpec&) const = default;
};

inline constexpr std::uint32_t kUnlimitedWorkers = 0xffffffff;

struct Service {
  std::string name;
  std::string namespace_ = "default";
  std::vector<PortSpec> ports{PortSpec{}};
  std::uint32_t replicas = 1;
  std::uint32_t workers = kUnlimitedWorkers;  ///< requests served at once by one replica
  Threading threading = Threading::blocking;
  QueueSpec queue;
  OnCancel on_cancel = OnCancel::finish;
  std::optional<LoadBalancer> load_balancer;
  bool meshed = true;
  std::vector<Operation>
      operations;  ///< first match wins; empty: one that matches everything and does no work
  Place place;

  std::string scope() const { return name + "." + namespace_; }
  bool operator==(const Service&) const = default;
};

}  // namespace spillway::model
