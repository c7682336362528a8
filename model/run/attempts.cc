// One try of a request at one leg: where it goes, how it ends, what follows.
#include "model/policy/client_executor.h"
#include "model/run/simulation.h"

namespace spillway::model {
/// A request keeps its backend, unless the rule draws it again for every try; each try may go to
/// any of the services behind it.
Id Simulation::pick_hop(const Stream& stream, const Leg& leg) {
  if (leg.hop_count == 1) return leg.first_hop;
  Id first = leg.first_hop, count = leg.hop_count;
  if (stream.tries > 0 && !leg.repick_backend) {
    first = mesh_.hops[stream.hop].first_peer;
    count = mesh_.hops[stream.hop].peers;
    if (count == 1) return stream.hop;
  }
  const double from = first == leg.first_hop ? 0 : mesh_.hops[first - 1].cumulative;
  const double to = mesh_.hops[first + count - 1].cumulative;
  const std::uint64_t number = stream.tries + 1;
  const double u =
      from +
      (to - from) * sim::Draw(sim::combine(stream.lineage.key, kHop + (number << 32))).uniform();
  Id hop = first;
  while (hop + 1 < first + count && u > mesh_.hops[hop].cumulative) ++hop;
  return hop;
}

void Simulation::count_try(const Stream& stream, const Leg& leg, bool first) {
  const bool counted = stream.lineage.counted;
  if (leg.rule_scope != kNoId) recorder_.count<&Tally::attempts>(leg.rule_scope, counted);
  if (leg.proxy_scope != kNoId)
    recorder_.count<&Tally::attempts>(leg.proxy_scope + stream.instance, counted);
  if (first) return;
  if (leg.rule_scope != kNoId) recorder_.count<&Tally::retries>(leg.rule_scope, counted);
  if (leg.proxy_scope != kNoId)
    recorder_.count<&Tally::retries>(leg.proxy_scope + stream.instance, counted);
  if (stream.parent_kind != Stream::Parent::nobody)
    recorder_.count<&Tally::retries>(mesh_.traffic[stream.lineage.traffic].scope, counted);
}

Id Simulation::new_attempt(Id stream_id, Id hop, bool first) {
  Stream& stream = streams_[stream_id];
  const Id id = attempts_.allocate();
  Attempt& attempt = attempts_[id];
  attempt = Attempt{};
  attempt.key = first ? stream.lineage.key : sim::combine(stream.lineage.key, stream.tries);
  attempt.start = now_;
  attempt.stream = stream_id;
  attempt.hop = hop;
  attempt.first = first;
  attempt.next = stream.first_attempt;
  if (stream.first_attempt != kNoId) attempts_[stream.first_attempt].previous = id;
  stream.first_attempt = id;
  return id;
}

void Simulation::start_attempt(Id stream_id) {
  Stream& stream = streams_[stream_id];
  const Leg& leg = mesh_.legs[stream.leg];
  const bool first = stream.tries == 0;
  stream.hop = pick_hop(stream, leg);
  const Hop& hop = mesh_.hops[stream.hop];
  if (hop.to == Hop::To::answer) return answer_later(stream_id, hop.status, {});
  ++stream.tries;

  const Id id = new_attempt(stream_id, stream.hop, first);
  Attempt& attempt = attempts_[id];
  count_try(stream, leg, first);
  if (leg.executor == Executor::neutral && hop.budget != kNoId) {
    const Id backend_budget = hop.budget + stream.instance;
    if (first) budgets_[backend_budget].on_request(now_);
    stream.budget = backend_budget;
  }
  if (stream.budget != kNoId) {
    if (stream.retry_slot != kNoId) budgets_[stream.retry_slot].on_retry_start(now_);
    budgets_[stream.budget].on_attempt_start(now_);
  }
  if (leg.per_try.armed)
    queue_.push(leg.per_try.lane, now_, static_cast<std::uint8_t>(Kind::per_try), id,
                attempts_.generation(id));
  if (tracer_) tracer_->attempt_started(id, attempt, stream_id, stream);

  ++descending_;
  switch (hop.to) {
    case Hop::To::answer:
    case Hop::To::cluster:
      break;
    case Hop::To::nowhere:
      attempt.result.outcome = Outcome::no_endpoint;
      after(sim::Duration{}, Kind::reply, id, attempts_.generation(id));
      break;
    case Hop::To::leg:
      send_to_leg(id, hop);
      break;
    case Hop::To::replica:
      send_to_replica(id, stream, hop);
      break;
  }
  --descending_;
}

void Simulation::send_to_leg(Id id, const Hop& hop) {
  const sim::Key way = sim::combine(attempts_[id].key, kWayOut);
  sim::Duration extra{};
  if (hop.link != kNoId && !link_faults_[hop.link].empty() && !reaches(hop, id, way, extra)) return;
  if (extra.ns > 0)
    after(length(hop.out, way) + extra, Kind::leg_reached, id, attempts_.generation(id));
  else if (hop.out.zero())
    enter_leg(id);
  else
    after(hop.out, way, Kind::leg_reached, id, attempts_.generation(id));
}

void Simulation::enter_leg(Id id) {
  Attempt& attempt = attempts_[id];
  const Stream& stream = streams_[attempt.stream];
  Lineage lineage = stream.lineage;
  lineage.key = attempt.key;
  lineage.clean = lineage.clean && attempt.first;
  ++descending_;
  const Id child = start_stream(mesh_.hops[attempt.hop].target, stream.call, lineage,
                                Stream::Parent::attempt, {id, attempts_.generation(id)},
                                stream.caller_instance, stream.first_in_call && attempt.first);
  --descending_;
  attempt.child = {child, streams_.generation(child)};
  attempt.child_kind = Attempt::Child::leg;
}

void Simulation::send_to_replica(Id id, Stream& stream, const Hop& hop) {
  Attempt& attempt = attempts_[id];
  const CompiledService& service = mesh_.services[hop.target];
  Balancer& balancer = balancers_[hop.cluster + stream.instance];
  sim::Draw draw(sim::combine(attempt.key, kReplica));
  const std::uint64_t hash =
      hop.hash_source ? sim::combine(hop.hash, stream.caller_instance) : hop.hash;
  attempt.replica = balancer.pick(now_, draw, hash, [&](std::uint32_t host) {
    return replicas_[service.first_replica + host].present;
  });
  balancer.on_start(attempt.replica);
  attempt.balanced = true;
  send_job(id, stream, hop);
}

void Simulation::send_job(Id id, Stream& stream, const Hop& hop) {
  const Attempt& attempt = attempts_[id];
  const Id job = new_job(id, stream, hop);
  const sim::Key way = sim::combine(attempt.key, kWayOut);
  sim::Duration extra{};
  if (hop.link != kNoId && !link_faults_[hop.link].empty() && !reaches(hop, id, way, extra))
    return release_job(job);
  if (extra.ns > 0)
    after(length(hop.out, way) + extra, Kind::job_arrives, job, jobs_.generation(job));
  else if (hop.out.zero())
    job_arrives(job);
  else
    after(hop.out, way, Kind::job_arrives, job, jobs_.generation(job));
}

Id Simulation::new_job(Id attempt_id, const Stream& stream, const Hop& hop) {
  Attempt& attempt = attempts_[attempt_id];
  const CompiledService& service = mesh_.services[hop.target];
  const Id id = jobs_.allocate();
  job_slots_ = std::max(job_slots_, id + 1);
  Job& job = jobs_[id];
  const std::uint32_t epoch = job.epoch;
  job = Job{};
  job.epoch = epoch + 1;
  job.lineage = stream.lineage;
  job.lineage.key = attempt.key;
  job.lineage.clean = stream.lineage.clean && attempt.first;
  job.caller = {attempt_id, attempts_.generation(attempt_id)};
  job.service = hop.target;
  job.operation = hop.operation;
  job.local_replica = attempt.replica;
  job.replica = service.first_replica + attempt.replica;
  job.retry = !(stream.first_in_call && attempt.first);
  job.edge = stream.call == kNoId ? kNoId : mesh_.calls[stream.call].edge;
  job.arrival_number = streams_[call_stream(attempt.stream)].arrivals++;
  job.phase = Job::Phase::transit;
  attempt.child = {id, jobs_.generation(id)};
  attempt.child_kind = Attempt::Child::job;
  if (!job.retry) {
    recorder_.sent(service.scope, stream.lineage.counted, job.lineage.clean);
  }
  if (tracer_) tracer_->job_started(id, attempt_id, attempt);
  return id;
}

void Simulation::attempt_done(Id id) {
  Attempt& attempt = attempts_[id];
  if (mesh_.legs[streams_[attempt.stream].leg].executor == Executor::linkerd)
    return linkerd_done(id);
  if (attempt.host != kNoId) return envoy_done(id);
  const Id stream_id = attempt.stream;
  Stream& stream = streams_[stream_id];
  const Leg& leg = mesh_.legs[stream.leg];
  const AttemptResult result = attempt.result;
  const Flags flags = attempt.flags;
  if (tracer_) tracer_->attempt_ended(id, now_, result.outcome, result.status);
  release_attempt(id);
  drop_retry_slot(stream);
  const bool success = result.outcome == Outcome::status && result.status < 500;
  const bool timed_out = result.outcome == Outcome::per_try_timeout;
  if (stream.budget != kNoId)
    budgets_[stream.budget].on_result(now_, success, stream.tries > 1,
                                      success ? stream.after_timeout : timed_out);
  if (!success && stream.first_attempt != kNoId) return;  // hedged: the others may still succeed

  Verdict verdict = decide(stream, leg, result);
  if (verdict.retry) {
    ++stream.retries;
    stream.retry_slot = stream.budget;
    stream.wait = verdict.wait;
    stream.after_timeout = timed_out;
    const std::uint32_t generation = streams_.generation(stream_id);
    if (leg.backoff.armed)
      queue_.push(leg.backoff.lane, now_, static_cast<std::uint8_t>(Kind::retry), stream_id,
                  generation);
    else
      after(verdict.wait, Kind::retry, stream_id, generation);
    return;
  }
  verdict.flags |= flags;
  if (verdict.stopped == RetryStopped::budget) count_denied(stream, leg);
  drop_attempts(stream);
  end_stream(stream_id, verdict);
}

void Simulation::count_denied(const Stream& stream, const Leg& leg) {
  const bool counted = stream.lineage.counted;
  if (leg.rule_scope != kNoId) recorder_.count<&Tally::budget_denied>(leg.rule_scope, counted);
  if (leg.proxy_scope != kNoId)
    recorder_.count<&Tally::budget_denied>(leg.proxy_scope + stream.instance, counted);
  if (stream.call != kNoId && mesh_.calls[stream.call].edge != kNoId)
    recorder_.count<&Tally::budget_denied>(mesh_.calls[stream.call].edge, counted);
  recorder_.count<&Tally::budget_denied>(mesh_.traffic[stream.lineage.traffic].scope, counted);
}

void Simulation::count_timeout(const Stream& stream, const Leg& leg) {
  if (leg.rule_scope != kNoId)
    recorder_.count<&Tally::timeouts>(leg.rule_scope, stream.lineage.counted);
  if (stream.call != kNoId && mesh_.calls[stream.call].edge != kNoId)
    recorder_.count<&Tally::timeouts>(mesh_.calls[stream.call].edge, stream.lineage.counted);
}

Verdict Simulation::decide(Stream& stream, const Leg& leg, const AttemptResult& result) {
  switch (leg.executor) {
    case Executor::client: {
      sim::Draw draw(
          sim::combine(stream.lineage.key, kBackoff + (std::uint64_t{stream.tries} << 32)));
      return model::decide(mesh_.clients[leg.config], stream.retries, stream.wait, result,
                           budget(stream.budget), now_, draw);
    }
    case Executor::neutral:
      return neutral::decide(mesh_.rules[leg.config], stream.retries, result, budget(stream.budget),
                             now_);
    case Executor::direct:
    case Executor::envoy:
    case Executor::linkerd:
      break;
  }
  return pass_on(result.outcome, result.status);
}

void Simulation::per_try_expired(Id id) {
  Attempt& attempt = attempts_[id];
  const Stream& stream = streams_[attempt.stream];
  const Leg& leg = mesh_.legs[stream.leg];
  count_timeout(stream, leg);
  if (stream.request != kNoId && mesh_.envoy_routes[leg.config].hedge_on_per_try_timeout)
    return envoy_hedge(id);
  cancel_child(attempt);
  attempt.result = {};
  attempt.result.outcome = Outcome::per_try_timeout;
  attempt_done(id);
}

void Simulation::cancel_child(Attempt& attempt) {
  const Ref child = attempt.child;
  if (attempt.child_kind == Attempt::Child::leg) {
    attempt.child_kind = Attempt::Child::none;
    cancel_stream(child.index);
  } else if (attempt.child_kind == Attempt::Child::job &&
             jobs_.alive(child.index, child.generation)) {
    const Delay& out = mesh_.hops[attempt.hop].out;
    if (out.zero())
      caller_gone(child.index);
    else
      after(out, sim::combine(attempt.key, kCancelWay), Kind::cancel_arrives, child.index,
            child.generation);
  }
}

void Simulation::cancel_attempt(Id id) {
  cancel_child(attempts_[id]);
  release_attempt(id);
}

/// Breaks off all tries that are under way.
void Simulation::drop_attempts(Stream& stream) {
  while (stream.first_attempt != kNoId) {
    if (tracer_) tracer_->attempt_ended(stream.first_attempt, now_, Outcome::cancelled, 0);
    cancel_attempt(stream.first_attempt);
  }
}

void Simulation::release_attempt(Id id) {
  Attempt& attempt = attempts_[id];
  Stream& stream = streams_[attempt.stream];
  if (attempt.balanced)
    balancers_[mesh_.hops[attempt.hop].cluster + stream.instance].on_end(attempt.replica, now_,
                                                                         now_ - attempt.start);
  if (stream.budget != kNoId) budgets_[stream.budget].on_attempt_end(now_);
  if (attempt.previous != kNoId)
    attempts_[attempt.previous].next = attempt.next;
  else
    stream.first_attempt = attempt.next;
  if (attempt.next != kNoId) attempts_[attempt.next].previous = attempt.previous;
  const Id host = attempt.host;
  const bool pooled = attempt.pool != Attempt::Pool::none;
  if (pooled) envoy_leave(attempt, envoy_cluster(stream));
  attempts_.release(id);
  if (pooled) envoy_serve(envoy_cluster(stream), host);
}

}  // namespace spillway::model
