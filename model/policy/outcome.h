// What became of one try, and what an executor makes of it: the words that executors and the run
// loop exchange. Plain values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/time.h"

namespace spillway::model {

/// How a try ended.
enum class Outcome : std::uint8_t {
  status,           ///< an answer came
  refused,          ///< no connection
  reset,            ///< the connection broke before the answer
  per_try_timeout,  ///< the timer of this try fired
  request_timeout,  ///< the timer of the whole request fired
  overflow,         ///< a circuit breaker let no try through
  no_endpoint,      ///< there was no host to send it to
  cancelled         ///< whoever waited for it had gone
};

/// Why no (further) retry was made. `none`: none was needed.
enum class RetryStopped : std::uint8_t { none, not_retriable, limit, budget, breaker, timeout };

/// "status", "per-try-timeout", ...
std::string_view to_string(Outcome outcome);
/// "none", "not-retriable", ...
std::string_view to_string(RetryStopped stopped);

/// A set of Envoy's response flags (Envoy docs, "Access logging", RESPONSE_FLAGS).
struct Flags {
  enum Bit : std::uint16_t {
    kDI = 1 << 0,    ///< delay injected
    kFI = 1 << 1,    ///< abort injected
    kRL = 1 << 2,    ///< rate limited
    kNR = 1 << 3,    ///< no route
    kUH = 1 << 4,    ///< no healthy host
    kURX = 1 << 5,   ///< retry limit reached
    kUO = 1 << 6,    ///< breaker, or retry refused by breaker or budget
    kUF = 1 << 7,    ///< connection failed
    kUC = 1 << 8,    ///< connection ended
    kUR = 1 << 9,    ///< reset by the other side
    kLR = 1 << 10,   ///< reset by this side
    kUT = 1 << 11,   ///< timeout
    kUPE = 1 << 12,  ///< protocol error
    kDC = 1 << 13,   ///< the caller went away
  };

  std::uint16_t bits = 0;

  constexpr Flags() = default;
  constexpr Flags(Bit bit)
      : bits(bit) {}  // NOLINT(google-explicit-constructor): a flag is a set of one
  constexpr bool has(Bit bit) const { return (bits & bit) != 0; }
  constexpr bool empty() const { return bits == 0; }
  constexpr Flags& operator|=(Flags other) { return bits |= other.bits, *this; }
  constexpr bool operator==(const Flags&) const = default;
};

constexpr Flags operator|(Flags a, Flags b) { return a |= b; }
constexpr Flags operator|(Flags::Bit a, Flags::Bit b) { return Flags(a) | Flags(b); }

/// Comma separated, "-" for none. In the order in which Envoy 1.40 sets and prints them: faults,
/// then the retry decision, then the failure ("URX,UT").
std::string to_text(Flags flags);

/// One try as its sender saw it end. Header facts: only what some executor reads.
struct AttemptResult {
  Outcome outcome = Outcome::status;
  bool rate_limited = false;        ///< x-envoy-ratelimited was present
  bool request_sent = true;         ///< bytes of the request had left when the try broke off
  bool refused_stream = false;      ///< the reset was HTTP/2 REFUSED_STREAM
  std::uint16_t status = 0;         ///< 0 without an answer
  std::int16_t grpc_status = -1;    ///< -1: no grpc-status header
  std::int32_t retry_after_s = -1;  ///< -1: no retry-after header
  std::int32_t grpc_pushback_ms = kNoPushback;  ///< grpc-retry-pushback-ms; negative: do not retry

  static constexpr std::int32_t kNoPushback = INT32_MIN;
};

/// What an executor decides after a try: retry after `wait`, or answer with `status` and `flags`.
struct Verdict {
  bool retry = false;
  RetryStopped stopped = RetryStopped::none;  ///< why not, where `retry` is false
  std::uint16_t status = 0;                   ///< of the answer to the caller; 0: none (cancelled)
  Flags flags;
  sim::Duration wait{};

  bool operator==(const Verdict&) const = default;
};

}  // namespace spillway::model
