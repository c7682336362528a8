// Retry policies inside applications and the budgets that limit them.
#include "scenarios/basic_types.h"
#include "scenarios/object.h"
#include "scenarios/quantity.h"
#include "scenarios/types.h"

namespace spillway::scenarios {
namespace {

using namespace model;

constexpr double kMostPercent = 1000;
constexpr double kMostTokens = 1e9;
constexpr std::int64_t kMostRetries = 1000;

Type<RatioBudget> ratio_budget() {
  return Object<RatioBudget>("ratio",
                             "Retries as a share of requests (Finagle, tower): each "
                             "request deposits, each retry withdraws.")
      .optional("percent", &RatioBudget::percent, percent(kMostPercent),
                "Retries per hundred requests.")
      .optional("minPerSecond", &RatioBudget::min_per_second, number(0, kMostTokens),
                "Retries per second that are allowed without any deposit.")
      .optional("ttl", &RatioBudget::ttl, positive_duration(), "How long a deposit lives.");
}

Type<ConcurrencyBudget> concurrency_budget() {
  return Object<ConcurrencyBudget>("concurrency",
                                   "Retries at the same time as a share of the requests in flight "
                                   "(Envoy `retry_budget`).")
      .optional("percent", &ConcurrencyBudget::percent, percent(), "Share of the requests.")
      .optional("min", &ConcurrencyBudget::min, whole<std::uint32_t>(0, 1'000'000),
                "Retries at once that are always allowed.")
      .optional("interval", &ConcurrencyBudget::interval, duration(),
                "0s: of the requests in flight; longer: of those started within it.");
}

Type<WindowBudget> window_budget() {
  return Object<WindowBudget>("window",
                              "Share of the requests of an interval that may be retries, with a "
                              "floor (`retryConstraint` of GEP-3388).")
      .optional("percent", &WindowBudget::percent, percent(), "Share of the requests.")
      .optional("interval", &WindowBudget::interval, positive_duration(), "Length of the window.")
      .optional("minCount", &WindowBudget::min_count, whole<std::uint32_t>(0, 1'000'000),
                "Retries per `minInterval` that are always allowed.")
      .optional("minInterval", &WindowBudget::min_interval, positive_duration(),
                "Interval of `minCount`.");
}

Type<TokenBudget> token_budget() {
  return Object<TokenBudget>("tokens",
                             "Token bucket: a retry takes `cost` tokens and needs more "
                             "than `above`.")
      .optional("capacity", &TokenBudget::capacity, number(0, kMostTokens, true),
                "Most tokens; the bucket starts full.")
      .optional("perRequest", &TokenBudget::per_request, number(0, kMostTokens),
                "Tokens that a request adds.")
      .optional("perSuccess", &TokenBudget::per_success, number(0, kMostTokens),
                "Tokens that a success adds.")
      .optional("perSecond", &TokenBudget::per_second, number(0, kMostTokens),
                "Tokens that time adds.")
      .optional("cost", &TokenBudget::cost, number(0, kMostTokens), "Tokens that a retry takes.")
      .optional("above", &TokenBudget::above, number(0, kMostTokens),
                "A retry needs more tokens than this; where it is below `cost`, at least `cost`.");
}

Type<GrpcBudget> grpc_budget() {
  return Object<GrpcBudget>("grpc",
                            "Retry throttling of gRPC (proposal A6): a failure takes one "
                            "token, a success adds `tokenRatio`, retries need more than "
                            "half of `maxTokens`.")
      .optional("maxTokens", &GrpcBudget::max_tokens, number(0, 1000, true), "Most tokens.")
      .optional("tokenRatio", &GrpcBudget::token_ratio, number(0, 1000, true),
                "Tokens that a success adds.");
}

Type<AwsSdkBudget> aws_sdk_budget() {
  return Object<AwsSdkBudget>("awsSdk", "Retry quota of the standard mode of the AWS SDKs.")
      .optional("capacity", &AwsSdkBudget::capacity, number(0, kMostTokens, true), "Most tokens.")
      .optional("cost", &AwsSdkBudget::cost, number(0, kMostTokens), "Tokens that a retry takes.")
      .optional("timeoutCost", &AwsSdkBudget::timeout_cost, number(0, kMostTokens),
                "Tokens that a retry after a timeout takes.");
}

Type<FailureRatioBudget> failure_ratio_budget() {
  return Object<FailureRatioBudget>("failureRatio",
                                    "No retry while the share of failures since "
                                    "the start of the client is above `percent`.")
      .optional("percent", &FailureRatioBudget::percent, percent(), "Highest share of failures.");
}

const Type<Jitter>& jitter() {
  static const Type<Jitter> type =
      choice<Jitter>("jitter", {{"none", Jitter::none},
                                {"full", Jitter::full},
                                {"equal", Jitter::equal},
                                {"decorrelated", Jitter::decorrelated}});
  return type;
}

bool check_backoff(Backoff& backoff, const Node& node, const Path& path, Decoding& decoding) {
  if (backoff.base <= backoff.max) return true;
  return complain(*node.find("max"), path / "max", decoding, "contradiction", "below `base`",
                  "at least " + format_duration(backoff.base));
}

Type<Backoff> backoff() {
  const Type<Backoff> exponential =
      Object<Backoff>("backoff", "Wait before retry k: base x factor^(k-1), at most max, jittered.")
          .required("base", &Backoff::base, duration(), "Wait before the first retry.")
          .optional("max", &Backoff::max, duration(), "Longest wait.")
          .optional("factor", &Backoff::factor, number(1, 1000), "Growth from retry to retry.")
          .optional("jitter", &Backoff::jitter, jitter(),
                    "full: uniform between 0 and the wait; equal: half fixed, half uniform; "
                    "decorrelated: uniform between base and three times the last wait.")
          .check(check_backoff);
  return either<Backoff>({exponential, converted<Backoff>(distribution(),
                                                          [](sim::Distribution d) {
                                                            Backoff drawn;
                                                            drawn.drawn = std::move(d);
                                                            return drawn;
                                                          })},
                         "a duration, {base: 25ms, max: 250ms} or a law");
}

Type<std::uint8_t> retry_on() {
  const auto condition =
      choice<RetryOn>("retry condition", {{"5xx", kRetryOn5xx},
                                          {"connect-failure", kRetryOnConnectFailure},
                                          {"reset", kRetryOnReset},
                                          {"timeout", kRetryOnTimeout}});
  Type<std::uint8_t> type =
      converted<std::uint8_t>(list_of(condition, 1), [](const std::vector<RetryOn>& conditions) {
        unsigned bits = 0;
        for (const RetryOn c : conditions) bits |= c;
        return static_cast<std::uint8_t>(bits);
      });
  type.write = [](const std::uint8_t&) {
    return std::string("[5xx, connect-failure, reset, timeout]");
  };
  return type;
}

Type<AdaptiveThrottle> throttle() {
  static const Type<AdaptiveThrottle> adaptive =
      Object<AdaptiveThrottle>("adaptive",
                               "The client refuses on its own with the probability "
                               "max(0, (requests - k x accepts) / (requests + 1)) "
                               "(Google SRE book, chapter 21).")
          .optional("k", &AdaptiveThrottle::k, number(1, 1000), "Requests per accepted request.")
          .optional("window", &AdaptiveThrottle::window, positive_duration(),
                    "Time over which requests and accepts are counted.");
  return Object<AdaptiveThrottle>("throttle", "Throttling inside the client.")
      .one("adaptive", adaptive, "Adaptive throttling.");
}

Type<Hedge> hedge() {
  return Object<Hedge>("hedge", "A second try beside a slow first one; the first answer counts.")
      .required("after", &Hedge::after, duration(), "Wait before each further try.")
      .optional("extra", &Hedge::extra, whole<std::uint32_t>(1, 100), "Further tries.");
}

bool check_policy(ClientPolicy& policy, const Node& node, const Path& path, Decoding& decoding) {
  if (!policy.timeout || !policy.per_try_timeout || *policy.per_try_timeout <= *policy.timeout)
    return true;
  return complain(*node.find("perTryTimeout"), path / "perTryTimeout", decoding, "contradiction",
                  "longer than `timeout`", "at most " + format_duration(*policy.timeout));
}

}  // namespace

const Type<Budget>& budget() {
  static const Type<Budget> type =
      Object<Budget>("budget", "What limits the retries of one client over all its requests.")
          .one("ratio", ratio_budget(), "Share of requests with deposits that expire.")
          .one("concurrency", concurrency_budget(), "Share of the requests in flight.")
          .one("window", window_budget(), "Share of the requests of an interval.")
          .one("tokens", token_budget(), "Token bucket.")
          .one("grpc", grpc_budget(), "gRPC retry throttling.")
          .one("awsSdk", aws_sdk_budget(), "AWS SDK retry quota.")
          .one("failureRatio", failure_ratio_budget(), "Highest share of failures.");
  return type;
}

const Type<ClientPolicy>& client_policy() {
  static const Type<ClientPolicy> type =
      Object<ClientPolicy>("client",
                           "Retry policy inside an application (SDKs, libraries); the "
                           "policy of the mesh comes from the manifests.")
          .optional("timeout", &ClientPolicy::timeout, positive_duration(),
                    "For the whole call with all tries.", "none")
          .optional("perTryTimeout", &ClientPolicy::per_try_timeout, positive_duration(),
                    "For one try; not longer than `timeout`.", "none")
          .optional("retries", &ClientPolicy::retries, whole<std::uint32_t>(0, kMostRetries),
                    "Tries after the first one.")
          .optional("retryOn", &ClientPolicy::retry_on, retry_on(), "Which failures are retried.")
          .optional("backoff", &ClientPolicy::backoff, backoff(),
                    "Wait before retries: {base, max, factor, jitter}, or a duration or law that "
                    "is drawn each time.",
                    "no wait")
          .optional("hedge", &ClientPolicy::hedge, hedge(), "Further tries beside a slow one.",
                    "none")
          .optional("budget", &ClientPolicy::budget, budget(), "Limit on all retries.", "none")
          .optional("throttle", &ClientPolicy::throttle, throttle(), "Refusing locally.", "none")
          .place(&ClientPolicy::place)
          .check(check_policy);
  return type;
}

}  // namespace spillway::scenarios
