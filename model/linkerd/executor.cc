#include "model/linkerd/executor.h"

#include "model/linkerd/backoff.h"

namespace spillway::model::linkerd {

namespace {

constexpr std::uint64_t kMaxRequestBytes = 65536;  ///< of a route of a ServiceProfile

}  // namespace

Executor::Executor(const OutboundPolicy& policy, sim::Key seed, Actions& out)
    : policy_(&policy), out_(&out), draw_(sim::combine(seed, 0)) {
  for (std::uint32_t i = 0; i < policy.backends.size(); ++i)
    pools_.emplace_back(policy, i, sim::Draw(sim::combine(seed, i + 1)));
  if (policy.profile && policy.profile->retry_budget)
    budget_.emplace(*policy.profile->retry_budget);
}

Action& Executor::emit(Action::Kind kind, std::uint32_t request) {
  Action action;
  action.kind = kind;
  action.request = request_handle(request);
  out_->push_back(action);
  return out_->back();
}

EndpointRef Executor::add_endpoint(std::uint32_t backend, sim::Time now, bool usable) {
  return pools_[backend].add(now, usable, *out_);
}

void Executor::remove_endpoint(EndpointRef endpoint) {
  pools_[endpoint.backend].remove(endpoint.index);
}

void Executor::set_usable(EndpointRef endpoint, bool usable, sim::Time now) {
  pools_[endpoint.backend].set_usable(endpoint.index, usable, now, *out_);
}

void Executor::on_connected(EndpointRef endpoint, sim::Time now) {
  pools_[endpoint.backend].on_connected(endpoint.index, now, *out_);
}

void Executor::on_refused(EndpointRef endpoint, sim::Time now) {
  pools_[endpoint.backend].on_refused(endpoint.index, now, *out_);
}

Handle Executor::on_request(const RequestHead& head, sim::Time now) {
  const std::uint32_t index = requests_.allocate();
  Request& request = requests_[index] = Request{};
  request.grpc = head.grpc;
  if (policy_->profile)
    start_profile_timer(index, now);
  else
    apply_route(request, head.overrides, now);
  const std::uint64_t limit = request.retry ? request.retry->max_request_bytes : kMaxRequestBytes;
  request.replayable = (request.retry || budget_) && head.body_size.value_or(0) <= limit;
  const Handle handle = request_handle(index);
  try_once(index, now);
  return handle;
}

void Executor::apply_route(Request& request, const Overrides& overrides, sim::Time now) {
  request.retry = policy_->retry ? &*policy_->retry : nullptr;
  request.timeouts = policy_->timeouts;
  if (policy_->allow_l5d_request_headers) {
    request.own_retry = apply(policy_->retry, overrides);
    request.retry = request.own_retry ? &*request.own_retry : nullptr;
    request.timeouts = apply(policy_->timeouts, overrides);
  }
  if (request.timeouts.request) request.deadline = now + *request.timeouts.request;
}

void Executor::start_profile_timer(std::uint32_t index, sim::Time now) {
  if (!policy_->profile->timeout) return;
  Action& timer = emit(Action::Kind::set_timer, index);
  timer.at = timer_end(now + *policy_->profile->timeout);
  timer.timer = {TimerKind::profile, request_handle(index), {}, 0};
}

std::optional<std::uint32_t> Executor::choose_backend() {
  std::uint64_t total = 0;
  for (std::uint32_t i = 0; i < pools_.size(); ++i) {
    if (!pools_[i].available()) continue;
    if (policy_->distribution == Distribution::first_available) return i;
    total += policy_->backends[i].weight;
  }
  if (total == 0) return std::nullopt;
  auto left = static_cast<std::uint64_t>(draw_.uniform() * static_cast<double>(total));
  for (std::uint32_t i = 0; i < pools_.size(); ++i) {
    if (!pools_[i].available()) continue;
    if (left < policy_->backends[i].weight) return i;
    left -= policy_->backends[i].weight;
  }
  return std::nullopt;
}

void Executor::try_once(std::uint32_t index, sim::Time now) {
  const auto backend = choose_backend();
  if (!backend) {
    on_error(index, {Error::loadshed, false, false}, now);
    return;
  }
  requests_[index].phase = Request::Phase::queued;
  requests_[index].in_queue = true;
  pools_[*backend].enqueue(request_handle(index), now, *out_);
}

void Executor::pump(std::uint32_t backend, sim::Time now) {
  while (const auto next = pools_[backend].next(now, *out_))
    dispatch(next->request.index, {backend, next->endpoint}, now);
}

void Executor::dispatch(std::uint32_t index, EndpointRef endpoint, sim::Time now) {
  Request& request = requests_[index];
  request.in_queue = false;
  request.phase = Request::Phase::trying;
  const std::uint32_t slot = attempts_.allocate();
  Attempt& attempt = attempts_[slot] = Attempt{};
  request.attempt = slot;
  attempt.request = index;
  attempt.endpoint = endpoint;
  attempt.sent = attempt.active = now;
  Action& send = emit(Action::Kind::send, index);
  send.attempt = attempt_handle(slot);
  send.endpoint = endpoint;
  if (request.gone) {
    drop(slot, true, now);
    request.attempt = kNone;
    release(index, now);
    return;
  }
  if (request.deadline != sim::kNever) {
    attempt.deadline = Error::request_timeout;
    attempt.deadline_at = request.deadline;
    arm(slot, TimerKind::deadline, std::max(now, request.deadline));
  }
  if (request.timeouts.idle) arm(slot, TimerKind::idle, now + *request.timeouts.idle);
}

bool Executor::retry(std::uint32_t index, bool listed, sim::Time now) {
  Request& request = requests_[index];
  if (!listed || !request.retry || !request.replayable || request.capped) return false;
  if (request.attempt != kNone && !request.uploaded && !request.upload_refused) return false;
  if (request.retries >= request.retry->max_retries) return false;
  const std::uint32_t iteration = request.retries++;
  request.attempt = kNone;
  request.phase = Request::Phase::backing_off;
  if (!request.retry->backoff) {
    on_backoff(index, now);
    return true;
  }
  Action& timer = emit(Action::Kind::set_timer, index);
  timer.at = timer_end(now + backoff_wait(*request.retry->backoff, iteration, draw_));
  timer.timer = {TimerKind::backoff, request_handle(index), {}, 0};
  return true;
}

bool Executor::profile_retry(std::uint32_t index, bool failed, sim::Time now) {
  Request& request = requests_[index];
  if (!budget_ || !request.replayable) return false;
  if (!failed || request.capped) {
    budget_->deposit(now);
    return false;
  }
  if (!budget_->withdraw(now)) return false;
  request.attempt = kNone;
  return true;
}

void Executor::on_backoff(std::uint32_t index, sim::Time now) {
  requests_[index].upload_refused = false;
  try_once(index, now);
}

void Executor::on_error(std::uint32_t index, EndpointError error, sim::Time now) {
  drop_held(index, now);
  if (policy_->profile) profile_retry(index, false, now);
  if (retry(index, retryable(error.error, error.refused_stream), now)) return;
  answer_error(index, error.error, now);
}

void Executor::answer_error(std::uint32_t index, Error error, sim::Time now) {
  Request& request = requests_[index];
  const ProxyAnswer answer = answer_for(error, request.grpc);
  Action& headers = emit(Action::Kind::headers, index);
  headers.answer = {answer.status, static_cast<std::int8_t>(answer.grpc_status), error};
  const Answer given = headers.answer;
  emit(Action::Kind::end, index).answer = given;
  request.attempt = kNone;
  release(index, now);
}

void Executor::release(std::uint32_t index, sim::Time now) {
  drop_held(index, now);
  requests_.release(index);
}

void Executor::drop_held(std::uint32_t index, sim::Time now) {
  Request& request = requests_[index];
  const std::uint32_t held = request.held;
  request.held = kNone;
  if (held != kNone) drop(held, false, now);
}

void Executor::on_gone(Handle handle, sim::Time now) {
  if (!requests_.alive(handle.index, handle.generation)) return;
  Request& request = requests_[handle.index];
  if (request.attempt != kNone) drop(request.attempt, true, now);
  request.attempt = kNone;
  request.gone = true;
  if (!request.in_queue) release(handle.index, now);
}

void Executor::on_profile_timeout(std::uint32_t index, sim::Time now) {
  Request& request = requests_[index];
  if (request.gone || request.phase == Request::Phase::answering) return;
  if (request.attempt != kNone) drop(request.attempt, true, now);
  request.attempt = kNone;
  const ProxyAnswer answer = answer_for(Error::profile_timeout, request.grpc);
  const Answer given{answer.status, static_cast<std::int8_t>(answer.grpc_status),
                     Error::profile_timeout};
  emit(Action::Kind::headers, index).answer = given;
  emit(Action::Kind::end, index).answer = given;
  request.gone = true;
  if (!request.in_queue) release(index, now);
}

void Executor::on_failfast(const Timer& timer, sim::Time now) {
  Pool& pool = pools_[timer.endpoint.backend];
  if (!pool.on_failfast(timer)) return;
  while (const auto request = pool.drain()) {
    requests_[request->index].in_queue = false;
    if (requests_[request->index].gone)
      release(request->index, now);
    else
      on_error(request->index, {Error::failfast, false, false}, now);
  }
}

void Executor::on_timer(const Timer& timer, sim::Time now) {
  const std::uint32_t index = timer.owner.index;
  switch (timer.kind) {
    case TimerKind::pump:
      return pump(timer.endpoint.backend, now);
    case TimerKind::breaker:
      return pools_[timer.endpoint.backend].on_breaker_timer(timer, now, *out_);
    case TimerKind::reconnect:
      return pools_[timer.endpoint.backend].on_reconnect_timer(timer, now, *out_);
    case TimerKind::failfast:
      return on_failfast(timer, now);
    case TimerKind::backoff:
      if (requests_.alive(index, timer.owner.generation)) on_backoff(index, now);
      return;
    case TimerKind::profile:
      if (requests_.alive(index, timer.owner.generation)) on_profile_timeout(index, now);
      return;
    default:
      if (alive(timer.owner)) on_attempt_timer(timer, now);
      return;
  }
}

}  // namespace spillway::model::linkerd
