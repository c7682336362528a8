#include "model/envoy/retry_on.h"

#include <algorithm>
#include <array>
#include <utility>

namespace spillway::model::envoy {
namespace {

constexpr std::array<std::pair<std::string_view, RetryOn::Bit>, 15> kNames{{
    {"5xx", RetryOn::k5xx},
    {"gateway-error", RetryOn::kGatewayError},
    {"reset", RetryOn::kReset},
    {"reset-before-request", RetryOn::kResetBeforeRequest},
    {"connect-failure", RetryOn::kConnectFailure},
    {"envoy-ratelimited", RetryOn::kEnvoyRateLimited},
    {"retriable-4xx", RetryOn::kRetriable4xx},
    {"refused-stream", RetryOn::kRefusedStream},
    {"retriable-status-codes", RetryOn::kRetriableStatusCodes},
    {"retriable-headers", RetryOn::kRetriableHeaders},
    {"cancelled", RetryOn::kCancelled},
    {"deadline-exceeded", RetryOn::kDeadlineExceeded},
    {"internal", RetryOn::kInternal},
    {"resource-exhausted", RetryOn::kResourceExhausted},
    {"unavailable", RetryOn::kUnavailable},
}};

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool retriable_grpc(RetryOn on, int status) {
  switch (status) {
    case 1:
      return on.has(RetryOn::kCancelled);
    case 4:
      return on.has(RetryOn::kDeadlineExceeded);
    case 8:
      return on.has(RetryOn::kResourceExhausted);
    case 13:
      return on.has(RetryOn::kInternal);
    case 14:
      return on.has(RetryOn::kUnavailable);
    default:
      return false;
  }
}

}  // namespace

RetryOn parse_retry_on(std::string_view text) {
  RetryOn on;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view name = trim(text.substr(0, comma));
    for (const auto& [known, bit] : kNames)
      if (name == known) on.bits |= bit;
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return on;
}

bool retriable_answer(RetryOn on, std::span<const std::uint32_t> codes,
                      const AttemptResult& result) {
  if (result.rate_limited) return on.has(RetryOn::kEnvoyRateLimited);
  const unsigned status = result.status;
  if (on.has(RetryOn::k5xx) && status >= 500 && status < 600) return true;
  if (on.has(RetryOn::kGatewayError) && status >= 502 && status <= 504) return true;
  if (on.has(RetryOn::kRetriable4xx) && status == 409) return true;
  if (on.has(RetryOn::kRetriableStatusCodes) && std::ranges::find(codes, status) != codes.end())
    return true;
  return retriable_grpc(on, result.grpc_status);
}

bool retriable_reset(RetryOn on, const AttemptResult& result) {
  switch (result.outcome) {
    case Outcome::refused:
    case Outcome::reset:
    case Outcome::per_try_timeout:
      break;
    default:
      return false;
  }
  if (on.has(RetryOn::kReset | RetryOn::k5xx | RetryOn::kGatewayError)) return true;
  const bool refused = result.outcome == Outcome::refused;
  if (on.has(RetryOn::kResetBeforeRequest) && (refused || !result.request_sent)) return true;
  if (on.has(RetryOn::kConnectFailure) && refused) return true;
  return on.has(RetryOn::kRefusedStream) && result.refused_stream;
}

bool retriable(RetryOn on, std::span<const std::uint32_t> codes, const AttemptResult& result) {
  return result.outcome == Outcome::status ? retriable_answer(on, codes, result)
                                           : retriable_reset(on, result);
}

}  // namespace spillway::model::envoy
