// The circuit breaker of one endpoint (linkerd2-proxy, app/outbound/src/http/breaker): consecutive
// failures, and in unified mode also a success rate over ten slices of a window. Its gate is open,
// shut for a backoff, or lets one probe through. Plain value; not for several threads at once.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "model/linkerd/policy.h"
#include "sim/random.h"

namespace spillway::model::linkerd {

/// What an answer is to a breaker.
enum class ResponseClass : std::uint8_t {
  ok,
  not_ok,        ///< a gRPC code that is no failure of the server
  rate_limited,  ///< 429 or RESOURCE_EXHAUSTED: only the success rate suffers
  failure        ///< 500-599, a gRPC code such as UNAVAILABLE, any error
};

/// HTTP by status; gRPC by its code alone (`grpc_status` < 0, no code: no failure).
ResponseClass classify(RouteKind kind, std::uint16_t status, int grpc_status);

/// Exact success ratio over a trailing window (breaker/success_rate.rs).
class SuccessRateWindow {
 public:
  SuccessRateWindow(sim::Duration window, sim::Time now);
  void record(sim::Time now, bool success);
  bool below(double threshold, std::uint32_t min_requests) const;

 private:
  static constexpr std::int64_t kBuckets = 10;
  struct Bucket {
    std::uint32_t successes = 0;
    std::uint32_t total = 0;
  };
  std::array<Bucket, kBuckets> buckets_{};
  std::int64_t width_;
  std::int64_t current_ = 0;
  sim::Time slice_start_;
};

class Breaker {
 public:
  enum class Gate : std::uint8_t { open, shut, limited };

  /// Without a policy it never trips. `now`: when the endpoint was made.
  Breaker(const std::optional<FailureAccrual>& policy, sim::Time now);

  Gate gate() const { return gate_; }

  /// One answer has ended. Set: the gate is shut from now, for this long. Answers while it is shut
  /// are ignored; in probation the first one that ends is the verdict, whatever request it is of.
  std::optional<sim::Duration> on_response(sim::Time now, ResponseClass response, sim::Draw& draw);

  /// The time for which the gate was shut is over: probation.
  void on_backoff_end();

  /// Takes the one probe of a probation; false if it is taken.
  bool take_permit();

 private:
  bool trips(sim::Time now, ResponseClass response);
  sim::Duration shut(sim::Draw& draw);

  std::optional<FailureAccrual> policy_;
  std::optional<SuccessRateWindow> rate_;
  Gate gate_ = Gate::open;
  bool permit_ = false;
  std::uint32_t failures_ = 0;
  std::uint32_t iteration_ = 0;
};

}  // namespace spillway::model::linkerd
