// Gateway API objects (kubernetes-sigs/gateway-api apis/v1, apisx/v1alpha1) with the API server's
// defaults filled in. Plain values, named as in the API. GRPCRoute has its own matches and is
// otherwise an HTTPRoute with kind "GRPCRoute".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/resources/kubernetes.h"
#include "sim/time.h"

namespace spillway::model {

inline constexpr std::string_view kGatewayGroup = "gateway.networking.k8s.io";

struct ParentReference {
  std::string group{kGatewayGroup};
  std::string kind = "Gateway";
  std::string namespace_;  ///< filled in: the route's
  bool namespace_given = false;
  std::string name;
  std::string section_name;  ///< empty: all
  std::optional<int> port;   ///< absent: all
  Place place;
};

enum class PathMatchType { exact, path_prefix, regular_expression };
struct HttpPathMatch {
  PathMatchType type = PathMatchType::path_prefix;
  std::string value = "/";
};

enum class ValueMatchType { exact, regular_expression };
/// A header (name without regard to case) or query parameter (name exact).
struct ValueMatch {
  ValueMatchType type = ValueMatchType::exact;
  std::string name;
  std::string value;
};

/// gRPC: service/method become a path match; `method` is then "POST".
struct HttpRouteMatch {
  HttpPathMatch path;
  std::vector<ValueMatch> headers;
  std::vector<ValueMatch> query_params;
  std::string method;  ///< empty: any
  Place place;
};

struct HttpHeader {
  std::string name;
  std::string value;
};

struct HeaderModifier {
  std::vector<HttpHeader> set;
  std::vector<HttpHeader> add;
  std::vector<std::string> remove;
};

struct PathModifier {
  enum class Type { replace_full_path, replace_prefix_match };
  Type type = Type::replace_full_path;
  std::string value;
};

struct BackendObjectReference {
  std::string group;
  std::string kind = "Service";
  std::string namespace_;  ///< filled in: the route's
  std::string name;
  std::optional<int> port;
  Place place;
};

struct RequestHeaderModifierFilter : HeaderModifier {};
struct ResponseHeaderModifierFilter : HeaderModifier {};

struct RequestMirrorFilter {
  BackendObjectReference backend_ref;
  std::optional<int> percent;  ///< xor fraction; neither: 100 %
  struct Fraction {
    std::int64_t numerator = 0;
    std::int64_t denominator = 100;
  };
  std::optional<Fraction> fraction;

