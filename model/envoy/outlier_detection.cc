#include "model/envoy/outlier_detection.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace spillway::model::envoy {
namespace {

bool gateway_error(unsigned status) { return status >= 502 && status <= 504; }

}  // namespace

OutlierSettings outlier_settings(const std::optional<OutlierDetection>& config) {
  OutlierSettings s;
  if (!config) return s;
  const auto set = [](auto& field, const auto& given) { field = given.value_or(field); };
  s.on = true;
  set(s.consecutive_5xx, config->consecutive_5xx);
  set(s.enforcing_consecutive_5xx, config->enforcing_consecutive_5xx);
  set(s.consecutive_gateway_failure, config->consecutive_gateway_failure);
  set(s.enforcing_consecutive_gateway_failure, config->enforcing_consecutive_gateway_failure);
  set(s.consecutive_local_origin_failure, config->consecutive_local_origin_failure);
  set(s.enforcing_consecutive_local_origin_failure,
      config->enforcing_consecutive_local_origin_failure);
  set(s.interval, config->interval);
  set(s.base_ejection_time, config->base_ejection_time);
  // Without a value of its own the limit is 300 s, or the base where that is longer.
  s.max_ejection_time =
      config->max_ejection_time.value_or(std::max(s.max_ejection_time, s.base_ejection_time));
  set(s.max_ejection_time_jitter, config->max_ejection_time_jitter);
  set(s.max_ejection_percent, config->max_ejection_percent);
  set(s.always_eject_one_host, config->always_eject_one_host);
  set(s.success_rate_minimum_hosts, config->success_rate_minimum_hosts);
  set(s.success_rate_request_volume, config->success_rate_request_volume);
  set(s.success_rate_stdev_factor, config->success_rate_stdev_factor);
  set(s.enforcing_success_rate, config->enforcing_success_rate);
  set(s.enforcing_local_origin_success_rate, config->enforcing_local_origin_success_rate);
  set(s.failure_percentage_threshold, config->failure_percentage_threshold);
  set(s.enforcing_failure_percentage, config->enforcing_failure_percentage);
  set(s.failure_percentage_minimum_hosts, config->failure_percentage_minimum_hosts);
  set(s.failure_percentage_request_volume, config->failure_percentage_request_volume);
  s.split = config->split_external_local_origin_errors;
  return s;
}

OutlierDetector::OutlierDetector(const OutlierSettings& settings, std::uint32_t hosts,
                                 sim::Key seed)
    : settings_(settings), hosts_(hosts), healthy_(hosts, true), draw_(seed) {
  rates_.reserve(hosts);
}

/// A threshold acts in the moment in which it is reached, and counting starts anew then, whether or
/// not the host could be ejected.
bool OutlierDetector::count(std::uint32_t& counter, std::uint32_t limit, std::uint32_t enforcing,
                            std::uint32_t host, sim::Time now) {
  if (++counter != limit || hosts_[host].ejected) return false;
  counter = 0;
  return eject(host, enforcing, now);
}

bool OutlierDetector::on_answer(std::uint32_t id, unsigned status, sim::Time now) {
  if (!settings_.on) return false;
  Host& host = hosts_[id];
  ++host.external.total;
  if (status < 500 || status > 599) {
    ++host.external.success;
    host.consecutive_5xx = host.consecutive_gateway = 0;
    return false;
  }
  bool changed = false;
  if (gateway_error(status))
    changed = count(host.consecutive_gateway, settings_.consecutive_gateway_failure,
                    settings_.enforcing_consecutive_gateway_failure, id, now);
  else
    host.consecutive_gateway = 0;
  return count(host.consecutive_5xx, settings_.consecutive_5xx, settings_.enforcing_consecutive_5xx,
               id, now) ||
         changed;
}

void OutlierDetector::on_connected(std::uint32_t id) {
  if (!settings_.on || !settings_.split) return;
  Host& host = hosts_[id];
  ++host.local.total, ++host.local.success;
  host.consecutive_local = 0;
}

bool OutlierDetector::on_local_failure(std::uint32_t id, unsigned status, sim::Time now) {
  if (!settings_.split) return on_answer(id, status, now);
  if (!settings_.on) return false;
  Host& host = hosts_[id];
  ++host.local.total;
  return count(host.consecutive_local, settings_.consecutive_local_origin_failure,
               settings_.enforcing_consecutive_local_origin_failure, id, now);
}

