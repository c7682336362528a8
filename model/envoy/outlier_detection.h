// Envoy's outlier detection of one cluster (Envoy
// source/common/upstream/outlier_detection_impl.cc): which hosts are ejected, when and for how
// long. Plain value; one thread. The driver reports results, calls sweep() every `interval`, and
// carries changes to the balancer through an UpdateWindow.
#pragma once

#include <cstdint>
#include <vector>

#include "model/envoy/cluster_config.h"
#include "sim/random.h"
#include "sim/time.h"

namespace spillway::model::envoy {

/// Outlier detection with Envoy's defaults in place. Enforcing shares in percent.
struct OutlierSettings {
  bool on = false;
  std::uint32_t consecutive_5xx = 5, enforcing_consecutive_5xx = 100;
  std::uint32_t consecutive_gateway_failure = 5, enforcing_consecutive_gateway_failure = 0;
  std::uint32_t consecutive_local_origin_failure = 5;
  std::uint32_t enforcing_consecutive_local_origin_failure = 100;
  sim::Duration interval{10'000'000'000};
  sim::Duration base_ejection_time{30'000'000'000};
  sim::Duration max_ejection_time{300'000'000'000};
  sim::Duration max_ejection_time_jitter{};
  std::uint32_t max_ejection_percent = 10;
  bool always_eject_one_host = false;
  std::uint32_t success_rate_minimum_hosts = 5, success_rate_request_volume = 100;
  std::uint32_t success_rate_stdev_factor = 1900, enforcing_success_rate = 100;
  std::uint32_t enforcing_local_origin_success_rate = 100;
  std::uint32_t failure_percentage_threshold = 85, enforcing_failure_percentage = 0;
  std::uint32_t failure_percentage_minimum_hosts = 5, failure_percentage_request_volume = 50;
  bool split = false;  ///< local failures are counted on their own
  bool operator==(const OutlierSettings&) const = default;
};
OutlierSettings outlier_settings(const std::optional<OutlierDetection>& config);

class OutlierDetector {
 public:
  OutlierDetector(const OutlierSettings& settings, std::uint32_t hosts, sim::Key seed);

  bool on() const { return settings_.on; }
  const OutlierSettings& settings() const { return settings_; }

  /// A try has a connection to the host: with split_external_local_origin_errors that is a success
  /// of the local origin, so that only connections that cannot be made add up to an ejection.
  void on_connected(std::uint32_t host);

  // True: the set of ejected hosts has changed.
  /// An answer with this status (a gRPC status translated to HTTP).
  bool on_answer(std::uint32_t host, unsigned status, sim::Time now);
  /// A failure without an answer: 504 for a timeout, else 503.
  bool on_local_failure(std::uint32_t host, unsigned status, sim::Time now);
  /// The timer of `interval`: ends ejections, then judges success rates of the last interval.
  bool sweep(sim::Time now);

  bool ejected(std::uint32_t host) const { return hosts_[host].ejected; }
  std::uint32_t ejected_count() const { return ejected_; }
  /// By host: not ejected.
  const std::vector<bool>& healthy() const { return healthy_; }

 private:
  struct Rate {  ///< of one interval
    std::uint32_t total = 0, success = 0;
  };
  struct Host {
    bool ejected = false;
    std::uint32_t consecutive_5xx = 0, consecutive_gateway = 0, consecutive_local = 0;
    std::uint32_t times = 0;  ///< factor of base_ejection_time
    sim::Time ejected_at, back_at;
    sim::Duration jitter{};
    Rate external, local;            ///< of the interval that runs
    Rate last_external, last_local;  ///< of the one before
  };

  bool count(std::uint32_t& counter, std::uint32_t limit, std::uint32_t enforcing,
             std::uint32_t host, sim::Time now);
  bool eject(std::uint32_t host, std::uint32_t enforcing, sim::Time now);
  bool end_ejection(std::uint32_t host, sim::Time now);
  bool judge_rates(Rate Host::*rate, std::uint32_t enforcing_success_rate, sim::Time now);

  OutlierSettings settings_;
  std::vector<Host> hosts_;
  std::vector<bool> healthy_;
  std::vector<double> rates_;  ///< room for judge_rates()
  std::uint32_t ejected_ = 0;
  sim::Draw draw_;
};

/// Changes of the host set reach the balancers in batches (common_lb_config.update_merge_window):
/// one acts at once if more than the window has gone by since the last delivery; else it is held
/// for a window from its own time on, with all that follow until then. A change that acts at once
/// takes held ones along (Envoy source/common/upstream/cluster_manager_impl.cc, scheduleUpdate).
class UpdateWindow {
 public:
  explicit UpdateWindow(sim::Duration window) : window_(window) {}

  enum class Action : std::uint8_t { deliver, arm, held };
  /// A change at `now`. deliver: tell the balancer; arm: call flush() at due(); held: nothing to
  /// do.
  Action change(sim::Time now);
  sim::Time due() const { return due_; }
  /// True: the held changes are due now; false: they have been delivered before.
  bool flush(sim::Time now);

 private:
  sim::Duration window_;
  sim::Time last_{};
  sim::Time due_{};
  bool opened_ = false;
  bool armed_ = false;
};

}  // namespace spillway::model::envoy
