// One attempt inside a replica: its operation's steps, the calls it makes, its reply.
#include "model/run/simulation.h"

namespace spillway::model {

void Simulation::job_arrives(Id id) {
  Job& job = jobs_[id];
  const CompiledService& service = mesh_.services[job.service];
  const bool counted = job.lineage.counted;
  if (!job.delayed) {
    job.arrived = now_;
    recorder_.arrived(service.scope, counted, job.lineage.clean, job.retry);
    if (job.edge != kNoId) recorder_.arrived(job.edge, counted, job.lineage.clean, job.retry);
  }
  if (job.gone && service.on_cancel != OnCancel::finish) return release_job(id);
  Replica& replica = replicas_[job.replica];
  if (replica.crashes > 0) return reply(id, Outcome::refused, 0);
  if (!service_faults_[job.service].empty() && meet_faults(id)) return;
  if (job.operation == kNoId) return reply(id, Outcome::status, 404);
  job.present = true;
  ++replica.present;
  recorder_.in_flight(service.scope, now_, 1);
  job.phase = Job::Phase::running;
  const CompiledOperation& operation = mesh_.operations[job.operation];
  if (!operation.script.empty()) return run_script(id, operation);
  if (service.async || service.discipline == Discipline::ps)
    begin_step(id);
  else
    want_worker(id);
}

void Simulation::run_script(Id id, const CompiledOperation& operation) {
  Job& job = jobs_[id];
  if (operation.script_by_replica) job.arrival_number = replicas_[job.replica].scripted++;
  const ScriptEntry& entry =
      operation.script[std::min<std::size_t>(job.arrival_number, operation.script.size() - 1)];
  switch (entry.kind) {
    case ScriptEntry::Kind::hang:
      job.phase = Job::Phase::hung;
      return;
    case ScriptEntry::Kind::refuse:
      return reply(id, Outcome::refused, 0);
    case ScriptEntry::Kind::reset:
    case ScriptEntry::Kind::status:
      if (entry.after.ns == 0) return script_done(id);
      ++job.epoch;
      return after(entry.after, Kind::work_done, id, job.epoch);
  }
}

void Simulation::script_done(Id id) {
  const Job& job = jobs_[id];
  const CompiledOperation& operation = mesh_.operations[job.operation];
  const std::size_t answer = std::min<std::size_t>(job.arrival_number, operation.script.size() - 1);
  const ScriptEntry& entry = operation.script[answer];
  if (entry.kind == ScriptEntry::Kind::reset) return reply(id, Outcome::reset, 0);
  const Ref caller = job.caller;
  if (job.caller_kind == Job::Caller::attempt && attempts_.alive(caller.index, caller.generation)) {
    AttemptResult& result = attempts_[caller.index].result;
    result.rate_limited = operation.answers[answer].rate_limited;
    result.grpc_status = operation.answers[answer].grpc_status;
    result.retry_after_s = operation.answers[answer].retry_after_s;
  }
  reply(id, Outcome::status, static_cast<std::uint16_t>(entry.status));
}

void Simulation::begin_step(Id id) {
  Job& job = jobs_[id];
  const CompiledOperation& operation = mesh_.operations[job.operation];
  job.stepping = true;
  while (job.step < operation.step_count) {
    const CompiledStep& step = mesh_.steps[operation.first_step + job.step];
    job.pending = step.work_count > 0;
    for (Id c = 0; c < step.call_count; ++c)
      job.pending += call_happens(job, mesh_.calls[step.first_call + c]);
    if (job.pending > 0) {
      const std::uint32_t generation = jobs_.generation(id);
      if (step.work_count > 0) {
        job.remaining = draw_work(job);
        start_work(id);
      }
      if (step.call_count > 0 && jobs_.alive(id, generation)) start_calls(id, step);
      return;
    }
    ++job.step;
  }
  finish_job(id, job.status);
}

bool Simulation::call_happens(const Job& job, const Call& call) const {
  return call.probability >= 1 ||
         sim::Draw(sim::combine(job.lineage.key, sim::combine(kCallHappens, call.salt))).uniform() <
             call.probability;
}

void Simulation::start_calls(Id id, const CompiledStep& step) {
  const std::uint32_t generation = jobs_.generation(id);
  for (Id c = step.first_call; c < step.first_call + step.call_count; ++c) {
    const Job& job = jobs_[id];
    const Call& call = mesh_.calls[c];
    if (!call_happens(job, call)) continue;
    Lineage lineage = job.lineage;
    lineage.key = sim::combine(lineage.key, call.salt);
    ++lineage.depth;
    start_call(c, lineage, Stream::Parent::job, {id, generation}, job.local_replica);
  }
}

void Simulation::part_done(Id id) {
  Job& job = jobs_[id];
  if (--job.pending > 0) return;
  if (job.status >= 500) return finish_job(id, job.status);
  ++job.step;
  begin_step(id);
}

void Simulation::call_done(Id id, Id call_id, std::uint16_t status) {
  Job& job = jobs_[id];
  const Call& call = mesh_.calls[call_id];
  // The first failure decides what the operation answers; a call without an answer stands as 503.
  if ((status == 0 || status >= 500) && !call.optional && job.status < 500)
    job.status = status == 0 ? 503 : status;
  part_done(id);
}

void Simulation::finish_job(Id id, std::uint16_t status) {
  Job& job = jobs_[id];
  if (job.fail_with != 0) status = job.fail_with;
  give_worker_back(id);
  const Id replica = job.replica;
  if (replicas_[replica].waiting > 0) worker_free(replica);
  reply(id, Outcome::status, status);
}

void Simulation::reply(Id id, Outcome outcome, std::uint16_t status) {
  Job& job = jobs_[id];
  const Ref caller = job.caller;
  const bool answered = outcome == Outcome::status;
  const Id scope = mesh_.services[job.service].scope;
  const Id replica = job.replica;
  if (answered) recorder_.ended(scope, now_ - job.arrived, status < 500, job.lineage.counted);
  if (job.caller_kind != Job::Caller::attempt) return reply_direct(id, outcome, status);
  release_job(id);
  if (!attempts_.alive(caller.index, caller.generation)) return;
  Attempt& attempt = attempts_[caller.index];
  attempt.child_kind = Attempt::Child::none;
  attempt.result.outcome = outcome;
  attempt.result.status = status;
  const Hop& hop = mesh_.hops[attempt.hop];
  const sim::Key key = sim::combine(attempt.key, kReply);
  sim::Duration extra{};
  if (hop.link != kNoId && !link_faults_[hop.link].empty() &&
      !network_passes(hop, replica, key, extra))
    return;
  if (extra.ns > 0)
    after(length(hop.back, key) + extra, Kind::reply, caller.index, caller.generation);
  else if (hop.back.zero() && descending_ == 0)
    attempt_done(caller.index);
  else
    after(hop.back, key, Kind::reply, caller.index, caller.generation);
}

void Simulation::caller_gone(Id id) {
  Job& job = jobs_[id];
  if (job.gone) return;
  job.gone = true;
  job.gone_at = now_;
  const OnCancel policy = mesh_.services[job.service].on_cancel;
  if (tracer_) tracer_->note(id, now_, "the caller gave up");
  if (job.phase == Job::Phase::hung || job.phase == Job::Phase::replied) return release_job(id);
  if (job.phase == Job::Phase::transit || policy == OnCancel::finish) return;
  if (job.phase == Job::Phase::queued && !job.started) {
    stop_job(id);
    return release_job(id);
  }
  if (policy != OnCancel::abort) return;
  stop_job(id);
  const Id replica = job.replica;
  release_job(id);
  worker_free(replica);
}

void Simulation::stop_job(Id id) {
  Job& job = jobs_[id];
  while (job.first_call != kNoId) cancel_stream(job.first_call);
  while (job.first_direct != kNoId) abandon_direct(job.first_direct);
  if (job.phase == Job::Phase::queued) leave_queue(id);
  if (mesh_.services[job.service].discipline == Discipline::ps) {
    replicas_[job.replica].ps.remove(now_, id);
    ps_reschedule(job.replica);
  }
  give_worker_back(id);
}

void Simulation::leave_replica(Job& job) {
  if (!job.present) return;
  job.present = false;
  --replicas_[job.replica].present;
  recorder_.in_flight(mesh_.services[job.service].scope, now_, -1);
}

void Simulation::release_job(Id id) {
  Job& job = jobs_[id];
  leave_replica(job);
  job.phase = Job::Phase::free;
  ++job.epoch;
  jobs_.release(id);
}

}  // namespace spillway::model
