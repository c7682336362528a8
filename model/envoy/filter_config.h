// HTTP filters that turn requests away, with Envoy's defaults. Plain values.
#pragma once

#include <cstdint>

#include "sim/time.h"

namespace spillway::model::envoy {

/// extensions.filters.http.admission_control.v3.AdmissionControl, HTTP success criteria as by
/// default: below 500.
struct AdmissionControlConfig {
  sim::Duration sampling_window{30'000'000'000};
  double sr_threshold = 95;  ///< percent
  double aggression = 1;
  double rps_threshold = 0;
  double max_rejection_probability = 80;  ///< percent
  bool operator==(const AdmissionControlConfig&) const = default;
};

/// extensions.filters.http.adaptive_concurrency.v3.AdaptiveConcurrency, gradient controller.
struct AdaptiveConcurrencyConfig {
  double sample_aggregate_percentile = 50;
  std::uint32_t max_concurrency_limit = 1000;
  sim::Duration concurrency_update_interval{100'000'000};
  sim::Duration min_rtt_interval{60'000'000'000};
  std::uint32_t min_rtt_request_count = 50;
  double min_rtt_jitter = 15;  ///< percent of min_rtt_interval
  std::uint32_t min_concurrency = 3;
  double min_rtt_buffer = 25;  ///< percent
  bool operator==(const AdaptiveConcurrencyConfig&) const = default;
};

}  // namespace spillway::model::envoy
