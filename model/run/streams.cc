// A request at one leg: what its proxy, or the caller's own client policy, does with it as a whole.
#include <algorithm>

#include "model/policy/client_executor.h"
#include "model/run/simulation.h"

namespace spillway::model {
namespace {

constexpr std::uint16_t kLoopDetected = 508;

}  // namespace

Id Simulation::start_stream(Id leg_id, Id call, const Lineage& lineage, Stream::Parent parent_kind,
                            Ref parent, std::uint32_t caller_instance, bool first_in_call) {
  const Id id = streams_.allocate();
  stream_slots_ = std::max(stream_slots_, id + 1);
  Stream& stream = streams_[id];
  stream = Stream{};
  stream.lineage = lineage;
  stream.start = now_;
  stream.leg = leg_id;
  stream.call = call;
  stream.parent = parent;
  stream.parent_kind = parent_kind;
  stream.first_in_call = first_in_call;
  stream.caller_instance = caller_instance;
  const Leg& leg = mesh_.legs[leg_id];
  stream.instance = leg.caller_instance
                        ? caller_instance % leg.instances
                        : sim::Draw(sim::combine(lineage.key, kInstance)).below(leg.instances);
  if (parent_kind == Stream::Parent::job) {
    Job& job = jobs_[parent.index];
    stream.next = job.first_call;
    if (job.first_call != kNoId) streams_[job.first_call].previous = id;
    job.first_call = id;
  }
  if (tracer_) {
    if (parent_kind == Stream::Parent::traffic)
      tracer_->request_started(id, stream, mesh_.spec.scenario.traffic[lineage.traffic].name);
    else
      tracer_->stream_started(id, stream,
                              parent_kind == Stream::Parent::attempt ? parent.index : kNoId,
                              parent_kind == Stream::Parent::job ? parent.index : kNoId);
  }
  if (parent_kind != Stream::Parent::attempt && call != kNoId && mesh_.calls[call].edge != kNoId) {
    recorder_.sent(mesh_.calls[call].edge, lineage.counted, lineage.clean);
  }
  if (leg.rule_scope != kNoId) recorder_.count<&Tally::requests>(leg.rule_scope, lineage.counted);
  if (leg.proxy_scope != kNoId)
    recorder_.count<&Tally::requests>(leg.proxy_scope + stream.instance, lineage.counted);
  if (leg.process != kNoId && processes_down_[leg.process + stream.instance] > 0)
    break_stream(id, Outcome::refused);
  else if (lineage.depth > mesh_.max_call_depth)
    answer_later(id, kLoopDetected, {});
  else if (leg.faults == kNoId || rule_faults_[leg.faults].empty() || !proxy_faults(id))
    open_stream(id);
  return id;
}

void Simulation::open_stream(Id id) {
  Stream& stream = streams_[id];
  const Leg& leg = mesh_.legs[stream.leg];
  if (leg.executor == Executor::envoy) return envoy_open(id);
  if (leg.executor == Executor::linkerd && leg.answer == 0) return linkerd_open(id);
  if (leg.mirror_count > 0) start_mirrors(stream);
  if (leg.answer != 0) return answer_later(id, leg.answer, leg.answer_flags);
  const std::uint32_t generation = streams_.generation(id);
  if (leg.throttle != kNoId) {
    sim::Draw draw(sim::combine(stream.lineage.key, kThrottle));
    if (!throttles_[leg.throttle + stream.instance].admit(now_, draw)) {
      if (const Id edge = mesh_.calls[stream.call].edge; edge != kNoId)
        recorder_.count<&Tally::rejections>(edge, stream.lineage.counted);
      return answer_later(id, 503, Flags::kRL);
    }
  }
  if (leg.timeout.armed)
    queue_.push(leg.timeout.lane, now_, static_cast<std::uint8_t>(Kind::deadline), id, generation);
  if (leg.hedge.armed)
    queue_.push(leg.hedge.lane, now_, static_cast<std::uint8_t>(Kind::hedge), id, generation);
  if (leg.budget != kNoId) {
    stream.budget = leg.budget + stream.instance;
    budgets_[stream.budget].on_request(now_);
  }
  start_attempt(id);
}

void Simulation::start_mirrors(const Stream& stream) {
  const Leg& leg = mesh_.legs[stream.leg];
  for (Id i = 0; i < leg.mirror_count; ++i) {
    const Mirror& mirror = mesh_.mirrors[leg.first_mirror + i];
    Lineage lineage = stream.lineage;
    lineage.key = sim::combine(lineage.key, kMirror + (std::uint64_t{i} << 32));
    if (mirror.share < 1 && sim::Draw(lineage.key).uniform() >= mirror.share) continue;
    start_stream(mirror.leg, kNoId, lineage, Stream::Parent::nobody, {}, stream.instance, true);
  }
}

void Simulation::answer_later(Id id, std::uint16_t status, Flags flags) {
  streams_[id].answer = status;
  streams_[id].answer_flags = flags;
  queue_.push(mesh_.now, now_, static_cast<std::uint8_t>(Kind::answer), id,
              streams_.generation(id));
}

/// The proxy that a stream is at is down.
void Simulation::break_stream(Id id, Outcome outcome) {
  Stream& stream = streams_[id];
  drop_attempts(stream);
  stream.broken = outcome;
  answer_later(id, 503, outcome == Outcome::refused ? Flags::kUF : Flags::kUC);
}

/// A process went down with all that it had in hand.
void Simulation::crash_proxy(Id process) {
  for (Id id = 0; id < stream_slots_; ++id) {
    const Stream& stream = streams_[id];
    if (stream.leg == kNoId || mesh_.legs[stream.leg].process == kNoId ||
        mesh_.legs[stream.leg].process + stream.instance != process ||
        stream.broken != Outcome::status)
      continue;
    break_stream(id, Outcome::reset);
  }
}

void Simulation::release_stream(Id id) {
  streams_[id].leg = kNoId;
  streams_.release(id);
}

void Simulation::stream_answered(Id id) {
  Stream& stream = streams_[id];
  drop_attempts(stream);
  Verdict verdict;
  verdict.status = stream.answer;
  verdict.flags = stream.answer_flags;
  verdict.stopped = stream.answer < 500                           ? RetryStopped::none
                    : stream.answer_stopped != RetryStopped::none ? stream.answer_stopped
                                                                  : RetryStopped::not_retriable;
  end_stream(id, verdict);
}

void Simulation::deadline(Id id) {
  Stream& stream = streams_[id];
  const Leg& leg = mesh_.legs[stream.leg];
  if (leg.executor == Executor::envoy) envoy_deadline(stream);
  while (stream.first_attempt != kNoId) {
    const Id attempt = stream.first_attempt;
    if (tracer_) tracer_->attempt_ended(attempt, now_, Outcome::request_timeout, 0);
    cancel_attempt(attempt);
  }
  Verdict verdict;
  verdict.status = leg.executor == Executor::neutral ? mesh_.rules[leg.config].timeout_status : 504;
  verdict.flags = Flags::kUT;
  if (stream.request != kNoId) verdict.flags |= envoy_requests_[stream.request].flags;
  verdict.stopped = RetryStopped::timeout;
  count_timeout(stream, leg);
  end_stream(id, verdict);
}

void Simulation::hedge(Id id) {
  Stream& stream = streams_[id];
  const Leg& leg = mesh_.legs[stream.leg];
  const ClientPolicy& policy = mesh_.clients[leg.config];
  if (stream.first_attempt == kNoId || stream.hedges >= policy.hedge->extra) return;
  ++stream.hedges;
  if (stream.hedges < policy.hedge->extra)
    queue_.push(leg.hedge.lane, now_, static_cast<std::uint8_t>(Kind::hedge), id,
                streams_.generation(id));
  start_attempt(id);
}

Id Simulation::call_stream(Id id) const {
  while (streams_[id].parent_kind == Stream::Parent::attempt)
    id = attempts_[streams_[id].parent.index].stream;
  return id;
}

void Simulation::drop_retry_slot(Stream& stream) {
  if (stream.retry_slot == kNoId) return;
  budgets_[stream.retry_slot].on_retry_end(now_);
  stream.retry_slot = kNoId;
}

void Simulation::end_stream(Id id, const Verdict& verdict) {
  Stream& stream = streams_[id];
  const Leg& leg = mesh_.legs[stream.leg];
  drop_retry_slot(stream);
  if (stream.request != kNoId) envoy_close(stream, verdict.status);
  const bool counted = stream.lineage.counted;
  const bool success = verdict.status != 0 && verdict.status < 500;
  const auto record = [&](Id scope) {
    recorder_.ended(scope, now_ - stream.start, success, counted);
  };
  if (leg.throttle != kNoId && success) throttles_[leg.throttle + stream.instance].on_accept(now_);
  if (leg.rule_scope != kNoId) record(leg.rule_scope);
  if (leg.proxy_scope != kNoId) record(leg.proxy_scope + stream.instance);
  if (stream.parent_kind != Stream::Parent::attempt && stream.call != kNoId &&
      mesh_.calls[stream.call].edge != kNoId)
    record(mesh_.calls[stream.call].edge);
  if (stream.tries == 0 && stream.first_in_call && stream.call != kNoId &&
      mesh_.calls[stream.call].service_scope !=
          kNoId) {  // answered on the way: the called service never saw it
    recorder_.sent(mesh_.calls[stream.call].service_scope, counted, stream.lineage.clean);
  }
  if (tracer_) tracer_->stream_ended(id, stream, now_, verdict);
  const Id parent = stream.parent.index;
  switch (stream.parent_kind) {
    case Stream::Parent::nobody:
      release_stream(id);
      return;
    case Stream::Parent::traffic:
      if (tracer_) tracer_->request_ended(id, stream, now_, verdict.status, verdict.flags);
      request_ended(stream.lineage, stream.start, parent, verdict.status, verdict.flags);
      release_stream(id);
      return;
    case Stream::Parent::job: {
      const Id call = stream.call;
      unlink_call(jobs_[parent], id);
      release_stream(id);
      return call_done(parent, call, verdict.status);
    }
    case Stream::Parent::attempt: {
      Attempt& attempt = attempts_[parent];
      attempt.child_kind = Attempt::Child::none;
      attempt.result.outcome = stream.broken;
      if (stream.broken == Outcome::status) {
        attempt.result.status = verdict.status;
        attempt.flags = verdict.flags;
      }
      release_stream(id);
      return after(mesh_.hops[attempt.hop].back, sim::combine(attempt.key, kWayBack), Kind::reply,
                   parent, attempts_.generation(parent));
    }
  }
}

void Simulation::unlink_call(Job& job, Id id) {
  const Stream& stream = streams_[id];
  if (stream.previous != kNoId)
    streams_[stream.previous].next = stream.next;
  else
    job.first_call = stream.next;
  if (stream.next != kNoId) streams_[stream.next].previous = stream.previous;
}

void Simulation::cancel_stream(Id id) {
  Stream& stream = streams_[id];
  if (stream.request != kNoId && mesh_.legs[stream.leg].executor == Executor::linkerd) {
    linkerd_gone(stream);
    stream.request = kNoId;
  }
  drop_attempts(stream);
  drop_retry_slot(stream);
  if (stream.request != kNoId) envoy_close(stream, 0);
  if (tracer_) tracer_->stream_ended(id, stream, now_, Verdict{});
  const bool counted = stream.lineage.counted;
  const Leg& leg = mesh_.legs[stream.leg];
  if (leg.rule_scope != kNoId) recorder_.count<&Tally::finished>(leg.rule_scope, counted);
  if (leg.proxy_scope != kNoId)
    recorder_.count<&Tally::finished>(leg.proxy_scope + stream.instance, counted);
  if (stream.parent_kind == Stream::Parent::job) {
    if (const Id edge = mesh_.calls[stream.call].edge; edge != kNoId)
      recorder_.count<&Tally::finished>(edge, counted);
    unlink_call(jobs_[stream.parent.index], id);
  }
  release_stream(id);
}

}  // namespace spillway::model
