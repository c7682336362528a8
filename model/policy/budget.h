// Runtime state of one retry budget, of whichever model; belongs to one proxy or client instance. A
// plain value: copying it is a snapshot. Not for several threads at once. Calls are inline
// switches; nothing allocates after construction. Times never go back between calls. Order of the
// calls when a try ends: on_attempt_end (and on_retry_end, if it was a retry), on_result, then
// try_withdraw for the next one.
#pragma once

#include <variant>

#include "model/policy/concurrency_budget.h"
#include "model/policy/failure_ratio_budget.h"
#include "model/policy/ratio_budget.h"
#include "model/policy/token_budgets.h"
#include "model/policy/window_budget.h"
#include "model/spec/client_policy.h"

namespace spillway::model {

/// What the sources of two models leave open.
struct BudgetReading {
  RatioArithmetic ratio = RatioArithmetic::finagle;
  WindowReading window;

  bool operator==(const BudgetReading&) const = default;
};

class RetryBudget {
 public:
  /// No budget: always allows.
  RetryBudget() = default;
  explicit RetryBudget(const Budget& spec, const BudgetReading& reading = {});

  /// Whether there is a budget at all.
  bool limited() const { return state_.index() != 0; }

  /// A request's first try is about to be sent.
  void on_request(sim::Time now) {
    std::visit([=](auto& state) { state.on_request(now); }, state_);
  }
  /// A try is sent, first or retry.
  void on_attempt_start(sim::Time now) {
    std::visit([=](auto& state) { state.on_attempt_start(now); }, state_);
  }
  /// That try has ended, however.
  void on_attempt_end(sim::Time now) {
    std::visit([=](auto& state) { state.on_attempt_end(now); }, state_);
  }
  /// Judgement of a try that has ended. `timeout`, of a failure: the try timed out; of a retry that
  /// succeeded: the try before it had (it was paid as such).
  void on_result(sim::Time now, bool success, bool was_retry, bool timeout) {
    std::visit([=](auto& state) { state.on_result(now, success, was_retry, timeout); }, state_);
  }
  /// May a retry be made? True: it is paid, and holds its slot until on_retry_end. `after_timeout`:
  /// the try that failed timed out.
  bool try_withdraw(sim::Time now, bool after_timeout) {
    return std::visit([=](auto& state) { return state.try_withdraw(now, after_timeout); }, state_);
  }
  /// A granted retry is sent, after its backoff. Matters to WindowReading::Counted::at_dispatch
  /// only.
  void on_retry_start(sim::Time now) {
    std::visit([=](auto& state) { state.on_retry_start(now); }, state_);
  }
  /// A granted retry has ended, or will not be sent.
  void on_retry_end(sim::Time now) {
    std::visit([=](auto& state) { state.on_retry_end(now); }, state_);
  }

  /// Retries that could be made now (gRPC and failure ratio: failures that are left until retries
  /// stop); infinite without a budget. Changes nothing.
  double balance(sim::Time now) const {
    return std::visit([=](const auto& state) { return state.balance(now); }, state_);
  }

 private:
  std::variant<BudgetEvents, RatioBudgetState, ConcurrencyBudgetState, WindowBudgetState,
               TokenBudgetState, GrpcBudgetState, AwsSdkBudgetState, FailureRatioBudgetState>
      state_;
};

}  // namespace spillway::model
