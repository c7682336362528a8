#include "model/linkerd/breaker.h"

#include <algorithm>

#include "model/linkerd/backoff.h"

namespace spillway::model::linkerd {

ResponseClass classify(RouteKind kind, std::uint16_t status, int grpc_status) {
  if (kind == RouteKind::http) {
    if (status >= 500 && status <= 599) return ResponseClass::failure;
    return status == 429 ? ResponseClass::rate_limited : ResponseClass::ok;
  }
  switch (grpc_status) {
    case 2:   // UNKNOWN
    case 4:   // DEADLINE_EXCEEDED
    case 7:   // PERMISSION_DENIED
    case 13:  // INTERNAL
    case 14:  // UNAVAILABLE
    case 15:  // DATA_LOSS
      return ResponseClass::failure;
    case 8:  // RESOURCE_EXHAUSTED
      return ResponseClass::rate_limited;
    default:
      return grpc_status > 0 ? ResponseClass::not_ok : ResponseClass::ok;
  }
}

SuccessRateWindow::SuccessRateWindow(sim::Duration window, sim::Time now)
    : width_(std::max<std::int64_t>(window.ns / kBuckets, 1'000'000)), slice_start_(now) {}

void SuccessRateWindow::record(sim::Time now, bool success) {
  const std::int64_t steps = (now - slice_start_).ns / width_;
  for (std::int64_t i = std::min(steps, kBuckets); i > 0; --i) {
    current_ = (current_ + 1) % kBuckets;
    buckets_[current_] = {};
  }
  slice_start_ = slice_start_ + sim::Duration{steps * width_};
  ++buckets_[current_].total;
  if (success) ++buckets_[current_].successes;
}

bool SuccessRateWindow::below(double threshold, std::uint32_t min_requests) const {
  std::uint64_t successes = 0;
  std::uint64_t total = 0;
  for (const Bucket& bucket : buckets_) {
    successes += bucket.successes;
    total += bucket.total;
  }
  return total > 0 && total >= min_requests &&
         static_cast<double>(successes) / static_cast<double>(total) < threshold;
}

Breaker::Breaker(const std::optional<FailureAccrual>& policy, sim::Time now) : policy_(policy) {
  if (policy_ && policy_->success_rate) rate_.emplace(policy_->success_rate->window, now);
}

std::optional<sim::Duration> Breaker::on_response(sim::Time now, ResponseClass response,
                                                  sim::Draw& draw) {
  if (!policy_ || gate_ == Gate::shut) return std::nullopt;
  if (gate_ == Gate::open) {
    if (!trips(now, response)) return std::nullopt;
    iteration_ = 0;
    return shut(draw);
  }
  const bool good = rate_ ? response == ResponseClass::ok : response != ResponseClass::failure;
  if (!good) return shut(draw);
  gate_ = Gate::open;
  failures_ = 0;
  if (rate_) rate_.emplace(policy_->success_rate->window, now);
  return std::nullopt;
}

bool Breaker::trips(sim::Time now, ResponseClass response) {
  failures_ = response == ResponseClass::failure ? failures_ + 1 : 0;
  bool low = false;
  if (rate_) {
    rate_->record(now,
                  response != ResponseClass::failure && response != ResponseClass::rate_limited);
    low = rate_->below(policy_->success_rate->threshold, policy_->success_rate->min_requests);
  }
  return low || (policy_->max_failures > 0 && failures_ >= policy_->max_failures);
}

sim::Duration Breaker::shut(sim::Draw& draw) {
  gate_ = Gate::shut;
  permit_ = false;
  return backoff_wait(policy_->backoff, iteration_++, draw);
}

void Breaker::on_backoff_end() {
  if (gate_ != Gate::shut) return;
  gate_ = Gate::limited;
  permit_ = true;
}

bool Breaker::take_permit() {
  const bool taken = permit_;
  permit_ = false;
  return taken;
}

}  // namespace spillway::model::linkerd
