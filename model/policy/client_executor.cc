#include "model/policy/client_executor.h"

#include "model/policy/backoff.h"

namespace spillway::model {
namespace {

/// A try as the caller would see it if it were the last one.
struct Reading {
  std::uint16_t status;
  Flags flags;
  std::uint8_t retry_on;  ///< the condition of `retryOn` that it meets; 0: none
  RetryStopped stopped = RetryStopped::not_retriable;
};

Reading read(const AttemptResult& result) {
  switch (result.outcome) {
    case Outcome::status:
      if (result.status < 500) return {result.status, {}, 0, RetryStopped::none};
      return {result.status, {}, kRetryOn5xx};
    case Outcome::refused:
      return {503, Flags::kUF, kRetryOnConnectFailure};
    case Outcome::no_endpoint:
      return {503, Flags::kUH, kRetryOnConnectFailure};
    case Outcome::reset:
      return {503, Flags::kUC, kRetryOnReset};
    case Outcome::per_try_timeout:
      return {504, Flags::kUT, kRetryOnTimeout};
    case Outcome::request_timeout:
      return {504, Flags::kUT, 0, RetryStopped::timeout};
    case Outcome::overflow:
      return {503, Flags::kUO, 0, RetryStopped::breaker};
    case Outcome::cancelled:
      break;
  }
  return {0, Flags::kDC, 0};
}

}  // namespace

Verdict decide(const ClientPolicy& policy, std::uint32_t retries_used, sim::Duration previous_wait,
               const AttemptResult& result, RetryBudget& budget, sim::Time now, sim::Draw& draw) {
  const Reading reading = read(result);
  Verdict verdict{.stopped = reading.stopped, .status = reading.status, .flags = reading.flags};
  if (policy.retries == 0 || (policy.retry_on & reading.retry_on) == 0) return verdict;
  if (retries_used >= policy.retries) {
    verdict.stopped = RetryStopped::limit;
    verdict.flags |= Flags::kURX;
    return verdict;
  }
  if (!budget.try_withdraw(now, result.outcome == Outcome::per_try_timeout)) {
    verdict.stopped = RetryStopped::budget;
    verdict.flags |= Flags::kUO;
    return verdict;
  }
  verdict.stopped = RetryStopped::none;
  verdict.retry = true;
  verdict.wait = next_wait(policy.backoff, retries_used + 1, previous_wait, draw);
  return verdict;
}

}  // namespace spillway::model
