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
  if (fault.service == kNoId) return;
  for (Id r = fault.first_replica; r < fault.first_replica + fault.replica_count; ++r) {
    Replica& replica = replicas_[r];
    if (const auto* slow = std::get_if<SlowFault>(&fault.action)) {
      replica.slow = edge.starts ? replica.slow * slow->factor : replica.slow / slow->factor;
      if (std::abs(replica.slow - 1) < 1e-12) replica.slow = 1;
    } else if (std::holds_alternative<CrashFault>(fault.action)) {
      if (edge.starts && replica.crashes++ == 0) crash(r);
      if (!edge.starts) --replica.crashes;
    } else if (const auto* left = std::get_if<WorkersFault>(&fault.action)) {
      const std::uint32_t all = mesh_.services[fault.service].workers;
      if (all == kUnlimitedWorkers) continue;
      replica.workers =
          edge.starts ? static_cast<std::uint32_t>(std::floor(all * left->percent / 100 + 1e-9))
                      : all;
      replica.ps.set_workers(now_, replica.workers);
      if (mesh_.services[fault.service].discipline == Discipline::ps) ps_reschedule(r);
      worker_free(r);
    }
  }
  const bool per_request = std::holds_alternative<AbortFault>(fault.action) ||
                           std::holds_alternative<DelayFault>(fault.action) ||
                           std::holds_alternative<HangFault>(fault.action) ||
                           std::holds_alternative<ResetFault>(fault.action);
  if (per_request) switch_in(service_faults_[fault.service]);
}

void Simulation::crash(Id replica) {
  for (Id id = 0; id < job_slots_; ++id) {
    const Job& job = jobs_[id];
    if (job.replica != replica || job.phase == Job::Phase::free || job.phase == Job::Phase::transit)
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
    if (job.replica < fault.first_replica ||
        job.replica >= fault.first_replica + fault.replica_count)
      continue;
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

bool Simulation::link_passes(Id link, sim::Key key, sim::Duration& extra) const {
  sim::Time healed = now_;
  for (const Id f : link_faults_[link]) {
    const CompiledFault& fault = mesh_.faults[f];
    if (std::holds_alternative<PartitionFault>(fault.action)) {
      if (fault_ends_[f] == sim::kNever) return false;
      healed = std::max(
          healed,
          fault_ends_[f]);  // what was sent meanwhile is retransmitted when the link is back
    } else if (const auto* hang = std::get_if<HangFault>(&fault.action)) {
      if (hit(fault, key, hang->percent)) return false;
    } else if (const auto* delay = std::get_if<DelayFault>(&fault.action)) {
      if (!hit(fault, key, delay->percent)) continue;
      sim::Draw draw(sim::combine(key, sim::combine(kFaultTime, fault.salt)));
      extra += delay->time.sample(draw);
    } else if (const auto* loss = std::get_if<LossFault>(&fault.action)) {
      sim::Draw draw(sim::combine(key, sim::combine(kHit, fault.salt)));
      for (int n = 0; n < kMostRetransmits && draw.uniform() * 100 < loss->percent; ++n)
        extra += loss->retransmit;
    }
  }
  extra += healed - now_;
  return true;
}

bool Simulation::proxy_faults(Id id) {
  Stream& stream = streams_[id];
  sim::Duration delay{};
  for (const Id f : rule_faults_[mesh_.legs[stream.leg].faults]) {
    const CompiledFault& fault = mesh_.faults[f];
    const sim::Key key = sim::combine(stream.lineage.key, stream.leg);
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
