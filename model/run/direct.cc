// Calls that nothing acts upon on their way: no proxy, no policy. The job answers its caller
// itself; everything happens in the same order, and with the same draws, as through a Stream and an
// Attempt (which are used when requests are traced).
#include "model/run/simulation.h"

namespace spillway::model {

Verdict pass_on(Outcome outcome, std::uint16_t status) {
  Verdict verdict;
  verdict.status = 503;
  verdict.stopped = RetryStopped::not_retriable;
  switch (outcome) {
    case Outcome::status:
      verdict.status = status;
      if (status < 500) verdict.stopped = RetryStopped::none;
      break;
    case Outcome::refused:
      verdict.flags = Flags::kUF;
      break;
    case Outcome::no_endpoint:
      verdict.flags = Flags::kUH;
      break;
    default:
      verdict.flags = Flags::kUC;
  }
  return verdict;
}

bool Simulation::goes_direct(const Leg& leg, const Lineage& lineage) const {
  return leg.plain && !tracer_ && lineage.depth <= mesh_.max_call_depth &&
         link_faults_[mesh_.hops[leg.first_hop].link].empty();
}

void Simulation::start_direct(const Leg& leg, Id call, const Lineage& lineage,
                              Job::Caller caller_kind, Ref caller, std::uint32_t instance) {
  const Hop& hop = mesh_.hops[leg.first_hop];
  const CompiledService& service = mesh_.services[hop.target];
  const Id id = jobs_.allocate();
  job_slots_ = std::max(job_slots_, id + 1);
  Job& job = jobs_[id];
  const std::uint32_t epoch = job.epoch;
  job = Job{};
  job.epoch = epoch + 1;
  job.lineage = lineage;
  job.sent = now_;
  job.caller = caller;
  job.caller_kind = caller_kind;
  job.call = call;
  job.hop = leg.first_hop;
  job.edge = mesh_.calls[call].edge;
  job.instance = instance;
  job.service = hop.target;
  job.operation = hop.operation;
  job.phase = Job::Phase::transit;
  if (job.edge != kNoId) recorder_.sent(job.edge, lineage.counted, lineage.clean);
  recorder_.sent(service.scope, lineage.counted, lineage.clean);

  Balancer& balancer = balancers_[hop.cluster + instance];
  sim::Draw draw(sim::combine(lineage.key, kReplica));
  const std::uint64_t hash = hop.hash_source ? sim::combine(hop.hash, instance) : hop.hash;
  job.local_replica = balancer.pick(now_, draw, hash, [&](std::uint32_t host) {
    return replicas_[service.first_replica + host].present;
  });
  balancer.on_start(job.local_replica);
  job.replica = service.first_replica + job.local_replica;

  if (caller_kind == Job::Caller::job) {
    Job& parent = jobs_[caller.index];
    job.next = parent.first_direct;
    if (parent.first_direct != kNoId) jobs_[parent.first_direct].previous = id;
    parent.first_direct = id;
  }
  if (hop.out.zero())
    job_arrives(id);
  else
    after(hop.out, sim::combine(lineage.key, kWayOut), Kind::job_arrives, id, jobs_.generation(id));
}

void Simulation::reply_direct(Id id, Outcome outcome, std::uint16_t status) {
  Job& job = jobs_[id];
  if (job.caller_kind == Job::Caller::nobody) return release_job(id);
  leave_replica(job);
  job.phase = Job::Phase::replied;
  ++job.epoch;
  job.outcome = outcome;
  job.status = status;
  const Hop& hop = mesh_.hops[job.hop];
  const sim::Key key = sim::combine(job.lineage.key, kReply);
  sim::Duration extra{};
  if (!link_faults_[hop.link].empty() && !network_passes(hop, job.replica, key, extra)) return;
  if (extra.ns > 0)
    after(length(hop.back, key) + extra, Kind::direct_reply, id, jobs_.generation(id));
  else if (hop.back.zero() && descending_ == 0)
    direct_done(id);
  else
    after(hop.back, key, Kind::direct_reply, id, jobs_.generation(id));
}

void Simulation::direct_done(Id id) {
  Job& job = jobs_[id];
  balancers_[mesh_.hops[job.hop].cluster + job.instance].on_end(job.local_replica, now_,
                                                                now_ - job.sent);
  const Verdict verdict = pass_on(job.outcome, job.status);
  if (job.edge != kNoId)
    recorder_.ended(job.edge, now_ - job.sent, verdict.status < 500, job.lineage.counted);
  const Id caller = job.caller.index;
  if (job.caller_kind == Job::Caller::traffic) {
    request_ended(job.lineage, job.sent, caller, verdict.status, verdict.flags);
    return release_job(id);
  }
  const Id call = job.call;
  unlink_direct(job);
  release_job(id);
  call_done(caller, call, verdict.status);
}

void Simulation::unlink_direct(Job& job) {
  if (job.previous != kNoId)
    jobs_[job.previous].next = job.next;
  else
    jobs_[job.caller.index].first_direct = job.next;
  if (job.next != kNoId) jobs_[job.next].previous = job.previous;
}

/// The caller has been stopped and will not hear the answer.
void Simulation::abandon_direct(Id id) {
  Job& job = jobs_[id];
  const Hop& hop = mesh_.hops[job.hop];
  unlink_direct(job);
  job.caller_kind = Job::Caller::nobody;
  balancers_[hop.cluster + job.instance].on_end(job.local_replica, now_, now_ - job.sent);
  if (job.edge != kNoId) recorder_.count<&Tally::finished>(job.edge, job.lineage.counted);
  if (job.phase == Job::Phase::replied)  // its answer, on the way, is dropped
    release_job(id);
  else if (hop.out.zero())
    caller_gone(id);
  else
    after(hop.out, sim::combine(job.lineage.key, kCancelWay), Kind::cancel_arrives, id,
          jobs_.generation(id));
}

}  // namespace spillway::model
