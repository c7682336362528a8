// One try: its timers (linkerd/http/stream-timeouts), what its answer is to the retry policy, the
// balancer and the breaker, and its body.
#include <algorithm>

#include "model/linkerd/backoff.h"
#include "model/linkerd/executor.h"

namespace spillway::model::linkerd {

void Executor::arm(std::uint32_t slot, TimerKind kind, sim::Time at) {
  Attempt& attempt = attempts_[slot];
  Action& action = emit(Action::Kind::set_timer, attempt.request);
  action.at = timer_end(at);
  action.timer = {kind, attempt_handle(slot), {}, 0};
  if (kind == TimerKind::deadline) action.timer.count = ++attempt.timers;
}

void Executor::on_attempt_timer(const Timer& timer, sim::Time now) {
  const std::uint32_t slot = timer.owner.index;
  const Attempt& attempt = attempts_[slot];
  if (timer.kind == TimerKind::idle) return on_idle(timer, now);
  if (timer.kind == TimerKind::deadline && timer.count == attempt.timers) on_deadline(slot, now);
  if (timer.kind == TimerKind::peek && attempt.phase == Attempt::Phase::peeking) judge(slot, now);
}

void Executor::on_upload(Handle handle, std::uint64_t total, bool complete, sim::Time now) {
  if (!alive(handle)) return;
  Attempt& attempt = attempts_[handle.index];
  Request& request = requests_[attempt.request];
  attempt.active = now;
  const std::uint64_t limit =
      request.retry ? request.retry->max_request_bytes : Retry{}.max_request_bytes;
  if (total > limit) request.capped = true;
  if (!complete) return;
  request.uploaded = true;
  attempt.flushed = true;
  attempt.flushed_at = now;
  if (attempt.phase == Attempt::Phase::waiting) arm_headers_deadline(handle.index, now);
}

void Executor::on_upload_refused(Handle handle, sim::Time now) {
  if (!alive(handle)) return;
  Attempt& attempt = attempts_[handle.index];
  requests_[attempt.request].upload_refused = true;
  attempt.flushed = true;
  attempt.flushed_at = now;
  arm_headers_deadline(handle.index, now);
}

/// While the headers are awaited the retry timeout takes the place of the response timeout; the
/// request's deadline stays if it is not later.
void Executor::arm_headers_deadline(std::uint32_t slot, sim::Time now) {
  Attempt& attempt = attempts_[slot];
  const Request& request = requests_[attempt.request];
  Error error = Error::none;
  sim::Time at = sim::kNever;
  if (request.retry && has_retry_timeout(*request.retry, request.retries)) {
    error = Error::retry_timeout;
    at = now + *request.retry->timeout;
  } else if (request.timeouts.response) {
    error = Error::response_timeout;
    at = now + *request.timeouts.response;
  }
  if (error == Error::none || at >= attempt.deadline_at) return;
  attempt.deadline = error;
  attempt.deadline_at = at;
  arm(slot, TimerKind::deadline, at);
}

/// After the headers: the response timeout since the request was sent, or the request's deadline.
void Executor::arm_body_deadline(std::uint32_t slot, sim::Time now) {
  Attempt& attempt = attempts_[slot];
  const Request& request = requests_[attempt.request];
  attempt.deadline = Error::request_timeout;
  attempt.deadline_at = request.deadline;
  if (request.timeouts.response) {
    const sim::Time start = attempt.flushed ? attempt.flushed_at : now;
    if (start + *request.timeouts.response < request.deadline) {
      attempt.deadline = Error::response_timeout;
      attempt.deadline_at = start + *request.timeouts.response;
    }
  }
  ++attempt.timers;
  if (attempt.deadline_at != sim::kNever)
    arm(slot, TimerKind::deadline, std::max(now, attempt.deadline_at));
}

void Executor::on_deadline(std::uint32_t slot, sim::Time now) {
  Attempt& attempt = attempts_[slot];
  if (attempt.phase == Attempt::Phase::held) return;
  if (attempt.phase != Attempt::Phase::waiting) return break_body(slot, attempt.deadline, now);
  emit(Action::Kind::cancel, attempt.request).attempt = attempt_handle(slot);
  fail(slot, {attempt.deadline, false, false}, now);
}

void Executor::on_idle(const Timer& timer, sim::Time now) {
  const std::uint32_t slot = timer.owner.index;
  Attempt& attempt = attempts_[slot];
  if (attempt.phase == Attempt::Phase::held) return;
  const sim::Duration idle = *requests_[attempt.request].timeouts.idle;
  const sim::Time due = timer_end(attempt.active + idle);
  if (due > now) return arm(slot, TimerKind::idle, due);
  if (attempt.phase != Attempt::Phase::waiting) return break_body(slot, Error::idle_timeout, now);
  if (attempt.flushed) return;
  emit(Action::Kind::cancel, attempt.request).attempt = attempt_handle(slot);
  fail(slot, endpoint_error(policy_->transport, Breakage::upload_idle), now);
}

void Executor::end_load(Attempt& attempt, sim::Time now) {
  if (!attempt.load_open) return;
  attempt.load_open = false;
  sim::Duration rtt = now - attempt.sent;
  const bool limited = attempt.phase != Attempt::Phase::waiting &&
                       (attempt.head.status == 429 || attempt.head.grpc_status == 8);
  if (limited && policy_->balancer.penalty)
    rtt = penalized(*policy_->balancer.penalty, rtt, attempt.head.retry_after);
  pools_[attempt.endpoint.backend].end_load(attempt.endpoint.index, now, rtt);
}

/// The answer is over, read to its end or dropped: what it was to the breaker.
void Executor::classify_end(Attempt& attempt, sim::Time now) {
  if (!attempt.class_open) return;
  attempt.class_open = false;
  const int code = attempt.head.grpc_status >= 0 ? attempt.head.grpc_status : attempt.trailer;
  const bool broken = attempt.body_error != Error::none || attempt.error != Error::none;
  const ResponseClass response =
      broken ? ResponseClass::failure : classify(policy_->kind, attempt.head.status, code);
  pools_[attempt.endpoint.backend].on_response(attempt.endpoint.index, response, now, *out_);
}

void Executor::drop(std::uint32_t slot, bool cancel, sim::Time now) {
  Attempt& attempt = attempts_[slot];
  if (cancel || attempt.phase != Attempt::Phase::waiting)
    emit(Action::Kind::cancel, attempt.request).attempt = attempt_handle(slot);
  end_load(attempt, now);
  if (attempt.phase != Attempt::Phase::waiting) classify_end(attempt, now);
  attempts_.release(slot);
}

void Executor::fail(std::uint32_t slot, EndpointError error, sim::Time now) {
  Attempt& attempt = attempts_[slot];
  const std::uint32_t request = attempt.request;
  if (error.as_response) {
    const ProxyAnswer answer =
        answer_for(error.error >= Error::h2_refused_stream ? Error::connection_lost : error.error,
                   requests_[request].grpc);
    attempt.error = error.error;
    on_response(attempt_handle(slot),
                {answer.status, static_cast<std::int8_t>(answer.grpc_status), true, true, {}}, now);
    return;
  }
  end_load(attempt, now);
  attempt.class_open = false;
  pools_[attempt.endpoint.backend].on_response(attempt.endpoint.index, ResponseClass::failure, now,
                                               *out_);
  attempts_.release(slot);
  on_error(request, error, now);
}

void Executor::on_broken(Handle handle, Breakage breakage, sim::Time now) {
  if (!alive(handle)) return;
  const EndpointError error = endpoint_error(policy_->transport, breakage);
  if (breakage == Breakage::connect_refused)
    requests_[attempts_[handle.index].request].upload_refused = true;
  if (attempts_[handle.index].phase == Attempt::Phase::waiting)
    fail(handle.index, error, now);
  else
    break_body(handle.index, error.error, now);
}

void Executor::on_response(Handle handle, const ResponseHead& head, sim::Time now) {
  if (!alive(handle)) return;
  const std::uint32_t slot = handle.index;
  Attempt& attempt = attempts_[slot];
  Request& request = requests_[attempt.request];
  attempt.head = head;
  attempt.active = now;
  attempt.phase = Attempt::Phase::peeking;
  attempt.ended = head.end;
  if (head.end) end_load(attempt, now);
  if (!head.end) {
    arm_body_deadline(slot, now);
    if (request.timeouts.idle) arm(slot, TimerKind::idle, now + *request.timeouts.idle);
  }
  const bool peeks = request.retry && request.replayable && !head.end && !head.http1;
  if (!peeks) judge(slot, now);
}

void Executor::on_data(Handle handle, std::uint64_t bytes, sim::Time now) {
  if (!alive(handle)) return;
  Attempt& attempt = attempts_[handle.index];
  if (attempt.phase == Attempt::Phase::held) return;
  end_load(attempt, now);
  attempt.active = now;
  if (attempt.phase == Attempt::Phase::answering) {
    emit(Action::Kind::body, attempt.request).bytes = bytes;
    return;
  }
  attempt.bytes += bytes;
  if (++attempt.frames == 2)
    judge(handle.index, now);
  else
    arm(handle.index, TimerKind::peek, now);
}

void Executor::on_end(Handle handle, int grpc_status, sim::Time now) {
  if (!alive(handle)) return;
  Attempt& attempt = attempts_[handle.index];
  if (attempt.phase == Attempt::Phase::held) return;
  end_load(attempt, now);
  attempt.trailer = grpc_status;
  attempt.ended = true;
  if (attempt.phase == Attempt::Phase::answering)
    finish(handle.index, now);
  else
    judge(handle.index, now);
}

void Executor::break_body(std::uint32_t slot, Error error, sim::Time now) {
  Attempt& attempt = attempts_[slot];
  if (attempt.phase == Attempt::Phase::held) return;
  end_load(attempt, now);
  attempt.body_error = error;
  classify_end(attempt, now);
  if (attempt.phase == Attempt::Phase::answering)
    finish(slot, now);
  else
    judge(slot, now);
}

/// Enough of the answer is known to say whether it is the last.
void Executor::judge(std::uint32_t slot, sim::Time now) {
  Attempt& attempt = attempts_[slot];
  const std::uint32_t index = attempt.request;
  attempt.phase = Attempt::Phase::held;
  drop_held(index, now);
  if (policy_->profile) {
    const RouteKind kind = attempt.head.grpc_status >= 0 ? RouteKind::grpc : RouteKind::http;
    const bool failed =
        classify(kind, attempt.head.status, attempt.head.grpc_status) == ResponseClass::failure;
    if (!profile_retry(index, failed, now)) return deliver(slot, now);
    drop(slot, false, now);
    try_once(index, now);
    return;
  }
  const int code = attempt.head.grpc_status >= 0 ? attempt.head.grpc_status : attempt.trailer;
  Request& request = requests_[index];
  if (attempt.trailer >= 0 || attempt.body_error != Error::none) {
    attempt.class_open = attempt.class_open && attempt.body_error == Error::none;
    classify_end(attempt, now);
  }
  const bool listed = request.retry && retryable(*request.retry, attempt.head.status, code);
  request.held = slot;
  if (retry(index, listed, now)) return;
  request.held = kNone;
  deliver(slot, now);
}

void Executor::deliver(std::uint32_t slot, sim::Time now) {
  Attempt& attempt = attempts_[slot];
  const std::uint32_t index = attempt.request;
  requests_[index].phase = Request::Phase::answering;
  requests_[index].attempt = slot;
  attempt.phase = Attempt::Phase::answering;
  Action& headers = emit(Action::Kind::headers, index);
  headers.answer = {attempt.head.status, attempt.head.grpc_status, attempt.error};
  headers.attempt = attempt_handle(slot);
  headers.endpoint = attempt.endpoint;
  if (attempt.bytes > 0) emit(Action::Kind::body, index).bytes = attempt.bytes;
  if (attempt.ended || attempt.body_error != Error::none) finish(slot, now);
}

void Executor::finish(std::uint32_t slot, sim::Time now) {
  Attempt& attempt = attempts_[slot];
  const std::uint32_t index = attempt.request;
  classify_end(attempt, now);
  Action& end = emit(Action::Kind::end, index);
  end.attempt = attempt_handle(slot);
  end.answer = {attempt.head.status, static_cast<std::int8_t>(attempt.trailer), attempt.error};
  if (attempt.head.grpc_status >= 0) end.answer.grpc_status = attempt.head.grpc_status;
  if (attempt.body_error != Error::none) {
    end.answer.error = attempt.body_error;
    if (requests_[index].grpc) end.answer = {attempt.head.status, 13, Error::none};
  }
  attempts_.release(slot);
  requests_[index].attempt = kNone;
  release(index, now);
}

}  // namespace spillway::model::linkerd
