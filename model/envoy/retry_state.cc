#include "model/envoy/retry_state.h"

#include <algorithm>

namespace spillway::model::envoy {
namespace {

bool lower_equal(const std::string& name, std::string_view lower) {
  return std::ranges::equal(name, lower, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

}  // namespace

RetrySettings retry_settings(const std::optional<RetryPolicy>& policy) {
  RetrySettings settings;
  if (!policy) return settings;
  settings.on = parse_retry_on(policy->retry_on);
  settings.codes = policy->retriable_status_codes;
  settings.num_retries = policy->num_retries.value_or(1);
  settings.backoff = backoff_settings(policy->retry_back_off);
  if (const auto& limited = policy->rate_limited_retry_back_off) {
    settings.rate_limited_backoff = std::ranges::any_of(
        limited->reset_headers, [](const RateLimitedRetryBackOff::ResetHeader& header) {
          return !header.unix_timestamp && lower_equal(header.name, "retry-after");
        });
    settings.max_reset_interval = limited->max_interval.value_or(settings.max_reset_interval);
  }
  settings.previous_hosts = policy->previous_hosts;
  settings.host_attempts = static_cast<std::uint32_t>(std::clamp<std::int64_t>(
      policy->host_selection_retry_max_attempts.value_or(1), 0, 1'000'000));
  return settings;
}

RetryState start_retries(const RetrySettings& settings) {
  RetryState state;
  state.remaining = settings.num_retries;
  state.backoff = ExponentialBackoff(settings.backoff);
  return state;
}

RetryStatus should_retry(RetryState& state, bool would_retry, Resources& resources, sim::Time now) {
  release_retry(state, resources);
  if (!would_retry) return RetryStatus::no;
  if (state.remaining == 0) return RetryStatus::limit;
  --state.remaining;
  if (!resources.retry_allowed(now)) return RetryStatus::overflow;
  ++resources.retries;
  state.holds_slot = true;
  return RetryStatus::yes;
}

void release_retry(RetryState& state, Resources& resources) {
  if (!state.holds_slot) return;
  --resources.retries;
  state.holds_slot = false;
}

sim::Duration retry_wait(RetryState& state, const RetrySettings& settings,
                         const AttemptResult& result, sim::Draw& draw) {
  if (settings.rate_limited_backoff && result.retry_after_s >= 0) {
    const sim::Duration interval{std::int64_t{result.retry_after_s} * 1'000'000'000};
    if (const auto wait = rate_limited_wait(interval, settings.max_reset_interval, draw.next()))
      return *wait;
  }
  return state.backoff.next(draw.next());
}

}  // namespace spillway::model::envoy
