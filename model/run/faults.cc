// Injected faults: when they start and end, and what a request that meets one suffers.
#include <algorithm>
#include <cmath>

#include "model/run/simulation.h"

namespace spillway::model {
namespace {

/// A lost packet may be lost again; so often is as good as never.
constexpr int kMostRetransmits = 1000;

}  // namespace

void Simulation::fault_edge(const FaultEdge& edge) {
  const CompiledFault& fault = mesh_.faults[edge.fault];
  const auto switch_in = [&](std::vector<Id>& active) {
    if (edge.starts)
      active.push_back(edge.fault);
    else
      std::erase(active, edge.fault);
  };
  fault_ends_[edge.fault] = sim::kNever;
  if (edge.starts)
    for (const FaultEdge& later : timeline_)
      if (later.fault == edge.fault && !later.starts && later.at >= edge.at) {
        fault_ends_[edge.fault] = later.at;
        break;
      }
  for (const Id target : fault.rules) switch_in(rule_faults_[target]);
  for (const Id link : fault.links) switch_in(link_faults_[link]);
  for (const Id process : fault.proxies) {
    if (!edge.starts)
      --processes_down_[process];
    else if (processes_down_[process]++ == 0)
      crash_proxy(process);
  }
  if (fault.service == kNoId) return;
  const bool crashes = std::holds_alternative<CrashFault>(fault.action);
  const bool workers = std::holds_alternative<WorkersFault>(fault.action);
  if (std::holds_alternative<SlowFault>(fault.action))
    switch_in(slow_faults_[fault.service]);
  else if (workers)
    switch_in(worker_faults_[fault.service]);
  else if (!crashes && fault.links.empty())
    switch_in(service_faults_[fault.service]);
  for (Id r = fault.first_replica; r < fault.first_replica + fault.replica_count; ++r) {
    if (crashes && edge.starts && replicas_[r].crashes++ == 0) crash(r);
    if (crashes && !edge.starts) --replicas_[r].crashes;
    if (workers) count_workers(fault.service, r);
  }
}

/// The workers that the active faults leave: of several, the one that leaves fewest counts.
void Simulation::count_workers(Id service_id, Id replica_id) {
  const CompiledService& service = mesh_.services[service_id];
  if (service.workers == kUnlimitedWorkers) return;
  double percent = 100;
  for (const Id f : worker_faults_[service_id]) {
    const CompiledFault& fault = mesh_.faults[f];
    if (fault.covers(replica_id))
      percent = std::min(percent, std::get<WorkersFault>(fault.action).percent);
  }
  Replica& replica = replicas_[replica_id];
  replica.workers = static_cast<std::uint32_t>(std::floor(service.workers * percent / 100 + 1e-9));
  replica.ps.set_workers(now_, replica.workers);
  if (service.discipline == Discipline::ps) ps_reschedule(replica_id);
  worker_free(replica_id);
}

double Simulation::slowness(const Job& job) const {
  double factor = 1;
  for (const Id f : slow_faults_[job.service]) {
    const CompiledFault& fault = mesh_.faults[f];
    if (fault.covers(job.replica) && (fault.operation == kNoId || fault.operation == job.operation))
      factor *= std::get<SlowFault>(fault.action).factor;
  }
  return factor;
}

void Simulation::crash(Id replica) {
  envoy_close_idle(replica);
  for (Id id = 0; id < job_slots_; ++id) {
    const Job& job = jobs_[id];
    if (job.replica != replica || job.phase == Job::Phase::free ||
        job.phase == Job::Phase::transit || job.phase == Job::Phase::replied)
      continue;
    stop_job(id);
    reply(id, Outcome::reset, 0);
  }
}

bool Simulation::hit(const CompiledFault& fault, sim::Key key, double percent) const {
  return percent >= 100 ||
         sim::Draw(sim::combine(key, sim::combine(kHit, fault.salt))).uniform() * 100 < percent;
}

bool Simulation::meet_faults(Id id) {
  Job& job = jobs_[id];
  sim::Duration delay{};
  for (const Id f : service_faults_[job.service]) {
    const CompiledFault& fault = mesh_.faults[f];
    if (!fault.covers(job.replica)) continue;
    if (fault.operation != kNoId && fault.operation != job.operation) continue;
    const sim::Key key = job.lineage.key;
    if (const auto* abort = std::get_if<AbortFault>(&fault.action)) {
      if (!hit(fault, key, abort->percent)) continue;
      if (!abort->work) {
        if (tracer_) tracer_->note(id, now_, "injected fault: abort");
        reply(id, Outcome::status, static_cast<std::uint16_t>(abort->status));
        return true;
      }
      job.fail_with = static_cast<std::uint16_t>(abort->status);
    } else if (const auto* slow = std::get_if<DelayFault>(&fault.action)) {
      if (job.delayed || !hit(fault, key, slow->percent)) continue;
      sim::Draw draw(sim::combine(key, sim::combine(kFaultTime, fault.salt)));
      delay += slow->time.sample(draw);
    } else if (const auto* hang = std::get_if<HangFault>(&fault.action)) {
      if (!hit(fault, key, hang->percent)) continue;
      if (tracer_) tracer_->note(id, now_, "injected fault: hang");
      if (job.gone) return release_job(id), true;
      job.phase = Job::Phase::hung;
      return true;
    } else if (const auto* reset = std::get_if<ResetFault>(&fault.action)) {
      if (!hit(fault, key, reset->percent)) continue;
      if (tracer_) tracer_->note(id, now_, "injected fault: reset");
      reply(id, Outcome::reset, 0);
      return true;
    }
  }
  if (delay.ns == 0) return false;
  job.delayed = true;
  if (tracer_) tracer_->note(id, now_, "injected fault: delay");
  after(delay, Kind::job_arrives, id, jobs_.generation(id));
  return true;
}

/// What the network does to a packet, either way: false when it is lost for good, else `extra` is
/// how much later it arrives.
bool Simulation::network_passes(const Hop& hop, Id replica, sim::Key key,
                                sim::Duration& extra) const {
  sim::Time healed = now_;
  for (const Id f : link_faults_[hop.link]) {
    const CompiledFault& fault = mesh_.faults[f];
    if (fault.service != kNoId && !fault.covers(replica)) continue;
    if (std::holds_alternative<PartitionFault>(fault.action)) {
      // What was sent meanwhile is retransmitted when the link is back.
      if (fault_ends_[f] == sim::kNever) return false;
      healed = std::max(healed, fault_ends_[f]);
    } else if (const auto* loss = std::get_if<LossFault>(&fault.action)) {
      sim::Draw draw(sim::combine(key, sim::combine(kHit, fault.salt)));
      for (int n = 0; n < kMostRetransmits && draw.uniform() * 100 < loss->percent; ++n)
        extra += loss->retransmit;
    }
  }
  extra += healed - now_;
  return true;
}

/// A request sets out over a link with faults. False: it does not arrive; the attempt has its
/// answer, or will never get one.
bool Simulation::reaches(const Hop& hop, Id attempt_id, sim::Key key, sim::Duration& extra) {
  Attempt& attempt = attempts_[attempt_id];
  const Id replica = hop.to == Hop::To::leg
                         ? hop.replica
                         : mesh_.services[hop.target].first_replica + attempt.replica;
  bool arrives = network_passes(hop, replica, key, extra);
  bool answered = false;
  for (const Id f : link_faults_[hop.link]) {
    if (!arrives) break;
    const CompiledFault& fault = mesh_.faults[f];
    if (const auto* delay = std::get_if<DelayFault>(&fault.action)) {
      if (!hit(fault, key, delay->percent)) continue;
      sim::Draw draw(sim::combine(key, sim::combine(kFaultTime, fault.salt)));
      extra += delay->time.sample(draw);
    } else if (const auto* hang = std::get_if<HangFault>(&fault.action)) {
      arrives = !hit(fault, key, hang->percent);
    } else if (const auto* reset = std::get_if<ResetFault>(&fault.action)) {
      if (!hit(fault, key, reset->percent)) continue;
      arrives = false, answered = true;
      attempt.result.outcome = Outcome::reset;
    } else if (std::holds_alternative<CrashFault>(fault.action)) {  // of a node's ztunnel
      const std::uint32_t from = streams_[attempt.stream].caller_instance;
      const bool to_node = hop.to == Hop::To::replica;  // waypoints are on no node
      if (fault.nodes != 0 && from % fault.nodes != fault.node &&
          !(to_node && attempt.replica % fault.nodes == fault.node))
        continue;
      arrives = false, answered = true;
      attempt.result.outcome = Outcome::refused;
    } else if (const auto* abort = std::get_if<AbortFault>(&fault.action)) {
      if (!hit(fault, key, abort->percent)) continue;
      arrives = false, answered = true;
      attempt.result.status = static_cast<std::uint16_t>(abort->status);
    }
  }
  if (arrives) return true;
  attempt.child_kind = Attempt::Child::none;
  if (answered) after(extra, Kind::reply, attempt_id, attempts_.generation(attempt_id));
  return false;
}

bool Simulation::proxy_faults(Id id) {
  Stream& stream = streams_[id];
  sim::Duration delay{};
  for (const Id f : rule_faults_[mesh_.legs[stream.leg].faults]) {
    const CompiledFault& fault = mesh_.faults[f];
    const sim::Key key = stream.lineage.key;
    if (const auto* abort = std::get_if<AbortFault>(&fault.action)) {
      if (!hit(fault, key, abort->percent)) continue;
      answer_later(id, static_cast<std::uint16_t>(abort->status), Flags::kFI);
      return true;
    }
    if (const auto* slow = std::get_if<DelayFault>(&fault.action)) {
      if (!hit(fault, key, slow->percent)) continue;
      sim::Draw draw(sim::combine(key, sim::combine(kFaultTime, fault.salt)));
      delay += slow->time.sample(draw);
    } else if (const auto* hang = std::get_if<HangFault>(&fault.action)) {
      if (hit(fault, key, hang->percent)) return true;  // only its caller's timers can end it
    } else if (const auto* reset = std::get_if<ResetFault>(&fault.action)) {
      if (!hit(fault, key, reset->percent)) continue;
      answer_later(id, 503, Flags::kUC);
      return true;
    }
  }
  if (delay.ns == 0) return false;
  after(delay, Kind::start_delayed, id, streams_.generation(id));
  return true;
}

}  // namespace spillway::model
