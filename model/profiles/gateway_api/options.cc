#include "model/profiles/gateway_api/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

namespace spillway::model::gateway_api {
namespace {

/// One option: how users see it, and how it is read. `read` returns what was expected, or "" when
/// all is well.
struct Definition {
  OptionInfo info;
  std::function<std::string(const MeshOption&, Options&)> read;
};

template <class T>
const T* get(const MeshOption& option) {
  return std::get_if<T>(&option.value);
}

Definition latency(std::string name, std::string meaning, sim::Distribution CommonOptions::*field) {
  return {{std::move(name), "duration or distribution", "0ms", std::move(meaning)},
          [field](const MeshOption& option, Options& options) {
            const auto* value = get<sim::Distribution>(option);
            if (!value) return std::string("a duration or a distribution");
            options.*field = *value;
            return std::string();
          }};
}

Definition number(std::string name, std::string meaning, int lowest, int highest, int standard,
                  std::function<void(Options&, int)> set) {
  return {{std::move(name), fmt::format("number {}..{}", lowest, highest), std::to_string(standard),
           std::move(meaning)},
          [=](const MeshOption& option, Options& options) {
            const auto* value = get<double>(option);
            if (!value || *value < lowest || *value > highest || *value != static_cast<int>(*value))
              return fmt::format("a whole number from {} to {}", lowest, highest);
            set(options, static_cast<int>(*value));
            return std::string();
          }};
}

Definition flag(std::string name, std::string meaning, bool standard,
                std::function<void(Options&, bool)> set) {
  return {{std::move(name), "boolean", standard ? "true" : "false", std::move(meaning)},
          [=](const MeshOption& option, Options& options) {
            const auto* value = get<bool>(option);
            if (!value) return std::string("true or false");
            set(options, *value);
            return std::string();
          }};
}

/// `words`: the first is the default; its index is handed to `set`.
Definition word(std::string name, std::string meaning, std::vector<std::string> words,
                std::function<void(Options&, std::size_t)> set) {
  return {{std::move(name), fmt::format("{}", fmt::join(words, " | ")), words.front(),
           std::move(meaning)},
          [=](const MeshOption& option, Options& options) {
            std::string text;
            if (const auto* value = get<std::string>(option)) text = *value;
            if (const auto* value = get<double>(option)) text = fmt::format("{:g}", *value);
            const auto found = std::ranges::find(words, text);
            if (found == words.end()) return fmt::format("one of {}", fmt::join(words, ", "));
            set(options, static_cast<std::size_t>(found - words.begin()));
            return std::string();
          }};
}

Definition timeout(std::string name, std::string meaning,
                   std::optional<sim::Duration> Options::*field) {
  return {{std::move(name), "duration", "0s", std::move(meaning)},
          [field](const MeshOption& option, Options& options) {
            const auto* value = get<sim::Distribution>(option);
            if (!value || !value->is_constant()) return std::string("a duration");
            options.*field = value->constant_value().ns > 0 ? std::optional(value->constant_value())
                                                            : std::nullopt;
            return std::string();
          }};
}

std::vector<Definition> latency_options() {
  return {latency("proxyLatency", "one traversal of an L7 proxy", &Options::proxy_latency),
          latency("l4Latency", "one traversal of an L4 proxy; this profile places none",
                  &Options::l4_latency),
          latency("networkLatency", "each way between two pods", &Options::network_latency)};
}

std::vector<Definition> retry_options() {
  return {number("retryAttempts", "retries of a `retry` stanza without `attempts`", 1, 1000, 2,
                 [](Options& o, int v) { o.retry_attempts = static_cast<std::uint32_t>(v); }),
          {{"retryBackoff", "duration", "0ms", "wait before a retry where `backoff` is absent"},
           [](const MeshOption& option, Options& o) {
             const auto* value = get<sim::Distribution>(option);
             if (!value || !value->is_constant()) return std::string("a duration");
             o.retry_backoff = value->constant_value();
             return std::string();
           }},
          timeout("requestTimeout", "request timeout of a rule without one; 0s: none",
                  &Options::request_timeout),
          timeout("backendRequestTimeout", "timeout of one try of a rule without one; 0s: none",
                  &Options::backend_request_timeout),
          flag("retryOnConnectFailure", "a connection that cannot be made is retried", true,
               [](Options& o, bool v) { o.retry_on_connect_failure = v; }),
          flag("retryOnReset", "a connection that breaks before the answer is retried", true,
               [](Options& o, bool v) { o.retry_on_reset = v; }),
          flag("retryOnBackendTimeout", "an expired backendRequest timeout is retried", true,
               [](Options& o, bool v) { o.retry_on_backend_timeout = v; }),
          word("connectionErrorStatus",
               "answer after a connection error that is not retried (any more)", {"503", "500"},
               [](Options& o, std::size_t i) { o.connection_error_status = i == 0 ? 503 : 500; }),
          word("retryBackend",
               "a retry goes to the backendRef that was drawn for the first try, or draws anew",
               {"same", "redraw"}, [](Options& o, std::size_t i) { o.repick_backend = i == 1; })};
}

std::vector<Definition> budget_options() {
  return {
      word("budgetDeniedStatus", "answer when a retry budget refuses a retry", {"503", "original"},
           [](Options& o, std::size_t i) { o.budget_denied_status = i == 0 ? 503 : 0; }),
      word("budgetShare",
           "what `budget.percent` is a percentage of: requests and retries, or requests without "
           "retries",
           {"all", "originals"},
           [](Options& o, std::size_t i) {
             o.budget_reading.window.share =
                 i == 0 ? WindowReading::Share::all : WindowReading::Share::originals;
           }),
      word("budgetFloor",
           "minRetryRate counts within its own interval, or is scaled to the budget's",
           {"per-interval", "scaled"},
           [](Options& o, std::size_t i) {
             o.budget_reading.window.floor =
                 i == 0 ? WindowReading::Floor::per_min_interval : WindowReading::Floor::scaled;
           }),
      word("budgetCounted",
           "a retry counts when it is decided, or when it is sent after its backoff",
           {"decision", "dispatch"},
           [](Options& o, std::size_t i) {
             o.budget_reading.window.counted =
                 i == 0 ? WindowReading::Counted::at_decision : WindowReading::Counted::at_dispatch;
           }),
      {{"budgetOverride", "budget", "none",
        "a retry budget in place of every XBackendTrafficPolicy"},
       [](const MeshOption& option, Options& o) {
         const auto* value = get<Budget>(option);
         if (!value) return std::string("a retry budget, e.g. {ratio: {percent: 20}}");
         o.budget_override = *value;
         return std::string();
       }}};
}

std::vector<Definition> routing_options() {
  return {
      word("loadBalancing",
           "which endpoint a proxy, or a client without one, picks; a service's own loadBalancer "
           "wins",
           {"round_robin", "random", "least_request", "join_shortest_queue", "peak_ewma"},
           [](Options& o, std::size_t i) {
             constexpr Balancing kinds[]{Balancing::round_robin, Balancing::random,
                                         Balancing::least_request, Balancing::join_shortest_queue,
                                         Balancing::peak_ewma};
             o.load_balancing = kinds[i];
           }),
      number("gatewayReplicas", "proxy instances of each Gateway, each with budgets of its own", 1,
             10000, 1,
             [](Options& o, int v) { o.gateway_replicas = static_cast<std::uint32_t>(v); }),
      number("maxCallDepth", "calls one inside the other; a deeper one is answered 508", 1, 10000,
             64, [](Options& o, int v) { o.max_call_depth = static_cast<std::uint32_t>(v); }),
      word(
          "allZeroWeightStatus", "answer of a rule whose weights sum to 0", {"503", "500"},
          [](Options& o, std::size_t i) { o.routing.all_zero_weight_status = i == 0 ? 503 : 500; }),
      word("corsPreflightStatus", "answer to a CORS preflight", {"200", "204"},
           [](Options& o, std::size_t i) { o.routing.cors_preflight_status = i == 0 ? 200 : 204; }),
      word("regexPrecedence", "where RegularExpression paths stand among matches",
           {"before-prefix", "after-prefix", "as-prefix"},
           [](Options& o, std::size_t i) {
             o.routing.regex_precedence = i == 0   ? RegexPrecedence::before_prefix
                                          : i == 1 ? RegexPrecedence::after_prefix
                                                   : RegexPrecedence::as_prefix;
           }),
      flag("countTrailingSlash", "the trailing / of a PathPrefix counts among its characters",
           false, [](Options& o, bool v) { o.routing.count_trailing_slash = v; }),
      flag("listenerIsolation", "only routes of the most specific listener serve a request", true,
           [](Options& o, bool v) { o.routing.listener_isolation = v; })};
}

const std::vector<Definition>& definitions() {
  static const std::vector<Definition> all = [] {
    std::vector<Definition> list;
    for (auto& part : {latency_options(), retry_options(), budget_options(), routing_options()})
      list.insert(list.end(), part.begin(), part.end());
    return list;
  }();
  return all;
}

}  // namespace

ProfileInfo info() {
  ProfileInfo profile{"gateway-api",
                      "the specification itself: every choice that it leaves open is an option",
                      {},
                      {},
                      "conformance cases of kubernetes-sigs/gateway-api (timeouts, retries, "
                      "weights, mirrors) and queueing formulas"};
  for (const Definition& d : definitions()) profile.options.push_back(d.info);
  return profile;
}

Options read_options(const MeshSpec& mesh, Diagnostics& diagnostics) {
  Options options;
  for (const auto& [name, option] : mesh.options) {
    const auto found =
        std::ranges::find(definitions(), name, [](const Definition& d) { return d.info.name; });
    if (found == definitions().end()) {
      std::vector<std::string> names;
      for (const Definition& d : definitions()) names.push_back(d.info.name);
      diagnostics.push_back(
          {Severity::error, option.place,
           fmt::format("unknown option of profile gateway-api (got \"{}\", expected one of {})",
                       name, fmt::join(names, ", ")),
           "unknown-option", ""});
      continue;
    }
    if (const std::string expected = found->read(option, options); !expected.empty())
      diagnostics.push_back(
          {Severity::error, option.place,
           fmt::format("spec.mesh.options.{}: wrong value (expected {})", name, expected),
           "option-value", ""});
  }
  return options;
}

}  // namespace spillway::model::gateway_api
