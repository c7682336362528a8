#include "model/profiles/istio/retry.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace spillway::model::istio {
namespace {

constexpr std::string_view kDefaultRetryOn =
    "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes";

std::string_view trimmed(std::string_view word) {
  while (word.starts_with(' ')) word.remove_prefix(1);
  while (word.ends_with(' ')) word.remove_suffix(1);
  return word;
}

std::optional<int> code_of(std::string_view word) {
  int code = 0;
  const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), code);
  if (error != std::errc{} || stop != word.data() + word.size()) return std::nullopt;
  return has_status_text(code) ? std::optional(code) : std::nullopt;
}

/// Conditions stay in order; codes move to the list, and bring the condition that reads it.
void set_conditions(envoy::RetryPolicy& policy, std::string_view retry_on) {
  policy.retry_on.clear();
  while (!retry_on.empty()) {
    const std::size_t comma = std::min(retry_on.find(','), retry_on.size());
    const std::string_view word = trimmed(retry_on.substr(0, comma));
    retry_on.remove_prefix(std::min(comma + 1, retry_on.size()));
    if (word.empty()) continue;
    if (const auto code = code_of(word)) {
      policy.retriable_status_codes.push_back(static_cast<std::uint32_t>(*code));
      continue;
    }
    if (!policy.retry_on.empty()) policy.retry_on += ',';
    policy.retry_on += word;
  }
  if (!policy.retriable_status_codes.empty() &&
      policy.retry_on.find("retriable-status-codes") == std::string::npos)
    policy.retry_on += ",retriable-status-codes";
}

void apply(envoy::RetryPolicy& policy, const HttpRetry& retries) {
  policy.num_retries = static_cast<std::uint32_t>(retries.attempts);
  if (!retries.retry_on.empty()) set_conditions(policy, retries.retry_on);
  if (retries.per_try_timeout) policy.per_try_timeout = retries.per_try_timeout;
  if (retries.ignore_previous_hosts) policy.previous_hosts = *retries.ignore_previous_hosts;
  if (retries.backoff) policy.retry_back_off = envoy::RetryBackOff{retries.backoff, {}};
}

}  // namespace

bool has_status_text(int code) {
  const auto within = [&](int low, int high) { return code >= low && code <= high; };
  return within(100, 103) || within(200, 208) || code == 226 || within(300, 305) ||
         within(307, 308) || within(400, 418) || within(421, 426) || code == 428 || code == 429 ||
         code == 431 || code == 451 || within(500, 508) || code == 510 || code == 511;
}

std::optional<envoy::RetryPolicy> retry_policy(const HttpRetry* retries,
                                               bool one_hashed_destination) {
  if (retries && retries->attempts <= 0) return std::nullopt;
  envoy::RetryPolicy policy;
  policy.retry_on = kDefaultRetryOn;
  policy.num_retries = 2;
  policy.previous_hosts = !one_hashed_destination;
  policy.host_selection_retry_max_attempts = 5;
  if (retries) apply(policy, *retries);
  return policy;
}

std::optional<envoy::RetryPolicy> inbound_retry_policy(const MeshConfig& mesh, bool grpc) {
  if (grpc) return std::nullopt;
  const auto& own = mesh.default_inbound_http_retry_policy;
  if (own && own->attempts <= 0) return std::nullopt;
  envoy::RetryPolicy policy;
  policy.retry_on = "reset-before-request";
  policy.num_retries = 2;
  if (own) apply(policy, *own);
  return policy;
}

}  // namespace spillway::model::istio
