// What linkerd2-proxy's outbound side is told to do, named as in linkerd2-proxy-api
// (proto/outbound.proto, proto/http_route.proto) and the annotations retry.linkerd.io/*,
// timeout.linkerd.io/* and balancer.linkerd.io/*; the defaults are the ones that the policy
// controller or the proxy fills in. Plain values; any thread may read them.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/time.h"

namespace spillway::model::linkerd {

/// min * 2^n, at most max, plus up to `jitter_ratio` of it (linkerd/exp-backoff).
struct ExponentialBackoff {
  sim::Duration min_backoff{};
  sim::Duration max_backoff{};  ///< >= min_backoff
  double jitter_ratio = 0;      ///< 0 ... 100
};

enum class RouteKind : std::uint8_t { http, grpc };

struct StatusRange {
  std::uint16_t start = 0;  ///< inclusive
  std::uint16_t end = 0;    ///< inclusive
};

/// HttpRoute.Retry and GrpcRoute.Retry.
struct Retry {
  std::vector<StatusRange> status_ranges;   ///< HTTP conditions
  std::bitset<17> grpc_codes;               ///< gRPC conditions; codes 0 ... 16
  std::uint32_t max_retries = 1;            ///< retry.linkerd.io/limit
  std::uint64_t max_request_bytes = 65536;  ///< of a body that is kept for a retry
  std::optional<sim::Duration> timeout;     ///< retry.linkerd.io/timeout
  std::optional<ExponentialBackoff> backoff = ExponentialBackoff{{25'000'000}, {250'000'000}, 1};
};

/// HttpRoute.Timeouts; absent: none.
struct Timeouts {
  std::optional<sim::Duration> request;   ///< arrival to end, enforced from dispatch on
  std::optional<sim::Duration> response;  ///< request sent to end of the response
  std::optional<sim::Duration> idle;      ///< between two frames
};

/// FailureAccrual.ConsecutiveFailures, and with `success_rate` the unified mode.
struct FailureAccrual {
  struct SuccessRate {
    double threshold = 0.8;  ///< trips below it
    sim::Duration window{10'000'000'000};
    std::uint32_t min_requests = 5;
  };
  std::uint32_t max_failures = 7;  ///< 0: only the success rate counts
  ExponentialBackoff backoff{{1'000'000'000}, {60'000'000'000}, 0.5};
  std::optional<SuccessRate> success_rate;
};

/// The proxy's own queue setting: the one of a route is ignored.
struct Queue {
  std::uint32_t capacity = 10000;
  sim::Duration failfast_timeout{3'000'000'000};
};

/// BalanceP2c with its load metric PeakEwma.
struct BalanceP2c {
  struct Penalty {
    sim::Duration penalty{5'000'000'000};  ///< least round-trip time of a rate-limited answer
    sim::Duration max_retry_after{300'000'000'000};
  };
  sim::Duration decay{10'000'000'000};
  sim::Duration default_rtt{30'000'000};
  std::optional<Penalty> penalty;  ///< the alpha load biaser
};

enum class Distribution : std::uint8_t { first_available, random_available };

/// How connections to an endpoint are made.
enum class Transport : std::uint8_t {
  none,        ///< not modelled: requests arrive and answers leave by themselves
  http1,       ///< one request at a time; a connection is made inside the request
  http2,       ///< one connection, made before requests
  orig_proto,  ///< HTTP/1 carried to a peer proxy over one HTTP/2 connection
};

/// ServiceProfile.spec.retryBudget, and what dst_overrides' routes have.
struct RetryBudget {
  sim::Duration ttl{10'000'000'000};
  std::uint32_t min_retries_per_second = 10;
  float retry_ratio = 0.2F;
};

/// A route of a ServiceProfile, which disables everything that the annotations say.
struct ProfileRoute {
  std::optional<RetryBudget> retry_budget;  ///< isRetryable with the profile's budget
  std::optional<sim::Duration> timeout;     ///< over all tries
};

struct Backend {
  std::uint32_t weight = 1;
  std::vector<std::uint32_t> endpoints;
};

struct OutboundPolicy {
  RouteKind kind = RouteKind::http;
  std::optional<Retry> retry;
  Timeouts timeouts;
  bool allow_l5d_request_headers = false;
  std::optional<ProfileRoute> profile;
  std::optional<FailureAccrual> failure_accrual;
  Queue queue;
  BalanceP2c balancer;
  Distribution distribution = Distribution::first_available;
  std::vector<Backend> backends;
  Transport transport = Transport::none;
  ExponentialBackoff connect_backoff{{100'000'000}, {60'000'000'000}, 0.1};
};

}  // namespace spillway::model::linkerd
