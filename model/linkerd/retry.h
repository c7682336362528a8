// When linkerd2-proxy tries again (app/outbound/src/http/logical/policy/route/retry.rs), and what
// l5d-* headers of a request change. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/linkerd/policy.h"

namespace spillway::model::linkerd {

/// Does the policy list this answer? `grpc_status` < 0: none seen, neither in the headers nor in
/// trailers at hand.
bool retryable(const Retry& retry, std::uint16_t status, int grpc_status);

/// Does try number `retries_used` (0: the first) have the retry timeout? All but the last that is
/// allowed, and the only one where none is.
bool has_retry_timeout(const Retry& retry, std::uint32_t retries_used);

/// What a route that honours l5d-* headers takes from a request: they replace fields of the route.
struct Overrides {
  std::optional<std::vector<StatusRange>> status_ranges;  ///< l5d-retry-http
  std::optional<std::bitset<17>> grpc_codes;              ///< l5d-retry-grpc
  std::optional<std::uint32_t> max_retries;               ///< l5d-retry-limit
  std::optional<sim::Duration> retry_timeout;             ///< l5d-retry-timeout
  std::optional<sim::Duration> timeout;                   ///< l5d-timeout
  std::optional<sim::Duration> request_timeout;           ///< l5d-request-timeout, goes before it
  std::optional<sim::Duration> response_timeout;          ///< l5d-response-timeout

  /// One header, its name in lower case; a value that cannot be read counts for nothing.
  void add(std::string_view name, std::string_view value);

  bool retries() const { return status_ranges || grpc_codes || max_retries || retry_timeout; }
};

/// The route's policy with what the request asks for; a request that asks for retries on a route
/// without them gets the defaults (one retry, 25 ms ... 250 ms).
std::optional<Retry> apply(const std::optional<Retry>& retry, const Overrides& overrides);
Timeouts apply(const Timeouts& timeouts, const Overrides& overrides);

/// "5xx", "gateway-error", "503", "500-504" in a list with commas and without spaces; what is none
/// of these is skipped.
std::vector<StatusRange> parse_http_conditions(std::string_view text);
/// "cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable" in such a
/// list.
std::bitset<17> parse_grpc_conditions(std::string_view text);
/// "10s", "100ms", "1m", "1h", "1d".
std::optional<sim::Duration> parse_duration(std::string_view text);

}  // namespace spillway::model::linkerd
