#include "model/linkerd/pool.h"

#include <algorithm>

#include "model/linkerd/backoff.h"

namespace spillway::model::linkerd {

void Pool::set_timer(TimerKind kind, std::uint32_t endpoint, std::uint32_t count, sim::Time at,
                     Actions& out) const {
  Action action;
  action.kind = Action::Kind::set_timer;
  action.at = timer_end(at);
  action.timer = {kind, {}, {index_, endpoint}, count};
  out.push_back(action);
}

EndpointRef Pool::add(sim::Time now, bool usable, Actions& out) {
  Endpoint endpoint{EndpointLoad(policy_->balancer, now), Breaker(policy_->failure_accrual, now)};
  endpoint.usable = usable;
  if (policy_->transport == Transport::http2 || policy_->transport == Transport::orig_proto)
    endpoint.link = Link::idle;
  const auto index = static_cast<std::uint32_t>(endpoints_.size());
  endpoints_.push_back(endpoint);
  poll(index, now, out);
  return {index_, index};
}

void Pool::remove(std::uint32_t endpoint) {
  endpoints_[endpoint].present = false;
  unready(endpoint);
}

void Pool::set_usable(std::uint32_t endpoint, bool usable, sim::Time now, Actions& out) {
  endpoints_[endpoint].usable = usable;
  poll(endpoint, now, out);
}

bool Pool::available() const {
  return !failfast_ && queue_.size() < policy_->queue.capacity + (waiting_ ? 1U : 0U);
}

void Pool::enqueue(Handle request, sim::Time now, Actions& out) {
  queue_.push_back(request);
  if (!waiting_) set_timer(TimerKind::pump, 0, 0, now, out);
}

std::optional<Pool::Dispatch> Pool::next(sim::Time now, Actions& out) {
  if (queue_.empty()) return std::nullopt;
  const auto endpoint = pick(now, out);
  if (!endpoint) {
    if (!waiting_)
      set_timer(TimerKind::failfast, 0, ++waits_, now + policy_->queue.failfast_timeout, out);
    waiting_ = true;
    return std::nullopt;
  }
  waiting_ = false;
  ++waits_;
  const Dispatch dispatch{queue_.front(), *endpoint};
  queue_.pop_front();
  unready(*endpoint);
  endpoints_[*endpoint].permit = false;
  endpoints_[*endpoint].load.begin();
  poll(*endpoint, now, out);
  return dispatch;
}

bool Pool::on_failfast(const Timer& timer) {
  if (!waiting_ || timer.count != waits_) return false;
  failfast_ = true;
  return true;
}

std::optional<Handle> Pool::drain() {
  if (queue_.empty()) {
    waiting_ = false;
    return std::nullopt;
  }
  const Handle request = queue_.front();
  queue_.pop_front();
  return request;
}

void Pool::poll(std::uint32_t endpoint, sim::Time now, Actions& out) {
  if (endpoints_[endpoint].ready || !is_ready(endpoint, now, out)) return;
  endpoints_[endpoint].ready = true;
  ready_.push_back(endpoint);
  failfast_ = false;
  if (!queue_.empty()) set_timer(TimerKind::pump, 0, 0, now, out);
}

bool Pool::is_ready(std::uint32_t endpoint, sim::Time now, Actions& out) {
  Endpoint& target = endpoints_[endpoint];
  return target.present && gate_lets(target) && target.usable && link_ready(endpoint, now, out);
}

bool Pool::gate_lets(Endpoint& endpoint) {
  switch (endpoint.breaker.gate()) {
    case Breaker::Gate::open:
      return true;
    case Breaker::Gate::limited:
      if (!endpoint.permit) endpoint.permit = endpoint.breaker.take_permit();
      return endpoint.permit;
    case Breaker::Gate::shut:
      endpoint.permit = false;
      return false;
  }
  return false;
}

bool Pool::link_ready(std::uint32_t endpoint, sim::Time now, Actions& out) {
  Endpoint& target = endpoints_[endpoint];
  if (target.link == Link::lost) {
    target.connect_failures = 0;
    wait_to_connect(endpoint, now, out);
  } else if (target.link == Link::idle) {
    target.link = Link::connecting;
    Action action;
    action.kind = Action::Kind::connect;
    action.endpoint = {index_, endpoint};
    out.push_back(action);
  }
  return target.link == Link::unneeded || target.link == Link::connected;
}

void Pool::wait_to_connect(std::uint32_t endpoint, sim::Time now, Actions& out) {
  Endpoint& target = endpoints_[endpoint];
  target.link = Link::waiting;
  const sim::Duration wait =
      backoff_wait(policy_->connect_backoff, target.connect_failures++, draw_);
  set_timer(TimerKind::reconnect, endpoint, ++target.timers, now + wait, out);
}

void Pool::on_reconnect_timer(const Timer& timer, sim::Time now, Actions& out) {
  Endpoint& target = endpoints_[timer.endpoint.index];
  if (target.link != Link::waiting || timer.count != target.timers) return;
  target.link = Link::idle;
  poll(timer.endpoint.index, now, out);
}

void Pool::on_connected(std::uint32_t endpoint, sim::Time now, Actions& out) {
  endpoints_[endpoint].link = Link::connected;
  poll(endpoint, now, out);
}

void Pool::on_refused(std::uint32_t endpoint, sim::Time now, Actions& out) {
  wait_to_connect(endpoint, now, out);
}

void Pool::on_lost(std::uint32_t endpoint) {
  if (endpoints_[endpoint].link == Link::connected) endpoints_[endpoint].link = Link::lost;
}

void Pool::on_response(std::uint32_t endpoint, ResponseClass response, sim::Time now,
                       Actions& out) {
  Endpoint& target = endpoints_[endpoint];
  const auto shut = target.breaker.on_response(now, response, draw_);
  if (shut)
    set_timer(TimerKind::breaker, endpoint, 0, now + *shut, out);
  else
    poll(endpoint, now, out);
}

void Pool::on_breaker_timer(const Timer& timer, sim::Time now, Actions& out) {
  endpoints_[timer.endpoint.index].breaker.on_backoff_end();
  poll(timer.endpoint.index, now, out);
}

std::optional<std::uint32_t> Pool::pick(sim::Time now, Actions& out) {
  while (!ready_.empty()) {
    const std::uint32_t endpoint = choose(now);
    if (is_ready(endpoint, now, out)) return endpoint;
    unready(endpoint);
  }
  return std::nullopt;
}

std::uint32_t Pool::choose(sim::Time now) {
  const auto count = static_cast<std::uint32_t>(ready_.size());
  if (count == 1) return ready_[0];
  const std::uint32_t a = draw_.below(count);
  std::uint32_t b = draw_.below(count - 1);
  if (b >= a) ++b;
  const double cost_a = endpoints_[ready_[a]].load.cost(now);
  const double cost_b = endpoints_[ready_[b]].load.cost(now);
  return cost_a <= cost_b ? ready_[a] : ready_[b];
}

void Pool::unready(std::uint32_t endpoint) {
  if (!endpoints_[endpoint].ready) return;
  endpoints_[endpoint].ready = false;
  ready_.erase(std::find(ready_.begin(), ready_.end(), endpoint));
}

}  // namespace spillway::model::linkerd
