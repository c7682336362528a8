// Runtimes of the budgets that are one counter of tokens: a generic bucket, gRPC's retry
// throttling, the AWS SDKs' retry quota. Tokens are whole nano-tokens, so that tenths add up
// exactly; more than 9.2e9 tokens count as that many. Plain values; not for several threads at
// once.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "model/policy/budget_events.h"
#include "model/spec/client_policy.h"

namespace spillway::model {

/// Between 0 and a capacity; starts full.
class Tokens {
 public:
  using Count = std::int64_t;  ///< nano-tokens

  static Count nano(double tokens) {
    return tokens >= 9.2e9 ? 9'200'000'000'000'000'000 : std::llround(tokens * 1e9);
  }

  explicit Tokens(double capacity) : capacity_(nano(capacity)), left_(capacity_) {}

  Count left() const { return left_; }
  Count capacity() const { return capacity_; }
  void add(Count n) { left_ += std::min(n, capacity_ - left_); }
  void take(Count n) { left_ = std::max<Count>(0, left_ - n); }

 private:
  Count capacity_;
  Count left_;
};

/// A bucket that calls, successes and time fill, and retries empty (M. Brooker, "Fixing retries
/// with token buckets and circuit breakers").
class TokenBudgetState : public BudgetEvents {
 public:
  explicit TokenBudgetState(const TokenBudget& spec);

  void on_request(sim::Time) { tokens_.add(per_request_); }
  void on_result(sim::Time, bool success, bool /*was_retry*/, bool /*timeout*/) {
    if (success) tokens_.add(per_success_);
  }

  bool try_withdraw(sim::Time now, bool /*after_timeout*/) {
    if (per_second_ > 0) refill(now);
    if (tokens_.left() < needed_) return false;
    tokens_.take(cost_);
    return true;
  }

  double balance(sim::Time now) const;

 private:
  void refill(sim::Time now);

  Tokens tokens_;
  Tokens::Count per_request_;
  Tokens::Count per_success_;
  Tokens::Count cost_;
  Tokens::Count needed_;
  double per_second_;    ///< tokens per second = nano-tokens per nanosecond
  double fraction_ = 0;  ///< of a nano-token, gained by time
  sim::Time refilled_{};
};

/// gRFC A6: a failed try takes one token, a success gives `token_ratio` (three decimals), and there
/// are retries while more than half is left.
class GrpcBudgetState : public BudgetEvents {
 public:
  explicit GrpcBudgetState(const GrpcBudget& spec)
      : tokens_(spec.max_tokens),
        gain_(std::llround(std::floor(spec.token_ratio * 1000 + 1e-9)) * 1'000'000) {}

  void on_result(sim::Time, bool success, bool /*was_retry*/, bool /*timeout*/) {
    if (success) {
      tokens_.add(gain_);
    } else {
      tokens_.take(kOne);
    }
  }

  bool try_withdraw(sim::Time, bool /*after_timeout*/) {
    return tokens_.left() > tokens_.capacity() - tokens_.left();
  }

  /// Failed tries that are left before retries stop.
  double balance(sim::Time) const {
    const double spare =
        static_cast<double>(tokens_.left()) - 0.5 * static_cast<double>(tokens_.capacity());
    return std::max(0.0, std::ceil(spare * 1e-9));
  }

 private:
  static constexpr Tokens::Count kOne = 1'000'000'000;

  Tokens tokens_;
  Tokens::Count gain_;
};

/// The standard retry quota of the AWS SDKs ("Retry behavior", AWS SDKs and Tools Reference Guide):
/// paid when a retry is granted, given back when it succeeds; a request that succeeds at once gives
/// one token.
class AwsSdkBudgetState : public BudgetEvents {
 public:
  explicit AwsSdkBudgetState(const AwsSdkBudget& spec)
      : tokens_(spec.capacity),
        cost_(Tokens::nano(spec.cost)),
        timeout_cost_(Tokens::nano(spec.timeout_cost)) {}

  void on_result(sim::Time, bool success, bool was_retry, bool timeout) {
    if (success) tokens_.add(was_retry ? cost(timeout) : kOne);
  }

  bool try_withdraw(sim::Time, bool after_timeout) {
    if (tokens_.left() < cost(after_timeout)) return false;
    tokens_.take(cost(after_timeout));
    return true;
  }

  double balance(sim::Time) const {
    if (cost_ == 0) return std::numeric_limits<double>::infinity();
    return static_cast<double>(tokens_.left() / cost_);
  }

 private:
  static constexpr Tokens::Count kOne = 1'000'000'000;

  Tokens::Count cost(bool timeout) const { return timeout ? timeout_cost_ : cost_; }

  Tokens tokens_;
  Tokens::Count cost_;
  Tokens::Count timeout_cost_;
};

}  // namespace spillway::model
