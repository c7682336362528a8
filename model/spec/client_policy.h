// Retry policy inside an application (SDKs, libraries): not of the mesh. Plain values, validated by
// the loader.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/spec/diagnostic.h"
#include "sim/distribution.h"

namespace spillway::model {

// The retry budget models that the field uses. Percent fields: 0..100 (above 100 is legal for
// `ratio` only).

/// Finagle / tower: every request deposits, every retry withdraws 100/percent; deposits live `ttl`;
/// plus a reserve of `min_per_second`.
struct RatioBudget {
  double percent = 20;
  double min_per_second = 10;
  sim::Duration ttl{10'000'000'000};
  bool operator==(const RatioBudget&) const = default;
};

/// Envoy `retry_budget`: retries at once <= max(floor(percent of requests in flight, or started
/// within `interval`), min).
struct ConcurrencyBudget {
  double percent = 20;
  std::uint32_t min = 3;
  sim::Duration interval{};
  bool operator==(const ConcurrencyBudget&) const = default;
};

/// GEP-3388 `retryConstraint`: share of the requests of the last `interval` that may be retries,
/// with a floor of `min_count` per `min_interval`.
struct WindowBudget {
  double percent = 20;
  sim::Duration interval{10'000'000'000};
  std::uint32_t min_count = 10;
  sim::Duration min_interval{1'000'000'000};
  bool operator==(const WindowBudget&) const = default;
};

/// Token bucket: a retry needs tokens > `above` - or >= cost where above < cost - and takes `cost`.
struct TokenBudget {
  double capacity = 5;
  double per_request = 0.1;
  double per_success = 0;
  double per_second = 0;
  double cost = 1;
  double above = 1;
  bool operator==(const TokenBudget&) const = default;
};

/// gRFC A6 retry throttling: -1 a failure, +token_ratio a success, retries only while tokens >
/// max_tokens / 2.
struct GrpcBudget {
  double max_tokens = 10;
  double token_ratio = 0.1;
  bool operator==(const GrpcBudget&) const = default;
};

/// AWS SDK standard retry quota: a retry costs `cost` (`timeout_cost` after a timeout), refunded
/// when it succeeds; +1 a first success.
struct AwsSdkBudget {
  double capacity = 500;
  double cost = 5;
  double timeout_cost = 10;
  bool operator==(const AwsSdkBudget&) const = default;
};

/// No retry while the client's lifetime failure ratio is above `percent`.
struct FailureRatioBudget {
  double percent = 10;
  bool operator==(const FailureRatioBudget&) const = default;
};

/// monostate: no budget.
using Budget = std::variant<std::monostate, RatioBudget, ConcurrencyBudget, WindowBudget,
                            TokenBudget, GrpcBudget, AwsSdkBudget, FailureRatioBudget>;

enum class Jitter { none, full, equal, decorrelated };

/// Wait before retry k (1, 2, ...): base * factor^(k-1), at most `max`, jittered ("Exponential
/// backoff and jitter", AWS Architecture Blog); or drawn from `drawn`.
struct Backoff {
  sim::Duration base{};
  sim::Duration max = sim::kForever;
  double factor = 2;
  Jitter jitter = Jitter::none;
  std::optional<sim::Distribution> drawn;
  bool operator==(const Backoff&) const = default;
};

struct Hedge {
  sim::Duration after{};
  std::uint32_t extra = 1;
  bool operator==(const Hedge&) const = default;
};

/// Client-side adaptive throttling (Google SRE book, ch. 21): refuse locally with max(0, (requests
/// - k*accepts)/(requests+1)).
struct AdaptiveThrottle {
  double k = 2;
  sim::Duration window{120'000'000'000};
  bool operator==(const AdaptiveThrottle&) const = default;
};

/// Conditions of `retryOn`; bits of ClientPolicy::retry_on.
enum RetryOn : std::uint8_t {
  kRetryOn5xx = 1,
  kRetryOnConnectFailure = 2,
  kRetryOnReset = 4,
  kRetryOnTimeout = 8
};

struct ClientPolicy {
  std::optional<sim::Duration> timeout;          ///< whole call; absent: none
  std::optional<sim::Duration> per_try_timeout;  ///< one try; absent: none
  std::uint32_t retries = 0;                     ///< tries <= retries + 1
  std::uint8_t retry_on = kRetryOn5xx | kRetryOnConnectFailure | kRetryOnReset | kRetryOnTimeout;
  Backoff backoff;
  std::optional<Hedge> hedge;
  Budget budget;
  std::optional<AdaptiveThrottle> throttle;
  Place place;
  bool operator==(const ClientPolicy&) const = default;
};

}  // namespace spillway::model
