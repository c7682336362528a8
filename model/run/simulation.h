// One replication of a mesh: the state and the event loop. An event is popped, one switch finds its
// handler, an executor decides, the handler schedules. Owns its queue, pools and streams; nothing
// outlives it. One thread. No allocation in steady state.
#pragma once

#include <atomic>
#include <deque>
#include <stop_token>
#include <vector>

#include "model/envoy/adaptive_concurrency.h"
#include "model/envoy/admission_control.h"
#include "model/fault/timeline.h"
#include "model/linkerd/executor.h"
#include "model/policy/balancer.h"
#include "model/policy/budget.h"
#include "model/policy/throttle.h"
#include "model/run/mesh.h"
#include "model/run/ps_station.h"
#include "model/run/recorder.h"
#include "model/run/state.h"
#include "model/run/tracer.h"
#include "model/workload/arrivals.h"
#include "sim/event_queue.h"
#include "sim/ring.h"
#include "sim/slot_pool.h"

namespace spillway::model {

/// What a caller without any policy makes of an answer, or of the lack of one.
Verdict pass_on(Outcome outcome, std::uint16_t status);

/// One rule at one proxy of Linkerd while it runs.
struct LinkerdProxy {
  struct Slot {
    Id stream = kNoId;  ///< of attempts: the attempt
    std::uint32_t generation = 0;
  };
  LinkerdProxy(const Mesh& mesh, const LinkerdStack& compiled, sim::Key key);
  LinkerdProxy(const LinkerdProxy&) = delete;
  LinkerdProxy& operator=(const LinkerdProxy&) = delete;

  Id hop(linkerd::EndpointRef endpoint) const {
    return stack.backends[endpoint.backend].first_hop + endpoint.index;
  }

  const LinkerdStack& stack;
  linkerd::Actions actions;
  linkerd::Executor executor;
  std::vector<Slot> requests, attempts;  ///< by the executor's handles
  bool performing = false;
  bool timing_out = false;  ///< what is cancelled has timed out
};

class Simulation {
 public:
  Simulation(const Mesh& mesh, std::uint64_t seed, std::uint32_t replication,
             Tracer* tracer = nullptr);

  /// Runs to the end, or until `stop`: then false, and there is no result. `simulated` follows the
  /// clock for progress displays.
  bool run(std::stop_token stop, std::atomic<std::int64_t>* simulated);
  ReplicationResult take();
  /// Whether no Envoy counts a request, a retry or a request that waits: so it is after a run.
  bool envoys_idle() const;

 private:
  enum class Kind : std::uint8_t {
    arrival,         // slot: traffic
    user_ready,      // slot: user of a closed loop
    job_arrives,     // slot, generation: job
    work_done,       // slot: job; generation: its epoch
    ps_done,         // slot: replica; generation: its station's epoch
    max_wait,        // slot: job; generation: its epoch
    cancel_arrives,  // slot, generation: job
    direct_reply,    // slot, generation: job that answers its caller itself
    leg_reached,     // slot, generation: attempt on its way to the next leg
    reply,           // slot, generation: attempt
    per_try,         // slot, generation: attempt
    deadline,        // slot, generation: stream
    retry,           // slot, generation: stream
    hedge,           // slot, generation: stream
    answer,          // slot, generation: stream that its proxy answers itself
    start_delayed,   // slot, generation: stream held by an injected delay
    connected,       // slot, generation: connection that an Envoy opened
    sweep,           // slot: Envoy cluster
    host_update,     // slot: Envoy cluster
    linkerd_timer,   // slot: timer, or a connection that is being made
    fault,           // slot: index into timeline_
    interval,
    warmup,
    end
  };
  struct Waiting {
    Id job;
    std::uint32_t epoch;
  };
  struct Replica {
    std::uint32_t busy = 0;
    std::uint32_t workers = 0;
    std::uint32_t waiting = 0;   // live entries of the queue
    std::uint32_t present = 0;   // requests in the replica
    bool serving = false;        // worker_free() is at it
    bool newest_first = false;   // of the queue
    std::uint32_t crashes = 0;   // active crash faults
    std::uint32_t scripted = 0;  // requests answered by a script of its own
    sim::Ring<Waiting> queue;
    std::vector<Id> running;  // lifo-preemptive: jobs at work, oldest arrival first
    PsStation ps;
  };
  struct Connection {  // that an Envoy opens
    Id cluster = kNoId;
    std::uint32_t host = 0;
    bool times_out = false;
  };
  struct LinkerdTimer {
    Id proxy = kNoId;
    bool connection = false;  // that is being made, else a timer
    std::uint32_t patience = 0;
    linkerd::Timer timer;
  };
  struct User {
    std::uint16_t traffic = 0;
    std::uint32_t number = 0;
    std::uint64_t requests = 0;
  };

