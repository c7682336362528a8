// A proxy with one backend, driven by hand: time moves as the test says, and what the executor
// wants is kept.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "model/linkerd/executor.h"

namespace spillway::model::linkerd {

using namespace sim::literals;

inline sim::Time ms(std::int64_t t) { return sim::Time{t * 1'000'000}; }

class Proxy {
 public:
  /// `endpoints` of backend 0.
  explicit Proxy(OutboundPolicy policy, std::uint32_t endpoints = 1)
      : policy_(one_backend(std::move(policy))), executor_(policy_, 7, actions_) {
    for (std::uint32_t i = 0; i < endpoints; ++i) refs.push_back(executor_.add_endpoint(0, now_));
    take();
  }

  Executor& operator*() { return executor_; }
  Executor* operator->() { return &executor_; }

  sim::Time now() const { return now_; }

  /// Time goes on to `until`, and all timers on the way go off.
  void run_to(sim::Time until) {
    take();
    for (;;) {
      const auto next =
          std::min_element(timers_.begin(), timers_.end(),
                           [](const Action& a, const Action& b) { return a.at < b.at; });
      if (next == timers_.end() || next->at > until) break;
      const Action timer = *next;
      timers_.erase(next);
      now_ = std::max(now_, timer.at);
      executor_.on_timer(timer.timer, now_);
      take();
    }
    now_ = until;
  }

  /// A request without a body; it has reached its endpoint if there is one.
  Handle request(RequestHead head = {false, 0, {}}) {
    const Handle handle = executor_.on_request(head, now_);
    run_to(now_);
    return handle;
  }

  /// The last try is answered without a body.
  void answer(std::uint16_t status, int grpc_status = -1) {
    executor_.on_response(tries.back().attempt,
                          {status, static_cast<std::int8_t>(grpc_status), false, true, {}}, now_);
    run_to(now_);
  }

  void break_off(Breakage breakage) {
    executor_.on_broken(tries.back().attempt, breakage, now_);
    run_to(now_);
  }

  /// Of the try that was sent last: an empty request body has gone.
  void flush() { executor_.on_upload(tries.back().attempt, 0, true, now_); }

  std::vector<EndpointRef> refs;
  std::vector<Action> tries;    ///< sent
  std::vector<Action> answers;  ///< headers
  std::vector<Action> ends;
  std::vector<Action> cancels;
  std::vector<Action> connects;
  std::vector<sim::Time> try_times;
  std::vector<sim::Time> answer_times;

 private:
  static OutboundPolicy one_backend(OutboundPolicy policy) {
    if (policy.backends.empty()) policy.backends.emplace_back();
    return policy;
  }

  void take() {
    for (std::size_t i = 0; i < actions_.size(); ++i) keep(Action(actions_[i]));
    actions_.clear();
  }

  void keep(const Action& action) {
    switch (action.kind) {
      case Action::Kind::set_timer:
        return timers_.push_back(action);
      case Action::Kind::connect:
        return connects.push_back(action);
      case Action::Kind::send:
        tries.push_back(action);
        try_times.push_back(now_);
        if (policy_.transport == Transport::none && flush_at_once)
          executor_.on_upload(action.attempt, 0, true, now_);
        return;
      case Action::Kind::cancel:
        return cancels.push_back(action);
      case Action::Kind::headers:
        answers.push_back(action);
        return answer_times.push_back(now_);
      case Action::Kind::end:
        return ends.push_back(action);
      case Action::Kind::body:
        return;
    }
  }

 public:
  bool flush_at_once = true;

 private:
  OutboundPolicy policy_;
  Actions actions_;
  Executor executor_;
  sim::Time now_{};
  std::vector<Action> timers_;
};

inline Retry retry_5xx(std::uint32_t limit) {
  Retry retry;
  retry.status_ranges = {{500, 599}};
  retry.max_retries = limit;
  retry.backoff = ExponentialBackoff{25_ms, 250_ms, 0};
  return retry;
}

inline FailureAccrual accrual(std::uint32_t failures) {
  FailureAccrual policy;
  policy.max_failures = failures;
  policy.backoff = {1_s, 60_s, 0};
  return policy;
}

}  // namespace spillway::model::linkerd