bool OutlierDetector::eject(std::uint32_t id, std::uint32_t enforcing, sim::Time now) {
  const bool allowed =
      (ejected_ == 0 && settings_.always_eject_one_host) ||
      100 * (std::uint64_t{ejected_} + 1) <=
          std::uint64_t{std::min(100U, settings_.max_ejection_percent)} * hosts_.size();
  if (!allowed || (enforcing < 100 && draw_.below(100) >= enforcing)) return false;
  Host& host = hosts_[id];
  host.ejected = true;
  host.ejected_at = now;
  healthy_[id] = false;
  ++ejected_;
  const std::int64_t most_jitter = settings_.max_ejection_time_jitter.ns / 1'000'000;
  host.jitter = {};
  if (most_jitter > 0)
    host.jitter.ns = 1'000'000 * static_cast<std::int64_t>(
                                     draw_.next() % (static_cast<std::uint64_t>(most_jitter) + 1));
  if (settings_.base_ejection_time * host.times <
      settings_.max_ejection_time + settings_.base_ejection_time)
    ++host.times;
  return true;
}

bool OutlierDetector::end_ejection(std::uint32_t id, sim::Time now) {
  Host& host = hosts_[id];
  if (!host.ejected) {
    if (host.times > 0 && now - host.back_at >= settings_.interval) --host.times;
    return false;
  }
  const sim::Duration term =
      std::min(settings_.base_ejection_time * host.times, settings_.max_ejection_time);
  if (term + host.jitter > now - host.ejected_at) return false;
  host.ejected = false;
  host.back_at = now;
  host.consecutive_5xx = host.consecutive_gateway = host.consecutive_local = 0;
  healthy_[id] = true;
  --ejected_;
  return true;
}

bool OutlierDetector::sweep(sim::Time now) {
  bool changed = false;
  for (std::uint32_t id = 0; id < hosts_.size(); ++id) {
    changed |= end_ejection(id, now);
    Host& host = hosts_[id];
    host.last_external = std::exchange(host.external, {});
    host.last_local = std::exchange(host.local, {});
  }
  changed |= judge_rates(&Host::last_external, settings_.enforcing_success_rate, now);
  if (settings_.split)
    changed |= judge_rates(&Host::last_local, settings_.enforcing_local_origin_success_rate, now);
  return changed;
}

bool OutlierDetector::judge_rates(Rate Host::*rate, std::uint32_t enforcing_success_rate,
                                  sim::Time now) {
  const auto percent = [&](const Host& host) {
    const Rate& r = host.*rate;
    return 100.0 * r.success / r.total;
  };
  const auto with_volume = [&](const Host& host, std::uint32_t volume) {
    return !host.ejected && (host.*rate).total >= std::max(1U, volume);
  };
  bool changed = false;
  rates_.clear();
  std::uint32_t with_failures = 0;
  for (const Host& host : hosts_) {
    if (with_volume(host, settings_.success_rate_request_volume)) rates_.push_back(percent(host));
    with_failures += with_volume(host, settings_.failure_percentage_request_volume);
  }
  if (!rates_.empty() && rates_.size() >= settings_.success_rate_minimum_hosts) {
    const auto n = static_cast<double>(rates_.size());
    double mean = 0, variance = 0;
    for (const double r : rates_) mean += r / n;
    for (const double r : rates_) variance += (r - mean) * (r - mean) / n;
    const double least = mean - settings_.success_rate_stdev_factor / 1000.0 * std::sqrt(variance);
    for (std::uint32_t id = 0; id < hosts_.size(); ++id)
      if (with_volume(hosts_[id], settings_.success_rate_request_volume) &&
          percent(hosts_[id]) < least)
        changed |= eject(id, enforcing_success_rate, now);
  }
  if (with_failures > 0 && with_failures >= settings_.failure_percentage_minimum_hosts)
    for (std::uint32_t id = 0; id < hosts_.size(); ++id)
      if (with_volume(hosts_[id], settings_.failure_percentage_request_volume) &&
          100 - percent(hosts_[id]) >= settings_.failure_percentage_threshold)
        changed |= eject(id, settings_.enforcing_failure_percentage, now);
  return changed;
}

UpdateWindow::Action UpdateWindow::change(sim::Time now) {
  const std::int64_t passed_ms = (now - last_).ns / 1'000'000;
  if (!opened_ || passed_ms > window_.ns / 1'000'000) {
    opened_ = true;
    armed_ = false;
    last_ = now;
    return Action::deliver;
  }
  if (armed_) return Action::held;
  armed_ = true;
  due_ = now + window_;
  return Action::arm;
}

bool UpdateWindow::flush(sim::Time now) {
  if (!armed_ || now != due_) return false;
  armed_ = false;
  last_ = now;
  return true;
}

}  // namespace spillway::model::envoy
