#include "model/neutral/rule.h"

namespace spillway::model::neutral {
namespace {

bool retriable(const RuleConfig& rule, const AttemptResult& result) {
  if (!rule.retry) return false;
  switch (result.outcome) {
    case Outcome::status:
      return result.status < rule.codes.size() && rule.codes[result.status];
    case Outcome::refused:
      return rule.retry_refused;
    case Outcome::reset:
      return rule.retry_reset;
    case Outcome::per_try_timeout:
      return rule.retry_backend_timeout;
    default:
      return false;
  }
}

Verdict surface(const RuleConfig& rule, const AttemptResult& result) {
  Verdict verdict;
  switch (result.outcome) {
    case Outcome::status:
      verdict.status = result.status;
      break;
    case Outcome::refused:
      verdict.status = rule.connection_error_status;
      verdict.flags = Flags::kUF;
      break;
    case Outcome::per_try_timeout:
    case Outcome::request_timeout:
      verdict.status = rule.timeout_status;
      verdict.flags = Flags::kUT;
      break;
    case Outcome::no_endpoint:
      verdict.status = 503;
      verdict.flags = Flags::kUH;
      break;
    default:
      verdict.status = rule.connection_error_status;
      verdict.flags = Flags::kUC;
      break;
  }
  return verdict;
}

}  // namespace

Verdict decide(const RuleConfig& rule, std::uint32_t retries_used, const AttemptResult& result,
               RetryBudget& budget, sim::Time now) {
  Verdict verdict = surface(rule, result);
  const bool success = result.outcome == Outcome::status && result.status < 500;
  if (!retriable(rule, result)) {
    verdict.stopped = success ? RetryStopped::none : RetryStopped::not_retriable;
  } else if (retries_used >= rule.attempts) {
    verdict.stopped = RetryStopped::limit;
    verdict.flags |= Flags::kURX;
  } else if (!budget.try_withdraw(now, result.outcome == Outcome::per_try_timeout)) {
    verdict.stopped = RetryStopped::budget;
    verdict.flags |= Flags::kUO;
    if (rule.budget_denied_status != 0) verdict.status = rule.budget_denied_status;
  } else {
    verdict.retry = true;
    verdict.wait = rule.backoff;
  }
  return verdict;
}

Verdict expire(const RuleConfig& rule) {
  Verdict verdict;
  verdict.status = rule.timeout_status;
  verdict.flags = Flags::kUT;
  verdict.stopped = RetryStopped::timeout;
  return verdict;
}

}  // namespace spillway::model::neutral