  // simulation.cc: setup and loop
  void schedule_start();
  bool live(const sim::Event& event) const;
  void dispatch(const sim::Event& event);
  void after(const Delay& delay, sim::Key key, Kind kind, Id slot, std::uint32_t generation);
  void after(sim::Duration wait, Kind kind, Id slot, std::uint32_t generation);
  sim::Duration length(const Delay& delay, sim::Key key) const;
  void end_interval();

  // traffic.cc: requests come and go
  void traffic_arrives(Id traffic);
  void user_ready(Id user);
  void start_request(Id traffic, std::uint64_t number, Id user);
  void start_call(Id call, const Lineage& lineage, Stream::Parent parent_kind, Ref parent,
                  std::uint32_t instance);
  void request_ended(const Lineage& lineage, sim::Time start, Id user, std::uint16_t status,
                     Flags flags);

  // streams.cc: a request at one leg
  Id start_stream(Id leg, Id call, const Lineage& lineage, Stream::Parent parent_kind, Ref parent,
                  std::uint32_t caller_instance, bool first_in_call);
  void open_stream(Id id);
  void start_mirrors(const Stream& stream);
  void answer_later(Id id, std::uint16_t status, Flags flags);
  void break_stream(Id id, Outcome outcome);
  void crash_proxy(Id process);
  void release_stream(Id id);
  void stream_answered(Id id);
  void deadline(Id id);
  void hedge(Id id);
  void end_stream(Id id, const Verdict& verdict);
  void cancel_stream(Id id);
  void drop_retry_slot(Stream& stream);
  Id call_stream(Id id) const;
  void unlink_call(Job& job, Id stream);

  // attempts.cc: one try
  void start_attempt(Id stream);
  Id new_attempt(Id stream, Id hop, bool first);
  Id pick_hop(const Stream& stream, const Leg& leg);
  void send_to_replica(Id attempt, Stream& stream, const Hop& hop);
  void send_job(Id attempt, Stream& stream, const Hop& hop);
  Id new_job(Id attempt, const Stream& stream, const Hop& hop);
  void send_to_leg(Id attempt, const Hop& hop);
  void enter_leg(Id attempt);
  void attempt_done(Id attempt);
  void cancel_child(Attempt& attempt);
  void per_try_expired(Id attempt);
  void cancel_attempt(Id attempt);
  void drop_attempts(Stream& stream);
  void release_attempt(Id attempt);
  void count_try(const Stream& stream, const Leg& leg, bool first);
  void count_denied(const Stream& stream, const Leg& leg);
  void count_timeout(const Stream& stream, const Leg& leg);
  Verdict decide(Stream& stream, const Leg& leg, const AttemptResult& result);
  RetryBudget& budget(Id id) { return budgets_[id == kNoId ? 0 : id]; }

  // envoy_requests.cc: a request at an Envoy
  void envoy_open(Id stream);
  bool envoy_fault(Id stream);
  bool envoy_admits(const Stream& stream);
  void envoy_retry(Id stream);
  void envoy_try(Id stream);
  void envoy_done(Id attempt);
  void envoy_hedge(Id attempt);
  void envoy_retry_later(Id stream, const Verdict& verdict);
  void envoy_deadline(const Stream& stream);
  void envoy_close(Stream& stream, std::uint16_t status);
  Id envoy_cluster(const Stream& stream) const {
    return mesh_.hops[stream.hop].cluster + stream.instance;
  }

  // envoy_pools.cc: connections and hosts of an Envoy
  void envoy_send(Id attempt);
  void envoy_post(Id attempt, Outcome outcome, Attempt::Pool pool);
  void envoy_connect(Id cluster, std::uint32_t host);
  void envoy_connected(Id connection);
  void envoy_serve(Id cluster, std::uint32_t host);
  void envoy_leave(const Attempt& attempt, Id cluster);
  void envoy_report(Id cluster, const Attempt& attempt, const AttemptResult& result);
  void envoy_hosts_changed(Id cluster);
  void envoy_update(Id cluster);
  void envoy_sweep(Id cluster);
  void envoy_close_idle(Id replica);
  Id envoy_replica(Id cluster, std::uint32_t host) const;

