// Workers and queues of a replica.
#include <algorithm>
#include <cmath>

#include "model/run/simulation.h"

namespace spillway::model {

sim::Duration Simulation::draw_work(const Job& job) const {
  const CompiledOperation& operation = mesh_.operations[job.operation];
  const CompiledStep& step = mesh_.steps[operation.first_step + job.step];
  const Replica& replica = replicas_[job.replica];
  sim::Duration longest{};
  for (Id w = 0; w < step.work_count; ++w) {
    const WorkItem& item = mesh_.work[step.first_work + w];
    sim::Duration time;
    if (item.load_dependent) {
      time = item.load.base + item.load.per_in_flight * replica.present;
    } else {
      sim::Draw draw(sim::combine(
          job.lineage.key, kWork + (std::uint64_t{job.step} << 32) + (std::uint64_t{w} << 16)));
      time = item.time.sample(draw);
    }
    longest = std::max(longest, time);
  }
  return slow_faults_[job.service].empty() ? longest
                                           : sim::from_seconds(longest.seconds() * slowness(job));
}

/// The step's work, drawn in `remaining`, begins: at once on the job's worker, or when it gets one.
void Simulation::start_work(Id id) {
  Job& job = jobs_[id];
  const CompiledService& service = mesh_.services[job.service];
  if (service.discipline == Discipline::ps) {
    Replica& replica = replicas_[job.replica];
    if (service.workers != kUnlimitedWorkers && service.queue_capacity != ~0ull &&
        replica.ps.size() >= service.workers + service.queue_capacity)
      return reject(id);
    replica.ps.start(now_, id, job.remaining);
    job.busy_since = now_;
    return ps_reschedule(job.replica);
  }
  if (job.holds_worker) return run_on_worker(id);
  want_worker(id);
}

void Simulation::want_worker(Id id) {
  Job& job = jobs_[id];
  const CompiledService& service = mesh_.services[job.service];
  Replica& replica = replicas_[job.replica];
  if (replica.busy < replica.workers ||
      (service.discipline == Discipline::lifo_preemptive && preempt(job.replica))) {
    recorder_.queue_time(service.scope, {}, job.lineage.counted);
    return take_worker(id);
  }
  if (replica.waiting >= service.queue_capacity) return reject(id);
  enqueue(id);
}

void Simulation::reject(Id id) {
  Job& job = jobs_[id];
  recorder_.count<&Tally::rejections>(mesh_.services[job.service].scope, job.lineage.counted);
  if (tracer_) tracer_->note(id, now_, "turned away: the queue is full or the wait was too long");
  if (!job.stepping) return reply(id, Outcome::status, 503);
  job.status = 503;
  part_done(id);
}

void Simulation::take_worker(Id id) {
  Job& job = jobs_[id];
  Replica& replica = replicas_[job.replica];
  ++replica.busy;
  recorder_.busy(mesh_.services[job.service].scope, now_, 1);
  job.phase = Job::Phase::running;
  job.started = true;
  job.holds_worker = true;
  job.busy_since = now_;
  if (job.stepping)
    run_on_worker(id);
  else
    begin_step(id);
}

void Simulation::run_on_worker(Id id) {
  Job& job = jobs_[id];
  ++job.epoch;
  job.work_ends = now_ + job.remaining;
  if (mesh_.services[job.service].discipline == Discipline::lifo_preemptive) {
    std::vector<Id>& running = replicas_[job.replica].running;
    const auto later = [&](Id other) { return jobs_[other].arrived > job.arrived; };
    running.insert(std::ranges::find_if(running, later), id);
  }
  after(job.remaining, Kind::work_done, id, job.epoch);
}

void Simulation::enqueue(Id id) {
  Job& job = jobs_[id];
  const CompiledService& service = mesh_.services[job.service];
  Replica& replica = replicas_[job.replica];
  ++job.epoch;
  job.phase = Job::Phase::queued;
  job.queued_at = now_;
  // Entries of requests that left early stay until they surface; compact when they outnumber the
  // others.
  if (replica.queue.size() > 2 * static_cast<std::size_t>(replica.waiting) + 64) {
    for (std::size_t n = replica.queue.size(); n > 0; --n) {
      const Waiting entry = replica.queue.front();
      replica.queue.pop_front();
      if (jobs_[entry.job].epoch == entry.epoch) replica.queue.push_back(entry);
    }
  }
  replica.queue.push_back({id, job.epoch});
  ++replica.waiting;
  recorder_.queue_length(service.scope, now_, 1);
  const bool admitted = job.stepping && !service.async;  // was at work before and had to make way
  if (service.has_max_wait && !admitted)
    after(service.max_wait, sim::combine(job.lineage.key, kMaxWait), Kind::max_wait, id, job.epoch);
}

void Simulation::leave_queue(Id id) {
  Job& job = jobs_[id];
  --replicas_[job.replica].waiting;
  recorder_.queue_length(mesh_.services[job.service].scope, now_, -1);
  ++job.epoch;
  job.phase = Job::Phase::running;
}

void Simulation::wait_expired(Id id) {
  leave_queue(id);
  reject(id);
}

void Simulation::worker_free(Id replica_id) {
  Replica& replica = replicas_[replica_id];
  if (replica.serving) return;
  replica.serving = true;
  while (replica.waiting > 0 && replica.busy < replica.workers) {
    const Waiting next = replica.newest_first ? replica.queue.back() : replica.queue.front();
    replica.newest_first ? replica.queue.pop_back() : replica.queue.pop_front();
    Job& job = jobs_[next.job];
    if (job.epoch != next.epoch) continue;
    const sim::Duration waited = now_ - job.queued_at;
    leave_queue(next.job);
    recorder_.queue_time(mesh_.services[job.service].scope, waited, job.lineage.counted);
    if (tracer_) tracer_->waited(next.job, now_, waited);
    ++descending_;
    take_worker(next.job);
    --descending_;
  }
  replica.serving = false;
}

void Simulation::give_worker_back(Id id) {
  Job& job = jobs_[id];
  if (!job.holds_worker) return;
  Replica& replica = replicas_[job.replica];
  const Id scope = mesh_.services[job.service].scope;
  job.holds_worker = false;
  --replica.busy;
  recorder_.busy(scope, now_, -1);
  if (!replica.running.empty()) std::erase(replica.running, id);
  if (!job.lineage.counted) return;
  const sim::Duration wasted =
      job.gone ? now_ - std::max(job.busy_since, job.gone_at) : sim::Duration{};
  recorder_.worker_time(scope, now_ - job.busy_since, wasted);
}

/// Last come, first served: the request at work that arrived first makes way, and goes on later
/// where it stopped.
bool Simulation::preempt(Id replica_id) {
  Replica& replica = replicas_[replica_id];
  if (replica.running.empty() || replica.busy > replica.workers) return false;
  const Id oldest = replica.running.front();
  Job& job = jobs_[oldest];
  job.remaining = job.work_ends - now_;
  give_worker_back(oldest);
  enqueue(oldest);
  return true;
}

void Simulation::work_done(Id id) {
  Job& job = jobs_[id];
  const CompiledOperation& operation = mesh_.operations[job.operation];
  if (!operation.script.empty()) return script_done(id);
  ++job.epoch;
  if (std::vector<Id>& running = replicas_[job.replica].running; !running.empty())
    std::erase(running, id);
  // An asynchronous request keeps its worker only while it works; a preemptive one is asked again
  // at every step.
  const CompiledService& service = mesh_.services[job.service];
  if (service.async) {
    give_worker_back(id);
    const Id replica = job.replica;
    if (replicas_[replica].waiting > 0) worker_free(replica);
  }
  part_done(id);
}

void Simulation::ps_reschedule(Id replica_id) {
  Replica& replica = replicas_[replica_id];
  ++replica.ps.epoch;
  count_ps_workers(replica_id);
  const sim::Time done = replica.ps.next_done(now_);
  if (done != sim::kNever) after(done - now_, Kind::ps_done, replica_id, replica.ps.epoch);
}

void Simulation::count_ps_workers(Id replica_id) {
  Replica& replica = replicas_[replica_id];
  const std::uint32_t busy = std::min(replica.ps.size(), replica.workers);
  if (busy == replica.busy) return;
  recorder_.busy(replica_scopes_[replica_id], now_, static_cast<std::int64_t>(busy) - replica.busy);
  replica.busy = busy;
}

void Simulation::ps_done(Id replica_id) {
  const Id id = replicas_[replica_id].ps.finish(now_);
  ps_reschedule(replica_id);
  const Job& job = jobs_[id];
  if (job.lineage.counted) {
    // The worker time that it got is its work; what came after the caller had gone is taken by the
    // share of its stay.
    const double stay = (now_ - job.busy_since).seconds();
    const double gone =
        job.gone && stay > 0 ? (now_ - std::max(job.busy_since, job.gone_at)).seconds() / stay : 0;
    recorder_.worker_time(mesh_.services[job.service].scope, job.remaining,
                          sim::from_seconds(job.remaining.seconds() * gone));
  }
  part_done(id);
}

}  // namespace spillway::model