  /// Share of requests that are mirrored, 0..1.
  double share() const {
    if (percent) return *percent / 100.0;
    if (fraction)
      return static_cast<double>(fraction->numerator) / static_cast<double>(fraction->denominator);
    return 1;
  }
};

struct RequestRedirectFilter {
  std::optional<std::string> scheme;
  std::optional<std::string> hostname;
  std::optional<PathModifier> path;
  std::optional<int> port;
  int status_code = 302;
};

struct UrlRewriteFilter {
  std::optional<std::string> hostname;
  std::optional<PathModifier> path;
};

struct CorsFilter {
  std::vector<std::string> allow_origins;
  bool allow_credentials = false;
  std::vector<std::string> allow_methods;
  std::vector<std::string> allow_headers;
  std::vector<std::string> expose_headers;
  int max_age = 5;
};

/// One extra call a request; the request goes on only after a 200. Fails closed.
struct ExternalAuthFilter {
  std::string protocol;  ///< HTTP | GRPC
  BackendObjectReference backend_ref;
};

struct ExtensionRefFilter {
  std::string group;
  std::string kind;
  std::string name;
};

struct HttpRouteFilter {
  std::variant<RequestHeaderModifierFilter, ResponseHeaderModifierFilter, RequestMirrorFilter,
               RequestRedirectFilter, UrlRewriteFilter, CorsFilter, ExternalAuthFilter,
               ExtensionRefFilter>
      filter;
  Place place;
};

struct HttpBackendRef {
  BackendObjectReference ref;
  int weight = 1;
  std::vector<HttpRouteFilter> filters;
  Place place;
};

/// Zero = disabled, absent = the implementation's choice (GEP-1742).
struct HttpRouteTimeouts {
  std::optional<sim::Duration> request;
  std::optional<sim::Duration> backend_request;
  Place place;
  Place request_place;
  Place backend_request_place;
};

/// GEP-1731 (experimental channel). `attempts` = retries, so up to attempts + 1 tries.
struct HttpRouteRetry {
  std::vector<int> codes;
  std::optional<int> attempts;
  std::optional<sim::Duration> backoff;
  Place place;
  Place codes_place;
  Place attempts_place;
  Place backoff_place;
};

struct SessionPersistence {
  std::string session_name;
  std::string type = "Cookie";  ///< Cookie | Header
  std::optional<sim::Duration> absolute_timeout;
  std::optional<sim::Duration> idle_timeout;
  Place place;
};

struct HttpRouteRule {
  std::string name;
  std::vector<HttpRouteMatch> matches{HttpRouteMatch{}};
  std::vector<HttpRouteFilter> filters;
  std::vector<HttpBackendRef> backend_refs;
  std::optional<HttpRouteTimeouts> timeouts;
  std::optional<HttpRouteRetry> retry;
  std::optional<SessionPersistence> session_persistence;
  Place place;
};

struct HttpRoute {
  std::string kind = "HTTPRoute";  ///< or "GRPCRoute"
  ObjectMeta meta;
  std::vector<ParentReference> parent_refs;
  std::vector<std::string> hostnames;
  std::vector<HttpRouteRule> rules;
  std::string use_default_gateways;  ///< All | None, empty: not said (experimental channel)
  Place hostnames_place;
};

struct AllowedRoutes {
  std::string from = "Same";  ///< All | Same | Selector | None
  LabelSelector selector;
  struct GroupKind {
    std::string group{kGatewayGroup};
    std::string kind;
  };
  std::vector<GroupKind> kinds;  ///< empty: what the protocol serves
};

struct Listener {
  std::string name;
  std::string hostname;  ///< empty: all
  int port = 0;
  std::string protocol;  ///< HTTP | HTTPS | TLS | TCP | UDP | a domain-prefixed one
  std::string tls_mode;  ///< Terminate | Passthrough, empty without tls
  AllowedRoutes allowed_routes;
  Place place;
};

struct Gateway {
  ObjectMeta meta;
  std::string gateway_class_name;
  std::vector<Listener> listeners;
  std::string default_scope;  ///< All | None, empty: not said (experimental channel)
};

struct GatewayClass {
  ObjectMeta meta;
  std::string controller_name;
};

struct ReferenceGrant {
  ObjectMeta meta;
  struct From {
    std::string group;
    std::string kind;
    std::string namespace_;
  };
  struct To {
    std::string group;
    std::string kind;
    std::optional<std::string> name;
  };
  std::vector<From> from;
  std::vector<To> to;
};

/// GEP-3388 retryConstraint.
struct RetryConstraint {
  int budget_percent = 20;
  sim::Duration budget_interval{10'000'000'000};
  int min_retry_count = 10;
  sim::Duration min_retry_interval{1'000'000'000};
  /// A partial minRetryRate validates, but the API fills in nothing: the value is our assumption.
  bool min_retry_interval_defaulted = false;
  bool min_retry_count_defaulted = false;
  Place place;
  Place budget_percent_place;
  Place min_retry_place;
};

struct XBackendTrafficPolicy {
  ObjectMeta meta;
  struct TargetRef {
    std::string group;
    std::string kind;
    std::string name;
    Place place;
  };
  std::vector<TargetRef> target_refs;
  std::optional<RetryConstraint> retry_constraint;
  std::optional<SessionPersistence> session_persistence;
};

}  // namespace spillway::model
