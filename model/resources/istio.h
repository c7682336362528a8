// Istio's own kinds (istio.io/api networking/v1 and mesh/v1alpha1) as far as they decide about
// requests, with absent fields kept apart from zeros where Istio itself does. Plain values, named
// as in the API.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/resources/kubernetes.h"
#include "sim/time.h"

namespace spillway::model::istio {

/// `present` stands for an empty StringMatch: the header or parameter only has to be there.
struct StringMatch {
  enum class Kind { exact, prefix, regex, present };
  Kind kind = Kind::present;
  std::string value;
};
using StringMatches = std::map<std::string, StringMatch>;

struct HttpMatchRequest {
  std::string name;
  std::optional<StringMatch> uri;
  std::optional<StringMatch> scheme;
  std::optional<StringMatch> method;
  std::optional<StringMatch> authority;
  StringMatches headers;
  StringMatches without_headers;
  StringMatches query_params;
  bool ignore_uri_case = false;
  int port = 0;  ///< 0: all
  std::map<std::string, std::string> source_labels;
  std::string source_namespace;
  std::vector<std::string> gateways;
};

struct HeaderOperations {
  std::map<std::string, std::string> set;
  std::map<std::string, std::string> add;
  std::vector<std::string> remove;
};
struct Headers {
  HeaderOperations request;
  HeaderOperations response;
};

struct Destination {
  std::string host;  ///< as written; empty: a reference that is not valid
  std::string subset;
  std::optional<int> port;
};
struct HttpRouteDestination {
  Destination destination;
  int weight = 0;
  std::optional<Headers> headers;
};

/// `attempts` = retries; 0 and less: none.
struct HttpRetry {
  int attempts = 0;
  std::optional<sim::Duration> per_try_timeout;
  std::string retry_on;  ///< conditions and codes, comma separated; empty: Istio's default
  std::optional<sim::Duration> backoff;
  std::optional<bool> ignore_previous_hosts;
};

/// `percentage` absent: never. `percent` is the deprecated whole number of a delay.
struct HttpFaultInjection {
  struct Delay {
    std::optional<sim::Duration> fixed_delay;
    std::optional<double> percentage;
    int percent = 0;
  };
  struct Abort {
    std::optional<int> http_status;
    std::string grpc_status;  ///< a name such as UNAVAILABLE, or empty
    std::optional<double> percentage;
  };
  std::optional<Delay> delay;
  std::optional<Abort> abort;
};

struct HttpMirrorPolicy {
  Destination destination;
  std::optional<double> percentage;  ///< absent: 100
  bool whole_percent = false;        ///< written as the deprecated mirrorPercent
};

struct HttpRedirect {
  std::string uri;  ///< behind "%PREFIX()%" it replaces the prefix alone
  std::string authority;
  std::string scheme;
  std::optional<int> port;
  bool port_from_request = false;  ///< derivePort: FROM_REQUEST_PORT
  int redirect_code = 0;           ///< 0: 301
};

struct HttpRewrite {
  std::string uri;
  std::string authority;
  std::string regex_match;  ///< with regex_rewrite, in place of uri; empty: none
  std::string regex_rewrite;
};

struct CorsPolicy {
  std::vector<StringMatch> allow_origins;
  std::vector<std::string> allow_methods;
  std::vector<std::string> allow_headers;
  std::vector<std::string> expose_headers;
  std::optional<sim::Duration> max_age;
  std::optional<bool> allow_credentials;
};

struct HttpRoute {
  std::string name;
  std::vector<HttpMatchRequest> match;  ///< empty: everything
  std::vector<HttpRouteDestination> route;
  std::optional<HttpRedirect> redirect;
  struct DirectResponse {
    int status = 0;
    std::string body;
  };
  std::optional<DirectResponse> direct_response;
  std::optional<HttpRewrite> rewrite;
  std::optional<sim::Duration> timeout;
  std::optional<HttpRetry> retries;
  std::optional<HttpFaultInjection> fault;
  std::vector<HttpMirrorPolicy> mirrors;  ///< `mirror` first
  std::optional<CorsPolicy> cors_policy;
  std::optional<Headers> headers;
  bool delegate = false;
  std::string origin;  ///< "ns/route#rule" of the HTTPRoute that it was made from, or empty
  Place place;
};

struct VirtualService {
  ObjectMeta meta;
  std::vector<std::string> hosts;
  std::vector<std::string> gateways;  ///< empty: "mesh"
  std::vector<HttpRoute> http;
  std::vector<std::string> export_to;  ///< empty: all namespaces
};

struct ConnectionPoolSettings {
  struct Tcp {
    int max_connections = 0;
    std::optional<sim::Duration> connect_timeout;
    std::optional<sim::Duration> idle_timeout;
  };
  struct Http {
    int http1_max_pending_requests = 0;
    int http2_max_requests = 0;
    int max_requests_per_connection = 0;
    int max_retries = 0;
    std::optional<sim::Duration> idle_timeout;
    std::string h2_upgrade_policy;  ///< DEFAULT | DO_NOT_UPGRADE | UPGRADE, empty: DEFAULT
    bool use_client_protocol = false;
  };
  std::optional<Tcp> tcp;
  std::optional<Http> http;
};

struct OutlierDetection {
  std::optional<std::uint32_t> consecutive_5xx_errors;
  std::optional<std::uint32_t> consecutive_gateway_errors;
  std::optional<std::uint32_t> consecutive_local_origin_failures;
  std::optional<sim::Duration> interval;
  std::optional<sim::Duration> base_ejection_time;
  int max_ejection_percent = 0;
  int min_health_percent = 0;
  bool split_external_local_origin_errors = false;
  Place place;
};

struct ConsistentHash {
  enum class Key { none, header, cookie, source_ip, query_parameter };
  Key key = Key::none;
  std::string name;
  std::string path;                  ///< cookie
  std::optional<sim::Duration> ttl;  ///< cookie
  std::uint64_t minimum_ring_size = 0;
  bool ring_hash = false;  ///< ringHash was written
  bool maglev = false;
  std::uint64_t maglev_table_size = 0;
};

struct LoadBalancerSettings {
  struct Warmup {
    std::optional<sim::Duration> duration;
    std::optional<double> minimum_percent;
    std::optional<double> aggression;
    bool plain = false;  ///< the deprecated warmupDurationSecs: a window alone
  };
  std::string simple;  ///< UNSPECIFIED | LEAST_CONN | LEAST_REQUEST | RANDOM | ..., empty: unset
  std::optional<ConsistentHash> consistent_hash;
  std::optional<Warmup> warmup;
  bool locality_weighted = false;  ///< localityLbSetting distributes by locality
  bool locality_failover = false;  ///< ... or names fail-over, which needs outlier detection
};

struct RetryBudget {
  std::optional<double> percent;
  std::uint32_t min_retry_concurrency = 0;
  std::optional<sim::Duration> budget_interval;
  Place place;
};

struct TrafficPolicy {
  struct PortSettings;
  std::optional<ConnectionPoolSettings> connection_pool;
  std::optional<OutlierDetection> outlier_detection;
  std::optional<LoadBalancerSettings> load_balancer;
  std::optional<RetryBudget> retry_budget;
  std::vector<PortSettings> port_level_settings;
};
struct TrafficPolicy::PortSettings {
  int port = 0;
  std::optional<ConnectionPoolSettings> connection_pool;
  std::optional<OutlierDetection> outlier_detection;
  std::optional<LoadBalancerSettings> load_balancer;
  Place place;
};

struct Subset {
  std::string name;
  std::map<std::string, std::string> labels;
  std::optional<TrafficPolicy> traffic_policy;
};

struct DestinationRule {
  ObjectMeta meta;
  std::string host;
  std::optional<TrafficPolicy> traffic_policy;
  std::vector<Subset> subsets;
  std::vector<std::string> export_to;  ///< empty: all namespaces
  std::map<std::string, std::string> workload_selector;
};

/// mesh/v1alpha1 MeshConfig: what differs from Istio's defaults.
struct MeshConfig {
  std::optional<HttpRetry> default_http_retry_policy;
  std::optional<HttpRetry> default_inbound_http_retry_policy;
  std::optional<ConnectionPoolSettings> default_connection_pool;  ///< of defaultTrafficPolicy
  std::optional<OutlierDetection> default_outlier_detection;      ///< of defaultTrafficPolicy
  sim::Duration connect_timeout{10'000'000'000};
  std::string root_namespace = "istio-system";
  std::string h2_upgrade_policy;
};

}  // namespace spillway::model::istio