  // linkerd_requests.cc: a request at a proxy of Linkerd
  void linkerd_open(Id stream);
  void linkerd_perform(Id proxy);
  void linkerd_set_timer(Id proxy, const linkerd::Action& action);
  void linkerd_connect(Id proxy, linkerd::EndpointRef endpoint);
  void linkerd_timer(Id timer);
  void linkerd_send(LinkerdProxy& proxy, const linkerd::Action& action);
  void linkerd_cancel(LinkerdProxy& proxy, linkerd::Handle handle);
  void linkerd_done(Id attempt);
  void linkerd_headers(LinkerdProxy& proxy, const linkerd::Action& action);
  void linkerd_end(LinkerdProxy& proxy, linkerd::Handle request);
  void linkerd_gone(const Stream& stream);

  // jobs.cc: inside a replica
  void job_arrives(Id job);
  bool meet_faults(Id job);
  void run_script(Id job, const CompiledOperation& operation);
  void script_done(Id job);
  void begin_step(Id job);
  void start_calls(Id job, const CompiledStep& step);
  bool call_happens(const Job& job, const Call& call) const;
  void part_done(Id job);
  void call_done(Id job, Id call, std::uint16_t status);
  void finish_job(Id job, std::uint16_t status);
  void reply(Id job, Outcome outcome, std::uint16_t status);
  void leave_replica(Job& job);
  void caller_gone(Id job);

  // direct.cc: calls without proxy or policy
  bool goes_direct(const Leg& leg, const Lineage& lineage) const;
  void start_direct(const Leg& leg, Id call, const Lineage& lineage, Job::Caller caller_kind,
                    Ref caller, std::uint32_t instance);
  void reply_direct(Id job, Outcome outcome, std::uint16_t status);
  void direct_done(Id job);
  void abandon_direct(Id job);
  void unlink_direct(Job& job);
  void stop_job(Id job);
  void release_job(Id job);

  // workers.cc: queues and workers of a replica
  void want_worker(Id job);
  void take_worker(Id job);
  void run_on_worker(Id job);
  void reject(Id job);
  void enqueue(Id job);
  void leave_queue(Id job);
  void wait_expired(Id job);
  void worker_free(Id replica);
  void give_worker_back(Id job);
  void start_work(Id job);
  bool preempt(Id replica);
  void work_done(Id job);
  sim::Duration draw_work(const Job& job) const;
  void count_ps_workers(Id replica);
  void ps_reschedule(Id replica);
  void ps_done(Id replica);

  // faults.cc
  void fault_edge(const FaultEdge& edge);
  void crash(Id replica);
  void count_workers(Id service, Id replica);
  double slowness(const Job& job) const;
  bool hit(const CompiledFault& fault, sim::Key key, double percent) const;
  bool reaches(const Hop& hop, Id attempt, sim::Key key, sim::Duration& extra);
  bool network_passes(const Hop& hop, Id replica, sim::Key key, sim::Duration& extra) const;
  bool proxy_faults(Id stream);

  const Mesh& mesh_;
  Tracer* tracer_;
  sim::Key run_key_;
  sim::Time now_;
  sim::Time warmup_, end_;
  sim::EventQueue queue_;
  sim::SlotPool<Stream> streams_;
  sim::SlotPool<Attempt> attempts_;
  sim::SlotPool<Job> jobs_;
  Id job_slots_ = 0;  ///< slots ever used, for crashes
  Id stream_slots_ = 0;
  std::vector<std::uint32_t> processes_down_;  ///< crash faults on each proxy
  std::vector<Replica> replicas_;
  std::vector<Id> replica_scopes_;
  std::vector<Balancer> balancers_;
  std::vector<RetryBudget> budgets_;
  std::vector<ThrottleState> throttles_;
  std::vector<envoy::ClusterState> envoy_clusters_;
  sim::SlotPool<envoy::RequestState> envoy_requests_;
  sim::SlotPool<Connection> connections_;
  std::uint64_t connections_opened_ = 0;
  std::deque<LinkerdProxy> linkerd_proxies_;
  sim::SlotPool<LinkerdTimer> linkerd_timers_;
  std::vector<envoy::AdmissionControl> admission_;
  std::vector<envoy::AdaptiveConcurrency> concurrency_;
  std::vector<ArrivalProcess> arrivals_;
  std::vector<std::uint64_t> arrived_;  ///< requests by traffic
  std::vector<std::uint64_t> open_;     ///< unfinished requests that count, by traffic
  std::vector<User> users_;
  std::vector<FaultEdge> timeline_;
  std::vector<std::vector<Id>> service_faults_, slow_faults_, worker_faults_, rule_faults_,
      link_faults_;                    ///< active ones
  std::vector<sim::Time> fault_ends_;  ///< of active faults; kNever = open
  Recorder recorder_;
  std::uint32_t requests_ = 0;
  std::uint64_t events_ = 0;
  int descending_ = 0;  ///< inside a dispatch that goes down: replies are posted, not delivered
  bool ended_ = false;
};

}  // namespace spillway::model
