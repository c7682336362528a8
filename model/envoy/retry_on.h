// Which failures Envoy retries: retry_on as a set of conditions, asked about one try at a time
// (Envoy source/common/router/retry_state_impl.cc). Plain values; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "model/policy/outcome.h"

namespace spillway::model::envoy {

/// The conditions of retry_on. Those that act on what is not simulated (HTTP/3) are not kept.
struct RetryOn {
  enum Bit : std::uint32_t {
    k5xx = 1 << 0,
    kGatewayError = 1 << 1,
    kReset = 1 << 2,
    kResetBeforeRequest = 1 << 3,
    kConnectFailure = 1 << 4,
    kEnvoyRateLimited = 1 << 5,
    kRetriable4xx = 1 << 6,
    kRefusedStream = 1 << 7,
    kRetriableStatusCodes = 1 << 8,
    kRetriableHeaders = 1 << 9,
    kCancelled = 1 << 10,
    kDeadlineExceeded = 1 << 11,
    kInternal = 1 << 12,
    kResourceExhausted = 1 << 13,
    kUnavailable = 1 << 14,
  };

  std::uint32_t bits = 0;

  constexpr bool has(std::uint32_t any_of) const { return (bits & any_of) != 0; }
  bool operator==(const RetryOn&) const = default;
};

/// Comma separated, blanks around names allowed; unknown names are ignored, as Envoy does.
RetryOn parse_retry_on(std::string_view text);

/// Whether an answer is one to be retried; `codes`: retriable_status_codes. A gRPC status counts in
/// the headers only.
bool retriable_answer(RetryOn on, std::span<const std::uint32_t> codes,
                      const AttemptResult& result);

/// Whether a try that ended without an answer is one to be retried. A try that a circuit breaker
/// refused never is; retriable_status_codes match answers only.
bool retriable_reset(RetryOn on, const AttemptResult& result);

/// One of the two above, by result.outcome.
bool retriable(RetryOn on, std::span<const std::uint32_t> codes, const AttemptResult& result);

}  // namespace spillway::model::envoy
