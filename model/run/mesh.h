// A compiled scenario: names resolved to dense ids, every call's route and rule resolved, policies
// translated. Immutable; shared by all replications and threads. Ids index the vectors of Mesh;
// kNoId = none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/envoy/cluster_state.h"
#include "model/envoy/filter_config.h"
#include "model/envoy/router.h"
#include "model/linkerd/policy.h"
#include "model/neutral/rule.h"
#include "model/policy/balancer.h"
#include "model/resources/resources.h"
#include "model/run/experiment.h"
#include "model/run/result.h"
#include "sim/event_queue.h"

namespace spillway::model {

using Id = std::uint32_t;
inline constexpr Id kNoId = 0xffffffff;

/// A user who does not think, and whose request took no time at all, waits so long before the next.
inline constexpr sim::Duration kLeastTurn{1'000'000};

/// A span of time that is waited for: a constant one has a lane of its own, others are drawn and
/// summed.
struct Delay {
  sim::Duration constant{};
  sim::LaneId lane{};
  std::vector<sim::Distribution> drawn;  ///< beside `constant`
  bool zero() const { return constant.ns == 0 && drawn.empty(); }
};

/// A timer of constant length.
struct Timer {
  bool armed = false;
  sim::Duration length{};
  sim::LaneId lane{};
};

enum class Executor : std::uint8_t { direct, client, neutral, envoy, linkerd };

/// Where an attempt of a leg may go.
struct Hop {
  /// answer: the proxy replies itself (invalid reference, redirect); nowhere: a Service without
  /// endpoints; cluster: a host that Envoy picks, whose own hop says where it is.
  enum class To : std::uint8_t { replica, leg, answer, nowhere, cluster };
  To to = To::replica;
  std::uint16_t status = 0;  ///< of an answer
  double cumulative = 1;     ///< share of this and the hops before it, the last = 1
  Id first_peer = kNoId;     ///< of the hops of the same backend: a retry draws among them again
  Id peers = 1;
  Id target = kNoId;  ///< replica: service; leg: leg; cluster: the first hop of its hosts, or kNoId
  Id replica = kNoId;  ///< leg: the replica that this way leads to, if it is one; linkerd: within
                       ///< its service
  Id operation =
      kNoId;  ///< replica: the operation that the request matches; kNoId: the service answers 404
  Id cluster = kNoId;        ///< replica: first balancer; cluster: first Envoy cluster; + instance
  Id budget = kNoId;         ///< first budget; + instance
  Id link = kNoId;           ///< faults of this connection
  sim::Key hash = 0;         ///< what a consistent-hash balancer hashes,
  bool hash_source = false;  ///< together with the caller's instance
  Delay out;                 ///< to there and
  Delay back;                ///< back
  std::string backend;       ///< "namespace/service:port", for traces
};

/// A copy of the request that nobody waits for.
struct Mirror {
  double share = 1;
  Id leg = kNoId;
};

/// One proxy (or the caller's own client policy) on the way of a call.
struct Leg {
  Executor executor = Executor::direct;
  bool caller_instance = true;  ///< instance = the caller's pod; else drawn among `instances`
  std::uint16_t answer = 0;     ///< != 0: answered by the proxy itself with this status
  Flags answer_flags;
  std::uint32_t instances = 1;
  std::uint32_t first_instance = 0;  ///< how the first is numbered
  Id config = kNoId;  ///< client: Mesh::clients; neutral: Mesh::rules; envoy: Mesh::envoy_routes;
                      ///< linkerd: first of Mesh::linkerd_stacks; + instance
  Id first_hop = 0;
  Id hop_count = 0;
  Id first_mirror = 0;
  Id mirror_count = 0;
  Id budget = kNoId;       ///< client: first budget; + instance
  Id throttle = kNoId;     ///< client: first throttle; + instance
  Id admission = kNoId;    ///< envoy: first AdmissionControl; + instance
  Id concurrency = kNoId;  ///< envoy: first AdaptiveConcurrency; + instance
  Id rule_scope = kNoId;
  Id proxy_scope = kNoId;       ///< first proxy scope; + instance
  Id process = kNoId;           ///< which process it is, among those that can be down; + instance
  Id faults = kNoId;            ///< index into Mesh::rule_targets: faults at this proxy's rule
  bool plain = false;           ///< one way, nothing acts on it: no Stream is needed
  bool repick_backend = false;  ///< a retry draws the weighted backend again
  Timer timeout;
  Timer per_try;
  Timer backoff;  ///< constant backoff
  Timer hedge;
  std::string to;     ///< "service.namespace:port", for traces
  std::string route;  ///< "namespace/name"
  int rule = -1;
  std::string proxy;  ///< kind and name, for traces: "proxy/checkout.shop"
};

/// A call site: a step of an operation, or a kind of request of a traffic source.
struct Call {
  Id leg = kNoId;
  Id edge =
      kNoId;  ///< scope of caller -> called service; kNoId: from a traffic source to a Gateway
  Id service_scope = kNoId;  ///< of the called service, if it has one
  double probability = 1;
  bool optional = false;
  sim::Key salt = 0;  ///< tells calls of one operation apart
};

struct WorkItem {
  sim::Distribution time;
  LoadDependentWork load;
  bool load_dependent = false;
};

/// Work and calls that start together; the step ends when all have ended.
struct CompiledStep {
  Id first_work = 0, work_count = 0;
  Id first_call = 0, call_count = 0;
};

/// What executors read from the headers of a scripted answer.
struct AnswerHeaders {
  bool rate_limited = false;
  std::int16_t grpc_status = -1;
  std::int32_t retry_after_s = -1;
};
AnswerHeaders read_headers(const std::vector<Header>& headers);

struct CompiledOperation {
  Id service = kNoId;
  Id first_step = 0, step_count = 0;
  std::vector<ScriptEntry> script;
  std::vector<AnswerHeaders> answers;  ///< by entry of the script
  bool script_by_replica = false;      ///< n-th request that a replica gets, else n-th try of one
  std::string name;
};

struct CompiledService {
  Id scope = kNoId;
  std::uint32_t replicas = 1;
  std::uint32_t workers = kUnlimitedWorkers;
  Id first_replica = 0;
  Id first_operation = 0;
  bool async = false;
  Discipline discipline = Discipline::fifo;
  OnCancel on_cancel = OnCancel::finish;
  std::uint64_t queue_capacity = ~0ull;
  bool has_max_wait = false;
  Delay max_wait;
  sim::Key salt = 0;
};

struct RequestKind {
  Id call = kNoId;
  double cumulative = 1;
};

struct CompiledTraffic {
  Id scope = kNoId;
  std::vector<RequestKind> requests;
  std::uint32_t instances = 1;
  sim::Key salt = 0;
};

/// One fault on one target. Percentages are shares 0..1.
struct CompiledFault {
  FaultAction action;
  Id service = kNoId;                                  ///< at a service,
  std::uint32_t first_replica = 0, replica_count = 0;  ///< these replicas of it (global index),
  Id operation = kNoId;                                ///< this operation only
  std::vector<Id> rules;                               ///< at the proxies of these rule targets
  std::vector<Id> links;                               ///< on these links,
  std::vector<Id> proxies;                             ///< of these proxies
  std::uint32_t node = 0, nodes = 0;  ///< links: of pods on this node of so many only, unless 0
  sim::Key salt = 0;

