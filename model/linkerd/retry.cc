#include "model/linkerd/retry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace spillway::model::linkerd {

namespace {

template <class T>
std::optional<T> parse_number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [lower](char x, char y) { return lower(x) == lower(y); });
}

template <class Each>
void for_each_part(std::string_view text, Each&& each) {
  for (;;) {
    const std::size_t comma = std::min(text.find(','), text.size());
    each(text.substr(0, comma));
    if (comma == text.size()) return;
    text.remove_prefix(comma + 1);
  }
}

std::optional<StatusRange> parse_condition(std::string_view part) {
  if (same_word(part, "5xx")) return StatusRange{500, 599};
  if (same_word(part, "gateway-error")) return StatusRange{502, 504};
  const std::size_t dash = std::min(part.find('-'), part.size());
  const auto start = parse_number<std::uint16_t>(part.substr(0, dash));
  const auto end = dash == part.size() ? start : parse_number<std::uint16_t>(part.substr(dash + 1));
  if (!start || !end || *start > *end || *start < 100 || *end > 599) return std::nullopt;
  return StatusRange{*start, *end};
}

}  // namespace

bool retryable(const Retry& retry, std::uint16_t status, int grpc_status) {
  if (grpc_status >= 0 && grpc_status < 17 && retry.grpc_codes[grpc_status]) return true;
  return std::any_of(retry.status_ranges.begin(), retry.status_ranges.end(),
                     [status](StatusRange r) { return r.start <= status && status <= r.end; });
}

bool has_retry_timeout(const Retry& retry, std::uint32_t retries_used) {
  return retry.timeout && (retries_used == 0 || retries_used < retry.max_retries);
}

void Overrides::add(std::string_view name, std::string_view value) {
  if (name == "l5d-retry-http") status_ranges = parse_http_conditions(value);
  if (name == "l5d-retry-grpc") grpc_codes = parse_grpc_conditions(value);
  if (name == "l5d-retry-limit") max_retries = parse_number<std::uint32_t>(value);
  if (name == "l5d-retry-timeout") retry_timeout = parse_duration(value);
  if (name == "l5d-timeout") timeout = parse_duration(value);
  if (name == "l5d-request-timeout") request_timeout = parse_duration(value);
  if (name == "l5d-response-timeout") response_timeout = parse_duration(value);
}

std::optional<Retry> apply(const std::optional<Retry>& retry, const Overrides& overrides) {
  if (!overrides.retries()) return retry;
  Retry result = retry ? *retry : Retry{};
  if (overrides.status_ranges) result.status_ranges = *overrides.status_ranges;
  if (overrides.grpc_codes) result.grpc_codes = *overrides.grpc_codes;
  if (overrides.max_retries) result.max_retries = *overrides.max_retries;
  if (overrides.retry_timeout) result.timeout = overrides.retry_timeout;
  return result;
}

Timeouts apply(const Timeouts& timeouts, const Overrides& overrides) {
  Timeouts result = timeouts;
  if (overrides.timeout) result.request = overrides.timeout;
  if (overrides.request_timeout) result.request = overrides.request_timeout;
  if (overrides.response_timeout) result.response = overrides.response_timeout;
  return result;
}

std::vector<StatusRange> parse_http_conditions(std::string_view text) {
  std::vector<StatusRange> ranges;
  for_each_part(text, [&ranges](std::string_view part) {
    if (const auto range = parse_condition(part)) ranges.push_back(*range);
  });
  return ranges;
}

std::bitset<17> parse_grpc_conditions(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::size_t>, 5> kCodes{
      {{"cancelled", 1},
       {"deadline-exceeded", 4},
       {"resource-exhausted", 8},
       {"internal", 13},
       {"unavailable", 14}}};
  std::bitset<17> codes;
  for_each_part(text, [&codes](std::string_view part) {
    for (const auto& [name, code] : kCodes)
      if (same_word(part, name)) codes.set(code);
  });
  return codes;
}

std::optional<sim::Duration> parse_duration(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kUnits{
      {{"ms", 1'000'000},
       {"s", 1'000'000'000},
       {"m", 60'000'000'000},
       {"h", 3'600'000'000'000},
       {"d", 86'400'000'000'000}}};
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_number<std::uint32_t>(text.substr(0, digits));
  if (!number) return std::nullopt;
  if (*number == 0 && digits == text.size()) return sim::Duration{};
  for (const auto& [unit, ns] : kUnits)
    if (unit == text.substr(digits)) return sim::Duration{*number * ns};
  return std::nullopt;
}

}  // namespace spillway::model::linkerd
