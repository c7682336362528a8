// Envoy's own configuration as far as it acts on what is simulated: route configurations,
// named as in Envoy's API v3 (config/route/v3/route_components.proto). A profile translates
// manifests into these structs, the executor runs exactly them, `export envoy` writes exactly them.
// An absent optional is an unset field: the default is Envoy's own and is applied where it is read.
// Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/time.h"

namespace spillway::model::envoy {

/// `runtime_fraction`, `percentage`: numerator of a denominator of 100, 10'000 or 1'000'000.
struct FractionalPercent {
  std::uint32_t numerator = 0;
  std::uint32_t denominator = 100;
  double share() const { return static_cast<double>(numerator) / denominator; }
  bool operator==(const FractionalPercent&) const = default;
};

/// type.matcher.v3.StringMatcher; `present` stands for present_match of headers.
struct StringMatcher {
  enum class Kind { exact, prefix, suffix, contains, safe_regex, present };
  Kind kind = Kind::exact;
  std::string value;
  bool ignore_case = false;
  bool invert = false;
  bool operator==(const StringMatcher&) const = default;
};

struct HeaderMatcher {
  std::string name;  ///< ":method", ":authority" too
  StringMatcher match;
  bool operator==(const HeaderMatcher&) const = default;
};

struct RouteMatch {
  enum class Kind { prefix, path, safe_regex, path_separated_prefix };
  Kind kind = Kind::prefix;
  std::string value = "/";
  bool case_sensitive = true;
  std::vector<HeaderMatcher> headers;
  std::vector<HeaderMatcher> query_parameters;
  bool operator==(const RouteMatch&) const = default;
};

struct RetryBackOff {
  std::optional<sim::Duration> base_interval;
  std::optional<sim::Duration> max_interval;
  bool operator==(const RetryBackOff&) const = default;
};

struct RateLimitedRetryBackOff {
  struct ResetHeader {
    std::string name;
    bool unix_timestamp = false;  ///< else seconds
    bool operator==(const ResetHeader&) const = default;
  };
  std::vector<ResetHeader> reset_headers;
  std::optional<sim::Duration> max_interval;
  bool operator==(const RateLimitedRetryBackOff&) const = default;
};

struct RetryPolicy {
  std::string retry_on;  ///< comma separated, in the order in which the control plane writes it
  std::optional<std::uint32_t> num_retries;
  std::vector<std::uint32_t> retriable_status_codes;
  std::vector<HeaderMatcher> retriable_headers;
  std::optional<sim::Duration> per_try_timeout;
  std::optional<sim::Duration> per_try_idle_timeout;
  std::optional<RetryBackOff> retry_back_off;
  std::optional<RateLimitedRetryBackOff> rate_limited_retry_back_off;
  bool previous_hosts = false;  ///< retry_host_predicate envoy.retry_host_predicates.previous_hosts
  std::optional<std::int64_t> host_selection_retry_max_attempts;
  bool operator==(const RetryPolicy&) const = default;
};

struct HedgePolicy {
  bool hedge_on_per_try_timeout = false;
  bool operator==(const HedgePolicy&) const = default;
};

struct HeaderValueOption {
  enum class AppendAction { append_if_exists_or_add, add_if_absent, overwrite_if_exists_or_add };
  std::string key;
  std::string value;
  AppendAction append_action = AppendAction::append_if_exists_or_add;
  bool operator==(const HeaderValueOption&) const = default;
};

struct HeaderMutations {
  std::vector<HeaderValueOption> request_headers_to_add;
  std::vector<std::string> request_headers_to_remove;
  std::vector<HeaderValueOption> response_headers_to_add;
  std::vector<std::string> response_headers_to_remove;
  bool operator==(const HeaderMutations&) const = default;
};

struct WeightedCluster {
  std::string name;
  std::uint32_t weight = 0;
  HeaderMutations headers;
  bool operator==(const WeightedCluster&) const = default;
};

struct RequestMirrorPolicy {
  std::string cluster;
  std::optional<FractionalPercent> runtime_fraction;  ///< absent: all
  bool operator==(const RequestMirrorPolicy&) const = default;
};

struct RegexRewrite {
  std::string regex;
  std::string substitution;
  bool operator==(const RegexRewrite&) const = default;
};

struct HashPolicy {
  enum class Kind { header, cookie, source_ip, query_parameter };
  Kind kind = Kind::header;
  std::string name;
  bool terminal = false;
  std::optional<sim::Duration> ttl;  ///< cookie
  std::string path;                  ///< cookie
  bool operator==(const HashPolicy&) const = default;
};

struct MaxStreamDuration {
  std::optional<sim::Duration> max_stream_duration;
  std::optional<sim::Duration> grpc_timeout_header_max;
  bool operator==(const MaxStreamDuration&) const = default;
};

struct RouteAction {
  std::string cluster;  ///< xor weighted_clusters
  std::vector<WeightedCluster> weighted_clusters;
  std::optional<std::uint16_t> cluster_not_found_response_code;  ///< absent: 503
  std::optional<sim::Duration> timeout;                          ///< absent: 15 s; 0: none
  std::optional<sim::Duration> idle_timeout;
  std::optional<sim::Duration> max_grpc_timeout;
  std::optional<MaxStreamDuration> max_stream_duration;
  std::optional<RetryPolicy> retry_policy;
  std::optional<HedgePolicy> hedge_policy;
  std::vector<RequestMirrorPolicy> request_mirror_policies;
  std::vector<HashPolicy> hash_policy;
  std::string prefix_rewrite;
  std::optional<RegexRewrite> regex_rewrite;
  std::string host_rewrite_literal;
  bool operator==(const RouteAction&) const = default;
};

struct RedirectAction {
  std::string scheme_redirect;
  bool https_redirect = false;  ///< another way to write scheme_redirect https
  std::string host_redirect;
  std::uint32_t port_redirect = 0;
  std::string path_redirect;
  std::string prefix_rewrite;
  std::optional<RegexRewrite> regex_rewrite;
  std::uint16_t response_code = 301;
  bool operator==(const RedirectAction&) const = default;
};

struct DirectResponseAction {
  std::uint16_t status = 0;
  std::string body;
  bool operator==(const DirectResponseAction&) const = default;
};

/// extensions.filters.http.fault.v3.HTTPFault, ahead of the router.
struct HttpFault {
  struct Delay {
    sim::Duration fixed_delay{};
    FractionalPercent percentage;
    bool operator==(const Delay&) const = default;
  };
  struct Abort {
    std::optional<std::uint16_t> http_status;
    std::optional<std::uint32_t> grpc_status;
    FractionalPercent percentage;
    bool operator==(const Abort&) const = default;
  };
  struct ResponseRateLimit {
    std::uint64_t limit_kbps = 1;
    FractionalPercent percentage;
    bool operator==(const ResponseRateLimit&) const = default;
  };
  std::optional<Delay> delay;
  std::optional<Abort> abort;
  std::optional<ResponseRateLimit> response_rate_limit;
  std::optional<std::uint32_t> max_active_faults;
  bool operator==(const HttpFault&) const = default;
};

struct CorsPolicy {
  std::vector<StringMatcher> allow_origin_string_match;
  std::string allow_methods;
  std::string allow_headers;
  std::string expose_headers;
  std::string max_age;
  std::optional<bool> allow_credentials;
  std::optional<bool> forward_not_matching_preflights;
  bool operator==(const CorsPolicy&) const = default;
};

/// extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute: later requests of a session
/// go to the host of its first one.
struct StatefulSession {
  bool cookie = true;  ///< else a header
  std::string name;
  std::optional<sim::Duration> ttl;  ///< of the cookie; absent: the browser's session
  std::string path;                  ///< of the cookie
  bool operator==(const StatefulSession&) const = default;
};

struct Route {
  std::string name;
  RouteMatch match;
  std::optional<RouteAction> route;  ///< exactly one of these three
  std::optional<RedirectAction> redirect;
  std::optional<DirectResponseAction> direct_response;
  HeaderMutations headers;
  std::optional<HttpFault> fault;  ///< typed_per_filter_config envoy.filters.http.fault
  std::optional<CorsPolicy> cors;  ///< typed_per_filter_config envoy.filters.http.cors
  std::optional<StatefulSession> stateful_session;
  std::string origin;  ///< "namespace/route#rule" that it comes from, or empty
  bool operator==(const Route&) const = default;
};

struct VirtualHost {
  std::string name;
  std::vector<std::string> domains;
  std::vector<Route> routes;  ///< the first that matches
  bool include_request_attempt_count = false;
  std::optional<HttpFault> fault;  ///< for its routes without one of their own
  bool operator==(const VirtualHost&) const = default;
};

struct RouteConfiguration {
  std::string name;
  std::vector<VirtualHost> virtual_hosts;
  std::optional<HttpFault> fault;  ///< for all its routes without one of their own
  bool operator==(const RouteConfiguration&) const = default;
};

}  // namespace spillway::model::envoy