  bool covers(Id replica) const {
    return replica >= first_replica && replica < first_replica + replica_count;
  }
};

struct BudgetSlot {
  Budget budget;
  BudgetReading reading;
  Id scope = kNoId;      ///< whose budget_balance it is:
  bool of_rule = false;  ///< a rule, else an edge
};

struct Cluster {
  LoadBalancer balancer;
  Id service = kNoId;
  sim::Key seed = 0;
  std::shared_ptr<const HostTable> table;  ///< of the consistent-hash policies
};

/// A host of an Envoy cluster: `hop` leads to its service (or leg) unless the call has a way of its
/// own, `replica` is which of it.
struct EnvoyHost {
  Id hop = kNoId;
  std::uint32_t replica = 0;
};

/// A cluster in one Envoy process.
struct EnvoyCluster {
  envoy::ClusterSettings settings;
  Id first_host = 0;  ///< of Mesh::envoy_hosts
  std::uint32_t hosts = 0;
  sim::Key seed = 0;
};

/// What one proxy of Linkerd keeps of one rule.
struct LinkerdStack {
  struct Backend {
    Id first_hop = 0;  ///< one hop an endpoint
    Id hops = 0;
  };
  Id policy = kNoId;
  std::vector<Backend> backends;  ///< as the policy has them
  Id first_hop = kNoId;           ///< of the first of them; a call has its own, from Leg::first_hop
  sim::Key seed = 0;
};

struct Mesh {
  Spec spec;
  std::vector<Scope> scopes;
  std::vector<Assumption> assumptions;
  Diagnostics diagnostics;

  std::vector<CompiledService> services;
  std::vector<CompiledOperation> operations;
  std::vector<CompiledStep> steps;
  std::vector<WorkItem> work;
  std::vector<Call> calls;
  std::vector<Leg> legs;
  std::vector<Hop> hops;
  std::vector<Mirror> mirrors;
  std::vector<neutral::RuleConfig> rules;
  std::vector<ClientPolicy> clients;
  std::vector<envoy::RouteSettings> envoy_routes;
  std::vector<EnvoyCluster> envoy_clusters;  ///< one per process and cluster
  std::vector<EnvoyHost> envoy_hosts;
  std::vector<linkerd::OutboundPolicy> linkerd_policies;
  std::vector<LinkerdStack> linkerd_stacks;  ///< one per process and rule
  std::vector<envoy::AdmissionControlConfig> admission_controls;
  std::vector<envoy::AdaptiveConcurrencyConfig> adaptive_concurrencies;
  std::vector<CompiledTraffic> traffic;
  std::vector<CompiledFault> faults;
  std::vector<Cluster> clusters;  ///< one per proxy instance and backend
  std::vector<BudgetSlot> budgets;
  std::vector<AdaptiveThrottle> throttles;
  std::uint32_t replicas = 0;
  std::uint32_t links = 0;
  std::uint32_t rule_targets = 0;
  std::uint32_t proxies = 0;
  std::uint32_t max_call_depth = 64;
  sim::EventQueue queue;  ///< empty, with all lanes: every replication starts from a copy
  sim::LaneId now;        ///< lane of zero delay
};

}  // namespace spillway::model
