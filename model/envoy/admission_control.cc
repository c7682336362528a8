#include "model/envoy/admission_control.h"

#include <algorithm>
#include <cmath>

namespace spillway::model::envoy {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

}  // namespace

double rejection_probability(const AdmissionControlConfig& config, std::uint64_t requests,
                             std::uint64_t successes) {
  const auto n = static_cast<double>(requests);
  double p = (n - static_cast<double>(successes) / (config.sr_threshold / 100)) / (n + 1);
  if (p <= 0) return 0;
  if (config.aggression != 1) p = std::pow(p, 1 / std::max(1.0, config.aggression));
  return std::min(p, config.max_rejection_probability / 100);
}

void AdmissionControl::forget(sim::Time now) {
  const std::int64_t oldest = (now - config_.sampling_window).ns / kSecond;
  while (!seconds_.empty() && seconds_.front().number < oldest) {
    requests_ -= seconds_.front().requests;
    successes_ -= seconds_.front().successes;
    seconds_.pop_front();
  }
}

bool AdmissionControl::admit(sim::Time now, sim::Draw& draw) {
  forget(now);
  if (static_cast<double>(requests_) / config_.sampling_window.seconds() < config_.rps_threshold)
    return true;
  return draw.uniform() >= rejection_probability(config_, requests_, successes_);
}

void AdmissionControl::on_result(sim::Time now, bool success) {
  forget(now);
  const std::int64_t number = now.ns / kSecond;
  if (seconds_.empty() || seconds_.back().number != number) seconds_.push_back({number, 0, 0});
  ++seconds_.back().requests;
  ++requests_;
  if (!success) return;
  ++seconds_.back().successes;
  ++successes_;
}

}  // namespace spillway::model::envoy
